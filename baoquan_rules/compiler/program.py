"""What a product and a service become: a closed program of figures and conditions, with what each rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from baoquan_rules.contract.part import Words
from baoquan_rules.contract.rulebook import Parameter
from baoquan_rules.language.nodes import Node
from baoquan_rules.language.types import Type


@dataclass(frozen=True, slots=True)
class Cite:
    """What a finding rests on: ``clause`` (with number and text), ``law`` (with article) or ``company``."""

    kind: str
    id: str
    title: Words
    text: Words


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A value inside a wording: its slot, type, format and the texts of its words."""

    slot: int
    type: Type
    style: str
    words: Mapping[str, Words] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()


Wording = tuple[str | Placeholder, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in both languages, with its values still to be filled in; ``plain`` is an easier way to say it."""

    zh: Wording
    en: Wording
    plain: "Said | None" = None


@dataclass(frozen=True, slots=True)
class FigureSlot:
    """A figure: where its value stands, who sees it (a customer only in some outcomes), and the facts it rests on."""

    name: str
    slot: int
    type: Type
    label: Words
    show: tuple[str, ...]
    words: Mapping[str, Words] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionSlots:
    """A condition: where its parts stand, its cure and its texts."""

    name: str
    id: str
    label: Words
    when: int | None
    test: int
    refused: int | None
    offer: int | None
    possible_from: int | None
    gate: bool
    remedy: str
    refer: str
    redirect: str
    cites: tuple[Cite, ...]
    says: Mapping[str, Said]
    secret: bool = False
    public: bool = False
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a settlement: payee, sign, account and amount."""

    name: str
    label: Words
    payee: str
    sign: int
    account: str
    amount: int
    when: int | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a breakdown: where its list of values stands, of what type, and whether it is added up."""

    name: str
    label: Words
    slot: int
    type: Type
    words: Mapping[str, Words]
    facts: frozenset[str]
    total: bool


@dataclass(frozen=True, slots=True)
class BreakdownSlots:
    """Rows over a list: ``kept`` is the list of whether an item has a row, as long as each column's."""

    name: str
    label: Words
    show: tuple[str, ...]
    outcomes: tuple[str, ...]
    when: int | None
    kept: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision brings about: a kind, plain words and computed values."""

    kind: str
    outcomes: tuple[str, ...]
    when: int | None
    words: Mapping[str, str]
    values: Mapping[str, tuple[int, Type]]
    says: Said | None
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A duty or right with an end: from when, how long, in which days, for whom.

    ``nominal`` is the last day before any move past days off; ``met`` is where it stands whether it has been done.
    """

    name: str
    label: Words
    who: str
    outcomes: tuple[str, ...]
    when: int | None
    start: int
    last: int
    nominal: int
    count: int
    unit: str
    says: Said | None
    cites: tuple[Cite, ...]
    facts: frozenset[str] = frozenset()
    met: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that goes with a decision where a condition holds."""

    name: str
    when: int | None
    outcomes: tuple[str, ...]
    readers: tuple[str, ...]
    says: Said
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something else the customer could do: a service to ask, with the request it would be."""

    name: str
    service: str
    label: Words
    changes: Mapping[str, Any]
    figures: tuple[str, ...]
    when: int | None
    says: Said | None
    part: Any
    order: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Program:
    """All that engines and explanations need for one product version, one service and one reading of open points.

    ``nodes`` are what engines compute, ``slots`` index into them. ``texts`` are values that only wordings use.
    """

    service: str
    kind: str
    title: Words
    product: str
    version: str
    reading: Mapping[str, Any]
    nodes: tuple[Node, ...]
    texts: tuple[Node, ...]
    figures: tuple[FigureSlot, ...]
    conditions: tuple[ConditionSlots, ...]
    outcome: int | None
    outcome_words: Mapping[str, Words]
    lines: tuple[Line, ...]
    breakdowns: tuple[BreakdownSlots, ...]
    effects: tuple[Effect, ...]
    deadlines: tuple[Deadline, ...]
    notices: tuple[Notice, ...]
    alternatives: tuple[Alternative, ...]
    says: Mapping[str, Said]
    names: Mapping[int, str]
    clauses: tuple[Cite, ...] = ()
    points: Mapping[str, Parameter] = field(default_factory=dict)
    """The open points that ``reading`` settles, by the same names."""
    arises: Mapping[str, int] = field(default_factory=dict)
    """For points that not every case has: the slot that says whether this one has it."""
    plain: Mapping[str, int] = field(default_factory=dict)
    """For a recipient of some role: the text slot that says whether plain words are used."""
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What readers of the program work out once: never anything that depends on a case."""

    def __repr__(self) -> str:
        return f"Program({self.service} of {self.product}, version {self.version})"
