"""The last day of every window is in and the next is out, from every day of a leap cycle, as a decision shows it.

What the last day is, is counted here with plain dates and the published calendar of days off, not with the rulebook's words.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from chinese_calendar import is_workday  # type: ignore[import-untyped]

from baoquan_rules import api
from baoquan_rules.contract.case import Case
from baoquan_rules.decision.decision import Decision
from baoquan_rules.language import windows
from baoquan_rules.language.facts import FactList
from tests import lowered, samples

LONG = bool(os.environ.get("BAOQUAN_LONG"))
DAY = 86400
EPOCH = date(1970, 1, 1)
CYCLE = range((date(2021, 1, 1) - EPOCH).days, (date(2021, 1, 1) - EPOCH).days + 1461)
"""Every day of four years, 29 February 2024 among them; the days off of these years and the next are published."""


def as_date(day: int) -> date:
    return EPOCH + timedelta(days=day)


def number(day: date) -> int:
    return (day - EPOCH).days


def months_on(day: int, months: int) -> int:
    """The corresponding day so many months later, or the last of a month that has none (Civil Code art. 202)."""
    begun = as_date(day)
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    while True:
        try:
            return number(date(year, month + 1, begun.day))
        except ValueError:
            begun -= timedelta(days=1)


@cache
def first_open(day: int) -> int:
    """The day, or the first working day after it (Civil Code art. 203)."""
    while not is_workday(as_date(day)):
        day += 1
    return day


def base(service: str, test: Callable[[Case], bool], product: str = "") -> Case:
    """The first packaged case of a service that passes a test, of one product perhaps."""
    found = [case for case in samples.packaged(service) if test(case) and product in ("", case.product)]
    assert found, f"no packaged case of {service}"
    return found[0]


def named(service: str, part: str) -> Case:
    """The packaged case with these words in its name."""
    return base(service, lambda case: part in case.name)


def decided(case: Case, changes: list[dict[str, Any]]) -> Iterator[Decision]:
    """The decisions of a case under each of the changes, in their order."""
    yield from api.decide_many([samples.changed(case, change) for change in changes])


def verdicts(case: Case, name: str, changes: list[dict[str, Any]]) -> list[str]:
    """The verdict of a condition under each of the changes."""
    found = []
    for decision in decided(case, changes):
        [verdict] = {finding.verdict for finding in decision.findings if finding.name == name}
        found.append(verdict)
    return found


# --- the library's windows


@pytest.mark.parametrize(("count", "unit"), [(10, "days"), (60, "days"), (1, "months"), (6, "months"), (24, "months"), (2, "years")])
def test_last_day_in_next_day_out(count: int, unit: str) -> None:
    """From every day of a leap cycle: the first day of a period is in, the day before out, its last day in, the next out."""
    for start in CYCLE:
        first, last = lowered.window_first(start, False), lowered.window_last(start, count, unit, False)
        assert first == start + 1
        assert last == (start + count if unit == "days" else months_on(start, count * (12 if unit == "years" else 1)))
        inside = [windows.window_holds(first, last, False, day) for day in (start, first, last, last + 1)]
        assert inside == [False, True, True, False]


def test_a_customers_last_day_is_a_working_day() -> None:
    """From every day of a leap cycle: a period to act in never ends on a day off, is never shortened, and the next day is out."""
    for start in CYCLE:
        first, nominal = start + 1, start + 60
        last = windows.window_extended(nominal)
        assert last == first_open(nominal)
        assert nominal <= last <= nominal + 10
        assert windows.window_holds(first, nominal, True, last) is True
        assert windows.window_holds(first, nominal, True, last + 1) is False


# --- the windows of clauses and of the law, in decisions


def _cooling_off() -> list[Case]:
    """An ordinary cancellation for each clause version that has a cooling-off period."""
    found: dict[Any, Case] = {}
    for case in samples.packaged("cooling_off_surrender"):
        product, version = api.version_of(case, api.load())
        if case.expect.get("outcome") == "approved" and case.facts.get("policy.receipt_signed_at", -1) > 0 and not case.facts["events"].items:
            found.setdefault((product.code, version.id), case)
    return [*found.values()]


def test_cooling_off() -> None:
    """A notice is in time on the last day to 24:00, also after days off where the clause does not exclude it; the next is late."""
    assert len(_cooling_off()) >= 5
    for place, case in enumerate(_cooling_off()):
        clause = api.version_of(case, api.load())[1].clauses["cooling_off"].values
        length, extends = clause["length"], clause.get("holidays", "extend") == "extend"
        assert length.unit == "days"
        days = CYCLE if place == 0 or LONG else CYCLE[place::7]  # the clauses differ in length; the days are the same
        changes = []
        for signed in days:
            last = first_open(signed + length.count) if extends else signed + length.count
            for at in ((signed + length.count + 1) * DAY - 60, (last + 1) * DAY - 60, (last + 1) * DAY):
                changes.append({"policy.receipt_signed_at": signed * DAY + 36_000, "request.received_at": at, "decision.date": at // DAY + 1})
        assert verdicts(case, "in_period", changes) == ["holds", "holds", "fails"] * len(days), case.name


def _in_arrears(due: int, day: int) -> dict[str, Any]:
    """A contract begun four years before a due date that is the first unpaid one, on a later day, its record out of the way."""
    begun = months_on(due, -48)
    return {
        "policy.effective_at": begun * DAY, "premiums.first_unpaid_due_date": due, "decision.date": day,
        "policy.recorded_status": None, "policy.recorded_premium_status": None, "policy.recorded_status_as_of": None,
    }  # fmt: skip


def _plain(case: Case) -> bool:
    """An annual contract with an unpaid premium, without debts, payments or events."""
    return case.facts.get("policy.premium_mode") == "annual" and all(
        not case.facts[name].items for name in ("loans", "advances", "payments", "events", "elections", "waivers", "open_requests")
    )


def test_grace() -> None:
    """Cover goes on to the sixtieth day after the due date, or the first working day after it; on the next it is suspended."""
    case = base("premium_status", lambda c: c.expect.get("outcome") == "suspended" and _plain(c), "TL-2016")
    changes = []
    for due in CYCLE:
        nominal, last = due + 60, first_open(due + 60)
        changes += [_in_arrears(due, day) for day in (nominal, last, last + 1)]
    found = [(d.figure("contract_effect"), d.outcome) for d in decided(case, changes)]
    for due, (nominal, last, after) in zip(CYCLE, zip(*[iter(found)] * 3, strict=True), strict=True):
        assert nominal == ("in_force", "in_force"), as_date(due)
        assert last[0] == "in_force" and last[1] in ("in_force", "interpretation"), as_date(due)
        assert after == ("suspended", "suspended"), as_date(due)


def test_the_insurers_right_after_two_years() -> None:
    """On the day on which two years of suspension are full the insurer has no right to rescind yet; on the next it has."""
    case = base("premium_status", lambda c: c.expect.get("outcome") == "suspended" and _plain(c), "TL-2016")
    changes, seen = [], []
    for due in CYCLE[::3]:
        last = first_open(due + 60)
        if last != due + 60:
            continue  # from which day the suspension runs is another question
        full = months_on(last + 1, 24)
        seen.append(due)
        changes += [_in_arrears(due, day) for day in (full, full + 1)]
    assert verdicts(case, "right_not_arisen", changes) == ["holds", "fails"] * len(seen)
    assert len(seen) > 200


def test_rescission_after_two_years_of_suspension() -> None:
    """Notice of rescission that arrives on the day on which two years are full ends nothing; a day later it does."""
    case = named("reinstatement", "满二年次日到达的解除通知")
    [item] = case.facts["insurer_rescissions"].items
    changes, seen = [], 0
    for due in CYCLE:
        if first_open(due + 60) != due + 60:
            continue
        suspended = due + 61
        full = months_on(suspended, 24)
        seen += 1
        for arrived in ((full + 1) * DAY - 60, (full + 1) * DAY):
            changes.append({
                "policy.effective_at": months_on(due, -48) * DAY, "premiums.first_unpaid_due_date": due, "policy.suspended_at": suspended * DAY,
                "insurer_rescissions": FactList(({**item, "sent_at": arrived - DAY, "arrived_at": arrived},), True),
                "request.received_at": (full + 20) * DAY, "request.planned_payment_date": full + 30, "decision.date": full + 25,
                "payment.received_at": (full + 21) * DAY,
            })  # fmt: skip
    assert [d.outcome == "declined" for d in decided(case, changes)] == [False, True] * seen
    assert seen > 800


def test_the_insurers_thirty_days() -> None:
    """A refusal counts if it arrives by 24:00 of the thirtieth day after the application, working day or not; later it does not."""
    case = named("reinstatement", "第三十日到达的明确拒绝")
    begun = case.facts["request.received_at"] // DAY
    [item] = case.facts["explicit_refusals"].items
    changes = []
    for received in range(begun, begun + 1461):
        for arrived in ((received + 31) * DAY - 60, (received + 31) * DAY):
            changes.append({
                "request.received_at": received * DAY + 40_000, "decision.date": received + 32, "request.planned_payment_date": received + 33,
                "explicit_refusals": FactList(({**item, "sent_at": (received + 20) * DAY, "arrived_at": arrived},), True),
                "reviews": FactList((), True),
            })  # fmt: skip
    assert [d.outcome == "declined" for d in decided(case, changes)] == [True, False] * 1461


def test_waiting_period() -> None:
    """Wherever in a leap cycle cover begins, the days of a waiting period are the same: no day off moves its end."""
    edges = [case for case in samples.packaged("waiting_period") if any(n in case.name for n in ("90天", "91天", "92天", "180天", "181天"))]
    assert len(edges) >= 6
    for case in edges:
        moved = [samples.shifted(case, by) for by in range(1461)]
        outcomes = {decision.outcome for decision in api.decide_many(moved)}
        assert outcomes == {case.expect["outcome"]}, case.name


def test_term_of_a_loan() -> None:
    """A loan is for six months to the corresponding day, or to the last of a month that has none."""
    case = base("policy_loan", lambda c: c.expect.get("outcome") == "approved", "WL-2023")
    days = range(case.facts["request.payout_date"], case.facts["request.payout_date"] + 1461)
    for day, decision in zip(days, decided(case, [{"request.payout_date": day} for day in days]), strict=True):
        assert decision.figure("due_on") == months_on(day, 6)


def test_surrender_is_paid_within_thirty_days() -> None:
    """The surrender value is paid by the thirtieth day after the request, working day or not."""
    case = base("surrender", lambda c: c.expect.get("outcome") == "approved")
    days = range(case.facts["request.received_at"] // DAY, case.facts["request.received_at"] // DAY + 1461)
    changes = [{"request.received_at": day * DAY + 70_000, "decision.date": day} for day in days]
    for day, decision in zip(days, decided(case, changes), strict=True):
        assert decision.figure("pay_by") == day + 30


def test_notice_of_a_new_occupation() -> None:
    """An accident on the last day for notice, days off included, is paid in full; on the next day it may be reduced."""
    case = named("occupation_change", "没有按时通知又升了类别")
    [item] = case.facts["events"].items
    changes = []
    for changed in CYCLE:
        last = first_open(changed + 10)
        for at in ((last + 1) * DAY - 60, (last + 1) * DAY):
            changes.append({
                "change.occupation_changed_on": changed, "events": FactList(({**item, "at": at},), True),
                "request.received_at": (changed + 60) * DAY, "decision.date": changed + 65,
            })  # fmt: skip
    assert verdicts(case, "benefit_not_reduced", changes) == ["holds", "fails"] * len(CYCLE)
