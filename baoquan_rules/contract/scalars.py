"""Plain values of author files and cases -> engine values of a declared type, and back to text."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from baoquan_rules.contract.part import Part, Words, words
from baoquan_rules.language import civil
from baoquan_rules.language.operators import round_half
from baoquan_rules.language.text import (
    Period,
    parse_money,
    parse_period,
    parse_rate,
    show_date_text,
    show_instant_text,
    show_money,
    show_period,
    show_rate,
)
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    INSTANT,
    MONEY,
    NONE,
    NONE_TEXT,
    PERIOD,
    RATE,
    TEXT,
    Type,
    enum,
    listed,
    show,
    whole,
)


def declared_type(part: Part) -> Type:
    """The type that a declaration (``{type: money, min: 0.00, optional: true}``) names.

    Raises:
        ValueError: the bounds cannot be read.
    """
    name = part.plain("type")
    kind = {"bool": BOOL, "date": DATE, "instant": INSTANT, "text": TEXT, "id": TEXT, "period": PERIOD, "rate": RATE}.get(name)
    if kind is None:
        if name == "money":
            kind = MONEY
        elif name == "int":
            kind = whole(unit=part.plain("unit", ""))
        else:
            kind = enum(*part.plain("words", {}))
    if kind.numeric:
        low, high = part.plain("min"), part.plain("max")
        low = kind.low if low is None else scalar(low, kind)
        high = kind.high if high is None else scalar(high, kind)
        kind = Type(kind.name, low, high, kind.unit)
    if part.plain("optional"):
        kind = kind.or_none()
    return listed(kind) if part.plain("list") else kind


def scalar(raw: Any, kind: Type) -> Any:
    """One plain value as an engine value; ``none`` where the type allows a stated absence.

    Raises:
        ValueError: it is not of the type or outside its bounds; the message is for the author.
    """
    if raw == "none":
        if kind.optional:
            return kind.absent
        raise ValueError("这里不能写 none（无）；不知道的值请整行去掉 / none cannot stand here; leave out the line of a value that is not known")
    value = _read(raw, kind)
    if value == NONE_TEXT:
        raise ValueError(f"“{NONE_TEXT}”不能作为文字使用；没有就写 none / '{NONE_TEXT}' is no text; write none for a stated absence")
    if kind.numeric and not kind.low <= value <= kind.high:
        low, high = ((show_value(kind.low, kind, lang), show_value(kind.high, kind, lang)) for lang in ("zh", "en"))
        raise ValueError(f"{raw} 超出允许范围：{low[0]} 至 {low[1]} / {raw} is out of range: {high[0]} to {high[1]}")
    return value


def _read(raw: Any, kind: Type) -> Any:
    match kind.name:
        case "bool":
            if isinstance(raw, bool):
                return raw
            raise ValueError(f"应为 true 或 false，得到的是 {raw!r} / true or false is needed; found {raw!r}")
        case "int":
            if isinstance(raw, int) and not isinstance(raw, bool):
                return raw
            raise ValueError(f"应为整数，得到的是 {raw!r} / a whole number is needed; found {raw!r}")
        case "money":
            if isinstance(raw, bool | float):
                raise ValueError(f"金额不能是 {type(raw).__name__}，请写成 10000.00 或带引号的文字 / money cannot be {type(raw).__name__}; write 10000.00 or a quoted text")
            return parse_money(raw)
        case "rate":
            if isinstance(raw, int) and not isinstance(raw, bool) and raw == 0:
                return 0
            if isinstance(raw, Decimal):
                raw = format(raw, "f")
            if isinstance(raw, int) and not isinstance(raw, bool):
                raise ValueError(f"比率 {raw} 没有百分号；写作 {raw}% / the rate {raw} lacks its per cent sign; write {raw}%")
            if not isinstance(raw, str):
                raise ValueError(f"比率请写成 4.5% 这样的文字，得到的是 {raw!r} / write a rate as text, such as 4.5%; found {raw!r}")
            return parse_rate(raw)
        case "date":
            if isinstance(raw, date) and not isinstance(raw, datetime):
                return civil.parse_date(raw.isoformat())
            if isinstance(raw, str):
                return civil.parse_date(raw)
            raise ValueError(f'日期请写成 "2026-09-10"，得到的是 {raw!r} / write a date as "2026-09-10"; found {raw!r}')
        case "instant":
            if isinstance(raw, datetime):
                if raw.microsecond:
                    raise ValueError(f"时刻只到秒，得到的是 {raw.isoformat()} / a time has whole seconds; found {raw.isoformat()}")
                return civil.parse_instant(raw.isoformat(timespec="seconds"))
            if isinstance(raw, str):
                return civil.parse_instant(raw)
            raise ValueError(f'时刻请写成 "2026-09-10T10:12"，得到的是 {raw!r} / write a time as "2026-09-10T10:12"; found {raw!r}')
        case "period":
            if not isinstance(raw, str):
                raise ValueError(f"期间请写成 60 days、6 months 或 2 years，得到的是 {raw!r} / write a period as 60 days, 6 months or 2 years; found {raw!r}")
            return parse_period(raw)
        case "enum":
            if raw in kind.values:
                return raw
            raise ValueError(f"“{raw}”不在可选的词里：{'、'.join(kind.values)} / '{raw}' is not one of the words: {', '.join(kind.values)}")
        case "text":
            if isinstance(raw, str) and len(raw) <= 500:
                if any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in raw):
                    raise ValueError("文字里有不能显示的字符 / the text holds characters that cannot be shown")
                return raw
            raise ValueError(f"应为一段文字（不超过500字），得到的是 {raw!r}；编号请加引号 / a text of 500 characters at most is needed; found {raw!r}; quote identifiers")
    raise ValueError(f"没有 {show(kind)} 这种值 / there are no values of {show(kind)}")


def value_words(part: Part) -> Mapping[str, Words]:
    """The words of a closed list with their texts."""
    found = part.plain("words", {})
    return {key: words(text) for key, text in found.items()} if isinstance(found, dict) else {}


def show_value(value: Any, kind: Type, lang: Any = "zh", names: Mapping[str, Words] | None = None) -> str:
    """An engine value as a reader sees it; ``names`` are the texts of a closed list."""
    if value is None:
        return "未知" if lang == "zh" else "unknown"
    if value == kind.absent:
        return "无" if lang == "zh" else "none"
    match kind.name:
        case "money":
            return show_money(value, lang)
        case "amount":
            return show_money(round_half(value, kind.den), lang)
        case "rate":
            return show_rate(value)
        case "date":
            return show_date_text(value, lang)
        case "instant":
            return show_instant_text(value, lang)
        case "period":
            return show_period(value, lang) if isinstance(value, Period) else str(value)
        case "bool":
            return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
        case "enum" | "text":
            found = (names or {}).get(value)
            return found.of(lang) if found else str(value)
    return str(value)


def plain_value(value: Any, kind: Type) -> Any:
    """An engine value as stable JSON: money "10000.00", dates and instants in ISO form, rates "4.5%", ``none`` as "none"."""
    if value is None or value is True or value is False:
        return value
    if value in (NONE, NONE_TEXT):
        return "none"
    match kind.name:
        case "money":
            return _decimal(value)
        case "amount":
            return {"numerator": str(value), "denominator": str(kind.den), "fen": _decimal(round_half(value, kind.den))}
        case "rate":
            return show_rate(value)
        case "date":
            return civil.show_date(value)
        case "instant":
            return civil.show_instant(value)
        case "period":
            return f"{value.count} {value.unit}"
        case "list":
            item = kind.item
            return [plain_value(part, item) for part in value] if item is not None else []
    return value


def _decimal(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
