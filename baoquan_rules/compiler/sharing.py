"""What the servicing items of a product version share when they are compiled: figures made once, and what each looked at.

Most items use the same libraries, and most figures read the same whichever item is decided. A figure made for one item
is used again for another where all that its making looked at is the same there.
"""

from dataclasses import dataclass, field
from typing import Any

from baoquan_rules.contract.product import Version
from baoquan_rules.contract.rulebook import Parameter
from baoquan_rules.language.nodes import Node


@dataclass(slots=True)
class Seen:
    """What the making of a figure looked at beyond its product version.

    ``points``: what is left open, and how it was read. ``item``: the servicing item decided, where an attribute or a
    settlement was asked for. ``figures``: the figures it used, so that they are known by name wherever it is used.
    """

    points: dict[str, tuple[Parameter, Any]] = field(default_factory=dict)
    item: str = ""
    figures: "dict[tuple[str, str], tuple[Any, Seen]]" = field(default_factory=dict)

    def add(self, other: "Seen") -> None:
        """What a part of it looked at, it looked at."""
        self.points.update(other.points)
        self.item = self.item or other.item
        self.figures.update(other.figures)


@dataclass(slots=True)
class Shared:
    """What the items of one product version share: figures made, and calls of figures with parameters, each with what it looked at."""

    version: Version
    figures: dict[tuple[str, str], list[tuple[Any, Seen]]] = field(default_factory=dict)
    calls: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], Any, Seen]]] = field(default_factory=dict)
    facts: dict[Node, frozenset[str]] = field(default_factory=dict)
