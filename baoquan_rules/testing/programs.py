"""A seed -> random nodes over a fixed vocabulary, and random facts with holes for it.

Nodes grow from the bottom: a pool begins with what a scope binds and takes in operators on what it already
holds, so that nodes are shared as in real programs. Loops nest in one another up to ``DEPTH`` binders, and take over
what grew in other loops over items of the same kind, as a figure with parameters does. What authors write in words of
their own (windows, dated series, schedules, ``first_day``) comes as text and goes through the elaborator.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from baoquan_rules.language import elaborate as e
from baoquan_rules.language.facts import FactList, Table
from baoquan_rules.language.nodes import (
    Call,
    Each,
    Fold,
    Loop,
    Node,
    Read,
    depths,
    each,
    fold,
    literal,
    read,
    walk,
)
from baoquan_rules.language.nodes import Literal as LiteralNode
from baoquan_rules.language.operators import OPERATORS, Misuse, call, in_unit
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    INSTANT,
    MONEY,
    RATE,
    TABLE,
    TEXT,
    Type,
    enum,
    listed,
    money,
    record,
    whole,
)

DEPTH = 3

DEFECT = record(weight=whole(-5, 50), found=DATE.or_none(), fatal=BOOL, amount=MONEY)
LOAN = record(
    amount=money(-10**8, 10**8), day=DATE, kind=enum("a", "b", "c").or_none(), ok=BOOL, note=TEXT, count=whole(-9, 99),
    defects=listed(DEFECT), codes=listed(whole(0, 9)),
)  # fmt: skip
HOLD = record(amount=MONEY.or_none(), day=DATE, ok=BOOL, kind=enum("a", "b"))

VOCABULARY: dict[str, Type] = {
    "p.flag": BOOL, "p.other": BOOL, "p.count": whole(-1000, 1000), "p.big": whole(-10**9, 10**9), "p.days": whole(-400, 9000, "days"), "p.months": whole(1, 400, "months"),
    "p.premium": MONEY, "p.debt": MONEY, "p.bonus": MONEY.or_none(), "p.start": DATE, "p.end": DATE, "p.died": DATE.or_none(),
    "p.rate": RATE, "p.at": INSTANT, "p.kind": enum("a", "b", "c"), "p.name": TEXT, "p.nick": TEXT.or_none(),
    "loans": listed(LOAN), "holds": listed(HOLD), "numbers": listed(whole(-50, 50)), "flags": listed(BOOL),
    "days": listed(DATE.or_none()),
}  # fmt: skip

YEARS = Table("years", ("year",), {(k,): 100 * k * k - 3 for k in range(-2, 12) if k != 5})
PAIRS = Table(
    "pairs", ("year", "age"), {(k, j): k - 7 * j for k in range(4) for j in range(-1, 6) if (k + j) % 4}
)
SPARSE = Table("sparse", ("code", "year"), {(k * 10**7, j): k + j for k in range(-3, 4) for j in range(3)})


# --- facts


def facts(rng: Random) -> dict[str, Any]:
    """A case that leaves some facts, fields and ends of lists unknown."""
    holes = rng.choice([0.0, 0.15, 0.15, 0.5])
    return {
        path: value for path, kind in VOCABULARY.items() if (value := _fact(rng, kind, holes)) is not None
    }


def _fact(rng: Random, kind: Type, holes: float) -> Any:
    if rng.random() < holes:
        return None
    if kind.optional and rng.random() < 0.2:
        return kind.absent
    if kind.name == "list":
        assert kind.item is not None
        # An item may leave fields open; a scalar item, and that there is one, is never open.
        open_ = holes if kind.item.name == "record" else 0.0
        items = (_fact(rng, kind.item, open_) for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 5])))
        return FactList(tuple({} if item is None else item for item in items), rng.random() >= holes)
    if kind.name == "record":
        return {name: value for name, part in kind.fields if (value := _fact(rng, part, holes)) is not None}
    if kind.name == "bool":
        return rng.random() < 0.5
    if kind.name in ("enum", "text"):
        return rng.choice(kind.values or ("a", "b", "张三", ""))
    if kind.name == "date" and rng.random() < 0.8:
        return rng.randint(12_000, 21_200)
    if rng.random() < 0.3:
        return rng.randint(max(kind.low, -3), min(kind.high, 3))
    return rng.randint(kind.low, kind.high)


# --- nodes


@dataclass(frozen=True, slots=True)
class _Scope:
    """The kinds of the items that are bound, from the outside in, and what has grown inside such loops so far."""

    kinds: tuple[Type, ...] = ()
    grown: dict[tuple[Type, ...], list[Node]] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        return len(self.kinds)

    def inside(self, kind: Type) -> "_Scope":
        return _Scope((*self.kinds, kind), self.grown)

    def known(self, rng: Random) -> list[Node]:
        """Some of what grew in other loops over such items."""
        found = self.grown.get(self.kinds, [])
        return rng.sample(found, min(len(found), 6))

    def keep(self, nodes: list[Node]) -> None:
        """Remember what reads items but no state of a loop, which others do not have."""
        own = [node for node in nodes if not isinstance(node, LiteralNode) and node.reach and not _states(node)]
        self.grown.setdefault(self.kinds, []).extend(own[-12:])


def _states(node: Node) -> bool:
    return any(isinstance(part, Read) and "_" in part.bound for part in walk(node))


def program(rng: Random, size: int = 40) -> tuple[Node, ...]:
    """Some scalar nodes over the vocabulary."""
    pool: list[Node] = [read(path, kind) for path, kind in VOCABULARY.items()]
    pool.extend(_written(rng) for _ in range(size // 8))
    pool = _grow(rng, pool, _Scope(), size)
    outputs = [node for node in pool if _scalar(node.type) and not isinstance(node, LiteralNode)]
    return tuple(rng.sample(outputs, min(len(outputs), rng.randint(1, 16))))


def _scalar(kind: Type) -> bool:
    return kind.numeric or kind.name in ("bool", "enum", "text")


def _grow(rng: Random, pool: list[Node], scope: _Scope, size: int) -> list[Node]:
    pool = [*pool, *_constants(rng)]
    for _ in range(size):
        chance = rng.random()
        try:
            if scope.depth < DEPTH and chance < 0.12:
                made = [_aggregate(rng, pool, scope)]
            elif scope.depth < DEPTH and chance < 0.17:
                made = _fold(rng, pool, scope)
            else:
                made = [_operator(rng, pool)]
        except Misuse:
            continue
        pool.extend(made)
    return pool


# --- what authors write

_NAMES: dict[str, Any] = {
    **{path: read(path, kind) for path, kind in VOCABULARY.items() if "." not in path},
    "p": e.Group(
        "p",
        lambda name: read(f"p.{name}", VOCABULARY[f"p.{name}"]) if f"p.{name}" in VOCABULARY else None,
        lambda: tuple(path[2:] for path in VOCABULARY if path.startswith("p.")),
    ),
    "years": literal(YEARS, replace(TABLE, item=whole(min(YEARS.rows.values()), max(YEARS.rows.values())))),
    "choice": literal("b", enum("a", "b", "c"), "clause.choice"),
    "rates": e.Series("company.rates", ((12_500, 4_500_000), (17_000, 5_250_000), (19_500, 3_000_000)), RATE),
}  # fmt: skip

_DATES = ("p.start", "p.end", "p.at.date", "otherwise(p.died, p.end)", "add_days(p.start, p.days)", 'date("2026-09-30")', 'date("2025-01-24")')
_LENGTHS = ("5 working_days", "10 working_days", "60 days", "15 days", "1 month", "6 months", "2 years", "0 days")
_OPTIONS = ("", ', counts="same_day"', ', holidays="not_extended"')
_TEXTS = (
    "{d} in {w}", "passed({w}, {d})", "{w}.first_day", "{w}.last_day", "{w}.nominal_last_day", "{w}.matured_from", "{w}.day_after",
    "in_force(rates, {d})", "round_fen(interest(p.premium, rates, {d}, {d}, 365))", "floor_fen(interest(p.debt, p.rate, {d}, {d}, 360))",
    "sum(round_fen(interest(x.amount, rates, x.day, {d}, 365)) for x in loans)", "any(x.day in {w} for x in loans if x.ok)",
    "first_day(in_force(rates, x) < p.rate for x in each_day({d}, {d}))", "first_day(x in {w} for x in each_day(p.start, add_days(p.start, 40)))",
    "count(x for x in schedule({d}, 3, {d}) if x > {d})", "spans({d}, p.months, {d})", 'anniversary({d}, period("6 months"), p.count)',
    "years[p.count]", "years[years_between({d}, {d})] + 1", "otherwise(p.bonus, p.debt)", "given(p.died)", "required(p.bonus)", "p.kind == choice",
    'p.kind in ("a", choice)', 'first(x.amount for x in loans if x.kind == choice)', "last(x.day for x in loans if x.day <= {d})",
    "count(x for x in loans if count(y for y in x.defects if y.weight > x.count) > 1)", "round_fen(prorate(p.premium, p.days, 366))",
    "max(days_between(x.day, {d}) for x in holds)", "sum(k for k in range(months_between({d}, {d})) if k > 3)", "p.name == p.nick",
)  # fmt: skip


def _written(rng: Random) -> Node:
    """An expression as authors write them."""

    def window() -> str:
        purpose, more = rng.choice(("customer_act", "insurer_act", "status")), rng.choice(_OPTIONS)
        return f'window({rng.choice(_DATES)}, period("{rng.choice(_LENGTHS)}"), purpose="{purpose}"{more})'

    text = rng.choice(_TEXTS)
    for hole, made in (("{w}", window), ("{d}", lambda: rng.choice(_DATES))):
        while hole in text:
            text = text.replace(hole, made(), 1)
    return e.value(text, e.Names(_NAMES))


def _constants(rng: Random) -> list[Node]:
    number, sum_, day = rng.randint(-20, 40), rng.randint(-(10**7), 10**7), rng.randint(12_000, 21_200)
    return [
        literal(number, whole(number, number)), literal(7, whole(7, 7)), literal(sum_, money(sum_, sum_)),
        literal(100, money(100, 100)), literal(day, replace(DATE, low=day, high=day)), literal("a", enum("a", "b")),
        literal(rng.random() < 0.5, BOOL), literal(4_500_000, replace(RATE, low=4_500_000, high=4_500_000)),
    ]  # fmt: skip


def _of(rng: Random, pool: list[Node], test: Callable[[Type], bool]) -> Node:
    found = [node for node in pool if test(node.type)]
    if not found:
        raise Misuse("", "")
    # Later nodes are deeper: half of the picks go to those.
    return rng.choice(found[-8:]) if rng.random() < 0.5 else rng.choice(found)


_NUMBERS = ("int", "money", "amount", "rate")


def _plain(kind: Type) -> bool:
    return _scalar(kind) and not kind.optional


def _named(*names: str) -> Callable[[Type], bool]:
    return lambda kind: kind.name in names and not kind.optional


def _like(node: Node) -> Callable[[Type], bool]:
    kind = node.type
    return lambda other: (
        (other.name, other.unit, other.den, other.optional) == (kind.name, kind.unit, kind.den, kind.optional)
    )


def _fits(limit: int) -> Callable[[Type], bool]:
    return lambda kind: kind.name == "int" and not kind.optional and max(-kind.low, kind.high) <= limit


def _absent(node: Node) -> Node:
    kind = node.type
    return literal(kind.absent, kind.or_none())


_SCALARS = tuple(name for name, row in OPERATORS.items() if row.shape == "scalar")


def _operator(rng: Random, pool: list[Node]) -> Node:
    """One operator of the table on arguments of the pool."""
    op = rng.choice(_SCALARS)

    def pick(test: Callable[[Type], bool]) -> Node:
        return _of(rng, pool, test)

    match op:
        case "and" | "or":
            return call(op, pick(_named("bool")), pick(_named("bool")))
        case "not":
            return call(op, pick(_named("bool")))
        case "if":
            yes = pick(_scalar)
            return call(op, pick(_named("bool")), yes, pick(_like(yes)))
        case "given" | "otherwise":
            value = pick(lambda kind: kind.optional and _scalar(kind))
            if op == "given":
                return call(op, value, _absent(value))
            return call(op, value, pick(_like(_plain_twin(value))), _absent(value))
        case "mul":
            return call(op, pick(_named(*_NUMBERS)), pick(_named("int", "rate")))
        case "quotient" | "over":
            by = rng.choice([1, 2, 7, 365])
            value = pick(_named("int") if op == "quotient" else _named("money", "amount"))
            if isinstance(value, LiteralNode):
                raise Misuse("", "")
            return call(op, value, literal(by, whole(by, by)))
        case "round_fen" | "floor_fen":
            value = pick(_named("amount", "money"))
            den = value.type.den if rng.random() < 0.8 else rng.choice([1, 2, 3, 100, 7])
            return call(op, value, literal(den, whole(den, den)))
        case "floor_to" | "ceil_to":
            step = rng.choice([1, 7, 100, 10_000])
            return call(op, pick(_named("money")), literal(step, money(step, step)))
        case "share":
            part = pick(_named(*_NUMBERS))
            value, whole_ = pick(_named("money")), pick(_like(part))
            # The table takes the result for money within bounds, as it is for a part not above its whole.
            if (
                max(abs(value.type.low), value.type.high) * max(abs(part.type.low), part.type.high)
                > MONEY.high
            ):
                raise Misuse("", "")
            return call(op, value, part, whole_)
        case "add_days" | "add_months" | "add_working_days":
            unit = {"add_days": "days", "add_months": "months"}.get(op, "")
            return call(op, pick(_named("date")), pick(lambda kind: not kind.optional and in_unit(kind, unit)))
        case "date_of":
            return call(op, pick(_named("instant")))
        case "start_of" | "open_day" | "public_holiday" | "announced":
            return call(op, pick(_named("date")))
        case "within":
            return call(op, *(pick(_named("date")) for _ in range(3)), pick(_named("bool")))
        case "days_between" | "span" | "months_between" | "years_between":
            return call(op, pick(_named("date")), pick(_named("date")))
        case "lookup":
            table = rng.choice([YEARS, PAIRS, SPARSE])
            kind = replace(TABLE, item=whole(min(table.rows.values()), max(table.rows.values())))
            return call(op, literal(table, kind), *(pick(_named("int")) for _ in table.keys))
        case "fit":
            value = pick(lambda kind: kind.numeric and not kind.optional)
            return call(op, value, pick(_like(value)), pick(_like(value)))
        case _:
            first = pick(_plain)
            arity = OPERATORS[op].signature.split("->")[0].count(",") + 1
            return call(op, first, *(pick(_like(first)) for _ in range(arity - 1)))


def _plain_twin(node: Node) -> Node:
    return read("x", node.type.required())


def _over(rng: Random, pool: list[Node]) -> Node:
    """A list to go over."""
    chance = rng.random()
    if chance < 0.15:
        return call("range", _of(rng, pool, _fits(60)))
    if chance < 0.25:
        # Stated lists only: in Python an empty list of values is not equal to an empty stated one.
        lists: list[Node] = [node for node in pool if isinstance(node, Read)]
        one = _of(rng, lists, lambda kind: kind.name == "list")
        return call("if", _of(rng, pool, _named("bool")), one, _of(rng, lists, lambda kind: kind == one.type))
    return _of(rng, pool, lambda kind: kind.name == "list")


def _inside(rng: Random, over: Node, scope: _Scope) -> tuple[str, list[Node], _Scope]:
    """The name an item is bound to, what can be read of it, and the scope in which it is bound."""
    var, item = f"#{scope.depth + 1}", over.type.item
    assert item is not None
    inner = scope.inside(item)
    if item.name == "record":
        return var, [*(read(f"{var}.{name}", kind) for name, kind in item.fields), *inner.known(rng)], inner
    return var, [read(var, item), *inner.known(rng)], inner


def _each(rng: Random, pool: list[Node], scope: _Scope) -> Each:
    over = _over(rng, pool)
    var, bound, inner = _inside(rng, over, scope)
    own = _grow(rng, [*rng.sample(pool, min(len(pool), 20)), *bound], inner, rng.randint(1, 14))
    inner.keep(own)
    body = rng.choice([node for node in own if _scalar(node.type)][-10:])
    return each(var, over, body, listed(body.type))


def _aggregate(rng: Random, pool: list[Node], scope: _Scope) -> Node:
    items = _each(rng, pool, scope)
    if rng.random() < 0.2:
        pool.append(items)  # a list to go over again
    kind = items.body.type
    takes = {
        "any": kind.name == "bool" and not kind.optional, "all": kind.name == "bool" and not kind.optional,
        "total": kind.name in ("int", "money", "amount") and not kind.optional,
        "min_of": kind.numeric, "max_of": kind.numeric, "first_of": kind.name != "bool", "last_of": kind.name != "bool",
    }  # fmt: skip
    op = rng.choice([name for name, fits in takes.items() if fits])
    return call(op, items, *([_absent(items.body)] if op.endswith("_of") else []))


def _fold(rng: Random, pool: list[Node], scope: _Scope) -> list[Node]:
    over = _over(rng, pool)
    var, bound, inner = _inside(rng, over, scope)
    kinds = [
        rng.choice([BOOL, MONEY, whole(-(10**6), 10**6), DATE, TEXT, MONEY.or_none()])
        for _ in range(rng.randint(1, 3))
    ]
    names = tuple(f"s{i}_x" for i in range(len(kinds)))
    states: list[Node] = [read(f"{var}_{name}", kind) for name, kind in zip(names, kinds, strict=True)]
    outer = rng.sample(pool, min(len(pool), 20))
    start = tuple(_state(rng, pool, kind) for kind in kinds)
    asked = _grow(rng, [*outer, *states], scope.inside(whole()), rng.randint(0, 6))
    going = _of(rng, [*asked, literal(True, BOOL), literal(True, BOOL)], _named("bool"))
    own = _grow(rng, [*outer, *bound, *states, *states], inner, rng.randint(1, 12))
    inner.keep(own)
    step = tuple(_state(rng, own, kind) for kind in kinds)
    loop = Loop(var, over, names, start, going, step)
    return [fold(loop, i, kind) for i, kind in enumerate(kinds)]


def _state(rng: Random, pool: list[Node], kind: Type) -> Node:
    """A node that a state of this type can take."""
    try:
        node = _of(
            rng,
            pool,
            lambda k: (k.name, k.unit, k.den, k.optional) == (kind.name, kind.unit, kind.den, kind.optional),
        )
    except Misuse:
        return literal({"bool": True, "text": "a"}.get(kind.name, 0), kind)
    if kind.numeric and not kind.optional and not (kind.low <= node.type.low and node.type.high <= kind.high):
        return call(
            "fit",
            node,
            literal(kind.low, replace(kind, high=kind.low)),
            literal(kind.high, replace(kind, low=kind.high)),
        )
    return node


def blame(outputs: tuple[Node, ...], differs: Callable[[Node], bool]) -> Node | None:
    """The smallest node, below the outputs and not below a binder, for which two engines differ."""
    closed = [node for node in walk(*outputs) if depths(node)[id(node)] == 0 and _scalar(node.type)]
    return next((node for node in closed if differs(node)), None)


def show(node: Node) -> str:
    """A node as text, for the message of a failing test."""
    match node:
        case LiteralNode():
            return repr(node.value if not isinstance(node.value, Table) else node.value.name)
        case Each():
            return f"[{show(node.body)} for {node.var} in {show(node.over)}]"
        case Call():
            return f"{node.op}({', '.join(map(show, node.args))})"
        case Read():
            return node.name
    if isinstance(node, Fold):
        loop = node.loop
        states = ", ".join(
            f"{name} = {show(a)} -> {show(b)}"
            for name, a, b in zip(loop.states, loop.start, loop.step, strict=True)
        )
        return f"fold({loop.var} in {show(loop.over)} while {show(loop.going)}: {states})[{node.pick}]"
    raise TypeError(node)
