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
    decided = f["decision.date"]
    in_grace = max(received_on, decided) <= grace
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
    silent = not in_grace and decided > reply_by and not refused and not agreed_on_terms
    agreed = answer in ("standard", "approve")
    against = answer in ("refuse", "postpone")
    arose = f["risk_increase.arose_on"]
    ground = f["risk_increase.assessed"] == "significant" and arose != NONE and arose >= suspended_from
    consented = not in_grace and not refused and (silent or agreed or (agreed_on_terms and ground))
    deemed = silent and not agreed
    consent_day = reply_by + 1 if deemed else min(answered_at // 86400, reply_by + 1) if answered_at != NONE else None
    riders = f["riders"].items
    left_out = sum(r["premium"] for r in riders if r["reinstatement_answer"] == "refused")
    premium = f["policy.premium"] - left_out
    other = {x["due_date"]: x["amount"] for x in f["instalments"].items}
    pay_on = None if in_grace or refused else f["request.planned_payment_date"]
    every = EVERY[f["policy.premium_mode"]]
    effective = f["policy.effective_at"] // 86400
    ends = add_months(effective, 12 * f["policy.premium_term_years"])
    number = months_between(effective, due) // every
    on_grid = due >= effective and add_months(effective, every * number) == due and due < ends

    def owed(day: int) -> tuple[int, int, int]:
        count = max(months_between(effective, min(day, ends - 1)) // every + 1 - number, 0)
        dues = [add_months(effective, every * (number + k)) for k in range(count)]
        amounts = [other.get(one, f["policy.premium"]) - left_out for one in dues]
        return count, sum(amounts), sum(interest(amount, one, day) for amount, one in zip(amounts, dues, strict=True))

    def next_due(day: int) -> int | None:
        found = add_months(effective, every * (months_between(effective, day) // every + 1))
        return found if found < ends else None

    count, arrears, on_arrears = owed(pay_on) if pay_on is not None else (None, None, None)
    total = arrears + on_arrears if arrears is not None else None
    rate = next((r for day, r in reversed(RATES) if pay_on is not None and pay_on >= day), 5_500_000)
    # Money that came in: each payment on its day, none before the application and the suspension.
    earliest = max(received_on, suspended_from)
    money = [
        (r["received_at"] // 86400, r["amount"]) for r in f["payments"].items
        if r["designated_to"] in ("premium", "arrears", "unnamed") and r["reversed_at"] == NONE and r["means"] != "credit_card"
        and due <= r["received_at"] // 86400 <= decided
    ]  # fmt: skip
    amount = f["payment.amount"]
    this = (f["payment.received_at"] // 86400, amount) if amount else (earliest, 0)
    within = sum(a for day, a in money if day <= grace)
    listed_in_grace = within
    if amount and due <= this[0] <= grace and f["payment.means"] != "credit_card":
        within += amount
    kept = not in_grace and within + 100 >= other.get(due, f["policy.premium"])
    paid_on, settled_premiums, settled_interest, enough = earliest, 0, 0, False
    for day in sorted({max(day, earliest) for day, _ in (this, *money)}):
        paid_on = day
        _, settled_premiums, settled_interest = owed(day)
        enough = sum(a for on, a in (this, *money) if on <= day) + 100 >= settled_premiums + settled_interest
        if enough:
            break
    valued = min(suspended_from, due)
    year = years_between(effective, valued)
    opens, closes = add_months(effective, 12 * year), add_months(effective, 12 * year + 12)
    table = {v["policy_year"]: v["amount"] for v in f["cash_values"].items}
    begins = table.get(year) if year else 0
    later = table.get(year + 1)
    if valued == opens:
        value = begins
    else:
        value = None if begins is None or later is None else begins + rounded((later - begins) * (valued - opens), closes - opens)
    age = years_between(f["insured.birth_date"], decided)
    settled = settled_premiums + settled_interest
    tendered = amount + sum(a for _, a in money)
    after = next_due(paid_on)
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
        "quote_until": None if pay_on is None else (next_due(pay_on) or 0) - 1,
        "settled_premiums": settled_premiums, "settled_interest": settled_interest, "settled_debts": 0, "effective_on": paid_on,
        "next_due": after, "suicide_clause_until": add_months(paid_on, 24), "waiting_from": effective, "tendered": tendered,
        "in_grace_money": within, "first_due_agrees": on_grid, "first_number": number,
        "overpaid": max(tendered - settled, 0), "cash_value_at_suspension": value, "insured_age": age,
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
        # what only arises for others than the holder himself, for a recorded way of identification, and for money paid out
        **dict.fromkeys(("authority_document", "authority_in_time"), verdict(f["identity.verified"], acting == "proxy")),
        "heirs_agree": verdict(f["identity.verified"], acting == "heir"),
        "guardian_interest": verdict(f["identity.verified"], acting == "guardian"),
        **dict.fromkeys(("identity_evidence", "identity_by_insurer", "document_check"), verdict(f["identity.verified"], f.get("identity.method", "∅") != "∅")),
        "channel": verdict(f["request.channel"] in ("counter", "app", "web", "wechat", "mail", "home_visit")),
        **dict.fromkeys(("strong_identity", "second_review", "finance_review", "frequent_dealings", "soon_after_change"), "not_applicable"),
        "capacity": verdict(f["applicant.capacity"] == "full" and (acting != "guardian" or f["applicant.guardianship_proved"])),
        "hold": verdict(not any(
            h["kind"] != "restricted" and h["released_at"] == NONE and h["blocks"] == "everything" and not (h["kind"] == "pledge" and h["holder_agrees"])
            for h in f["holds"].items)),
        "restricted": verdict(not any(
            h["kind"] == "restricted" and h["released_at"] == NONE and h["blocks"] == "everything" for h in f["holds"].items)),
        "received_before_decided": verdict(decided >= received_on),
        "compliance": verdict(not (f["compliance.flag"] or f["compliance.pattern"])),
        "offered": "holds",
        "not_ended": verdict(ended == NONE or f["policy.end_reason"] == "insurer_rescission" or ended > received),
        "no_surrender": verdict(not any(r["kind"] == "surrender" and r["withdrawn_at"] == NONE for r in requests)),
        "something_unpaid": "holds",
        "term_left": verdict(f["policy.expiry_date"] == NONE or f["policy.expiry_date"] >= f["decision.date"]),
        "grace_over": verdict(open_),
        "suspended_for_premium": verdict(f["policy.suspension_cause"] == "unpaid_premium", suspended_at != NONE and open_),
        "suspension_as_recorded": verdict(suspended_at != NONE and suspended_at // 86400 == suspended_from, recorded),
        "not_paid_in_grace": verdict(not kept, open_ and (received_on <= grace or consented or listed_in_grace > 0)),
        "due_dates_agree": verdict(on_grid, open_),
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
        "arrears_paid": verdict(enough, consented and open_ and not kept and on_grid),
        "permitted_means": verdict(amount == 0 or f["payment.means"] != "credit_card", consented and open_),
    }
    failed = [name for name, found in verdicts.items() if found == "fails"]
    return ("approved" if not failed else "pending"), figures, verdicts


__all__ = ("reinstatement",)
