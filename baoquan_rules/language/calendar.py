"""Day number -> day off or working day in mainland China, the next working day, the n-th one.

A day off is a weekend or a day of a State Council holiday arrangement; a weekend day that it
turns into a working day (调休上班) is none. Source: the package `chinesecalendar`, read once, on first use.

Coverage ends a week before the last year of the data does: the New Year arrangement of the following year
has moved days as early as 29 December (2007, 2018), so the end of December is not known until that
arrangement is published.

Outside the coverage the answer is None, and the `..._bounds` functions give an earliest and a latest day
instead. They rest on the record (2004 to the end of the data), not on a guess of arrangements to come: no
run of days off has been longer than LONGEST_REST (10 days: the Spring Festival of 2020, lengthened by
notice; else 9), no run of working days longer than LONGEST_WORK, and no n working days (n up to 10) took
more days than the slowest n of the record. Larger n are split into tens, each allowed to be the slowest,
which leaves ample room for holidays added by law.

`FIRST_DAY`, `LAST_DAY`, `CALENDAR_VERSION`, `LONGEST_REST`, `LONGEST_WORK` are module attributes that read
the table on first access; reach them as `calendar.LAST_DAY` where import time matters.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

FIRST_DAY: int
LAST_DAY: int
CALENDAR_VERSION: str
LONGEST_REST: int
LONGEST_WORK: int

_BLOCK: Final = 10
_LAZY: Final = ("FIRST_DAY", "LAST_DAY", "CALENDAR_VERSION", "LONGEST_REST", "LONGEST_WORK")


@dataclass(frozen=True, slots=True)
class _Table:
    """One entry a day from `first` to `last`; `worked[i]` counts the `working` days up to the i-th day."""

    first: int
    last: int
    rest: bytes
    arranged: bytes
    next_open: tuple[int, ...]
    working: tuple[int, ...]
    worked: tuple[int, ...]
    longest_rest: int
    longest_work: int
    slowest: tuple[int, ...]
    version: str


@lru_cache(maxsize=1)
def _table() -> _Table:
    import hashlib
    from datetime import date
    from importlib.metadata import version

    from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

    epoch = date(1970, 1, 1).toordinal()
    off = {d.toordinal() - epoch for d in holidays}
    made_up = {d.toordinal() - epoch for d in workdays}
    first = date(min(holidays).year, 1, 1).toordinal() - epoch
    last = date(max(holidays).year, 12, 24).toordinal() - epoch
    days = range(first, last + 1)
    # Day 0 was a Thursday: (d + 3) % 7 is 5 on Saturday, 6 on Sunday.
    rest = bytes(d not in made_up and (d in off or (d + 3) % 7 > 4) for d in days)
    arranged = bytes(d in off for d in days)
    working = tuple(d for d in days if not rest[d - first])
    worked, count = [], 0
    for resting in rest:
        count += not resting
        worked.append(count)
    next_open, ahead = [-1] * len(rest), -1
    for d in reversed(days):
        ahead = ahead if rest[d - first] else d
        next_open[d - first] = ahead
    digest = hashlib.sha256(f"{first}:".encode() + rest + b":" + arranged).hexdigest()
    return _Table(
        first=first,
        last=last,
        rest=rest,
        arranged=arranged,
        next_open=tuple(next_open),
        working=working,
        worked=tuple(worked),
        longest_rest=_longest(rest, 1),
        longest_work=_longest(rest, 0),
        slowest=(
            0,
            *(max(b - a for a, b in zip(working, working[n:], strict=False)) for n in range(1, _BLOCK + 1)),
        ),
        version=f"chinesecalendar {version('chinesecalendar')} sha256:{digest}",
    )


def _longest(rest: bytes, kind: int) -> int:
    return max(map(len, rest.split(bytes([1 - kind]))))


def __getattr__(name: str) -> int | str:
    # The import system asks each module for __path__; that must not load the table.
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    table = _table()
    values: dict[str, int | str] = {
        "FIRST_DAY": table.first,
        "LAST_DAY": table.last,
        "CALENDAR_VERSION": table.version,
        "LONGEST_REST": table.longest_rest,
        "LONGEST_WORK": table.longest_work,
    }
    globals().update(values)
    return values[name]


def is_rest(d: int) -> bool | None:
    """True on a day off, False on a working day, None outside the coverage."""
    table = _table()
    return bool(table.rest[d - table.first]) if table.first <= d <= table.last else None


def is_statutory_holiday(d: int) -> bool | None:
    """True on a day off of a State Council arrangement (no ordinary weekend is); None: not covered."""
    table = _table()
    return bool(table.arranged[d - table.first]) if table.first <= d <= table.last else None


def next_working_day_on_or_after(d: int) -> int | None:
    """The first working day from d on; None where it depends on days outside the coverage."""
    table = _table()
    if not table.first <= d <= table.last:
        return None
    found = table.next_open[d - table.first]
    return found if found >= 0 else None


def next_working_day_bounds(d: int) -> tuple[int, int]:
    """(earliest, latest) first working day from d on; equal where the coverage settles it."""
    table = _table()
    known = next_working_day_on_or_after(d)
    if known is not None:
        return known, known
    if d < table.first:
        return d, min(d + table.longest_rest, table.next_open[0])
    if d > table.last:
        return d, d + table.longest_rest
    run_start = table.working[table.worked[d - table.first] - 1] + 1
    return table.last + 1, max(table.last + 1, run_start + table.longest_rest)


def add_working_days(d: int, n: int) -> int | None:
    """The n-th working day after d, d not counted (before d if n < 0); None beyond the coverage."""
    table = _table()
    if n == 0:
        return d
    if n > 0:
        if not table.first - 1 <= d <= table.last:
            return None
        index = (table.worked[d - table.first] if d >= table.first else 0) + n - 1
        return table.working[index] if index < len(table.working) else None
    if not table.first <= d <= table.last + 1:
        return None
    index = (table.worked[d - 1 - table.first] if d > table.first else 0) + n
    return table.working[index] if index >= 0 else None


def working_day_bounds(d: int, n: int) -> tuple[int, int]:
    """(earliest, latest) n-th working day after d; equal inside the coverage."""
    known = add_working_days(d, n)
    if known is not None:
        return known, known
    table = _table()
    if n < 0:
        return d - _slowest(-n), d - _fastest(-n)
    start, left = d, n
    if table.first - 1 <= d < table.last:
        # What the coverage still holds is counted; only the rest is bounded.
        left -= len(table.working) - (table.worked[d - table.first] if d >= table.first else 0)
        start = table.last
    return start + _fastest(left), start + _slowest(left)


def _fastest(n: int) -> int:
    """Fewest days that hold n working days: a day off after each longest run of work."""
    return n + (n - 1) // _table().longest_work


def _slowest(n: int) -> int:
    tens, units = divmod(n, _BLOCK)
    slowest = _table().slowest
    return tens * slowest[_BLOCK] + slowest[units]


def next_open_table() -> tuple[int, tuple[int, ...]]:
    """(base, table): table[d - base] is the first working day from d on, -1 where it is not covered."""
    table = _table()
    return table.first, table.next_open
