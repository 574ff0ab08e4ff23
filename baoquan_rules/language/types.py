"""The types of the expression language, each with its unit and its bounds.

A type is a value: two types are the same when all they say is the same. Numbers carry the interval they can lie in,
so that the compiler can show, before any case is read, that no engine overflows.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from baoquan_rules.language.civil import MAX_DAY, MAX_INSTANT, MIN_DAY, MIN_INSTANT

Name = Literal[
    "bool", "int", "date", "instant", "money", "rate", "amount", "enum", "text", "list", "record", "period", "series", "table"
]

LIMIT: Final = 2**126
"""No intermediate number may reach this; 128-bit integers wrap in silence beyond twice as much."""

NARROW: Final = 2**62
"""Below this a number fits 64 bits and the sentinel of a stated absence stays outside."""

NONE: Final = -(2**62)
"""A stated absence, where the value would be a number, a date or an instant."""

NONE_TEXT: Final = "∅"
"""A stated absence, where the value would be a word or a text."""

RATE_UNIT: Final = 10**8
"""A rate is a whole number of hundred-millionths: 4.5 % is 4,500,000."""

MONEY_LIMIT: Final = 10**15
INT_LIMIT: Final = 10**9
RATE_LIMIT: Final = 100 * RATE_UNIT


@dataclass(frozen=True, slots=True)
class Type:
    """What a value is: its kind, unit and bounds (both inclusive), and whether it may be a stated absence."""

    name: Name
    low: int = 0
    high: int = 0
    unit: str = ""
    den: int = 1
    values: tuple[str, ...] = ()
    item: "Type | None" = None
    fields: "tuple[tuple[str, Type], ...]" = ()
    optional: bool = False

    @property
    def numeric(self) -> bool:
        """Whether engines hold the value as an integer."""
        return self.name in ("int", "date", "instant", "money", "rate", "amount")

    @property
    def wide(self) -> bool:
        """Whether the value needs 128 bits."""
        return self.numeric and (self.high >= NARROW or self.low <= -NARROW)

    @property
    def absent(self) -> int | str:
        """The sentinel of a stated absence for this type."""
        return NONE if self.numeric else NONE_TEXT

    def required(self) -> "Type":
        """The same type without a stated absence."""
        return replace(self, optional=False) if self.optional else self

    def or_none(self) -> "Type":
        """The same type, with a stated absence allowed."""
        return self if self.optional else replace(self, optional=True)

    def field(self, name: str) -> "Type | None":
        """The type of one field of a record."""
        return next((kind for key, kind in self.fields if key == name), None)


BOOL: Final = Type("bool")
TEXT: Final = Type("text")
DATE: Final = Type("date", MIN_DAY, MAX_DAY)
INSTANT: Final = Type("instant", MIN_INSTANT, MAX_INSTANT)
MONEY: Final = Type("money", -MONEY_LIMIT, MONEY_LIMIT)
RATE: Final = Type("rate", -RATE_LIMIT, RATE_LIMIT)
PERIOD: Final = Type("period")
TABLE: Final = Type("table")


def whole(low: int = -INT_LIMIT, high: int = INT_LIMIT, unit: str = "") -> Type:
    """A whole number between two bounds, of a unit ("days", "months", "years") or of none."""
    return Type("int", low, high, unit)


def amount(low: int, high: int, den: int) -> Type:
    """An unrounded product of money: a numerator between two bounds over a denominator known beforehand, in fen."""
    return Type("amount", low, high, den=den)


def money(low: int, high: int) -> Type:
    """Money in fen between two bounds."""
    return Type("money", low, high)


def enum(*values: str) -> Type:
    """One word of a closed list."""
    return Type("enum", values=values)


def listed(item: Type) -> Type:
    """A list of values of one type."""
    return Type("list", item=item)


def record(**fields: Type) -> Type:
    """Named values side by side."""
    return Type("record", fields=tuple(fields.items()))


def show(kind: Type) -> str:
    """A type in the words of a message: ``money``, ``int[days]``, ``enum(a, b)``, ``list of record``."""
    text: str = kind.name
    if kind.unit:
        text = f"{kind.name}[{kind.unit}]"
    elif kind.name == "enum":
        text = f"enum({', '.join(kind.values)})"
    elif kind.name == "list" and kind.item is not None:
        text = f"list of {show(kind.item)}"
    return f"{text}?" if kind.optional else text
