"""Open cases -> the order in which they are dealt with: what is due now, then who cannot wait, then by the day each is due.

What everybody may see is the order and the days; that somebody is ill or in need is shown only to a role that
`casework.yaml` names, and stands in no text, record or order key that leaves this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from baoquan_rules.casework.events import instant_of, refused
from baoquan_rules.casework.session import ServiceCase, casework
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.vocabulary import Fact
from baoquan_rules.decision.decision import Decision
from baoquan_rules.language import civil


@dataclass(frozen=True, slots=True)
class Place:
    """A case's place: its number and when it is due on Shanghai's clock (``2026-09-21T24:00``), ``None`` without a deadline."""

    place: int
    number: str
    due: str | None


def queue(cases: Iterable[ServiceCase], at: str) -> tuple[Place, ...]:
    """The open cases in the order in which they are dealt with.

    First what is due on the day or overdue, then cases that cannot wait, then all others; within each by the day they
    are due, when they were received, and their number. A case that waits for the customer has its place like any other.

    Args:
        cases: the cases of an office; those that are closed or withdrawn are left out.
        at: the instant, on Shanghai's clock.

    Raises:
        EventRefused: `at` is no instant.
    """
    today = instant_of(at) // civil.DAY_SECONDS
    ranked = sorted((_rank(case, today) for case in cases if not _over(case)), key=lambda one: one[0])
    return tuple(Place(number, case.number, _shown(due)) for number, (_, case, due) in enumerate(ranked, 1))


def urgency(case: ServiceCase, role: str) -> tuple[Words, ...]:
    """Why a case cannot wait, for a role that may know.

    Raises:
        EventRefused: the role is not one that `casework.yaml` lets know.
    """
    rules = casework()
    if role not in rules.entitled:
        told = "、".join(rules.entitled)
        raise refused("BQ658", f"{role} 不能看优先办理的原因", f"{role} may not see why a case comes first", f"可以看的岗位：{told}", f"roles that may: {', '.join(rules.entitled)}")
    return tuple(case.library.vocabulary.label(path) for path in _reasons(case))


def _rank(case: ServiceCase, today: int) -> tuple[tuple[bool, bool, int, str, str], ServiceCase, int | None]:
    due = _due(_decided(case))
    can_wait = not _reasons(case)
    later = due is None or due > today
    return (later, can_wait, civil.MAX_DAY if due is None else due, case.log[0].at, case.number), case, due


def _decided(case: ServiceCase) -> Decision:
    """The decision whose deadlines run: the one that the last event led to, on the engine that needs no session."""
    return case.decision(case.log[-1].at, engine="direct")


def _due(decision: Decision) -> int | None:
    """The earliest day by which the insurer has to do something; where the calendar ends, the earliest it can be."""
    ends = (due.last if due.last is not None else due.earliest for due in decision.deadlines if due.who == "insurer" and not due.met)
    return min((end for end in ends if end is not None), default=None)


def _reasons(case: ServiceCase) -> Sequence[str]:
    """The facts that put a case first."""
    known = case.facts.get("urgency") or {}
    facts = case.library.vocabulary.facts
    return [f"urgency.{key}" for key, value in known.items() if value is True and isinstance(facts.get(f"urgency.{key}"), Fact)]


def _over(case: ServiceCase) -> bool:
    """Whether nothing is left to be done."""
    rules = casework()
    return any(rules.events[event.kind].leads_to in ("closed", "withdrawn") for event in case.log[1:])


def _shown(due: int | None) -> str | None:
    return None if due is None else f"{civil.show_date(due)}T24:00"
