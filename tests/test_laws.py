"""What the clauses and the law promise of any case, stated without the program's own words for it.

The cases are those that the products' authors worked out, moved, paid more or less, or with facts left out.
"""

import os
from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from baoquan_rules import api
from baoquan_rules.contract.case import Case
from baoquan_rules.decision.decision import Decision
from baoquan_rules.decision.outcome import OUTCOMES
from baoquan_rules.language import windows
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.types import NONE
from baoquan_rules.testing.strategies import LEAP_CYCLE
from tests import samples

LONG = bool(os.environ.get("BAOQUAN_LONG"))
MOST = 0 if LONG else 8
EPOCH = date(1970, 1, 1)
SERVICES = sorted(api.load().services)
REQUESTS = [name for name in SERVICES if api.load().services[name].kind == "request"]


def as_date(day: int) -> date:
    return EPOCH + timedelta(days=day)


def figures(decision: Decision) -> dict[str, Any]:
    """The figures that are known and not none."""
    return {f.name: f.value for f in decision.figures if f.value is not None and f.value != f.type.absent}


def money(decision: Decision, *words: str) -> dict[str, int]:
    """The sums of money with one of these words in their names."""
    names = {f.name for f in decision.figures if f.type.name == "money" and any(word in f.name for word in words)}
    return {name: value for name, value in figures(decision).items() if name in names}


# --- windows


@pytest.mark.parametrize(("count", "unit"), [(10, "days"), (60, "days"), (1, "months"), (6, "months"), (24, "months"), (2, "years")])
def test_last_day_in_next_day_out(count: int, unit: str) -> None:
    """From every day of a leap cycle: the first day of a period is in, the day before out, its last day in, the next out."""
    for start in LEAP_CYCLE:
        first, last = windows.window_first(start, False), windows.window_last(start, count, unit, False)
        assert first == start + 1 and last is not None
        inside = [windows.window_holds(first, last, False, day) for day in (start, first, last, last + 1)]
        assert inside == [False, True, True, False]
        if unit == "days":
            assert last - start == count
        else:
            months = count * 12 if unit == "years" else count
            begun, ended = as_date(start), as_date(last)
            assert (ended.year - begun.year) * 12 + ended.month - begun.month == months
            # The corresponding day, or the last of a month that has none (Civil Code art. 202).
            assert ended.day == begun.day or (ended.day < begun.day and (ended + timedelta(days=1)).day == 1)


def test_a_customers_last_day_is_a_working_day() -> None:
    """From every day of a leap cycle: a period to act in never ends on a day off, is never shortened, and the next day is out."""
    for start in LEAP_CYCLE:
        first, nominal = windows.window_first(start, False), windows.window_last(start, 60, "days", False)
        assert first is not None and nominal is not None
        last = windows.window_extended(nominal)
        if last is None:
            continue  # beyond the published calendar
        assert nominal <= last <= nominal + 10
        assert windows.window_holds(first, nominal, True, last) is True
        assert windows.window_holds(first, nominal, True, last + 1) is False


def _unpaid(start: int) -> Case | None:
    """The annual contract of a packaged case as if it had begun on another day, its fourth premium unpaid, without debts."""
    found = next((case for case in samples.packaged("premium_status") if case.expect.get("outcome") == "suspended"
                  and not case.facts["loans"].items and not case.facts["advances"].items and not case.facts["payments"].items), None)  # fmt: skip
    if found is None:
        return None
    begun = as_date(start)
    due = date(begun.year + 3, begun.month, min(begun.day, 28 if begun.month == 2 else 31))
    return samples.changed(found, {
        "policy.formation_date": start, "policy.effective_at": start * 86400, "policy.recorded_status": None,
        "policy.recorded_status_as_of": None, "policy.recorded_premium_status": None,
        "premiums.first_unpaid_due_date": (due - EPOCH).days,
    })  # fmt: skip


def test_cover_ends_with_the_grace_period_and_not_before() -> None:
    """For contracts begun on days of a leap cycle: in force on the last day of grace, not as a paying one on the next."""
    seen = 0
    first = (date(2020, 1, 1) - EPOCH).days
    for start in range(first, first + 1461, 23 if LONG else 121):
        case = _unpaid(start)
        if case is None:
            pytest.skip("no packaged case of a suspended contract")
        due = case.facts["premiums.first_unpaid_due_date"]
        try:
            last = figures(api.decide(samples.changed(case, {"decision.date": due + 10})))["last_grace_day"]
        except (KeyError, api.CaseInvalid):
            continue
        assert last >= due + 60
        on, after = (figures(api.decide(samples.changed(case, {"decision.date": day}))) for day in (last, last + 1))
        assert on["contract_effect"] == "in_force"
        assert after.get("premium_status") != "in_grace"
        assert (after.get("contract_effect"), after.get("premium_status")) != (on["contract_effect"], on["premium_status"])
        seen += 1
    assert seen >= 5


# --- state


def test_each_day_has_one_state() -> None:
    """On each day a contract's effect and premium status are one word each, and the answer is the contract's effect."""
    for case, decision in samples.decided("premium_status", most=MOST or 200):
        today = decision.case.facts.get("decision.date")
        if today is None:
            continue
        for day in range(today - 40, today + 400, 37):
            moved = api.decide(samples.changed(case, {"decision.date": day}))
            words = {s.name: s.type.values for s in moved.program.figures if s.name in ("contract_effect", "premium_status")}
            for name, allowed in words.items():
                assert moved.figure(name) is None or moved.figure(name) in allowed
            if moved.outcome not in ("undetermined", "interpretation", "not_accepted"):
                assert moved.outcome == moved.figure("contract_effect")


# --- money


@pytest.mark.parametrize("service", SERVICES)
def test_interest_is_never_negative(service: str) -> None:
    """No interest is below zero, on the day of the case or on any later or earlier day of payment."""
    rng = Random(7)
    for case, decision in samples.decided(service, most=MOST):
        assert all(value >= 0 for value in money(decision, "interest").values())
        for path in ("request.planned_payment_date", "decision.date", "payment.received_at", "request.payout_date"):
            if path not in case.facts or case.facts[path] == NONE:
                continue
            shift = rng.randint(-400, 800) * (86400 if path.endswith("_at") else 1)
            try:
                moved = api.decide(samples.changed(case, {path: case.facts[path] + shift}))
            except api.CaseInvalid:
                continue
            assert all(value >= 0 for value in money(moved, "interest").values()), (case.name, path, shift)


def test_arrears_and_interest_never_fall() -> None:
    """Who pays later to reinstate owes no less: not in premiums, not in interest."""
    seen = 0
    for case, decision in samples.decided("reinstatement", most=MOST):
        if decision.outcome == "not_accepted" or "request.planned_payment_date" not in case.facts:
            continue
        before: dict[str, int] = {}
        for later in (0, 1, 2, 31, 32, 180, 366, 367):
            day = case.facts["request.planned_payment_date"] + later
            now = money(api.decide(samples.changed(case, {"request.planned_payment_date": day})), "premium_arrears", "premium_interest", "total_due")
            for name, value in now.items():
                assert value >= before.get(name, 0), (case.name, name, later)
                seen += 1
            before = now
    assert seen > 50


def test_paying_more_never_hurts() -> None:
    """Of what is due, more paid never makes the answer to a reinstatement worse."""
    seen = 0
    for case, decision in samples.decided("reinstatement", "approved", "pending", most=0 if LONG else 30):
        due = figures(decision).get("total_due")
        if not due or "payment.amount" not in case.facts or case.facts["payment.amount"] == NONE:
            continue
        ranks = [OUTCOMES.index(api.decide(samples.changed(case, {"payment.amount": due * part // 8})).outcome) for part in (1, 4, 7, 8)]
        assert ranks == sorted(ranks), case.name
        seen += 1
    assert seen >= 2


def test_paying_a_premium_never_harms_the_contract() -> None:
    """Of the premium overdue, more paid in time never leaves the contract in a worse state."""
    rank = {"terminated": 0, "suspended": 1, "in_force": 2}
    case = _unpaid((date(2020, 3, 15) - EPOCH).days)
    if case is None:
        pytest.skip("no packaged case of a suspended contract")
    due = case.facts["premiums.first_unpaid_due_date"]
    premium = case.facts["policy.premium"]
    for asked in (due + 30, due + 61, due + 120):
        ranks = []
        for paid in (0, premium // 2, premium):
            item = {"received_at": (due + 20) * 86400, "amount": paid, "means": "debit", "designated_to": "premium", "id": "X",
                    "received_into": "insurer_account", "reversed_at": NONE, "towards_id": NONE}  # fmt: skip
            item = {key: value for key, value in item.items() if key != "towards_id"} | {"towards_id": "∅"}
            facts = {"decision.date": asked, "payments": FactList((item,) if paid else ())}
            found = api.decide(samples.changed(case, facts)).outcome
            if found in rank:
                ranks.append(rank[found])
        assert ranks == sorted(ranks)


def test_loans_stay_below_the_ceiling() -> None:
    """When a loan is granted, what is owed with it is within 80 % of the cash value; nothing above the maximum is granted."""
    seen = 0
    for case, decision in samples.decided("policy_loan", "approved", most=MOST):
        most = figures(decision).get("maximum")
        if most is None:
            continue
        for asked in (case.facts.get("request.amount"), most, most + 1, most * 2):
            if asked is None or asked == NONE or asked < 1:
                continue
            one = api.decide(samples.changed(case, {"request.amount": asked}))
            if one.outcome != "approved":
                continue
            got = figures(one)
            assert got["lent"] <= got["maximum"]
            assert 10 * (got["lent"] + got["debts"]) <= 8 * got["cash_value"], (case.name, asked)
            seen += 1
    assert seen >= 5


@pytest.mark.parametrize("service", REQUESTS)
def test_settlements_balance(service: str) -> None:
    """The lines of the settlement add up to what the ledger shows between the insurer and each person, to the fen."""
    for case, decision in samples.decided(service, "approved", most=MOST):
        lines: dict[str, int] = defaultdict(int)
        for _, _, payee, amount in decision.settlement:
            assert amount is not None, case.name
            lines["receivable.policyholder" if payee == "insurer" else f"payable.{payee}"] += amount if payee != "insurer" else -amount
        booked: dict[str, int] = defaultdict(int)
        for entry in decision.entries:
            assert entry.amount > 0 and entry.debit != entry.credit
            booked[entry.credit] += entry.amount
            booked[entry.debit] -= entry.amount
        assert sum(booked.values()) == 0
        for account in {*lines, *(name for name in booked if name.startswith(("payable.", "receivable.")))} - {"loan_interest_receivable"}:
            if "." in account:
                assert lines[account] == booked[account], (case.name, account)


# --- what is not known


def _without(case: Case, rng: Random, count: int) -> tuple[dict[str, None], Decision]:
    left = [path for path in case.facts if path != "policy.formation_date"]
    dropped: dict[str, None] = dict.fromkeys(rng.sample(left, min(count, len(left))))
    return dropped, api.decide(samples.changed(case, dropped))


@pytest.mark.parametrize("service", REQUESTS)
def test_a_missing_fact_is_no_refusal(service: str) -> None:
    """An approval, with facts left out, becomes pending or referred, never a refusal."""
    rng = Random(11)
    for case, _ in samples.decided(service, "approved", most=MOST):
        for count in (1, 1, 1, 1, 3, 8):
            dropped, decision = _without(case, rng, count)
            assert decision.outcome in ("approved", "pending", "referred"), (case.name, [*dropped])


@pytest.mark.parametrize("service", SERVICES)
def test_a_missing_fact_only_makes_less_known(service: str) -> None:
    """With facts left out, what is known stays what it was: verdicts and figures become unknown or stay."""
    rng = Random(13)
    for case, decision in samples.decided(service, most=MOST):
        before = {finding.name: finding.verdict for finding in decision.findings}
        for count in (1, 2, 6):
            dropped, other = _without(case, rng, count)
            for finding in other.findings:
                was = before[finding.name]
                # Where it is no longer known whether a condition arises, one that would hold is settled none the less.
                allowed = ("unknown", was, "holds") if was == "not_applicable" else ("unknown", was)
                assert finding.verdict in allowed, (case.name, finding.name, [*dropped])
            for old, new, slot in zip(decision.values, other.values, decision.program.nodes, strict=True):
                assert new is None or new == old or slot.type.name == "list", (case.name, [*dropped])
