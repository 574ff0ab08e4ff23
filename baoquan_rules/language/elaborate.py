"""Expression text and a scope -> a typed kernel node, or problems with their places.

The text is read with ``ast`` and never evaluated as Python. Names resolve in a ``Scope``; sugar (windows, schedules,
comprehensions, dated series, figures with parameters) is lowered here, once, so that engines never hear of it.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import lcm
from typing import Any, Final, NoReturn, Protocol

from baoquan_rules.authoring import nearest
from baoquan_rules.language import civil
from baoquan_rules.language.nodes import Call, Each, Literal, Loop, Node, Read, binder_depth, each, fold, literal, read, walk
from baoquan_rules.language.operators import OPERATORS, Misuse, call, negated
from baoquan_rules.language.text import Period, parse_money, parse_period, parse_rate
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    INSTANT,
    MAX_DAY,
    NONE,
    NONE_TEXT,
    PERIOD,
    RATE,
    TEXT,
    Type,
    listed,
    money,
    show,
    whole,
)

LONGEST: Final = 4000
"""The longest expression, in characters."""

YEAR_LCM: Final = 365 * 366

UNKNOWN: Final = "?"
"""The label of a value that no case can state."""


@dataclass(frozen=True, eq=False, slots=True)
class Absent:
    """The word ``none`` before its type is known."""


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """Named values side by side: a record of facts, a clause's parameters, a fold's states, a service's figures."""

    name: str
    find: Callable[[str], "Static | None"]
    names: Callable[[], Iterable[str]]


@dataclass(frozen=True, eq=False, slots=True)
class Item:
    """A bound item of a list of records."""

    var: str
    type: Type
    label: str


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """A period with its first day, its nominal and its extended last day, and the day on which it is complete."""

    first: Node
    nominal: Node
    last: Node
    matured: Node
    extend: bool
    length: Node


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """Dated values of product or company: from each date on, a rate."""

    name: str
    steps: tuple[tuple[int, int], ...]
    type: Type


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """A list to go over: a list fact, or a range seen through a function of its number."""

    over: Node
    item: Callable[[str], "Static"]


@dataclass(frozen=True, eq=False, slots=True)
class Function:
    """A figure with parameters; calling it inlines it."""

    name: str
    parameters: tuple[str, ...]
    apply: Callable[["tuple[Static, ...]"], "Static"]


Static = Literal | Read | Call | Each | Any


class Scope(Protocol):
    """Where names are looked up."""

    def find(self, name: str) -> Static | None:
        """What the name stands for, or ``None``."""

    def names(self) -> Iterable[str]:
        """All names there are, for suggestions."""


@dataclass(frozen=True, slots=True)
class Names:
    """A scope of given names over another."""

    own: Mapping[str, Static]
    outer: Scope | None = None
    depth: int = 0

    def find(self, name: str) -> Static | None:
        if name in self.own:
            return self.own[name]
        return self.outer.find(name) if self.outer else None

    def names(self) -> Iterable[str]:
        return (*self.own, *(self.outer.names() if self.outer else ()))


class Wrong(Exception):
    """What is wrong with an expression: code, words in both languages, and the characters it is about."""

    def __init__(self, code: str, zh: str, en: str, start: int = 0, end: int = 0, hint: str | None = None) -> None:
        super().__init__(f"{code} {zh} / {en}")
        self.code, self.zh, self.en, self.start, self.end, self.hint = code, zh, en, start, end, hint


class Poisoned(Exception):
    """The expression uses a figure that is itself wrong; its own problem is enough."""


def expression(text: str, scope: Scope) -> Static:
    """What the text means in the scope.

    Raises:
        Wrong: with the place, in characters of the text.
        Poisoned: a figure it uses is wrong.
    """
    return _Elaborator(text, _tree(text)).top(scope)


def source(text: str, scope: Scope) -> tuple[str, Source]:
    """``x in list``: the name and what to go over."""
    return _Elaborator(text, _tree(text)).source_of(scope)


def condition(text: str, scope: Scope) -> Node:
    """The text as a condition (bool)."""
    node = value(text, scope)
    if node.type.name != "bool":
        raise Wrong("BQ403", f"这里需要一个条件（bool），得到的是 {show(node.type)}",
                    f"a condition (bool) is needed here, found {show(node.type)}", 0, len(text))  # fmt: skip
    return node


def value(text: str, scope: Scope) -> Node:
    """The text as one value."""
    found = expression(text, scope)
    if not is_node(found):
        raise Wrong("BQ404", f"“{text}”不是一个值", f"“{text}” is not one value", 0, len(text))
    return found  # type: ignore[no-any-return]


def is_node(found: Static) -> bool:
    """Whether a meaning is a kernel node, a value an engine can compute."""
    return isinstance(found, Literal | Read | Call | Each) or type(found).__name__ == "Fold"


def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise Wrong("BQ401", f"表达式超过{LONGEST}个字符", f"the expression is longer than {LONGEST} characters", 0, 1)
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        offset = max((getattr(error, "offset", 1) or 1) - 2, 0) if getattr(error, "lineno", 1) == 1 else len(text) - 1
        start = min(offset, max(len(text) - 1, 0))
        word = text[start : start + 12].split()[:1]
        raise Wrong("BQ401", f"表达式读不懂，问题大约在“{''.join(word)}”处",
                    f"the expression cannot be read, near “{''.join(word)}”", start, start + 1,
                    "写法示例 / for example: request.amount <= maximum and given(policy.expiry_date)") from None  # fmt: skip


_BINARY: Final = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.FloorDiv: "quotient"}
_COMPARE: Final = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
_PLAIN: Final = (
    "days_between", "span", "add_days", "months_between", "years_between", "date_of", "start_of", "open_day",
    "add_working_days", "ratio_floor", "share", "floor_to", "ceil_to",
)  # fmt: skip
_AGGREGATES: Final = ("any", "all", "sum", "count", "min", "max", "first", "last")


@dataclass(slots=True)
class _Elaborator:
    text: str
    tree: ast.expr
    starts: list[int] = field(default_factory=list)

    def top(self, scope: Scope) -> Static:
        try:
            return self.any(self.tree, scope)
        except Misuse as misuse:
            raise Wrong(misuse.code, misuse.zh, misuse.en, 0, len(self.text)) from None
        except RecursionError:
            raise Wrong("BQ401", "表达式嵌套过深", "the expression is nested too deeply", 0, 1) from None

    # places

    def place(self, tree: ast.AST) -> tuple[int, int]:
        lines = f"({self.text}\n)".split("\n")
        if not self.starts:
            total = -1
            for line in lines:
                self.starts.append(total)
                total += len(line) + 1

        def offset(line: int, column: int) -> int:
            done = len(lines[line - 1].encode()[:column].decode(errors="ignore"))
            return min(max(self.starts[line - 1] + done, 0), len(self.text))

        start = offset(tree.lineno, tree.col_offset)  # type: ignore[attr-defined]
        end = offset(tree.end_lineno, tree.end_col_offset)  # type: ignore[attr-defined]
        return start, max(end, start + 1)

    def wrong(self, tree: ast.AST, code: str, zh: str, en: str, hint: str | None = None) -> NoReturn:
        raise Wrong(code, zh, en, *self.place(tree), hint)

    def make(self, tree: ast.AST, op: str, *args: Node) -> Node:
        try:
            return call(op, *args)
        except Misuse as misuse:
            self.wrong(tree, misuse.code, misuse.zh, misuse.en)

    # values

    def node(self, tree: ast.expr, scope: Scope) -> Node:
        found = self.any(tree, scope)
        if isinstance(found, Absent):
            self.wrong(tree, "BQ409", "这里不能写 none", "none has no place here")
        if not is_node(found):
            self.wrong(tree, "BQ404", f"“{ast.unparse(tree)}”不是一个值，请写出其中的一项",
                       f"“{ast.unparse(tree)}” is not one value; name a part of it", _parts(found))  # fmt: skip
        return found  # type: ignore[no-any-return]

    def any(self, tree: ast.expr, scope: Scope) -> Static:
        match tree:
            case ast.Constant():
                return self.constant(tree)
            case ast.Name():
                return self.name(tree, scope)
            case ast.Attribute():
                return self.attribute(tree, scope)
            case ast.BoolOp():
                nodes = [self.node(part, scope) for part in tree.values]
                op = "and" if isinstance(tree.op, ast.And) else "or"
                result = nodes[0]
                for part in nodes[1:]:
                    result = self.make(tree, op, result, part)
                return result
            case ast.UnaryOp(op=ast.Not()):
                inner = self.node(tree.operand, scope)
                if inner.type.name != "bool":
                    self.make(tree, "not", inner)
                return negated(inner)
            case ast.UnaryOp(op=ast.USub()):
                inner = self.node(tree.operand, scope)
                if isinstance(inner, Literal) and inner.type.numeric:
                    return literal(-inner.value, replace(inner.type, low=-inner.value, high=-inner.value))
                return self.make(tree, "mul", inner, _int(-1))
            case ast.BinOp():
                return self.binary(tree, scope)
            case ast.Compare():
                return self.compare(tree, scope)
            case ast.IfExp():
                return self.choice(tree, scope)
            case ast.Call():
                return self.called(tree, scope)
            case ast.Subscript():
                return self.subscript(tree, scope)
            case ast.ListComp() | ast.GeneratorExp():
                return self.comprehension(tree, scope)
        self.wrong(tree, "BQ402", f"表达式里不能用“{ast.unparse(tree)}”这种写法",
                   f"expressions have no such form: “{ast.unparse(tree)}”")  # fmt: skip

    def constant(self, tree: ast.Constant) -> Node:
        found = tree.value
        if isinstance(found, bool):
            return literal(found, BOOL)
        if isinstance(found, int):
            return _int(found)
        if isinstance(found, str):
            return literal(found, Type("enum", values=(found,)))
        source = self.text[slice(*self.place(tree))]
        self.wrong(tree, "BQ402", f"数字 {source} 的单位不明", f"the number {source} has no unit",
                   f'金额写 yuan("{source}")，比率写 rate("{source}") / money or rate')  # fmt: skip

    def name(self, tree: ast.Name, scope: Scope) -> Static:
        if tree.id in ("true", "false"):
            return literal(tree.id == "true", BOOL)
        if tree.id == "none":
            return Absent()
        found = scope.find(tree.id)
        if found is None:
            self.unknown(tree, tree.id, scope.names())
        return found

    def unknown(self, tree: ast.AST, name: str, valid: Iterable[str]) -> NoReturn:
        names = [n for n in valid if not n.startswith("_")]
        near = nearest(name, names)
        hint = f"是不是 {near}？ / did you mean {near}?" if near else f"可用的名称 / names: {', '.join(sorted(set(names))[:20])}"
        self.wrong(tree, "BQ404", f"没有名为 {name} 的项", f"nothing is named {name}", hint)

    def attribute(self, tree: ast.Attribute, scope: Scope) -> Static:
        base = self.any(tree.value, scope)
        found = member(base, tree.attr)
        if found is None:
            start, end = self.place(tree)
            near = nearest(tree.attr, members(base))
            hint = f"是不是 {near}？ / did you mean {near}?" if near else _parts(base)
            text = ast.unparse(tree.value)
            raise Wrong("BQ404", f"{text} 里没有 {tree.attr}", f"{text} has no {tree.attr}", end - len(tree.attr), end, hint)
        return found

    def binary(self, tree: ast.BinOp, scope: Scope) -> Node:
        left, right = self.node(tree.left, scope), self.node(tree.right, scope)
        match tree.op:
            case ast.Div():
                if not (isinstance(right, Literal) and right.type.name == "int" and right.value > 0):
                    self.wrong(tree.right, "BQ403", "除数必须是固定的正整数", "only a fixed whole number above zero divides",
                               "按比例用 share(金额, 部分, 全部) 或 prorate(金额, 天数, 年天数)")  # fmt: skip
                return self.make(tree, "over", left, right)
            case ast.Add() | ast.Sub():
                left, right = align(left, right)
                return self.make(tree, _BINARY[type(tree.op)], left, right)
            case ast.Mult() | ast.FloorDiv():
                if left.type.name in ("int", "rate") and right.type.name in ("money", "amount"):
                    left, right = right, left
                return self.make(tree, _BINARY[type(tree.op)], left, right)
        self.wrong(tree, "BQ402", "没有这种运算", "there is no such operation")

    def compare(self, tree: ast.Compare, scope: Scope) -> Node:
        result: Node | None = None
        left_tree: ast.expr = tree.left
        for op, right_tree in zip(tree.ops, tree.comparators, strict=True):
            part = self.pair(tree, op, left_tree, right_tree, scope)
            result = part if result is None else self.make(tree, "and", result, part)
            left_tree = right_tree
        assert result is not None
        return result

    def pair(self, tree: ast.Compare, op: ast.cmpop, left_tree: ast.expr, right_tree: ast.expr, scope: Scope) -> Node:
        if isinstance(op, ast.In | ast.NotIn):
            found = self.membership(tree, left_tree, right_tree, scope)
            return negated(found) if isinstance(op, ast.NotIn) else found
        if type(op) not in _COMPARE:
            self.wrong(tree, "BQ402", "没有这种比较", "there is no such comparison", "“无”的判断写 given(x) 或 not given(x)")
        left, right = align(self.node(left_tree, scope), self.node(right_tree, scope))
        self.words(tree, left, right)
        return self.make(tree, _COMPARE[type(op)], left, right)

    def words(self, tree: ast.AST, left: Node, right: Node) -> None:
        """A word compared with a closed list must be in it."""
        for one, other in ((left, right), (right, left)):
            bare = isinstance(one, Literal) and one.type.name == "enum" and one.type.values == (one.value,) and not one.label
            if bare and other.type.name == "enum" and len(other.type.values) > 1:
                assert isinstance(one, Literal)
                if one.value not in other.type.values:
                    near = nearest(one.value, other.type.values)
                    self.wrong(tree, "BQ405", f"“{one.value}”不在可选的词里", f"“{one.value}” is not one of the words",
                               f"是不是 {near}？" if near else f"可选 / one of: {', '.join(other.type.values)}")  # fmt: skip

    def membership(self, tree: ast.Compare, left_tree: ast.expr, right_tree: ast.expr, scope: Scope) -> Node:
        left = self.node(left_tree, scope)
        if isinstance(right_tree, ast.Tuple | ast.List):
            result: Node = literal(False, BOOL)
            for part in right_tree.elts:
                a, b = align(left, self.node(part, scope))
                self.words(part, a, b)
                result = self.make(tree, "or", result, self.make(tree, "eq", a, b))
            return result
        right = self.any(right_tree, scope)
        if isinstance(right, Window):
            if left.type.name == "instant":
                left = self.make(tree, "date_of", left)
            return self.make(tree, "within", right.first, right.nominal, left, literal(right.extend, BOOL))
        if isinstance(right, Literal) and right.type.name == "list":
            result = literal(False, BOOL)
            for word in right.value:
                result = self.make(tree, "or", result, self.make(tree, "eq", left, literal(word, Type("enum", values=(word,)))))
            return result
        if is_node(right) and right.type.name == "list":
            source = self.source(right_tree, right)
            var = f"#{1 + max(depth_of(left), depth_of(source.over))}"
            body = self.make(tree, "eq", *align(left, source.item(var)))
            return self.make(tree, "any", each(var, source.over, body, listed(BOOL)))
        self.wrong(right_tree, "BQ403", "in 之后要写期间、列表或几个值", "after in stands a window, a list or some values")

    def choice(self, tree: ast.IfExp, scope: Scope) -> Static:
        test = self.node(tree.test, scope)
        yes, no = self.any(tree.body, scope), self.any(tree.orelse, scope)
        if isinstance(yes, Group | Window | Item) or isinstance(no, Group | Window | Item):
            if isinstance(test, Literal):
                return yes if test.value else no
            self.wrong(tree, "BQ403", "这里只能在两个值之间选择", "only values can be chosen between")
        if isinstance(yes, Absent) and is_node(no):
            yes = none_of(no.type)
        if isinstance(no, Absent) and is_node(yes):
            no = none_of(yes.type)
        if not (is_node(yes) and is_node(no)):
            self.wrong(tree, "BQ403", "这里只能在两个值之间选择", "only values can be chosen between")
        yes, no = align(yes, no)
        return self.make(tree, "if", test, yes, no)

    def subscript(self, tree: ast.Subscript, scope: Scope) -> Node:
        table = self.node(tree.value, scope)
        keys = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        if table.type.name != "table":
            self.wrong(tree, "BQ403", "只有表可以用方括号查", "only a table is read with square brackets")
        assert isinstance(table, Literal)
        if len(keys) != len(table.value.keys):
            self.wrong(tree, "BQ403", f"这张表要{len(table.value.keys)}个键：{'、'.join(table.value.keys)}",
                       f"this table takes {len(table.value.keys)} keys: {', '.join(table.value.keys)}")  # fmt: skip
        return self.make(tree, "lookup", table, *(self.node(key, scope) for key in keys))

    # calls

    def called(self, tree: ast.Call, scope: Scope) -> Static:
        if not isinstance(tree.func, ast.Name):
            function = self.any(tree.func, scope)
            return self.inline(tree, function, scope)
        name = tree.func.id
        found = scope.find(name)
        if isinstance(found, Function):
            return self.inline(tree, found, scope)
        maker = getattr(self, f"call_{name}", None)
        if maker is not None:
            return maker(tree, scope)
        if name in _AGGREGATES:
            return self.aggregate(tree, name, scope)
        if name in _PLAIN:
            args = [self.node(arg, scope) for arg in tree.args]
            self.count(tree, name, args, OPERATORS[name].signature.count(",") + 1)
            if name in ("ratio_floor",):
                args[0], args[1] = align(args[0], args[1])
            return self.make(tree, name, *args)
        valid = [n for n in dir(self) if n.startswith("call_")]
        self.unknown(tree.func, name, [n[5:] for n in valid] + [*_AGGREGATES, *_PLAIN, *scope.names()])

    def count(self, tree: ast.Call, name: str, args: "list[Any]", wanted: int) -> None:
        if len(args) != wanted or tree.keywords:
            self.wrong(tree, "BQ403", f"{name} 需要 {wanted} 项", f"{name} takes {wanted} arguments")

    def inline(self, tree: ast.Call, function: Static, scope: Scope) -> Static:
        if not isinstance(function, Function):
            self.wrong(tree.func, "BQ403", "这不是带参数的量", "this figure takes no parameters", "去掉括号 / leave out the brackets")
        args = [self.any(arg, scope) for arg in tree.args]
        self.count(tree, function.name, args, len(function.parameters))
        try:
            return function.apply(tuple(args))
        except Misuse as misuse:
            self.wrong(tree, misuse.code, misuse.zh, misuse.en)

    def text_of(self, tree: ast.Call, parse: Callable[[str], int], kind: Type) -> Node:
        arg = tree.args[0] if len(tree.args) == 1 else None
        if not (isinstance(arg, ast.Constant) and isinstance(arg.value, str)):
            name = ast.unparse(tree.func)
            self.wrong(tree, "BQ403", f'{name} 需要一个带引号的值，如 {name}("…")', f'{name} takes one quoted value, such as {name}("…")')
        try:
            found = parse(arg.value)
        except ValueError as error:
            self.wrong(arg, "BQ406", str(error), str(error))
        return literal(found, replace(kind, low=found, high=found))

    def call_yuan(self, tree: ast.Call, scope: Scope) -> Node:
        return self.text_of(tree, parse_money, money(0, 0))

    def call_rate(self, tree: ast.Call, scope: Scope) -> Node:
        return self.text_of(tree, parse_rate, RATE)

    def call_date(self, tree: ast.Call, scope: Scope) -> Node:
        return self.text_of(tree, civil.parse_date, DATE)

    def call_instant(self, tree: ast.Call, scope: Scope) -> Node:
        return self.text_of(tree, civil.parse_instant, INSTANT)

    def call_period(self, tree: ast.Call, scope: Scope) -> Node:
        arg = tree.args[0] if len(tree.args) == 1 else None
        if not (isinstance(arg, ast.Constant) and isinstance(arg.value, str)):
            self.wrong(tree, "BQ403", '写法：period("60 days")', 'write period("60 days")')
        try:
            return literal(parse_period(arg.value), PERIOD)
        except ValueError as error:
            self.wrong(arg, "BQ406", str(error), str(error))

    def call_fen(self, tree: ast.Call, scope: Scope) -> Node:
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "fen", args, 1)
        if not isinstance(args[0], Literal) or args[0].type.name != "int":
            self.wrong(tree, "BQ403", "fen 需要一个固定的整数", "fen takes a fixed whole number")
        return literal(args[0].value, money(args[0].value, args[0].value))

    def call_round_fen(self, tree: ast.Call, scope: Scope) -> Node:
        return self.rounded(tree, "round_fen", scope)

    def call_floor_fen(self, tree: ast.Call, scope: Scope) -> Node:
        return self.rounded(tree, "floor_fen", scope)

    def rounded(self, tree: ast.Call, op: str, scope: Scope) -> Node:
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, op, args, 1)
        return self.make(tree, op, args[0], _int(args[0].type.den)) if args[0].type.name != "money" else args[0]

    def call_given(self, tree: ast.Call, scope: Scope) -> Node:
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "given", args, 1)
        if not args[0].type.optional:
            self.wrong(tree, "BQ409", "这个值不会是“无”，不需要 given", "this value is never none, given is not needed")
        return self.make(tree, "given", args[0], _none_literal(args[0].type))

    def call_otherwise(self, tree: ast.Call, scope: Scope) -> Node:
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "otherwise", args, 2)
        return self.make(tree, "otherwise", args[0], args[1], _none_literal(args[0].type))

    def call_required(self, tree: ast.Call, scope: Scope) -> Node:
        """The value, unknown where it is none: for a record that ought to be there."""
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "required", args, 1)
        return self.make(tree, "otherwise", args[0], unknown(args[0].type.required()), _none_literal(args[0].type))

    def call_prorate(self, tree: ast.Call, scope: Scope) -> Node:
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "prorate", args, 3)
        value_, part, year = args
        year = self.make(tree, "fit", year, _int(365), _int(366))
        factor = self.make(tree, "quotient", _int(YEAR_LCM), year)
        product = self.make(tree, "mul", self.make(tree, "mul", value_, part), factor)
        return self.make(tree, "over", product, _int(YEAR_LCM))

    def call_add_months(self, tree: ast.Call, scope: Scope) -> Node:
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "add_months", args, 2)
        return self.make(tree, "add_months", args[0], months_of(args[1]) if args[1].type.name == "period" else args[1])

    def call_anniversary(self, tree: ast.Call, scope: Scope) -> Node:
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "anniversary", args, 3)
        every = months_of(args[1]) if args[1].type.name == "period" else args[1]
        return self.make(tree, "add_months", args[0], self.make(tree, "mul", every, args[2]))

    def call_spans(self, tree: ast.Call, scope: Scope) -> Node:
        """How many dates of ``schedule(first, every, until)`` there are."""
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "spans", args, 3)
        return self.spans(tree, *args)

    def spans(self, tree: ast.AST, first: Node, every: Node, until: Node) -> Node:
        every = months_of(every) if every.type.name == "period" else every
        count = self.make(tree, "quotient", self.make(tree, "months_between", first, until), every)
        return self.make(tree, "max", self.make(tree, "add", _unitless(count), _int(1)), _int(0))

    def call_schedule(self, tree: ast.Call, scope: Scope) -> Source:
        """The dates first, first + every, ... until the last not after ``until``, each counted from the first."""
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "schedule", args, 3)
        first, every, until = args
        months = months_of(every) if every.type.name == "period" else every
        over = self.make(tree, "range", self.spans(tree, first, every, until))
        kind = over.type.item
        assert kind is not None
        return Source(over, lambda var: call("add_months", first, call("mul", months, read(var, kind))))

    def call_each_day(self, tree: ast.Call, scope: Scope) -> Source:
        """Every day from the first to the last, both included."""
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "each_day", args, 2)
        first, last = args
        length = self.make(tree, "add", self.make(tree, "days_between", first, last), _days(1))
        over = self.make(tree, "range", self.make(tree, "max", length, _days(0)))
        kind = over.type.item
        assert kind is not None
        return Source(over, lambda var: call("add_days", first, read(var, replace(kind, unit="days"))))

    def call_range(self, tree: ast.Call, scope: Scope) -> Source:
        args = [self.node(arg, scope) for arg in tree.args]
        self.count(tree, "range", args, 1)
        over = self.make(tree, "range", args[0])
        kind = over.type.item
        assert kind is not None
        return Source(over, lambda var: read(var, kind))

    def call_window(self, tree: ast.Call, scope: Scope) -> Window:
        args = [self.node(arg, scope) for arg in tree.args]
        options = {key.arg: self.node(key.value, scope) for key in tree.keywords if key.arg}
        if len(args) != 2 or not set(options) <= {"counts", "purpose", "holidays"} or "purpose" not in options:
            self.wrong(tree, "BQ403", '写法：window(起算日, 长度, purpose="customer_act")，另可写 counts、holidays',
                       'write window(start, length, purpose="customer_act"), and if needed counts, holidays')  # fmt: skip
        start, length = args
        if start.type.name == "instant":
            start = self.make(tree, "date_of", start)
        if start.type.name != "date" or length.type.name != "period" or not isinstance(length, Literal):
            self.wrong(tree, "BQ403", "期间需要起算日和长度（如 60 days）", "a window takes a start day and a length (such as 60 days)")
        words = {"counts": ("next_day", "same_day"), "purpose": ("customer_act", "insurer_act", "status"),
                 "holidays": ("extend", "not_extended")}  # fmt: skip
        said: dict[str, str] = {}
        for key, node in options.items():
            if not isinstance(node, Literal) or node.value not in words[key]:
                self.wrong(tree, "BQ405", f"{key} 只能是 {'、'.join(words[key])}", f"{key} is one of {', '.join(words[key])}")
            said[key] = node.value
        extend = said["purpose"] == "customer_act" and said.get("holidays", "extend") == "extend"
        return window(start, length.value, counts_first=said.get("counts") == "same_day", extend=extend, length_node=length)

    def call_passed(self, tree: ast.Call, scope: Scope) -> Node:
        """Whether a day lies after the end of a window, its extension past days off included."""
        if len(tree.args) != 2:
            self.wrong(tree, "BQ403", "写法：passed(期间, 日期)", "write passed(window, day)")
        found, day = self.any(tree.args[0], scope), self.node(tree.args[1], scope)
        if not isinstance(found, Window):
            self.wrong(tree.args[0], "BQ403", "这里需要一个期间", "a window is needed here")
        if day.type.name == "instant":
            day = self.make(tree, "date_of", day)
        inside = self.make(tree, "within", found.first, found.nominal, day, literal(found.extend, BOOL))
        return self.make(tree, "and", self.make(tree, "ge", day, found.first), negated(inside))

    def call_in_force(self, tree: ast.Call, scope: Scope) -> Node:
        """The value of a dated series on a day; unknown before its first date."""
        series, day = self.series(tree, scope), self.node(tree.args[1], scope)
        steps = [(start, literal(rate, replace(series.type, low=rate, high=rate), series.name)) for start, rate in series.steps]
        result: Node = steps[0][1]
        for start, node in steps[1:]:
            result = self.make(tree, "if", self.make(tree, "ge", day, _date(start)), node, result)
        return self.make(tree, "if", self.make(tree, "ge", day, _date(steps[0][0])), result, unknown(result.type))

    def series(self, tree: ast.Call, scope: Scope) -> Series:
        found = self.any(tree.args[0], scope) if tree.args else None
        if not isinstance(found, Series):
            self.wrong(tree, "BQ403", "第一项要是按日期变动的数值（如 company.reinstatement_rate）",
                       "the first argument is a dated series (such as company.reinstatement_rate)")  # fmt: skip
        return found

    def call_interest(self, tree: ast.Call, scope: Scope) -> Node:
        """Simple interest: ``interest(principal, rate or series, from, to, day_base)``; the first day counts, the last not."""
        if len(tree.args) != 5 or tree.keywords:
            self.wrong(tree, "BQ403", "写法：interest(本金, 利率, 起, 止, 365)", "write interest(principal, rate, from, to, 365)")
        principal = self.node(tree.args[0], scope)
        rates = self.any(tree.args[1], scope)
        start, end, base = (self.node(arg, scope) for arg in tree.args[2:])
        days = self.make(tree, "span", start, end)
        if isinstance(rates, Series):
            factor = self.rate_days(tree, rates, start, end, days)
        else:
            factor = self.make(tree, "mul", self.node(tree.args[1], scope), days)
        if not (isinstance(base, Literal) and base.value in (360, 365)):
            self.wrong(tree.args[4], "BQ403", "计息基数是 365 或 360", "the day base is 365 or 360")
        return self.make(tree, "over", self.make(tree, "mul", principal, factor), base)

    def rate_days(self, tree: ast.AST, series: Series, start: Node, end: Node, days: Node) -> Node:
        """Sum of rate × days over the segments of a series; unknown before its first date."""
        first = series.steps[0][0]
        rest = days
        total: Node | None = None
        for index, (step, rate) in enumerate(series.steps[1:], 1):
            until = series.steps[index + 1][0] if index + 1 < len(series.steps) else MAX_DAY
            low = self.make(tree, "max", start, _date(step))
            high = self.make(tree, "min", end, _date(until))
            overlap = self.make(tree, "max", self.make(tree, "days_between", low, high), _days(0))
            rest = self.make(tree, "sub", rest, overlap)
            part = self.make(tree, "mul", literal(rate, replace(RATE, low=rate, high=rate), series.name), overlap)
            total = part if total is None else self.make(tree, "add", total, part)
        rest = self.make(tree, "if", self.make(tree, "ge", start, _date(first)), rest, unknown(rest.type))
        rate = series.steps[0][1]
        part = self.make(tree, "mul", literal(rate, replace(RATE, low=rate, high=rate), series.name), rest)
        return part if total is None else self.make(tree, "add", part, total)

    # lists

    def source(self, tree: ast.expr, found: Static) -> Source:
        if isinstance(found, Source):
            return found
        if is_node(found) and found.type.name == "list":
            item = found.type.item
            if isinstance(found, Each):
                inner = found
                return Source(inner.over, lambda var: substitute(inner.body, inner.var, var))
            if item.name == "record":
                label = found.name if isinstance(found, Read) else "item"
                return Source(found, lambda var: Item(var, item, label))
            return Source(found, lambda var: read(var, item))
        self.wrong(tree, "BQ403", "这里需要一个列表", "a list is needed here")

    def source_of(self, scope: Scope) -> tuple[str, Source]:
        """The name and the list of ``x in list``, for a fold."""
        tree = self.tree
        if not (isinstance(tree, ast.Compare) and isinstance(tree.left, ast.Name) and isinstance(tree.ops[0], ast.In)):
            self.wrong(tree, "BQ403", "写法：x in 列表", "write x in list")
        return tree.left.id, self.source(tree.comparators[0], self.any(tree.comparators[0], scope))

    def generator(
        self, tree: ast.GeneratorExp | ast.ListComp, scope: Scope
    ) -> tuple[Source, str, Node | None, Callable[[], Static], Scope]:
        if len(tree.generators) != 1 or not isinstance(tree.generators[0].target, ast.Name):
            self.wrong(tree, "BQ402", "一次只能遍历一个列表，名字只有一个", "go over one list at a time, with one name")
        part = tree.generators[0]
        source = self.source(part.iter, self.any(part.iter, scope))
        assert isinstance(part.target, ast.Name)
        var = f"#{1 + max(depth_of(source.over), scope_depth(scope))}"
        inner = _Bound(part.target.id, source.item(var), binder_depth(var), scope)
        test: Node | None = None
        for clause in part.ifs:
            node = self.node(clause, inner)
            test = node if test is None else self.make(clause, "and", test, node)
        return source, var, test, lambda: self.any(tree.elt, inner), inner

    def comprehension(self, tree: ast.GeneratorExp | ast.ListComp, scope: Scope) -> Node:
        source, var, test, body, _ = self.generator(tree, scope)
        node = body()
        if test is not None or not is_node(node):
            self.wrong(tree, "BQ402", "列表里不能带条件，条件写在 any、sum、first 等里面",
                       "a list takes no condition; put it inside any, sum, first and the like")  # fmt: skip
        return each(var, source.over, node, listed(node.type))

    def aggregate(self, tree: ast.Call, name: str, scope: Scope) -> Node:
        if name in ("min", "max") and not (len(tree.args) == 1 and isinstance(tree.args[0], ast.GeneratorExp)):
            args = [self.node(arg, scope) for arg in tree.args]
            if len(args) < 2:
                self.wrong(tree, "BQ403", f"{name} 至少需要两项", f"{name} takes two arguments or more")
            result = args[0]
            for arg in args[1:]:
                result = self.make(tree, name, *align(result, arg))
            return result
        if len(tree.args) != 1 or tree.keywords:
            self.wrong(tree, "BQ403", f"写法：{name}(… for x in 列表)", f"write {name}(... for x in list)")
        arg = tree.args[0]
        if not isinstance(arg, ast.GeneratorExp):
            source = self.source(arg, self.any(arg, scope))
            var = f"#{1 + max(depth_of(source.over), scope_depth(scope))}"
            if name == "count":
                return self.gather(tree, name, source, var, None, literal(True, BOOL))
            return self.gather(tree, name, source, var, None, source.item(var))
        source, var, test, body, inner = self.generator(arg, scope)
        if name == "count":
            elt = body() if not isinstance(arg.elt, ast.Name) else literal(True, BOOL)
            return self.gather(tree, name, source, var, test, elt)
        return self.gather(tree, name, source, var, test, body())

    def gather(self, tree: ast.AST, name: str, source: Source, var: str, test: Node | None, body: Static) -> Node:
        if not is_node(body):
            self.wrong(tree, "BQ404", "这里要写每一项的哪个值", "say which value of each item")
        node: Node = body

        def over(body: Node) -> Node:
            return each(var, source.over, body, listed(body.type))

        match name:
            case "any":
                return self.make(tree, "any", over(self.make(tree, "and", test, node) if test else node))
            case "all":
                return self.make(tree, "all", over(self.make(tree, "or", negated(test), node) if test else node))
            case "count":
                kept = test if test is not None else node
                if test is not None and node.type.name == "bool":
                    kept = self.make(tree, "and", test, node)
                return self.make(tree, "total", over(self.make(tree, "if", kept, _int(1), _int(0))))
            case "sum":
                zero = literal(0, replace(node.type, low=0, high=0))
                return self.make(tree, "total", over(self.make(tree, "if", test, node, zero) if test else node))
        op = {"min": "min_of", "max": "max_of", "first": "first_of", "last": "last_of"}[name]
        kept = self.make(tree, "if", test, node, none_of(node.type)) if test is not None else node
        return self.make(tree, op, over(kept), _none_literal(node.type))

    def call_first_day(self, tree: ast.Call, scope: Scope) -> Node:
        """``first_day(test for d in each_day(a, b))``: the first day on which the test holds, or none."""
        if len(tree.args) != 1 or not isinstance(tree.args[0], ast.GeneratorExp):
            self.wrong(tree, "BQ403", "写法：first_day(条件 for d in each_day(起, 止))",
                       "write first_day(test for d in each_day(from, to))")  # fmt: skip
        source, var, test, body, _ = self.generator(tree.args[0], scope)
        node = body()
        if test is not None or not is_node(node) or node.type.name != "bool":
            self.wrong(tree, "BQ403", "first_day 里只写一个条件", "first_day takes one test")
        day = source.item(var)
        found = Type("date", DATE.low, DATE.high, optional=True)
        state = read(f"{var}_found", found)
        going = negated(call("given", state, _none_literal(found)))
        step = call("if", node, day, none_of(DATE))
        loop = Loop(var, source.over, ("found",), (none_of(DATE),), going, (step,))
        return fold(loop, 0, found)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A scope with one bound name."""

    name: str
    meaning: Static
    depth: int
    outer: Scope

    def find(self, name: str) -> Static | None:
        return self.meaning if name == self.name else self.outer.find(name)

    def names(self) -> Iterable[str]:
        return (self.name, *self.outer.names())


def scope_depth(scope: Scope | None) -> int:
    depth = 0
    while scope is not None:
        depth = max(depth, getattr(scope, "depth", 0))
        scope = getattr(scope, "outer", None)
    return depth


def depth_of(found: Static) -> int:
    """The innermost binder a meaning depends on."""
    match found:
        case Item():
            return binder_depth(found.var)
        case Window():
            return max(depth_of(found.first), depth_of(found.nominal))
        case Source():
            return depth_of(found.over)
    if is_node(found):
        return max((binder_depth(n.name) for n in walk(found) if isinstance(n, Read)), default=0)
    return 0


def substitute(node: Node, old: str, new: str) -> Node:
    """The node with one binder renamed."""
    from baoquan_rules.language.nodes import Fold, call_node

    done: dict[int, Node] = {}
    for part in walk(node):
        made: Node = part
        match part:
            case Read() if part.name == old or part.name.startswith(f"{old}."):
                made = read(new + part.name[len(old) :], part.type)
            case Call():
                made = call_node(part.op, tuple(done[id(arg)] for arg in part.args), part.type)
            case Each():
                made = each(part.var, done[id(part.over)], done[id(part.body)], part.type)
            case Fold():
                loop = part.loop
                made = fold(
                    Loop(loop.var, done[id(loop.over)], loop.states, tuple(done[id(s)] for s in loop.start),
                         done[id(loop.going)], tuple(done[id(s)] for s in loop.step)), part.pick, part.type)  # fmt: skip
        done[id(part)] = made
    return done[id(node)]


def member(base: Static, name: str) -> Static | None:
    """One part of a group, an item, a window, or of an instant's date."""
    match base:
        case Group():
            return base.find(name)
        case Item():
            kind = base.type.field(name)
            return read(f"{base.var}.{name}", kind) if kind is not None else None
        case Window():
            return {
                "first_day": base.first,
                "last_day": base.last,
                "nominal_last_day": base.nominal,
                "matured_from": base.matured,
                "day_after": call("add_days", base.last, _days(1)),
                "length": base.length,
            }.get(name)
    if is_node(base) and base.type.name == "instant" and name == "date":
        return call("date_of", base)
    return None


def members(base: Static) -> tuple[str, ...]:
    """What ``member`` knows."""
    match base:
        case Group():
            return tuple(base.names())
        case Item():
            return tuple(name for name, _ in base.type.fields)
        case Window():
            return ("first_day", "last_day", "nominal_last_day", "matured_from", "day_after", "length")
    return ("date",) if is_node(base) and base.type.name == "instant" else ()


def _parts(base: Static) -> str | None:
    names = members(base)
    return f"可用 / one of: {', '.join(sorted(names)[:20])}" if names else None


def align(a: Static, b: Static) -> tuple[Any, Any]:
    """Two values brought to one denominator, where both are money; 0 takes the unit of the other."""
    if not (is_node(a) and is_node(b)):
        return a, b
    if isinstance(a, Literal) and a.type.name == "int" and not a.type.unit and b.type.name == "int":
        return replace_unit(a, b.type.unit), b
    if isinstance(b, Literal) and b.type.name == "int" and not b.type.unit and a.type.name == "int":
        return a, replace_unit(b, a.type.unit)
    kinds = ("money", "amount")
    if a.type.name in kinds and b.type.name in kinds and (a.type.den, a.type.name) != (b.type.den, b.type.name):
        den = lcm(a.type.den, b.type.den)
        return _scaled(a, den), _scaled(b, den)
    return a, b


def replace_unit(node: Literal, unit: str) -> Node:
    """A plain number in the unit of what it meets."""
    return literal(node.value, replace(node.type, unit=unit), node.label) if unit else node


def _scaled(node: Node, den: int) -> Node:
    factor = den // node.type.den
    if factor == 1 and node.type.name == "amount":
        return node
    return call("over", call("mul", node, _int(factor)) if factor > 1 else node, _int(factor))


def window(start: Node, length: Period, *, counts_first: bool, extend: bool, length_node: Node) -> Window:
    """The window of a period of days, months, years or working days from a start day (Civil Code arts. 201-204)."""
    if length.count < 0:
        start = unknown(DATE)
    first = start if counts_first else call("add_days", start, _days(1))
    match length.unit:
        case "days":
            nominal = call("add_days", start, _days(length.count - counts_first))
            matured = call("add_days", start, _days(length.count))
        case "working_days":
            nominal = call("add_working_days", start, _int(length.count))
            matured = nominal
        case _:
            months = length.count * (12 if length.unit == "years" else 1)
            matured = call("add_months", start, _int(months))
            nominal = call("add_days", matured, _days(-1)) if counts_first else matured
    last = call("open_day", nominal) if extend else nominal
    return Window(first, nominal, last, matured, extend, length_node)


def months_of(node: Node) -> Node:
    """A period of months or years as a number of months."""
    if not isinstance(node, Literal):
        raise Misuse("这里需要固定的期间", "a fixed period is needed")
    period: Period = node.value
    if period.unit not in ("months", "years"):
        raise Misuse("这里的期间以月或年计", "the period is in months or years here")
    return _int(period.count * (12 if period.unit == "years" else 1))


def none_of(kind: Type) -> Literal:
    """A stated absence of that type."""
    return literal(kind.absent, kind.or_none())


def _none_literal(kind: Type) -> Literal:
    return literal(kind.absent, whole(NONE, NONE) if kind.numeric else TEXT)


def _int(number: int) -> Literal:
    return literal(number, whole(number, number))


def _days(number: int) -> Literal:
    return literal(number, whole(number, number, "days"))


def _date(number: int) -> Literal:
    return literal(number, replace(DATE, low=number, high=number))


def _unitless(node: Node) -> Node:
    """A number of months used as a plain number."""
    return call("quotient", node, _int(1)) if not node.type.unit else _strip(node)


def _strip(node: Node) -> Node:
    from baoquan_rules.language.nodes import call_node

    return call_node("add", (node, _int(0)), replace(node.type, unit=""))


def unknown(kind: Type) -> Node:
    """A value of a type that no case can state: a parameter of a clause that the product does not have, say."""
    from baoquan_rules.language.nodes import call_node

    low, high = literal(1, whole(1, 1)), literal(0, whole(0, 0))
    sample = literal(0 if kind.numeric else False if kind.name == "bool" else NONE_TEXT, kind, UNKNOWN)
    if not kind.numeric:
        return call_node("if", (call_node("eq", (unknown(whole()), low), BOOL), sample, literal("?", kind)), kind)
    return call_node("fit", (sample, low, high), kind)


__all__ = [
    "Absent", "Function", "Group", "Item", "Names", "Poisoned", "Scope", "Series", "Source", "Static", "Window", "Wrong",
    "NONE_TEXT", "UNKNOWN", "align", "condition", "depth_of", "expression", "is_node", "member", "members", "none_of", "scope_depth", "source", "substitute",
    "unknown", "value", "window",
]  # fmt: skip
