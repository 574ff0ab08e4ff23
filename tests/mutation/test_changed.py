"""What a change touches: the items of the files of rules and of the cases that are not as they were."""

import pytest

from baoquan_rules import api
from tests.mutation import changed as touched

BEFORE = "case: a\nservice: surrender\nfacts: {}\n---\ncase: b\nservice: policy_loan\nfacts: {}\n"


@pytest.mark.parametrize(
    ("now", "items"),
    [
        (BEFORE, set()),
        (BEFORE.replace("case: b", "case: c"), {"policy_loan"}),
        ("case: a\nservice: surrender\nfacts: {}\n", {"policy_loan"}),
        (BEFORE + "---\ncase: d\nservice: reinstatement\n", {"reinstatement"}),
        ("", {"surrender", "policy_loan"}),
    ],
)
def test_cases_added_changed_or_taken_away_name_their_items(now: str, items: set[str]) -> None:
    assert touched._touched(BEFORE, now) == items


def test_a_changed_file_of_rules_names_what_stands_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "diff": "baoquan_rules/rulebook/grace.yaml\nbaoquan_rules/api/cases.py\nproducts/term_life/TL-2016.surrender.cases.yaml\n",
        "ls-files": "",
        "show": (touched.ROOT / "products" / "term_life" / "TL-2016.surrender.cases.yaml").read_text("utf-8") + "---\nservice: policy_loan\n",
        "rev-parse": "h\n",
        "merge-base": "b\n",
    }
    monkeypatch.setattr(touched, "_git", lambda *arguments, fails=False: said[arguments[0]])
    assert touched.changed(api.load()) == ["grace", "policy_loan"]
