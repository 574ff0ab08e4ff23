"""What the clauses and the law promise of any case, stated without the program's own words for it.

The cases are those that the products' authors worked out, moved in time, paid more or less, with other amounts, or with facts
left out. Windows have their own file, ``test_windows.py``. With BAOQUAN_LONG set, all of this runs over many more.
"""

import os
from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules import CaseInvalid, api
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.vocabulary import ListFact
from baoquan_rules.decision.decision import Decision
from baoquan_rules.decision.outcome import OUTCOMES
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.types import NONE
from tests import samples

LONG = bool(os.environ.get("BAOQUAN_LONG"))
MOST = 0 if LONG else 8
EPOCH = date(1970, 1, 1)
SERVICES = sorted(api.load().services)
REQUESTS = [name for name in SERVICES if api.load().services[name].kind == "request"]
DETERMINATIONS = [name for name in SERVICES if name not in REQUESTS]


def often(examples: int) -> Any:
    """So many examples, the same on each run; many more and other ones on a long run."""
    return settings(max_examples=examples * 20 if LONG else examples, deadline=None, derandomize=not LONG)


class Sample:
    """A packaged case that is shown by its name alone where a property fails."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __repr__(self) -> str:
        return f"{self.case.product}: {self.case.name}"


def cases(service: str, *outcomes: str) -> st.SearchStrategy[Sample]:
    """The packaged cases of a service that come to one of these outcomes, or any."""
    kept = [case for case in samples.packaged(service) if not outcomes or case.expect.get("outcome") in outcomes]
    return st.sampled_from([Sample(case) for case in kept])


def figures(decision: Decision) -> dict[str, Any]:
    """The figures that are known and not none."""
    return {f.name: f.value for f in decision.figures if f.value is not None and f.value != f.type.absent}


def money(decision: Decision, *words: str) -> dict[str, int]:
    """The sums of money with one of these words in their names."""
    names = {f.name for f in decision.figures if f.type.name == "money" and any(word in f.name for word in words)}
    return {name: value for name, value in figures(decision).items() if name in names}


def moved(case: Case, **facts: Any) -> Decision | None:
    """The decision with facts changed, dots written as two underscores; ``None`` where such facts cannot be."""
    try:
        return api.decide(samples.changed(case, {path.replace("__", "."): value for path, value in facts.items()}))
    except CaseInvalid:
        return None


# --- state

STANDING = {"in_force", "suspended", "not_yet_effective"}


@often(70)
@given(cases("premium_status"), st.integers(-500, 1500))
def test_each_day_has_one_state(sample: Sample, later: int) -> None:
    """On each day a contract's effect and premium status are one word each, they go together, and the answer is the effect."""
    case = sample.case
    today = case.facts.get("decision.date")
    if today is None:
        return
    decision = moved(case, decision__date=today + later)
    assert decision is not None
    effect, status = decision.figure("contract_effect"), decision.figure("premium_status")
    for name, value in (("contract_effect", effect), ("premium_status", status)):
        [allowed] = {slot.type.values for slot in decision.program.figures if slot.name == name}
        assert value is None or value in allowed
    if decision.outcome not in ("undetermined", "interpretation"):
        assert decision.outcome == effect
    if case.expect.get("outcome", "undetermined") not in ("undetermined", "interpretation") and later == 0:
        assert effect is not None, (case.name, later)
    # One contract is not both: what is suspended for arrears, ended or void is so in both words.
    if status == "suspended_for_arrears":
        assert effect == "suspended"
    if status == "ended":
        assert effect in ("terminated", "cancelled")
    if status == "void" or effect == "void":
        assert status in ("void", "first_unpaid") and effect == "void"
    if effect in ("terminated", "cancelled"):
        assert status in ("ended", "first_unpaid")


@often(60)
@given(cases("premium_status"), st.integers(0, 700), st.integers(1, 700))
def test_what_has_ended_does_not_come_back(sample: Sample, later: int, more: int) -> None:
    """A contract that has ended is never in force again by the mere passing of days."""
    case = sample.case
    today = case.facts.get("decision.date")
    if today is None or case.facts.get("insurer_rescissions") is None:
        return
    first, second = (moved(case, decision__date=today + days) for days in (later, later + more))
    assert first is not None and second is not None
    if first.outcome in ("terminated", "cancelled", "void"):
        assert second.outcome not in STANDING, (case.name, later, more)


# --- money


@pytest.mark.parametrize("service", SERVICES)
@often(12)
@given(data=st.data())
def test_interest_is_never_negative(service: str, data: st.DataObject) -> None:
    """No interest is below zero, on the day of the case or on any earlier or later day of request, payment or decision."""
    case = data.draw(cases(service)).case
    paths = [path for path in ("request.planned_payment_date", "decision.date", "payment.received_at", "request.payout_date", "request.received_at")
             if case.facts.get(path) not in (None, NONE)]  # fmt: skip
    facts = {path: case.facts[path] + data.draw(st.integers(-900, 1500)) * (86400 if path.endswith("_at") else 1)
             for path in data.draw(st.sets(st.sampled_from(paths))) } if paths else {}  # fmt: skip
    decision = moved(case, **facts)
    if decision is not None:
        assert all(value >= 0 for value in money(decision, "interest").values()), (case.name, facts)


@often(60)
@given(cases("reinstatement"), st.integers(0, 800), st.integers(1, 800))
def test_arrears_and_interest_never_fall(sample: Sample, later: int, more: int) -> None:
    """Who pays later to reinstate owes no less: not in premiums, not in interest, not in all."""
    case = sample.case
    planned = case.facts.get("request.planned_payment_date")
    if planned in (None, NONE):
        return
    names = ("premium_arrears", "premium_interest", "total_due")
    first, second = (moved(case, request__planned_payment_date=planned + days) for days in (later, later + more))
    before, after = ({} if one is None else money(one, *names) for one in (first, second))
    for name, value in before.items():
        assert name not in after or after[name] >= value, (case.name, name, later, more)


@often(60)
@given(cases("premium_status"), st.integers(-60, 400), st.integers(1, 200))
def test_debts_never_fall_between_events(sample: Sample, later: int, more: int) -> None:
    """Between events, premium overdue and the interest of what was advanced never fall with the days."""
    case = sample.case
    today = case.facts.get("decision.date")
    if today is None:
        return
    found = [moved(case, decision__date=today + days) for days in (later, later + more)]
    before, after = (figures(one) if one is not None else {} for one in found)
    same = ("premium_status", "next_due", "advance_count", "advanced")
    if before and after and all(before.get(name) == after.get(name) for name in same):
        for name in ("premium_overdue", "advance_interest"):
            assert after.get(name, 0) >= before.get(name, 0), (case.name, name, later, more)


@often(60)
@given(cases("surrender", "approved", "pending", "referred"), st.integers(0, 400), st.integers(1, 400))
def test_loans_never_fall_by_waiting(sample: Sample, later: int, more: int) -> None:
    """Loans and advances with interest, taken off a surrender, are no less on a later day."""
    case = sample.case
    received = case.facts.get("request.received_at")
    if received is None or not any(case.facts.get(name) and case.facts[name].items for name in ("loans", "advances")):
        return
    owed = []
    for days in (later, later + more):
        decision = moved(case, request__received_at=received + days * 86400, decision__date=received // 86400 + days + 1)
        assert decision is not None
        parts = [decision.figure(name) for name in ("loan_principal", "loan_interest", "advance_principal", "advance_interest")]
        owed.append(None if None in parts else sum(parts))
    assert None in owed or owed[0] <= owed[1], (case.name, later, more, owed)


def test_paying_more_never_hurts() -> None:
    """Of what is due, more paid by permitted means never makes the answer to a reinstatement worse."""
    changed = []

    @often(60)
    @given(cases("reinstatement", "approved", "pending", "referred"), st.lists(st.integers(0, 99), min_size=1, max_size=3))
    def one(sample: Sample, parts: list[int]) -> None:
        case = sample.case
        # What an approved case paid was enough; of it, what was too much is not due.
        paid = case.facts.get("payment.amount")
        if paid in (None, NONE):
            return
        decision = api.decide(case)
        due = figures(decision).get("total_due") or paid - (figures(decision).get("overpaid") or 0)
        ranks = []
        for part in (*sorted(parts), 100):
            decision = api.decide(samples.changed(case, {"payment.amount": due * part // 100, "payment.means": "transfer"}))
            ranks.append(OUTCOMES.index(decision.outcome))
        assert ranks == sorted(ranks), (sorted(parts), ranks)
        changed.append(len(set(ranks)) > 1)

    one()
    assert sum(changed) >= 5


RANK = {"void": 0, "cancelled": 0, "terminated": 1, "suspended": 2, "in_force": 3}
PAID = {"id": "X", "means": "transfer", "designated_to": "premium", "received_into": "insurer_account", "reversed_at": NONE, "towards_id": "∅", "payer_id": "P1"}


@often(80)
@given(cases("premium_status", "in_force", "suspended"), st.lists(st.integers(0, 99), min_size=1, max_size=3), st.integers(0, 59), st.integers(0, 900))
def test_paying_a_premium_never_harms_the_contract(sample: Sample, parts: list[int], paid_after: int, asked_after: int) -> None:
    """Of the premium overdue, more paid within grace never leaves the contract in a worse state, nor less of it paid."""
    case = sample.case
    due, premium = case.facts.get("premiums.first_unpaid_due_date"), case.facts.get("policy.premium")
    held = case.facts.get("payments")
    if due in (None, NONE) or premium is None or held is None or not held.complete or held.items:
        return
    ranks, dues = [], []
    for part in (*sorted(parts), 100):
        item = {**PAID, "received_at": (due + paid_after) * 86400 + 30_000, "amount": premium * part // 100}
        asked = max(due + paid_after + 1, due + asked_after)
        decision = moved(case, payments=FactList((item,) if part else (), True), decision__date=asked)
        assert decision is not None
        if decision.outcome in RANK:
            ranks.append(RANK[decision.outcome])
            dues.append(figures(decision).get("next_due", 10**6))
    assert ranks == sorted(ranks), (case.name, sorted(parts), paid_after, asked_after, ranks)
    if len(set(ranks)) == 1:
        assert dues == sorted(dues), (case.name, sorted(parts), paid_after, asked_after, dues)


def test_loans_stay_below_both_ceilings() -> None:
    """Of any grant: with what is outstanding it is within 80 % of the cash value, and within the clause's own share."""
    granted = []
    [older, *_] = [loan for case in samples.packaged("policy_loan") if case.facts.get("loans") for loan in case.facts["loans"].items]

    @often(80)
    @given(cases("policy_loan", "approved"), st.sampled_from((1, 50, 90, 99, 100, 101, 120)), st.integers(60, 300), st.integers(0, 300))
    def one(sample: Sample, asked: int, worth: int, owed: int) -> None:
        case = sample.case
        facts: dict[str, Any] = {}
        if owed % 2 and case.facts.get("loans") == FactList((), True):
            case = samples.changed(case, {"loans": FactList(({**older, "paid_out_on": case.facts["request.payout_date"] - 30},), True)})
        for name, field, factor in (("cash_values", "amount", worth), ("loans", "principal", owed), ("advances", "amount", owed)):
            held = case.facts.get(name)
            if held is not None and held.items:
                facts[name] = FactList(tuple({**item, field: item[field] * factor // 100} for item in held.items), held.complete)
        most = figures(api.decide(samples.changed(case, facts))).get("maximum")
        if not most:
            return
        facts |= {"request.amount": most * asked // 10_000 * 100, "request.accepts_maximum": True}
        # The agreement is signed for what is lent, whatever that is.
        facts["loan_agreement.amount"] = api.decide(samples.changed(case, facts)).figure("lent")
        decision = api.decide(samples.changed(case, facts))
        if decision.outcome != "approved":
            return
        got = figures(decision)
        clause = api.version_of(case, api.load())[1].clauses["policy_loan"].values
        share, value, debts = clause["ratio"], got["cash_value"], got["debts"]
        assert 10 * (got["lent"] + got["debts"]) <= 8 * value
        limit = (value - debts) * share if clause["formula"] == "ratio_of_net" else value * share - debts * 10**8
        assert got["lent"] * 10**8 <= limit
        granted.append(debts > 0)

    one()
    assert len(granted) >= 20 and sum(granted) >= 5


def test_a_loan_above_the_ceiling_is_an_offer() -> None:
    """Who asks for a fen more than the most is never simply given it."""
    seen = 0
    for case, decision in samples.decided("policy_loan", "approved", most=MOST):
        most = figures(decision).get("maximum")
        if most is None:
            continue
        one = moved(case, request__amount=most + 1, request__accepts_maximum=False, request__accepts_counter_offer=None, request__accepted_amount=NONE)
        assert one is not None and one.outcome != "approved", case.name
        seen += 1
    assert seen >= 5


AMOUNTS = ("premiums.paid_total", "values.suspense_balance", "values.prepaid_premium", "values.dividend_balance", "values.dividend_due",
           "values.other_debts", "values.terminal_bonus", "values.reversionary_bonus_cash_value", "values.paid_up_additions_cash_value",
           "values.account_value", "policy.premium", "policy.main_premium", "policy.sum_assured", "payment.amount")  # fmt: skip


def balanced(decision: Decision) -> None:
    """The settlement of an approved case, compared with its ledger entries and with the sum stated."""
    lines: dict[str, int] = defaultdict(int)
    for _, _, payee, amount in decision.settlement:
        assert amount is not None
        lines["receivable.policyholder" if payee == "insurer" else f"payable.{payee}"] += amount if payee != "insurer" else -amount
    booked: Counter[str] = Counter()
    for entry in decision.entries:
        assert entry.amount > 0 and entry.debit != entry.credit
        booked[entry.credit] += entry.amount
        booked[entry.debit] -= entry.amount
    assert sum(booked.values()) == 0
    for account in {*lines, *(name for name in booked if name.startswith(("payable.", "receivable.")))}:
        assert lines[account] == booked[account], account
    stated = figures(decision).get("net_policyholder", figures(decision).get("net"))
    if stated is not None and decision.service in ("surrender", "partial_surrender"):
        assert stated == lines["payable.policyholder"]


@pytest.mark.parametrize("service", REQUESTS)
def test_settlements_balance(service: str) -> None:
    """The lines of a settlement add up, payee by payee and to the fen, to what the ledger shows and to the sum stated."""
    for decision in api.decide_many([case for case in samples.packaged(service) if case.expect.get("outcome") == "approved"]):
        balanced(decision)


@pytest.mark.parametrize("service", REQUESTS)
@often(15)
@given(data=st.data())
def test_settlements_balance_with_any_amounts(service: str, data: st.DataObject) -> None:
    """They do so whatever the amounts are."""
    case = data.draw(cases(service, "approved")).case
    paths = [path for path in AMOUNTS if case.facts.get(path) not in (None, NONE)]
    decision = moved(case, **{path: data.draw(st.integers(1, 50_000_000)) for path in paths if data.draw(st.booleans())})
    if decision is not None and decision.outcome == "approved":
        balanced(decision)


# --- what is not known


def _hidden(case: Case) -> dict[str, dict[str, Any]]:
    """A case with each of its facts hidden in turn: a fact, a list, the end of a list, on a long run each field of its items."""
    found: dict[str, dict[str, Any]] = {}
    for path, value in case.facts.items():
        if path == "policy.formation_date":
            continue  # it picks the clauses; without it nothing is decided at all
        found[path] = {path: None}
        if not isinstance(value, FactList):
            continue
        found[f"{path} (complete)"] = {path: FactList(value.items, False)}
        fact = api.load().vocabulary.facts[path]
        for place, item in enumerate(value.items if isinstance(fact, ListFact) and fact.item is None else ()):
            for name in item if LONG else ():
                if not fact.fields[name].required and item[name] is not None:
                    rest = (*value.items[:place], {**item, name: None}, *value.items[place + 1 :])
                    found[f"{path}[{place}].{name}"] = {path: FactList(rest, value.complete)}
    return found


@pytest.mark.parametrize("service", REQUESTS)
def test_a_missing_fact_is_no_refusal(service: str) -> None:
    """Each approved case, with each of its facts hidden in turn, stays approved or becomes pending or referred, never a refusal."""
    kept = [case for case in samples.packaged(service) if case.expect.get("outcome") == "approved"]
    assert kept
    for case in kept:
        hidden = _hidden(case)
        decisions = api.decide_many([samples.changed(case, facts) for facts in hidden.values()])
        outcomes = dict(zip(hidden, (decision.outcome for decision in decisions), strict=True))
        assert {name: outcome for name, outcome in outcomes.items() if outcome not in ("approved", "pending", "referred")} == {}, case.name


@pytest.mark.parametrize("service", DETERMINATIONS)
def test_a_missing_fact_is_no_other_answer(service: str) -> None:
    """A determination, with each of its facts hidden in turn, stays what it was or becomes undetermined."""
    for case, decision in samples.decided(service, most=MOST * 2):
        hidden = _hidden(case)
        open_ones = ("undetermined", "not_accepted", "interpretation", decision.outcome)
        found = zip(hidden, api.decide_many([samples.changed(case, facts) for facts in hidden.values()]), strict=True)
        allowed = {*open_ones, *(one.outcome for one in decision.readings)}
        # to whom nothing is told, nothing is answered
        assert {name: one.outcome for name, one in found if one.outcome not in allowed and one.identified} == {}, case.name


@pytest.mark.parametrize("service", SERVICES)
def test_a_missing_fact_only_makes_less_known(service: str) -> None:
    """With facts left out, what is known stays what it was: verdicts and figures become unknown or stay."""
    rng = Random(13)
    for case, decision in samples.decided(service, most=MOST):
        before = {finding.name: finding.verdict for finding in decision.findings}
        left = [path for path in case.facts if path != "policy.formation_date"]
        for count in (1, 2, 6):
            dropped: dict[str, None] = dict.fromkeys(rng.sample(left, min(count, len(left))))
            other = api.decide(samples.changed(case, dropped))
            for finding in other.findings:
                was = before[finding.name]
                # Where it is no longer known whether a condition arises, one that would hold is settled none the less.
                allowed = ("unknown", was, "holds") if was == "not_applicable" else ("unknown", was)
                assert finding.verdict in allowed, (case.name, finding.name, [*dropped])
            for old, new, slot in zip(decision.values, other.values, decision.program.nodes, strict=True):
                assert new is None or new == old or slot.type.name == "list", (case.name, [*dropped])


def as_date(day: int) -> date:
    """A day number as a date, for those who read a failure."""
    return EPOCH + timedelta(days=day)
