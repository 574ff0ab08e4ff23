"""Expression text and a scope -> a typed kernel node, or problems with their places.

The text is read with ``ast`` and never evaluated as Python. Names resolve in a ``Scope``; sugar (windows, schedules,
comprehensions, dated series, figures with parameters) is lowered here, once, so that engines never hear of it.
"""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, NoReturn

from baoquan_rules.authoring import nearest
from baoquan_rules.language.meanings import (
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
from baoquan_rules.language.types import BOOL, Type, listed, show

LONGEST: Final = 4000
"""The longest expression, in characters."""


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
CALLED: Final = tuple(name for name, row in OPERATORS.items() if row.example.startswith(f"{name}(") and row.shape == "scalar")
"""The operators that are written as a call by their own name."""


@dataclass(slots=True)
class Elaborator:
    text: str
    tree: ast.expr
    starts: list[int] = field(default_factory=list)

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
                if isinstance(inner, Literal) and inner.type.name in ("int", "money", "amount", "rate"):
                    return literal(-inner.value, replace(inner.type, low=-inner.value, high=-inner.value))
                return self.make(tree, "mul", inner, int_literal(-1))
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
            return int_literal(found)
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
            _, end = self.place(tree)
            near = nearest(tree.attr, members(base))
            hint = f"是不是 {near}？ / did you mean {near}?" if near else parts(base)
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
            var = f"#{1 + max(depth_of(left), depth_of(source), scope_depth(scope))}"
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
        if table.type.name != "table" or not isinstance(table, Literal):
            self.wrong(tree, "BQ403", "只有表可以用方括号查", "only a table is read with square brackets")
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
        var = f"#{1 + max(depth_of(source), scope_depth(scope))}"
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
            result = args[0]
            for arg in args[1:]:
                result = self.make(tree, name, *align(result, arg))
            return result
        if len(tree.args) != 1 or tree.keywords:
            self.wrong(tree, "BQ403", f"写法：{name}(… for x in 列表)", f"write {name}(... for x in list)")
        inside = tree.args[0]
        if not isinstance(inside, ast.GeneratorExp):
            source = self.source(inside, self.any(inside, scope))
            var = f"#{1 + max(depth_of(source), scope_depth(scope))}"
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
    "UNKNOWN", "Absent", "Function", "Group", "Item", "Names", "Poisoned", "Scope", "Series", "Source", "Static", "Window", "Wrong",
    "condition", "depth_of", "expression", "is_node", "none_of", "scope_depth", "source", "unknown", "value", "window",
]  # fmt: skip
