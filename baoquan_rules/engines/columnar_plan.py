"""Nodes -> a plan for frames: which nodes are columns, the expression of each over others, and in what order.

The first half of the columnar engine, with the form of the frame that cases become; the second half, ``columnar``, runs
a plan over rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import polars as pl

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
    read,
    walk,
)
from baoquan_rules.language.operators import OPERATORS, meaning
from baoquan_rules.language.types import Type

COMPLETE: Final = "!complete"
"""What the column that says whether a list is complete has after the name of the list."""

UP: Final = "!up"
"""The row above that a row belongs to; in the frame of the cases, the row itself."""

_ITEMS: Final = "#0"
"""The bound name of an item where a list is aggregated as it is."""

_INLINE: Final = 24
"""An expression of more operators than this becomes a column, so that none grows too deep for the planner."""


# --- types


def dtype_of(kind: Type) -> Any:
    """The Polars type of a value of this type."""
    if kind.numeric:
        return pl.Int128 if kind.wide else pl.Int64
    if kind.name == "list":
        return pl.List(pl.Null if kind.item is None else dtype_of(kind.item))
    if kind.name == "record":
        return pl.Struct(list(_struct_fields(kind)))
    return pl.Boolean if kind.name == "bool" else pl.String


def _struct_fields(kind: Type) -> Iterator[pl.Field]:
    for name, part in kind.fields:
        yield pl.Field(name, dtype_of(part))
        if part.name == "list":
            yield pl.Field(name + COMPLETE, pl.Boolean)


def _scalar(kind: Type) -> bool:
    return kind.numeric or kind.name in ("bool", "enum", "text")


def _dtype(kind: Type) -> Any:
    """The type of a column that holds a node; a list also says whether it is complete."""
    return (
        pl.Struct({"items": dtype_of(kind), "complete": pl.Boolean})
        if kind.name == "list"
        else dtype_of(kind)
    )


# --- facts -> frame


def frame_of(cases: Sequence[Facts], reads: Mapping[str, Type]) -> pl.DataFrame:
    """The frame of some cases, a row each in their order, with a column for each path of ``reads``."""
    columns: list[pl.Series] = []
    for path, kind in reads.items():
        values = [facts.get(path) for facts in cases]
        if kind.name == "list":
            columns.append(pl.Series(path, [_plain(value, kind) for value in values], dtype=dtype_of(kind)))
            columns.append(
                pl.Series(path + COMPLETE, [_is_complete(value) for value in values], dtype=pl.Boolean)
            )
        else:
            columns.append(pl.Series(path, values, dtype=dtype_of(kind)))
    # A frame without columns has no height, and the height is the number of cases.
    return pl.DataFrame(columns) if columns else pl.DataFrame({UP: range(len(cases))})


def _is_complete(value: Any) -> bool:
    return value is not None and (not isinstance(value, FactList) or value.complete)


def _plain(value: Any, kind: Type) -> Any:
    """Lists and records of facts as lists and mappings, with the flags of inner lists beside them."""
    if value is None:
        return None
    if kind.name == "list" and kind.item is not None:
        item = kind.item
        return [_plain(part, item) for part in (value.items if isinstance(value, FactList) else value)]
    if kind.name == "record":
        made: dict[str, Any] = {}
        for name, part in kind.fields:
            made[name] = _plain(value.get(name), part)
            if part.name == "list":
                made[name + COMPLETE] = _is_complete(value.get(name))
        return made
    return value


# --- nodes -> plan: which nodes are columns, and the expression of each over others


def bit(name: str) -> int:
    """The binder that a bound name reads, as one bit; a fold's states, bound inside its item, have the next."""
    return 1 << (2 * binder_depth(name) + ("_" in name.split(".", 1)[0])) if name.startswith("#") else 0


def _free(node: Node, free: dict[int, int]) -> int:
    """The binders that a node reads and does not bind itself."""
    match node:
        case Read():
            return bit(node.name)
        case Each():
            return free[id(node.over)] | (free[id(node.body)] & ~bit(node.var))
        case Fold():
            outer = inner = 0
            for part in (node.loop.over, *node.loop.start):
                outer |= free[id(part)]
            for part in (node.loop.going, *node.loop.step):
                inner |= free[id(part)]
            return outer | (inner & ~bits_of(node.loop))
        case _:
            both = 0
            for part in children(node):
                both |= free[id(part)]
            return both


def bits_of(loop: Loop) -> int:
    return bit(loop.var) * 3


def _states(loop: Loop, free: dict[int, int]) -> dict[str, Type]:
    """The bound names of the states, with the types they are read as."""
    names = [name if name.startswith("#") else f"{loop.var}_{name}" for name in loop.states]
    kinds = dict(zip(names, (part.type for part in loop.start), strict=True))
    own, seen = bits_of(loop), set[int]()
    stack = [loop.going, *loop.step]
    while stack:
        node = stack.pop()
        # A loop within may bind the same names again.
        if id(node) in seen or not free[id(node)] & own:
            continue
        seen.add(id(node))
        if isinstance(node, Read) and node.name in kinds:
            kinds[node.name] = node.type
        again = isinstance(node, Fold) and node.loop.var == loop.var
        stack.extend(
            (node.loop.over, *node.loop.start) if again and isinstance(node, Fold) else children(node)
        )
    return kinds


def _aggregates(node: Node) -> bool:
    return isinstance(node, Call) and OPERATORS[node.op].shape == "aggregate"


def _bare(node: Call) -> bool:
    """Whether it aggregates a list as it is."""
    return OPERATORS[node.op].shape == "aggregate" and not isinstance(node.args[0], Each)


def list_of(node: Call) -> tuple[Node, str, Node]:
    """What an aggregate goes over: the list, the name its items are bound to, and the value of each."""
    source = node.args[0]
    if isinstance(source, Each):
        return source.over, source.var, source.body
    kind = source.type.item
    assert kind is not None
    return source, _ITEMS, read(_ITEMS, kind)


@lru_cache(maxsize=256)
def _repeats(op: str, count: int) -> tuple[int, ...]:
    """How often an operator's expression says each of its arguments; more than once calls for a column."""
    names = [f"a{i}" for i in range(count)]
    roots = OPERATORS[op].columnar(*map(pl.col, names)).meta.root_names()
    return tuple(roots.count(name) for name in names)


@dataclass(slots=True)
class Plan:
    """What is known of the nodes before there are rows."""

    outputs: tuple[Node, ...]
    order: tuple[Node, ...] = ()
    free: dict[int, int] = field(default_factory=dict)
    constant: dict[int, Any] = field(default_factory=dict)
    name: dict[int, str] = field(default_factory=dict)
    leaves: dict[int, tuple[Node, ...]] = field(default_factory=dict)
    rank: dict[int, tuple[int, bool, int]] = field(default_factory=dict)
    value: dict[int, pl.Expr] = field(default_factory=dict)
    fields: dict[str, dict[str, Type]] = field(default_factory=dict)
    states: dict[int, dict[str, Type]] = field(default_factory=dict)

    def inner(self, node: Node) -> tuple[Node, ...]:
        """What is evaluated in a frame of its own below the node's."""
        match node:
            case Each():
                return (node.over, node.body)
            case Fold():
                return (node.loop.over, node.loop.going, *node.loop.step)
            case Call() if _aggregates(node):
                over, _, body = list_of(node)
                return (over, body)
            case _:
                return ()

    def direct(self, node: Node) -> tuple[Node, ...]:
        """What is evaluated in the node's own frame (or further out) and needed there as a column."""
        match node:
            case Fold():
                return node.loop.start
            case Call() if _aggregates(node):
                return tuple(arg for arg in node.args[1:] if id(arg) not in self.constant)
            case Call():
                return self.leaves[id(node)]
            case _:
                return ()


@lru_cache(maxsize=64)
def plan_of(outputs: tuple[Node, ...]) -> Plan:
    plan = Plan(outputs)
    order = list(walk(*outputs))
    order = [*(list_of(node)[2] for node in order if isinstance(node, Call) and _bare(node)), *order]
    plan.order = tuple(order)  # all else goes by their identity, so none may go away
    forced: set[int] = {id(node) for node in outputs}
    uses: dict[int, int] = {}
    for node in order:
        plan.free[id(node)] = _free(node, plan.free)
        if isinstance(node, Literal):
            plan.constant[id(node)] = node.value
        elif isinstance(node, Read):
            plan.name[id(node)] = node.name
            if node.name.startswith("#"):
                var, _, part = node.name.partition(".")
                plan.fields.setdefault(var, {})[part] = node.type
        elif isinstance(node, Call) and not _aggregates(node):
            _uses(plan, node, uses, forced)
        else:
            forced |= {
                id(part) for part in (*plan.inner(node), *(node.args[1:] if isinstance(node, Call) else ()))
            }
            if isinstance(node, Fold):
                forced |= {id(part) for part in node.loop.start}
                plan.states[id(node.loop)] = _states(node.loop, plan.free)
    size: dict[int, int] = {}
    for index, node in enumerate(order):
        key = id(node)
        if isinstance(node, Call) and not _aggregates(node):
            if key not in plan.constant:
                size[key] = 1 + sum(size.get(id(arg), 0) for arg in node.args if id(arg) not in plan.name)
                _express(plan, node)
            if key in forced or uses.get(key, 0) > 1 or size.get(key, 0) > _INLINE:
                plan.name[key] = f"!{index}"
        elif not isinstance(node, Read):
            plan.name[key] = f"!{index}"
        if key in plan.constant:
            plan.leaves[key], plan.rank[key] = (), (0, True, 0)
            plan.value[key] = _lit(plan.constant[key], node.type)
            continue
        below = [plan.rank[id(part)] for part in plan.direct(node)]
        inside = [plan.rank[id(part)][0] for part in plan.inner(node)]
        stage = max((rank[0] for rank in below), default=0)
        if inside or isinstance(node, Each):
            plan.rank[key] = (1 + max([stage, *inside]), False, 0)
        else:
            plan.rank[key] = (
                stage,
                True,
                1 + max((r[2] for r in below if r[0] == stage and r[1]), default=0),
            )
    return plan


def _uses(plan: Plan, node: Call, uses: dict[int, int], forced: set[int]) -> None:
    """Note the constants, and who needs which arguments how often."""
    args = node.args
    if all(id(arg) in plan.constant and arg.type.name != "list" for arg in args) and _scalar(node.type):
        plan.constant[id(node)] = meaning(node.op)(
            *(plan.constant[id(arg)] for arg in args)
        )
        return
    held = [arg for arg in args if _scalar(arg.type) or arg.type.name == "list"]
    repeats = _repeats(node.op, len(args)) if len(held) == len(args) else (2,) * len(args)
    beside_constant = any(id(arg) in plan.constant for arg in args)
    for arg, often in zip(args, repeats, strict=True):
        uses[id(arg)] = uses.get(id(arg), 0) + often
        # What reads less is computed further out, or in a twin, and gathered; for constants see ``_solid``.
        if plan.free[id(arg)] != plan.free[id(node)] or beside_constant:
            forced.add(id(arg))


def _express(plan: Plan, node: Call) -> None:
    """The node's expression over columns."""
    leaves: dict[int, Node] = {}
    args: list[Any] = []
    for arg in node.args:
        key = id(arg)
        if key in plan.constant:
            wide = node.type.wide and arg.type.numeric
            args.append(_lit(plan.constant[key], arg.type, wide) if _scalar(arg.type) else plan.constant[key])
            continue
        if key in plan.name or not isinstance(arg, Call) or _aggregates(arg):
            leaves[key] = arg
        else:
            leaves |= {id(leaf): leaf for leaf in plan.leaves[key]}
        one = expr_of(plan, arg)
        args.append(one.cast(pl.Int128) if node.type.wide and arg.type.numeric and not arg.type.wide else one)
    made = OPERATORS[node.op].columnar(*args)
    if node.type.name == "list" and not any(arg.type.name == "list" for arg in node.args):
        made = pl.struct(items=made, complete=made.is_not_null())
    elif node.type.wide:
        made = made.cast(pl.Int128)
    elif node.type.numeric and any(arg.type.wide for arg in node.args):
        made = made.cast(pl.Int64, strict=False)
    plan.leaves[id(node)] = tuple(leaves.values())
    plan.value[id(node)] = made


def expr_of(plan: Plan, node: Node) -> pl.Expr:
    """The node where it is used: its column if it has one, else its expression."""
    name = plan.name.get(id(node))
    if id(node) in plan.constant:
        return _lit(plan.constant[id(node)], node.type)
    return plan.value[id(node)] if name is None else pl.col(name)


@lru_cache(maxsize=4096)
def _lit(value: Any, kind: Type, wide: bool = False) -> pl.Expr:
    if not _scalar(kind):
        return pl.lit(None)
    return pl.lit(value, dtype=pl.Int128 if wide else dtype_of(kind))
