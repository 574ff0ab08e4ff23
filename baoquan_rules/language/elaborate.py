"""Expression text and a scope -> a typed kernel node, or problems with their places.

The text is read with ``ast`` and never evaluated as Python. Names resolve in a ``Scope``; sugar (windows, schedules,
comprehensions, dated series, figures with parameters) is lowered here, once, so that engines never hear of it.
"""

import ast
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from typing import Any, Final, NoReturn

from baoquan_rules.authoring import did_you_mean
from baoquan_rules.language.meanings import (
    MOST_BINDERS,
    UNKNOWN,
    Absent,
    Bound,
    Function,
    Group,
    Item,
    Names,
    Poisoned,
    Scope,
    Series,
    Source,
    Static,
    Window,
    Wrong,
    align,
    depth_of,
    int_literal,
    is_node,
    member,
    members,
    none_literal,
    none_of,
    parts,
    scope_depth,
    substitute,
    unknown,
    window,
)
from baoquan_rules.language.nodes import Each, Literal, Node, Read, binder_depth, each, literal, read
from baoquan_rules.language.operators import OPERATORS, Misuse, call, negated
from baoquan_rules.language.sugar import AGGREGATES, SUGAR
from baoquan_rules.language.types import BOOL, NARROW, Type, listed, show

LONGEST: Final = 4000
"""The longest expression, in characters."""

DEEPEST: Final = 100
"""How deep an expression may be nested; a chain such as ``a or b or c`` is one level, however long."""

_FEW: Final = 16
"""A chain of more parts than this becomes a balanced tree, so that its depth stays small."""


def expression(text: str, scope: Scope) -> Static:
    """What the text means in the scope.

    Raises:
        Wrong: with the place, in characters of the text.
        Poisoned: a figure it uses is wrong.
    """
    return Elaborator(text, _tree(text)).top(scope)


def source(text: str, scope: Scope) -> tuple[str, Source]:
    """``x in list``: the name and what to go over."""
    reader = Elaborator(text, _tree(text))
    found: tuple[str, Source] = reader.guarded(lambda: reader.source_of(scope))
    return found


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
    return found


@lru_cache(maxsize=8192)
def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise Wrong("BQ401", f"表达式超过{LONGEST}个字符", f"the expression is longer than {LONGEST} characters", 0, 1)
    try:
        tree = ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        stray = _stray(text)
        if stray is not None:
            _unpaired(text, stray)
        offset = max((getattr(error, "offset", 1) or 1) - 2, 0) if getattr(error, "lineno", 1) == 1 else len(text) - 1
        start = min(offset, max(len(text) - 1, 0))
        word = text[start : start + 12].split()[:1]
        raise Wrong("BQ401", f"表达式读不懂，问题大约在“{''.join(word)}”处",
                    f"the expression cannot be read, near “{''.join(word)}”", start, start + 1,
                    "写法示例：request.amount <= maximum and given(policy.expiry_date) / for example: request.amount <= maximum and given(policy.expiry_date)") from None  # fmt: skip
    # The brackets put around the text belong to no node of it; where they do, the text closed them.
    if (tree.lineno, tree.col_offset) == (1, 0) and not isinstance(tree, ast.GeneratorExp | ast.Tuple):
        _unpaired(text, _stray(text) or 0)
    return tree


_BRACKET: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*|[()\[\]{}]')


def _stray(text: str) -> int | None:
    """Where a bracket stands that has no other half; ``None`` where all have."""
    open_: list[tuple[str, int]] = []
    for found in _BRACKET.finditer(text):
        mark = found[0]
        if mark in ("(", "[", "{"):
            open_.append((mark, found.start()))
        elif mark in (")", "]", "}") and (not open_ or open_.pop()[0] != {")": "(", "]": "[", "}": "{"}[mark]):
            return found.start()
    return open_[-1][1] if open_ else None


def _unpaired(text: str, at: int) -> NoReturn:
    raise Wrong("BQ401", f"括号“{text[at]}”不成对", f"the bracket “{text[at]}” has no other half", at, at + 1)


_BINARY: Final = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.FloorDiv: "quotient"}
_COMPARE: Final = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
CALLED: Final = tuple(name for name, row in OPERATORS.items() if row.example.startswith(f"{name}(") and row.shape == "scalar")
"""The operators that are written as a call by their own name."""


_KEY_UNITS: Final = {"year": "years", "age": "years", "month": "months", "day": "days"}


def key_unit(name: str) -> str:
    """The unit that the name of a table's key says: years for ``policy_year``."""
    return next((unit for word in name.split("_") for key, unit in _KEY_UNITS.items() if word in (key, unit)), "")


def joined(parts: Sequence[Node], join: Callable[[Node, Node], Node]) -> Node:
    """The parts brought together two by two: a few from the left as they are read, many as a balanced tree."""
    if len(parts) <= _FEW:
        return reduce(join, parts)
    half = len(parts) // 2
    return join(joined(parts[:half], join), joined(parts[half:], join))


@dataclass(slots=True)
class Elaborator:
    text: str
    tree: ast.expr
    starts: list[int] = field(default_factory=list)
    depth: int = 0

    def top(self, scope: Scope) -> Static:
        return self.guarded(lambda: self.any(self.tree, scope))

    def guarded(self, read: Callable[[], Any]) -> Any:
        """What is read, with every misuse told as what is wrong with the text."""
        try:
            return read()
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
                       f"“{ast.unparse(tree)}” is not one value; name a part of it", parts(found))  # fmt: skip
        return found

    def any(self, tree: ast.expr, scope: Scope) -> Static:
        self.depth += 1
        if self.depth > DEEPEST:
            self.wrong(tree, "BQ401", "表达式嵌套过深", "the expression is nested too deeply", "把里面的部分写成单独的量 / make a figure of the inner part")
        found = self.meaning(tree, scope)
        self.depth -= 1
        return found

    def meaning(self, tree: ast.expr, scope: Scope) -> Static:
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
                return joined(nodes, lambda a, b: self.make(tree, op, a, b))
            case ast.UnaryOp(op=ast.Not()):
                inner = self.node(tree.operand, scope)
                if inner.type.name != "bool":
                    self.make(tree, "not", inner)
                return negated(inner)
            case ast.UnaryOp(op=ast.USub()):
                inner = self.node(tree.operand, scope)
                if isinstance(inner, Literal) and inner.type.name in ("int", "money", "amount", "rate"):
                    return literal(-inner.value, replace(inner.type, low=-inner.value, high=-inner.value))
                return self.make(tree, "mul", inner, int_literal(-1))
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self.sum(tree, scope)
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
            return self.number(tree, found)
        if isinstance(found, str):
            return literal(found, Type("enum", values=(found,)))
        source = self.text[slice(*self.place(tree))]
        self.wrong(tree, "BQ402", f"数字 {source} 的单位不明", f"the number {source} has no unit",
                   f'金额写 yuan("{source}")，比率写 rate("{source}") / write yuan("{source}") for money, rate("{source}") for a rate')  # fmt: skip

    def number(self, tree: ast.Constant, found: int) -> Node:
        written = self.text[slice(*self.place(tree))]
        if not set(written) <= set("0123456789_"):
            self.wrong(tree, "BQ402", f"数字 {written} 请写成十进制", f"write the number {written} in decimal digits")
        if found >= NARROW:
            self.wrong(tree, "BQ410", "数字超出可精确计算的范围（2^62）", "the number is beyond what is exact (2^62)")
        return int_literal(found)

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
        names = {n for n in valid if not n.startswith("_")}
        self.wrong(tree, "BQ404", f"没有名为 {name} 的项", f"nothing is named {name}", did_you_mean(name, names))

    def attribute(self, tree: ast.Attribute, scope: Scope) -> Static:
        base = self.any(tree.value, scope)
        found = member(base, tree.attr)
        if found is None:
            _, end = self.place(tree)
            names = members(base)
            hint = did_you_mean(tree.attr, names) if names else None
            text = ast.unparse(tree.value)
            raise Wrong("BQ404", f"{text} 里没有 {tree.attr}", f"{text} has no {tree.attr}", end - len(tree.attr), end, hint)
        return found

    def binary(self, tree: ast.BinOp, scope: Scope) -> Node:
        left, right = self.node(tree.left, scope), self.node(tree.right, scope)
        match tree.op:
            case ast.Div():
                if not (isinstance(right, Literal) and right.type.name == "int" and right.value > 0):
                    self.wrong(tree.right, "BQ403", "除数必须是固定的正整数", "only a fixed whole number above zero divides",
                               "按比例用 share(金额, 部分, 全部) 或 prorate(金额, 天数, 年天数) / for a proportion use share(money, part, whole) or prorate(money, days, days of the year)")  # fmt: skip
                return self.make(tree, "over", left, right)
            case ast.Mult() | ast.FloorDiv():
                if left.type.name in ("int", "rate") and right.type.name in ("money", "amount"):
                    left, right = right, left
                if isinstance(tree.op, ast.FloorDiv) and isinstance(left, Literal):
                    left, right = align(left, right)
                return self.make(tree, _BINARY[type(tree.op)], left, right)
        self.wrong(tree, "BQ402", "没有这种运算", "there is no such operation")

    def sum(self, tree: ast.BinOp, scope: Scope) -> Node:
        """``a + b - c``: as it is written, or where it is long, all that is added less all that is taken away."""
        chain: list[ast.BinOp] = []
        first: ast.expr = tree
        while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add | ast.Sub):
            chain.append(first)
            first = first.left
        result = self.node(first, scope)
        terms = [(one, self.node(one.right, scope)) for one in reversed(chain)]
        if len(terms) < _FEW:
            for one, node in terms:
                result = self.make(one, _BINARY[type(one.op)], *align(result, node))
            return result

        def added(a: Node, b: Node) -> Node:
            return self.make(tree, "add", *align(a, b))

        plus = joined([result, *(node for one, node in terms if isinstance(one.op, ast.Add))], added)
        minus = [node for one, node in terms if isinstance(one.op, ast.Sub)]
        return self.make(tree, "sub", *align(plus, joined(minus, added))) if minus else plus

    def compare(self, tree: ast.Compare, scope: Scope) -> Node:
        trees = [tree.left, *tree.comparators]
        parts = [self.pair(tree, op, left, right, scope) for op, left, right in zip(tree.ops, trees, trees[1:], strict=False)]
        return joined(parts, lambda a, b: self.make(tree, "and", a, b))

    def pair(self, tree: ast.Compare, op: ast.cmpop, left_tree: ast.expr, right_tree: ast.expr, scope: Scope) -> Node:
        if isinstance(op, ast.In | ast.NotIn):
            found = self.membership(tree, left_tree, right_tree, scope)
            return negated(found) if isinstance(op, ast.NotIn) else found
        if type(op) not in _COMPARE:
            self.wrong(tree, "BQ402", "没有这种比较", "there is no such comparison", "“无”的判断写 given(x) 或 not given(x) / ask whether there is none with given(x) or not given(x)")
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
                    self.wrong(tree, "BQ405", f"“{one.value}”不在可选的词里", f"“{one.value}” is not one of the words",
                               did_you_mean(one.value, other.type.values))  # fmt: skip

    def membership(self, tree: ast.Compare, left_tree: ast.expr, right_tree: ast.expr, scope: Scope) -> Node:
        left = self.node(left_tree, scope)
        if isinstance(right_tree, ast.Tuple | ast.List):
            same: list[Node] = []
            for part in right_tree.elts:
                a, b = align(left, self.node(part, scope))
                self.words(part, a, b)
                same.append(self.make(tree, "eq", a, b))
            return self.one_of(tree, same)
        right = self.any(right_tree, scope)
        if isinstance(right, Window):
            if left.type.name == "instant":
                left = self.make(tree, "date_of", left)
            return self.make(tree, "within", right.first, right.nominal, left, literal(right.extend, BOOL))
        if isinstance(right, Literal) and right.type.name == "list":
            words = (literal(word, Type("enum", values=(word,))) for word in right.value)
            return self.one_of(tree, [self.make(tree, "eq", left, word) for word in words])
        if is_node(right) and right.type.name == "list":
            source = self.source(right_tree, right)
            var = self.binder(tree, max(depth_of(left), depth_of(source), scope_depth(scope)))
            body = self.make(tree, "eq", *align(left, source.item(var)))
            return self.make(tree, "any", each(var, source.over, body, listed(BOOL)))
        self.wrong(right_tree, "BQ403", "in 之后要写期间、列表或几个值", "after in stands a window, a list or some values")

    def one_of(self, tree: ast.AST, same: list[Node]) -> Node:
        return joined([literal(False, BOOL), *same], lambda a, b: self.make(tree, "or", a, b))

    def binder(self, tree: ast.AST, beyond: int) -> str:
        """The name an item is bound to inside all that is bound already."""
        if beyond >= MOST_BINDERS:
            self.wrong(tree, "BQ401", f"遍历嵌套超过{MOST_BINDERS}层", f"more than {MOST_BINDERS} lists are gone over inside one another")
        return f"#{beyond + 1}"

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
        if table.type.name != "table" or not isinstance(table, Literal):
            self.wrong(tree, "BQ403", "只有表可以用方括号查", "only a table is read with square brackets")
        if len(keys) != len(table.value.keys):
            self.wrong(tree, "BQ403", f"这张表要{len(table.value.keys)}个键：{'、'.join(table.value.keys)}",
                       f"this table takes {len(table.value.keys)} keys: {', '.join(table.value.keys)}")  # fmt: skip
        nodes = [self.node(key, scope) for key in keys]
        for key, node, name in zip(keys, nodes, table.value.keys, strict=True):
            unit = key_unit(name)
            if unit and node.type.unit not in ("", unit):
                self.wrong(key, "BQ403", f"这张表的 {name} 以 {unit} 计，这里是 {show(node.type)}",
                           f"{name} of this table is in {unit}, found {show(node.type)}")  # fmt: skip
        return self.make(tree, "lookup", table, *nodes)

    # calls

    def called(self, tree: ast.Call, scope: Scope) -> Static:
        if not isinstance(tree.func, ast.Name):
            function = self.any(tree.func, scope)
            return self.inline(tree, function, scope)
        name = tree.func.id
        found = scope.find(name)
        if isinstance(found, Function):
            return self.inline(tree, found, scope)
        if name in SUGAR:
            return SUGAR[name].lower(self, tree, scope)
        if name in AGGREGATES:
            return self.aggregate(tree, name, scope)
        if name in CALLED:
            args = [self.node(arg, scope) for arg in tree.args]
            self.count(tree, name, args, OPERATORS[name].signature.count(",") + 1)
            if len(args) == 2:
                args = list(align(*args))
            return self.make(tree, name, *args)
        self.unknown(tree.func, name, [*SUGAR, *AGGREGATES, *CALLED, *scope.names()])

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

    def source(self, tree: ast.expr, found: Static) -> Source:
        if isinstance(found, Source):
            return found
        if isinstance(found, Each):
            inner = found
            return Source(inner.over, lambda var: substitute(inner.body, inner.var, var), inner.reach)
        if is_node(found) and found.type.item is not None and found.type.name == "list":
            item = found.type.item
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
        var = self.binder(tree, max(depth_of(source), scope_depth(scope)))
        inner = Bound(part.target.id, source.item(var), binder_depth(var), scope)
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
            return joined(args, lambda a, b: self.make(tree, name, *align(a, b)))
        if len(tree.args) != 1 or tree.keywords:
            self.wrong(tree, "BQ403", f"写法：{name}(… for x in 列表)", f"write {name}(... for x in list)")
        inside = tree.args[0]
        if not isinstance(inside, ast.GeneratorExp):
            source = self.source(inside, self.any(inside, scope))
            var = self.binder(tree, max(depth_of(source), scope_depth(scope)))
            if name == "count":
                return self.gather(tree, name, source, var, None, literal(True, BOOL))
            return self.gather(tree, name, source, var, None, source.item(var))
        source, var, test, body, _ = self.generator(inside, scope)
        if name == "count":
            elt = body() if not isinstance(inside.elt, ast.Name) else literal(True, BOOL)
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
                return self.make(tree, "total", over(self.make(tree, "if", kept, int_literal(1), int_literal(0))))
            case "sum":
                zero = literal(0, replace(node.type, low=0, high=0))
                return self.make(tree, "total", over(self.make(tree, "if", test, node, zero) if test else node))
        op = {"min": "min_of", "max": "max_of", "first": "first_of", "last": "last_of"}[name]
        kept = self.make(tree, "if", test, node, none_of(node.type)) if test is not None else node
        return self.make(tree, op, over(kept), none_literal(node.type))


__all__ = [
    "MOST_BINDERS", "UNKNOWN", "Absent", "Function", "Group", "Item", "Names", "Poisoned", "Scope", "Series", "Source", "Static", "Window", "Wrong",
    "condition", "depth_of", "expression", "is_node", "none_of", "scope_depth", "source", "unknown", "value", "window",
]  # fmt: skip
