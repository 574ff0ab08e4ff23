"""The order of outcomes: what beats what, and that nothing but an incurable failure or an express refusal declines."""

from itertools import product as combinations

import pytest

from baoquan_rules.compiler.program import ConditionSlots
from baoquan_rules.contract.part import Words
from baoquan_rules.decision.outcome import Finding, outcome_of

NAME = Words("条件", "condition")


def condition(*, gate: bool = False, remedy: str = "none", refer: str = "") -> ConditionSlots:
    return ConditionSlots("c", "C1", NAME, None, 0, None, None, None, gate, remedy, refer, "", (), {})


def found(verdict: str, *, refused: bool = False, **how: object) -> Finding:
    return Finding(condition(**how), verdict, refused)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("finding", "outcome"),
    [
        (found("holds"), "approved"),
        (found("not_applicable"), "approved"),
        (found("fails", gate=True), "not_accepted"),
        (found("fails", gate=True, remedy="document"), "not_accepted"),
        (found("unknown", gate=True), "pending"),
        (found("fails"), "declined"),
        (found("fails", remedy="document"), "pending"),
        (found("fails", remedy="payment"), "pending"),
        (found("fails", remedy="amount"), "pending"),
        (found("fails", remedy="date"), "pending"),
        (found("fails", remedy="third_party"), "pending"),
        (found("fails", remedy="document", refused=True), "declined"),
        (found("unknown"), "pending"),
        (found("unknown", remedy="document"), "pending"),
        (found("fails", refer="underwriting"), "referred"),
    ],
)
def test_one_finding(finding: Finding, outcome: str) -> None:
    """A curable failure is put right, an incurable one declines, an owner's matter is referred."""
    assert outcome == outcome_of([finding])


RANKED = {
    "not_accepted": found("fails", gate=True),
    "declined": found("fails"),
    "pending": found("fails", remedy="document"),
    "referred": found("fails", refer="legal"),
    "approved": found("holds"),
}


@pytest.mark.parametrize(("one", "other"), list(combinations(RANKED, RANKED)))
def test_ranking(one: str, other: str) -> None:
    """not_accepted > declined > pending > referred > approved, in whatever order the conditions stand."""
    ranks = list(RANKED)
    wanted = ranks[min(ranks.index(one), ranks.index(other))]
    assert wanted == outcome_of([RANKED[one], RANKED[other]]) == outcome_of([RANKED[other], RANKED[one]])
