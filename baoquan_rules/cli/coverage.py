"""Case results -> which verdicts each condition of each service came to, and which no case shows.

The conditions of a library that several services pass (``common``) are that library's, and are counted once for all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from baoquan_rules.api import Library
from baoquan_rules.contract.rulebook import Service, conditions_of
from baoquan_rules.language.nodes import Literal
from baoquan_rules.testing.cases import CaseResult

VERDICTS = ("holds", "fails", "unknown", "not_applicable")


@dataclass(frozen=True, slots=True)
class Covered:
    """One condition of one service: how many cases came to each verdict; `possible` are those it can come to.

    A condition that every product decides by its clauses alone can never be unknown, and one that the company's rules
    have arise in every case always applies.
    """

    service: str
    condition: str
    seen: Mapping[str, int]
    possible: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The verdicts that it can come to and no case shows."""
        return tuple(verdict for verdict in self.possible if not self.seen.get(verdict))


def coverage(results: Iterable[CaseResult], library: Library) -> list[Covered]:
    """The verdicts of every condition of every service, in the order of the rulebook; conditions of products come last."""
    seen: dict[tuple[str, str], dict[str, int]] = {}
    possible: dict[tuple[str, str], tuple[str, ...]] = {}
    owner: dict[tuple[str, str], str] = {}
    open_: set[tuple[str, str]] = set()
    spared: set[tuple[str, str]] = set()
    for name, service in library.services.items():
        for origin, condition, arises in _conditions(service, library):
            owner[name, condition] = origin
            seen[origin, condition] = {}
            possible[origin, condition] = VERDICTS if arises else VERDICTS[:3]
    for result in results:
        if result.decision is None:
            continue
        program = result.decision.program
        for finding in result.decision.findings:
            service_name = result.decision.service
            key = (owner.get((service_name, finding.name), service_name), finding.name)
            counts = seen.setdefault(key, {})
            counts[finding.verdict] = counts.get(finding.verdict, 0) + 1
            possible.setdefault(key, VERDICTS if finding.condition.when is not None else VERDICTS[:3])
            if not isinstance(program.nodes[finding.condition.test], Literal):
                open_.add(key)
            when = None if finding.condition.when is None else program.nodes[finding.condition.when]
            if when is not None and not (isinstance(when, Literal) and when.value is True):
                spared.add(key)
    can = {"unknown": open_, "not_applicable": spared}
    return [
        Covered(*key, counts, tuple(verdict for verdict in possible[key] if verdict not in can or key in can[verdict]))
        for key, counts in seen.items()
    ]


def _conditions(service: Service, library: Library) -> Iterable[tuple[str, str, bool]]:
    """Where each of a service's conditions stands, its name, and whether it has a `when`."""
    for owner, condition in conditions_of(service, library.world.services):
        yield owner.name, condition.name, condition.when is not None
    for part in service.documents:
        yield service.name, f"document.{part.plain('name', part.plain('kind'))}", part.get("when") is not None
