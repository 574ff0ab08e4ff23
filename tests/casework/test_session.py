"""A request as its pieces arrive: the order does not matter, nothing is lost or changed in silence, and roles differ."""

import random
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules import Library, decide, load
from baoquan_rules.casework import Event, EventRefused, ServiceCase, open_case, resume
from tests import samples

PIECES: list[tuple[str, str, dict[str, Any]]] = [
    ("evidence", "A01", {"identity": {"verified": True}}),
    ("document", "A01", {"documents": [{"id": "D1", "kind": "application", "signed_by": ["P1"], "defects": "none"}]}),
    ("document", "A01", {"documents": [{"id": "D2", "kind": "health_declaration", "signed_by": ["P1"], "defects": "none"}]}),
    ("answer", "A02", {"reviews": [{"role": "underwriting", "asked_at": "2026-09-21T12:00"}]}),
    ("answer", "U01", {"reviews": [{"role": "underwriting", "asked_at": "2026-09-21T12:00", "answered_at": "2026-09-25T12:00", "answer": "standard"}]}),
    ("payment", "SYS", {"payment": {"amount": "6252.25", "received_at": "2026-10-12T23:40", "means": "debit"}}),
]
"""What an approved reinstatement rests on, piece by piece; together the case of ``samples.reinstatement``."""

NEEDED = (0, 1, 2, 4, 5)
"""Those without which it is not approved; that underwriting was asked is said again by its answer."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def opened(library: Library) -> ServiceCase:
    """The reinstatement before anything has arrived."""
    mapping = samples.reinstatement()
    facts = {name: value for name, value in mapping["facts"].items() if name not in ("documents", "payment", "reviews", "decision", "identity")}
    return open_case("R-1", mapping["product"], "reinstatement", facts, at="2026-09-21T10:00", by="A01", library=library)


def arrived(library: Library, order: list[int]) -> ServiceCase:
    """The case after all pieces, in an order."""
    case = opened(library)
    for minute, index in enumerate(order):
        kind, by, facts = PIECES[index]
        case = case.add(Event(f"E{index}", kind, f"2026-10-13T09:{minute:02d}", by, facts))
    return case


@given(st.permutations(NEEDED))
@settings(max_examples=25, deadline=None)
def test_any_order_of_arrival_ends_the_same(order: list[int]) -> None:
    """Deciding all facts at once, on another engine, is what any order of arrival comes to (Rules of Basic Services, art. 20)."""
    library = load()
    case = arrived(library, order)
    last = case.decision("2026-10-13T10:00")
    whole = decide({**samples.reinstatement(), "facts": {**samples.reinstatement()["facts"], "decision": {"date": "2026-10-13"}}}, library)
    assert last.outcome == whole.outcome == "approved"
    assert {f.name: f.verdict for f in last.findings} == {f.name: f.verdict for f in whole.findings}
    assert {f.name: f.value for f in last.figures} == {f.name: f.value for f in whole.figures}
    assert len(case.log) == len(NEEDED) + 1


@given(st.permutations(NEEDED), st.integers(0, len(NEEDED)))
@settings(max_examples=15, deadline=None)
def test_resumes_where_it_stood(order: list[int], stop: int) -> None:
    """Another process reads the case and goes on; it comes to the same."""
    library = load()
    first = arrived(library, order[:stop])
    again = resume(first.to_json(), library, first.confidential_json())
    assert again.log == first.log and again.facts == first.facts
    one, other = first.status("2026-10-13T09:30"), again.status("2026-10-13T09:30")
    assert (one.stage, one.decision.outcome, one.missing) == (other.stage, other.decision.outcome, other.missing)


def test_stages_of_an_approved_request(library: Library) -> None:
    """Acceptance until the papers are there, review until underwriting answers, processing, feedback, closed."""
    case = opened(library)
    seen = [case.status("2026-09-21T10:00").stage.name]
    for minute, (kind, by, facts) in enumerate(PIECES):
        at = f"2026-10-13T09:{minute:02d}"
        case = case.add(Event(f"E{minute}", kind, at, by, facts))
        seen.append(case.status(at).stage.name)
    for kind, at in (("processed", "2026-10-13T11:00"), ("closed", "2026-10-14T09:00")):
        case = case.add(Event(kind, kind, at, "B01"))
        seen.append(case.status(at).stage.name)
    # the silence of 30 days ended on 2026-10-21, so that on 2026-10-13 underwriting still has to answer
    assert seen == ["acceptance", "acceptance", "acceptance", "review", "review", "acceptance", "processing", "feedback", "closed"]
    assert case.decision("2027-01-01T00:00").outcome == "approved"


def test_what_is_not_allowed_changes_nothing(library: Library) -> None:
    """A refusal gives the reason, and the case is as it was."""
    case = opened(library)
    before = case.to_json()
    refusals = {
        "BQ651": Event("9", "processed", "2026-09-22T10:00", "B01"),
        "BQ650": Event("9", "documents", "2026-09-22T10:00", "B01"),
        "BQ652": Event("9", "document", "2026-09-22T10:00", "B01", {"payment": {"amount": "1.00"}}),
        "BQ655": Event("9", "fact", "2026-09-20T10:00", "B01", {"insured": {"alive": True}}),
        "BQ653": Event("9", "fact", "2026-09-22T10:00", "B01", {"insured": {"alive": False}}),
        "BQ654": Event("0", "fact", "2026-09-22T10:00", "B01", {"insured": {"alive": True}}),
        "BQ604": Event("9", "fact", "2026-09-22T10:00", "B01", {"insured": {"alife": True}}),
    }
    for code, event in refusals.items():
        with pytest.raises(EventRefused) as found:
            case.add(event)
        assert code in [problem.code for problem in found.value.problems], code
        assert case.to_json() == before


def test_a_correction_says_so(library: Library) -> None:
    """What was recorded wrongly is corrected by an event of that kind, and the log keeps both."""
    case = opened(library).add(Event("9", "correction", "2026-09-22T10:00", "A01", {"insured": {"birth_date": "1981-03-04"}}))
    assert case.facts["insured"]["birth_date"] == "1981-03-04"
    assert case.log[0].facts["insured"]["birth_date"] == "1980-03-04"


def test_one_person_never_fills_two_roles(library: Library) -> None:
    """Who accepted a request does not review it, and who reviewed does not review a second time (company rule)."""
    case = opened(library)
    review = {"reviews": [{"role": "review", "reviewer_id": "A01", "asked_at": "2026-09-21T12:00", "answered_at": "2026-09-21T13:00", "answer": "approve"}]}
    with pytest.raises(EventRefused, match="BQ656"):
        case.add(Event("1", "answer", "2026-09-21T13:00", "A01", review))
    review["reviews"][0]["reviewer_id"] = "A02"
    case = case.add(Event("1", "answer", "2026-09-21T13:00", "A02", review))
    second = {"reviews": [{"role": "second_review", "reviewer_id": "A02", "asked_at": "2026-09-21T14:00"}]}
    with pytest.raises(EventRefused, match="BQ656"):
        case.add(Event("2", "answer", "2026-09-21T14:00", "A02", second))


@given(st.lists(st.tuples(st.sampled_from(["review", "second_review", "evidence"]), st.sampled_from(["A01", "A02", "A03"])), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_roles_stay_apart_in_any_order(steps: list[tuple[str, str]]) -> None:
    """Whoever does what in whatever order: what is let in never has one person in two roles that must differ (company rule)."""
    case = opened(load())
    did = {"acceptance": {"A01"}}
    for minute, (role, person) in enumerate(steps):
        at = f"2026-09-21T12:{minute:02d}"
        if role == "evidence":
            case = case.add(Event(f"E{minute}", "evidence", at, person, {"evidence": [{"id": f"V{minute}", "kind": "call_back", "at": at}]}))
            continue
        review = {"reviews": [{"role": role, "reviewer_id": person, "asked_at": at}]}
        others = {one for other, persons in did.items() if other != role for one in persons}
        if person in others:
            with pytest.raises(EventRefused, match="BQ656"):
                case.add(Event(f"E{minute}", "answer", at, person, review))
        else:
            case = case.add(Event(f"E{minute}", "answer", at, person, review))
            did.setdefault(role, set()).add(person)
    filled = [did.get(role, set()) for role in ("acceptance", "review", "second_review")]
    assert sum(map(len, filled)) == len(set().union(*filled))


def test_facts_of_python(library: Library) -> None:
    """Dates and decimals, which a core system has, are kept as the text that a case file has."""
    case = opened(library)
    case = case.add(Event("1", "payment", "2026-10-12T23:41", "bank", {"payment": {"amount": Decimal("6252.25"), "received_at": datetime(2026, 10, 12, 23, 40)}}))
    assert resume(case.to_json(), library).facts["payment"] == {"amount": "6252.25", "received_at": "2026-10-12T23:40:00"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "log": []}', '{"format": 1, "log": [1]}'])
def test_no_case(text: str, library: Library) -> None:
    """What is no record of a case is refused with a reason."""
    with pytest.raises(EventRefused, match="BQ657"):
        resume(text, library)


def test_a_changed_log_is_refused(library: Library) -> None:
    """A log in which an event is not allowed is no log: somebody changed it."""
    order = list(NEEDED)
    random.Random(1).shuffle(order)
    text = arrived(library, order).to_json().replace('"kind": "payment"', '"kind": "processed"')
    with pytest.raises(EventRefused):
        resume(text, library)


def test_a_complaint_is_a_case_of_its_own(library: Library) -> None:
    """It is answered, the complainant asks the higher office, and only then is it closed (Complaints Measures, arts. 18 and 20)."""
    complaint = {"id": "T1", "received_at": "2026-09-07T16:20", "about": "decision", "by_id": "P1", "acting_as": "self", "contact_known": True, "handled_by": "branch", "handler_involved": False}
    case = open_case("T1", "WL-2024", "complaint", {"policy": {"formation_date": "2024-05-06"}, "complaint": complaint}, at="2026-09-07T16:30", by="A01", library=library)
    steps = (
        ("2026-09-20T10:00", {"answered_at": "2026-09-20T10:00", "answer_arrived_at": "2026-09-22T10:00", "answer_reasoned": True, "result": "not_upheld"}, "answered"),
        ("2026-10-09T10:00", {"review_asked_at": "2026-10-09T10:00", "review_written": True}, "in_review"),
        ("2026-11-02T10:00", {"review_told_at": "2026-11-02T10:00", "review_result": "changed"}, "reviewed"),
    )
    seen = [(case.status("2026-09-07T17:00").stage.name, "open")]
    for number, (at, more, outcome) in enumerate(steps):
        case = case.add(Event(f"E{number}", "fact", at, "A02", {"complaint": more}))
        assert case.decision(at).outcome == outcome
        seen.append((case.status(at).stage.name, outcome))
    assert seen == [("review", "open"), ("answered", "answered"), ("review", "in_review"), ("answered", "reviewed")]
    assert case.add(Event("9", "closed", "2026-11-03T10:00", "A02")).status("2026-11-03T10:00").stage.name == "closed"
