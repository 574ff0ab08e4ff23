"""Engines that compute programs: siblings that never import one another, loaded when first asked for.

An engine is one module with ``prepare(program) -> (facts -> values of program.nodes)`` and one row here.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from baoquan_rules.compiler.program import Program
from baoquan_rules.language.facts import Facts

ENGINES = ("direct", "durable", "columnar")

Run = Callable[[Facts], tuple[Any, ...]]


def prepare(engine: str, program: Program) -> Run:
    """The program made ready to run on an engine.

    Raises:
        ValueError: there is no engine of that name.
    """
    if engine not in ENGINES:
        raise ValueError(f"没有名为 {engine} 的引擎，可用：{'、'.join(ENGINES)} / no engine {engine}; one of {', '.join(ENGINES)}")
    return import_module(f"baoquan_rules.engines.{engine}").prepare(program)  # type: ignore[no-any-return]
