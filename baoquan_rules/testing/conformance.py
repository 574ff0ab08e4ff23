"""What any engine must pass: programs, facts and worked-out answers.

    failures = run_conformance(prepare)     # prepare: Program -> (facts -> the values of program.nodes)
    assert not failures, "\\n".join(map(str, failures))

Every operator of the table has examples whose answers were worked out by hand, each with every argument unknown in
turn. Folds, lists in lists, incomplete lists and stated absences have their own. None of the answers was computed by the
package; dates come from the standard library's calendar.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from baoquan_rules.compiler.program import ConditionSlots, Program
from baoquan_rules.contract.part import Words
from baoquan_rules.language.facts import FactList, Facts, Table
from baoquan_rules.language.nodes import Loop, Node, each, fold, literal, read
from baoquan_rules.language.operators import OPERATORS, call
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    INSTANT,
    MONEY,
    NONE,
    NONE_TEXT,
    RATE,
    Type,
    amount,
    enum,
    listed,
    money,
    record,
    whole,
)

Run = Callable[[Facts], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is not the one worked out."""

    name: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.name}: expected {self.expected!r}, found {self.found!r}"


def day(text: str) -> int:
    """``2026-09-10`` as a day number."""
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


def program_of(nodes: Sequence[Node]) -> Program:
    """A program that is nothing but these nodes; those that hold or fail are its conditions."""
    words = Words("", "")
    conditions = tuple(
        ConditionSlots(f"c{slot}", "", words, None, slot, None, None, None, False, "", "", "", (), {})
        for slot, node in enumerate(nodes)
        if node.type.name == "bool"
    )
    return Program(
        "conformance", "request", words, "", "", {}, tuple(nodes), (), (), conditions, None, {}, (), (), (), (), (), (), {}, {}
    )  # fmt: skip


# --- operators


@dataclass(frozen=True, slots=True)
class _Fixed:
    """An argument that is a constant of the program."""

    value: Any
    type: Type


@dataclass(frozen=True, slots=True)
class Example:
    """An operator on values: the answer, and where an argument alone is unknown, the answers that stand none the less."""

    op: str
    args: tuple[Any, ...]
    types: tuple[Type, ...]
    expected: Any
    still: Mapping[int, Any] = field(default_factory=dict)

    def node(self, index: int) -> Node:
        """The operator over facts of its own."""
        made: list[Node] = []
        for place, (value, kind) in enumerate(zip(self.args, self.types, strict=True)):
            fixed = isinstance(value, _Fixed)
            made.append(literal(value.value, value.type) if fixed else read(f"e{index}.a{place}", kind))
        return call(self.op, *made)

    def facts(self, index: int, without: int | None = None) -> dict[str, Any]:
        """The values by path, one of them left out."""
        return {
            f"e{index}.a{place}": value
            for place, value in enumerate(self.args)
            if place != without and not isinstance(value, _Fixed)
        }


_INT: Final = whole(-(10**6), 10**6)
_DAYS: Final = whole(-4000, 4000, "days")
_MONTHS: Final = whole(-4000, 4000, "months")
_AMOUNT: Final = amount(-(10**12), 10**12, 10)
_WORDS: Final = enum("a", "b")
_YEARS: Final = Table("years", ("year",), {(1,): 250, (2,): 700, (4,): 900})
_PAIRS: Final = Table("pairs", ("year", "age"), {(1, 30): 5, (2, 30): 6, (2, 31): 7})


def _examples() -> Iterator[Example]:
    def of(op: str, types: tuple[Type, ...], *rows: tuple[Any, ...], still: Mapping[int, Any] | None = None) -> Iterator[Example]:
        for *args, expected in rows:
            yield Example(op, tuple(args), types, expected, still or {})

    two = (BOOL, BOOL)
    yield Example("and", (True, True), two, True)
    yield Example("and", (False, True), two, False, {1: False})
    yield Example("and", (True, False), two, False, {0: False})
    yield Example("and", (False, False), two, False, {0: False, 1: False})
    yield Example("or", (False, False), two, False)
    yield Example("or", (True, False), two, True, {1: True})
    yield Example("or", (False, True), two, True, {0: True})
    yield Example("or", (True, True), two, True, {0: True, 1: True})
    yield from of("not", (BOOL,), (True, False), (False, True))
    for kind, one, other in ((_INT, 3, 4), (BOOL, True, False), (_WORDS, "a", "b"), (MONEY, 1, NONE + 1), (DATE.or_none(), NONE, 5)):
        choose = (BOOL, kind, kind)
        if kind.optional:
            yield Example("if", (False, other, one), choose, one, {1: one})
        yield Example("if", (True, one, other), choose, one, {2: one})
        yield Example("if", (False, one, other), choose, other, {1: other})
        yield Example("if", (True, one, one), choose, one, {0: one, 2: one})
        yield Example("if", (False, other, other), choose, other, {0: other, 1: other})
    for kind, low, high in ((_INT, -2, 3), (MONEY, -(10**15), 10**15), (DATE, day("2024-02-29"), day("2024-03-01")), (RATE, 0, 1), (INSTANT, 86399, 86400)):
        pair = (kind, kind)
        for op, less, same, more in (
            ("eq", False, True, False), ("ne", True, False, True), ("lt", True, False, False),
            ("le", True, True, False), ("gt", False, False, True), ("ge", False, True, True),
        ):  # fmt: skip
            yield from of(op, pair, (low, high, less), (low, low, same), (high, low, more))
    yield from of("eq", (_WORDS, _WORDS), ("a", "a", True), ("a", "b", False))
    yield from of("ne", (_WORDS, _WORDS), ("a", "a", False), ("a", "b", True))
    yield from of("eq", two, (True, True, True), (True, False, False), (False, False, True))
    yield from of("ne", two, (True, True, False), (False, True, True))
    for kind, absent, some in ((DATE.or_none(), NONE, 0), (_WORDS.or_none(), NONE_TEXT, "a")):
        yield from of("eq", (kind, kind), (absent, absent, True), (absent, some, False), (some, absent, False))
        yield from of("ne", (kind, kind), (absent, absent, False), (absent, some, True), (some, absent, True))
    wide = amount(-(2**100), 2**100, 1000)
    yield from of("lt", (wide, wide), (2**80, 2**80 + 1, True), (-(2**90), -(2**90), False))
    yield from of("add", (_INT, _INT), (2, 3, 5), (-2, 2, 0))
    yield from of("add", (MONEY, MONEY), (10**15, 10**15, 2 * 10**15))
    yield from of("sub", (MONEY, MONEY), (100, 250, -150))
    # 100.00 at 4.5 %: 10,000 fen times 4,500,000 hundred-millionths
    yield from of("mul", (MONEY, RATE), (10_000, 4_500_000, 45_000_000_000))
    yield from of("mul", (MONEY, _INT), (10_000, -3, -30_000))
    seven = _Fixed(7, whole(7, 7))
    yield from of("quotient", (_INT, _INT), (20, seven, 2), (21, seven, 3), (-1, seven, -1))
    yield from of("quotient", (_INT, whole(1, 100)), (20, 7, 2), (-1, 100, -1), (100, 1, 100))
    yield from of("ratio_floor", (MONEY, MONEY), (700, 300, 2), (-1, 300, -1), (700, 0, None), (700, -5, None))
    yield from of("over", (MONEY, _INT), (700, _Fixed(365, whole(365, 365)), 700))
    for kind, low, high in ((_INT, -2, 3), (MONEY, 5, 6), (DATE, 0, 1)):
        yield from of("min", (kind, kind), (low, high, low), (high, low, low), (low, low, low))
        yield from of("max", (kind, kind), (low, high, high), (high, low, high), (high, high, high))
    ten, den = _Fixed(10, whole(10, 10)), (_AMOUNT, _INT)
    yield from of("round_fen", den, (4, ten, 0), (5, ten, 1), (14, ten, 1), (15, ten, 2), (-4, ten, 0), (-5, ten, -1), (-15, ten, -2))
    yield from of("floor_fen", den, (9, ten, 0), (10, ten, 1), (-1, ten, -1), (-10, ten, -1))
    step = _Fixed(100, money(100, 100))
    yield from of("floor_to", (MONEY, MONEY), (199, step, 100), (200, step, 200), (-1, step, -100))
    yield from of("ceil_to", (MONEY, MONEY), (101, step, 200), (200, step, 200), (-199, step, -100))
    any_step = (MONEY, money(1, 10**6))
    yield from of("floor_to", any_step, (199, 100, 100), (-1, 7, -7))
    yield from of("ceil_to", any_step, (101, 100, 200), (-199, 100, -100), (14, 7, 14))
    yield from of("share", (MONEY, _INT, _INT), (10_000, 1, 3, 3333), (100, 1, 200, 1), (-100, 1, 200, -1), (99, 1, 200, 0), (100, 1, 0, None), (100, 1, -1, None))
    yield from of("share", (MONEY, MONEY, MONEY), (10**15, 10**15 - 1, 10**15, 10**15 - 1))
    yield from of("fit", (_INT, _INT, _INT), (3, 3, 5, 3), (5, 3, 5, 5), (6, 3, 5, None), (2, 3, 5, None))
    # dates: art. 202, a month without the corresponding day ends on its last
    dates = (DATE, DATE)
    yield from of("days_between", dates, (day("2023-12-31"), day("2024-03-01"), 61), (day("2024-03-01"), day("2024-02-28"), -2))
    yield from of("span", dates, (day("2024-02-28"), day("2024-03-01"), 2), (7, 7, 0), (8, 7, None))
    yield from of("add_days", (DATE, _DAYS), (day("2024-02-28"), 2, day("2024-03-01")), (day("2023-03-01"), -1, day("2023-02-28")))
    yield from of(
        "add_months", (DATE, _MONTHS), (day("2023-01-31"), 1, day("2023-02-28")), (day("2024-01-31"), 1, day("2024-02-29")),
        (day("2023-02-28"), 1, day("2023-03-28")), (day("2024-02-29"), 12, day("2025-02-28")), (day("2024-02-29"), 48, day("2028-02-29")),
        (day("2023-12-15"), 2, day("2024-02-15")), (day("2024-03-31"), -1, day("2024-02-29")), (day("2199-12-01"), 1, None),
    )  # fmt: skip
    yield from of(
        "months_between", dates, (day("2023-01-31"), day("2023-02-28"), 1), (day("2023-01-31"), day("2023-02-27"), 0),
        (day("2024-01-15"), day("2025-01-14"), 11), (day("2024-01-15"), day("2025-01-15"), 12), (day("2024-02-29"), day("2025-02-28"), 12),
        (day("2024-01-15"), day("2024-01-14"), -1),
    )  # fmt: skip
    yield from of(
        "years_between", dates, (day("2004-02-29"), day("2022-02-27"), 17), (day("2004-02-29"), day("2022-02-28"), 18),
        (day("1990-06-01"), day("2026-05-31"), 35), (day("1990-06-01"), day("2026-06-01"), 36),
    )  # fmt: skip
    yield from of("date_of", (INSTANT,), (86399, 0), (86400, 1), (day("2026-09-10") * 86400 + 85_200, day("2026-09-10")))
    yield from of("start_of", (DATE,), (1, 86400), (0, 0))
    # National Day 2025 is off from 1 to 8 October; Sunday 26 January 2025 was a working day
    yield from of(
        "open_day", (DATE,), (day("2025-10-01"), day("2025-10-09")), (day("2025-03-01"), day("2025-03-03")),
        (day("2025-01-26"), day("2025-01-26")), (day("2025-03-03"), day("2025-03-03")), (day("2150-03-03"), None),
    )  # fmt: skip
    # in the National Day arrangement; an ordinary Saturday; a Sunday that was worked; beyond the calendar
    yield from of(
        "public_holiday", (DATE,), (day("2025-10-08"), True), (day("2025-03-01"), False), (day("2025-01-26"), False), (day("2150-03-03"), None),
    )  # fmt: skip
    yield from of("announced", (DATE,), (day("2025-10-01"), True), (day("2025-03-03"), True), (day("2150-03-03"), False))
    yield from of(
        "add_working_days", (DATE, _DAYS_PLAIN), (day("2025-09-30"), 1, day("2025-10-09")), (day("2025-03-07"), 5, day("2025-03-14")),
        (day("2025-03-08"), 0, day("2025-03-08")), (day("2150-03-03"), 1, None),
    )  # fmt: skip
    first, last = day("2025-09-01"), day("2025-10-01")
    yield from of(
        "within", (DATE, DATE, DATE, BOOL), (first, last, day("2025-10-09"), True, True), (first, last, day("2025-10-10"), True, False),
        (first, last, last, False, True), (first, last, last + 1, False, False), (first, last, first, True, True),
        (first, last, first - 1, True, False), (first, last, first, False, True),
    )  # fmt: skip
    for kind, absent, some in ((DATE.or_none(), NONE, 0), (MONEY.or_none(), NONE, -5), (_WORDS.or_none(), NONE_TEXT, "a")):
        none = _Fixed(absent, kind)
        yield from of("given", (kind, kind), (absent, none, False), (some, none, True))
        default = "b" if kind.name == "enum" else 7
        plain = kind.required()
        yield Example("otherwise", (absent, default, none), (kind, plain, kind), default)
        yield Example("otherwise", (some, default, none), (kind, plain, kind), some, {1: some})
        yield Example("otherwise", (absent, absent, none), (kind, kind, kind), absent)
    table = _Fixed(_YEARS, Type("table", item=money(250, 900)))
    yield from of("lookup", (MONEY, _INT), (table, 1, 250), (table, 4, 900), (table, 3, None), (table, 0, None))
    pairs = _Fixed(_PAIRS, Type("table", item=whole(5, 7)))
    yield from of("lookup", (MONEY, _INT, _INT), (pairs, 2, 31, 7), (pairs, 1, 31, None))


_DAYS_PLAIN: Final = whole(-400, 400)


def _operators(prepare: Callable[[Program], Run]) -> Iterator[Failure]:
    examples = tuple(_examples())
    run = prepare(program_of([example.node(i) for i, example in enumerate(examples)]))
    most = max(len(example.args) for example in examples)
    for without in (None, *range(most)):
        facts: dict[str, Any] = {}
        for i, example in enumerate(examples):
            facts |= example.facts(i, without)
        for example, found in zip(examples, run(facts), strict=True):
            touched = without is not None and without < len(example.args) and not isinstance(example.args[without], _Fixed)
            expected = example.still.get(without) if touched and without is not None else example.expected
            if not _same(found, expected):
                left = f" without argument {without}" if touched else ""
                yield Failure(f"{example.op}{tuple(a.value if isinstance(a, _Fixed) else a for a in example.args)}{left}", expected, found)
    covered = {example.op for example in examples} | {op for op, *_ in _AGGREGATES} | {"range"}
    for op in OPERATORS:
        if op not in covered:
            yield Failure(f"{op}: an example in the suite", "one", "none")


def _same(found: Any, expected: Any) -> bool:
    return found is expected if expected is None or isinstance(expected, bool) else found == expected and not isinstance(found, bool)


# --- lists


_U: Final[Any] = None
# operator, type of the items, items (None: unknown), complete, answer
_AGGREGATES: Final[tuple[tuple[str, Type, tuple[Any, ...], bool, Any], ...]] = (
    ("any", BOOL, (), True, False), ("any", BOOL, (False,), True, False), ("any", BOOL, (False, True), True, True),
    ("any", BOOL, (False, _U), True, _U), ("any", BOOL, (_U, True), True, True), ("any", BOOL, (), False, _U),
    ("any", BOOL, (False,), False, _U), ("any", BOOL, (True,), False, True),
    ("all", BOOL, (), True, True), ("all", BOOL, (True, True), True, True), ("all", BOOL, (True, False), True, False),
    ("all", BOOL, (True, _U), True, _U), ("all", BOOL, (_U, False), True, False), ("all", BOOL, (), False, _U),
    ("all", BOOL, (True,), False, _U), ("all", BOOL, (False,), False, False),
    ("total", MONEY, (), True, 0), ("total", MONEY, (5, -7, 100), True, 98), ("total", MONEY, (5, _U), True, _U),
    ("total", MONEY, (5,), False, _U), ("total", MONEY, (), False, _U),
    ("min_of", MONEY, (), True, NONE), ("min_of", MONEY, (5, -7, 100), True, -7), ("min_of", MONEY, (5, _U), True, _U),
    ("min_of", MONEY, (5,), False, _U), ("min_of", DATE.or_none(), (NONE, 9, NONE, 4), True, 4), ("min_of", DATE.or_none(), (NONE,), True, NONE),
    ("max_of", MONEY, (), True, NONE), ("max_of", MONEY, (5, -7, 100), True, 100), ("max_of", MONEY, (5, _U), True, _U),
    ("max_of", MONEY, (5,), False, _U), ("max_of", DATE.or_none(), (NONE, 9, NONE, 4), True, 9),
    ("first_of", MONEY, (), True, NONE), ("first_of", MONEY, (5, 7), True, 5), ("first_of", MONEY, (5, _U), True, 5),
    ("first_of", MONEY, (_U, 5), True, _U), ("first_of", MONEY, (5,), False, 5), ("first_of", MONEY, (), False, _U),
    ("first_of", DATE.or_none(), (NONE, 9, 4), True, 9), ("first_of", DATE.or_none(), (NONE,), False, _U),
    ("last_of", MONEY, (), True, NONE), ("last_of", MONEY, (5, 7), True, 7), ("last_of", MONEY, (_U, 5), True, 5),
    ("last_of", MONEY, (5, _U), True, _U), ("last_of", MONEY, (5,), False, _U), ("last_of", DATE.or_none(), (9, 4, NONE), True, 4),
)  # fmt: skip


def _aggregates(prepare: Callable[[Program], Run]) -> Iterator[Failure]:
    nodes: list[Node] = []
    facts: dict[str, Any] = {}
    for i, (op, kind, items, complete, _) in enumerate(_AGGREGATES):
        path = f"list{i}"
        body = read("#1.v", kind)
        source = each("#1", read(path, listed(record(v=kind))), body, listed(kind))
        rest = (literal(kind.absent, kind.or_none()),) if op.endswith("_of") else ()
        nodes.append(call(op, source, *rest))
        facts[path] = FactList(tuple({} if value is None else {"v": value} for value in items), complete)
    run = prepare(program_of(nodes))
    for (op, _, items, complete, expected), found in zip(_AGGREGATES, run(facts), strict=True):
        if not _same(found, expected):
            yield Failure(f"{op} of {items}{'' if complete else ' and perhaps others'}", expected, found)
    for (op, *_), found in zip(_AGGREGATES, run({}), strict=True):
        if found is not None:
            yield Failure(f"{op} of a list that is not stated", None, found)


# --- programs with loops


def _nested() -> tuple[list[Node], list[tuple[Facts, tuple[Any, ...]]]]:
    """An inner list, an outer value seen from inside, a count, a range."""
    small = whole(0, 9)
    defect, kind = record(weight=small), record(amount=MONEY, defects=listed(record(weight=small)))
    loans = read("loans", listed(kind))
    inner = each("#2", read("#1.defects", listed(defect)), read("#2.weight", small), listed(small))
    weight = call("total", inner)
    heaviest = call("max_of", each("#1", loans, weight, listed(weight.type)), literal(NONE, weight.type.or_none()))
    beaten = call("any", each("#2", loans, call("gt", read("#2.amount", MONEY), read("#1.amount", MONEY)), listed(BOOL)))
    best = call("if", beaten, literal(0, money(0, 0)), read("#1.amount", MONEY))
    one = literal(1, whole(1, 1))
    count = call("total", each("#1", loans, one, listed(one.type)))
    number = read("n", whole(-10, 10_000))
    below = read("#1", whole(0, 2399))
    triangle = call("total", each("#1", call("range", number), below, listed(below.type)))
    nodes: list[Node] = [heaviest, call("total", each("#1", loans, best, listed(best.type))), count, triangle]
    a = {"amount": 3, "defects": FactList(({"weight": 4}, {"weight": 5}))}
    b = {"amount": 9, "defects": FactList(())}
    c = {"amount": 9, "defects": FactList(({"weight": 1},), complete=False)}
    return nodes, [
        ({"loans": FactList((a, b)), "n": 4}, (9, 9, 2, 6)),
        ({"loans": FactList((b, c)), "n": 0}, (None, 18, 2, 0)),
        ({"loans": FactList(()), "n": -3}, (NONE, 0, 0, 0)),
        ({"loans": FactList((a,), False), "n": 3000}, (None, None, None, None)),
        ({}, (None, None, None, None)),
    ]


def _folds() -> tuple[list[Node], list[tuple[Facts, tuple[Any, ...]]]]:
    """A debt that grows by what each loan adds, until it is above ten; all steps of a round see the states before it."""
    bound = 10**12
    total, on, before = read("#1_total", money(-bound, bound)), read("#1_on", BOOL), read("#1_before", money(-bound, bound))
    more = call("add", total, read("#1.amount", money(0, 1000)))
    low, high = literal(-bound, money(-bound, -bound)), literal(bound, money(bound, bound))
    loop = Loop(
        "#1", read("loans", listed(record(amount=money(0, 1000)))), ("total", "on", "before"),
        (literal(0, money(0, 0)), read("go", BOOL), literal(-1, money(-1, -1))), on,
        (call("fit", more, low, high), call("lt", total, literal(10, money(10, 10))), total),
    )  # fmt: skip
    nodes: list[Node] = [fold(loop, 0, total.type), fold(loop, 1, BOOL), fold(loop, 2, before.type)]
    items = tuple({"amount": n} for n in (4, 7, 1, 100))
    nothing = (None, None, None)
    return nodes, [
        ({"go": True, "loans": FactList(items)}, (12, False, 11)),
        ({"go": False, "loans": FactList(items)}, (0, False, -1)),
        ({"loans": FactList(items)}, nothing),
        ({"go": True, "loans": FactList(items, False)}, (12, False, 11)),
        ({"go": True, "loans": FactList(items[:2], False)}, nothing),
        ({"go": True, "loans": FactList(items[:2])}, (11, True, 4)),
        ({"go": False}, (0, False, -1)),
        ({"go": True}, nothing),
        ({"go": True, "loans": FactList(())}, (0, True, -1)),
        # The first round has no amount; whether it goes on is known, and then the second round knows no total.
        ({"go": True, "loans": FactList(({}, items[0]))}, (None, None, None)),
        ({"go": True, "loans": FactList(({},))}, (None, True, 0)),
    ]


def _logic() -> tuple[list[Node], list[tuple[Facts, tuple[Any, ...]]]]:
    """Conditions of conditions, as a service has them: not applicable, remedies, an exception to a rule."""
    flag, other, third = (read(name, BOOL) for name in ("flag", "other", "third"))
    due, paid = read("due", MONEY), read("paid", MONEY)
    enough = call("ge", paid, due)
    nodes = [
        call("or", call("not", flag), call("and", other, enough)),
        call("and", call("or", flag, other), call("or", call("not", flag), third)),
        call("eq", call("and", flag, other), call("or", flag, other)),
        call("if", flag, call("not", enough), call("ne", flag, other)),
        call("not", call("if", call("gt", due, literal(0, money(0, 0))), call("and", enough, flag), third)),
    ]
    return nodes, [
        ({"flag": True, "other": True, "third": False, "due": 5, "paid": 4}, (False, False, True, True, True)),
        ({"flag": False, "other": True, "third": False, "due": 5, "paid": 5}, (True, True, False, True, True)),
        ({"flag": True, "other": True, "third": True, "due": 0, "paid": 5}, (True, True, True, False, False)),
        ({"flag": False}, (True, None, None, None, None)),
        ({"flag": False, "due": 5}, (True, None, None, None, True)),
        ({"other": True, "third": True}, (None, True, None, None, None)),
        ({"other": True, "due": 1, "paid": 1}, (True, None, None, None, None)),
        ({"third": False, "due": -1}, (None, None, None, None, True)),
        ({}, (None, None, None, None, None)),
    ]


def run_conformance(prepare: Callable[[Program], Run]) -> tuple[Failure, ...]:
    """Every answer of an engine that is not the one worked out; none for an engine that conforms.

    Args:
        prepare: the engine protocol, from a program to a function from facts to the values of its nodes.
    """
    found = [*_operators(prepare), *_aggregates(prepare)]
    for name, (nodes, cases) in (("lists in lists", _nested()), ("folds", _folds()), ("logic", _logic())):
        run = prepare(program_of(nodes))
        for facts, expected in cases:
            seen = run(facts)
            if len(seen) != len(expected) or not all(map(_same, seen, expected)):
                found.append(Failure(f"{name}, facts {dict(facts)}", expected, seen))
    return tuple(found)


__all__ = ("Example", "Failure", "day", "program_of", "run_conformance")
