"""The operator table: what every ``Call`` means, for all engines, in one row each.

A row gives the name, the signature, a sentence in both languages, an example, the formula as an auditor reads it in
both languages (``loose`` where it wants brackets inside another), the
rule for the result's type and bounds, and the meaning: ``direct`` is a Python expression over known arguments,
``kleene`` the same where an argument may be unknown (without it the operator is strict: unknown in, unknown out), and
``columnar`` the function on Polars expressions; ``durable`` says how a rule engine decides it, where it can (without it
the rule engine is told the value). Where an operator ``leads``, ``direct`` also holds if only the first argument is
known. A new operator is one row here and nothing anywhere else.

Operators are total. What cannot be computed, such as a table read out of its range or a span that runs backwards, is
unknown, never an exception and never a guess; such rows are ``partial``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal, NoReturn

from baoquan_rules.language import calendar, civil, terms, vector, windows
from baoquan_rules.language.nodes import Call, Node, call_node, literal
from baoquan_rules.language.nodes import Literal as LiteralNode
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    INSTANT,
    LIMIT,
    MONEY_LIMIT,
    RATE_UNIT,
    Type,
    amount,
    listed,
    money,
    show,
    whole,
)


class Misuse(Exception):
    """An operator on arguments it does not take; the message says what it takes, in both languages."""

    def __init__(self, zh: str, en: str, code: str = "BQ403") -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en, self.code = zh, en, code


Types = tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Operator:
    """One row of the table."""

    name: str
    signature: str
    zh: str
    en: str
    example: str
    formula: str
    formula_en: str
    result: Callable[[Types], Type]
    direct: str
    columnar: Callable[..., Any]
    kleene: str | None = None
    partial: bool = False
    shape: Literal["scalar", "aggregate", "range"] = "scalar"
    loose: bool = False
    leads: bool = False
    durable: Callable[..., terms.Pair] | None = None


def _no(zh: str, en: str, got: Types) -> NoReturn:
    found = [show(kind) for kind in got]
    raise Misuse(f"这里需要{zh}，得到的是 {'、'.join(found)}", f"this takes {en}, found {', '.join(found)}")


def _same(a: Type, b: Type) -> bool:
    """Whether two values of these types may meet: same kind, same unit, same denominator."""
    return (a.name, a.unit, a.den) == (b.name, b.unit, b.den) or {a.name, b.name} == {"enum", "text"}


def in_unit(kind: Type, unit: str) -> bool:
    """Whether a whole number is in that unit; a fixed number without one takes the unit of what it meets."""
    return kind.name == "int" and (kind.unit == unit or (not kind.unit and kind.low == kind.high))


def _plain(got: Types) -> None:
    if any(kind.optional for kind in got):
        raise Misuse(
            f"可能为“无”的值（{', '.join(map(show, got))}）不能直接使用，请先写 otherwise(值, 默认)",
            f"a value that may be none ({', '.join(map(show, got))}) cannot be used here; write otherwise(value, default) first",
        )


def _bools(got: Types) -> Type:
    _plain(got)
    if any(kind.name != "bool" for kind in got):
        _no("条件", "bool", got)
    return BOOL


def _compare(got: Types) -> Type:
    a, b = got
    _plain(got)
    if not a.numeric or not _same(a, b):
        _no("同类、同单位的两个数或日期", "two numbers or dates of one kind and unit", got)
    return BOOL


def _equal(got: Types) -> Type:
    a, b = got
    if not _same(a, b) or a.name in ("list", "record"):
        _no("同类、同单位的两个值", "two values of one kind and unit", got)
    return BOOL


def _sum_type(got: Types) -> Type:
    a, b = got
    _plain(got)
    if not _same(a, b) or a.name not in ("int", "money", "amount", "rate"):
        _no("同类、同单位的两个数（金额加金额、天数加天数）", "two numbers of one kind and unit (money + money, days + days)", got)
    return replace(a, low=a.low + b.low, high=a.high + b.high)


def _difference(got: Types) -> Type:
    a, b = got
    _plain(got)
    if not _same(a, b) or a.name not in ("int", "money", "amount", "rate"):
        _no("同类、同单位的两个数", "two numbers of one kind and unit", got)
    return replace(a, low=a.low - b.high, high=a.high - b.low)


def _corners(a: Type, b: Type) -> tuple[int, int]:
    all4 = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    return min(all4), max(all4)


def _product(got: Types) -> Type:
    a, b = got
    _plain(got)
    low, high = _corners(a, b)
    names = (a.name, b.name)
    if names == ("int", "int"):
        if a.unit and b.unit:
            _no("两个整数，其中至多一个有单位", "whole numbers of which one at most has a unit", got)
        return Type("int", low, high, a.unit or b.unit)
    if set(names) <= {"money", "amount", "int", "rate"} and names.count("money") + names.count("amount") <= 1:
        den = a.den * b.den * RATE_UNIT ** names.count("rate")
        if "money" in names or "amount" in names:
            return Type("money", low, high) if den == 1 else amount(low, high, den)
        if names.count("rate") == 1:
            # A rate times days is no rate any more, and meets only its like.
            if a.unit and b.unit:
                _no("比率和整数，其中至多一个有单位", "a rate and a whole number of which one at most has a unit", got)
            return Type("rate", low, high, a.unit or b.unit)
    _no("金额、未舍入的金额、比率或整数，乘以比率或整数", "money, amount, rate or a whole number times a rate or a whole number", got)


def _quotient(got: Types) -> Type:
    a, b = got
    _plain(got)
    if a.name != "int" or b.name != "int" or b.low <= 0:
        _no("一个整数和一个大于零的整数", "a whole number and a whole number above zero", got)
    if b.unit not in ("", a.unit):
        _no("同单位的两个整数，或没有单位的除数（如 days // 7）", "two whole numbers of one unit, or a divisor without one (days // 7)", got)
    return replace(a, unit="" if b.unit else a.unit, low=min(a.low // b.low, a.low // b.high), high=max(a.high // b.low, a.high // b.high))


def _over(got: Types) -> Type:
    value, by = got
    _plain(got)
    if value.name not in ("money", "amount") or by.name != "int" or by.low != by.high or by.low <= 0:
        _no("金额（或未舍入的金额）除以固定的正整数", "money or an amount, divided by a fixed whole number above zero", got)
    return Type("amount", value.low, value.high, den=value.den * by.low)


def _ratio_floor(got: Types) -> Type:
    a, b = got
    _plain(got)
    if not (_same(a, b) and a.name in ("money", "amount", "int")):
        _no("同类的两个数", "two numbers of one kind", got)
    bound = max(abs(a.low), abs(a.high))
    return whole(-bound, bound)


def _round(got: Types) -> Type:
    value, den = got
    _plain(got)
    if value.name not in ("amount", "money") or den.name != "int" or den.low <= 0:
        _no("未舍入的金额", "an amount", got)
    return money(value.low // den.high - 1, value.high // den.low + 1)


def _step(got: Types) -> Type:
    value, unit = got
    _plain(got)
    if value.name != "money" or unit.name != "money" or unit.low <= 0:
        _no("金额和大于零的金额单位", "money and a step of money above zero", got)
    return money(value.low - unit.high, value.high + unit.high)


def _share(got: Types) -> Type:
    value, part, total = got
    _plain(got)
    if value.name != "money" or not _same(part, total) or not part.numeric:
        _no("金额，以及同类的部分和全部", "money, a part and a whole of one kind", got)
    if max(map(abs, _corners(value, part))) >= LIMIT // 4:
        raise Misuse("乘积可能超出可精确计算的范围", "the product may pass what can be computed exactly", "BQ410")
    return money(-MONEY_LIMIT, MONEY_LIMIT)


def _fit(got: Types) -> Type:
    value, low, high = got
    _plain(got)
    if not all(kind.numeric and _same(kind, value) for kind in got):
        _no("同类、同单位的数或日期", "numbers or dates of one kind and unit", got)
    return replace(value, low=max(value.low, low.low), high=min(value.high, high.high))


def _pick_type(a: Type, b: Type) -> Type:
    """The type of "one or the other"."""
    if a.name == "enum" and b.name == "enum":
        values = a.values + tuple(v for v in b.values if v not in a.values)
        return replace(a, values=values, optional=a.optional or b.optional)
    if not _same(a, b) or a.item != b.item:
        _no("同类、同单位的两个值", "two values of one kind and unit", (a, b))
    name = a.name if a.name == b.name else "text"
    return replace(a, name=name, low=min(a.low, b.low), high=max(a.high, b.high), optional=a.optional or b.optional)


def _if(got: Types) -> Type:
    if got[0].name != "bool" or got[0].optional:
        _no("一个条件和两个值", "a condition, a value and another value", got)
    if got[1].name == "bool" and (got[1].optional or got[2].optional):
        _no("两个不会是“无”的条件", "two conditions, neither of them none", got)
    if got[1].name in ("table", "period", "series", "record"):
        _no("两个值", "two values", got)
    return _pick_type(got[1], got[2])


def _least(got: Types) -> Type:
    a, b = got
    _plain(got)
    if not a.numeric or not _same(a, b):
        _no("同类的两个数或日期", "two numbers or dates of one kind", got)
    return replace(a, low=min(a.low, b.low), high=min(a.high, b.high))


def _most(got: Types) -> Type:
    a, b = got
    _plain(got)
    if not a.numeric or not _same(a, b):
        _no("同类的两个数或日期", "two numbers or dates of one kind", got)
    return replace(a, low=max(a.low, b.low), high=max(a.high, b.high))


def _is(kind: Type, takes: str) -> bool:
    """Whether a value is what a signature says: ``date``, ``int`` (without a unit), ``int[days]``."""
    name, _, unit = takes.rstrip("]").partition("[")
    return in_unit(kind, unit) if name == "int" else kind.name == name


def _signature(*takes: str, gives: Type) -> Callable[[Types], Type]:
    def result(got: Types) -> Type:
        _plain(got)
        if len(got) != len(takes) or not all(map(_is, got, takes)):
            _no("、".join(takes), ", ".join(takes), got)
        return gives

    return result


def _given(got: Types) -> Type:
    return BOOL


def _otherwise(got: Types) -> Type:
    value, default, _ = got
    if not value.optional:
        raise Misuse("这个值不会是“无”，不需要 otherwise", "this value is never none, otherwise is not needed", "BQ409")
    return _pick_type(value.required(), default)


def _items(got: Types) -> Type:
    if got[0].name != "list" or got[0].item is None:
        _no("列表", "a list", got)
    return got[0].item


MOST_ITEMS = 2400
"""The most items a list may have; the bound of every sum rests on it."""


def _sum_list(got: Types) -> Type:
    item = _items(got)
    if item.name not in ("int", "money", "amount", "rate") or item.optional:
        _no("整数、金额或比率的列表", "a list of whole numbers, money, amounts or rates", got)
    return replace(item, low=min(item.low * MOST_ITEMS, 0), high=max(item.high * MOST_ITEMS, 0))


def _extreme(got: Types) -> Type:
    item = _items((got[0],))
    if not item.numeric:
        _no("数或日期的列表", "a list of numbers or dates", got)
    return item.or_none()


def _one(got: Types) -> Type:
    item = _items((got[0],))
    if item.name == "bool":
        _no("数、日期或词的列表", "a list of numbers, dates or words", got)
    return item.or_none()


def _bool_list(got: Types) -> Type:
    if _items(got).name != "bool":
        _no("条件的列表", "a list of conditions", got)
    return BOOL


def _range(got: Types) -> Type:
    _plain(got)
    if got[0].name != "int":
        _no("整数", "a whole number", got)
    return listed(whole(0, MOST_ITEMS - 1))


def _lookup(got: Types) -> Type:
    _plain(got[1:])
    if got[0].name != "table" or got[0].item is None or any(kind.name != "int" for kind in got[1:]):
        _no("表和整数", "a table and whole numbers", got)
    return got[0].item


def round_half(n: int, d: int) -> int:
    """n/d to the nearest whole number, a half away from zero, so that a debt and its mirror round alike."""
    return (2 * n + d) // (2 * d) if n >= 0 else -((-2 * n + d) // (2 * d))


def _share_of(value: int, part: int, total: int) -> int | None:
    if total <= 0:
        return None
    found = round_half(value * part, total)
    return found if -MONEY_LIMIT <= found <= MONEY_LIMIT else None


def _any(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def _all(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def _total(values: list[int | None]) -> int | None:
    return None if None in values else sum(values)  # type: ignore[arg-type]


def _min_of(values: list[int], none: int) -> int:
    return min((v for v in values if v != none), default=none)


def _max_of(values: list[int], none: int) -> int:
    return max((v for v in values if v != none), default=none)


def _first_of(values: list[Any], none: Any) -> Any:
    """The first that is not none; unknown where an unknown stands before it."""
    for value in values:
        if value != none:
            return value
    return none


def _last_of(values: list[Any], none: Any) -> Any:
    return _first_of(values[::-1], none)


def _strict_list(function: Callable[[list[Any], Any], Any]) -> Callable[[list[Any], Any], Any]:
    return lambda values, none: None if None in values else function(values, none)


def _range_of(n: int) -> tuple[int, ...] | None:
    return tuple(range(max(n, 0))) if n <= MOST_ITEMS else None


def _table_value(table: Any, *keys: int) -> int | None:
    return table.rows.get(keys)  # type: ignore[no-any-return]


def _if_kleene(test: bool | None, yes: Any, no: Any) -> Any:
    return (yes if test else no) if test is not None else (yes if yes == no else None)


_ROWS = (
    # logic: Kleene's three values
    Operator("and", "(bool, bool) -> bool", "并且：有一个不成立就不成立", "both; false as soon as one is false",
             "a and b", "{0} 并且 {1}", "{0} and {1}", _bools, "({0} and {1})", lambda a, b: a & b,
             "(False if {0} is False or {1} is False else None if {0} is None or {1} is None else True)",
             durable=terms.both, leads=True, loose=True),
    Operator("or", "(bool, bool) -> bool", "或者：有一个成立就成立", "either; true as soon as one is true",
             "a or b", "{0} 或者 {1}", "{0} or {1}", _bools, "({0} or {1})", lambda a, b: a | b,
             "(True if {0} is True or {1} is True else None if {0} is None or {1} is None else False)",
             durable=terms.either, leads=True, loose=True),
    Operator("not", "(bool) -> bool", "不是", "the opposite", "not a", "不是（{0}）", "not ({0})", _bools, "(not {0})", lambda a: ~a,
             durable=terms.opposite),
    Operator("if", "(bool, T, T) -> T", "条件成立取前者，否则取后者；条件未知而两者相同则取之",
             "the first where the condition holds, else the second; where it is unknown and both agree, that",
             "a if test else b", "若 {0} 则 {1} 否则 {2}", "{1} if {0}, else {2}", _if, "({1} if {0} else {2})", vector.if_, "_if({0}, {1}, {2})",
             durable=terms.choice, leads=True, loose=True),
    # comparison
    Operator("eq", "(T, T) -> bool", "等于", "equal", "a == b", "{0} ＝ {1}", "{0} = {1}", _equal, "({0} == {1})", lambda a, b: a == b,
             durable=terms.compared("eq")),
    Operator("ne", "(T, T) -> bool", "不等于", "not equal", "a != b", "{0} ≠ {1}", "{0} ≠ {1}", _equal, "({0} != {1})", lambda a, b: a != b,
             durable=terms.compared("ne")),
    Operator("lt", "(T, T) -> bool", "小于（早于）", "less (earlier)", "a < b", "{0} ＜ {1}", "{0} < {1}", _compare, "({0} < {1})",
             lambda a, b: a < b,
             durable=terms.compared("lt")),
    Operator("le", "(T, T) -> bool", "不大于（不晚于），含本数", "at most (not later), the number included", "a <= b",
             "{0} ≤ {1}", "{0} ≤ {1}", _compare, "({0} <= {1})", lambda a, b: a <= b,
             durable=terms.compared("le")),
    Operator("gt", "(T, T) -> bool", "大于（晚于）", "more (later)", "a > b", "{0} ＞ {1}", "{0} > {1}", _compare, "({0} > {1})",
             lambda a, b: a > b,
             durable=terms.compared("gt")),
    Operator("ge", "(T, T) -> bool", "不小于（不早于），含本数", "at least (not earlier), the number included", "a >= b",
             "{0} ≥ {1}", "{0} ≥ {1}", _compare, "({0} >= {1})", lambda a, b: a >= b,
             durable=terms.compared("ge")),
    # whole numbers, money, amounts
    Operator("add", "(T, T) -> T", "相加，单位必须相同", "the sum, of one unit", "a + b", "{0} ＋ {1}", "{0} + {1}", _sum_type, "({0} + {1})",
             lambda a, b: a + b, loose=True),
    Operator("sub", "(T, T) -> T", "相减，单位必须相同", "the difference, of one unit", "a - b", "{0} － {1}", "{0} − {1}", _difference,
             "({0} - {1})", lambda a, b: a - b, loose=True),
    Operator("mul", "(money|amount|int, rate|int) -> amount|int", "相乘，不舍入；有单位的整数至多一个", "the product, unrounded; one whole number at most has a unit", "premium * rate",
             "{0} × {1}", "{0} × {1}", _product, "({0} * {1})", lambda a, b: a * b),
    Operator("quotient", "(int, int) -> int", "整除，向下取整；单位随前者，两者单位相同则没有单位", "the whole quotient, rounded down; in the unit of the first, and in none where both have it", "days // 7", "⌊{0} ÷ {1}⌋", "⌊{0} ÷ {1}⌋",
             _quotient, "({0} // {1})", lambda a, b: a // b),
    Operator("ratio_floor", "(T, T) -> int", "前者含几个后者，向下取整；除数不大于零则未知",
             "how many times the second goes into the first; unknown where it is not above zero",
             "ratio_floor(net, daily)", "⌊{0} ÷ {1}⌋", "⌊{0} ÷ {1}⌋", _ratio_floor, "({0} // {1} if {1} > 0 else None)",
             vector.ratio_floor, partial=True),
    Operator("over", "(money|amount, int) -> amount", "除以一个固定的整数，不舍入", "divided by a fixed whole number, unrounded",
             "premium * rate * days / 365", "{0} ÷ {1}", "{0} ÷ {1}", _over, "{0}", lambda a, n: a),
    Operator("min", "(T, T) -> T", "较小（较早）者", "the smaller (earlier)", "min(a, b)", "min（{0}，{1}）", "min({0}, {1})", _least,
             "({0} if {0} <= {1} else {1})", vector.least),
    Operator("max", "(T, T) -> T", "较大（较晚）者", "the larger (later)", "max(a, b)", "max（{0}，{1}）", "max({0}, {1})", _most,
             "({0} if {0} >= {1} else {1})", vector.most),
    Operator("round_fen", "(amount, den) -> money", "四舍五入到分", "to the nearest fen, a half up (away from zero)",
             "round_fen(premium * rate)", "四舍五入到分（{0}）", "{0}, to the nearest fen", _round, "_round({0}, {1})", vector.round_half),
    Operator("floor_fen", "(amount, den) -> money", "舍去不足一分的部分", "down to the fen", "floor_fen(a)",
             "向下取到分（{0}）", "{0}, down to the fen", _round, "({0} // {1})", lambda a, d: a // d),
    Operator("floor_to", "(money, money) -> money", "向下取整到整数倍", "down to a multiple of the step",
             "floor_to(a, yuan(\"100.00\"))", "按 {1} 向下取整（{0}）", "{0}, down to a multiple of {1}", _step, "({0} // {1} * {1})", lambda a, u: a // u * u),
    Operator("ceil_to", "(money, money) -> money", "向上取整到整数倍", "up to a multiple of the step",
             "ceil_to(a, yuan(\"1.00\"))", "按 {1} 向上取整（{0}）", "{0}, up to a multiple of {1}", _step, "(-(-{0} // {1}) * {1})",
             lambda a, u: (a + (u - 1)) // u * u),
    Operator("share", "(money, T, T) -> money", "按比例：金额 × 部分 ÷ 全部，四舍五入到分；全部不大于零则未知",
             "money × part ÷ whole to the nearest fen; unknown where the whole is not above zero",
             "share(benefit, paid, due)", "{0} × {1} ÷ {2}", "{0} × {1} ÷ {2}, to the nearest fen", _share, "_share({0}, {1}, {2})", vector.share, partial=True),
    Operator("fit", "(T, T, T) -> T", "超出允许范围则未知", "unknown outside the bounds", "within bounds", "{0}", "{0}", _fit,
             "({0} if {1} <= {0} <= {2} else None)", vector.fit, partial=True),
    # dates: every span and every end of a period is one of these
    Operator("days_between", "(date, date) -> int[days]", "从前一日到后一日的天数，可为负", "days from the first to the second, may be negative",
             "days_between(a, b)", "{0} 至 {1} 的天数", "days from {0} to {1}", _signature("date", "date", gives=whole(-110000, 110000, "days")),
             "({1} - {0})", lambda a, b: b - a),
    Operator("span", "(date, date) -> int[days]", "计息天数：算头不算尾；倒置则未知",
             "days of interest: the first day counts, the last does not; unknown where it runs backwards",
             "span(paid_out, today)", "{0} 至 {1} 的天数（算头不算尾）", "days from {0} to {1}, the last not counted",
             _signature("date", "date", gives=whole(0, 110000, "days")), "({1} - {0} if {0} <= {1} else None)",
             vector.span, partial=True),
    Operator("add_days", "(date, int[days]) -> date", "若干天之后", "so many days later", "add_days(d, 1)", "{0} 后 {1} 天", "{0} plus {1} days",
             _signature("date", "int[days]", gives=DATE), f"({{0}} + {{1}} if {civil.MIN_DAY} <= {{0}} + {{1}} <= {civil.MAX_DAY} else None)",
             vector.add_days, partial=True),
    Operator("add_months", "(date, int[months]) -> date", "若干月之后的对应日；没有对应日取月末", "the corresponding day so many months later, or the month's end",
             "add_months(d, 6)", "{0} 后 {1} 个月的对应日", "{1} months after {0}", _signature("date", "int[months]", gives=DATE), "_add_months({0}, {1})",
             vector.add_months, partial=True),
    Operator("months_between", "(date, date) -> int[months]", "已满的整月数", "whole months completed", "months_between(a, b)",
             "{0} 至 {1} 的整月数", "whole months from {0} to {1}", _signature("date", "date", gives=whole(-3600, 3600, "months")),
             "_months_between({0}, {1})", vector.months_between, partial=True),
    Operator("years_between", "(date, date) -> int[years]", "已满的整年数（周岁）", "whole years completed (age)",
             "years_between(birth, d)", "{0} 至 {1} 的整年数", "whole years from {0} to {1}", _signature("date", "date", gives=whole(-300, 300, "years")),
             "_years_between({0}, {1})", vector.years_between, partial=True),
    Operator("date_of", "(instant) -> date", "时刻所在的日期", "the civil date of an instant", "date_of(t)", "{0} 的日期", "date of {0}",
             _signature("instant", gives=DATE), f"({{0}} // {civil.DAY_SECONDS})", lambda a: a // civil.DAY_SECONDS),
    Operator("start_of", "(date) -> instant", "当日零时", "midnight at which a day begins", "start_of(d)", "{0} 零时", "midnight of {0}",
             _signature("date", gives=INSTANT), f"({{0}} * {civil.DAY_SECONDS})", lambda a: a * civil.DAY_SECONDS),
    Operator("open_day", "(date) -> date", "该日或其后第一个工作日（民法典第203条）；超出日历则未知",
             "the day, or the first working day after it (Civil Code art. 203); unknown beyond the calendar",
             "open_day(d)", "{0} 顺延到工作日", "{0}, or the next working day", _signature("date", gives=DATE), "_open_day({0})", vector.open_day, partial=True),
    Operator("public_holiday", "(date) -> bool", "该日是否在国务院公布的放假安排之内，普通周末不算；超出日历则未知",
             "whether the day is off by a State Council arrangement, which no ordinary weekend is; unknown beyond the calendar",
             "public_holiday(d)", "{0} 是节假日", "{0} is a public holiday", _signature("date", gives=BOOL), "_public_holiday({0})",
             vector.public_holiday, partial=True),
    Operator("announced", "(date) -> bool", "该日顺延到哪一天，放假安排是否已经公布", "whether the calendar settles to which working day the day moves",
             "announced(d)", "{0} 的放假安排已公布", "the calendar covers {0}", _signature("date", gives=BOOL), "(_open_day({0}) is not None)",
             vector.announced),
    Operator("within", "(date, date, date, bool) -> bool", "是否在期间之内，末日可否顺延",
             "whether a day lies in a period, its end extended past days off or not", "d in window",
             "{0} ≤ {2} ≤ {1}", "{0} ≤ {2} ≤ {1}", _signature("date", "date", "date", "bool", gives=BOOL),
             "_within({0}, {1}, {3}, {2})", vector.within, partial=True),
    Operator("add_working_days", "(date, int) -> date", "之后第几个工作日；超出日历则未知", "the n-th working day after; unknown beyond the calendar",
             "add_working_days(d, 5)", "{0} 后第 {1} 个工作日", "{1} working days after {0}", _signature("date", "int", gives=DATE),
             "_add_working_days({0}, {1})", vector.add_working_days, partial=True),
    # stated absence
    Operator("given", "(T?, none) -> bool", "不是“无”", "not none", "given(x)", "有{0}", "there is {0}", _given, "({0} != {1})",
             lambda a, none: a != none, durable=terms.compared("ne")),
    Operator("otherwise", "(T?, T, none) -> T", "是“无”时取后者", "the second where the first is none", "otherwise(x, default)",
             "{0}（无则 {1}）", "{0} (if none, {1})", _otherwise, "({1} if {0} == {2} else {0})", vector.otherwise,
             "(None if {0} is None else {1} if {0} == {2} else {0})", leads=True),
    # lists; an incomplete list has one more item, of which everything is unknown
    Operator("any", "(list of bool) -> bool", "有一项成立", "some item holds", "any(p for x in xs)", "有一项 {0}", "any: {0}", _bool_list,
             "(True in {0})", vector.any_, "_any({0})", shape="aggregate"),
    Operator("all", "(list of bool) -> bool", "每一项都成立", "every item holds", "all(p for x in xs)", "每项都 {0}", "all: {0}", _bool_list,
             "(False not in {0})", vector.all_, "_all({0})", shape="aggregate"),
    Operator("total", "(list of T) -> T", "合计", "the sum", "sum(x.amount for x in xs)", "合计 {0}", "sum of {0}", _sum_list, "sum({0})",
             vector.total, "(None if {0} is None else _total({0}))", shape="aggregate"),
    Operator("min_of", "(list of T?, none) -> T?", "最小（最早）的一项，没有则为“无”", "the smallest, none where there is none",
             "min(x.day for x in xs)", "{0} 中最小", "smallest of {0}", _extreme, "_min_of({0}, {1})", vector.min_of, "_min_of_k({0}, {1})",
             shape="aggregate"),
    Operator("max_of", "(list of T?, none) -> T?", "最大（最晚）的一项，没有则为“无”", "the largest, none where there is none",
             "max(x.day for x in xs)", "{0} 中最大", "largest of {0}", _extreme, "_max_of({0}, {1})", vector.max_of, "_max_of_k({0}, {1})",
             shape="aggregate"),
    Operator("first_of", "(list of T?, none) -> T?", "第一项，没有则为“无”", "the first, none where there is none",
             "first(x.amount for x in xs if p)", "{0} 的第一项", "first of {0}", _one, "_first_of({0}, {1})", vector.first_of, "_first_of({0}, {1})",
             shape="aggregate"),
    Operator("last_of", "(list of T?, none) -> T?", "最后一项，没有则为“无”", "the last, none where there is none",
             "last(x.amount for x in xs if p)", "{0} 的最后一项", "last of {0}", _one, "_last_of({0}, {1})", vector.last_of, "_last_of({0}, {1})",
             shape="aggregate"),
    Operator("range", "(int) -> list of int", "从零数起的若干个整数；超过上限则未知", "so many whole numbers from zero; unknown beyond the limit",
             "range(n)", "0 到 {0}（不含）", "0 up to {0}", _range, "_range({0})", vector.range_, partial=True, shape="range"),
    # tables
    Operator("lookup", "(table, int...) -> T", "查表；表外则未知", "a value of a table; unknown outside it", "tables.cash_value[year]",
             "查{0}（{*}）", "{0} at {*}", _lookup, "_lookup({*})", vector.lookup, partial=True),
)  # fmt: skip

OPERATORS = MappingProxyType({row.name: row for row in _ROWS})

NAMESPACE = MappingProxyType({
    "_if": _if_kleene,
    "_round": round_half,
    "_share": _share_of,
    "_add_months": civil.add_months,
    "_months_between": civil.months_between,
    "_years_between": civil.years_between,
    "_open_day": windows.window_extended,
    "_public_holiday": calendar.is_statutory_holiday,
    "_within": windows.window_holds,
    "_add_working_days": calendar.add_working_days,
    "_any": _any,
    "_all": _all,
    "_total": _total,
    "_min_of": _min_of,
    "_max_of": _max_of,
    "_min_of_k": _strict_list(_min_of),
    "_max_of_k": _strict_list(_max_of),
    "_first_of": _first_of,
    "_last_of": _last_of,
    "_range": _range_of,
    "_lookup": _table_value,
})  # fmt: skip
"""The functions that ``direct`` and ``kleene`` may name."""


def _python_function(name: str) -> Callable[..., Any]:
    """The meaning of an operator as a Python function of its arguments, of which some may be unknown."""
    row = OPERATORS[name]
    template = row.direct if row.kleene is None else row.kleene
    most = 1 + max((int(part[0]) for part in template.split("{")[1:] if part[0].isdigit()), default=0)
    body = template.replace("{*}", "*a") if "{*}" in template else template.format(*(f"a[{i}]" for i in range(most)))
    strict = "" if row.kleene is not None else "None if None in a else "
    return eval(f"lambda *a: {strict}{body}", dict(NAMESPACE))  # type: ignore[no-any-return]


_FUNCTIONS: dict[str, Callable[..., Any]] = {}


def meaning(name: str) -> Callable[..., Any]:
    """The operator as a function on arguments of which some may be unknown."""
    found = _FUNCTIONS.get(name)
    if found is None:
        found = _FUNCTIONS[name] = _python_function(name)
    return found


def call(op: str, *args: Node) -> Node:
    """The operator on its arguments: types and bounds checked, constants folded.

    Raises:
        Misuse: the arguments are not of the kinds the operator takes, or the result could pass the exact range.
    """
    row = OPERATORS[op]
    kind = row.result(tuple(arg.type for arg in args))
    if kind.numeric and (max(abs(kind.low), abs(kind.high)) >= LIMIT or kind.den >= LIMIT or (kind.optional and kind.wide)):
        raise Misuse("结果可能超出可精确计算的范围（2^126）", "the result may pass the exact range (2^126)", "BQ410")
    if row.shape == "scalar" and all(isinstance(arg, LiteralNode) for arg in args):
        value = meaning(op)(*(arg.value for arg in args if isinstance(arg, LiteralNode)))
        if value is not None:
            tight = replace(kind, low=value, high=value) if kind.numeric and not kind.optional else kind
            return literal(value, tight)
    if op == "if" and isinstance(args[0], LiteralNode):
        chosen = args[1] if args[0].value else args[2]
        if chosen.type.optional != kind.optional and not isinstance(chosen, LiteralNode):
            return call_node(op, args, kind)
        if isinstance(chosen, LiteralNode) and chosen.type != kind:
            return literal(chosen.value, kind, chosen.label)
        if isinstance(chosen, Call) and kind.name == "enum" and chosen.type.values != kind.values:
            # The words of the other branch remain words to compare with, though this product never comes to them.
            return call_node(chosen.op, chosen.args, kind)
        return chosen
    if op in ("and", "or"):
        for one, other in (args, args[::-1]):
            if isinstance(one, LiteralNode):
                return one if one.value is (op == "or") else other
    return call_node(op, args, kind)


def negated(node: Node) -> Node:
    """The opposite of a condition, with a double negation removed."""
    if isinstance(node, Call) and node.op == "not":
        return node.args[0]
    return call("not", node)
