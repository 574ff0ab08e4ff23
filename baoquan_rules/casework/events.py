"""Events of a request, and what they add to the facts known before: nothing is lost, and nothing stated is changed in silence."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from baoquan_rules.authoring import BaoquanError, Problem
from baoquan_rules.contract.alike import alike, alike_items
from baoquan_rules.contract.casework import Casework, EventKind
from baoquan_rules.contract.vocabulary import ListFact, Vocabulary
from baoquan_rules.language import civil

Facts = dict[str, Any]
"""Facts in the form of a case file."""


class EventRefused(BaoquanError):
    """An event that may not be entered, with the reason. The case is as it was."""


@dataclass(frozen=True, slots=True, repr=False)
class Event:
    """Something that happened to a request.

    Attributes:
        id: tells it from all others of the case; an event whose id is there already is refused.
        kind: a kind of `casework.yaml`, such as ``document``.
        at: when it was entered, on Shanghai's clock: ``2026-09-21T10:12``.
        by: who entered it.
        facts: what it states, in the form of a case file; the items of a list are added to those known.
    """

    id: str
    kind: str
    at: str
    by: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Event({self.id}: {self.kind} at {self.at})"

    def __post_init__(self) -> None:
        if not (self.id.strip() and self.by.strip()):
            raise refused("BQ650", "事件没有编号，或者没有写谁记录的", "the event has no id, or nobody who enters it", "写上 id 和 by", "state id and by")
        object.__setattr__(self, "by", self.by.strip())
        object.__setattr__(self, "facts", plainly(self.facts))

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Event":
        """The event of plain values."""
        return cls(found["id"], found["kind"], found["at"], found["by"], dict(found["facts"]))

    def to_dict(self) -> dict[str, Any]:
        """The event as plain values."""
        return {"id": self.id, "kind": self.kind, "at": self.at, "by": self.by, "facts": dict(self.facts)}


def plainly(stated: Any) -> Any:
    """Facts as JSON can hold them: dates, instants and decimals as the text that a case file has."""
    if isinstance(stated, Mapping):
        return {str(key): plainly(value) for key, value in stated.items()}
    if isinstance(stated, list | tuple):
        return [plainly(value) for value in stated]
    if isinstance(stated, datetime):
        return stated.isoformat(timespec="seconds")
    return stated.isoformat() if isinstance(stated, date) else str(stated) if isinstance(stated, Decimal) else stated


def refused(code: str, zh: str, en: str, hint: str | None = None, hint_en: str | None = None) -> EventRefused:
    """The refusal of an event, with its reason."""
    return EventRefused([Problem(code, zh, None, hint, message_en=en, hint_en=hint_en)])


def instant_of(text: str) -> int:
    """The instant of an event.

    Raises:
        EventRefused: it is none.
    """
    try:
        return civil.parse_instant(text)
    except (ValueError, TypeError):
        raise refused("BQ655", f"{text} 不是一个时刻", f"{text} is no instant", "写成 2026-09-21T10:12", "write it as 2026-09-21T10:12") from None


def opened(facts: Mapping[str, Any], casework: Casework) -> Facts:
    """The facts at the start; lists that the case keeps itself hold nothing that has not arrived."""
    out = deepcopy(dict(facts))
    for name in casework.kept:
        out.setdefault(name, "none")
    return out


def added(known: Mapping[str, Any], event: Event, kind: EventKind, casework: Casework, vocabulary: Vocabulary) -> Facts:
    """The facts with those of an event.

    Raises:
        EventRefused: the event states what its kind may not, or contradicts what is stated already.
    """
    out = dict(known)
    for name, stated in event.facts.items():
        if name not in (kind.states or ()) and (kind.states is not None or name in casework.confidential):
            allowed = "、".join(kind.states or ()) or "其他事实"
            raise refused("BQ652", f"{kind.label.zh}不能说明 {name}", f"{kind.label.en} may not state {name}", f"可以说明：{allowed}", f"it may state: {', '.join(kind.states or ()) or 'other facts'}")
        fact = vocabulary.facts.get(name)
        if isinstance(fact, ListFact):
            out[name] = _listed(fact, out.get(name), stated, kind, casework)
        else:
            out[name] = _grouped(name, out.get(name), stated, kind, vocabulary)
    return out


def _grouped(name: str, known: Any, stated: Any, kind: EventKind, vocabulary: Vocabulary) -> Any:
    """A group of facts with those stated."""
    if not isinstance(stated, Mapping):
        return stated
    out = dict(known) if isinstance(known, Mapping) else {}
    for key, value in stated.items():
        if not kind.corrects and out.get(key) is not None:
            if not alike(out[key], value, vocabulary.facts.get(f"{name}.{key}")):
                raise _contradiction(f"{name}.{key}")
            continue
        out[key] = value
    return out


def _listed(fact: ListFact, known: Any, stated: Any, kind: EventKind, casework: Casework) -> Any:
    """A list with the items stated; one that is known by its key is added to."""
    name = fact.path
    keys = casework.keys.get(name, ())
    if stated is None:
        return known
    if not (stated == "none" or isinstance(stated, list | tuple) or (isinstance(stated, Mapping) and stated.keys() <= {"complete", "as_of", "items"})):
        raise refused("BQ606", f"{name} 应为一列", f"{name} is a list", f"写 {name}: [{{…}}]", f"write {name}: [{{...}}]")
    items = list(items_of(known))
    # Whoever says that there is none cannot know of these, and does not speak of them.
    apart = [one for one in items if is_apart(one, casework.confidential_items.get(name, {}))]
    if kind.corrects and (stated == "none" or not keys):
        return {"complete": True, "items": apart} if stated == "none" and apart else stated
    if stated == "none":
        if len(items) > len(apart):
            raise _contradiction(name)
        return {"complete": True, "items": apart} if apart else "none"
    for one in items_of(stated):
        place = place_of(items, one, keys, fact, casework.confidential_items.get(name, {}))
        if place is None and any(alike_items(one, item, fact) for item in items):
            if keys:
                raise refused("BQ654", f"{name} 里已有完全相同的一项", f"{name} has the very same item already",
                              f"写明 {'、'.join(keys)}，才分得清是不是同一项", f"state its {', '.join(keys)}, to tell whether it is the same")  # fmt: skip
            continue
        if place is None:
            items.append(one)
        else:
            items[place] = _refined(f"{name}[{place}]", items[place], one, kind, fact)
    complete = _complete(known) if not isinstance(stated, Mapping) or "complete" not in stated else bool(stated["complete"])
    out: Facts = {"complete": complete, "items": items}
    for source in (known, stated):
        if isinstance(source, Mapping) and "as_of" in source:
            out["as_of"] = source["as_of"]
    return out


def items_of(listed: Any) -> Iterator[Any]:
    """The items of a list as a case file has it."""
    if isinstance(listed, Mapping):
        yield from listed.get("items", ())
    elif isinstance(listed, list | tuple):
        yield from listed


def _complete(listed: Any) -> bool:
    return listed == "none" or (isinstance(listed, Mapping) and listed.get("complete") is True)


def is_apart(one: Any, words: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an item of a list is one that only compliance may know of."""
    return isinstance(one, Mapping) and any(one.get(field) in given for field, given in words.items())


def place_of(items: list[Any], one: Any, keys: tuple[str, ...], fact: ListFact, words: Mapping[str, tuple[str, ...]]) -> int | None:
    """Where the list has the same item already; one that says openly what it is, is none of those that only compliance may know of."""
    if not isinstance(one, Mapping) or not keys or any(one.get(key) is None for key in keys):
        return None
    openly = any(one.get(field) is not None for field in words) and not is_apart(one, words)
    same = (
        i for i, item in enumerate(items)
        if isinstance(item, Mapping) and not (openly and is_apart(item, words)) and all(alike(item.get(key), one[key], fact.fields.get(key)) for key in keys)
    )  # fmt: skip
    return next(same, None)


def _refined(name: str, known: Mapping[str, Any], stated: Mapping[str, Any], kind: EventKind, fact: ListFact) -> Facts:
    """An item with what is stated about it beside what is known."""
    out = dict(known)
    for key, value in stated.items():
        if not kind.corrects and out.get(key) not in (None, "none"):
            if not alike(out[key], value, fact.fields.get(key)):
                raise _contradiction(f"{name}.{key}")
            continue
        out[key] = value
    return out


def _contradiction(name: str) -> EventRefused:
    return refused("BQ653", f"{name} 已经记为另一个值", f"{name} is recorded with another value", "要更正的，用 correction", "use correction to correct it")
