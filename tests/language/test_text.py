"""Money, rates, dates, periods: what is read, what is refused and why, what is shown in two languages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoquan_rules.language.civil import parse_date, parse_instant
from baoquan_rules.language.text import (
    MAX_FEN,
    Period,
    parse_money,
    parse_period,
    parse_rate,
    show_date_text,
    show_instant_text,
    show_int,
    show_money,
    show_money_plain,
    show_period,
    show_rate,
)


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        ("1000", 100_000),
        ("1,000.00", 100_000),
        ("1000.5", 100_050),
        ("0.01", 1),
        ("-12.30", -1230),
        ("−12.30", -1230),
        ("0", 0),
        ("-0.00", 0),
        (1000, 100_000),
        (-3, -300),
        (Decimal("1000.50"), 100_050),
        (Decimal("1000.5000"), 100_050),
        (Decimal("1E+3"), 100_000),
        (Decimal("-0.01"), -1),
        (Decimal("0E-50"), 0),
        (Decimal("9999999999999999.99"), MAX_FEN),
        ("9,999,999,999,999,999.99", MAX_FEN),
    ],
)
def test_money_is_read_exactly(value: str | int | Decimal, fen: int) -> None:
    """Text, whole yuan and Decimals become fen without any rounding."""
    assert fen == parse_money(value)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (0.1, "浮点数不精确"),
        (float("nan"), "浮点数"),
        (True, "bool"),
        (None, "NoneType"),
        (Decimal("NaN"), "NaN"),
        (Decimal("-Infinity"), "Infinity"),
        (Decimal("0.001"), "最多两位"),
        (Decimal("1.0000000000000000000000000000000000001"), "最多两位"),
        (Decimal("1E-999999"), "最多两位"),
        (Decimal("1E+999999"), "过大"),
        (10**16, "过大"),
        ("10000000000000000", "过大"),
        ("9" * 5000, "过大"),
        ("1e3", "指数"),
        ("1.005", "3 位小数"),
        ("1,00", "不是金额"),
        ("1,0000.00", "不是金额"),
        ("1.", "不是金额"),
        (".5", "不是金额"),
        ("+1", "不是金额"),
        ("007", "不是金额"),
        (" 1", "不是金额"),
        ("1\n", "不是金额"),
        ("１", "不是金额"),
        ("NaN", "不是金额"),
        ("", "不是金额"),
    ],
)
def test_what_is_not_exact_money_is_refused_with_the_reason(value: object, says: str) -> None:
    """The sentence says what was found and how to write it."""
    with pytest.raises(ValueError, match=says):
        parse_money(value)  # type: ignore[arg-type]


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_money_is_shown_as_it_is_read(fen: int) -> None:
    """Showing and reading are inverse, with grouping and with Decimals."""
    assert fen == parse_money(show_money_plain(fen)) == parse_money(Decimal(fen).scaleb(-2))


def test_money_is_shown_in_two_languages() -> None:
    """Grouped, two decimals, the true minus sign."""
    assert [show_money(f) for f in (123_456, 0, -5)] == ["1,234.56元", "0.00元", "−0.05元"]
    assert show_money(-123_456, "en") == "CNY −1,234.56"
    assert show_money_plain(100_000_000_00) == "100,000,000.00"


@pytest.mark.parametrize(
    ("text", "units", "shown"),
    [
        ("4.5%", 4_500_000, "4.5%"),
        ("0.045", 4_500_000, "4.5%"),
        ("100%", 100_000_000, "100%"),
        ("1", 100_000_000, "100%"),
        ("160%", 160_000_000, "160%"),
        ("0.000001%", 1, "0.000001%"),
        ("0.00000001", 1, "0.000001%"),
        ("-0.35%", -350_000, "−0.35%"),
        ("0", 0, "0%"),
    ],
)
def test_a_rate_is_read_exactly(text: str, units: int, shown: str) -> None:
    """Per cent and decimal writing give the same integer."""
    assert (units, shown) == (parse_rate(text), show_rate(units))


@given(st.integers(-(10**12), 10**12))
def test_a_rate_is_shown_as_it_is_read(rate: int) -> None:
    """Showing and reading are inverse."""
    assert rate == parse_rate(show_rate(rate))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("4.5", "写作 4.5%"),
        ("0.000000001", "最多 8 位"),
        ("0.0000001%", "最多 6 位"),
        ("4.5 %", "不是利率"),
        ("4,5%", "不是利率"),
        ("4.5‰", "不是利率"),
        ("1e-2", "不是利率"),
        ("9" * 5000 + "%", "不是利率"),
        (0.045, "写成文本"),
    ],
)
def test_what_is_no_rate_is_refused_with_the_cure(value: object, says: str) -> None:
    """A rate without its per cent sign is the commonest slip."""
    with pytest.raises(ValueError, match=says):
        parse_rate(value)  # type: ignore[arg-type]


def test_days_and_instants_are_written_out() -> None:
    """Chinese and English, with the weekday where it is asked for."""
    d = parse_date("2026-09-20")
    assert show_date_text(parse_date("2026-09-10")) == "2026年9月10日"
    assert show_date_text(d, weekday=True) == "2026年9月20日（周日）"
    assert show_date_text(d, "en") == "20 Sep 2026"
    assert show_date_text(d + 1, "en", weekday=True) == "21 Sep 2026 (Mon)"
    instant = parse_instant("2026-09-14T22:41")
    assert show_instant_text(instant) == "2026年9月14日22:41"
    assert show_instant_text(instant + 5, "en") == "14 Sep 2026 22:41:05"
    assert show_date_text(10**9) == "day 1000000000"
    assert show_instant_text(10**15) == "instant 1000000000000000"


@pytest.mark.parametrize(
    ("text", "period", "zh", "en"),
    [
        ("60 days", Period(60, "days"), "60天", "60 days"),
        ("1 day", Period(1, "days"), "1天", "1 day"),
        ("6 months", Period(6, "months"), "6个月", "6 months"),
        ("2 years", Period(2, "years"), "2年", "2 years"),
        ("5 working_days", Period(5, "working_days"), "5个工作日", "5 working days"),
        ("0 days", Period(0, "days"), "0天", "0 days"),
    ],
)
def test_a_period_is_read_and_shown(text: str, period: Period, zh: str, en: str) -> None:
    """Singular and plural read alike; each language shows its own form."""
    assert period == parse_period(text)
    assert (zh, en) == (show_period(period), show_period(period, "en"))
    assert period == parse_period(show_period(period, "en", written=True))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("60天", "此处应为 60 days"),
        ("6个月", "此处应为 6 months"),
        ("5个工作日", "此处应为 5 working_days"),
        ("5 working days", "此处应为 5 working_days"),
        ("60days", "此处应为 60 days"),
        ("1 Day", "此处应为 1 day"),
        ("60", "例如 60 days"),
        ("60 fortnights", "例如 60 days"),
        ("-1 days", "例如 60 days"),
        ("1.5 years", "例如 60 days"),
        ("060 days", "例如 60 days"),
        ("", "例如 60 days"),
    ],
)
def test_what_is_no_period_is_refused_with_the_nearest(text: str, says: str) -> None:
    """A period written another way is answered with the way to write it."""
    with pytest.raises(ValueError, match=says):
        parse_period(text)


def test_integers_are_written_out() -> None:
    """The true minus sign, no grouping."""
    assert [show_int(v) for v in (0, -3, 2026)] == ["0", "−3", "2026"]
