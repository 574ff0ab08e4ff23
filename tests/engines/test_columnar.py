"""The columnar engine: row for row what a walk of the tree and the direct engine give, unknowns included."""

from collections.abc import Sequence
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoquan_rules.engines import columnar, direct
from baoquan_rules.language import calendar, civil, windows
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.nodes import Loop, Node, each, fold, literal, read, walk
from baoquan_rules.language.operators import MOST_ITEMS, OPERATORS, Misuse, call, meaning
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    MONEY,
    NONE,
    NONE_TEXT,
    RATE,
    RATE_UNIT,
    TABLE,
    TEXT,
    Type,
    amount,
    listed,
    money,
    record,
    whole,
)
from baoquan_rules.testing import programs
from tests.engines import oracle

seeds = st.integers(0, 2**64)


def rows_of(outputs: tuple[Node, ...], cases: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return columnar.run(outputs, columnar.frame_of(cases, direct.reads_of(outputs))).rows()


def same(cases: list[dict[str, Any]], *outputs: Node) -> list[tuple[Any, ...]]:
    """What all engines agree on."""
    cases = [{path: value for path, value in case.items() if value is not None} for case in cases]
    walked = [tuple(oracle.evaluate(node, case) for node in outputs) for case in cases]
    one = direct.compile_nodes(outputs)
    assert walked == [one(case) for case in cases]
    assert walked == rows_of(outputs, cases)
    return walked


# --- random programs


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(seeds)
def test_random_programs_agree(seed: int) -> None:
    """Nested loops, folds, shared nodes and every operator give the same on all engines, unknowns included."""
    rng = Random(seed)
    outputs = programs.program(rng)
    cases = [programs.facts(rng) for _ in range(10)]
    frame = columnar.frame_of(cases, direct.reads_of(outputs))
    expected = [tuple(oracle.evaluate(node, case) for node in outputs) for case in cases]
    one = direct.compile_nodes(outputs)
    assert expected == [one(case) for case in cases]
    if columnar.run(outputs, frame).rows() != expected:
        frame = columnar.frame_of(cases, programs.VOCABULARY)

        def differs(node: Node) -> bool:
            walked = [(oracle.evaluate(node, case),) for case in cases]
            return columnar.run((node,), frame).rows() != walked

        node = programs.blame(outputs, differs)
        pytest.fail(programs.show(node) if node else f"seed {seed}: only together")


def test_random_programs_use_every_operator() -> None:
    """No operator of the table is left out of the programs that are compared."""
    used: set[str] = set()
    for seed in range(60):
        used |= {node.op for node in walk(*programs.program(Random(seed))) if hasattr(node, "op")}
    assert set(OPERATORS) - used == set()


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(seeds, st.integers(1, 4))
def test_rows_do_not_know_one_another(seed: int, size: int) -> None:
    """A row is decided alike alone, in chunks of any size, and in another order."""
    rng = Random(seed)
    outputs = programs.program(rng, 25)
    cases = [programs.facts(rng) for _ in range(7)]
    frame = columnar.frame_of(cases, direct.reads_of(outputs))
    whole_book = columnar.run(outputs, frame)
    pieces = [columnar.run(outputs, frame.slice(start, size)) for start in range(0, 7, size)]
    assert whole_book.equals(pl.concat(pieces))
    assert whole_book.reverse().equals(columnar.run(outputs, frame.reverse()))


# --- every operator alone


_SAMPLES: dict[str, list[Any]] = {
    "bool": [True, False, None],
    "int": [0, 1, -1, 7, -13, 60, 4000, None],
    "money": [0, 1, -1, 49, 50, 51, -50, 12_345, -99_999_999, 10**15, None],
    "amount": [0, 1, -1, 10**30 + 50, -(10**30) - 50, 5 * 10**8, -5 * 10**8, None],
    "date": [-25567, -25566, 0, 11016, 12682, 19782, 20454, 20800, 84005, 30000, None],
    "instant": [-1, 0, 86_399, 86_400, -86_401, None],
    "rate": [0, 4_500_000, -4_500_000, None],
    "enum": ["a", "b", None],
}
_KINDS: dict[str, Type] = {
    "bool": BOOL, "int": whole(-5000, 5000), "days": whole(-5000, 5000, "days"), "months": whole(-5000, 5000, "months"), "money": MONEY, "amount": amount(-10**31, 10**31, 10**8), "date": DATE,
    "instant": Type("instant", -10**10, 10**10), "rate": RATE, "enum": Type("enum", values=("a", "b")),
}  # fmt: skip


@pytest.mark.parametrize(
    "op", [name for name, row in OPERATORS.items() if row.shape == "scalar" and name != "lookup"]
)
def test_operators_alone(op: str) -> None:
    """Each scalar operator gives its Python meaning on a grid of arguments, each of them unknown in turn."""
    tried = 0
    for kinds in _signatures(op):
        args = [read(f"x{i}", kind) for i, kind in enumerate(kinds)]
        last = _last_arguments(op, kinds)
        if len(args) + len(last[0]) != OPERATORS[op].signature.split("->")[0].count(",") + 1:
            continue
        try:
            nodes = [call(op, *args, *more) for more in last]
        except Misuse:
            continue
        tried += 1
        grid: list[dict[str, Any]] = [{}]
        for arg in args:
            values = [value for value in _SAMPLES[arg.type.name] if _in_bounds(value, arg.type)]
            values += [arg.type.absent] if arg.type.optional else []
            grid = [{**case, arg.name: value} for case in grid for value in values]
        frame = columnar.frame_of(grid, {arg.name: arg.type for arg in args})
        table = columnar.run(nodes, frame)
        for i, more in enumerate(last):
            function = meaning(op)
            constants = [part.value for part in more]
            expected = [function(*(case[arg.name] for arg in args), *constants) for case in grid]
            assert table[str(i)].to_list() == expected
    assert tried


_WITH_A_CONSTANT = ("quotient", "over", "round_fen", "floor_fen", "floor_to", "ceil_to")


def _in_bounds(value: Any, kind: Type) -> bool:
    return not kind.numeric or value is None or kind.low <= value <= kind.high


def _signatures(op: str) -> list[tuple[Type, ...]]:
    """The types of the arguments that are not constants."""
    names = list(_KINDS)
    if op in ("within",):
        return [tuple(_KINDS[name] for name in ("date", "date", "date", "bool"))]
    if op == "if":
        return [
            (BOOL, kind, kind)
            for kind in (*_KINDS.values(), DATE.or_none(), TEXT.or_none())
            if kind != TEXT.or_none()
        ]
    if op == "share":
        return [
            (money(-99_999_999, 99_999), kind, kind)
            for kind in (money(-99_999_999, 12_345), whole(-5000, 5000))
        ]
    if op in ("given", "otherwise"):
        optional = [_KINDS[name].or_none() for name in ("date", "money", "int", "amount", "enum")]
        return [(kind,) if op == "given" else (kind, kind.required()) for kind in optional]
    if op == "fit":
        return [(kind, kind, kind) for kind in (_KINDS["int"], MONEY, _KINDS["amount"], DATE)]
    if op in _WITH_A_CONSTANT:
        return [(_KINDS[name],) for name in names]
    ones: list[tuple[Type, ...]] = [(_KINDS[name],) for name in names]
    return ones + [(_KINDS[a], _KINDS[b]) for a in names for b in names]


def _last_arguments(op: str, kinds: tuple[Type, ...]) -> list[tuple[Any, ...]]:
    """The constants that follow."""
    if op in ("quotient", "over"):
        return [(literal(n, whole(n, n)),) for n in (1, 7, 365)]
    if op in ("round_fen", "floor_fen"):
        return [(literal(n, whole(n, n)),) for n in (1, 2, 3, 100, RATE_UNIT, RATE_UNIT * 365)]
    if op in ("floor_to", "ceil_to"):
        return [(literal(n, money(n, n)),) for n in (1, 7, 100)]
    if op in ("given", "otherwise"):
        return [(literal(kinds[0].absent, kinds[0]),)]
    return [()]


def test_share_is_exact_beyond_64_bits() -> None:
    """A product of two sums of money is taken exactly, whatever its size, and rounded once."""
    value, part, total = read("v", MONEY), read("p", MONEY), read("t", MONEY)
    cases = [
        {"v": v, "p": p, "t": t}
        for v in (10**15, 10**15 - 1, -(10**15), 999_999_999_999_937)
        for p, t in (
            (10**15 - 1, 10**15),
            (333_333_333_333_333, 999_999_999_999_999),
            (1, 2),
            (5, 0),
            (5, -1),
        )
    ]
    same(cases, call("share", value, part, total))


def test_tables() -> None:
    """A table is read by any number of keys, near or far apart; what it does not hold is unknown."""
    one, two = read("one", whole(-(10**9), 10**9)), read("two", whole(-10, 10))
    cases = [
        {"one": k, "two": j}
        for k in (*range(-4, 14), 10**7, 3 * 10**7, 10**9, None)
        for j in (*range(-2, 7), None)
    ]
    single = type(programs.YEARS)("single", ("year",), {(3,): 8})
    empty = type(programs.YEARS)("empty", ("year",), {})
    kind = Type("table", item=whole(-1000, 20_000))
    for table in (programs.YEARS, single, empty):
        same(cases, call("lookup", literal(table, kind), one))
    for table in (programs.PAIRS, programs.SPARSE):
        same(cases, call("lookup", literal(table, kind), one, two))
    # A result that is wide by its type is wide in its column, so that what is built on it cannot wrap.
    wide = Type("table", item=money(0, 2**62))
    squared = call(
        "mul", call("lookup", literal(programs.YEARS, wide), one), literal(2**40, whole(2**40, 2**40))
    )
    assert columnar.run((squared,), pl.DataFrame({"one": [10]}))["0"].to_list() == [9997 * 2**40]
    assert TABLE.name == "table"


# --- dates, against the functions that define them


def _dates(**columns: Sequence[int | None]) -> tuple[pl.DataFrame, list[tuple[Any, ...]]]:
    frame = pl.DataFrame({name: pl.Series(values, dtype=pl.Int64) for name, values in columns.items()})
    return frame, frame.rows()


def test_months_over_all_days() -> None:
    """Month arithmetic agrees with the civil calendar on every day from 1900 to 2199."""
    days = list(range(civil.MIN_DAY - 3, civil.MAX_DAY + 4))
    rng = Random(1)
    day, number, other = read("d", DATE), read("n", whole(-4000, 4000, "months")), read("e", DATE)
    months = [rng.choice([1, 6, 12, 24, -1, 600, rng.randint(-3700, 3700)]) for _ in days]
    ends = [rng.choice([d + rng.randint(-40, 40), rng.choice(days)]) for d in days]
    frame, rows = _dates(d=days, n=months, e=ends)
    outputs = (
        call("add_months", day, number),
        call("months_between", day, other),
        call("years_between", day, other),
    )
    got = columnar.run(outputs, frame).rows()
    assert got == [
        (civil.add_months(d, n), civil.months_between(d, e), civil.years_between(d, e)) for d, n, e in rows
    ]


def test_working_days_over_all_days() -> None:
    """Days off and working days agree with the calendar inside its coverage, at its ends and beyond."""
    first, last = calendar.FIRST_DAY, calendar.LAST_DAY
    days = [*range(first - 60, last + 60), civil.MIN_DAY, civil.MAX_DAY, None]
    rng = Random(2)
    counts = [rng.choice([0, 1, -1, 5, 10, -15, 3000, 5200, -5200]) for _ in days]
    asked = [None if d is None else d + rng.randint(-3, 14) for d in days]
    starts = [None if d is None else d - rng.choice([-2, 0, 30]) for d in days]
    frame, rows = _dates(d=days, n=counts, a=asked, s=starts)
    frame = frame.with_columns(x=pl.Series([rng.choice([True, True, False]) for _ in days]))
    day, number = read("d", DATE), read("n", whole(-6000, 6000))
    outputs = (
        call("open_day", day),
        call("add_working_days", day, number),
        call("within", read("s", DATE), day, read("a", DATE), read("x", BOOL)),
    )
    got = columnar.run(outputs, frame).rows()
    expected = [
        (None, None, None)
        if d is None or n is None or a is None or s is None
        else (
            windows.window_extended(d), calendar.add_working_days(d, n), windows.window_holds(s, d, x, a)
        )
        for (d, n, a, s), x in zip(rows, frame["x"], strict=True)
    ]  # fmt: skip
    assert got == expected


# --- lists, loops, unknowns


LOAN = record(amount=MONEY, defects=listed(record(fatal=BOOL, weight=whole(0, 9))))
LOANS = read("loans", listed(LOAN))


def _defect(part: str, kind: Type) -> Node:
    return read(f"#2.{part}", kind)


def test_unknown_lists() -> None:
    """An open list decides what its known items decide; a list that is not stated decides nothing."""
    large = each(
        "#1", LOANS, call("gt", read("#1.amount", MONEY), literal(100, money(100, 100))), listed(BOOL)
    )
    sums = each("#1", LOANS, read("#1.amount", MONEY), listed(MONEY))
    none = literal(NONE, MONEY.or_none())
    outputs = (
        call("any", large), call("all", large), call("total", sums), call("min_of", sums, none), call("max_of", sums, none),
        call("first_of", sums, none), call("last_of", sums, none),
    )  # fmt: skip
    small, big = {"amount": 5}, {"amount": 500}
    cases: list[dict[str, Any]] = [
        {"loans": FactList((small, big))}, {"loans": FactList((small, big), complete=False)}, {"loans": FactList((small,), False)},
        {"loans": FactList(())}, {"loans": FactList((), False)}, {}, {"loans": FactList((small, {}, big))},
    ]  # fmt: skip
    assert same(cases, *outputs) == [
        (True, False, 505, 5, 500, 5, 500),
        (True, False, None, None, None, 5, None),
        (None, False, None, None, None, 5, None),
        (False, True, 0, NONE, NONE, NONE, NONE),
        (None, None, None, None, None, None, None),
        (None, None, None, None, None, None, None),
        (True, False, None, None, None, 5, 500),
    ]


def test_lists_in_lists() -> None:
    """An inner list, and an outer list seen from an inner one, keep to their own rows."""
    weight = call(
        "total",
        each(
            "#2", read("#1.defects", LOAN.fields[1][1]), _defect("weight", whole(0, 9)), listed(whole(0, 9))
        ),
    )
    heaviest = call(
        "max_of", each("#1", LOANS, weight, listed(weight.type)), literal(NONE, weight.type.or_none())
    )
    above = call("gt", read("#2.amount", MONEY), read("#1.amount", MONEY))
    beaten = call("any", each("#2", LOANS, above, listed(BOOL)))
    best = call(
        "total",
        each("#1", LOANS, call("if", beaten, literal(0, MONEY), read("#1.amount", MONEY)), listed(MONEY)),
    )
    a = {"amount": 3, "defects": FactList(({"weight": 4}, {"weight": 5}))}
    b = {"amount": 9, "defects": FactList(())}
    c = {"amount": 9, "defects": FactList(({"weight": 1},), complete=False)}
    cases: list[dict[str, Any]] = [
        {"loans": FactList((a, b))}, {"loans": FactList((b, c))}, {"loans": FactList(())}, {"loans": FactList((a,), False)},
    ]  # fmt: skip
    assert same(cases, heaviest, best) == [(9, 9), (None, 18), (NONE, 0), (None, None)]


def test_folds() -> None:
    """A fold stops where told, forgets its states where it cannot know, keeps them where its list ends."""
    total, on = read("#1_total", MONEY), read("#1_on", BOOL)
    more = call("add", total, read("#1.amount", MONEY))
    step = call(
        "fit", more, literal(-(10**15), money(-(10**15), -(10**15))), literal(10**15, money(10**15, 10**15))
    )
    loop = Loop(
        "#1", LOANS, ("total", "on"), (literal(0, MONEY), read("go", BOOL)), on,
        (step, call("lt", total, literal(10, money(10, 10)))),
    )  # fmt: skip
    items = tuple({"amount": n} for n in (4, 7, 1, 100))
    cases: list[dict[str, Any]] = [
        {"go": True, "loans": FactList(items)}, {"go": False, "loans": FactList(items)}, {"loans": FactList(items)},
        {"go": True, "loans": FactList(items, False)}, {"go": True, "loans": FactList(items[:2], False)}, {"go": False},
        {"go": True}, {"go": True, "loans": FactList(())}, {"go": True, "loans": FactList(({}, *items))},
    ]  # fmt: skip
    assert same(cases, fold(loop, 0, MONEY), fold(loop, 1, BOOL)) == [
        (12, False), (0, False), (None, None), (12, False), (None, None), (0, False), (None, None), (0, True), (None, None),
    ]  # fmt: skip


def test_lists_as_they_are() -> None:
    """A list of scalars is aggregated without a body, and chosen between by a condition."""
    flags, others = read("flags", listed(BOOL)), read("others", listed(BOOL))
    chosen = call(
        "any", each("#1", call("if", read("go", BOOL), flags, others), read("#1", BOOL), listed(BOOL))
    )
    cases: list[dict[str, Any]] = [
        {"go": go, "flags": FactList((False, True)), "others": FactList((False,), complete)}
        for go in (True, False, None)
        for complete in (True, False)
    ]
    assert same(cases, chosen) == [(True,), (True,), (False,), (None,), (None,), (None,)]
    assert rows_of((call("any", flags), call("all", others)), cases)[:2] == [(True, False), (True, False)]


def test_range_is_bounded() -> None:
    """A range beyond the limit is an unknown list, one below zero an empty list."""
    number = read("n", whole(-10, 10_000))
    count = call("total", each("#1", call("range", number), literal(1, whole(1, 1)), listed(whole(1, 1))))
    cases: list[dict[str, Any]] = [{"n": n} for n in (-3, 0, 2, MOST_ITEMS, MOST_ITEMS + 1)] + [{}]
    assert same(cases, count) == [(0,), (0,), (2,), (MOST_ITEMS,), (None,), (None,)]


# --- frames


def test_what_the_frame_does_not_have_is_unknown() -> None:
    """Missing columns, fields and completeness flags are unknowns, not errors."""
    kind = listed(record(amount=MONEY, note=TEXT.or_none()))
    sums = each("#1", read("loans", kind), read("#1.amount", MONEY), listed(MONEY))
    noted = each(
        "#1",
        read("loans", kind),
        call("given", read("#1.note", TEXT.or_none()), literal(NONE_TEXT, TEXT.or_none())),
        listed(BOOL),
    )
    outputs = (call("total", sums), call("any", noted), call("not", read("flag", BOOL)))
    frame = pl.DataFrame({"loans": [[{"amount": 5}], []], "loans!complete": [True, True]})
    assert columnar.run(outputs, frame).rows() == [(5, None, None), (0, False, None)]
    assert columnar.run(outputs, frame.drop("loans!complete")).rows() == [
        (None, None, None),
        (None, None, None),
    ]
    assert columnar.run(outputs, frame.clear()).rows() == []
    assert columnar.run(outputs, frame.clear()).schema == {"0": pl.Int64, "1": pl.Boolean, "2": pl.Boolean}


def test_columns_are_named_by_place_and_wide_ones_stay_wide() -> None:
    """The outputs come in their order, twice if asked twice, and Int128 only where the type is wide."""
    premium = read("p", MONEY)
    product = call("mul", call("mul", premium, read("r", RATE)), literal(365, whole(365, 365)))
    frame = columnar.frame_of([{"p": 10**15, "r": RATE_UNIT}, {}], {"p": MONEY, "r": RATE})
    table = columnar.run((product, premium, product, literal(3, whole(3, 3))), frame)
    assert table.schema == {"0": pl.Int128, "1": pl.Int64, "2": pl.Int128, "3": pl.Int64}
    assert table.rows() == [(365 * 10**23, 10**15, 365 * 10**23, 3), (None, None, None, 3)]
