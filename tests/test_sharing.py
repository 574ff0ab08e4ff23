"""What the items of a product version share when they are compiled changes nothing in any of them."""

import os
import random
from dataclasses import replace
from functools import cache

import pytest

from baoquan_rules.api import load
from baoquan_rules.compiler.compile import compile_program, readings
from baoquan_rules.language.nodes import Literal, Node, children

LIBRARY = load()
LONG = os.environ.get("BAOQUAN_LONG") == "1"
PRODUCTS = sorted(LIBRARY.products) if LONG else ["CI-2021"]


@pytest.mark.parametrize("code", PRODUCTS)
def test_shared_or_alone(code: str) -> None:
    """Each program under its readings, compiled after all others in any order, is the one compiled alone."""
    product = LIBRARY.products[code]
    version = product.versions[-1]
    items = list(LIBRARY.services)
    random.Random(code).shuffle(items)
    together = replace(LIBRARY.world)
    for number, item in enumerate(items):
        first, problems = compile_program(together, product, version, item)
        assert first is not None, str(problems)
        if not LONG and number % 4:
            continue
        for reading in readings(first)[-2:]:
            shared, _ = compile_program(together, product, version, item, reading)
            alone, _ = compile_program(replace(LIBRARY.world), product, version, item, reading)
            assert shared is not None and alone is not None
            assert [shape(node) for node in (*shared.nodes, *shared.texts)] == [shape(node) for node in (*alone.nodes, *alone.texts)]
            assert (shared.figures, shared.conditions, shared.lines, shared.effects, shared.points, shared.reading) == (alone.figures, alone.conditions, alone.lines, alone.effects, alone.points, alone.reading)
            assert [shared.names.get(id(node)) for node in shared.nodes] == [alone.names.get(id(node)) for node in alone.nodes]


SHAPES: dict[tuple[object, ...], int] = {}


@cache
def shape(node: Node) -> int:
    """A number for what a node says; a filed table, which is read anew for each world, counts by its name."""
    own = (node.label, None if node.type.name == "table" else node.value) if isinstance(node, Literal) else (getattr(node, "name", getattr(node, "op", "")),)
    inner = tuple(shape(child) for child in children(node))
    return SHAPES.setdefault((type(node).__name__, *own, node.type, getattr(node, "pick", 0), inner), len(SHAPES))
