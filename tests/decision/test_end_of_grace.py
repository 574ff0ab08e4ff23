"""What happens at the end of grace follows the order that the contract gives, whatever it is."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from baoquan_rules import api
from tests import samples

PREMIUM = 600_000


@pytest.mark.parametrize(
    ("order", "held", "end", "used"),
    [
        (None, 0, "advanced", 0),
        (None, PREMIUM, "not_over", PREMIUM),
        ("[premium_loan, held_money, suspension]", PREMIUM, "advanced", 0),
        ("[debit_in_transit, premium_loan, suspension]", PREMIUM, "advanced", 0),
        ("[held_money, suspension, premium_loan]", PREMIUM, "not_over", PREMIUM),
        ("[held_money, suspension, premium_loan]", 0, "suspended", 0),
        ("[held_money, suspension]", PREMIUM - 101, "suspended", 0),
    ],
)
def test_order(order: str | None, held: int, end: str, used: int, tmp_path: Path) -> None:
    """The first that helps is taken; what is left out, or stands after suspension, is not."""
    home = api.products_folder()
    shutil.copy(home / api.COMPANY, tmp_path)
    text = (home / "whole_life" / "WL-2023.yaml").read_text("utf-8")
    if order is not None:
        text = text.replace("        paid_up_at_end: if_elected\n", f"        paid_up_at_end: if_elected\n        end_order: {order}\n")
    (tmp_path / "WL-2023.yaml").write_text(text, "utf-8")
    case = next(one for one in samples.packaged("premium_status") if "选择了自动垫交，净现金价值充足" in str(one.document.value["case"] if one.document else ""))
    decision = api.decide(replace(case, facts={**case.facts, "values.suspense_balance": held}), api.load(tmp_path))
    assert (end, held - used) == (decision.figure("end_of_grace"), decision.figure("money_held"))
    assert ("suspended" if end == "suspended" else "in_force") == decision.outcome
