"""What the ``columnar`` cells of the operator table name: operator -> function on Polars expressions.

Each function gives, row for row, what the Python meaning in the same row of the table gives. A null is an
unknown; a stated absence is the sentinel of the type and passes through as any other value. Three shapes:

- scalar: expressions of one height in, one expression out. A constant that is no scalar (a filed table) comes
  as itself.
- range: an expression in, an expression of lists out.
- aggregate: the values of one list as a column of its own (an unknown rest of the list is one more null),
  then further arguments; out comes an ``Aggregate``, the aggregation over one group of these values and the
  value of an empty list.

Numbers are Int64, or Int128 where an argument is. A product that may pass 64 bits although its result does
not is taken in Int128 here; whatever else the types show to be wide, the engine has made Int128 before it
calls.

Polars skips nulls in places (``min_horizontal``, ``when``, ``sum``, ``filter``): nothing here relies on that.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from baoquan_rules.language import calendar, civil
from baoquan_rules.language.types import MONEY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    from baoquan_rules.language.facts import Table


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregation over the values of one list, and what an empty list gives."""

    value: "pl.Expr"
    empty: "pl.Expr"


# --- choice and numbers


def if_(test: "pl.Expr", yes: "pl.Expr", no: "pl.Expr") -> "pl.Expr":
    """One or the other; where the test is unknown and both agree, that."""
    import polars as pl

    return pl.when(test).then(yes).when(~test).then(no).when(yes == no).then(yes)


def least(a: "pl.Expr", b: "pl.Expr") -> "pl.Expr":
    """The smaller; unknown where one is unknown."""
    import polars as pl

    return pl.when(a <= b).then(a).when(a > b).then(b)


def most(a: "pl.Expr", b: "pl.Expr") -> "pl.Expr":
    """The larger; unknown where one is unknown."""
    import polars as pl

    return pl.when(a >= b).then(a).when(a < b).then(b)


def ratio_floor(a: "pl.Expr", b: "pl.Expr") -> "pl.Expr":
    """How many times b goes into a, rounded down; unknown unless b is above zero."""
    import polars as pl

    return pl.when(b > 0).then(a // b)


def round_half(n: "pl.Expr", d: "pl.Expr") -> "pl.Expr":
    """n/d to the nearest whole number, a half away from zero; d above zero."""
    import polars as pl

    # (m + d // 2) // d is half up for every m >= 0: an odd d has no half. It stays below twice the larger.
    size = (n.abs() + d // 2) // d
    # Polars 2.1 has no negation of Int128.
    return pl.when(n < 0).then(0 - size).otherwise(size)


def share(value: "pl.Expr", part: "pl.Expr", total: "pl.Expr") -> "pl.Expr":
    """value * part / total to the nearest fen, a half away from zero; unknown unless total is above zero."""
    import polars as pl

    rounded = round_half(value.cast(pl.Int128) * part.cast(pl.Int128), total.cast(pl.Int128))
    exact = (rounded >= -MONEY_LIMIT) & (rounded <= MONEY_LIMIT)
    return pl.when((total > 0) & exact).then(rounded).cast(pl.Int64, strict=False)


def fit(value: "pl.Expr", low: "pl.Expr", high: "pl.Expr") -> "pl.Expr":
    """The value, unknown outside the bounds."""
    import polars as pl

    return pl.when((low <= value) & (value <= high)).then(value)


def add_days(day: "pl.Expr", count: "pl.Expr") -> "pl.Expr":
    """The day so many days later, unknown outside the bounds of dates."""
    import polars as pl

    later = day + count
    return pl.when((later >= civil.MIN_DAY) & (later <= civil.MAX_DAY)).then(later)


def otherwise(value: "pl.Expr", default: "pl.Expr", none: "pl.Expr") -> "pl.Expr":
    """The default where the value is a stated absence; unknown stays unknown."""
    import polars as pl

    return pl.when(value == none).then(default).when(value != none).then(value)


# --- dates


@lru_cache(maxsize=1)
def _months() -> "tuple[pl.Series, pl.Series, pl.Series, pl.Series]":
    """The civil calendar as columns: month number, day of month by day; first day, length by month number.

    Days count from MIN_DAY, month numbers from the month that MIN_DAY lies in.
    """
    import polars as pl

    starts, year, month = [civil.MIN_DAY], 1900, 1
    while starts[-1] <= civil.MAX_DAY:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        first = civil.day(year, month, 1)
        starts.append(civil.MAX_DAY + 1 if first is None else first)
    lengths = [b - a for a, b in pairwise(starts)]
    numbers = [k for k, length in enumerate(lengths) for _ in range(length)]
    days = [day for length in lengths for day in range(1, length + 1)]
    number, day_of_month, first_day, length_of = (
        pl.Series(values, dtype=pl.Int64) for values in (numbers, days, starts[:-1], lengths)
    )
    return number, day_of_month, first_day, length_of


def _inside(table: "pl.Series", index: "pl.Expr") -> "pl.Expr":
    return (index >= 0) & (index < len(table))


def _near(table: "pl.Series", index: "pl.Expr") -> "pl.Expr":
    """``table[index]``, null where the index is null; outside the table the nearest value."""
    import polars as pl

    return pl.lit(table).gather(index.clip(0, len(table) - 1).cast(pl.Int64))


def _take(table: "pl.Series", index: "pl.Expr") -> "pl.Expr":
    """``table[index]``, null where the index is null or outside the table."""
    import polars as pl

    return pl.when(_inside(table, index)).then(_near(table, index))


def span(a: "pl.Expr", b: "pl.Expr") -> "pl.Expr":
    """Days of interest from a to b; unknown where they run backwards."""
    import polars as pl

    return pl.when(a <= b).then(b - a)


def add_months(d: "pl.Expr", n: "pl.Expr") -> "pl.Expr":
    """The corresponding day n months later, or the month's last day (``civil.add_months``)."""
    import polars as pl

    number, day_of_month, first_day, length_of = _months()
    index = d - civil.MIN_DAY
    target = _near(number, index) + n
    moved = (
        _near(first_day, target) + pl.min_horizontal(_near(day_of_month, index), _near(length_of, target)) - 1
    )
    return pl.when(_inside(number, index) & _inside(first_day, target)).then(moved)


def months_between(a: "pl.Expr", b: "pl.Expr") -> "pl.Expr":
    """Whole months completed from a to b, negative where b is before a (``civil.months_between``)."""
    import polars as pl

    number, day_of_month, _, length_of = _months()
    first, last = a - civil.MIN_DAY, b - civil.MIN_DAY
    end = _near(number, last)
    # The month is full on the corresponding day, or on the last day of a month that has none (art. 202).
    due = pl.min_horizontal(_near(day_of_month, first), _near(length_of, end))
    months = end - _near(number, first) - (_near(day_of_month, last) < due).cast(pl.Int64)
    return pl.when(_inside(number, first) & _inside(number, last)).then(months)


def years_between(a: "pl.Expr", b: "pl.Expr") -> "pl.Expr":
    """Whole years completed from a to b (``civil.years_between``)."""
    return months_between(a, b) // 12


# --- days off


@lru_cache(maxsize=1)
def _next_open() -> "tuple[int, pl.Series]":
    """The first day of the calendar, and for each of its days the first working day from it on, or null."""
    import polars as pl

    base, table = calendar.next_open_table()
    return base, pl.Series([day if day >= 0 else None for day in table], dtype=pl.Int64)


@lru_cache(maxsize=1)
def _open_bounds() -> "tuple[int, pl.Series, pl.Series]":
    """For each day, how much later the first working day is at the earliest and at the latest.

    Before the first and after the last entry both are constant, so that an index may be clipped to the table.
    """
    import polars as pl

    margin = calendar.LONGEST_REST + 1
    days = range(calendar.FIRST_DAY - margin, calendar.LAST_DAY + margin + 1)
    bounds = [calendar.next_working_day_bounds(day) for day in days]
    earliest = pl.Series([low - day for day, (low, _) in zip(days, bounds, strict=True)], dtype=pl.Int64)
    latest = pl.Series([high - day for day, (_, high) in zip(days, bounds, strict=True)], dtype=pl.Int64)
    return days[0], earliest, latest


@lru_cache(maxsize=1)
def _working() -> "tuple[int, pl.Series, pl.Series]":
    """The first day of the calendar, its working days in order, and for each of its days how many until it."""
    import polars as pl

    days = range(calendar.FIRST_DAY, calendar.LAST_DAY + 1)
    open_days = [day for day in days if not calendar.is_rest(day)]
    worked, count = [], 0
    for day in days:
        count += not calendar.is_rest(day)
        worked.append(count)
    return days[0], pl.Series(open_days, dtype=pl.Int64), pl.Series(worked, dtype=pl.Int64)


def open_day(d: "pl.Expr") -> "pl.Expr":
    """The day, or the first working day after it (``windows.window_extended``)."""
    base, table = _next_open()
    return _take(table, d - base)


@lru_cache(maxsize=1)
def _arranged() -> "tuple[int, pl.Series]":
    """The first day of the calendar, and for each of its days whether it is off by arrangement."""
    import polars as pl

    days = range(calendar.FIRST_DAY, calendar.LAST_DAY + 1)
    return days[0], pl.Series([calendar.is_statutory_holiday(day) for day in days], dtype=pl.Boolean)


def public_holiday(d: "pl.Expr") -> "pl.Expr":
    """Whether the day is off by arrangement (``calendar.is_statutory_holiday``)."""
    base, table = _arranged()
    return _take(table, d - base)


def announced(d: "pl.Expr") -> "pl.Expr":
    """Whether the calendar settles to which working day the day moves."""
    import polars as pl

    return pl.when(d.is_not_null()).then(open_day(d).is_not_null())


def within(first: "pl.Expr", last: "pl.Expr", d: "pl.Expr", extend: "pl.Expr") -> "pl.Expr":
    """Whether d lies in a period, its end extended past days off or not (``windows.window_holds``)."""
    import polars as pl

    base, earliest, latest = _open_bounds()
    index = last - base
    beyond = d - last
    answer = (
        pl.when((d < first) | (last < first)).then(False)
        .when(beyond <= 0).then(True)
        .when(~extend).then(False)
        .when(beyond <= _near(earliest, index)).then(True)
        .when(beyond > _near(latest, index)).then(False)
    )  # fmt: skip
    # An empty period answers without the day, and a day inside without the extension: unknown stays unknown.
    known = first.is_not_null() & last.is_not_null() & d.is_not_null() & extend.is_not_null()
    return pl.when(known).then(answer)


def add_working_days(d: "pl.Expr", n: "pl.Expr") -> "pl.Expr":
    """The n-th working day after d (``calendar.add_working_days``)."""
    import polars as pl

    base, working, worked = _working()
    ahead, back = d - base, d - 1 - base
    done = pl.when(ahead == -1).then(0).otherwise(_take(worked, ahead))
    before = pl.when(back == -1).then(0).otherwise(_take(worked, back))
    forward, backward = _take(working, done + n - 1), _take(working, before + n)
    return pl.when(n == 0).then(d).when(n > 0).then(forward).when(n < 0).then(backward)


# --- lists


def any_(values: "pl.Expr") -> Aggregate:
    """True as soon as one is; else unknown where one is unknown."""
    import polars as pl

    return Aggregate(values.any(ignore_nulls=False), pl.lit(False))


def all_(values: "pl.Expr") -> Aggregate:
    """False as soon as one is; else unknown where one is unknown."""
    import polars as pl

    return Aggregate(values.all(ignore_nulls=False), pl.lit(True))


def _known(values: "pl.Expr", result: "pl.Expr") -> "pl.Expr":
    """The result of a group, unknown where one of its values is."""
    import polars as pl

    return pl.when(values.null_count() == 0).then(result)


def total(values: "pl.Expr") -> Aggregate:
    """The sum; unknown where one is unknown."""
    import polars as pl

    return Aggregate(_known(values, values.sum()), pl.lit(0))


def min_of(values: "pl.Expr", none: "pl.Expr") -> Aggregate:
    """The smallest that is not a stated absence; unknown where one is unknown."""
    return _extreme(values, none, lambda kept: kept.min())


def max_of(values: "pl.Expr", none: "pl.Expr") -> Aggregate:
    """The largest that is not a stated absence; unknown where one is unknown."""
    return _extreme(values, none, lambda kept: kept.max())


def _extreme(values: "pl.Expr", none: "pl.Expr", pick: "Callable[[pl.Expr], pl.Expr]") -> Aggregate:
    import polars as pl

    kept = pl.when(values.ne_missing(none)).then(values)
    return Aggregate(_known(values, pick(kept).fill_null(none.first())), none)


def first_of(values: "pl.Expr", none: "pl.Expr") -> Aggregate:
    """The first that is not a stated absence; unknown where that one is unknown."""
    return _end(values, none, lambda kept: kept.first())


def last_of(values: "pl.Expr", none: "pl.Expr") -> Aggregate:
    """The last that is not a stated absence; unknown where that one is unknown."""
    return _end(values, none, lambda kept: kept.last())


def _end(values: "pl.Expr", none: "pl.Expr", pick: "Callable[[pl.Expr], pl.Expr]") -> Aggregate:
    import polars as pl

    present = values.ne_missing(none)
    return Aggregate(pl.when(present.any()).then(pick(values.filter(present))).otherwise(none.first()), none)


def range_(n: "pl.Expr") -> "pl.Expr":
    """The whole numbers from zero up to n, excluded; an unknown list beyond the limit."""
    import polars as pl

    from baoquan_rules.language.operators import MOST_ITEMS  # the table imports this module

    return pl.int_ranges(0, pl.when(n <= MOST_ITEMS).then(n.clip(0, MOST_ITEMS)).cast(pl.Int64))


# --- tables

_DENSE = 1 << 22
"""How many cells a table may take when it is laid out over the whole range of its keys."""


@lru_cache(maxsize=512)
def _layout(table: "Table") -> "tuple[list[tuple[int, int, pl.Series | None]], pl.Series]":
    """For each key its lowest value, how many there are and, if far apart, which; then the values by index."""
    import polars as pl

    columns: list[list[int]] = [sorted(set(column)) for column in zip(*table.rows, strict=True)]
    spread = 1
    for column in columns:
        spread *= column[-1] - column[0] + 1
    keys: list[tuple[int, int, pl.Series | None]]
    if spread <= _DENSE:
        keys = [(column[0], column[-1] - column[0] + 1, None) for column in columns]
        places = [{key: key - column[0] for key in column} for column in columns]
    else:
        keys = [(0, len(column), pl.Series(column, dtype=pl.Int64)) for column in columns]
        places = [{key: place for place, key in enumerate(column)} for column in columns]
    size = 1
    for _, count, _ in keys:
        size *= count
    if size > _DENSE:
        raise ValueError(f"table {table.name}: {size:,} cells, at most {_DENSE:,}")
    values: list[Any] = [None] * size
    for row, value in table.rows.items():
        index = 0
        for key, (_, count, _), place in zip(row, keys, places, strict=True):
            index = index * count + place[key]
        values[index] = value
    return keys, pl.Series(values, dtype=_dtype_of(values))


def _dtype_of(values: "Sequence[Any]") -> Any:
    import polars as pl

    known = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in known):
        return pl.Boolean
    if all(isinstance(value, str) for value in known):
        return pl.String
    return pl.Int64 if all(abs(value) < 2**63 for value in known) else pl.Int128


def lookup(table: "Table", *keys: "pl.Expr") -> "pl.Expr":
    """The value of a table under its keys; unknown where the table holds none."""
    import polars as pl

    if not table.rows:
        return pl.lit(None)
    layout, values = _layout(table)
    index: pl.Expr | None = None
    for key, (low, count, known) in zip(keys, layout, strict=True):
        if known is None:
            place: pl.Expr = pl.when((key >= low) & (key < low + count)).then(key - low)
        else:
            codes = pl.Series(range(count), dtype=pl.Int64)
            place = key.cast(pl.Int64, strict=False).replace_strict(
                known, codes, default=None, return_dtype=pl.Int64
            )
        index = place if index is None else index * count + place
    return pl.lit(None) if index is None else _take(values, index)
