"""The switch that a mistake stands behind: an operator of the tests alone, which also tells where its two sides differ.

Every program is compiled once, with all mistakes in it. Which of them is made is chosen when it runs, and only a case in
which the two sides of a switch were seen to differ can notice the mistake behind it: no other has to be decided again.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from baoquan_rules.compiler import python
from baoquan_rules.decision import derivation
from baoquan_rules.language import elaborate, operators
from baoquan_rules.language.meanings import Scope, Static, Wrong
from baoquan_rules.language.nodes import Literal, Node, call_node
from baoquan_rules.language.operators import Misuse
from baoquan_rules.language.sugar import Sugar
from baoquan_rules.language.types import BOOL, whole


@dataclass(slots=True)
class Switches:
    """Which mistake is made, those whose sides were seen to differ, and what was tried for each."""

    made: int = 0
    differ: set[int] = field(default_factory=set)
    tried: dict[int, int] = field(default_factory=dict)
    """By mistake, which of the texts to try is valid; only where it says something else than what was written."""
    alike: set[int] = field(default_factory=set)
    """Mistakes that say the same as what was written, for some product."""

    def __call__(self, number: int, written: bool | None, mistaken: bool | None) -> bool | None:
        if written is mistaken:
            return written
        self.differ.add(number)
        return mistaken if self.made == number else written


SWITCHES = Switches()


def _beforehand(number: int, written: bool | None, mistaken: bool | None) -> bool | None:
    """What may be said of a switch before it is known which mistake is made: it is unknown where both sides are."""
    return mistaken if written is None else written


def _lowered(r: elaborate.Elaborator, tree: ast.Call, scope: Scope) -> Static:
    """``mistake(number, written, first to try, second to try, ...)``."""
    number = tree.args[0]
    assert isinstance(number, ast.Constant) and isinstance(number.value, int)
    written = r.node(tree.args[1], scope)
    for index, one in enumerate(tree.args[2:]):
        depth = r.depth
        try:
            mistaken: Node = r.node(one, scope)
        except (Misuse, Wrong):
            r.depth = depth
            continue
        if mistaken.type.name != "bool" or written.type.name != "bool":
            continue
        if mistaken is written or _same(mistaken, written):
            SWITCHES.alike.add(number.value)
            return written
        SWITCHES.tried[number.value] = index
        return call_node("mistake", (operators.literal(number.value, whole(number.value, number.value)), written, mistaken), BOOL)
    return written


def _same(a: Node, b: Node) -> bool:
    return isinstance(a, Literal) and isinstance(b, Literal) and a.value is b.value


_ROW = operators.Operator(
    "mistake", "(int, bool, bool) -> bool", "", "", "", "{1}", "{1}", lambda got: BOOL, "_mistake({0}, {1}, {2})", lambda *a: a[1],
    "_mistake({0}, {1}, {2})",
)  # fmt: skip
_CALL = Sugar("mistake", "mistake(number, written, tried)", "", "", "", _lowered)


def _meaning(name: str) -> Any:
    return SWITCHES if name == "mistake" else operators.meaning(name)


@contextmanager
def installed() -> Iterator[Switches]:
    """The language with the switch in it, and programs that are never written anew for the patterns of their cases."""
    kept = dict(python.compile_nodes.__kwdefaults__)
    before = [(module, name, getattr(module, name)) for module, name in (
        (operators, "OPERATORS"), (operators, "NAMESPACE"), (python, "OPERATORS"), (python, "NAMESPACE"), (derivation, "OPERATORS"),
        (derivation, "meaning"), (elaborate, "SUGAR"), (elaborate, "LONGEST"), (elaborate, "DEEPEST"),
    )]  # fmt: skip
    rows = {**operators.OPERATORS, "mistake": _ROW}
    now: dict[tuple[Any, str], Any] = {
        (operators, "OPERATORS"): rows,
        (python, "OPERATORS"): rows,
        (derivation, "OPERATORS"): rows,
        (operators, "NAMESPACE"): {**operators.NAMESPACE, "_mistake": _beforehand},
        (python, "NAMESPACE"): {**python.NAMESPACE, "_mistake": SWITCHES},
        (derivation, "meaning"): _meaning,
        (elaborate, "SUGAR"): {**elaborate.SUGAR, "mistake": _CALL},
        (elaborate, "LONGEST"): 10**6,
        (elaborate, "DEEPEST"): 800,
    }
    for (module, name), value in now.items():
        setattr(module, name, value)
    python.compile_nodes.__kwdefaults__["most"] = 0
    try:
        yield SWITCHES
    finally:
        for module, name, value in before:
            setattr(module, name, value)
        python.compile_nodes.__kwdefaults__.update(kept)
