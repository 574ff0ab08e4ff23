"""In which order open requests are dealt with, and who may know why one comes first."""

import json
import random
from typing import Any

import pytest

from baoquan_rules import Library, load
from baoquan_rules.casework import Event, EventRefused, ServiceCase, open_case, queue, resume, urgency
from baoquan_rules.cli import main
from baoquan_rules.contract.vocabulary import Fact
from baoquan_rules.decision.wording import RECIPIENTS
from tests import samples

FACTS: dict[str, Any] = {
    **{key: samples.PEOPLE[key] for key in ("policyholder", "insured", "applicant", "identity", "compliance", "holds")},
    "policy": {"formation_date": "2020-05-06", "effective_at": "2020-05-06T00:00", "channel_sold": "agent"},
    "consents": "none", "documents": "none", "notices": "none",
    # whether it is for all policies has not been answered: the applicant is told so within five working days of receipt
    "change": {"person_id": "P1", "contact": "mobile", "contact_belongs_to_salesperson": False, "contact_confirmed": True, "contact_scope": "none"},
}  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def made(library: Library, number: str, received: str, **more: Any) -> ServiceCase:
    request = {"id": number, "received_at": received, "submitted_at": received, "channel": "app"}
    return open_case(number, "TL-2016", "contact_change", {**FACTS, "request": request, **more}, at=received, by="A01", library=library)


def test_the_nearest_day_first_and_urgent_ones_before(library: Library) -> None:
    """Received on 7, 8 and 9 September: due on 14, 15 and 16 (five working days); the last of them cannot wait."""
    cases = [
        made(library, "A", "2026-09-07T10:00"), made(library, "B", "2026-09-08T10:00"),
        made(library, "C", "2026-09-09T10:00", urgency={"illness": True}),
    ]  # fmt: skip
    places = queue(cases, "2026-09-10T09:00")
    assert [(one.place, one.number, one.due) for one in places] == [
        (1, "C", "2026-09-16T24:00"), (2, "A", "2026-09-14T24:00"), (3, "B", "2026-09-15T24:00"),
    ]  # fmt: skip


def test_what_is_due_today_is_not_put_off(library: Library) -> None:
    """A day that ends is kept even where another case cannot wait; the day after it is overdue and still first."""
    cases = [made(library, "A", "2026-09-07T10:00"), made(library, "C", "2026-09-09T10:00", urgency={"hardship": True})]
    assert [one.number for one in queue(cases, "2026-09-13T23:59")] == ["C", "A"]
    assert [one.number for one in queue(cases, "2026-09-14T00:00")] == ["A", "C"]
    assert [one.number for one in queue(cases, "2026-09-15T08:00")] == ["A", "C"]


def test_equal_days_go_by_receipt_and_number(library: Library) -> None:
    """The order of the cases given does not matter."""
    cases = [made(library, number, f"2026-09-07T10:0{minute}") for minute, number in enumerate("DCBA")]
    cases.append(made(library, "0", "2026-09-07T10:03"))
    for seed in range(5):
        random.Random(seed).shuffle(cases)
        assert [one.number for one in queue(cases, "2026-09-08T09:00")] == ["D", "C", "B", "0", "A"]


def test_a_deadline_that_is_met_no_longer_presses(library: Library) -> None:
    """Once the applicant has been told what is missing, that case has no day of ours and goes last; a withdrawn one has no place."""
    told = made(library, "A", "2026-09-07T10:00")
    told = told.add(Event("1", "notice", "2026-09-08T09:00", "A01", {"notices": [{"kind": "deficiency", "sent_at": "2026-09-08T09:00", "way": "message", "to_id": "P1"}]}))
    gone = made(library, "W", "2026-09-07T10:00")
    gone = gone.add(Event("1", "withdrawal", "2026-09-08T09:00", "A01", {"request": {"withdrawn_at": "2026-09-08T09:00"}}))
    places = queue([told, gone, made(library, "B", "2026-09-08T10:00")], "2026-09-10T09:00")
    assert [(one.number, one.due) for one in places] == [("B", "2026-09-15T24:00"), ("A", None)]


def words_of(library: Library) -> set[str]:
    """Everything that would show why a case comes first: the facts' names and their labels."""
    facts = {path: fact for path, fact in library.vocabulary.facts.items() if path.startswith("urgency.")}
    assert len(facts) >= 4 and all(isinstance(fact, Fact) and set(fact.sensitivity) == {"officer", "auditor"} for fact in facts.values())
    labels = {text for fact in facts.values() for text in (fact.label.zh, fact.label.en)}
    return labels | {path.removeprefix("urgency.") for path in facts} | {"urgency", "优先"}


def test_the_reason_is_nowhere(library: Library) -> None:
    """Not in the order, a letter, a report, a record for any recipient but the auditor's, a name of the case, or a refusal."""
    hidden = words_of(library)
    case = made(library, "C", "2026-09-09T10:00", urgency={"illness": True, "hardship": True, "bereavement": True, "hard_to_wait": True})
    decision = case.decision("2026-09-09T12:00")
    shown = [repr(case), repr(queue([case], "2026-09-10T09:00")), repr(decision)]
    shown += [decision.explain(lang, reader) for lang in ("zh", "en") for reader in ("customer", "officer", "auditor")]
    shown += [decision.explain(lang, "customer", role) for lang in ("zh", "en") for role in ("policyholder", "insured", "payer", "beneficiary", "heir")]
    shown += [decision.to_json(role) for role in RECIPIENTS if role != "auditor"]
    shown += [message.text for lang in ("zh", "en") for message in decision.feedback(lang)]
    with pytest.raises(EventRefused, match="BQ658") as found:
        urgency(case, "acceptance")
    shown.append(str(found.value).replace("优先办理的原因", "").replace("urgency.seen_by", ""))
    for text in shown:
        assert not [word for word in hidden if word in text]


def test_it_changes_no_decision(library: Library) -> None:
    """Being urgent is no ground for or against a request, and is not asked for."""
    one, other = made(library, "C", "2026-09-09T10:00"), made(library, "C", "2026-09-09T10:00", urgency={"illness": True})
    first, second = one.decision("2026-09-09T12:00"), other.decision("2026-09-09T12:00")
    assert first.explain() == second.explain() and [(f.name, f.verdict) for f in first.findings] == [(f.name, f.verdict) for f in second.findings]
    assert not [item.path for item in first.missing if item.path.startswith("urgency")]


def test_who_may_know(library: Library) -> None:
    """The roles that casework.yaml names learn it, from the case as from its record read again."""
    case = made(library, "C", "2026-09-09T10:00", urgency={"illness": True, "hardship": False})
    for one in (case, resume(case.to_json(), library)):
        assert [text.zh for text in urgency(one, "review")] == ["有人病重"]
    for role in ("acceptance", "processing", "customer", ""):
        with pytest.raises(EventRefused, match="BQ658"):
            urgency(case, role)


def test_the_command(library: Library, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """``baoquan case queue`` prints place, number and day, and no reason."""
    files = []
    for number, more in (("A", {}), ("C", {"urgency": {"illness": True}})):
        path = tmp_path / f"{number}.json"
        path.write_text(made(library, number, "2026-09-09T10:00", **more).to_json(), encoding="utf-8")
        assert json.loads(path.read_text(encoding="utf-8"))["number"] == number
        files.append(str(path))
    with pytest.raises(SystemExit) as ended:
        main.main(["case", "queue", *files, "--at", "2026-09-10T09:00"])
    assert ended.value.code in (0, None)
    assert capsys.readouterr().out.splitlines() == ["1\tC\t2026-09-16T24:00", "2\tA\t2026-09-16T24:00"]
