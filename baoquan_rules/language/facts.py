"""What engines read: facts by path, and lists that say whether they are complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Facts: TypeAlias = Mapping[str, Any]
"""Path to value; a path that is missing is unknown, ``none`` is a value, a list is a ``FactList``."""


@dataclass(frozen=True, slots=True)
class FactList:
    """The items of a list fact in their order, and whether there are no others.

    An item is a mapping of its stated fields, or a scalar. A list that is not complete counts as its items and then
    an unknown rest; a list that is not stated at all is the rest alone.
    """

    items: tuple[Any, ...]
    complete: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """A filed table: whole-number keys to one value; what it does not hold is unknown."""

    name: str
    keys: tuple[str, ...]
    rows: Mapping[tuple[int, ...], int]
