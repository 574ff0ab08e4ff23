"""What a name or an expression can stand for before it is a kernel node: groups, items, windows, series, functions.

Scopes look names up; the helpers here bring two values to one denominator, rename a binder, build a window.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import lcm
from typing import Any, Final, Protocol, TypeGuard

from baoquan_rules.language.nodes import (
    Call,
    Each,
    Fold,
    Literal,
    Node,
    Read,
    binder_depth,
    call_node,
    each,
    fold,
    literal,
    read,
    rebuilt,
    walk,
)
from baoquan_rules.language.operators import Misuse, call
from baoquan_rules.language.text import Period
from baoquan_rules.language.types import BOOL, DATE, NONE, NONE_TEXT, TEXT, Type, show, whole

YEAR_LCM: Final = 365 * 366

MOST_BINDERS: Final = 18
"""How many lists may be gone over inside one another: Python, which the direct engine writes, ends at 20."""

UNKNOWN: Final = "?"
"""The label of a value that no case can state."""


@dataclass(frozen=True, eq=False, slots=True)
class Absent:
    """The word ``none`` before its type is known."""


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """Named values side by side: a record of facts, a clause's parameters, a fold's states, a service's figures."""

    name: str
    find: Callable[[str], "Static | None"]
    names: Callable[[], Iterable[str]]


@dataclass(frozen=True, eq=False, slots=True)
class Item:
    """A bound item of a list of records."""

    var: str
    type: Type
    label: str


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """A period with its first day, its nominal and its extended last day, and the day on which it is complete."""

    first: Node
    nominal: Node
    last: Node
    matured: Node
    extend: bool
    length: Node


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """Dated values of product or company: from each date on, a rate."""

    name: str
    steps: tuple[tuple[int, int], ...]
    type: Type


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """A list to go over: a list fact, or a range seen through a function of its number."""

    over: Node
    item: Callable[[str], "Static"]
    reach: int = 0
    """The deepest binder inside what ``item`` gives; a new binder is chosen beyond it."""


@dataclass(frozen=True, eq=False, slots=True)
class Function:
    """A figure with parameters; calling it inlines it."""

    name: str
    parameters: tuple[str, ...]
    apply: Callable[["tuple[Static, ...]"], "Static"]


Static = Literal | Read | Call | Each | Any


class Scope(Protocol):
    """Where names are looked up."""

    def find(self, name: str) -> Static | None:
        """What the name stands for, or ``None``."""

    def names(self) -> Iterable[str]:
        """All names there are, for suggestions."""


@dataclass(frozen=True, slots=True)
class Names:
    """A scope of given names over another."""

    own: Mapping[str, Static]
    outer: Scope | None = None
    depth: int = 0

    def find(self, name: str) -> Static | None:
        if name in self.own:
            return self.own[name]
        return self.outer.find(name) if self.outer else None

    def names(self) -> Iterable[str]:
        return (*self.own, *(self.outer.names() if self.outer else ()))


class Wrong(Exception):
    """What is wrong with an expression: code, words in both languages, and the characters it is about."""

    def __init__(self, code: str, zh: str, en: str, start: int = 0, end: int = 0, hint: str | None = None) -> None:
        super().__init__(f"{code} {zh} / {en}")
        self.code, self.zh, self.en, self.start, self.end, self.hint = code, zh, en, start, end, hint


class Poisoned(Exception):
    """The expression uses a figure that is itself wrong; its own problem is enough."""


def is_node(found: Static) -> TypeGuard[Node]:
    """Whether a meaning is a kernel node, a value an engine can compute."""
    return isinstance(found, Literal | Read | Call | Each | Fold)


@dataclass(frozen=True, slots=True)
class Bound:
    """A scope with one bound name."""

    name: str
    meaning: Static
    depth: int
    outer: Scope

    def find(self, name: str) -> Static | None:
        return self.meaning if name == self.name else self.outer.find(name)

    def names(self) -> Iterable[str]:
        return (self.name, *self.outer.names())


def scope_depth(scope: Scope | None) -> int:
    depth = 0
    while scope is not None:
        depth = max(depth, getattr(scope, "depth", 0))
        scope = getattr(scope, "outer", None)
    return depth


def depth_of(found: Static) -> int:
    """The innermost binder a meaning depends on."""
    match found:
        case Item():
            return binder_depth(found.var)
        case Window():
            return max(depth_of(found.first), depth_of(found.nominal))
        case Source():
            return max(depth_of(found.over), found.reach)
    if is_node(found):
        return 0 if isinstance(found, Literal) else found.reach
    return 0


def substitute(node: Node, old: str, new: str) -> Node:
    """The node with one binder renamed; an inner list that binds the same name keeps it."""
    done: dict[int, Node] = {}

    deep = binder_depth(old)

    def renamed(part: Node) -> Node:
        if isinstance(part, Literal) or part.reach < deep:
            return part
        found = done.get(id(part))
        if found is None:
            found = done[id(part)] = made(part)
        return found

    def made(part: Node) -> Node:
        if isinstance(part, Read) and (part.name == old or part.name.startswith(f"{old}.")):
            return read(new + part.name[len(old) :], part.type)
        bound = part.var if isinstance(part, Each) else part.loop.var if isinstance(part, Fold) else ""
        return rebuilt(part, renamed, (lambda node: node) if bound == old else renamed)

    if isinstance(node, Literal) or node.reach < deep:
        return node
    for part in walk(node):  # from the innermost, so that no depth is too deep
        renamed(part)
    return renamed(node)


def member(base: Static, name: str) -> Static | None:
    """One part of a group, an item, a window, or of an instant's date."""
    match base:
        case Group():
            return base.find(name)
        case Item():
            kind = base.type.field(name)
            return read(f"{base.var}.{name}", kind) if kind is not None else None
        case Window():
            return {
                "first_day": base.first,
                "last_day": base.last,
                "nominal_last_day": base.nominal,
                "matured_from": base.matured,
                "day_after": call("add_days", base.last, days_literal(1)),
                "length": base.length,
            }.get(name)
    if is_node(base) and base.type.name == "instant" and name == "date":
        return call("date_of", base)
    return None


def members(base: Static) -> tuple[str, ...]:
    """What ``member`` knows."""
    match base:
        case Group():
            return tuple(base.names())
        case Item():
            return tuple(name for name, _ in base.type.fields)
        case Window():
            return ("first_day", "last_day", "nominal_last_day", "matured_from", "day_after", "length")
    return ("date",) if is_node(base) and base.type.name == "instant" else ()


def parts(base: Static) -> str | None:
    names = members(base)
    listed = sorted(names)[:20]
    return f"可用：{'、'.join(listed)} / one of: {', '.join(listed)}" if names else None


def in_months(node: Node) -> Node:
    """How many months a schedule counts by: a period, or a whole number in months or without a unit.

    Raises:
        Misuse: it is something else.
    """
    if node.type.name == "period":
        return months_of(node)
    if node.type.name != "int" or node.type.unit not in ("", "months") or node.type.optional:
        raise Misuse(f"这里需要期间或月数，得到的是 {show(node.type)}", f"a period or a number of months is needed, found {show(node.type)}")
    return with_unit(node, "months")


def align(a: Static, b: Static) -> tuple[Any, Any]:
    """Two values brought to one denominator, where both are money; 0 takes the unit of the other."""
    if not (is_node(a) and is_node(b)):
        return a, b
    if isinstance(a, Literal) and a.type.name == "int" and not a.type.unit and b.type.name == "int":
        return with_unit(a, b.type.unit), b
    if isinstance(b, Literal) and b.type.name == "int" and not b.type.unit and a.type.name == "int":
        return a, with_unit(b, a.type.unit)
    kinds = ("money", "amount")
    if a.type.name in kinds and b.type.name in kinds and (a.type.den, a.type.name) != (b.type.den, b.type.name):
        den = lcm(a.type.den, b.type.den)
        return _scaled(a, den), _scaled(b, den)
    return a, b


def _scaled(node: Node, den: int) -> Node:
    factor = den // node.type.den
    if factor == 1 and node.type.name == "amount":
        return node
    return call("over", call("mul", node, int_literal(factor)) if factor > 1 else node, int_literal(factor))


def window(start: Node, length: Period, *, counts_first: bool, extend: bool, length_node: Node) -> Window:
    """The window of a period of days, months, years or working days from a start day (Civil Code arts. 201-204)."""
    if length.count < 0:
        start = unknown(DATE)
    first = start if counts_first else call("add_days", start, days_literal(1))
    match length.unit:
        case "days":
            nominal = call("add_days", start, days_literal(length.count - counts_first))
            matured = call("add_days", start, days_literal(length.count))
        case "working_days":
            before = call("add_days", start, days_literal(-1)) if counts_first else start
            nominal = call("add_working_days", before, int_literal(length.count))
            matured = nominal
        case _:
            months = length.count * (12 if length.unit == "years" else 1)
            matured = call("add_months", start, months_literal(months))
            nominal = call("add_days", matured, days_literal(-1)) if counts_first else matured
    last = call("open_day", nominal) if extend else nominal
    return Window(first, nominal, last, matured, extend, length_node)


def months_of(node: Node) -> Node:
    """A period of months or years as a number of months."""
    if not isinstance(node, Literal):
        raise Misuse("这里需要固定的期间", "a fixed period is needed")
    period: Period = node.value
    if period.unit not in ("months", "years"):
        raise Misuse("这里的期间以月或年计", "the period is in months or years here")
    return months_literal(period.count * (12 if period.unit == "years" else 1))


def with_unit(node: Node, unit: str) -> Node:
    """The same number in another unit, or in none; nothing is computed for it."""
    kind = replace(node.type, unit=unit)
    match node:
        case Literal():
            return literal(node.value, kind, node.label)
        case Read():
            return read(node.name, kind)
        case Call():
            return call_node(node.op, node.args, kind)
        case Each():
            return each(node.var, node.over, node.body, kind)
        case Fold():
            return fold(node.loop, node.pick, kind)


def none_of(kind: Type) -> Literal:
    """A stated absence of that type."""
    return literal(kind.absent, kind.or_none())


def none_literal(kind: Type) -> Literal:
    return literal(kind.absent, whole(NONE, NONE) if kind.numeric else TEXT)


def int_literal(number: int) -> Literal:
    return literal(number, whole(number, number))


def days_literal(number: int) -> Literal:
    return literal(number, whole(number, number, "days"))


def months_literal(number: int) -> Literal:
    return literal(number, whole(number, number, "months"))


def date_literal(number: int) -> Literal:
    return literal(number, replace(DATE, low=number, high=number))


def unknown(kind: Type) -> Node:
    """A value of a type that no case can state: a parameter of a clause that the product does not have, say."""
    low, high = literal(1, whole(1, 1)), literal(0, whole(0, 0))
    sample = literal(0 if kind.numeric else False if kind.name == "bool" else NONE_TEXT, kind, UNKNOWN)
    if not kind.numeric:
        other = literal(True if kind.name == "bool" else "?", kind)
        return call_node("if", (call_node("eq", (unknown(whole()), low), BOOL), sample, other), kind)
    return call_node("fit", (sample, low, high), kind)
