"""Text <-> money, rates, dates, instants, periods: exact integers here, what people write and read there.

Reading accepts one way of writing each value and raises ValueError with a sentence that shows it. Showing
is total. No float occurs anywhere: 0.1 has no exact float, and a premium must.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from baoquan_rules.language.civil import date_of, show_date, show_instant, weekday, ymd
from baoquan_rules.language.types import RATE_UNIT

Lang = Literal["zh", "en"]

MAX_FEN: Final = 10**18 - 1
MINUS: Final = "\u2212"

_MONEY: Final = re.compile(r"([-−])?(0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.([0-9]+))?")
_RATE: Final = re.compile(r"([-−])?(0|[1-9][0-9]*)(?:\.([0-9]+))?(%)?")
_PERIOD: Final = re.compile(r"(0|[1-9][0-9]{0,4}) (day|month|year|working_day)(s)?")
_MONTHS: Final = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: Final = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_UNITS_ZH: Final = {"days": "天", "months": "个月", "years": "年", "working_days": "个工作日"}
_UNITS_READ_ZH: Final = {
    "天": "days", "日": "days", "个月": "months", "月": "months", "年": "years", "个工作日": "working_days",
    "工作日": "working_days",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time; `unit` is one of days, months, years, working_days."""

    count: int
    unit: str


_MONEY_FORMS = (
    "写作 1000、1000.50 或 1,000.50（元，最多两位小数）",
    "write 1000, 1000.50 or 1,000.50 (yuan, two decimals at most)",
)


def parse_money(value: str | int | Decimal) -> int:
    """'1,000.00', '1000.5', 1000 or Decimal('1000.50'), in yuan -> fen.

    ValueError for floats, booleans, exponents, NaN, a value finer than a fen, and 10^16 yuan or more.
    """
    if isinstance(value, str):
        return _read_money(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _within(abs(value) * 100, value < 0)
    if isinstance(value, Decimal) and value.is_finite():
        return _money_of_decimal(value)
    inexact = isinstance(value, float)
    raise ValueError(
        f"金额不能是 {value!r}（{type(value).__name__}）{'：浮点数不精确' if inexact else ''}；请写成文本“1000.00”、整数或 Decimal"
        f" / money cannot be {value!r} ({type(value).__name__}){', which is not exact' if inexact else ''}; write text '1000.00', an integer or a Decimal"
    )


def _read_money(text: str) -> int:
    match = _MONEY.fullmatch(text)
    if match is None:
        if re.fullmatch(r"[-−+]?[0-9.]+[eE][-+]?[0-9]+", text):
            raise ValueError(f"金额“{_brief(text)}”用了指数写法；请写全数字，例如 1000.00 / the amount '{_brief(text)}' has an exponent; write it out, as 1000.00")
        raise ValueError(f"“{_brief(text)}”不是金额；{_MONEY_FORMS[0]} / '{_brief(text)}' is no amount; {_MONEY_FORMS[1]}")
    decimals = match[3] or ""
    if len(decimals) > 2:
        raise ValueError(
            f"金额“{_brief(text)}”有 {len(decimals)} 位小数；最多两位（到分）"
            f" / the amount '{_brief(text)}' has {len(decimals)} decimals; at most two (fen)"
        )
    whole = match[2].replace(",", "")
    if len(whole) > 16:
        raise ValueError(f"金额“{_brief(text)}”过大；须小于 10 的 16 次方元 / the amount '{_brief(text)}' is too large; less than 10^16 yuan")
    return _within(int(whole + decimals.ljust(2, "0")), match[1] is not None)


def _money_of_decimal(value: Decimal) -> int:
    if value.is_zero():
        return 0
    if value.adjusted() > 15:
        raise ValueError("金额过大；须小于 10 的 16 次方元 / the amount is too large; less than 10^16 yuan")
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # the value is finite
    # Decimal arithmetic rounds to the context's precision: digits are moved as text, and only zeros cut.
    shift, written = exponent + 2, "".join(map(str, digits))
    if shift >= 0:
        return _within(int(written) * 10**shift, bool(sign))
    if -shift >= len(written) or written[shift:].strip("0"):
        raise ValueError(
            f"金额 {_brief(str(value))} 超过两位小数；最多两位（到分），请先按约定的舍入方法取整"
            f" / the amount {_brief(str(value))} has more than two decimals (fen); round it first, as agreed"
        )
    return _within(int(written[:shift]), bool(sign))


def _within(fen: int, negative: bool) -> int:
    if fen > MAX_FEN:
        raise ValueError("金额过大；须小于 10 的 16 次方元 / the amount is too large; less than 10^16 yuan")
    return -fen if negative else fen


def show_money_plain(fen: int) -> str:
    """Fen -> '1,234.56'; a negative amount has the minus sign U+2212."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{MINUS if fen < 0 else ''}{yuan:,}.{rest:02d}"


def show_money(fen: int, lang: Lang = "zh") -> str:
    """Fen -> '1,234.56元' or 'CNY 1,234.56'."""
    return f"{show_money_plain(fen)}元" if lang == "zh" else f"CNY {show_money_plain(fen)}"


def parse_rate(text: str) -> int:
    """'4.5%' or '0.045' -> units of 10^-8 (4_500_000).

    ValueError for a value finer than that, and for more than 1 without the sign %: 4.5 mostly means 4.5%.
    """
    match = _RATE.fullmatch(text) if isinstance(text, str) else None
    if match is None or len(text) > 24:
        raise ValueError(f"“{_brief(str(text))}”不是利率；写成文本“4.5%”或“0.045” / '{_brief(str(text))}' is no rate; write the text '4.5%' or '0.045'")
    decimals, places = match[3] or "", 6 if match[4] else 8
    if len(decimals) > places:
        raise ValueError(
            f"利率“{text}”有 {len(decimals)} 位小数；{'百分数' if match[4] else '小数'}最多 {places} 位"
            f" / the rate '{text}' has {len(decimals)} decimals; at most {places}"
        )
    units = int(match[2] + decimals.ljust(places, "0"))
    if units > RATE_UNIT and not match[4]:
        raise ValueError(f"利率“{text}”大于 1；写作 {text}%，若确为倍数也请写成百分数 / the rate '{text}' is more than 1; write {text}%, or a multiple as a percentage")
    return -units if match[1] else units


def show_rate(rate: int) -> str:
    """Units of 10^-8 -> '4.5%', without trailing zeros."""
    whole, rest = divmod(abs(rate), RATE_UNIT // 100)
    decimals = f".{rest:06d}".rstrip("0") if rest else ""
    return f"{MINUS if rate < 0 else ''}{whole}{decimals}%"


def show_date_text(d: int, lang: Lang = "zh", *, weekday: bool = False) -> str:
    """Day number -> '2026年9月10日' or '10 Sep 2026'; with weekday, '…（周日）' or '… (Sun)'."""
    parts = ymd(d)
    if parts is None:
        return show_date(d)
    year, month, dom = parts
    if lang == "zh":
        return f"{year}年{month}月{dom}日" + (f"（周{_weekday(d, lang)}）" if weekday else "")
    return f"{dom} {_MONTHS[month]} {year}" + (f" ({_weekday(d, lang)})" if weekday else "")


def _weekday(d: int, lang: Lang) -> str:
    return _WEEKDAYS[lang][weekday(d)]


def show_instant_text(instant: int, lang: Lang = "zh") -> str:
    """Instant -> '2026年9月14日22:41' or '14 Sep 2026 22:41'; seconds only where they are not zero."""
    d = date_of(instant)
    if d is None:
        return show_instant(instant)
    clock = show_instant(instant).split("T")[1]
    return show_date_text(d, lang) + ("" if lang == "zh" else " ") + clock


def parse_period(text: str) -> Period:
    """'60 days', '1 month', '2 years' or '5 working_days' -> Period."""
    if isinstance(text, str) and (match := _PERIOD.fullmatch(text)):
        return Period(int(match[1]), match[2] + "s")
    meant = _meant_period(str(text))
    raise ValueError(
        f"“{_brief(str(text))}”不是期间；写作 数量、空格、单位，单位为 days、months、years、working_days"
        f"{f'；此处应为 {meant}' if meant else '，例如 60 days'}"
        f" / '{_brief(str(text))}' is no period; write a number, a space and a unit: days, months, years, working_days"
        f"{f'; here {meant}' if meant else ', as 60 days'}"
    )


def _meant_period(text: str) -> str:
    match = re.fullmatch(r" *(0|[1-9][0-9]{0,4}) *([^0-9 ]+|working days?) *", text)
    if match is None:
        return ""
    word = match[2].lower().replace(" ", "_")
    unit = _UNITS_READ_ZH.get(word) or (word.rstrip("s") + "s")
    period = Period(int(match[1]), unit)
    return show_period(period, "en", written=True) if unit in _UNITS_ZH else ""


def show_period(period: Period, lang: Lang = "zh", *, written: bool = False) -> str:
    """Period -> '60天', '5个工作日' or '60 days'; `written`: the form that parse_period reads."""
    if lang == "zh":
        return f"{period.count}{_UNITS_ZH.get(period.unit, period.unit)}"
    unit = period.unit[:-1] if period.count == 1 else period.unit
    return f"{period.count} {unit if written else unit.replace('_', ' ')}"


def show_int(value: int) -> str:
    """-3 -> '−3' (U+2212), without grouping."""
    return f"{MINUS if value < 0 else ''}{abs(value)}"


def _brief(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
