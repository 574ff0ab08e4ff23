"""Shares and proportional changes lose no fen: what is divided is all there afterwards, whatever the parts."""

from copy import deepcopy
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules import Case, Decision, decide, load, read_cases
from baoquan_rules.api import products_folder


@cache
def case(file: str, name: str) -> Case:
    """A packaged case."""
    cases, _ = read_cases(products_folder() / file, load())
    return next(one for one in cases if one.name == name)


def mapping(file: str, name: str) -> dict[str, Any]:
    """A packaged case as its author wrote it."""
    document = case(file, name).document
    assert document is not None
    return deepcopy(dict(document.value))


def paid(decision: Decision, payee: str) -> int:
    """What a payee gets by the settlement."""
    return sum(amount or 0 for _, _, to, amount in decision.settlement if to == payee)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 17_498_41), st.integers(1_000_00, 10**9), st.integers(1, 10**7), st.integers(0, 8_000_00))
def test_what_is_taken_and_what_is_left_is_all(amount: int, sum_assured: int, premium: int, debts: int) -> None:
    """Partial surrender by any amount: cash value, sum assured and money paid each add up to what there was."""
    base = decide(case("whole_life/WL-2023.partial_surrender.cases.yaml", "写明领取的金额"), load())
    changes = {"request.amount": amount, "policy.sum_assured": sum_assured, "policy.initial_sum_assured": sum_assured, "policy.premium": premium, "values.other_debts": debts}
    made = base.again(changes)
    if made.outcome != "approved":
        return
    figure = made.figure
    assert figure("value_after") + figure("cash") == figure("value")
    assert figure("sum_after") + figure("sum_reduced") == figure("sum_before")
    assert paid(made, "policyholder") + figure("repaid") == figure("cash")
    # in the same proportion, to the rounding of one unit
    assert abs(figure("sum_after") * figure("value") - figure("sum_before") * figure("value_after")) <= 100 * figure("value")
    assert abs(figure("premium_after") * figure("value") - premium * figure("value_after")) <= 100 * figure("value")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3), st.integers(1, 1_000_000), st.lists(st.integers(1, 10**8), min_size=4, max_size=4))
def test_a_fund_switch_loses_no_fen(cuts: list[int], units: int, prices: list[int]) -> None:
    """Whatever the shares, what leaves one fund is what enters the others, the fee, and what buys no hundredth of a unit."""
    stated = mapping("universal_life/IL-2023.fund_switch.cases.yaml", "一个账户转入三个，最大余数")
    one, two, _ = sorted(cuts)
    shares = [one, two - one, 10_000 - two]
    funds = stated["facts"]["funds"]["items"][:4]
    for fund, share, price in zip(funds, [0, *shares], prices, strict=True):
        fund["share_in"] = f"{share // 100}.{share % 100:02d}%"
        fund["price"] = f"{price // 100}.{price % 100:02d}"
    funds[0]["units_out"] = units
    stated["facts"]["funds"]["items"] = funds
    stated.pop("expect")
    made = decide(stated, load())
    assert made.outcome in ("approved", "pending")
    figure = made.figure
    assert figure("sold") == figure("fee") + figure("to_invest") == figure("fee") + figure("bought") + figure("kept")
    [switched] = [table for table in made.breakdowns if table.name == "switched"]
    assert switched.totals["into"] == figure("to_invest")
    assert paid(made, "policyholder") == 0
    # largest remainder: nobody is a whole fen away from the exact share
    into = [row[[column.name for column in switched.columns].index("into")] for row in switched.rows]
    invested = figure("to_invest")
    names = [row[0] for row in switched.rows]
    for fund, share in zip(("B", "C", "D"), shares, strict=True):
        if fund in names:
            assert abs(into[names.index(fund)] * 10_000 - invested * share) < 10_000
