"""A log -> the part that whoever works with the case may read, and the part of compliance; both -> the log again.

The open part is what the log would be had compliance never looked at the case: no gap, number, id or order in it tells
otherwise. The other part holds each event that says more, whole, with the open event that it stands after, so that each
part can grow without the other at hand. What is confidential stands in `casework.yaml`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from baoquan_rules.casework.events import Event, Facts, instant_of, is_apart, items_of, place_of, refused
from baoquan_rules.contract.casework import Casework
from baoquan_rules.contract.vocabulary import ListFact, Vocabulary

FORMAT: Final = 1
OPENED: Final = "opened"
"""The kind of the first event of a log."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """An event of which the open part has nothing (``apart``) or less, and the id of the open event before it."""

    event: Event
    after: str
    apart: bool


def parted(log: Sequence[Event], rules: Casework, vocabulary: Vocabulary) -> tuple[tuple[Event, ...], tuple[Withheld, ...]]:
    """Both parts of a log."""
    shown: list[Event] = []
    withheld: list[Withheld] = []
    known: dict[str, list[Any]] = {}
    for event in log:
        seen = _seen(event, known, rules, vocabulary)
        after = shown[-1].id if shown else ""
        if seen is not None:
            shown.append(seen)
        if seen is not event:
            withheld.append(Withheld(event, after, seen is None))
    return tuple(shown), tuple(withheld)


def joined(shown: Sequence[Event], withheld: Sequence[Withheld], rules: Casework, vocabulary: Vocabulary) -> tuple[Event, ...]:
    """The log of both parts, each event of compliance at its place: after the open event named, and in the order of time.

    Raises:
        EventRefused: the parts are not of one log.
    """
    log = list(shown)
    openly = [True] * len(log)
    last = -1
    for one in withheld:
        event = one.event
        same = None if one.apart else next((i for i, other in enumerate(log) if openly[i] and other.id == event.id), None)
        if same is not None:
            log[same], last = event, same
            continue
        before = next((i for i, other in enumerate(log) if openly[i] and other.id == one.after), None)
        if before is None:
            raise _not_one(f"公开部分没有事件 {one.after or event.id}", f"the open part has no event {one.after or event.id}")
        place = max(before, last) + 1
        while place < len(log) and instant_of(log[place].at) < instant_of(event.at):
            place += 1
        log.insert(place, event)
        openly.insert(place, not one.apart)
        last = place
    _same(shown, parted(log, rules, vocabulary)[0], {one.event.id for one in withheld if not one.apart})
    return tuple(log)


def to_json(number: str, withheld: Sequence[Withheld], indent: int | None) -> str:
    """The part of compliance as JSON; ``from_json`` reads it."""
    made = {"format": FORMAT, "number": number, "withheld": [{"after": one.after, "apart": one.apart, "event": one.event.to_dict()} for one in withheld]}
    return json.dumps(made, ensure_ascii=False, indent=indent, sort_keys=True)


def from_json(text: str, number: str) -> tuple[Withheld, ...]:
    """The part of compliance of a request.

    Raises:
        EventRefused: it is none of this format, or that of another request.
    """
    try:
        found = json.loads(text)
        if found["format"] != FORMAT or found["number"] != number:
            raise _not_one(f"保密部分属于申请 {found['number']}，不是 {number}", f"the confidential part is of request {found['number']}, not of {number}")
        return tuple(Withheld(Event.of(one["event"]), str(one["after"]), one["apart"] is True) for one in found["withheld"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise refused("BQ657", "这不是一件申请的保密部分", "this is not the confidential part of a case", str(error)) from None


def _seen(event: Event, known: dict[str, list[Any]], rules: Casework, vocabulary: Vocabulary) -> Event | None:
    """The event as the open part has it: itself where nothing is withheld, ``None`` where all is."""
    kind = rules.events.get(event.kind)
    if kind is not None and kind.states and all(name in rules.confidential for name in kind.states):
        return None
    facts: Facts = {}
    for name, stated in event.facts.items():
        if name in rules.confidential:
            continue
        left = _left(name, stated, known, rules, vocabulary, event.kind == OPENED) if name in rules.confidential_items else stated
        if left is not None or stated is None:
            facts[name] = left
    if facts == event.facts:
        return event
    return Event(event.id, event.kind, event.at, event.by, facts) if facts or event.kind == OPENED else None


def _left(name: str, stated: Any, known: dict[str, list[Any]], rules: Casework, vocabulary: Vocabulary, first: bool) -> Any:
    """What is stated of a list without the items that only compliance may know of; ``None`` where nothing is left to be said."""
    listed, keys, words = list(items_of(stated)), rules.keys.get(name, ()), rules.confidential_items[name]
    fact = vocabulary.facts[name]
    assert isinstance(fact, ListFact)
    withheld = known.setdefault(name, [])
    kept = []
    for one in listed:
        # what is stated later about such an item does not say again what it is
        if isinstance(one, Mapping) and (is_apart(one, words) or place_of(withheld, one, keys, fact, words) is not None):
            withheld.append(one)
        else:
            kept.append(one)
    if len(kept) == len(listed):
        return stated
    if not isinstance(stated, Mapping) or (not kept and not first):
        return kept or None
    plain = not kept and stated.get("complete") is True and set(stated) <= {"complete", "items"}
    return "none" if plain else {**stated, "items": kept}


def _same(shown: Sequence[Event], again: Sequence[Event], partly: set[str]) -> None:
    """Refuse parts of which the open one says something else of an event than that of compliance leaves open."""
    found = {event.id: event for event in again}
    for event in shown:
        if event.id in partly and found.get(event.id) != event:
            raise _not_one(f"两部分的事件 {event.id} 不一致", f"the two parts differ in event {event.id}")


def _not_one(zh: str, en: str) -> Exception:
    return refused("BQ657", f"这两部分不是同一件申请的记录：{zh}", f"these are not two parts of one case: {en}", "请核对文件", "check the files")
