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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.python import Run, reads_of
from baoquan_rules.engines.columnar_plan import (
    COMPLETE,
    UP,
    Plan,
    bit,
    bits_of,
    dtype_of,
    expr_of,
    frame_of,
    list_of,
    plan_of,
)
from baoquan_rules.language.facts import Facts
from baoquan_rules.language.nodes import Call, Each, Fold, Loop, Node, Read
from baoquan_rules.language.operators import OPERATORS
from baoquan_rules.language.types import Type

__all__ = ("COMPLETE", "dtype_of", "frame_of", "prepare", "run")

_FEW: Final = 1000
"""Up to so many rows a query costs more by itself than by its rows, and several turns become one."""

_AS_WRITTEN: Final = pl.QueryOptFlags.none()
"""What is shared is a column already; looking for more costs more than it saves."""

_CHUNK: Final = 1 << 17
"""So many cases at a time; columns of this height still fit the caches, and memory stays bounded."""


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
        known = self.rows.frame.select(UP, *dict.fromkeys([*names, *beside]))
        if self.rest is None:
            return known
        index = self.rest.arg_true()
        unknown = pl.DataFrame(
            [index.cast(pl.UInt32).alias(UP), *above.frame.select(pl.col(beside).gather(index))]
        )
        return pl.concat([known, unknown], how="diagonal").sort(UP, maintain_order=True)

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

    plan: Plan
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
        turns: list[list[Node]] = []
        for rank in sorted(ranked):
            group = [node for node in ranked[rank] if plan.name[id(node)] not in self.held]
            if rank[1]:
                turns.append(group)
                continue
            self.operate(turns)
            turns = []
            self.gather(group)
        self.operate(turns)

    def operate(self, turns: list[list[Node]]) -> None:
        """The nodes of each turn as columns, made of those before."""
        few = self.frame.height <= _FEW
        query = self.frame.lazy()
        for nodes in turns:
            made = [
                (self.fact(node) if isinstance(node, Read) else self.plan.value[id(node)]).alias(
                    self.plan.name[id(node)]
                )
                for node in nodes
            ]
            if few:
                query = query.with_columns(made)
                self.held.update(self.plan.name[id(node)] for node in nodes)
            else:
                # The row numbers give constants their height.
                self.add(self.frame.select(pl.col(UP), *made).drop(UP))
        if few and any(turns):
            self.frame = _solid(query.collect(optimizations=_AS_WRITTEN))

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
                source, var, _ = list_of(node)
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
        source, var, _ = list_of(calls[0])
        items = self.open(source, var)
        bodies = [list_of(call)[2] for call in calls]
        others = [arg for call in calls for arg in plan.direct(call)]
        values = items.values([*bodies, *others], others, self)
        totals, empty = [], []
        for call, body in zip(calls, bodies, strict=True):
            wide = call.type.wide
            value = pl.col(plan.name[id(body)])
            rest = [expr_of(plan, arg) for arg in call.args[1:]]
            made = OPERATORS[call.op].columnar(
                value.cast(pl.Int128) if wide and not body.type.wide else value, *rest
            )
            name, dtype = plan.name[id(call)], dtype_of(call.type)
            totals.append(made.value.cast(dtype).alias(name))
            empty.append(made.empty.cast(dtype).alias(name))
        grouped = values.group_by(UP, maintain_order=True).agg(totals)
        nothing = self.frame.select(pl.col(UP), *empty)
        self.add(items.spread(grouped, [plan.name[id(call)] for call in calls], nothing))

    def implode(self, node: Each) -> None:
        """A list as a value, for operators that choose between lists."""
        items = self.open(node.over, node.var)
        body, name = self.plan.name[id(node.body)], self.plan.name[id(node)]
        values = items.values([node.body], [], self)
        grouped = values.group_by(UP, maintain_order=True).agg(pl.col(body).alias(name))
        nothing = self.frame.select(pl.col(UP), pl.lit([], dtype=grouped.schema[name]).alias(name))
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
        own = bit(var)
        rows = _Rows(
            self.plan,
            pl.DataFrame({UP: up}),
            own,
            self.bound | own,
            (self, up),
            (base.rows, place),
            held={UP},
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
        return self.below(over, var, values[UP], values[self.plan.name[id(over.body)]], count, None)

    def below(
        self, over: Node, var: str, up: pl.Series, items: pl.Series, count: pl.Series, rest: pl.Series | None
    ) -> _Items:
        own = bit(var)
        columns, lists = _bind(var, items, over.type.item, self.plan.fields.get(var, {}))
        rows = _Rows(
            self.plan, pl.DataFrame([up.alias(UP), *columns]), own, self.bound | own, (self, up), lists=lists,
            held={UP, *(column.name for column in columns)},
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
        live.insert_column(0, pl.int_range(live.height, dtype=pl.UInt32, eager=True).alias(UP))
        unknown = [pl.lit(None, dtype=dtype_of(kind)).alias(name) for name, kind in states.items()]
        done: list[pl.DataFrame] = []
        own = bits_of(loop)
        turn = 0
        while live.height:
            up = live[UP]
            has = items.count.gather(up) > turn
            rest = None if items.rest is None else items.rest.gather(up)
            on = has if rest is None else has | rest
            if not on.all():
                done.append(live.filter(~on))
                live, has = live.filter(on), has.filter(on)
                up = live[UP]
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
            live.insert_column(0, rows.frame[UP])
            turn += 1
        made = self.loops[id(loop)] = pl.concat([live, *done]).sort(UP).select(*states)
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
    frame: pl.DataFrame, plan: Plan, nodes: tuple[Node, ...], states: dict[str, Type]
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
    return _pieces(plan_of(tuple(outputs)), frame)


def _pieces(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    pieces = [_run(plan, frame.slice(start, _CHUNK)) for start in range(0, max(frame.height, 1), _CHUNK)]
    return pieces[0] if len(pieces) == 1 else pl.concat(pieces)


def _run(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    rows = _Rows(
        plan, pl.DataFrame({UP: pl.int_range(frame.height, dtype=pl.UInt32, eager=True)}), source=frame
    )
    rows.need(plan.outputs)
    return rows.frame.select(pl.col(plan.name[id(node)]).alias(str(i)) for i, node in enumerate(plan.outputs))


def prepare(program: Program) -> Run:
    """The engine protocol for one case, as a frame of one row; for a book of policies see ``run``."""
    many = prepare_many(program)
    return lambda facts: many([facts])[0]


def prepare_many(program: Program) -> Callable[[Sequence[Facts]], list[tuple[Any, ...]]]:
    """The values of many cases, in their order, worked out in one frame."""
    outputs = program.nodes
    reads = reads_of(outputs)
    plan = program.memo.get(plan_of)
    if plan is None:
        plan = program.memo[plan_of] = plan_of(outputs)

    def all_of(cases: Sequence[Facts]) -> list[tuple[Any, ...]]:
        return [tuple([_value(value) for value in row]) for row in _pieces(plan, frame_of(cases, reads)).rows()]

    return all_of


def _value(found: Any) -> Any:
    """A value as the other engines hold it: a list of which more is unknown ends in an unknown."""
    if isinstance(found, dict):
        items = found["items"] or []
        return [*items] if found["complete"] else [*items, None]
    return found
