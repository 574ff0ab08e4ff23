"""Nodes -> one Python function: what the direct engine is, and what other engines take figures from.

Every program is compiled to two functions of the same shape. The first takes a case that states all it reads and has
no test for unknowns in it; it gives up, by an exception that never leaves this module, as soon as something is
missing. The second carries Kleene's third value through every operation. A case is given to the first and, where that
gives up, to the second; both give the same answer wherever the first gives one.

    round_fen(policy.premium * rate("4.5%"))   becomes, complete:   t1 = _round(t0 * 4500000, 100000000)
                                               with unknowns:       t2 = None if t0 is None else t0 * 4500000 ...
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from baoquan_rules.language.facts import FactList, Facts
from baoquan_rules.language.nodes import (
    Call,
    Each,
    Fold,
    Literal,
    Loop,
    Node,
    Read,
    binder_depth,
    children,
    depths,
    walk,
)
from baoquan_rules.language.operators import NAMESPACE, OPERATORS
from baoquan_rules.language.types import Type

Run = Callable[[Facts], tuple[Any, ...]]


class _Incomplete(Exception):
    """The case does not state something that the program needs."""


_REST: Any = object()
"""Stands, after the known items of a list that may have others, for all of those."""


def _known_items(value: Any) -> tuple[Any, ...]:
    """The items of a list that must be complete."""
    if value.__class__ is FactList:
        if not value.complete:
            raise _Incomplete
        return value.items
    return value  # type: ignore[no-any-return]


def _closed(value: Any) -> bool:
    """Whether a list is known to have no further items."""
    return value is not None and (value.__class__ is not FactList or value.complete)


def _items(value: Any) -> tuple[Any, ...]:
    """The known items of a list."""
    return () if value is None else value.items if value.__class__ is FactList else value


def _rounds(value: Any) -> tuple[Any, ...]:
    """The known items, and the rest where there may be others."""
    return _items(value) if _closed(value) else (*_items(value), _REST)


def _need(value: Any) -> Any:
    """A value that must be known."""
    if value is None:
        raise _Incomplete
    return value


@dataclass(slots=True)
class _Block:
    """The statements of one loop's body (or of the function), and the variables that hold nodes there."""

    depth: int
    indent: str
    lines: list[str] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)

    def write(self, line: str) -> None:
        self.lines.append(self.indent + line)


@dataclass(slots=True)
class _Writer:
    """Writes one function; a node becomes one variable, in the outermost block where all it depends on is bound."""

    complete: bool
    depth: dict[int, int]
    uses: dict[int, int]
    constants: dict[str, Any]
    blocks: list[_Block]
    count: int = 0

    def fresh(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def home(self, node: Node) -> _Block:
        depth = self.depth[id(node)]
        return next(block for block in reversed(self.blocks) if block.depth <= depth)

    def held(self, key: int) -> str | None:
        return next((block.names[key] for block in self.blocks if key in block.names), None)

    def hold(self, node: Node, text: str) -> str:
        """Give the node a variable."""
        name, block = self.fresh(), self.home(node)
        block.write(f"{name} = {text}")
        block.names[id(node)] = name
        return name

    def constant(self, value: Any) -> str:
        if value is None or value.__class__ in (bool, int, str):
            return repr(value)
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def expr(self, node: Node) -> str:
        """Python text that stands for the node where it is used; may write statements before it."""
        known = self.held(id(node))
        if known is not None:
            return known
        match node:
            case Literal():
                return self.constant(node.value)
            case Read():
                text, hold = self.read(node)
            case Call():
                text, hold = self.call(node)
            case Each():
                return self.each(node)
            case Fold():
                return self.fold(node)
        if hold or (self.uses.get(id(node), 0) > 1 and not text.isidentifier()):
            return self.hold(node, text)
        return text

    def read(self, node: Read) -> tuple[str, bool]:
        if not node.name.startswith("#"):
            return (f"f[{node.name!r}]" if self.complete else f"f.get({node.name!r})"), True
        holder, _, name = node.name.partition(".")
        holder = f"v{holder[1:]}"
        if not name:
            return holder, False
        return (f"{holder}[{name!r}]" if self.complete else f"{holder}.get({name!r})"), not self.complete

    def call(self, node: Call) -> tuple[str, bool]:
        row = OPERATORS[node.op]
        args = [self.expr(arg) for arg in node.args]
        template = row.direct if self.complete or row.kleene is None else row.kleene
        strict = not self.complete and row.kleene is None
        if strict or template.count("{") > len(args):
            args = [self.name(arg, text) for arg, text in zip(node.args, args, strict=True)]
        text = template.replace("{*}", ", ".join(args)) if "{*}" in template else template.format(*args)
        if strict:
            tests = [f"{text_} is None" for arg, text_ in zip(node.args, args, strict=True) if not isinstance(arg, Literal)]
            if tests:
                text = f"(None if {' or '.join(dict.fromkeys(tests))} else {text})"
        elif self.complete and row.partial:
            text = f"_need({text})"
        return text, not self.complete

    def name(self, arg: Node, text: str) -> str:
        """The argument as a variable or constant, for a template that says it more than once."""
        return text if isinstance(arg, Literal) or text.isidentifier() else self.hold(arg, text)

    def list_of(self, over: Node) -> str:
        """A variable that holds the list to go over."""
        text = self.expr(over)
        return text if text.isidentifier() else self.hold(over, text)

    def open(self, node: Node, var: str) -> tuple[_Block, _Block, list[_Block]]:
        """The block where a loop stands, the block of its body, and the blocks put aside meanwhile."""
        home = self.home(node)
        index = self.blocks.index(home)
        aside, self.blocks = self.blocks[index + 1 :], self.blocks[: index + 1]
        return home, _Block(binder_depth(var), home.indent + "    "), aside

    def each(self, node: Each) -> str:
        home, body, aside = self.open(node, node.var)
        name, over, var = self.fresh(), self.list_of(node.over), f"v{node.var[1:]}"
        items = f"{'_known' if self.complete else '_items'}({over})"
        self.blocks.append(body)
        result = self.expr(node.body)
        self.blocks.pop()
        if body.lines:
            home.write(f"{name} = []")
            home.write(f"for {var} in {items}:")
            body.write(f"{name}.append({result})")
            home.lines.extend(body.lines)
        else:
            home.write(f"{name} = [{result} for {var} in {items}]")
        if not self.complete:
            home.write(f"if not _closed({over}): {name}.append(None)")
        home.names[id(node)] = name
        self.blocks.extend(aside)
        return name

    def fold(self, node: Fold) -> str:
        name = self.held(id(node.loop)) or self.loop(node, node.loop)
        return f"{name}_{node.pick}"

    def loop(self, node: Fold, loop: Loop) -> str:
        home, body, aside = self.open(node, loop.var)
        name, var = self.fresh(), f"v{loop.var[1:]}"
        states = [f"{var}_{state}" for state in loop.states]
        starts = [self.expr(part) for part in loop.start]
        items = f"{'_known' if self.complete else '_rounds'}({self.list_of(loop.over)})"
        self.blocks.append(body)
        always = isinstance(loop.going, Literal) and loop.going.value is True
        going = self.expr(loop.going)
        if not self.complete:
            body.write(f"going = {going}")
            body.write("if going is False: break")
            body.write(f"if going is None or {var} is _REST:")
            body.write(f"    {' = '.join(states)} = None")
            body.write("    break")
        elif not always:
            body.write(f"if not {going}: break")
        steps = [self.expr(part) for part in loop.step]
        body.write(f"{', '.join(states)} = {', '.join(steps)}")
        self.blocks.pop()
        home.write(f"{', '.join(states)} = {', '.join(starts)}")
        home.write(f"for {var} in {items}:")
        home.lines.extend(body.lines)
        home.write(f"{', '.join(f'{name}_{i}' for i in range(len(states)))} = {', '.join(states)}")
        home.names[id(loop)] = name
        self.blocks.extend(aside)
        return name


def _source(outputs: tuple[Node, ...], *, complete: bool) -> tuple[str, dict[str, Any]]:
    uses: dict[int, int] = {}
    for node in walk(*outputs):
        for child in children(node):
            uses[id(child)] = uses.get(id(child), 0) + 1
    for node in outputs:
        uses[id(node)] = uses.get(id(node), 0) + 1
    constants: dict[str, Any] = {}
    top = _Block(0, "    ")
    writer = _Writer(complete, depths(*outputs), uses, constants, [top])
    results = [writer.expr(node) for node in outputs]
    lines = ["def run(f):", *top.lines, f"    return ({''.join(text + ', ' for text in results)})"]
    return "\n".join(lines), constants


def source(outputs: tuple[Node, ...], *, complete: bool = True) -> str:
    """The Python text that the outputs become, for those who want to read it."""
    return _source(outputs, complete=complete)[0]


def _build(outputs: tuple[Node, ...], *, complete: bool) -> Run:
    text, constants = _source(outputs, complete=complete)
    scope: dict[str, Any] = dict(NAMESPACE)
    scope |= constants
    scope |= {"_Incomplete": _Incomplete, "_need": _need, "_REST": _REST}
    scope |= {"_known": _known_items, "_items": _items, "_closed": _closed, "_rounds": _rounds}
    exec(compile(text, "<program>", "exec"), scope)  # the text is made here, from typed nodes only
    return scope["run"]  # type: ignore[no-any-return]


def compile_nodes(outputs: tuple[Node, ...]) -> Run:
    """A function from facts to the outputs' values, in their order; unknown is ``None``. Thread-safe."""
    fast, full = _build(outputs, complete=True), _build(outputs, complete=False)

    def run(facts: Facts) -> tuple[Any, ...]:
        try:
            return fast(facts)
        except (_Incomplete, KeyError):
            return full(facts)

    return run


def reads_of(outputs: tuple[Node, ...]) -> dict[str, Type]:
    """The facts that the outputs read, with their types, in the order of their first use."""
    return {node.name: node.type for node in walk(*outputs) if isinstance(node, Read) and not node.name.startswith("#")}
