"""Two written values are compared by what they say, not by how they are written."""

from typing import Any

import pytest

from baoquan_rules import load
from baoquan_rules.casework import Event, EventRefused, open_case
from baoquan_rules.contract.alike import alike, alike_items
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.vocabulary import Fact, ListFact
from baoquan_rules.language.types import DATE, INSTANT, MONEY, PERIOD, RATE, TEXT, listed, record, whole

LABEL = Words("某项", "something")
LOANS = ListFact("loans", LABEL, listed(record(id=TEXT, amount=MONEY)), {"id": Fact("loans.id", TEXT, LABEL), "amount": Fact("loans.amount", MONEY, LABEL)})


@pytest.mark.parametrize(("kind", "one", "other", "same"), [
    (MONEY, 6000, "6,000.00", True),
    (MONEY, "6000.0", "6000.00", True),
    (MONEY, "6000.00", "6000.01", False),
    (MONEY.or_none(), "none", "0.00", False),
    (RATE, "4.50%", "0.045", True),
    (RATE, "4.5%", "4.6%", False),
    (DATE, "2026-09-10", "2026-09-10", True),
    (INSTANT, "2026-09-10T10:12", "2026-09-10T10:12:00", True),
    (INSTANT, "2026-09-10T10:12", "2026-09-10T10:12:01", False),
    (PERIOD, "1 year", "12 months", True),
    (PERIOD, "60 days", "60 day", True),
    (PERIOD, "60 days", "2 months", False),
    (whole(), 1, True, False),
    (TEXT, "6000", "6000.00", False),
])  # fmt: skip
def test_a_value_is_what_it_says(kind: Any, one: Any, other: Any, same: bool) -> None:
    """Money, rates, times and periods by their value; a text is what is written; yes is not one."""
    fact = Fact("some.thing", kind, LABEL)
    assert alike(one, other, fact) is same
    assert alike(other, one, fact) is same


def test_a_list_is_its_items() -> None:
    """Lists are the same if they have the same items in their order and are as complete."""
    one = {"complete": True, "items": [{"id": "L1", "amount": 6000}]}
    assert alike(one, {"items": [{"amount": "6000.00", "id": "L1"}], "complete": True}, LOANS)
    assert alike("none", {"complete": True, "items": []}, LOANS)
    assert not alike(one, {**one, "complete": False}, LOANS)
    assert not alike_items({"id": "L1", "amount": 6000}, {"id": "L1"}, LOANS)


def test_what_is_stated_again_in_another_form_is_no_contradiction() -> None:
    """A core system says 6000 where the desk wrote 6,000.00; a minute has no seconds to differ in. A fen more is a contradiction."""
    facts = {"payment": {"amount": "6,000.00", "received_at": "2026-09-21T09:00"}, "policy": {"id": "P1", "formation_date": "2023-03-01"}}
    case = open_case("R1", "WL-2023", "reinstatement", facts, at="2026-09-21T10:00", by="A01", library=load())
    again = case.add(Event("1", "payment", "2026-09-21T10:05", "bank", {"payment": {"amount": 6000, "received_at": "2026-09-21T09:00:00"}}))
    assert again.facts["payment"] == facts["payment"]
    with pytest.raises(EventRefused, match="BQ653"):
        again.add(Event("2", "payment", "2026-09-21T10:06", "bank", {"payment": {"amount": "6000.01"}}))


def test_an_item_is_found_by_its_key_however_it_is_written() -> None:
    """The answer of a reviewer belongs to the question of that minute, with or without seconds."""
    asked = {"role": "review", "reviewer_id": "B01", "asked_at": "2026-09-21T12:00"}
    case = open_case("R1", "WL-2023", "reinstatement", {"policy": {"id": "P1", "formation_date": "2023-03-01"}}, at="2026-09-21T10:00", by="A01", library=load())
    case = case.add(Event("1", "answer", "2026-09-21T12:00", "B01", {"reviews": [asked]}))
    answered = {**asked, "asked_at": "2026-09-21T12:00:00", "answered_at": "2026-09-21T13:00", "answer": "approve"}
    case = case.add(Event("2", "answer", "2026-09-21T13:00", "B01", {"reviews": [answered]}))
    assert [one["answer"] for one in case.facts["reviews"]["items"]] == ["approve"]
