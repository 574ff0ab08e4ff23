"""Civil dates, months, spans, instants: from the Civil Code, and against pendulum, another calendar."""

import subprocess
import sys

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoquan_rules.language.civil import (
    MAX_DAY,
    MAX_INSTANT,
    MIN_DAY,
    MIN_INSTANT,
    add_months,
    date_of,
    day,
    months_between,
    parse_date,
    parse_instant,
    show_date,
    show_instant,
    weekday,
    years_between,
    ymd,
)
from tests.lowered import anniversary, computed, spans_until

D = parse_date
days = st.integers(MIN_DAY, MAX_DAY)
EPOCH = pendulum.date(1970, 1, 1)


def oracle(d: int) -> pendulum.Date:
    return EPOCH.add(days=d)


@given(days)
def test_a_day_number_is_the_day_pendulum_counts_from_1970(d: int) -> None:
    """Day numbers, their parts, their text and their weekday agree with pendulum and convert back."""
    expected = oracle(d)
    assert (expected.year, expected.month, expected.day) == ymd(d)
    assert expected.to_date_string() == show_date(d)
    assert int(expected.day_of_week) == weekday(d)
    assert d == D(show_date(d)) == day(expected.year, expected.month, expected.day)


@given(days, st.integers(-4000, 4000))
def test_month_arithmetic_agrees_with_pendulum(d: int, n: int) -> None:
    """Adding months keeps the day of the month, or takes the month's last day, within 1900..2199."""
    start = oracle(d)
    if not 1900 <= (start.year * 12 + start.month - 1 + n) // 12 <= 2199:
        assert add_months(d, n) is None
    else:
        assert start.add(months=n).to_date_string() == show_date(add_months(d, n) or 0)


@given(days, days)
def test_months_between_is_the_largest_number_of_full_months(a: int, b: int) -> None:
    """k months are full on b, k + 1 are not."""
    k = months_between(a, b)
    assert k is not None
    now, after = add_months(a, k), add_months(a, k + 1)
    assert now is None or now <= b
    assert after is None or b < after
    assert years_between(a, b) == k // 12


@given(days, st.integers(1, 120), days)
def test_spans_tile_time(first: int, every: int, d: int) -> None:
    """Each day lies in exactly one span, and the spans up to a day are counted from the first."""
    count = spans_until(first, every, d)
    assert count is not None
    if not count:
        assert d < first
        return
    begin, end = anniversary(first, every, count - 1), anniversary(first, every, count)
    assert (begin is None or begin <= d) and (end is None or d < end)


def test_due_days_are_anchored_not_chained() -> None:
    """A series from 31 January comes back to the 31st after February."""
    due = [show_date(anniversary(D("2026-01-31"), 1, k) or 0) for k in range(5)]
    assert due == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert show_date(anniversary(D("2024-02-29"), 12, 4) or 0) == "2028-02-29"


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-09-10", "2026-09-09", 17),
        ("2008-09-10", "2026-09-10", 18),
        ("2008-02-29", "2026-02-27", 17),
        ("2008-02-29", "2026-02-28", 18),
        ("2008-02-29", "2024-02-28", 15),
        ("2008-02-29", "2024-02-29", 16),
        ("2026-09-10", "2026-09-09", -1),
    ],
)
def test_an_age_grows_on_the_birthday(born: str, on: str, age: int) -> None:
    """Born on 29 February: on 28 February of a common year, on the 29th of a leap year."""
    assert age == years_between(D(born), D(on))


def test_spans_until_counts_instalments_due() -> None:
    """Monthly instalments from 31 January: two are due by the end of February, none before the first."""
    first = D("2026-01-31")
    assert [0, 1, 1, 2, 2] == [
        spans_until(first, 1, D(d))
        for d in ("2026-01-30", "2026-01-31", "2026-02-27", "2026-02-28", "2026-03-30")
    ]


@pytest.mark.parametrize("outside", [MIN_DAY - 1, MAX_DAY + 1, -(2**62), 2**62])
def test_what_is_out_of_bounds_is_unknown(outside: int) -> None:
    """No function on integers raises or invents a day."""
    assert ymd(outside) is None
    assert add_months(outside, 1) is None
    assert add_months(0, outside) is None
    assert months_between(outside, 0) is None
    assert years_between(0, outside) is None
    assert spans_until(outside, 1, 0) is None
    assert anniversary(outside, 1, 0) is None
    assert date_of(outside * 86_400) is None
    assert show_date(outside) == f"day {outside}"
    assert day(outside, 1, 1) is None and day(2026, outside, 1) is None and day(2026, 1, outside) is None


def test_the_bounds_are_the_ends_of_1900_and_2199() -> None:
    """The first and last day exist; a month beyond them does not."""
    assert (show_date(MIN_DAY), show_date(MAX_DAY)) == ("1900-01-01", "2199-12-31")
    assert add_months(MAX_DAY, 1) is None and add_months(MIN_DAY, -1) is None
    assert (date_of(MIN_INSTANT), date_of(MAX_INSTANT)) == (MIN_DAY, MAX_DAY)
    assert date_of(MAX_INSTANT + 1) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-9-10", "例如 2026-09-10"),
        ("20260910", "不是日期"),
        ("2026-09-10 ", "不是日期"),
        ("2026-09-10\n", "不是日期"),
        ("２０２６-09-10", "不是日期"),
        ("", "不是日期"),
        ("2026-02-30", "该月最后一日是 2026-02-28"),
        ("2026-13-01", "月份应为 01 至 12"),
        ("2026-01-00", "日应从 01 起"),
        ("1899-12-31", "1900-01-01 至 2199-12-31"),
        ("2200-01-01", "1900-01-01 至 2199-12-31"),
    ],
)
def test_a_text_that_is_no_date_is_refused_with_the_cure(text: str, says: str) -> None:
    """The sentence shows what a date looks like or which is the nearest."""
    with pytest.raises(ValueError, match=says):
        D(text)


@given(st.integers(MIN_INSTANT, MAX_INSTANT))
def test_an_instant_is_shown_as_it_is_read(instant: int) -> None:
    """Showing and reading are inverse, and an instant lies in the day it starts from."""
    assert instant == parse_instant(show_instant(instant))
    d = date_of(instant)
    assert d is not None
    assert 0 <= instant - (computed("start_of(d)", d=d) or 0) < 86_400


def test_midnight_has_one_normal_form() -> None:
    """当日24时 is 次日零时, also at the end of a year; 23:40 is still the day."""
    assert parse_instant("2026-04-01T24:00") == parse_instant("2026-04-02T00:00") == computed("start_of(d)", d=D("2026-04-02"))
    assert show_instant(parse_instant("2026-12-31T24:00:00")) == "2027-01-01T00:00"
    assert date_of(parse_instant("2026-04-01T23:40")) == D("2026-04-01")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-09-10T10:12:30", "2026-09-10T10:12:30"),
        ("2026-09-10T10:12+08:00", "2026-09-10T10:12"),
        ("2026-09-10T16:30Z", "2026-09-11T00:30"),
        ("2026-09-10T00:30+09:00", "2026-09-09T23:30"),
        ("2026-09-10T24:00-05:00", "2026-09-11T13:00"),
        ("2026-09-10T00:00+05:30", "2026-09-10T02:30"),
        # Summer time: the civil clock of Shanghai was UTC+9.
        ("1988-07-01T10:00+08:00", "1988-07-01T11:00"),
        ("1988-07-01T10:00", "1988-07-01T10:00"),
    ],
)
def test_an_offset_is_converted_to_the_clock_of_shanghai(text: str, shown: str) -> None:
    """A time from abroad is the Shanghai time of the same moment."""
    assert shown == show_instant(parse_instant(text))


@given(st.integers(MIN_DAY + 2, MAX_DAY - 2), st.integers(0, 86_399), st.integers(-14 * 60, 14 * 60))
def test_offsets_agree_with_pendulum(d: int, seconds: int, offset: int) -> None:
    """Any offset, in any year, as pendulum reads the same text."""
    sign = "-" if offset < 0 else "+"
    text = f"{show_date(d)}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    text += f"{sign}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"
    expected = pendulum.parse(text)
    assert isinstance(expected, pendulum.DateTime)
    local = expected.in_timezone("Asia/Shanghai")
    assert parse_instant(local.format("YYYY-MM-DDTHH:mm:ss")) == parse_instant(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-09-10", "只有日期，没有时刻；时刻写作 2026-09-10T10:12"),
        ("2026-09-10 10:12", "不是时刻"),
        ("2026-09-10T10", "不是时刻"),
        ("2026-09-10T10:12:30.5", "不是时刻"),
        ("2026-09-10T24:01", "钟点不存在"),
        ("2026-09-10T25:00", "钟点不存在"),
        ("2026-09-10T10:60", "钟点不存在"),
        ("2026-09-10T10:12+15:00", "时区"),
        ("2026-02-30T10:12", "2026-02-28"),
        ("2199-12-31T24:00", "超出范围"),
        ("1900-01-01T00:00+14:00", "超出范围"),
    ],
)
def test_a_text_that_is_no_instant_is_refused_with_the_cure(text: str, says: str) -> None:
    """A day alone is no instant; neither is a clock that no clock shows."""
    with pytest.raises(ValueError) as caught:
        parse_instant(text)
    assert says in str(caught.value)


def test_reading_a_shanghai_time_loads_no_time_zone_library() -> None:
    """Pendulum and the calendar's data are loaded only by what needs them."""
    code = (
        "import sys; from baoquan_rules.language import calendar, civil, text, windows;"
        "civil.parse_instant('2026-09-10T10:12+08:00'); windows.window_holds(0, 5, False, 3);"
        "print(sorted({'pendulum', 'chinese_calendar'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"
