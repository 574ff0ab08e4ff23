"""What approved requests do to a policy, and that a reversal leaves no trace but in the history."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules import Decision, decide, load, read_case
from baoquan_rules.api import decide_many, products_folder, read_cases
from baoquan_rules.casework import BookingRefused, PolicyBook, book, read_book
from baoquan_rules.testing.cases import case_files

OPENING = {"contract_effect": "in_force", "sum_assured": "100000.00", "premium": "6000.00"}
OF_ONE_PRODUCT = "WL-2024."
AT, BY = "2026-11-02T10:00", "B01"


@cache
def approved() -> tuple[Decision, ...]:
    """The approved requests among the cases of one product, all taken as requests about the policy L1."""
    library = load()
    found: list[Decision] = []
    for path in case_files(products_folder()):
        if path.name.startswith(OF_ONE_PRODUCT) and "reversal" not in path.name:
            cases, _ = read_cases(path, library)
            of_one = [replace(case, facts={**case.facts, "policy.id": "L1"}) for case in cases]
            found += [decision for decision in decide_many(of_one, library) if decision.outcome == "approved"]
    return tuple(found)


def reversal(number: str, policy: str = "L1") -> Decision:
    """An approved reversal of what was booked under a number."""
    entry = {"number": number, "policy_id": policy, "kind": "other", "processed_at": "2026-10-30T09:00", "paid_out": "0.00", "returned": "0.00"}
    facts: dict[str, Any] = {
        "decision": {"date": "2026-11-02"},
        "request": {"id": "Q", "received_at": "2026-10-31T09:00"},
        "policy": {"id": policy},
        "policyholder": {"id": "P1"},
        "applicant": {"id": "B01", "acting_as": "insurer"},
        "compliance": {"flag": False, "pattern": False},
        "holds": "none",
        "reversal": {"number": number, "cause": "insurer_mistake", "harms_customer": False, "cause_documented": True, "others_relied_on_it": False},
        "servicing_history": {"complete": True, "items": [entry]},
        "consents": "none",
        "events": "none",
        "reviews": {"complete": True, "items": [
            {"role": "second_review", "reviewer_id": "B02", "asked_at": "2026-11-01T09:00", "answered_at": "2026-11-01T10:00", "answer": "approve"},
        ]},
    }  # fmt: skip
    return decide(read_case({"case": "R", "product": "WL-2024", "service": "reversal", "facts": facts}))


def holds_now(of: PolicyBook) -> tuple[Any, ...]:
    """All that a policy is, apart from its history."""
    return of.state, of.registers, of.endorsements, of.balances


def test_there_is_something_to_book() -> None:
    """The cases approve many items, and those that pay money among them."""
    assert len({decision.service for decision in approved()}) >= 15
    assert sum(1 for decision in approved() if decision.entries) >= 15


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_reversed_in_turn_all_is_as_before(data: st.DataObject) -> None:
    """Whatever was booked, reversing the last restores the policy exactly, and so back to its opening; accounts always sum to zero."""
    drawn = data.draw(st.lists(st.sampled_from(range(len(approved()))), min_size=1, max_size=5))
    now = PolicyBook("L1", OPENING)
    before: list[PolicyBook] = []
    for index, place in enumerate(drawn):
        before.append(now)
        now = book(now, approved()[place], f"S{index}", at=AT, by=BY)
        assert sum(now.balances.values()) == 0
        assert read_book(now.to_json()) == now
    assert now.in_force == now.bookings
    for index in reversed(range(len(drawn))):
        now = book(now, reversal(f"S{index}"), f"R{index}", at=AT, by=BY)
        assert holds_now(now) == holds_now(before[index])
        assert sum(now.balances.values()) == 0
    assert len(now.bookings) == 2 * len(drawn)
    assert now.state == OPENING


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(range(10)), min_size=2, max_size=4), st.data())
def test_what_something_later_stands_on_is_not_reversed(drawn: list[int], data: st.DataObject) -> None:
    """Only the last booking in force can be reversed; the refusal names what has to be reversed first, and changes nothing."""
    now = PolicyBook("L1", OPENING)
    for index, place in enumerate(drawn):
        now = book(now, approved()[place], f"S{index}", at=AT, by=BY)
    earlier = data.draw(st.integers(0, len(drawn) - 2))
    text = now.to_json()
    with pytest.raises(BookingRefused, match="BQ663") as found:
        book(now, reversal(f"S{earlier}"), "R", at=AT, by=BY)
    assert f"S{len(drawn) - 1}" in str(found.value)
    assert now.to_json() == text


def test_refusals() -> None:
    """What is not approved, of another policy, booked already, or reversed already is not booked."""
    one = approved()[0]
    now = book(PolicyBook("L1", OPENING), one, "S1", at=AT, by=BY)
    undone = book(now, reversal("S1"), "R1", at=AT, by=BY)
    with pytest.raises(BookingRefused, match="BQ660"):
        book(now, one.again({"policy.id": "L1"}, "reversal"), "S2", at=AT, by=BY)
    with pytest.raises(BookingRefused, match="BQ661"):
        book(PolicyBook("L2", OPENING), one, "S1", at=AT, by=BY)
    with pytest.raises(BookingRefused, match="BQ661"):
        book(now, reversal("S1", policy="L2"), "R1", at=AT, by=BY)
    with pytest.raises(BookingRefused, match="BQ662"):
        book(now, one, "S1", at=AT, by=BY)
    with pytest.raises(BookingRefused, match="BQ663"):
        book(undone, reversal("S1"), "R2", at=AT, by=BY)
    with pytest.raises(BookingRefused, match="BQ664"):
        read_book("{}")


def test_money_is_posted_back_and_not_struck_out() -> None:
    """The history keeps what was paid and what came back; only the balances are even."""
    paid = next(decision for decision in approved() if decision.entries)
    now = book(PolicyBook("L1", OPENING), paid, "S1", at=AT, by=BY)
    assert now.balances
    undone = book(now, reversal("S1"), "R1", at=AT, by=BY)
    assert undone.balances == {}
    assert [(p.debit, p.credit, p.amount) for p in undone.bookings[1].postings] == [(e.credit, e.debit, e.amount) for e in paid.entries]


@pytest.mark.parametrize("amount", [-5, 5.5, True, "5", 0])
def test_a_posting_is_whole_fen(amount: Any) -> None:
    """A book whose money was changed by hand is refused."""
    text = json.dumps({"format": 1, "policy": "L1", "opening": {}, "bookings": [
        {"number": "S1", "service": "surrender", "at": AT, "by": BY, "effects": [], "postings": [["a", "b", amount, "policyholder"]], "reverses": None}]})  # fmt: skip
    with pytest.raises(BookingRefused, match="BQ664"):
        read_book(text)
