"""A program and the engine's values -> findings and an outcome (the meaning of DESIGN section 5 in one place).

    gate fails                              not_accepted   nothing else is said
    a failed condition has no remedy, or
    who could cure it has refused           declined
    something curable, or unknown           pending        everything is listed at once
    something only an owner can settle      referred
    otherwise                               approved
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from baoquan_rules.compiler.program import ConditionSlots, Program

Verdict = Literal["holds", "fails", "unknown", "not_applicable"]
OUTCOMES = ("not_accepted", "declined", "pending", "referred", "approved")


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition and how it came out, with its cure where it has one."""

    condition: ConditionSlots
    verdict: Verdict
    refused: bool = False
    offer: int | None = None
    possible_from: int | None = None

    @property
    def name(self) -> str:
        """The condition's name."""
        return self.condition.name

    @property
    def open(self) -> bool:
        """Whether the condition neither holds nor is beside the point."""
        return self.verdict in ("fails", "unknown")


def findings_of(program: Program, values: Sequence[Any]) -> tuple[Finding, ...]:
    """One finding for each condition, in the program's order."""
    return tuple([_finding(condition, values) for condition in program.conditions])


def _finding(condition: ConditionSlots, values: Sequence[Any]) -> Finding:
    when = condition.when
    if when is not None and values[when] is False:
        return Finding(condition, "not_applicable")
    test = values[condition.test]
    if test is True:
        return Finding(condition, "holds")
    refused = condition.refused is not None and values[condition.refused] is True
    offer = values[condition.offer] if condition.offer is not None else None
    start = values[condition.possible_from] if condition.possible_from is not None else None
    return Finding(condition, "fails" if test is False else "unknown", refused, offer, start)


def outcome_of(findings: Sequence[Finding]) -> str:
    """The outcome of a request."""
    result = "approved"
    for finding in findings:
        if finding.verdict in ("holds", "not_applicable"):
            continue
        condition = finding.condition
        if finding.verdict == "unknown":
            one = "declined" if finding.refused else "pending"
        elif condition.gate:
            one = "not_accepted" if condition.remedy == "none" and not condition.refer else "referred" if condition.refer else "pending"
        elif condition.refer:
            one = "referred"
        else:
            one = "declined" if condition.remedy == "none" or finding.refused else "pending"
        if OUTCOMES.index(one) < OUTCOMES.index(result):
            result = one
    return result
