"""First and nominal last day of a period -> its last day past days off, and whether a day lies in it.

How an event and a length become these two days stands in ``meanings.window``. Whether a day off at the end moves the
last day is asked separately, because only the customer's acts are extended (Civil Code art. 203; excluded by the
clause under art. 204).

All functions take integers and are total: None stands for a day that cannot be computed.
"""

from baoquan_rules.language.calendar import (
    next_working_day_bounds,
    next_working_day_on_or_after,
)


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
