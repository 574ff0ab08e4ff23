"""Engines that compute programs: siblings that never import one another, loaded when first asked for.

An engine is one module with ``prepare(program) -> (facts -> values of program.nodes)`` and one row here; one that is
made for many cases at once also has ``prepare_many(program) -> (list of facts -> list of values)``.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from baoquan_rules.compiler.program import Program
from baoquan_rules.language.facts import Facts

ENGINES = ("direct", "durable", "columnar")

Run = Callable[[Facts], tuple[Any, ...]]
RunMany = Callable[[Sequence[Facts]], list[tuple[Any, ...]]]


def prepare(engine: str, program: Program) -> Run:
    """The program made ready to run on an engine.

    Raises:
        ValueError: there is no engine of that name.
    """
    if engine not in ENGINES:
        raise ValueError(f"没有名为 {engine} 的引擎，可用：{'、'.join(ENGINES)} / no engine {engine}; one of {', '.join(ENGINES)}")
    return import_module(f"baoquan_rules.engines.{engine}").prepare(program)  # type: ignore[no-any-return]


def prepare_many(engine: str, program: Program) -> RunMany | None:
    """The program made ready for many cases at once, where the engine is made for that."""
    made = getattr(import_module(f"baoquan_rules.engines.{engine}"), "prepare_many", None)
    return None if made is None else made(program)
