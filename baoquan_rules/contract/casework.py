"""rulebook/casework.yaml -> the way of a request: its stages, the events that each lets in, the roles that differ in person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baoquan_rules.authoring import Document
from baoquan_rules.contract.part import Words, entries, root


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage, and the outcomes of a decision that put a request there."""

    name: str
    label: Words
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event: which facts it may state (``None``: any), in which stages it may arrive, and where it leads.

    ``corrects`` lets it state anew what is stated already. ``role`` is the role that whoever enters it fills.
    """

    name: str
    label: Words
    stages: tuple[str, ...]
    states: tuple[str, ...] | None = ()
    corrects: bool = False
    leads_to: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Casework:
    """All of it. ``kept`` are the lists that a case keeps itself; ``confidential`` may be stated only by events that name them; ``keys`` tell the items of a list apart.

    ``confidential_items`` are those of other lists that only compliance may know of, by list and field with its words.
    ``entitled`` are the roles that may see why a case is dealt with before others.
    """

    stages: Mapping[str, Stage]
    events: Mapping[str, EventKind]
    roles: Mapping[str, Words]
    apart: tuple[frozenset[str], ...]
    kept: tuple[str, ...]
    confidential: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]
    entitled: tuple[str, ...] = ()
    confidential_items: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


def read_casework(document: Document) -> Casework:
    """The casework of a checked document."""
    top = root(document)
    stages = {name: Stage(name, part.words("label") or Words(name, name), tuple(part.plain("outcomes", ()))) for name, part in entries(top.get("stages"))}
    events: dict[str, EventKind] = {}
    for name, part in entries(top.get("events")):
        states = part.plain("states", [])
        events[name] = EventKind(
            name, part.words("label") or Words(name, name), tuple(part.plain("stages", ())), None if states == "any" else tuple(states),
            bool(part.plain("corrects", False)), part.plain("leads_to", ""), part.plain("role", ""),
        )  # fmt: skip
    roles = {name: part.words("label") or Words(name, name) for name, part in entries(top.get("roles"))}
    return Casework(stages, events, roles, tuple(frozenset(one) for one in top.plain("apart", ())),
                    tuple(top.plain("kept", ())), tuple(top.plain("confidential", ())), {name: tuple(part.value) for name, part in entries(top.get("keys"))},
                    tuple(top.plain("urgency_seen_by", ())),
                    {name: {word: tuple(given.value) for word, given in entries(part)} for name, part in entries(top.get("confidential_items"))})  # fmt: skip
