"""A program and the engine's values -> findings and an outcome: the order of outcomes stands here and nowhere else.

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


Row = tuple[int | None, int, Finding, Finding, ConditionSlots]
"""Where a condition's parts stand, and the two findings that are the same for every case: it holds, it does not arise."""


def rows_of(program: Program) -> tuple[Row, ...]:
    """The conditions of a program made ready for ``findings_of``."""
    return tuple((c.when, c.test, Finding(c, "holds"), Finding(c, "not_applicable"), c) for c in program.conditions)


def findings_of(rows: Sequence[Row], values: Sequence[Any]) -> tuple[Finding, ...]:
    """One finding for each condition, in the program's order."""
    out: list[Finding] = []
    for when, test, holds, beside, condition in rows:
        if when is not None and values[when] is False:
            out.append(beside)
        elif values[test] is True:
            out.append(holds)
        else:
            out.append(_open(condition, values))
    return tuple(out)


def _open(condition: ConditionSlots, values: Sequence[Any]) -> Finding:
    refused = condition.refused is not None and values[condition.refused] is True
    offer = values[condition.offer] if condition.offer is not None else None
    start = values[condition.possible_from] if condition.possible_from is not None else None
    return Finding(condition, "fails" if values[condition.test] is False else "unknown", refused, offer, start)


def outcome_of(findings: Sequence[Finding]) -> str:
    """The outcome of a request."""
    result = "approved"
    for finding in findings:
        if finding.verdict in ("holds", "not_applicable"):
            continue
        condition = finding.condition
        if finding.verdict == "unknown":
            # What only compliance knows is not the customer's to bring: not yet looked at, looked at and flagged are told alike.
            one = "declined" if finding.refused else "referred" if condition.secret else "pending"
        elif condition.gate:
            one = "referred" if condition.refer else "not_accepted"
        elif condition.refer:
            one = "referred"
        else:
            one = "declined" if condition.remedy == "none" or finding.refused else "pending"
        if OUTCOMES.index(one) < OUTCOMES.index(result):
            result = one
    return result
