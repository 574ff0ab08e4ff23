"""The kernel that every expression is lowered to: Literal, Read, Call, Each, Fold, and nothing else.

Nodes are interned: two that say the same are the same object, so sharing is free and equality is identity. Engines are
folds over these five kinds; what a ``Call`` means stands in the operator table and nowhere else. ``reach`` is the
deepest binder named anywhere inside a node, so that a new binder can be chosen beyond it. A node is shown without its
parts: written out as a tree, what it shares would be repeated beyond all measure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from baoquan_rules.language.types import Type, show

Value: TypeAlias = bool | int | str | None
"""What an engine holds for a scalar; ``None`` is always "unknown"."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Literal:
    """A constant; ``label`` keeps the name it had for an author, such as ``clause.ratio``."""

    value: Any
    type: Type
    label: str = ""

    def __repr__(self) -> str:
        return f"Literal({self.label or repr(self.value)}: {show(self.type)})"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Read:
    """A fact by its path (``request.date``), or a bound name (``#1``, and ``#1.field`` for an item's field)."""

    name: str
    type: Type
    reach: int = 0

    @property
    def bound(self) -> str:
        """The binder this reads (``#1``), or "" for a fact."""
        return self.name.split(".", 1)[0] if self.name.startswith("#") else ""

    def __repr__(self) -> str:
        return f"Read({self.name}: {show(self.type)})"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Call:
    """An operator on its arguments."""

    op: str
    args: "tuple[Node, ...]"
    type: Type
    reach: int = 0

    def __repr__(self) -> str:
        return f"Call({self.op}/{len(self.args)}: {show(self.type)})"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Each:
    """``body`` for every item of ``over``, in order; a list.

    ``over`` is a list fact, a list field of an item, or a ``range``. Where the list may have items beyond those stated
    (or is not stated at all) one more value stands at the end, and it is unknown whatever the body says.
    """

    var: str
    over: "Node"
    body: "Node"
    type: Type
    reach: int = 0

    def __repr__(self) -> str:
        return f"Each({self.var}: {show(self.type)})"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Loop:
    """What a fold does: from ``start``, for each item of ``over`` while ``going``, every state becomes its ``step``.

    All steps of one round read the states before the round. ``going`` reads states, never the item; it is asked before
    each round, and once it is false the states stay. Where it is unknown, or the list may have items beyond those
    stated and it is not yet false, every state is unknown. A loop is not a node by itself: a ``Fold`` picks one of its
    states (bound as ``#1_name`` inside).
    """

    var: str
    over: "Node"
    states: tuple[str, ...]
    start: "tuple[Node, ...]"
    going: "Node"
    step: "tuple[Node, ...]"

    def __repr__(self) -> str:
        return f"Loop({self.var}: {', '.join(self.states)})"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True, repr=False)
class Fold:
    """One state of a ``Loop`` after its last round."""

    loop: Loop
    pick: int
    type: Type
    reach: int = 0

    def __repr__(self) -> str:
        return f"Fold({self.loop.states[self.pick]}: {show(self.type)})"


Node: TypeAlias = Literal | Read | Call | Each | Fold


@dataclass(slots=True)
class _Intern:
    known: "WeakValueDictionary[Any, Any]" = field(default_factory=WeakValueDictionary)
    lock: Any = field(default_factory=RLock)

    def __call__(self, key: Any, build: Any) -> Any:
        with self.lock:
            found = self.known.get(key)
            if found is None:
                found = self.known.setdefault(key, build)
            return found


_intern = _Intern()


def _reach(parts: "tuple[Node, ...]") -> int:
    return max((0 if isinstance(part, Literal) else part.reach for part in parts), default=0)


def literal(value: Any, kind: Type, label: str = "") -> Literal:
    """The constant of that value and type."""
    made = Literal(value, kind, label)
    return _intern((Literal, type(value), value, kind, label), made)  # type: ignore[no-any-return]


def read(name: str, kind: Type) -> Read:
    """The reading of a fact or bound name."""
    return _intern((Read, name, kind), Read(name, kind, binder_depth(name)))  # type: ignore[no-any-return]


def call_node(op: str, args: tuple[Node, ...], kind: Type) -> Call:
    """The bare node of an operator; ``operators.call`` checks types and folds constants first."""
    return _intern((Call, op, tuple(map(id, args)), kind), Call(op, args, kind, _reach(args)))  # type: ignore[no-any-return]


def each(var: str, over: Node, body: Node, kind: Type) -> Each:
    """A body over a list."""
    return _intern((Each, var, id(over), id(body), kind), Each(var, over, body, kind, _reach((over, body))))  # type: ignore[no-any-return]


def fold(loop: Loop, pick: int, kind: Type) -> Fold:
    """One state of a loop."""
    key = (
        Loop, loop.var, id(loop.over), loop.states, tuple(map(id, loop.start)), id(loop.going), tuple(map(id, loop.step))
    )  # fmt: skip
    loop = _intern(key, loop)
    reach = _reach((loop.over, *loop.start, loop.going, *loop.step))
    return _intern((Fold, id(loop), pick, kind), Fold(loop, pick, kind, reach))  # type: ignore[no-any-return]


def children(node: Node) -> tuple[Node, ...]:
    """The nodes a node is made of."""
    match node:
        case Call():
            return node.args
        case Each():
            return (node.over, node.body)
        case Fold():
            return (node.loop.over, *node.loop.start, node.loop.going, *node.loop.step)
        case _:
            return ()


def rebuilt(node: Node, outer: Callable[[Node], Node], inner: Callable[[Node], Node] | None = None) -> Node:
    """The node with other children: ``outer`` gives those outside its binder, ``inner`` (or else ``outer``) those that see it."""
    inside = inner or outer
    match node:
        case Call():
            return call_node(node.op, tuple(map(outer, node.args)), node.type)
        case Each():
            return each(node.var, outer(node.over), inside(node.body), node.type)
        case Fold():
            loop = node.loop
            start, step = tuple(map(outer, loop.start)), tuple(map(inside, loop.step))
            return fold(Loop(loop.var, outer(loop.over), loop.states, start, inside(loop.going), step), node.pick, node.type)
        case _:
            return node


def walk(*roots: Node) -> Iterator[Node]:
    """Every node below the roots, once, arguments before what uses them."""
    seen: set[int] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, done = stack.pop()
        if done:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(children(node)))


def binder_depth(name: str) -> int:
    """The nesting depth of a bound name: 2 for ``#2`` and ``#2.amount``, 0 for a fact."""
    return int(name[1:].split(".", 1)[0].split("_", 1)[0]) if name.startswith("#") else 0


def depths(*roots: Node) -> dict[int, int]:
    """For each node (by id) the depth of the innermost binder it depends on, 0 where it depends on none."""
    out: dict[int, int] = {}
    free: dict[int, frozenset[int]] = {}
    for node in walk(*roots):
        match node:
            case Read():
                depth = binder_depth(node.name)
                names = frozenset((depth,)) if depth else frozenset()
            case Each():
                names = free[id(node.over)] | (free[id(node.body)] - {binder_depth(node.var)})
            case Fold():
                loop = node.loop
                inner = frozenset().union(free[id(loop.going)], *(free[id(part)] for part in loop.step))
                outer = frozenset().union(free[id(loop.over)], *(free[id(part)] for part in loop.start))
                names = outer | (inner - {binder_depth(loop.var)})
            case _:
                names = frozenset().union(*(free[id(child)] for child in children(node)))
        free[id(node)] = names
        out[id(node)] = max(names, default=0)
    return out
