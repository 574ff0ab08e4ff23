"""A node and the facts -> its value, by walking the tree: the shortest reading of the kernel, slow and without
tricks.

Lists are (items, closed) while the walk lasts: ``closed`` is False where there may be items beyond those
stated.
"""

from collections.abc import Callable, Mapping
from typing import Any

from baoquan_rules.language.facts import FactList, Facts
from baoquan_rules.language.nodes import Call, Each, Fold, Literal, Node, Read
from baoquan_rules.language.operators import OPERATORS, meaning


def evaluate(node: Node, facts: Facts) -> Any:
    """The value of a node; ``None`` where it is unknown."""
    return _value(node, facts, {})


def _value(node: Node, facts: Facts, bound: Mapping[str, Any]) -> Any:
    match node:
        case Literal():
            return node.value
        case Read():
            return _read(node.name, facts, bound)
        case Call():
            if OPERATORS[node.op].shape == "aggregate":
                items, closed = _items(_value(node.args[0], facts, bound))
                rest = [_value(arg, facts, bound) for arg in node.args[1:]]
                return _function(node)([*items, *([] if closed else [None])], *rest)
            return _function(node)(*(_value(arg, facts, bound) for arg in node.args))
        case Each():
            items, closed = _items(_value(node.over, facts, bound))
            values = [_value(node.body, facts, {**bound, node.var: item}) for item in items]
            return tuple(values) if closed else (*values, None)
        case Fold():
            return _fold(node, facts, bound)


def _function(node: Call) -> Callable[..., Any]:
    return meaning(node.op)


def _read(name: str, facts: Facts, bound: Mapping[str, Any]) -> Any:
    if name in bound or not name.startswith("#"):
        return bound[name] if name in bound else facts.get(name)
    item, _, part = name.partition(".")
    return bound[item].get(part)


def _items(value: Any) -> tuple[tuple[Any, ...], bool]:
    if value is None:
        return (), False
    return (value.items, value.complete) if isinstance(value, FactList) else (tuple(value), True)


def _fold(node: Fold, facts: Facts, bound: Mapping[str, Any]) -> Any:
    loop = node.loop
    names = [f"{loop.var}_{state}" for state in loop.states]
    states = [_value(part, facts, bound) for part in loop.start]
    items, closed = _items(_value(loop.over, facts, bound))
    for place, item in enumerate(items if closed else (*items, None)):
        inside = {**bound, **dict(zip(names, states, strict=True)), loop.var: item}
        going = _value(loop.going, facts, inside)
        if going is False:
            break
        if going is None or place == len(items):
            return None
        states = [_value(part, facts, inside) for part in loop.step]
    return states[node.pick]
