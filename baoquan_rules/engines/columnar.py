"""Nodes and a data frame of cases -> a data frame of values: the engine for a book of policies.

Nested data parallelism: the cases are the rows of one frame, the items of all their lists the rows of
another, each with the row number of the case it belongs to, and so on inwards. A body is a few expressions
over such a frame; an aggregate groups its rows by the row above and gathers the results by row number, never
by the order of a join. A fold goes round by round over all cases at once, with those that are still going.

    any(x.amount > policy.premium for x in loans)

    cases                        loans: up, #1.amount, gathered by up: policy.premium
    0  premium 100  two loans    0   90  100  -> false  \\
    1  premium 200  one loan     0  110  100  -> true   / any -> true
                                 1  150  200  -> false    any -> false

Every node is computed once, in the outermost frame that binds all it reads. What an operator means stands in
the operator table; this module knows none by name.

The input has a column for each fact, named by its path: Int64 for whole numbers, days, seconds, fen, rates;
Boolean; String. A list is a column of lists, of structs or scalars, beside a Boolean column
``<path>!complete``; a list inside a struct likewise. Null is unknown, also for a list or its completeness; a
column that is not there is unknown in all rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import polars as pl

from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.python import Run, reads_of
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

_UP: Final = "!up"
"""The row above that a row belongs to; in the frame of the cases, the row itself."""

_ITEMS: Final = "#0"
"""The bound name of an item where a list is aggregated as it is."""

_CHUNK: Final = 1 << 17
"""So many cases at a time; columns of this height still fit the caches, and memory stays bounded."""

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
    return pl.DataFrame(columns) if columns else pl.DataFrame({_UP: range(len(cases))})


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


def _bit(name: str) -> int:
    """The binder that a bound name reads, as one bit; a fold's states, bound inside its item, have the next."""
    return 1 << (2 * binder_depth(name) + ("_" in name.split(".", 1)[0])) if name.startswith("#") else 0


def _free(node: Node, free: dict[int, int]) -> int:
    """The binders that a node reads and does not bind itself."""
    match node:
        case Read():
            return _bit(node.name)
        case Each():
            return free[id(node.over)] | (free[id(node.body)] & ~_bit(node.var))
        case Fold():
            outer = inner = 0
            for part in (node.loop.over, *node.loop.start):
                outer |= free[id(part)]
            for part in (node.loop.going, *node.loop.step):
                inner |= free[id(part)]
            return outer | (inner & ~_own(node.loop))
        case _:
            both = 0
            for part in children(node):
                both |= free[id(part)]
            return both


def _own(loop: Loop) -> int:
    return _bit(loop.var) * 3


def _states(loop: Loop, free: dict[int, int]) -> dict[str, Type]:
    """The bound names of the states, with the types they are read as."""
    names = [name if name.startswith("#") else f"{loop.var}_{name}" for name in loop.states]
    kinds = dict(zip(names, (part.type for part in loop.start), strict=True))
    own, seen = _own(loop), set[int]()
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


def _list_of(node: Call) -> tuple[Node, str, Node]:
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
class _Plan:
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
                over, _, body = _list_of(node)
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
def _plan(outputs: tuple[Node, ...]) -> _Plan:
    plan = _Plan(outputs)
    order = list(walk(*outputs))
    order = [*(_list_of(node)[2] for node in order if isinstance(node, Call) and _bare(node)), *order]
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


def _uses(plan: _Plan, node: Call, uses: dict[int, int], forced: set[int]) -> None:
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


def _express(plan: _Plan, node: Call) -> None:
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
        one = _expr(plan, arg)
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


def _expr(plan: _Plan, node: Node) -> pl.Expr:
    """The node where it is used: its column if it has one, else its expression."""
    name = plan.name.get(id(node))
    if id(node) in plan.constant:
        return _lit(plan.constant[id(node)], node.type)
    return plan.value[id(node)] if name is None else pl.col(name)


def _lit(value: Any, kind: Type, wide: bool = False) -> pl.Expr:
    if not _scalar(kind):
        return pl.lit(None)
    return pl.lit(value, dtype=pl.Int128 if wide else dtype_of(kind))


# --- frames of rows


@dataclass(slots=True)
class _Items:
    """The items of one list in the rows of a frame.

    Where those of each row begin in ``rows``, how many are known, and whether there may be others (None where no
    row has such a rest).
    """

    rows: "_Rows"
    start: pl.Series
    count: pl.Series
    rest: pl.Series | None

    def filled(self) -> pl.Series:
        """Whether a row has an item, be it unknown."""
        known = self.count > 0
        return known if self.rest is None else known | self.rest

    def values(self, bodies: Sequence[Node], others: Sequence[Node], above: "_Rows") -> pl.DataFrame:
        """The values of some nodes for each item, then unknowns for the rest; beside them the row above."""
        self.rows.need([*bodies, *others])
        name = self.rows.plan.name
        beside = list(dict.fromkeys(name[id(node)] for node in others))
        names = list(dict.fromkeys(name[id(node)] for node in bodies))
        known = self.rows.frame.select(_UP, *dict.fromkeys([*names, *beside]))
        if self.rest is None:
            return known
        index = self.rest.arg_true()
        unknown = pl.DataFrame(
            [index.cast(pl.UInt32).alias(_UP), *above.frame.select(pl.col(beside).gather(index))]
        )
        return pl.concat([known, unknown], how="diagonal").sort(_UP, maintain_order=True)

    def spread(self, grouped: pl.DataFrame, names: list[str], empty: pl.DataFrame) -> pl.DataFrame:
        """What the groups gave, for every row above; ``empty`` where it has no item."""
        filled = self.filled()
        if grouped.height == len(filled):
            return grouped.select(names)
        slot = pl.select(pl.when(filled).then(filled.cum_sum().cast(pl.Int64) - 1)).to_series()
        found = grouped.select(pl.col(names).gather(slot))
        return found.select(
            pl.when(filled).then(pl.col(name)).otherwise(empty[name]).alias(name) for name in names
        )


@dataclass(slots=True)
class _Rows:
    """A frame of rows, in which some names are bound (``own``) and others in the frame above, or in a twin.

    A twin holds the same items without the pairing with the rows above; what reads nothing of those is
    computed there.
    """

    plan: _Plan
    frame: pl.DataFrame
    own: int = 0
    bound: int = 0
    above: "tuple[_Rows, pl.Series] | None" = None
    twin: "tuple[_Rows, pl.Series] | None" = None
    lists: dict[str, tuple[pl.Series, pl.Series | None]] = field(default_factory=dict)
    opened: "dict[tuple[int, str], _Items]" = field(default_factory=dict)
    loops: dict[int, pl.DataFrame] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    source: pl.DataFrame | None = None

    def route(self, node: Node) -> "tuple[_Rows, pl.Series] | None":
        """Where the node is computed, and from which of its rows to gather; None for here."""
        if id(node) in self.plan.constant:
            return None
        free = self.plan.free[id(node)]
        if self.above is not None and not free & self.own:
            return self.above
        if self.twin is not None and not free & ~self.twin[0].bound:
            return self.twin
        return None

    def need(self, nodes: Iterable[Node]) -> None:
        """Make each node a column here."""
        plan = self.plan
        missing = {name: node for node in nodes if (name := plan.name[id(node)]) not in self.held}
        here: list[Node] = []
        away: dict[int, tuple[tuple[_Rows, pl.Series], list[Node]]] = {}
        for node in missing.values():
            link = self.route(node)
            if link is None:
                here.append(node)
            else:
                away.setdefault(id(link[0]), (link, []))[1].append(node)
        for (rows, index), wanted in away.values():
            rows.need(wanted)
            names = [plan.name[id(node)] for node in wanted]
            self.add(rows.frame.select(pl.col(names).gather(index)))
        if here:
            self.compute(here)

    def add(self, columns: pl.DataFrame) -> None:
        self.frame = self.frame.hstack(columns.get_columns())
        self.held.update(columns.columns)

    def compute(self, nodes: list[Node]) -> None:
        """The nodes and what they rest on: constants and facts, then aggregates and operators in turn."""
        plan = self.plan
        ranked: dict[tuple[int, bool, int], list[Node]] = {}
        away: list[Node] = []
        seen: set[int] = set()
        stack = list(nodes)
        while stack:
            node = stack.pop()
            if id(node) in seen or plan.name[id(node)] in self.held:
                continue
            seen.add(id(node))
            if self.route(node) is not None:
                away.append(node)
                continue
            ranked.setdefault(plan.rank[id(node)], []).append(node)
            if id(node) not in plan.constant:
                stack.extend(plan.direct(node))
        if away:
            self.need(away)
        for rank in sorted(ranked):
            group = [node for node in ranked[rank] if plan.name[id(node)] not in self.held]
            if rank[1]:
                self.operate(group)
            else:
                self.gather(group)

    def operate(self, nodes: list[Node]) -> None:
        made = [
            (self.fact(node) if isinstance(node, Read) else self.plan.value[id(node)]).alias(
                self.plan.name[id(node)]
            )
            for node in nodes
        ]
        # The row numbers give constants their height.
        self.add(self.frame.select(pl.col(_UP), *made).drop(_UP))

    def fact(self, node: Read) -> pl.Expr:
        """A fact, or a list bound here, as a column."""
        if node.type.name == "list":
            items, complete = self.list_read(node)
            flag = pl.lit(True) if complete is None else pl.lit(complete).fill_null(False)
            values = pl.lit(items)
            return pl.struct(items=values, complete=flag & values.is_not_null())
        if self.source is None or node.name not in self.source.columns:
            return pl.lit(None, dtype=dtype_of(node.type))
        return pl.lit(_cast(self.source[node.name], node.type))

    def list_read(self, node: Read) -> tuple[pl.Series, pl.Series | None]:
        """A list that is bound or stated here, and whether it is complete (None: always)."""
        if self.source is None:
            return self.lists[node.name]
        if node.name not in self.source.columns:
            unknown = pl.Series(node.name, [None], dtype=dtype_of(node.type))
            return unknown.new_from_index(0, self.frame.height), None
        flag = node.name + COMPLETE
        known = flag in self.source.columns
        return self.source[node.name], self.source[flag] if known else _never(self.frame.height)

    # aggregates

    def gather(self, nodes: list[Node]) -> None:
        """Aggregates, lists and folds, those over one list together."""
        over: dict[tuple[int, str], list[Call]] = {}
        for node in nodes:
            if isinstance(node, Call):
                source, var, _ = _list_of(node)
                over.setdefault((id(source), var), []).append(node)
            elif isinstance(node, Each):
                self.implode(node)
            elif isinstance(node, Fold):
                states = self.loop(node.loop)
                picked = states.to_series(node.pick)
                self.add(pl.DataFrame({self.plan.name[id(node)]: _cast(picked, node.type)}))
        for calls in over.values():
            self.aggregate(calls)

    def aggregate(self, calls: list[Call]) -> None:
        plan = self.plan
        source, var, _ = _list_of(calls[0])
        items = self.open(source, var)
        bodies = [_list_of(call)[2] for call in calls]
        others = [arg for call in calls for arg in plan.direct(call)]
        values = items.values([*bodies, *others], others, self)
        totals, empty = [], []
        for call, body in zip(calls, bodies, strict=True):
            wide = call.type.wide
            value = pl.col(plan.name[id(body)])
            rest = [_expr(plan, arg) for arg in call.args[1:]]
            made = OPERATORS[call.op].columnar(
                value.cast(pl.Int128) if wide and not body.type.wide else value, *rest
            )
            name, dtype = plan.name[id(call)], dtype_of(call.type)
            totals.append(made.value.cast(dtype).alias(name))
            empty.append(made.empty.cast(dtype).alias(name))
        grouped = values.group_by(_UP, maintain_order=True).agg(totals)
        nothing = self.frame.select(pl.col(_UP), *empty)
        self.add(items.spread(grouped, [plan.name[id(call)] for call in calls], nothing))

    def implode(self, node: Each) -> None:
        """A list as a value, for operators that choose between lists."""
        items = self.open(node.over, node.var)
        body, name = self.plan.name[id(node.body)], self.plan.name[id(node)]
        values = items.values([node.body], [], self)
        grouped = values.group_by(_UP, maintain_order=True).agg(pl.col(body).alias(name))
        nothing = self.frame.select(pl.col(_UP), pl.lit([], dtype=grouped.schema[name]).alias(name))
        lists = items.spread(grouped, [name], nothing)
        self.add(lists.select(pl.struct(items=pl.col(name), complete=pl.lit(True)).alias(name)))

    # lists

    def open(self, over: Node, var: str) -> _Items:
        """The items of a list, each bound to ``var`` in a frame of its own."""
        key = (id(over), var)
        found = self.opened.get(key)
        if found is None:
            link = self.route(over)
            found = self.opened[key] = self.explode(over, var) if link is None else self.pair(link, over, var)
        return found

    def pair(self, link: "tuple[_Rows, pl.Series]", over: Node, var: str) -> _Items:
        """The items of a list of another frame, each paired with the rows here that it belongs to."""
        home, index = link
        while (further := home.route(over)) is not None:
            home, index = further[0], further[1].gather(index)
        base = home.open(over, var)
        count, first = base.count.gather(index), base.start.gather(index)
        start = count.cum_sum() - count
        up = _repeat(count)
        place = pl.int_range(len(up), dtype=pl.Int64, eager=True) - start.gather(up) + first.gather(up)
        own = _bit(var)
        rows = _Rows(
            self.plan,
            pl.DataFrame({_UP: up}),
            own,
            self.bound | own,
            (self, up),
            (base.rows, place),
            held={_UP},
        )
        return _Items(rows, start, count, None if base.rest is None else base.rest.gather(index))

    def explode(self, over: Node, var: str) -> _Items:
        if isinstance(over, Each):
            return self.rebind(over, var)
        complete: pl.Series | None
        if isinstance(over, Read):
            values, complete = self.list_read(over)
        else:
            self.need([over])
            both = self.frame[self.plan.name[id(over)]].struct
            values, complete = both.field("items"), both.field("complete")
        rest = values.is_null()
        if complete is not None:
            rest = rest | ~complete.fill_null(False)
        count = values.list.len().cast(pl.Int64).fill_null(0)
        items = values.explode(empty_as_null=False, keep_nulls=False)
        return self.below(over, var, _repeat(count), items, count, rest)

    def rebind(self, over: Each, var: str) -> _Items:
        """The values of one list as the items of another."""
        items = self.open(over.over, over.var)
        values = items.values([over.body], [], self)
        count = items.count if items.rest is None else items.count + items.rest.cast(pl.Int64)
        return self.below(over, var, values[_UP], values[self.plan.name[id(over.body)]], count, None)

    def below(
        self, over: Node, var: str, up: pl.Series, items: pl.Series, count: pl.Series, rest: pl.Series | None
    ) -> _Items:
        own = _bit(var)
        columns, lists = _bind(var, items, over.type.item, self.plan.fields.get(var, {}))
        rows = _Rows(
            self.plan, pl.DataFrame([up.alias(_UP), *columns]), own, self.bound | own, (self, up), lists=lists,
            held={_UP, *(column.name for column in columns)},
        )  # fmt: skip
        if rest is not None and not rest.any():
            rest = None
        return _Items(rows, count.cum_sum() - count, count, rest)

    # folds

    def loop(self, loop: Loop) -> pl.DataFrame:
        """The states after the last round, a row for each row here."""
        found = self.loops.get(id(loop))
        if found is not None:
            return found
        plan = self.plan
        items = self.open(loop.over, loop.var)
        self.need(loop.start)
        states = plan.states[id(loop)]
        live = _solid(_named(self.frame, plan, loop.start, states))
        live.insert_column(0, pl.int_range(live.height, dtype=pl.UInt32, eager=True).alias(_UP))
        unknown = [pl.lit(None, dtype=dtype_of(kind)).alias(name) for name, kind in states.items()]
        done: list[pl.DataFrame] = []
        own = _own(loop)
        turn = 0
        while live.height:
            up = live[_UP]
            has = items.count.gather(up) > turn
            rest = None if items.rest is None else items.rest.gather(up)
            on = has if rest is None else has | rest
            if not on.all():
                done.append(live.filter(~on))
                live, has = live.filter(on), has.filter(on)
                up = live[_UP]
                if not live.height:
                    break
            place = pl.select(pl.when(has).then(items.start.gather(up) + turn)).to_series()
            rows = _Rows(
                plan, live, own, self.bound | own, (self, up), (items.rows, place), held=set(live.columns)
            )
            rows.need([loop.going])
            going = rows.frame[plan.name[id(loop.going)]]
            go = going.fill_null(False) & has
            if not go.all():
                stop = ~going.fill_null(True)
                done.append(live.filter(stop))
                done.append(live.filter(~(go | stop)).with_columns(unknown))
                rows = rows.keep(go)
            rows.need(loop.step)
            live = _solid(_named(rows.frame, plan, loop.step, states))
            live.insert_column(0, rows.frame[_UP])
            turn += 1
        made = self.loops[id(loop)] = pl.concat([live, *done]).sort(_UP).select(*states)
        return made

    def keep(self, mask: pl.Series) -> "_Rows":
        """Some of the rows, with all that is known of them."""
        assert self.above is not None and self.twin is not None
        return _Rows(
            self.plan, self.frame.filter(mask), self.own, self.bound, (self.above[0], self.above[1].filter(mask)),
            (self.twin[0], self.twin[1].filter(mask)), held=set(self.held),
        )  # fmt: skip


def _repeat(count: pl.Series) -> pl.Series:
    """Each row number as often as ``count`` says."""
    numbers = pl.int_range(len(count), dtype=pl.UInt32, eager=True)
    return pl.select(pl.lit(numbers).repeat_by(pl.lit(count)).explode(empty_as_null=False)).to_series()


def _solid(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with each column written out.

    Polars keeps a column of one value as that value, and 2.1 gives a comparison of a literal with such a
    column the height 1. Columns taken out of a frame are written out.
    """
    return pl.DataFrame(frame.get_columns())


def _never(height: int) -> pl.Series:
    return pl.Series([False]).new_from_index(0, height)


def _cast(column: pl.Series, kind: Type) -> pl.Series:
    dtype = dtype_of(kind)
    return column if column.dtype == dtype else column.cast(dtype)


def _named(
    frame: pl.DataFrame, plan: _Plan, nodes: tuple[Node, ...], states: dict[str, Type]
) -> pl.DataFrame:
    """The values of a fold's states under their bound names."""
    return frame.select(
        pl.col(plan.name[id(node)]).cast(dtype_of(kind)).alias(name)
        for node, (name, kind) in zip(nodes, states.items(), strict=True)
    )


_Lists = dict[str, tuple[pl.Series, pl.Series | None]]


def _bind(
    var: str, items: pl.Series, kind: Type | None, wanted: Mapping[str, Type]
) -> tuple[list[pl.Series], _Lists]:
    """The columns under which the parts of an item that are read are bound, and the lists among them."""
    columns: list[pl.Series] = []
    lists: _Lists = {}
    stated = {part.name for part in items.dtype.fields} if isinstance(items.dtype, pl.Struct) else set()
    for part, read_as in wanted.items():
        name = f"{var}.{part}" if part else var
        # The same bound name may stand for items of other lists, of other types, elsewhere in the program.
        own = ((kind.field(part) if part else kind) if kind is not None else None) or read_as
        if own.name == "record":
            continue
        if not part and own.name == "list" and stated == {"items", "complete"}:
            lists[name] = items.struct.field("items"), items.struct.field("complete")
            continue
        if part and part not in stated:
            column = pl.Series(name, [None], dtype=dtype_of(own)).new_from_index(0, len(items))
        else:
            column = (items.struct.field(part) if part else items).alias(name)
        if own.name == "list":
            flag = part + COMPLETE
            lists[name] = (
                column,
                items.struct.field(flag) if flag in stated else _never(len(items)) if part else None,
            )
        else:
            columns.append(_cast(column, own))
    return columns, lists


# --- the whole


def run(outputs: Sequence[Node], frame: pl.DataFrame) -> pl.DataFrame:
    """The values of the outputs for each row of ``frame``, in its order, as columns "0", "1", ...

    Whole numbers are Int64, or Int128 where their type is wide; unknown is null. A list is a struct of its
    items and of whether it is complete.
    """
    plan = _plan(tuple(outputs))
    pieces = [_run(plan, frame.slice(start, _CHUNK)) for start in range(0, max(frame.height, 1), _CHUNK)]
    return pieces[0] if len(pieces) == 1 else pl.concat(pieces)


def _run(plan: _Plan, frame: pl.DataFrame) -> pl.DataFrame:
    rows = _Rows(
        plan, pl.DataFrame({_UP: pl.int_range(frame.height, dtype=pl.UInt32, eager=True)}), source=frame
    )
    rows.need(plan.outputs)
    return rows.frame.select(pl.col(plan.name[id(node)]).alias(str(i)) for i, node in enumerate(plan.outputs))


def prepare(program: Program) -> Run:
    """The engine protocol for one case, as a frame of one row; for a book of policies see ``run``."""
    outputs = program.nodes
    reads = reads_of(outputs)

    def one(facts: Facts) -> tuple[Any, ...]:
        found = run(outputs, frame_of([facts], reads)).row(0)
        return tuple([_value(value) for value in found])

    return one


def _value(found: Any) -> Any:
    """A value as the other engines hold it: a list of which more is unknown ends in an unknown."""
    if isinstance(found, dict):
        items = found["items"] or []
        return [*items] if found["complete"] else [*items, None]
    return found
