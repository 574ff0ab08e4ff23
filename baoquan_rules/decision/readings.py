"""One compiled program and the ways to read what the texts leave open -> the programs of all readings, made when asked for.

The program of the customer's safe reading comes first. It also says which of the open points the case has at all; only
the readings of these are decided beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Lock
from typing import Any, overload

from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.texts import Texts
from baoquan_rules.decision.outcome import Row, rows_of
from baoquan_rules.language.facts import Facts

Run = Callable[[Facts], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A program ready to run: its engine's function, and the one for the values that only texts use."""

    program: Program
    run: Run
    texts: Texts
    rows: tuple[Row, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", rows_of(self.program))


class Readings(Sequence[Ready]):
    """The programs of all readings, the customer's safe one first. Thread-safe."""

    __slots__ = ("_choices", "_lock", "_made", "_make")

    def __init__(self, first: Ready, choices: Sequence[Mapping[str, Any]], make: Callable[[Mapping[str, Any]], Ready]) -> None:
        self._choices = tuple(choices)
        self._make = make
        self._made = {0: first}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._choices)

    @overload
    def __getitem__(self, index: int) -> Ready: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Ready, ...]: ...
    def __getitem__(self, index: int | slice) -> Ready | tuple[Ready, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        place = range(len(self))[index]
        found = self._made.get(place)
        if found is None:
            with self._lock:
                found = self._made.get(place) or self._make(self._choices[place])
                self._made[place] = found
        return found

    def asked(self, values: Sequence[Any]) -> Sequence[int]:
        """The other readings to decide, by place, where the safe one came to these values."""
        if len(self) == 1:
            return ()
        program = self._made[0].program
        settled = [name for name, slot in program.arises.items() if values[slot] is False]
        safe = self._choices[0]
        return [i for i in range(1, len(self)) if all(self._choices[i][name] == safe[name] for name in settled)]

    def recalling(self, values: Mapping[int, tuple[Any, ...]]) -> "Readings":
        """The same, with values worked out before for some readings, by place."""
        out = Readings(self._made[0], self._choices, self._make)
        out._made = {**self._made, **{place: replace(self[place], run=partial(_recalled, found)) for place, found in values.items()}}
        return out


def _recalled(values: tuple[Any, ...], _: Any) -> tuple[Any, ...]:
    """Values worked out before, whatever the facts."""
    return values
