"""A request as a stateful session: events as they arrive, where it stands at any time, and how it ends.

A case is its log. What is known, the stage and the decision follow from the log alone, so that a case read again in another
process stands where it stood, and nothing has to be kept in step. Which events a stage lets in, and every condition of the
servicing item, are decided by durable_rules; the figures are those of the direct engine.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from baoquan_rules import api
from baoquan_rules.authoring import CaseInvalid, did_you_mean
from baoquan_rules.casework import confidential as secret
from baoquan_rules.casework.books import PolicyBook, book, not_processed
from baoquan_rules.casework.events import (
    Event,
    EventRefused,
    Facts,
    added,
    instant_of,
    items_of,
    opened,
    refused,
)
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.casework import Casework, EventKind, Stage, read_casework
from baoquan_rules.contract.shipped import rulebook_file
from baoquan_rules.decision.decision import Decision, Missing
from baoquan_rules.decision.outcome import Finding, outcome_of
from baoquan_rules.engines import ruleset_host as host
from baoquan_rules.language import civil

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Status:
    """Where a case stands at an instant.

    Attributes:
        stage: its stage.
        decision: the decision on what is known.
        open: the conditions that do not hold yet, without those that only compliance may see.
        missing: what is not known yet, again without what only compliance may see.
        may_enter: the events that the stage lets in.
    """

    stage: Stage
    decision: Decision
    open: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    may_enter: tuple[EventKind, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ServiceCase:
    """One request with its log. A value: ``add`` gives a new case and leaves this one as it is."""

    number: str
    product: str
    service: str
    log: tuple[Event, ...]
    library: api.Library

    def __repr__(self) -> str:
        return f"ServiceCase({self.number}: {self.service} of {self.product}, {len(self.open_log)} events)"

    @property
    def open_log(self) -> tuple[Event, ...]:
        """The log as whoever works with the case may read it: as if compliance had never looked at it."""
        return secret.parted(self.log, casework(), self.library.vocabulary)[0]

    @property
    def has_confidential(self) -> bool:
        """Whether the log says anything that only compliance may see."""
        return bool(secret.parted(self.log, casework(), self.library.vocabulary)[1])

    @property
    def facts(self) -> Facts:
        """What is known, in the form of a case file."""
        rules = casework()
        known = opened(self.log[0].facts, rules)
        for event in self.log[1:]:
            known = added(known, event, rules.events[event.kind], rules, self.library.vocabulary)
        return known

    def case(self, at: str) -> Case:
        """The case to decide at an instant: what is known, with the day of the decision.

        Raises:
            CaseInvalid: the facts cannot be read.
        """
        day = civil.show_date(instant_of(at) // civil.DAY_SECONDS)
        facts = self.facts
        facts["decision"] = {**facts.get("decision", {}), "date": day}
        return api.read_case({"case": self.number, "product": self.product, "service": self.service, "facts": facts}, self.library)

    def decision(self, at: str, engine: str = "durable") -> Decision:
        """The decision at an instant; once the case is processed or closed, the one that was carried out."""
        found = self._found(self._settled() or at, engine)
        # Processed is only what was approved: where it is not on what is known, the part that shows it is not at hand.
        return replace(found, outcome="approved") if self._processed and _openly(found) == "approved" else found

    def status(self, at: str) -> Status:
        """Where the case stands."""
        decision = self.decision(at)
        stage = self._stage(decision.outcome)
        may = _may_enter(stage)
        if not stage.outcomes:
            return Status(stage, decision, (), (), may)
        left = tuple(finding for finding in decision.findings if finding.open and not finding.condition.secret)
        return Status(stage, decision, left, decision.missing_openly, may)

    def add(self, event: Event) -> "ServiceCase":
        """The case with one more event.

        Raises:
            EventRefused: the event is not allowed now, repeats another, is earlier than the last, states what it may
                not, or would have one person fill two roles that must differ.
        """
        return self._with(event, openly=False)

    def _with(self, event: Event, *, openly: bool) -> "ServiceCase":
        """``add``; of a log read ``openly`` it cannot be told what compliance had found, so that an event is let in that might have been."""
        kind = self._kind(event)
        self._in_time(event)
        decision = self.decision(event.at)
        stage = self._stage(decision.outcome)
        may = (*_may_enter(stage), *(_may_enter(self._stage(_openly(decision))) if openly else ()))
        if kind not in may:
            now = "、".join(one.label.zh for one in may) or "没有"
            en = ", ".join(one.label.en for one in may) or "nothing"
            raise refused("BQ651", f"现在是“{stage.label.zh}”阶段，不能记录“{kind.label.zh}”", f"in the stage of {stage.label.en}, “{kind.label.en}” cannot be entered",
                          f"现在可以记录：{now}", f"what can be entered now: {en}")  # fmt: skip
        self._apart(event)
        more = replace(self, log=(*self.log, event))
        try:
            more.case(event.at)
        except CaseInvalid as error:
            raise EventRefused(error.problems) from None
        return more

    def booked(self, onto: PolicyBook) -> PolicyBook:
        """The policy's book with what this case brought about, under the number of the case, at the time and by the person of its processing.

        Raises:
            BookingRefused: the case is not processed yet, or the book does not admit it (see ``book``).
            EventRefused: the part that shows that it was approved is not at hand.
        """
        done = self._processed
        if done is None:
            raise not_processed(self.number)
        decision = self._found(done.at)
        if decision.outcome != "approved" and _openly(decision) == "approved":
            raise not_at_hand(f"申请 {self.number} 要连同保密部分才能入账", f"request {self.number} can only be booked with its confidential part")
        return book(onto, decision, self.number, at=done.at, by=done.by)

    def to_json(self, *, indent: int | None = 1) -> str:
        """The case as JSON, without anything that only compliance may see; ``resume`` reads it."""
        made = {"format": FORMAT, "number": self.number, "product": self.product, "service": self.service, "log": [e.to_dict() for e in self.open_log]}
        return json.dumps(made, ensure_ascii=False, indent=indent, sort_keys=True)

    def confidential_json(self, *, indent: int | None = 1) -> str:
        """What ``to_json`` leaves out, to be kept where only compliance reads; ``resume`` puts both together again.

        Of a case resumed without that part it is what was added since: never write it in place of the other.
        """
        return secret.to_json(self.number, secret.parted(self.log, casework(), self.library.vocabulary)[1], indent)

    def _found(self, at: str, engine: str = "durable") -> Decision:
        """The decision on what is known."""
        return api.decide(self.case(at), self.library, engine=engine)

    @property
    def _processed(self) -> Event | None:
        """The event by which it was booked and endorsed."""
        rules = casework()
        return next((event for event in self.log[1:] if rules.events[event.kind].role == "processing"), None)

    def _settled(self) -> str | None:
        """When the case was processed or closed: its decision is the one of that time."""
        rules = casework()
        return next((event.at for event in self.log[1:] if rules.events[event.kind].leads_to), None)

    def _stage(self, outcome: str) -> Stage:
        rules = casework()
        led = [rules.events[event.kind].leads_to for event in self.log[1:] if rules.events[event.kind].leads_to]
        if led:
            return rules.stages[led[-1]]
        other = "review" if self.library.services[self.service].kind == "request" else "answered"
        return next((stage for stage in rules.stages.values() if outcome in stage.outcomes), rules.stages[other])

    def _kind(self, event: Event) -> EventKind:
        rules = casework()
        kind = rules.events.get(event.kind)
        if kind is None:
            raise refused("BQ650", f"没有 {event.kind} 这种事件", f"there is no event {event.kind}", did_you_mean(event.kind, rules.events))
        shown, withheld = secret.parted((*self.log, event), rules, self.library.vocabulary)
        # The ids of what is wholly confidential are of their own: an id that is refused would tell of it.
        for ids in ([one.id for one in shown], [one.event.id for one in withheld if one.apart]):
            if len(ids) == len(set(ids)):
                continue
            raise refused("BQ654", f"事件 {event.id} 已经记录过", f"event {event.id} is entered already", "同一件事不要记两次；是另一件事的，换一个编号", "use another id if it is another event")
        return kind

    def _in_time(self, event: Event) -> None:
        last = self.log[-1]
        if instant_of(event.at) < instant_of(last.at):
            raise refused("BQ655", f"{event.at} 早于上一个事件（{last.at}）", f"{event.at} is earlier than the last event ({last.at})",
                          "at 是记录的时间；事情发生的时间写在事实里", "at is the time of entering; when it happened belongs into the facts")  # fmt: skip

    def _apart(self, event: Event) -> None:
        """Refuse what would have one person fill two roles that must differ."""
        rules = casework()
        filled = [(role, person) for one in self.log for role, person in _roles(one, rules)]
        own = _roles(event, rules)
        for role, person in own:
            for other, same in (*filled, *own):
                if person == same and role != other and any({role, other} <= pair for pair in rules.apart):
                    mine, theirs = rules.roles[role], rules.roles[other]
                    raise refused("BQ656", f"{person} 已经做了{theirs.zh}，不能再做{mine.zh}", f"{person} did the {theirs.en} and cannot do the {mine.en} as well",
                                  "请由另一个人办理", "somebody else has to do it")  # fmt: skip


def open_case(
    number: str, product: str, service: str, facts: Mapping[str, Any], *, at: str, by: str, library: api.Library | None = None
) -> ServiceCase:
    """A new case of one request.

    Args:
        number: the number of the request.
        product: code of the product.
        service: the servicing item.
        facts: what is known, in the form of a case file.
        at: when it was accepted, on Shanghai's clock: ``2026-09-21T10:12``.
        by: who accepted it.
        library: the packaged products by default.

    Raises:
        CaseInvalid: the facts cannot be read, or there is no such product or service.
        EventRefused: `at` is no instant.
    """
    first = Event("0", secret.OPENED, at, by, dict(facts))
    made = ServiceCase(number, product, service, (first,), library or api.load())
    made.decision(at)
    made._apart(first)
    return made


def resume(text: str, library: api.Library | None = None, confidential: str | None = None) -> ServiceCase:
    """A case from its JSON, standing where it stood.

    Args:
        text: what ``to_json`` gave.
        library: the packaged products by default.
        confidential: what ``confidential_json`` gave. Without it the case is decided on what is known openly, and what
            compliance entered stays where it is: it is put together with what is added meanwhile.

    Raises:
        EventRefused: it is no case of this format, or its log was changed so that an event is not allowed.
    """
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise refused("BQ657", f"不认识格式 {found['format']}", f"format {found['format']} is not known")
        log = [Event.of(one) for one in found["log"]]
        if log[0].kind != secret.OPENED:
            raise refused("BQ657", "记录的第一项不是受理", "the first entry is not its acceptance")
        first, number, product, service = log[0], found["number"], found["product"], found["service"]
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise refused("BQ657", "这不是一件申请的记录", "this is not a case", str(error)) from None
    library = library or api.load()
    if confidential is not None:
        log = list(secret.joined(log, secret.from_json(confidential, number), casework(), library.vocabulary))
        first = log[0]
    made = open_case(number, product, service, first.facts, at=first.at, by=first.by, library=library)
    for event in log[1:]:
        made = made._with(event, openly=confidential is None)
    return made


def not_at_hand(zh: str, en: str) -> EventRefused:
    """The refusal of what needs the confidential part of a case."""
    return refused("BQ659", zh, en, "写明保密部分的文件（--confidential）", "name the file with the confidential part (--confidential)")


def _openly(decision: Decision) -> str:
    """The outcome as far as nothing stands in the way that only compliance may see."""
    if decision.program.outcome is not None or decision.interpretation == "differs":
        return decision.outcome
    return outcome_of([finding for finding in decision.findings if not finding.condition.secret])


def _roles(event: Event, rules: Casework) -> list[tuple[str, str]]:
    """The roles that somebody fills by an event: whoever enters it, whom it names as reviewer, and who cleared it for compliance."""
    role = "acceptance" if event.kind == secret.OPENED else rules.events[event.kind].role
    found = [(role, event.by)] if role else []
    for one in items_of(event.facts.get("reviews")):
        if isinstance(one, Mapping) and one.get("role") in rules.roles and one.get("reviewer_id"):
            found.append((str(one["role"]), str(one["reviewer_id"]).strip()))
    for one in items_of(event.facts.get("clearances")):
        if isinstance(one, Mapping) and one.get("by_id"):
            found.append(("compliance", str(one["by_id"]).strip()))
    return found


@lru_cache(maxsize=1)
def casework() -> Casework:
    """The way of a request, as the rulebook describes it."""
    return read_casework(rulebook_file("casework"))


@lru_cache(maxsize=1)
def _rules() -> tuple[host.Rule, ...]:
    """One rule for each kind of event: the stages that let it in."""
    return tuple(
        (kind.name, ("or", *(("eq", "stage", stage) for stage in kind.stages))) for kind in casework().events.values()
    )


def _may_enter(stage: Stage) -> tuple[EventKind, ...]:
    """The events that a stage lets in."""
    fired = host.fire(_rules(), {"stage": stage.name})
    return tuple(kind for kind in casework().events.values() if kind.name in fired)


__all__ = ("ServiceCase", "Status", "casework", "open_case", "resume")
