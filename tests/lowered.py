"""Windows and schedules as the compiler makes them, worked out for constants: what tests of their days go by."""

from baoquan_rules.language import elaborate as e
from baoquan_rules.language.meanings import date_literal, window
from baoquan_rules.language.nodes import Literal
from baoquan_rules.language.text import Period


def _window(start: int, count: int, unit: str, first_counts: bool) -> e.Window:
    length = Period(count, unit)
    return window(date_literal(start), length, counts_first=first_counts, extend=False, length_node=date_literal(0))


def _day(found: object) -> int | None:
    """The day of a constant; an expression that is no constant could not be computed."""
    return found.value if isinstance(found, Literal) else None


def window_first(start: int, first_counts: bool) -> int | None:
    """The first day of a window from an event."""
    return _day(_window(start, 1, "days", first_counts).first)


def window_last(start: int, count: int, unit: str, first_counts: bool) -> int | None:
    """Its nominal last day."""
    return _day(_window(start, count, unit, first_counts).nominal)


def matured_from(start: int, count: int, unit: str) -> int | None:
    """The day from which on so many days, months or years are full, itself included (art. 1259)."""
    return _day(_window(start, count, unit, False).matured)


def computed(text: str, **days: int) -> int | None:
    """The value of an expression over given days."""
    return _day(e.value(text, e.Names({name: date_literal(day) for name, day in days.items()})))


def anniversary(first: int, every: int, k: int) -> int | None:
    """The k-th due day of a series."""
    return computed(f"anniversary(d, {every}, {k})", d=first)


def spans_until(first: int, every: int, until: int) -> int | None:
    """How many due days of a series are on or before a day."""
    return computed(f"spans(a, {every}, b)", a=first, b=until)
