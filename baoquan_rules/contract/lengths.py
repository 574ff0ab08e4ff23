"""Periods of different units against each other, over the calendar: two months are sometimes shorter than sixty days."""

from dataclasses import dataclass
from typing import Final

from baoquan_rules.language.civil import add_months, parse_date, show_date
from baoquan_rules.language.text import Period, show_date_text

_FIRST: Final = parse_date("2024-01-01")
_CYCLE: Final = range(_FIRST, _FIRST + 1461)
"""Every day of four years, one of them a leap year: months and years have each of their lengths from some of these days."""

_MONTHS: Final = {"months": 1, "years": 12}


@dataclass(frozen=True, slots=True)
class Beyond:
    """How a value lies beyond a bound: always, or only from some days; then the worst such day and its length in days."""

    always: bool = True
    start: int | None = None
    days: int = 0

    def example(self, below: bool) -> tuple[str, str]:
        """What shows that it is so from some days, in both languages; nothing where it always is."""
        if self.always:
            return "", ""
        if self.start is None:
            return (
                f"：{'最短' if below else '最长'}可能{'只有' if below else '有'} {self.days} 天",
                f": it may be as {'short' if below else 'long'} as {self.days} days",
            )
        return (
            f"：从 {show_date(self.start)} 起算{'只有' if below else '有'} {self.days} 天",
            f": from {show_date_text(self.start, 'en')} it has {'only ' if below else ''}{self.days} days",
        )


def beyond(value: Period, bound: Period, *, below: bool) -> Beyond | None:
    """How a period is, or can be, shorter (else longer) than a bound that starts on the same day; ``None`` where it never is."""
    one, other = counted(value), counted(bound)
    if one[1] == other[1]:
        return Beyond() if (one[0] < other[0] if below else one[0] > other[0]) else None
    always, worst, found = True, 0, None
    for start in _CYCLE:
        (least, most), (low, high) = _days(value, start), _days(bound, start)
        gap = high - least if below else most - low
        always = always and (most < low if below else least > high)
        if gap > worst:
            worst = gap
            found = Beyond(False, None if "working_days" in (value.unit, bound.unit) else start, least if below else most)
    return Beyond() if always else found


def counted(period: Period) -> tuple[int, str]:
    """Years are months by twelves; the other units are counted as they are."""
    return (period.count * _MONTHS[period.unit], "months") if period.unit in _MONTHS else (period.count, period.unit)


def _days(period: Period, start: int) -> tuple[int, int]:
    """The least and the most calendar days that a period can have from a day."""
    if period.unit == "working_days":
        # At least each of them is a day; at most as many days off lie among them, and the longest run of holidays.
        return period.count, 2 * period.count + 10
    count, unit = counted(period)
    if unit == "days":
        return count, count
    end = add_months(start, count)
    days = end - start if end is not None else count * 30
    return days, days
