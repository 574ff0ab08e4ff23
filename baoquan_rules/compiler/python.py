"""Nodes -> one Python function: what the direct engine is, and what other engines take figures from.

The function is written for what a case leaves open: the facts it does not state, and the lists it does not call
complete. What cannot be unknown then has no test for it, and what must be unknown is not computed. Most cases of a
service leave the same facts open, so there are few such functions. One more, which assumes nothing, takes the cases whose
pattern is rare; and the cases that turn out to leave more open than their pattern says (a field of an item, a value out
of a table's range), which the others give up by an exception that never leaves this module.

    round_fen(policy.premium * rate("4.5%"))   stated:       _round(f['policy.premium'] * 4500000, 100000000)
                                               not stated:   None
                                               either:       None if t0 is None else _round(t0 * 4500000, 100000000)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from typing import Literal as Literal_

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
from baoquan_rules.language.operators import NAMESPACE, OPERATORS, meaning
from baoquan_rules.language.types import Type

Run = Callable[[Facts], tuple[Any, ...]]


Site: TypeAlias = int | str
"""Where a case turns out to leave something open: a node (by id), a field of an item, or 0 for a list."""


class _Incomplete(Exception):
    """The case leaves open what its pattern does not; ``site`` is the node where it turned out (0: in a list)."""

    def __init__(self, site: int = 0) -> None:
        self.site = site


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


def _need(value: Any, site: int) -> Any:
    """A value that must be known."""
    if value is None:
        raise _Incomplete(site)
    return value


def _give_up(site: int) -> Any:
    raise _Incomplete(site)


Status = Literal_["known", "open", "unknown", "never"]
"""What is sure of a value beforehand: it is known, it may be unknown, it is unknown, or no case could make it known; for
a list, what is sure of its items."""

_NONE: Final = ("unknown", "never")

_REWRITES: Final = 16
"""How often the function for a pattern is written anew before the general one takes its place."""

_FAR: Final = 40
"""Of an expression of more steps than this, the lower part is written first, so that writing it never goes too deep."""

_DEEP: Final = 60
"""An expression of more brackets than this gets a variable, so that none grows too deep for the parser."""


@dataclass(slots=True)
class _Block:
    """The statements of one loop's body (or of the function), and the variables that hold nodes there.

    ``inside`` are the nodes below what it is for, as far as they mean the names that it binds.
    """

    depth: int
    indent: str
    lines: list[str] = field(default_factory=list)
    names: dict[int, tuple[str, Status]] = field(default_factory=dict)
    inside: set[int] = field(default_factory=set)

    def write(self, line: str) -> None:
        self.lines.append(self.indent + line)


@dataclass(slots=True)
class _Shape:
    """What is known of the nodes before anything is written.

    ``far``: nodes such that from any node to the next of them below, or to the end, there are few steps. ``below``: the
    ``Each`` nodes in and below a node, a bit for each. ``alike``: for each of them those over the same list under the
    same name of which none needs another; one loop does for all.
    """

    far: set[int] = field(default_factory=set)
    below: dict[int, int] = field(default_factory=dict)
    alike: dict[int, list[Each]] = field(default_factory=dict)
    bit: dict[int, int] = field(default_factory=dict)


def _shape(nodes: tuple[Node, ...]) -> _Shape:
    shape = _Shape()
    steps: dict[int, int] = {}
    turns: dict[tuple[int, str], list[tuple[int, int]]] = {}
    groups: dict[tuple[int, str, int], list[Each]] = {}
    for node in walk(*nodes):
        key = id(node)
        parts = children(node)
        steps[key] = 1 + max((steps[id(part)] for part in parts), default=0)
        if steps[key] >= _FAR:
            shape.far.add(key)
            steps[key] = 0
        below = 0
        for part in parts:
            below |= shape.below[id(part)]
        if isinstance(node, Each):
            before = turns.setdefault((id(node.over), node.var), [])
            turn = 1 + max((turn for bit, turn in before if below & bit), default=0)
            shape.bit[key] = 1 << len(shape.bit)
            before.append((shape.bit[key], turn))
            below |= shape.bit[key]
            group = shape.alike[key] = groups.setdefault((id(node.over), node.var, turn), [])
            group.append(node)
        shape.below[key] = below
    return shape


@dataclass(slots=True)
class _Writer:
    """Writes one function; a node used more than once becomes one variable, where all it depends on is bound.

    ``absent`` are the facts not stated and the lists (``holds!``) not complete; ``None`` assumes nothing of the case.
    ``careful`` are the nodes that are mostly unknown although nothing they need is absent, and the fields that items mostly
    leave out: there is no giving up there.
    """

    absent: frozenset[str] | None
    careful: frozenset[Site]
    shape: "_Shape"
    depth: dict[int, int]
    uses: dict[int, int]
    constants: dict[str, Any]
    blocks: list[_Block]
    bound: dict[str, Status] = field(default_factory=dict)
    count: int = 0
    busy: int = 0

    @property
    def strict(self) -> bool:
        """Whether to give up, where something that should be known is not."""
        return self.absent is not None

    def fresh(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def home(self, node: Node) -> _Block:
        depth = self.depth[id(node)]
        return next(block for block in reversed(self.blocks) if block.depth <= depth)

    def held(self, key: int) -> tuple[str, Status] | None:
        return next((block.names[key] for block in self.blocks if key in block.names), None)

    def hold(self, node: Node, text: str, status: Status) -> str:
        """Give the node a variable."""
        name, block = self.fresh(), self.home(node)
        block.write(f"{name} = {text}")
        block.names[id(node)] = name, status
        return name

    def constant(self, value: Any) -> str:
        if value is None or value.__class__ in (bool, int, str):
            return repr(value)
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def from_below(self, *nodes: Node) -> None:
        """Write the loops below these nodes that stand in their block or further out, and what is far below.

        So that what needs them finds them written, and writing goes a few steps deep, however deep the nodes go.
        """
        block = self.blocks[-1]
        order: list[Node] = []
        stack: list[tuple[Node, bool]] = [(node, False) for node in reversed(nodes)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif id(node) not in block.inside and self.held(id(node)) is None:
                block.inside.add(id(node))
                stack.append((node, True))
                stack.extend((part, False) for part in reversed(self.parts(node, block.depth)))
        for node in order:
            if self.depth[id(node)] <= block.depth and (isinstance(node, Each | Fold) or id(node) in self.shape.far):
                self.expr(node)

    def parts(self, node: Node, depth: int) -> tuple[Node, ...]:
        """What is below a node, as a block of that depth sees it.

        A loop that binds a name of the block anew says something else by it: what is inside is its own affair. And
        nothing in the body of a list that is not stated is computed.
        """
        match node:
            case Each():
                fact = isinstance(node.over, Read) and not node.over.bound
                if binder_depth(node.var) <= depth or (fact and self.expr(node.over)[1] in _NONE):
                    return (node.over,)
            case Fold() if binder_depth(node.loop.var) <= depth:
                return (node.loop.over, *node.loop.start)
        return children(node)

    def expr(self, node: Node) -> tuple[str, Status]:
        """Python text that stands for the node where it is used; may write statements before it."""
        found = self.held(id(node))
        if found is not None:
            return found
        match node:
            case Literal():
                return self.constant(node.value), "never" if node.value is None else "known"
            case Read():
                text, status = self.read(node)
            case Call():
                text, status = self.call(node)
            case Each():
                return self.each(node)
            case Fold():
                return self.fold(node)
        if status in _NONE or text.isidentifier():
            self.home(node).names[id(node)] = text, status
            return text, status
        if self.uses.get(id(node), 0) > 1 or id(node) in self.shape.far or text.count("(") > _DEEP:
            return self.hold(node, text, status), status
        return text, status

    def read(self, node: Read) -> tuple[str, Status]:
        if not node.name.startswith("#"):
            if self.absent is None:
                return f"f.get({node.name!r})", "open"
            if node.name in self.absent:
                return "None", "unknown"
            return f"f[{node.name!r}]", "open" if f"{node.name}!" in self.absent else "known"
        holder, _, name = node.name.partition(".")
        text = f"v{holder[1:]}"
        if not name:
            return text, self.bound[holder]
        sure = self.strict and name not in self.careful
        return (f"{text}[{name!r}]", "known") if sure else (f"{text}.get({name!r})", "open")

    def call(self, node: Call) -> tuple[str, Status]:
        row = OPERATORS[node.op]
        found = [self.expr(arg) for arg in node.args]
        args = [text for text, _ in found]
        seen = [status for _, status in found]
        if self.unknown(node, seen):
            return "None", "unknown" if "unknown" in seen else "never"
        closed = all(status == "known" for status in seen)
        template = row.direct
        status: Status = "known" if closed else "open"
        if row.kleene is None and not closed:
            args = self.named(node, args, range(len(args)))
            tests = [text for text, one in zip(args, seen, strict=True) if one != "known"]
            template = f"(None if {' or '.join(f'{text} is None' for text in dict.fromkeys(tests))} else {template})"
        elif not closed and row.leads and seen[0] == "known":
            # Which argument counts is sure; a figure that turns out to be unknown there is for the general function.
            if self.strict and id(node) not in self.careful and set(seen) == {"known", "never"}:
                raised = f"_give_up({id(node)})"
                args = [raised if one == "never" else text for text, one in zip(args, seen, strict=True)]
                status = "known"
        elif not closed:
            assert row.kleene is not None
            template = row.kleene
        if "{*}" in template:
            return self.partial(node, template.replace("{*}", ", ".join(args)), status)
        args = self.named(node, args, [i for i in range(len(args)) if template.count(f"{{{i}}}") > 1])
        return self.partial(node, template.format(*args), status)

    def unknown(self, node: Call, seen: list[Status]) -> bool:
        """Whether the result is unknown for every case of the pattern."""
        if not set(seen) & set(_NONE) and not (OPERATORS[node.op].partial and all(isinstance(arg, Literal) for arg in node.args)):
            return False
        if OPERATORS[node.op].kleene is None and set(seen) & set(_NONE):
            return True
        values: list[Any] = []
        for arg, status in zip(node.args, seen, strict=True):
            if isinstance(arg, Literal):
                values.append(arg.value)
            elif status in _NONE:
                values.append([None] if arg.type.name == "list" else None)
            else:
                return False
        return meaning(node.op)(*values) is None

    def partial(self, node: Call, text: str, status: Status) -> tuple[str, Status]:
        if not OPERATORS[node.op].partial:
            return text, status
        sure = self.strict and status == "known" and id(node) not in self.careful
        return (f"_need({text}, {id(node)})", status) if sure else (text, "open")

    def named(self, node: Call, args: list[str], places: Iterable[int]) -> list[str]:
        """The arguments, with those of these places as variables or constants."""
        out = list(args)
        for i in places:
            arg = node.args[i]
            if not isinstance(arg, Literal) and not out[i].isidentifier():
                again = self.held(id(arg))
                out[i] = again[0] if again is not None else self.hold(arg, out[i], "open")
        return out

    def list_of(self, over: Node) -> tuple[str, Status]:
        """A variable that holds the list to go over."""
        text, status = self.expr(over)
        return (text if text.isidentifier() else self.hold(over, text, status)), status

    def open(self, node: Node, var: str) -> tuple[_Block, _Block, list[_Block]]:
        """The block where a loop stands, the block of its body, and the blocks put aside meanwhile."""
        home = self.home(node)
        index = self.blocks.index(home)
        aside, self.blocks = self.blocks[index + 1 :], self.blocks[: index + 1]
        return home, _Block(binder_depth(var), home.indent + "    "), aside

    def each(self, node: Each) -> tuple[str, Status]:
        # The values of another list are a list of known length, whatever they are.
        if not isinstance(node.over, Each) and self.expr(node.over)[1] in _NONE:
            return "[None]", "unknown"
        found = self.together(node)
        home, body, aside = self.open(node, node.var)
        over, status = self.list_of(node.over)
        var = f"v{node.var[1:]}"
        sure = self.strict and status == "known"
        items = f"{'_known' if sure else '_items'}({over})"
        mine = sum(self.shape.bit[id(one)] for one in found)
        self.busy |= mine
        self.blocks.append(body)
        before = self.bound.get(node.var)
        self.bound[node.var] = "known" if sure and isinstance(node.over, Read | Call) else "open"
        self.from_below(*(one.body for one in found))
        results = [self.expr(one.body) for one in found]
        if before is not None:
            self.bound[node.var] = before
        self.blocks.pop()
        self.busy &= ~mine
        names = [self.fresh() for _ in found]
        if body.lines:
            home.write(f"{', '.join(names)} = {', '.join('[]' for _ in names)}")
            home.write(f"for {var} in {items}:")
            for name, (text, _) in zip(names, results, strict=True):
                body.write(f"{name}.append({text})")
            home.lines.extend(body.lines)
        else:
            for name, (text, _) in zip(names, results, strict=True):
                home.write(f"{name} = [{text} for {var} in {items}]")
        if not sure:
            rest = "; ".join(f"{name}.append(None)" for name in names)
            home.write(f"if not _closed({over}): {rest}")
        for one, name, (_, seen) in zip(found, names, results, strict=True):
            home.names[id(one)] = name, "known" if sure and seen == "known" else "open"
        self.blocks.extend(aside)
        return home.names[id(node)]

    def together(self, node: Each) -> list[Each]:
        """The node with those that one loop can do beside it, as far as the block where it stands is for them."""
        home, depth = self.home(node), self.depth[id(node)]
        found = [node]
        for other in self.shape.alike[id(node)]:
            fits = other is not node and self.depth[id(other)] == depth and id(other) in home.inside
            if fits and not self.shape.below[id(other)] & self.busy and self.held(id(other)) is None:
                found.append(other)
        return found

    def fold(self, node: Fold) -> tuple[str, Status]:
        found = self.held(id(node.loop))
        name, status = found if found is not None else self.loop(node, node.loop)
        return f"{name}_{node.pick}", status

    def loop(self, node: Fold, loop: Loop) -> tuple[str, Status]:
        home, body, aside = self.open(node, loop.var)
        name, var = self.fresh(), f"v{loop.var[1:]}"
        states = [f"{var}_{state}" for state in loop.states]
        starts = [self.expr(part) for part in loop.start]
        over, listed = self.expr(loop.over)
        if not over.isidentifier():
            over = self.hold(loop.over, over, listed)
        going_known = isinstance(loop.going, Literal) and loop.going.value is True
        # Where all is stated, a state that is unknown none the less is for the general function.
        sure = self.strict and listed == "known" and id(loop) not in self.careful
        sure = sure and all(status == "known" for _, status in starts)
        own = (loop.var, *(f"{loop.var}_{state}" for state in loop.states))
        before = {key: self.bound[key] for key in own if key in self.bound}
        self.bound |= dict.fromkeys(own, "known" if sure else "open")
        self.blocks.append(body)
        self.from_below(loop.going)
        going, seen = self.expr(loop.going)
        if not sure:
            body.write(f"going = {going}")
            body.write("if going is False: break")
            body.write(f"if going is None or {var} is _REST:")
            body.write(f"    {' = '.join(states)} = None")
            body.write("    break")
        elif not going_known:
            body.write(f"if not {going if seen == 'known' else f'_need({going}, {id(loop)})'}: break")
        self.from_below(*loop.step)
        steps = [self.expr(part) for part in loop.step]
        texts = [f"_need({text}, {id(loop)})" if sure and status != "known" else text for text, status in steps]
        body.write(f"{', '.join(states)} = {', '.join(texts)}")
        self.blocks.pop()
        self.bound |= before
        home.write(f"{', '.join(states)} = {', '.join(text for text, _ in starts)}")
        home.write(f"for {var} in {'_known' if sure else '_rounds'}({over}):")
        home.lines.extend(body.lines)
        home.write(f"{', '.join(f'{name}_{i}' for i in range(len(states)))} = {', '.join(states)}")
        status: Status = "known" if sure else "open"
        home.names[id(loop)] = name, status
        self.blocks.extend(aside)
        return name, status


def _source(
    outputs: tuple[Node, ...], absent: frozenset[str] | None, careful: frozenset[Site] = frozenset()
) -> tuple[str, dict[str, Any]]:
    uses: dict[int, int] = {}
    for node in walk(*outputs):
        for child in children(node):
            uses[id(child)] = uses.get(id(child), 0) + 1
    for node in outputs:
        uses[id(node)] = uses.get(id(node), 0) + 1
    constants: dict[str, Any] = {}
    top = _Block(0, "    ")
    writer = _Writer(absent, careful, _shape(outputs), depths(*outputs), uses, constants, [top])
    writer.from_below(*outputs)
    results = [writer.expr(node)[0] for node in outputs]
    lines = ["def run(f):", *top.lines, f"    return ({''.join(text + ', ' for text in results)})"]
    return "\n".join(lines), constants


def source(outputs: tuple[Node, ...], *, absent: Iterable[str] | None = ()) -> str:
    """The Python text that the outputs become, for those who want to read it.

    Args:
        outputs: the nodes.
        absent: the facts not stated, and the lists not complete (``holds!``); ``None`` for the text that assumes nothing.
    """
    return _source(outputs, None if absent is None else frozenset(absent))[0]


def _build(outputs: tuple[Node, ...], absent: frozenset[str] | None, careful: frozenset[Site] = frozenset()) -> Run:
    text, constants = _source(outputs, absent, careful)
    scope: dict[str, Any] = dict(NAMESPACE)
    scope |= constants
    scope |= {"_give_up": _give_up, "_need": _need, "_REST": _REST}
    scope |= {"_known": _known_items, "_items": _items, "_closed": _closed, "_rounds": _rounds}
    exec(compile(text, "<program>", "exec"), scope)  # the text is made here, from typed nodes only
    return scope["run"]  # type: ignore[no-any-return]


def compile_nodes(outputs: tuple[Node, ...], *, after: int | None = None, most: int = 48) -> Run:
    """A function from facts to the outputs' values, in their order; unknown is ``None``. Thread-safe.

    Args:
        outputs: the nodes.
        after: how often a pattern of open facts is seen before it gets a function of its own; by default so often that
            writing the function pays.
        most: how many patterns get one.
    """
    reads = reads_of(outputs)
    names = frozenset(reads)
    lists = tuple(name for name, kind in reads.items() if kind.name == "list")
    special: dict[frozenset[str], Run] = {}
    seen: dict[frozenset[str], int] = {}
    careful: dict[frozenset[str], frozenset[Site]] = {}
    failed: dict[tuple[frozenset[str], Site], int] = {}
    general: list[Run] = []
    wanted = 3 + sum(1 for _ in walk(*outputs)) // 5 if after is None else after

    def full(facts: Facts) -> tuple[Any, ...]:
        if not general:
            general.append(_build(outputs, None))
        return general[0](facts)

    def choose(absent: frozenset[str]) -> Run:
        count = seen[absent] = seen.get(absent, 0) + 1
        if len(special) >= most or count <= wanted:
            if len(seen) > 64 * most:
                seen.clear()
            return full
        return special.setdefault(absent, _build(outputs, absent))

    def gave_up(absent: frozenset[str], site: Site) -> None:
        """Where that happens again and again, write the function anew; where it keeps happening, leave it."""
        if absent not in special:
            return
        count = failed[absent, site] = failed.get((absent, site), 0) + 1
        if count > wanted // 4:  # a pattern that is worth a function is worth a better one sooner
            known = careful[absent] = careful.get(absent, frozenset()) | {site}
            special[absent] = full if site == 0 or len(known) > _REWRITES else _build(outputs, absent, known)
            failed[absent, site] = 0

    def run(facts: Facts) -> tuple[Any, ...]:
        absent = names.difference(facts)
        for name in lists:
            found = facts.get(name)
            if isinstance(found, FactList) and not found.complete:
                absent |= {name + "!"}
        chosen = special.get(absent) or choose(absent)
        try:
            return chosen(facts)
        except _Incomplete as error:
            gave_up(absent, error.site)
        except KeyError as error:
            gave_up(absent, str(error.args[0]))
        return full(facts)

    return run


def reads_of(outputs: tuple[Node, ...]) -> dict[str, Type]:
    """The facts that the outputs read, with their types, in the order of their first use."""
    return {node.name: node.type for node in walk(*outputs) if isinstance(node, Read) and not node.name.startswith("#")}
