"""The values that only wordings, effects and breakdowns use, worked out from the figures a decision already has."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.python import compile_nodes
from baoquan_rules.language.facts import Facts
from baoquan_rules.language.nodes import Literal, Node, Read, read, rebuilt, walk

Texts: TypeAlias = Callable[[Facts, Sequence[Any]], tuple[Any, ...]]
"""From the facts of a case and the values of ``program.nodes`` to those of ``program.texts``."""


def texts_of(program: Program) -> Texts:
    """The function for one program. Thread-safe."""
    nodes, slots = _over_values(program.texts, program.nodes)
    keys = tuple((slot, _name(slot)) for slot in slots)
    run = compile_nodes(nodes)

    def texts(facts: Facts, values: Sequence[Any]) -> tuple[Any, ...]:
        known = {name: value for slot, name in keys if (value := values[slot]) is not None}
        return run({**facts, **known})

    return texts


def _name(slot: int) -> str:
    """How a text reads the value of a slot; no fact is named so."""
    return f"={slot}"


def _over_values(texts: tuple[Node, ...], nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], tuple[int, ...]]:
    """The texts with every node that is computed already read instead, and the slots they read."""
    slots = {id(node): slot for slot, node in enumerate(nodes) if not isinstance(node, Literal | Read) and node.type.name != "list"}
    made: dict[int, Node] = {}
    used: list[int] = []

    for node in walk(*texts):
        slot = slots.get(id(node))
        made[id(node)] = rebuilt(node, lambda part: made[id(part)]) if slot is None else read(_name(slot), node.type)
    found = tuple(made[id(node)] for node in texts)
    for node in walk(*found):
        if isinstance(node, Read) and node.name.startswith("="):
            used.append(int(node.name[1:]))
    return found, tuple(used)
