"""Event day, length, unit -> first and last day of a period, its maturity, and whether a day lies in it.

The only place where a period of a law or a clause becomes days. A window is named by its first day and its
nominal last day; whether a day off at the end moves that day is asked separately, because only the
customer's acts are extended (Civil Code art. 203; excluded by the clause under art. 204).

All functions take integers and are total: None stands for a day that cannot be computed.
"""

from baoquan_rules.language.calendar import (
    add_working_days,
    next_working_day_bounds,
    next_working_day_on_or_after,
)
from baoquan_rules.language.civil import MAX_DAY, MIN_DAY, add_months


def window_first(start: int, first_counts: bool) -> int | None:
    """Day 1: the day after the event (Civil Code art. 201), or the event's day if the clause counts it."""
    if not MIN_DAY <= start <= MAX_DAY:
        return None
    return _within(start if first_counts else start + 1)


def window_last(start: int, count: int, unit: str, first_counts: bool) -> int | None:
    """The nominal last day of `count` days, months, years or working_days from `start`.

    A count of 0 is a window of no days. Not counting the first day (Civil Code arts 201, 202): start + count,
    or the corresponding day. Counting it: a day earlier, for the corresponding day then opens the next
    period; so a year from 1 March ends on the last of February, and consecutive periods follow on without
    gap or overlap, also from the 29th to the 31st. Working days: the count-th working day, the start being
    one of them if it counts and is no day off.
    """
    if count < 0:
        return None
    if unit == "working_days":
        if not MIN_DAY <= start <= MAX_DAY:
            return None
        return add_working_days(start - 1 if first_counts else start, count)
    end = matured_from(start, count, unit)
    return None if end is None else _within(end - 1 if first_counts else end)


def matured_from(start: int, count: int, unit: str) -> int | None:
    """The day from which on `count` days, months or years are full (满), itself included (art. 1259)."""
    if count < 0 or not MIN_DAY <= start <= MAX_DAY:
        return None
    if unit == "days":
        return _within(start + count)
    if unit == "months":
        return add_months(start, count)
    if unit == "years":
        return add_months(start, 12 * count)
    return None


def window_extended(last: int) -> int | None:
    """The last day, or where it is a day off the next working day (art. 203); None: calendar too short."""
    return next_working_day_on_or_after(last)


def window_holds(first: int, last: int, extend: bool, d: int) -> bool | None:
    """Whether d lies from `first` to `last`, both included, or in the extension of a last day off.

    None only where an answer would depend on arrangements the calendar does not have. A window of no days
    (last before first) holds none and has no last day to extend.
    """
    if d < first or last < first:
        return False
    if d <= last:
        return True
    if not extend:
        return False
    earliest, latest = next_working_day_bounds(last)
    if d <= earliest:
        return True
    return False if d > latest else None


def _within(d: int) -> int | None:
    return d if MIN_DAY <= d <= MAX_DAY else None
