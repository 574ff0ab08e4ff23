"""Open points of law are decided under every reading where the case has them, and only there."""

from dataclasses import replace

import pytest

from baoquan_rules import api
from baoquan_rules.contract.case import Case
from baoquan_rules.language import calendar, civil
from baoquan_rules.language.facts import FactList
from baoquan_rules.tables import decide_table
from tests import samples
from tests.test_tables import compare, frame_of

YEAR = range(civil.parse_date("2025-01-01"), civil.parse_date("2025-12-31"))
PLAIN = [day for day in YEAR if calendar.is_rest(day) and not calendar.is_statutory_holiday(day)]


def titled(service: str, words: str) -> Case:
    return next(case for case in samples.packaged(service) if words in str(case.document.value["case"] if case.document else ""))


def on_last_day(nominal: int, day: int) -> Case:
    """Premium paid in full on a day, where grace ends on another before any move past days off."""
    case = titled("premium_status", "末日是普通周六，周一交足")
    due = nominal - 60
    began = civil.add_months(due, -60)
    assert began is not None
    paid = tuple({**item, "received_at": day * 86400 + 43200} for item in case.facts["payments"].items)
    return samples.changed(case, {
        "policy.formation_date": began, "policy.effective_at": began * 86400, "premiums.first_unpaid_due_date": due,
        "payments": FactList(paid), "decision.date": day + 1, "policy.recorded_status_as_of": day + 1,
    })  # fmt: skip


@pytest.mark.parametrize("nominal", PLAIN[::3])
def test_ordinary_weekend(nominal: int) -> None:
    """Money on the working day after an ordinary weekend is in time for the customer, and both readings are decided."""
    last = calendar.next_working_day_on_or_after(nominal)
    assert last is not None
    decision = api.decide(on_last_day(nominal, last))
    assert ("interpretation", "differs", ("in_force", "suspended")) == (
        decision.outcome, decision.interpretation, tuple(reading.outcome for reading in decision.readings)
    )  # fmt: skip
    assert "legal" in decision.referrals and "paying" == decision.figure("premium_status")
    assert "suspended" == api.decide(on_last_day(nominal, last + 1)).outcome


@pytest.mark.parametrize("nominal", [day for day in YEAR if calendar.is_statutory_holiday(day)][::3])
def test_public_holiday(nominal: int) -> None:
    """A holiday that was announced moves the last day without doubt."""
    last = calendar.next_working_day_on_or_after(nominal)
    assert last is not None
    decision = api.decide(on_last_day(nominal, last))
    assert ("in_force", "none", ()) == (decision.outcome, decision.interpretation, decision.readings)


@pytest.mark.parametrize("nominal", [day for day in YEAR if not calendar.is_rest(day)][::25])
def test_working_day(nominal: int) -> None:
    """On a working day nothing is open: the next day is too late under any reading."""
    assert "in_force" == api.decide(on_last_day(nominal, nominal)).outcome
    late = api.decide(on_last_day(nominal, nominal + 1))
    assert ("suspended", ()) == (late.outcome, late.readings)


def test_no_reading_where_nothing_is_open() -> None:
    """A point that the case has not is not decided both ways, and its other program is never made."""
    library = replace(api.load(), _ready={})
    decision = api.decide(titled("premium_status", "宽限期内还差一部分"), library)
    assert ("none", ()) == (decision.interpretation, decision.readings)
    (ready,) = library._ready.values()
    assert 2 == len(ready) and {0} == set(ready._made)


def test_loans_do_not_ask_about_weekends() -> None:
    """A service that never asks about a point has one reading of it, whatever libraries it uses."""
    case = next(case for case in samples.packaged("policy_loan") if case.product == "WL-2024")
    decision = api.decide(case)
    assert "days_off.weekend" not in decision.program.points


def test_many_at_once() -> None:
    """Cases that ask for other readings and cases that do not stand side by side."""
    cases = [titled("premium_status", words) for words in ("末日是普通周六，周一交足", "宽限期内还差一部分", "末日是普通周六，周二交足")]
    one_by_one = [api.decide(case) for case in cases]
    for engine in ("direct", "columnar"):
        together = api.decide_many(cases, engine=engine)
        assert [(d.outcome, d.interpretation, len(d.readings)) for d in together] == [
            (d.outcome, d.interpretation, len(d.readings)) for d in one_by_one
        ]
    assert [2, 0, 2] == [len(d.readings) for d in one_by_one]
    compare(cases, decide_table(frame_of(cases), product="WL-2023", service="premium_status"))
