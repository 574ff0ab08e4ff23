"""Working days and windows: from the State Council's notices, the Civil Code, and the source package."""

from datetime import date
from importlib.metadata import version

import chinese_calendar  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoquan_rules.language import calendar
from baoquan_rules.language.calendar import (
    add_working_days,
    is_rest,
    is_statutory_holiday,
    next_open_table,
    next_working_day_bounds,
    next_working_day_on_or_after,
    working_day_bounds,
)
from baoquan_rules.language.civil import MAX_DAY, MIN_DAY, add_months, parse_date, show_date
from baoquan_rules.language.windows import window_extended, window_holds
from tests.lowered import matured_from, window_first, window_last

D = parse_date
FIRST, LAST = calendar.FIRST_DAY, calendar.LAST_DAY
covered = st.integers(FIRST, LAST)
anywhere = st.integers(MIN_DAY, MAX_DAY)
EPOCH = date(1970, 1, 1).toordinal()


def span(first: str, last: str) -> range:
    return range(D(first), D(last) + 1)


def walk(d: int, n: int) -> int | None:
    """The n-th working day after d, one day at a time."""
    while n:
        d += 1
        rest = is_rest(d)
        if rest is None:
            return None
        n -= not rest
    return d


def test_every_day_agrees_with_the_source() -> None:
    """The table says of each covered day what chinesecalendar says."""
    assert (show_date(FIRST), show_date(LAST)) == ("2004-01-01", "2026-12-24")
    for d in range(FIRST, LAST + 1):
        assert chinese_calendar.is_holiday(date.fromordinal(d + EPOCH)) == is_rest(d), show_date(d)


def test_2026_has_the_days_off_of_the_notice() -> None:
    """The arrangement for 2026: its days off, and the weekends made up for."""
    for first, last in (
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ):
        for d in span(first, last):
            assert is_rest(d) and is_statutory_holiday(d), show_date(d)
    for text in ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"):
        assert is_rest(D(text)) is False and is_statutory_holiday(D(text)) is False
    assert is_rest(D("2026-09-13")) is True and is_statutory_holiday(D("2026-09-13")) is False


@pytest.mark.parametrize(
    ("after", "fifth"),
    [
        ("2026-09-14", "2026-09-20"),
        ("2026-09-21", "2026-09-29"),
        ("2026-08-10", "2026-08-17"),
        ("2026-06-12", "2026-06-22"),
    ],
)
def test_five_working_days(after: str, fifth: str) -> None:
    """Counted over a made-up Sunday, over holidays and over an ordinary weekend."""
    assert fifth == show_date(add_working_days(D(after), 5) or 0)


@given(st.integers(FIRST - 5, LAST + 5), st.integers(0, 40))
def test_working_days_agree_with_a_walk(d: int, n: int) -> None:
    """The table of counts gives what counting day by day gives, unknown included."""
    assert walk(d, n) == add_working_days(d, n)


@given(covered, st.integers(1, 40))
def test_counting_back_undoes_counting_on(d: int, n: int) -> None:
    """From a working day, n on and n back is where it started."""
    start = next_working_day_on_or_after(d)
    there = None if start is None else add_working_days(start, n)
    if start is not None and there is not None:
        assert start == add_working_days(there, -n)


@given(covered)
def test_the_next_working_day_is_the_first_that_is_no_day_off(d: int) -> None:
    """Everything between is off; the vectorised table holds the same."""
    found = next_working_day_on_or_after(d)
    base, table = next_open_table()
    assert (-1 if found is None else found) == table[d - base]
    assert len(table) == LAST - FIRST + 1
    if found is not None:
        assert is_rest(found) is False
        assert all(is_rest(x) for x in range(d, found))


def test_outside_the_coverage_nothing_is_claimed() -> None:
    """No answer before 2004 nor from Christmas 2026 on: the next New Year's notice may move those days."""
    for d in (FIRST - 1, LAST + 1, MIN_DAY, MAX_DAY, -(2**62)):
        assert is_rest(d) is None
        assert is_statutory_holiday(d) is None
        assert next_working_day_on_or_after(d) is None
    assert add_working_days(LAST, 1) is None
    assert add_working_days(FIRST - 1, 1) == D("2004-01-02")
    assert add_working_days(FIRST - 2, 1) is None
    assert add_working_days(FIRST, -1) is None


def test_the_longest_run_off_on_record_is_ten_days() -> None:
    """The Spring Festival of 2020, lengthened from 30 January to 2 February by notice of 26 January 2020."""
    assert calendar.LONGEST_REST == 10
    assert all(is_rest(d) for d in span("2020-01-24", "2020-02-02"))
    assert calendar.LONGEST_WORK == 10


def test_the_version_names_the_package_and_the_table() -> None:
    """A decision can say which calendar it used."""
    name, digest = calendar.CALENDAR_VERSION.rsplit(" ", 1)
    assert name == f"chinesecalendar {version('chinesecalendar')}"
    assert digest.startswith("sha256:") and len(digest) == 7 + 64


@given(anywhere, st.integers(-60, 60))
def test_working_day_bounds_are_exact_where_known_and_ordered(d: int, n: int) -> None:
    """Known: both ends are the answer. Unknown: an interval that lies on n's side of d and grows with n."""
    earliest, latest = working_day_bounds(d, n)
    known = add_working_days(d, n)
    if known is not None:
        assert (known, known) == (earliest, latest)
    assert earliest <= latest
    if n > 0:
        assert d + n <= earliest
        after, later = working_day_bounds(d, n + 1)
        assert earliest < after and latest < later


@given(covered, st.integers(1, 300), st.integers(0, 400))
def test_working_day_bounds_hold_what_the_record_holds(d: int, n: int, horizon: int) -> None:
    """Had the calendar ended anywhere earlier, the bounds would still have held the true day."""
    truth = add_working_days(d, n)
    if truth is None:
        return
    assert d + calendar._fastest(n) <= truth <= d + calendar._slowest(n)
    cut = min(d + horizon, truth - 1)
    left = n - sum(not is_rest(x) for x in range(d + 1, cut + 1))
    assert cut + calendar._fastest(left) <= truth <= cut + calendar._slowest(left)


def test_what_the_calendar_still_holds_is_counted_exactly() -> None:
    """From the last covered Monday: three working days are known, the fourth lies beyond."""
    assert working_day_bounds(D("2026-12-21"), 3) == (LAST, LAST)
    assert working_day_bounds(D("2026-12-21"), 4) == (LAST + 1, LAST + 11)


@given(anywhere)
def test_next_working_day_bounds_hold_the_next_working_day(d: int) -> None:
    """Exact where known; elsewhere from the day itself to the longest run on record."""
    earliest, latest = next_working_day_bounds(d)
    assert d <= earliest <= latest <= d + calendar.LONGEST_REST
    known = next_working_day_on_or_after(d)
    if known is not None:
        assert (known, known) == (earliest, latest)


# Windows


def last(start: str, count: int, unit: str, first_counts: bool = False) -> str:
    return show_date(window_last(D(start), count, unit, first_counts) or 0)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ("2026-01-31", 60, "days", "2026-04-01"),
        ("2024-02-29", 2, "years", "2026-02-28"),
        ("2022-02-28", 2, "years", "2024-02-28"),
        ("2026-08-31", 6, "months", "2027-02-28"),
        ("2026-03-01", 15, "days", "2026-03-16"),
        ("2026-09-14", 5, "working_days", "2026-09-20"),
    ],
)
def test_the_day_of_the_event_is_not_counted(start: str, count: int, unit: str, end: str) -> None:
    """Civil Code arts 201 and 202: due on 31 January, the sixtieth day is 1 April; cover stops on 2 April."""
    assert end == last(start, count, unit)
    assert D(start) + 1 == window_first(D(start), False)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ("2026-01-31", 60, "days", "2026-03-31"),
        ("2026-03-01", 1, "years", "2027-02-28"),
        ("2023-03-01", 1, "years", "2024-02-29"),
        ("2026-03-01", 1, "months", "2026-03-31"),
        ("2024-02-29", 1, "years", "2025-02-27"),
        ("2026-09-20", 5, "working_days", "2026-09-24"),
        ("2026-09-26", 1, "working_days", "2026-09-28"),
    ],
)
def test_the_first_day_may_count(start: str, count: int, unit: str, end: str) -> None:
    """之日起含当日: the period ends the day before the corresponding day."""
    assert end == last(start, count, unit, True)
    assert D(start) == window_first(D(start), True)


LEAP_CYCLE = range(D("2023-01-01"), D("2027-01-01"))


@pytest.mark.parametrize("first_counts", [False, True])
@pytest.mark.parametrize(
    ("count", "unit"), [(60, "days"), (15, "days"), (1, "months"), (6, "months"), (2, "years")]
)
def test_the_last_day_is_in_and_the_next_is_out(count: int, unit: str, first_counts: bool) -> None:
    """From every day of a leap cycle; and the first day is in, the one before it out."""
    for start in LEAP_CYCLE:
        first, end = window_first(start, first_counts), window_last(start, count, unit, first_counts)
        assert first is not None and end is not None
        assert [False, True, True, False] == [
            window_holds(first, end, False, d) for d in (first - 1, first, end, end + 1)
        ]
        if unit == "days":
            assert end - first + 1 == count


@pytest.mark.parametrize(("count", "unit"), [(60, "days"), (15, "days"), (2, "years")])
def test_an_extended_window_ends_on_the_next_working_day(count: int, unit: str) -> None:
    """From every start whose end is covered: days off at the end are in, the day after them too, no other."""
    for start in LEAP_CYCLE:
        first, end = start + 1, window_last(start, count, unit, False)
        assert end is not None
        extended = window_extended(end)
        if extended is None:
            assert end > LAST
            continue
        assert all(window_holds(first, end, True, d) is True for d in range(end, extended + 1))
        assert window_holds(first, end, True, extended + 1) is False
        assert is_rest(end) == (extended > end)


def test_a_grace_that_ends_on_a_holiday_runs_to_the_day_after() -> None:
    """Due 2026-08-02, last day 1 October: the customer may pay until 8 October (art. 203)."""
    end = window_last(D("2026-08-02"), 60, "days", False)
    assert end == D("2026-10-01") and window_extended(end) == D("2026-10-08")
    assert window_extended(D("2026-09-20")) == D("2026-09-20")


def test_past_the_calendar_only_the_doubtful_days_are_unknown() -> None:
    """In up to the nominal end, unknown for as long as a run off could last, out after that."""
    first, end = D("2027-01-01"), D("2027-02-06")
    asked = [end - 40, end, end + 1, end + 10, end + 11]
    assert [False, True, None, None, False] == [window_holds(first, end, True, d) for d in asked]
    assert [False, True, False, False, False] == [window_holds(first, end, False, d) for d in asked]
    assert window_extended(end) is None


def test_before_the_calendar_its_first_working_day_ends_the_doubt() -> None:
    """A window that ended on 31 December 2003 was over at the latest on 2 January 2004, a working day."""
    end = FIRST - 1
    assert [True, None, None, False] == [window_holds(end - 10, end, True, end + i) for i in range(4)]


@given(anywhere, st.integers(0, 4000), st.sampled_from(["days", "months", "years"]), st.booleans())
def test_what_is_full_is_no_longer_only_within(start: int, count: int, unit: str, first_counts: bool) -> None:
    """满 n matures on the last day within n, or the day after it where the first day counts."""
    end, full = window_last(start, count, unit, first_counts), matured_from(start, count, unit)
    if full is None:
        assert end is None
        return
    assert full == (
        start + count if unit == "days" else add_months(start, count * (12 if unit == "years" else 1))
    )
    if end is not None:
        assert full == end + first_counts


@given(anywhere, st.integers(1, 40), st.sampled_from(["months", "years"]))
def test_periods_that_count_their_first_day_tile(start: int, count: int, unit: str) -> None:
    """One period's last day is the day before the next period's first."""
    step = count * (12 if unit == "years" else 1)
    following, end = add_months(start, step), window_last(start, count, unit, True)
    assert following is None or end == following - 1


@given(anywhere, st.integers(0, 400), anywhere)
def test_the_answer_with_unknown_days_never_contradicts_the_answer_without(
    first: int, length: int, d: int
) -> None:
    """Extending a window never takes a day out of it."""
    plain, extended = (window_holds(first, first + length, extend, d) for extend in (False, True))
    assert plain is not None
    assert not plain or extended is True


def test_windows_are_total() -> None:
    """Negative lengths and days out of bounds give no day; a window of no days holds none."""
    assert window_last(0, -1, "days", False) is None
    assert window_last(MAX_DAY, 1, "days", False) is None
    assert window_last(0, 10**12, "years", True) is None
    assert window_last(-(2**62), 5, "working_days", False) is None
    assert window_first(MAX_DAY, False) is None
    assert matured_from(-(2**62), 1, "days") is None
    empty = window_last(D("2026-10-01"), 0, "days", False)
    assert empty == D("2026-10-01")
    assert window_holds(D("2026-10-02"), empty, True, D("2026-10-02")) is False
