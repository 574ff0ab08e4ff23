"""What would change an answer: only what somebody can still bring about, only what is needed, in few decisions."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from baoquan_rules import Decision, Library, decide
from baoquan_rules.api import load, products_folder, read_cases
from baoquan_rules.contract.vocabulary import ListFact
from baoquan_rules.decision.search import MOST_DECISIONS, WouldChange
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.types import NONE
from tests import samples

TODAY = "decision.date"


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture
def decisions(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The changes decided anew, one entry each."""
    made: list[Any] = []
    again = Decision.again

    def counted(self: Decision, changes: Any, service: str | None = None) -> Decision:
        made.append(changes)
        return again(self, changes, service)

    monkeypatch.setattr(Decision, "again", counted)
    return made


def one(library: Library, path: str, name: str) -> Decision:
    cases, problems = read_cases(products_folder() / path, library)
    assert problems.ok
    return decide(next(case for case in cases if case.name == name), library)


def with_holds(library: Library, *holds: dict[str, Any]) -> Decision:
    """The reinstatement that is complete but for its health declaration, on a policy with these holds."""
    decision = one(library, "whole_life/WL-2023.reinstatement.cases.yaml", "复效待补健康声明")
    return decision.again({"holds": FactList(holds, True)})


def hold(day: int, **values: Any) -> dict[str, Any]:
    return {"kind": "court_freeze", "blocks": "everything", "placed_at": day * 86400, "released_at": NONE, **values}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("endowment/EN-2017.premium_status.cases.yaml", "催告到达次日起第31日，已经中止"),
        ("annuity/AN-2023.premium_status.cases.yaml", "书面反对过自动垫交"),
    ],
)
def test_a_suspension_that_has_come_is_not_undone(library: Library, decisions: list[Any], path: str, name: str) -> None:
    """Grace is over: no other due date, no paid-up contract of long ago and no other day asked about is offered."""
    decision = one(library, path, name)
    assert decision.outcome == "suspended"
    assert decision.what_would_change() == ()
    assert decisions == []


SERVICES = ("reinstatement", "premium_account_change", "loan_repayment")


@cache
def offered() -> tuple[tuple[Decision, tuple[WouldChange, ...]], ...]:
    """What is offered for cases of some services, most of which end with something open."""
    decisions = [decision for service in SERVICES for _, decision in samples.decided(service, most=12)]
    return tuple((decision, decision.what_would_change()) for decision in decisions)


def test_only_what_can_change_is_offered(library: Library) -> None:
    """No fact of the past is offered: each path is marked in the vocabulary, and a list changes only where it may."""
    seen = 0
    for decision, found in offered():
        for change in (one for each in found for one in each.changes):
            fact = library.vocabulary.facts[change.path]
            seen += 1
            if not isinstance(fact, ListFact) or len(change.after.items) > len(getattr(change.before, "items", ())):
                assert fact.can_change, change.path
            if isinstance(fact, ListFact) and isinstance(change.before, FactList):
                for before, after in zip(change.before.items, change.after.items, strict=False):
                    assert all(fact.fields[key].can_change for key in after if after.get(key) != before.get(key)), change.path
            elif fact.type.name in ("date", "instant") and change.after != NONE:
                today = decision.case.facts[TODAY]
                assert change.after >= (today if fact.type.name == "date" else today * 86400), change.path
    assert seen > 10


def test_no_change_does_more_than_it_needs() -> None:
    """No offer contains another that comes to the same outcome and makes the same conditions hold."""
    for _, found in offered():
        for more in found:
            for less in found:
                if less is more or less.outcome != more.outcome:
                    continue
                values = {(change.path, str(change.after)) for change in more.changes}
                inside = {(change.path, str(change.after)) for change in less.changes} <= values
                assert not inside or not set(more.conditions) <= set(less.conditions)
                assert not (inside and len(more.changes) > len(less.changes)), more.text()


def test_few_decisions(decisions: list[Any]) -> None:
    """However much is open, a search makes no more decisions than it says."""
    assert str(MOST_DECISIONS) in (Decision.what_would_change.__doc__ or "")
    made = 0
    for service in SERVICES:
        for case in samples.packaged(service)[:6]:
            bare = {path: value for path, value in case.facts.items() if path.startswith(("policy.", "decision."))}
            decision = decide(replace(case, facts=bare))
            decisions.clear()
            decision.what_would_change()
            assert len(decisions) <= MOST_DECISIONS
            made += len(decisions)
    assert made


def test_a_hold_is_lifted(library: Library) -> None:
    """The freeze is lifted on the day of the decision; what it says is the item's own value, not that the list is complete."""
    start = with_holds(library).case.facts[TODAY]
    decision = with_holds(library, hold(start - 30))
    found = next(change for change in decision.what_would_change() if "hold" in change.conditions)
    [change] = found.changes
    assert (change.path, change.after.items) == ("holds", (hold(start - 30, released_at=start * 86400),))
    assert change.text() == "保单限制：解除限制时间由无 → 2026年9月23日00:00"
    assert change.text("en").startswith("holds: time released none → ")
    assert all(finding.verdict == "holds" for finding in decision.again({"holds": change.after}).findings if finding.name == "hold")


def test_only_the_hold_that_blocks_is_lifted(library: Library) -> None:
    """Of two holds one blocks nothing; it is left as it is."""
    start = with_holds(library).case.facts[TODAY]
    decision = with_holds(library, hold(start - 40, blocks="nothing"), hold(start - 30))
    found = next(change for change in decision.what_would_change() if "hold" in change.conditions)
    assert found.changes[0].after.items == (hold(start - 40, blocks="nothing"), hold(start - 30, released_at=start * 86400))


def test_a_paper_is_added(library: Library) -> None:
    """What is offered names the paper."""
    decision = one(library, "whole_life/WL-2023.reinstatement.cases.yaml", "复效待补健康声明")
    found = next(change for change in decision.what_would_change() if "health_declaration" in change.conditions)
    assert "健康告知" in found.text() and "health declaration" in found.text("en")
