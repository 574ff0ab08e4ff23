"""Reinstatement under WL-2023 as a Python function that somebody wrote for it alone: what the engines are measured against.

It computes the figures and conditions of the service for one product, as exactly and from the same facts, and returns
them by name. It knows one clause version and one set of company rules, shows no formula, and knows nothing of what is missing.
"""

from typing import Any

from baoquan_rules.language.calendar import next_working_day_on_or_after
from baoquan_rules.language.civil import add_months, months_between, years_between
from baoquan_rules.language.types import NONE

RATES = ((18_262, 5_000_000), (19_539, 4_500_000))
UNIT = 365 * 10**8
EVERY = {"annual": 12, "semi_annual": 6, "quarterly": 3, "monthly": 1}


def rounded(n: int, d: int) -> int:
    return (2 * n + d) // (2 * d) if n >= 0 else -((-2 * n + d) // (2 * d))


def interest(principal: int, start: int, end: int) -> int:
    """Interest at the company's dated rates, to the fen."""
    middle = min(max(0, min(end, 19_539) - max(start, 18_262)), end - start)
    last = max(0, end - max(start, 19_539))
    first = end - start - middle - last
    return rounded(principal * (5_500_000 * first + 5_000_000 * middle + 4_500_000 * last), UNIT)


def reinstatement(f: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Outcome, figures and verdicts of a case."""
    received = f["request.received_at"]
    received_on = received // 86400
    due = f["premiums.first_unpaid_due_date"]
    grace = next_working_day_on_or_after(due + 60)
    suspended_from = grace + 1
    in_grace = received_on <= grace
    right_from = add_months(suspended_from, 24) + 1
    reply_by = received_on + 30
    refused = any(x["arrived_at"] != NONE and x["arrived_at"] // 86400 <= reply_by for x in f["explicit_refusals"].items)
    answer, answered_at = "∅", NONE
    for review in f["reviews"].items:
        if review["role"] == "underwriting":
            if review["answer"] != "∅":
                answer = review["answer"]
            if review["answered_at"] != NONE:
                answered_at = review["answered_at"]
    on_terms = answer in ("loading", "exclusion")
    agreed_on_terms = on_terms and f["request.accepts_counter_offer"]
    silent = f["decision.date"] > reply_by and not refused and not agreed_on_terms
    agreed = answer in ("standard", "approve")
    against = answer in ("refuse", "postpone")
    arose = f["risk_increase.arose_on"]
    ground = f["risk_increase.assessed"] == "significant" and arose != NONE and arose >= suspended_from
    consented = not refused and (silent or agreed or (agreed_on_terms and ground))
    deemed = silent and not agreed
    consent_day = reply_by + 1 if deemed else min(answered_at // 86400, reply_by + 1) if answered_at != NONE else None
    riders = f["riders"].items
    premium = f["policy.premium"] - sum(r["premium"] for r in riders if r["reinstatement_answer"] == "refused")
    pay_on = None if in_grace or refused else f["request.planned_payment_date"]
    paid_on = f["payment.received_at"] // 86400
    every = EVERY[f["policy.premium_mode"]]

    def owed(day: int) -> tuple[int, int, int]:
        count = max(months_between(due, day) // every + 1, 0)
        return count, premium * count, sum(interest(premium, add_months(due, every * k), day) for k in range(count))

    count, arrears, on_arrears = owed(pay_on) if pay_on is not None else (None, None, None)
    paid_count, settled_premiums, settled_interest = owed(paid_on)
    total = arrears + on_arrears if arrears is not None else None
    rate = next((r for day, r in reversed(RATES) if pay_on is not None and pay_on >= day), 5_500_000)
    effective = f["policy.effective_at"] // 86400
    valued = min(suspended_from, due)
    year = years_between(effective, valued)
    opens, closes = add_months(effective, 12 * year), add_months(effective, 12 * year + 12)
    table = {v["policy_year"]: v["amount"] for v in f["cash_values"].items}
    begins = table.get(year) if year else 0
    ends = table.get(year + 1)
    if valued == opens:
        value = begins
    else:
        value = None if begins is None or ends is None else begins + rounded((ends - begins) * (valued - opens), closes - opens)
    age = years_between(f["insured.birth_date"], f["decision.date"])
    amount = f["payment.amount"]
    settled = settled_premiums + settled_interest
    figures = {
        "received_on": received_on, "first_due": due, "last_grace_day": grace, "suspended_from": suspended_from, "in_grace": in_grace,
        "right_from": right_from, "right_until": add_months(right_from, 12), "late": received_on >= right_from,
        "declaration_needed": True, "reply_by": reply_by, "refused": refused, "silent": silent, "answer": answer,
        "answered_on": answered_at, "agreed_by_underwriting": agreed, "on_terms": on_terms, "agreed_on_terms": agreed_on_terms,
        "against": against, "lawful_ground": ground, "consented": consented,
        "consented_on": consent_day if consented else None, "day_of_consent": consent_day,
        "basis": "deemed_by_silence" if deemed else "explicit", "instalment": premium, "pay_on": pay_on, "paid_on": paid_on,
        "premiums_due": count, "premium_arrears": arrears, "premium_interest": on_arrears, "debts_to_repay": 0, "total_due": total,
        "daily_interest": None if arrears is None else rounded(arrears * rate, UNIT),
        "quote_until": None if count is None else add_months(due, every * count) - 1,
        "settled_premiums": settled_premiums, "settled_interest": settled_interest, "settled_debts": 0, "effective_on": paid_on,
        "next_due": add_months(due, every * paid_count), "suicide_clause_until": add_months(paid_on, 24), "waiting_from": effective,
        "overpaid": max(amount - settled, 0), "cash_value_at_suspension": value, "insured_age": age,
        "riders_refused": sum(r["reinstatement_answer"] == "refused" for r in riders),
    }  # fmt: skip
    acting, applicant, holder, insured = f["applicant.acting_as"], f["applicant.id"], f["policyholder.id"], f["insured.id"]
    suspended_at, ended = f["policy.suspended_at"], f["policy.ended_at"]
    requests, rescissions, documents = f["open_requests"].items, f["insurer_rescissions"].items, f["documents"].items

    def signed(kind: str, by: str) -> bool:
        return any(d["kind"] == kind and not d["defects"].items and by in d["signed_by"].items for d in documents)

    def verdict(holds: bool, when: bool = True) -> str:
        return "not_applicable" if not when else "holds" if holds else "fails"

    open_ = not in_grace
    recorded = open_ and (suspended_at == NONE or f["policy.suspension_cause"] == "unpaid_premium")
    verdicts = {
        "standing": verdict(acting in ("self", "proxy", "guardian", "heir") and (acting != "self" or applicant == holder)),
        "alive": verdict(acting != "self" or f["applicant.alive"], acting == "self"),
        "identity": verdict(f["identity.verified"]),
        "proxy": verdict(acting != "proxy" or f["applicant.authority_covers_request"], acting == "proxy"),
        "capacity": verdict(f["applicant.capacity"] == "full" and (acting != "guardian" or f["applicant.guardianship_proved"])),
        "hold": verdict(not any(
            h["kind"] != "restricted" and h["released_at"] == NONE and h["blocks"] == "everything" and not (h["kind"] == "pledge" and h["holder_agrees"])
            for h in f["holds"].items)),
        "compliance": verdict(not (f["compliance.flag"] or f["compliance.pattern"])),
        "offered": "holds",
        "not_ended": verdict(ended == NONE or f["policy.end_reason"] == "insurer_rescission" or ended > received),
        "no_surrender": verdict(not any(r["kind"] == "surrender" and r["withdrawn_at"] == NONE for r in requests)),
        "something_unpaid": "holds",
        "term_left": verdict(f["policy.expiry_date"] == NONE or f["policy.expiry_date"] >= f["decision.date"]),
        "grace_over": verdict(open_),
        "suspended_for_premium": verdict(f["policy.suspension_cause"] == "unpaid_premium", suspended_at != NONE and open_),
        "suspension_as_recorded": verdict(suspended_at != NONE and suspended_at // 86400 == suspended_from, recorded),
        "not_rescinded": verdict(not any(
            r["right_existed"] and r["arrived_at"] != NONE and r["arrived_at"] <= received
            and (r["ground"] != "suspension_two_years" or r["arrived_at"] // 86400 >= right_from) for r in rescissions)),
        "no_rescission_while_open": verdict(not any(r["arrived_at"] != NONE and r["arrived_at"] > received for r in rescissions)),
        "insured_alive": verdict(f["insured.alive"]),
        "no_open_claim": verdict(not any(r["kind"] == "claim" and r["status"] == "open" and r["withdrawn_at"] == NONE for r in requests)),
        "signed": verdict(in_grace or signed("application", applicant), open_),
        "insured_signed": verdict(insured == holder or in_grace or signed("application", insured), open_ and insured != holder),
        "health_declaration": verdict(silent or in_grace or signed("health_declaration", insured), not silent and open_),
        "underwriting_answer": verdict(silent or in_grace or agreed or on_terms or (answer == "refuse" and refused), not silent and open_),
        "refusal_has_ground": verdict(ground, not silent and open_ and (refused or on_terms or against)),
        "not_refused": verdict(silent or in_grace or not (refused and ground), not silent and open_),
        "counter_offer": verdict(bool(agreed_on_terms), not silent and open_ and on_terms and ground),
        "minors_cap": verdict(True, open_ and age < 18),
        "riders_answered": verdict(not any(r["reinstatement_answer"] == "pending" for r in riders), open_ and not silent and len(riders) > 0),
        "arrears_paid": verdict(amount + 100 >= settled, consented and open_),
        "permitted_means": verdict(f["payment.means"] != "credit_card", consented and open_),
    }
    failed = [name for name, found in verdicts.items() if found == "fails"]
    return ("approved" if not failed else "pending"), figures, verdicts


__all__ = ("reinstatement",)
