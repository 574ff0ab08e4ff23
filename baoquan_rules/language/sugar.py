"""Calls that are lowered while an expression is read: literals, windows, schedules, dated series, interest.

Each is one row of ``SUGAR`` with its documentation and the function that lowers it to the kernel; engines never hear
of any of them.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from baoquan_rules.authoring import both
from baoquan_rules.language import civil
from baoquan_rules.language.meanings import (
    YEAR_LCM,
    Scope,
    Series,
    Source,
    Static,
    Window,
    align,
    date_literal,
    days_literal,
    in_months,
    int_literal,
    is_node,
    none_literal,
    none_of,
    unknown,
    window,
    with_unit,
)
from baoquan_rules.language.nodes import Literal, Loop, Node, fold, literal, read
from baoquan_rules.language.operators import call, in_unit, negated
from baoquan_rules.language.text import parse_money, parse_period, parse_rate
from baoquan_rules.language.types import BOOL, DATE, INSTANT, MONEY, PERIOD, RATE, Type, money, show

if TYPE_CHECKING:
    from baoquan_rules.language.elaborate import Elaborator


@dataclass(frozen=True, slots=True)
class Sugar:
    """One call that is lowered while it is read."""

    name: str
    signature: str
    zh: str
    en: str
    example: str
    lower: "Callable[[Elaborator, ast.Call, Scope], Static]"


def _quoted(r: "Elaborator", tree: ast.Call, parse: Callable[[str], int], kind: Type) -> Node:
    arg = tree.args[0] if len(tree.args) == 1 else None
    if not (isinstance(arg, ast.Constant) and isinstance(arg.value, str)):
        name = ast.unparse(tree.func)
        r.wrong(tree, "BQ403", f'{name} 需要一个带引号的值，如 {name}("…")', f'{name} takes one quoted value, such as {name}("…")')
    try:
        found = parse(arg.value)
    except ValueError as error:
        r.wrong(arg, "BQ406", *both(str(error)))
    return literal(found, replace(kind, low=found, high=found))


def _yuan(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    return _quoted(r, tree, parse_money, money(0, 0))


def _rate(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    return _quoted(r, tree, _parse_rate, RATE)


def _parse_rate(text: str) -> int:
    found = parse_rate(text)
    if not RATE.low <= found <= RATE.high:
        raise ValueError(f"比率“{text}”过大；须在 -10000% 至 10000% 之间 / the rate {text} is beyond 10000%")
    return found


def _date(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    return _quoted(r, tree, civil.parse_date, DATE)


def _instant(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    return _quoted(r, tree, civil.parse_instant, INSTANT)


def _period(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    arg = tree.args[0] if len(tree.args) == 1 else None
    if not (isinstance(arg, ast.Constant) and isinstance(arg.value, str)):
        r.wrong(tree, "BQ403", '写法：period("60 days")', 'write period("60 days")')
    try:
        return literal(parse_period(arg.value), PERIOD)
    except ValueError as error:
        r.wrong(arg, "BQ406", *both(str(error)))


def _unit(unit: str) -> "Callable[[Elaborator, ast.Call, Scope], Static]":
    """A whole number without a unit as so many days, months or years; with ``""`` one with a unit as a plain number."""
    name = unit or "number"

    def lower(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
        args = [r.node(arg, scope) for arg in tree.args]
        r.count(tree, name, args, 1)
        kind = args[0].type
        if kind.name != "int" or kind.optional or bool(kind.unit) is bool(unit):
            r.wrong(tree, "BQ403", f"{name} 需要一个{'没有' if unit else '有'}单位的整数，得到的是 {show(kind)}",
                    f"{name} takes a whole number {'without' if unit else 'with'} a unit, found {show(kind)}")  # fmt: skip
        return with_unit(args[0], unit)

    return lower


def _fen(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "fen", args, 1)
    if not isinstance(args[0], Literal) or args[0].type.name != "int":
        r.wrong(tree, "BQ403", "fen 需要一个固定的整数", "fen takes a fixed whole number")
    return literal(args[0].value, money(args[0].value, args[0].value))


def _round_fen(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    return _rounded(r, tree, "round_fen", scope)


def _floor_fen(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    return _rounded(r, tree, "floor_fen", scope)


def _rounded(r: "Elaborator", tree: ast.Call, op: str, scope: Scope) -> Node:
    """Booked money: rounded, and unknown beyond what money can be."""
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, op, args, 1)
    if args[0].type.name == "money":
        return args[0]
    made = r.make(tree, op, args[0], int_literal(args[0].type.den))
    if made.type.low >= MONEY.low and made.type.high <= MONEY.high:
        return made
    low, high = (literal(bound, money(bound, bound)) for bound in (MONEY.low, MONEY.high))
    return r.make(tree, "fit", made, low, high)


def _given(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "given", args, 1)
    if not args[0].type.optional:
        r.wrong(tree, "BQ409", "这个值不会是“无”，不需要 given", "this value is never none, given is not needed")
    return r.make(tree, "given", args[0], none_literal(args[0].type))


def _otherwise(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "otherwise", args, 2)
    args = list(align(*args))
    return r.make(tree, "otherwise", args[0], args[1], none_literal(args[0].type))


def _required(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    """The value, unknown where it is none: for a record that ought to be there."""
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "required", args, 1)
    return r.make(tree, "otherwise", args[0], unknown(args[0].type.required()), none_literal(args[0].type))


def _prorate(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "prorate", args, 3)
    value_, part, year = args
    if not (in_unit(part.type, "days") and in_unit(year.type, "days")):
        r.wrong(tree, "BQ403", f"prorate 需要金额、天数、全年天数，得到 {show(part.type)}、{show(year.type)}",
                f"prorate takes an amount, days and the days of the year, found {show(part.type)}, {show(year.type)}")  # fmt: skip
    year, low = align(year, int_literal(365))
    year, high = align(year, int_literal(366))
    year = r.make(tree, "fit", year, low, high)
    factor = r.make(tree, "quotient", align(int_literal(YEAR_LCM), year)[0], year)
    product = r.make(tree, "mul", r.make(tree, "mul", value_, part), factor)
    return r.make(tree, "over", product, int_literal(YEAR_LCM))


def _add_months(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "add_months", args, 2)
    fixed = args[1].type.name == "period" or isinstance(args[1], Literal)
    return r.make(tree, "add_months", args[0], in_months(args[1]) if fixed else args[1])


def _anniversary(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "anniversary", args, 3)
    every, times = in_months(args[1]), args[2]
    # So many years are so many spans of twelve months, so many months as many of one.
    spans = {12: "years", 1: "months"}.get(every.value) if isinstance(every, Literal) else None
    if spans and times.type.name == "int" and times.type.unit == spans:
        times = with_unit(times, "")
    return r.make(tree, "add_months", args[0], r.make(tree, "mul", every, times))


def _spans(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    """How many dates of ``schedule(first, every, until)`` there are."""
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "spans", args, 3)
    return _count_of_dates(r, tree, *args)


def _count_of_dates(r: "Elaborator", tree: ast.AST, first: Node, every: Node, until: Node) -> Node:
    count = r.make(tree, "quotient", r.make(tree, "months_between", first, until), in_months(every))
    return r.make(tree, "max", r.make(tree, "add", count, int_literal(1)), int_literal(0))


def _schedule(r: "Elaborator", tree: ast.Call, scope: Scope) -> Source:
    """The dates first, first + every, ... until the last not after ``until``, each counted from the first."""
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "schedule", args, 3)
    first, every, until = args
    months = in_months(every)
    over = r.make(tree, "range", _count_of_dates(r, tree, first, every, until))
    kind = over.type.item
    assert kind is not None
    return Source(over, lambda var: call("add_months", first, call("mul", months, read(var, kind))))


def _each_day(r: "Elaborator", tree: ast.Call, scope: Scope) -> Source:
    """Every day from the first to the last, both included."""
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "each_day", args, 2)
    first, last = args
    length = r.make(tree, "add", r.make(tree, "days_between", first, last), days_literal(1))
    over = r.make(tree, "range", r.make(tree, "max", length, days_literal(0)))
    kind = over.type.item
    assert kind is not None
    return Source(over, lambda var: call("add_days", first, read(var, replace(kind, unit="days"))))


def _range(r: "Elaborator", tree: ast.Call, scope: Scope) -> Source:
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "range", args, 1)
    over = r.make(tree, "range", args[0])
    kind = over.type.item
    assert kind is not None
    return Source(over, lambda var: read(var, kind))


def _window(r: "Elaborator", tree: ast.Call, scope: Scope) -> Window:
    args = [r.node(arg, scope) for arg in tree.args]
    options = {key.arg: r.node(key.value, scope) for key in tree.keywords if key.arg}
    if len(args) != 2 or not set(options) <= {"counts", "purpose", "holidays"} or "purpose" not in options:
        r.wrong(tree, "BQ403", '写法：window(起算日, 长度, purpose="customer_act")，另可写 counts、holidays',
                   'write window(start, length, purpose="customer_act"), and if needed counts, holidays')  # fmt: skip
    start, length = args
    if start.type.name == "instant":
        start = r.make(tree, "date_of", start)
    if start.type.name != "date" or length.type.name != "period" or not isinstance(length, Literal):
        r.wrong(tree, "BQ403", "期间需要起算日和长度（如 60 days）", "a window takes a start day and a length (such as 60 days)")
    words = {"counts": ("next_day", "same_day"), "purpose": ("customer_act", "insurer_act", "status"),
             "holidays": ("extend", "not_extended")}  # fmt: skip
    said: dict[str, str] = {}
    for key, node in options.items():
        if not isinstance(node, Literal) or node.value not in words[key]:
            r.wrong(tree, "BQ405", f"{key} 只能是 {'、'.join(words[key])}", f"{key} is one of {', '.join(words[key])}")
        said[key] = node.value
    extend = said["purpose"] == "customer_act" and said.get("holidays", "extend") == "extend"
    return window(start, length.value, counts_first=said.get("counts") == "same_day", extend=extend, length_node=length)


def _passed(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    """Whether a day lies after the end of a window, its extension past days off included."""
    if len(tree.args) != 2:
        r.wrong(tree, "BQ403", "写法：passed(期间, 日期)", "write passed(window, day)")
    found, day = r.any(tree.args[0], scope), r.node(tree.args[1], scope)
    if not isinstance(found, Window):
        r.wrong(tree.args[0], "BQ403", "这里需要一个期间", "a window is needed here")
    if day.type.name == "instant":
        day = r.make(tree, "date_of", day)
    inside = r.make(tree, "within", found.first, found.nominal, day, literal(found.extend, BOOL))
    return r.make(tree, "and", r.make(tree, "ge", day, found.first), negated(inside))


def _in_force(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    """The value of a dated series on a day; unknown before its first date."""
    if len(tree.args) != 2 or tree.keywords:
        r.wrong(tree, "BQ403", "写法：in_force(按日期变动的数值, 日期)", "write in_force(series, day)")
    series, day = _series(r, tree, scope), r.node(tree.args[1], scope)
    steps = [(start, literal(rate, replace(series.type, low=rate, high=rate), series.name)) for start, rate in series.steps]
    result: Node = steps[0][1]
    for start, node in steps[1:]:
        result = r.make(tree, "if", r.make(tree, "ge", day, date_literal(start)), node, result)
    return r.make(tree, "if", r.make(tree, "ge", day, date_literal(steps[0][0])), result, unknown(result.type))


def _series(r: "Elaborator", tree: ast.Call, scope: Scope) -> Series:
    found = r.any(tree.args[0], scope) if tree.args else None
    if not isinstance(found, Series):
        r.wrong(tree, "BQ403", "第一项要是按日期变动的数值（如 company.reinstatement_rate）",
                   "the first argument is a dated series (such as company.reinstatement_rate)")  # fmt: skip
    return found


def _interest(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    """Simple interest: ``interest(principal, rate or series, from, to, day_base)``; the first day counts, the last not."""
    if len(tree.args) != 5 or tree.keywords:
        r.wrong(tree, "BQ403", "写法：interest(本金, 利率, 起, 止, 365)", "write interest(principal, rate, from, to, 365)")
    principal = r.node(tree.args[0], scope)
    rates = r.any(tree.args[1], scope)
    start, end, base = (r.node(arg, scope) for arg in tree.args[2:])
    days = r.make(tree, "span", start, end)
    if isinstance(rates, Series):
        factor = _rate_days(r, tree, rates, start, end, days)
    else:
        factor = r.make(tree, "mul", r.node(tree.args[1], scope), days)
    if not (isinstance(base, Literal) and base.value in (360, 365)):
        r.wrong(tree.args[4], "BQ403", "计息基数是 365 或 360", "the day base is 365 or 360")
    return r.make(tree, "over", r.make(tree, "mul", principal, factor), base)


def _rate_days(r: "Elaborator", tree: ast.AST, series: Series, start: Node, end: Node, days: Node) -> Node:
    """Sum of rate × days over the segments of a series; unknown before its first date."""
    first = series.steps[0][0]
    rest = days
    total: Node | None = None
    for index, (step, rate) in enumerate(series.steps[1:], 1):
        until = series.steps[index + 1][0] if index + 1 < len(series.steps) else civil.MAX_DAY
        low = r.make(tree, "max", start, date_literal(step))
        high = r.make(tree, "min", end, date_literal(until))
        overlap = r.make(tree, "max", r.make(tree, "days_between", low, high), days_literal(0))
        rest = r.make(tree, "sub", rest, overlap)
        part = r.make(tree, "mul", literal(rate, replace(RATE, low=rate, high=rate), series.name), overlap)
        total = part if total is None else r.make(tree, "add", total, part)
    rest = r.make(tree, "if", r.make(tree, "ge", start, date_literal(first)), rest, unknown(rest.type))
    rate = series.steps[0][1]
    part = r.make(tree, "mul", literal(rate, replace(RATE, low=rate, high=rate), series.name), rest)
    return part if total is None else r.make(tree, "add", part, total)


def _place(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    """Where a word stands in a fixed list, from zero; a word that is not in it comes after all that are."""
    args = [r.node(arg, scope) for arg in tree.args]
    r.count(tree, "place", args, 2)
    word, words = args
    if not (isinstance(word, Literal) and word.type.name == "enum" and isinstance(words, Literal) and words.type.name == "list" and words.type.item):
        r.wrong(tree, "BQ403", '写法：place("词", 清单参数)', 'write place("word", list parameter)')
    r.words(tree, word, read("place.word", words.type.item))
    return int_literal(words.value.index(word.value) if word.value in words.value else len(words.value))


def _first_day(r: "Elaborator", tree: ast.Call, scope: Scope) -> Node:
    """``first_day(test for d in each_day(a, b))``: the first day on which the test holds, or none."""
    if len(tree.args) != 1 or not isinstance(tree.args[0], ast.GeneratorExp):
        r.wrong(tree, "BQ403", "写法：first_day(条件 for d in each_day(起, 止))",
                   "write first_day(test for d in each_day(from, to))")  # fmt: skip
    source, var, test, body, _ = r.generator(tree.args[0], scope)
    node = body()
    if test is not None or not is_node(node) or node.type.name != "bool":
        r.wrong(tree, "BQ403", "first_day 里只写一个条件", "first_day takes one test")
    day = source.item(var)
    found = Type("date", DATE.low, DATE.high, optional=True)
    state = read(f"{var}_found", found)
    going = negated(call("given", state, none_literal(found)))
    step = call("if", node, day, none_of(DATE))
    loop = Loop(var, source.over, ("found",), (none_of(DATE),), going, (step,))
    return fold(loop, 0, found)


_ROWS = (
    Sugar('yuan', 'yuan("1,000.00")', '金额', 'money', 'yuan("1,000.00")', _yuan),
    Sugar('fen', 'fen(n)', '以分计的金额', 'money in fen', 'fen(0)', _fen),
    Sugar('rate', 'rate("4.5%")', '比率', 'a rate', 'rate("4.5%")', _rate),
    Sugar('date', 'date("2026-01-31")', '日期', 'a date', 'date("2026-01-31")', _date),
    Sugar('instant', 'instant("2026-01-31T10:00")', '时刻（上海民用时间）', 'an instant of the Shanghai civil clock', 'instant("2026-01-31T10:00")', _instant),
    Sugar('period', 'period("60 days")', '期间：days、months、years、working_days', 'a length: days, months, years, working_days', 'period("60 days")', _period),
    Sugar('days', 'days(n)', '没有单位的整数作天数', 'a whole number without a unit as so many days', 'add_days(d, days(count(xs)))', _unit("days")),
    Sugar('months', 'months(n)', '没有单位的整数作月数', 'a whole number without a unit as so many months', 'add_months(d, months(count(xs)))', _unit("months")),
    Sugar('years', 'years(n)', '没有单位的整数作年数', 'a whole number without a unit as so many years', 'years(count(xs)) > policy.premium_term_years', _unit("years")),
    Sugar('number', 'number(n)', '有单位的整数去掉单位', 'a whole number with its unit left off', 'number(days_between(a, b))', _unit("")),
    Sugar('round_fen', 'round_fen(amount)', '四舍五入到分', 'to the nearest fen', 'round_fen(premium * rate("4.5%"))', _round_fen),
    Sugar('floor_fen', 'floor_fen(amount)', '舍去不足一分的部分', 'down to the fen', 'floor_fen(amount)', _floor_fen),
    Sugar('given', 'given(x)', '不是“无”', 'not none', 'given(policy.expiry_date)', _given),
    Sugar('otherwise', 'otherwise(x, default)', '是“无”时取后者', 'the second where the first is none', 'otherwise(policy.expiry_date, d)', _otherwise),
    Sugar('required', 'required(x)', '应当有的值：是“无”就成了未知', 'a value that ought to be there: none becomes unknown', 'required(first(v.amount for v in cash_values))', _required),
    Sugar('prorate', 'prorate(x, days, year_days)', '按天数占全年（365 或 366 天）的比例，不舍入', 'by days of a year of 365 or 366, unrounded', 'prorate(growth, days, length)', _prorate),
    Sugar('add_months', 'add_months(d, n or period)', '若干月之后的对应日；没有对应日取月末（民法典第202条）', "the corresponding day so many months later, or the month's end (Civil Code art. 202)", 'add_months(d, period("6 months"))', _add_months),
    Sugar('anniversary', 'anniversary(first, every, k)', '从首日起第 k 个对应日，每次都从首日数', 'the k-th corresponding day, always counted from the first', 'anniversary(start, 12, 3)', _anniversary),
    Sugar('spans', 'spans(first, every, until)', 'schedule 里有几个日期', 'how many dates a schedule has', 'spans(first, 12, d)', _spans),
    Sugar('schedule', 'for d in schedule(first, every, until)', '从首日起每隔若干月的日期，止于不晚于末日', 'the dates from the first, each so many months on, up to the last', 'count(schedule(first, 12, d))', _schedule),
    Sugar('each_day', 'for d in each_day(first, last)', '从首日到末日的每一天', 'every day from the first to the last', 'first_day(test for d in each_day(a, b))', _each_day),
    Sugar('range', 'for k in range(n)', '0 到 n-1', '0 to n-1', 'sum(f(k) for k in range(3))', _range),
    Sugar('window', 'window(start, length, purpose=…, counts=…, holidays=…)', '期间：first_day、last_day、nominal_last_day、day_after、matured_from；d in 期间', 'a period: first_day, last_day, nominal_last_day, day_after, matured_from; d in window', 'window(due, period("60 days"), purpose="customer_act")', _window),
    Sugar('passed', 'passed(window, d)', 'd 在期间结束（含顺延）之后', 'd lies after the end of a window, its extension included', 'passed(grace, d)', _passed),
    Sugar('place', 'place("word", list)', '词在清单参数里的次序，从零数起；不在其中的排在最后', 'where a word stands in a list parameter, from zero; a word not in it comes last', 'place("a", clause.order) < place("b", clause.order)', _place),
    Sugar('in_force', 'in_force(series, d)', '按日期变动的数值在某日的值；最早日期之前未知', 'a dated series on a day; unknown before its first date', 'in_force(company.policy_loan_rate, d)', _in_force),
    Sugar('interest', 'interest(principal, rate or series, from, to, 365)', '单利：算头不算尾，不舍入；倒置则未知', 'simple interest, the first day counted and the last not, unrounded; unknown where reversed', 'interest(p, company.reinstatement_rate, a, b, 365)', _interest),
    Sugar('first_day', 'first_day(test for d in each_day(a, b))', '条件第一次成立的日期，没有则为“无”', 'the first day on which a test holds, or none', 'first_day(debts_on(d) >= value_on(d) for d in each_day(a, b))', _first_day),
)

SUGAR = MappingProxyType({row.name: row for row in _ROWS})

AGGREGATES: Final = ("any", "all", "sum", "count", "min", "max", "first", "last")
"""``name(expression for x in list if condition)``; min, max, first and last give none where there is nothing."""
