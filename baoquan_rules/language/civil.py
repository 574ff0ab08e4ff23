"""Civil dates and instants: text <-> integers, months, ages, anchored spans.

A date is the number of days since 1970-01-01. An instant is the number of seconds since 1970-01-01T00:00 on
the civil clock of Asia/Shanghai; it carries no offset, so that "the same day" is one integer division.

Functions on integers are total: a date outside 1900-01-01 .. 2199-12-31, or a result outside it, is None.
Functions that read text raise ValueError with a sentence for the person who wrote the text.

Civil Code art. 202 decides what a month is: a period of months ends on the corresponding day of its last
month, and where that month has no such day, on the last day of the month.
"""

import re
from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from typing import Final

_EPOCH: Final = date(1970, 1, 1).toordinal()
DAY_SECONDS: Final = 86_400
MIN_DAY: Final = date(1900, 1, 1).toordinal() - _EPOCH
MAX_DAY: Final = date(2199, 12, 31).toordinal() - _EPOCH
MIN_INSTANT: Final = MIN_DAY * DAY_SECONDS
MAX_INSTANT: Final = (MAX_DAY + 1) * DAY_SECONDS - 1

_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
# China kept summer time from 1986 to 1991, so "+08:00" is the civil clock of every day only from 1992 on.
_ALWAYS_UTC8_FROM: Final = date(1992, 1, 1).toordinal() - _EPOCH


def _month_starts() -> tuple[int, ...]:
    starts, d = [], MIN_DAY
    for year in range(1900, 2200):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        for length in (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31):
            starts.append(d)
            d += length
    return (*starts, d)


# The first days of all months of 1900..2199, and the day after them: month arithmetic becomes index
# arithmetic, in a fraction of the time that date objects take.
_MONTHS: Final = _month_starts()


def day(year: int, month: int, day: int) -> int | None:
    """Year, month, day -> day number; None where there is no such day or it is out of bounds."""
    if not 1900 <= year <= 2199:
        return None
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except (ValueError, OverflowError):
        return None


def ymd(d: int) -> tuple[int, int, int] | None:
    """Day number -> (year, month, day); None out of bounds."""
    if not MIN_DAY <= d <= MAX_DAY:
        return None
    value = date.fromordinal(d + _EPOCH)
    return value.year, value.month, value.day


def weekday(d: int) -> int:
    """Day number -> 0 for Monday .. 6 for Sunday."""
    return (d + 3) % 7


def parse_date(text: str) -> int:
    """'2026-09-10' -> day number.

    ValueError for any other form, a day that does not exist, or one out of bounds.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"“{_brief(text)}”不是日期；日期写作 年-月-日，例如 2026-09-10 / '{_brief(text)}' is no date; write year-month-day, as 2026-09-10")
    year, month, dom = int(match[1]), int(match[2]), int(match[3])
    if not 1900 <= year <= 2199:
        raise ValueError(f"日期 {text} 超出范围；允许 1900-01-01 至 2199-12-31 / the date {text} is out of range; allowed: 1900-01-01 to 2199-12-31")
    number = day(year, month, dom)
    if number is None:
        why, why_en = _nearest_day(year, month, dom)
        raise ValueError(f"日历上没有 {text} 这一天：{why} / there is no day {text}: {why_en}")
    return number


def _nearest_day(year: int, month: int, dom: int) -> tuple[str, str]:
    if not 1 <= month <= 12:
        return "月份应为 01 至 12", "months are 01 to 12"
    last = show_date(_MONTHS[(year - 1900) * 12 + month] - 1)
    return (f"该月最后一日是 {last}", f"the month ends on {last}") if dom > 28 else ("日应从 01 起", "days start at 01")


def show_date(d: int) -> str:
    """Day number -> '2026-09-10'. A number out of bounds is shown as such, never as a date."""
    if not MIN_DAY <= d <= MAX_DAY:
        return f"day {d}"
    return date.fromordinal(d + _EPOCH).isoformat()


def add_months(d: int, n: int) -> int | None:
    """The corresponding day n months later, earlier if n < 0.

    Where that month has no such day, its last day (Civil Code art. 202).
    """
    if not MIN_DAY <= d <= MAX_DAY:
        return None
    month = bisect_right(_MONTHS, d) - 1
    target = month + n
    if not 0 <= target < 3600:
        return None
    moved, end = _MONTHS[target] + d - _MONTHS[month], _MONTHS[target + 1]
    return moved if moved < end else end - 1


def months_between(a: int, b: int) -> int | None:
    """The largest k with add_months(a, k) <= b; negative if b is before a."""
    if not (MIN_DAY <= a <= MAX_DAY and MIN_DAY <= b <= MAX_DAY):
        return None
    start, end = bisect_right(_MONTHS, a) - 1, bisect_right(_MONTHS, b) - 1
    # The month is full on the corresponding day, or on the last day of a month that has none.
    full = b - _MONTHS[end] >= a - _MONTHS[start] or b + 1 == _MONTHS[end + 1]
    return end - start if full else end - start - 1


def years_between(a: int, b: int) -> int | None:
    """Whole years from a to b, the corresponding day included: an age, where a is the day of birth.

    Who was born on 29 February is a year older on 28 February of a common year (Civil Code art. 202).
    """
    months = months_between(a, b)
    return None if months is None else months // 12


def parse_instant(text: str) -> int:
    """'2026-09-10T10:12[:30][Z|+08:00]' -> seconds on Shanghai's civil clock.

    'T24:00' is T00:00 of the next day: 当日24时 and 次日零时 are one point. An offset is converted to
    Shanghai time. ValueError for any other form, also for a plain date: a day is not a point in time.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        if _DATE.fullmatch(text):
            raise ValueError(f"“{text}”只有日期，没有时刻；时刻写作 {text}T10:12 / '{text}' is a day, not a time; write {text}T10:12")
        raise ValueError(
            f"“{_brief(text)}”不是时刻；时刻写作 2026-09-10T10:12，"
            "可加秒和时区，例如 2026-09-10T10:12:30+08:00"
            f" / '{_brief(text)}' is no time; write 2026-09-10T10:12, with seconds and an offset if need be: 2026-09-10T10:12:30+08:00"
        )
    d, hour, minute, second = parse_date(match[1]), int(match[2]), int(match[3]), int(match[4] or 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        raise ValueError(f"“{text}”的钟点不存在；允许 00:00:00 至 23:59:59，以及 24:00 / there is no such time of day as '{text}'; allowed: 00:00:00 to 23:59:59, and 24:00")
    instant = d * DAY_SECONDS + hour * 3600 + minute * 60 + second
    zone = match[5]
    if zone is not None and not (zone == "+08:00" and d >= _ALWAYS_UTC8_FROM):
        instant = _to_shanghai(instant, zone, text)
    if not MIN_INSTANT <= instant <= MAX_INSTANT:
        raise ValueError(f"时刻 {text} 超出范围；允许 1900-01-01T00:00 至 2199-12-31T23:59:59（上海时间） / the time {text} is out of range; allowed: 1900-01-01T00:00 to 2199-12-31T23:59:59 (Shanghai)")
    return instant


def _to_shanghai(clock: int, zone: str, text: str) -> int:
    """Seconds on the clock of `zone` -> seconds on Shanghai's civil clock."""
    hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[4:6]))
    if hours > 14 or minutes > 59:
        raise ValueError(f"“{text}”的时区 {zone} 不存在；允许 -14:00 至 +14:00 / there is no offset {zone} as in '{text}'; allowed: -14:00 to +14:00")
    offset = (hours * 3600 + minutes * 60) * (-1 if zone[0] == "-" else 1)
    # Imported here: it takes longer than the rest of the package, and few cases carry a foreign offset.
    import pendulum

    epoch = pendulum.datetime(1970, 1, 1, tz="UTC")
    local = epoch.add(seconds=clock - offset).in_timezone("Asia/Shanghai")
    clock_seconds = local.hour * 3600 + local.minute * 60 + local.second
    return (local.toordinal() - _EPOCH) * DAY_SECONDS + clock_seconds


def date_of(instant: int) -> int | None:
    """The civil day an instant lies in; 24:00 belongs to the day that begins."""
    return instant // DAY_SECONDS if MIN_INSTANT <= instant <= MAX_INSTANT else None


def show_instant(instant: int) -> str:
    """Instant -> '2026-09-10T10:12', with seconds only where they are not zero."""
    if not MIN_INSTANT <= instant <= MAX_INSTANT:
        return f"instant {instant}"
    d, seconds = divmod(instant, DAY_SECONDS)
    clock = datetime.combine(date.fromordinal(d + _EPOCH), time()) + timedelta(seconds=seconds)
    return clock.isoformat(timespec="seconds" if seconds % 60 else "minutes")


def _brief(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
