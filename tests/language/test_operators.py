"""The operator table is complete: every row says all that engines and readers need, and the suite asks all of it."""

import re
from itertools import product

import pytest

from baoquan_rules.language.operators import OPERATORS, Misuse, Operator
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    INSTANT,
    MONEY,
    NONE,
    NONE_TEXT,
    RATE,
    TABLE,
    TEXT,
    Type,
    amount,
    enum,
    listed,
    whole,
)
from baoquan_rules.testing import conformance

ROWS = pytest.mark.parametrize("row", OPERATORS.values(), ids=list(OPERATORS))
EXAMPLES = tuple(conformance._examples())
FIXED = {
    ("over", 1), ("round_fen", 1), ("floor_fen", 1), ("lookup", 0), ("given", 1), ("otherwise", 2),
}  # fmt: skip
"""Arguments that are constants of every program: denominators, tables, the sentinel of a stated absence."""

KINDS = (
    BOOL, TEXT, DATE, INSTANT, MONEY, RATE, enum("a", "b"), amount(-10**6, 10**6, 10), whole(1, 9), whole(1, 9, "days"), whole(1, 9, "months"),
    Type(TABLE.name, item=MONEY),
)  # fmt: skip


def arity(row: Operator) -> int:
    return row.signature.split("->")[0].count(",") + 1


def takes(row: Operator, kinds: tuple[Type, ...]) -> bool:
    try:
        row.result(kinds)
    except Misuse:
        return False
    return True


@ROWS
def test_every_argument_is_unknown_once(row: Operator) -> None:
    """An example in which each argument is a fact, so that the suite leaves it out in turn."""
    if row.shape != "scalar":
        lists = [one for one in conformance._AGGREGATES if one[0] == row.name]
        assert row.shape == "range" or (any(None in one[2] for one in lists) and any(not one[3] for one in lists))
        return
    for place in range(arity(row)):
        if (row.name, place) not in FIXED:
            asked = [one for one in EXAMPLES if one.op == row.name and not isinstance(one.args[place], conformance._Fixed)]
            assert asked, f"argument {place}"


@ROWS
def test_every_argument_that_may_be_none_is_once(row: Operator) -> None:
    """Where a row takes a stated absence, an example states one."""
    if row.shape != "scalar":
        return
    for place in range(arity(row)):
        if (row.name, place) in FIXED:
            continue
        plain = [kinds for kinds in product(KINDS, repeat=arity(row)) if arity(row) < 4 and takes(row, kinds)]
        optional = [kinds for kinds in plain if kinds[place].name not in ("bool", "table")]
        if any(takes(row, (*kinds[:place], kinds[place].or_none(), *kinds[place + 1 :])) for kinds in optional):
            assert [one for one in EXAMPLES if one.op == row.name and one.args[place] in (NONE, NONE_TEXT)], f"argument {place}"


@ROWS
def test_a_row_says_all(row: Operator) -> None:
    """What it means in both languages, an example, the formula in both, the function of each engine."""
    assert all((row.zh, row.en, row.example, row.formula, row.formula_en, row.direct)) and callable(row.columnar)
    names = tuple(f"<{place}>" for place in range(arity(row)))
    for formula in (row.formula, row.formula_en):
        shown = formula.replace("{*}", "".join(names)).format(*names)
        assert "<0>" in shown
    assert not re.search("[\u3000-\u9fff\uff00-\uffef]", row.en + row.formula_en)


@ROWS
def test_logic_and_comparison_go_to_rules(row: Operator) -> None:
    """What a rule engine can decide, conditions of conditions and comparisons of two values, it decides."""
    logic = row.result is OPERATORS["and"].result or row.name == "if"
    comparison = row.result in (OPERATORS["eq"].result, OPERATORS["lt"].result, OPERATORS["given"].result)
    assert (row.durable is not None) == (logic or comparison)


def test_lists_of_absences() -> None:
    """An aggregate that gives none for an empty list has examples with absences among the items."""
    for name, row in OPERATORS.items():
        if row.shape == "aggregate" and takes(row, (listed(DATE.or_none()), DATE.or_none())) and name.endswith("_of"):
            assert [one for one in conformance._AGGREGATES if one[0] == name and NONE in one[2]]
