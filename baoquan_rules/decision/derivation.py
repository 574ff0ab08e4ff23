"""Nodes and facts -> how a value came about: its formula in names and in values, and why it is unknown.

This is a second, slow reading of the same nodes by the same operator table. It never decides anything: what it derives
is compared with the trace, and a difference is an error.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from baoquan_rules.language.facts import FactList, Facts
from baoquan_rules.language.nodes import Call, Each, Fold, Literal, Loop, Node, Read, binder_depth, depths
from baoquan_rules.language.operators import OPERATORS, meaning

Env = Mapping[str, Any]
_UNSTATED = FactList((), complete=False)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a value is unknown: a fact not stated (``fact``), a list not known to be complete (``list``), or something
    that cannot be computed (``fault``, with the operator's name)."""

    kind: str
    name: str


class Unbound(Exception):
    """The value is one of many: it depends on an item of a list."""


@dataclass(slots=True)
class Derivation:
    """Derives values and causes over the facts of one case.

    What is known is kept beside the innermost list a node depends on: a node that depends on none is worked out once,
    though it stands inside a list of a thousand days.
    """

    facts: Facts
    _values: dict[Any, Any] = field(default_factory=dict)
    _depths: dict[int, int] = field(default_factory=dict)

    def value(self, node: Node, env: Env | None = None) -> Any:
        """The value of a node; ``env`` binds the names of enclosing lists."""
        if isinstance(node, Literal):
            return node.value
        known = self._known(node, env)
        if id(node) not in known:
            known[id(node)] = self._value(node, env or {})
        return known[id(node)]

    def _known(self, node: Node, env: Env | None) -> dict[Any, Any]:
        """Where the value of a node is kept: with the innermost binder it depends on."""
        if not env:
            return self._values
        depth = self._depths.get(id(node))
        if depth is None:
            self._depths |= depths(node)
            depth = self._depths[id(node)]
        found: dict[Any, Any] | None = env.get(f"@known{depth}") if depth else self._values
        if found is None:
            raise Unbound(f"#{depth}")
        return found

    @staticmethod
    def _bound(env: Env, var: str, item: Any, name: str = "", **states: Any) -> dict[str, Any]:
        """The bindings with one more: an item of the list of that name, and the states of a round."""
        return {**env, var: item, f"@{var}": name, **states, f"@known{binder_depth(var)}": {}}

    def _value(self, node: Node, env: Env) -> Any:
        match node:
            case Literal():
                return node.value
            case Read():
                return self._read(node, env)
            case Call():
                args = [self.value(arg, env) for arg in node.args]
                return meaning(node.op)(*args)
            case Each():
                items, closed = self._items(node.over, env)
                values = [self.value(node.body, self._bound(env, node.var, item)) for item in items]
                return values if closed else [*values, None]
            case Fold():
                states = self.rounds(node.loop, env)[-1]
                return states[node.pick]

    def _read(self, node: Read, env: Env) -> Any:
        if not node.name.startswith("#"):
            return self.facts.get(node.name)
        if node.name in env:
            return env[node.name]
        holder, _, name = node.name.partition(".")
        if holder not in env:
            raise Unbound(node.name)
        item = env[holder]
        return item.get(name) if isinstance(item, Mapping) else None

    def _items(self, over: Node, env: Env) -> tuple[tuple[Any, ...], bool]:
        found = self.value(over, env)
        if found is None:
            return (), False
        if isinstance(found, FactList):
            return found.items, found.complete
        return tuple(found), True

    def rounds(self, loop: Loop, env: Env | None = None) -> list[tuple[Any, ...]]:
        """The states before the first round and after each."""
        env = env or {}
        items, closed = self._items(loop.over, env)
        names = [f"{loop.var}_{state}" for state in loop.states]
        states = tuple(self.value(part, env) for part in loop.start)
        out = [states]
        for item in (*items, *(() if closed else (None,))):
            inner = self._bound(env, loop.var, item, **dict(zip(names, states, strict=True)))
            going = self.value(loop.going, inner)
            if going is False:
                break
            if going is None or (not closed and len(out) > len(items)):
                out.append((None,) * len(states))
                break
            states = tuple(self.value(part, inner) for part in loop.step)
            out.append(states)
        return out

    # causes

    def causes(self, node: Node) -> Iterator[Cause]:
        """Why the value of a node is unknown; nothing where it is known."""
        yield from Derivation(self.facts)._causes(node, {})

    def _causes(self, node: Node, env: Env) -> Iterator[Cause]:
        if self.value(node, env) is not None:
            return
        asked = self._known(node, env)
        if ("asked", id(node)) in asked:
            return  # its causes have been told already
        asked["asked", id(node)] = True
        match node:
            case Read():
                yield self._unstated(node, env)
            case Call():
                yield from self._of_call(node, env)
            case Each():
                yield from self._of_list(node.over, env)
            case Fold():
                yield from self._of_loop(node.loop, node.pick, env)

    def _unstated(self, node: Read, env: Env) -> Cause:
        if not node.name.startswith("#"):
            return Cause("list" if node.type.name == "list" else "fact", node.name)
        return Cause("fact", f"{env.get('@' + node.name.partition('.')[0], '')}.{node.name.partition('.')[2]}".strip("."))

    def _of_call(self, node: Call, env: Env) -> Iterator[Cause]:
        if node.op == "if":
            test, yes, no = node.args
            known = self.value(test, env)
            if known is None:
                yield from self._causes(test, env)
            else:
                yield from self._causes(yes if known else no, env)
            return
        found = False
        for arg in node.args:
            if isinstance(arg, Each):
                for cause in self._of_each(arg, env):
                    found = True
                    yield cause
            elif self.value(arg, env) is None:
                found = True
                yield from self._causes(arg, env)
        if not found:
            yield Cause("fault", node.op)

    def _of_each(self, node: Each, env: Env) -> Iterator[Cause]:
        items, closed = self._items(node.over, env)
        name = node.over.name if isinstance(node.over, Read) else ""
        for item in items:
            inner = self._bound(env, node.var, item, name)
            yield from self._causes(node.body, inner)
        if not closed:
            yield from self._of_list(node.over, env)

    def _of_list(self, over: Node, env: Env) -> Iterator[Cause]:
        if isinstance(over, Read):
            yield Cause("list", over.name)
        else:
            yield from self._causes(over, env)

    def _of_loop(self, loop: Loop, pick: int, env: Env) -> Iterator[Cause]:
        items, closed = self._items(loop.over, env)
        names = [f"{loop.var}_{state}" for state in loop.states]
        name = loop.over.name if isinstance(loop.over, Read) else ""
        states = tuple(self.value(part, env) for part in loop.start)
        # The state asked for comes first: a cause it shares with another state is told once, and told for it.
        order = [pick, *(index for index in range(len(loop.states)) if index != pick)]
        why: list[list[Cause]] = [[] for _ in loop.states]
        for index in order:
            why[index] = list(self._causes(loop.start[index], env))
        for item in items:
            inner = self._bound(env, loop.var, item, name, **dict(zip(names, states, strict=True)))
            going = self.value(loop.going, inner)
            if going is False:
                break
            if going is None:
                yield from (c for state in why for c in state)
                yield from (c for c in self._causes(loop.going, inner) if c.name)
                return
            new = tuple(self.value(part, inner) for part in loop.step)
            for index in order:
                if new[index] is None and not why[index]:
                    found = [c for c in self._causes(loop.step[index], inner) if c.name]
                    why[index] = found or [c for state in why for c in state]
            states = new
        else:
            if not closed:
                yield from self._of_list(loop.over, env)
        yield from why[pick]


Show = Callable[[Any, Node], str]
NO_LISTS: Mapping[str, str] = MappingProxyType({})


def formula(node: Node, name_of: Callable[[Node, Mapping[str, str]], str | None], lang: str = "zh", *, top: bool = True, lists: Mapping[str, str] = NO_LISTS) -> str:
    """A node as an auditor reads it: operators by their formulas, figures and facts by name.

    ``name_of`` names a node, given the lists whose items the bound names stand for: ``{"#1": "consents"}``.
    """
    row = OPERATORS.get(node.op) if isinstance(node, Call) else None
    text = "" if row is None else row.formula_en if lang == "en" else row.formula
    if not top:
        name = name_of(node, lists)
        if name is not None:
            return name
    match node:
        case Literal() | Read():
            return name_of(node, lists) or node.__class__.__name__
        case Call():
            args = [formula(arg, name_of, lang, top=False, lists=lists) for arg in node.args]
            if "{*}" in text:
                text = text.replace("{*}", ", ".join(args[1:]))
            text = text.format(*args)
            open_, close = ("（", "）") if lang == "zh" else ("(", ")")
            return text if top or (row is not None and not row.loose) else f"{open_}{text}{close}"
        case Each():
            over = {node.var: node.over.name} if isinstance(node.over, Read) else {}
            body = formula(node.body, name_of, lang, top=False, lists={**lists, **over})
            return f"{body}（逐项）" if lang == "zh" else f"{body} (each)"
        case Fold():
            state = node.loop.states[node.pick]
            return f"逐步推算的 {state}" if lang == "zh" else f"{state}, step by step"
    return ""
