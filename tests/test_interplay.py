"""What stands on a policy stops what it should and nothing else: freezes, pledges, reports of loss, and requests that came first.

Each servicing item starts from a case of its own that is approved, so a new item is looked at here without being named.
"""

from functools import cache
from typing import Any

import pytest

from baoquan_rules import api
from baoquan_rules.contract.case import Case
from baoquan_rules.decision.decision import Decision
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.types import NONE
from tests import samples

DAY = 86400
REQUESTS = sorted(name for name, service in api.load().services.items() if service.kind == "request")


@cache
def sample(service: str) -> Case:
    """An approved case of the item in which nothing stands on the policy and no other request is open."""
    for case in samples.packaged(service):
        free = all(case.facts.get(name, FactList((), True)) == FactList((), True) for name in ("holds", "open_requests", "claims"))
        if case.expect.get("outcome") == "approved" and free:
            return samples.changed(case, {name: case.facts.get(name, value) for name, value in NOTHING_ELSE.items()})
    pytest.skip(f"no approved case of {service} with nothing on the policy")


NOTHING_ELSE = {"request.id": "Q-now", "open_requests": FactList((), True), "claims": FactList((), True), "holds": FactList((), True)}


def noon(case: Case) -> int:
    """The day of decision, as a time."""
    return case.facts["decision.date"] * DAY + DAY // 2  # type: ignore[no-any-return]


def hold(case: Case, kind: str, blocks: str, **more: Any) -> dict[str, Any]:
    """A hold that has stood for long, unless `more` says otherwise."""
    return {
        "id": "H-1", "kind": kind, "blocks": blocks, "placed_at": noon(case) - 900 * DAY, "released_at": NONE, "until": NONE,
        "placed_by_id": "other", "holder_agrees": False, **more,
    }  # fmt: skip


def first(case: Case, kind: str, **more: Any) -> dict[str, Any]:
    """A request that came a minute before this one and is open."""
    return {"id": "Q-first", "batch_id": NONE, "kind": kind, "received_at": case.facts["request.received_at"] - 60, "amount": NONE,
            "status": "open", "withdrawn_at": NONE, **more}  # fmt: skip


def with_list(service: str, name: str, *items: dict[str, Any]) -> Decision:
    """The decision with these items on the list."""
    return api.decide(samples.changed(sample(service), {name: FactList(items, True)}))


# --- holds

# By the rules on holds (a freeze, a pledge, a report of loss): money out and changes stop, premium, repayment and being reached do not.
NEVER_STOPPED = ["additional_premium", "loan_repayment", "contact_change", "customer_data_change", "signature_change", "supplementary_disclosure"]
MONEY_OUT = ["surrender", "policy_loan", "partial_surrender", "dividend_withdrawal", "survival_benefit", "maturity_benefit", "account_withdrawal",
             "cooling_off_surrender", "reduced_paid_up", "extended_term", "rider_termination", "conversion", "negotiated_surrender"]  # fmt: skip
CHANGES = ["beneficiary_change", "premium_mode_change", "premium_account_change", "sum_assured_increase", "rider_addition", "branch_transfer"]
# Whoever gets the policy, or its value as security, takes it with what stands on it.
VALUE_MOVES = ["policyholder_change", "policy_pledge"]


@pytest.mark.parametrize("service", NEVER_STOPPED)
def test_premium_and_repayment_go_on(service: str) -> None:
    """Paying premium, repaying and being reached stay possible whatever stands on the policy."""
    case = sample(service)
    holds = [hold(case, kind, "everything") for kind in ("court_freeze", "pledge", "lost")]
    assert with_list(service, "holds", *holds).outcome == "approved"


@pytest.mark.parametrize("service", [*MONEY_OUT, *VALUE_MOVES])
@pytest.mark.parametrize("kind", ["court_freeze", "pledge", "lost"])
def test_money_out_stops(service: str, kind: str) -> None:
    """A hold on money out stops each item that pays money or hands the value on; it can be lifted, so nothing is declined."""
    assert with_list(service, "holds", hold(sample(service), kind, "money_out")).outcome == "pending"


@pytest.mark.parametrize("service", CHANGES)
def test_changes_stop_where_everything_is_held(service: str) -> None:
    """A hold on everything stops a change of the contract, a hold on money out does not."""
    case = sample(service)
    assert with_list(service, "holds", hold(case, "court_freeze", "everything")).outcome == "pending"
    assert with_list(service, "holds", hold(case, "court_freeze", "money_out")).outcome == "approved"


@pytest.mark.parametrize("service", REQUESTS)
def test_no_money_leaves_a_frozen_policy(service: str) -> None:
    """No item is approved with money for the customer while a freeze on money out stands."""
    decision = with_list(service, "holds", hold(sample(service), "court_freeze", "money_out"))
    paid = sum(amount or 0 for _, _, payee, amount in decision.settlement if payee not in ("insurer", "payer"))
    assert decision.outcome != "approved" or paid == 0


@pytest.mark.parametrize("service", REQUESTS)
def test_what_does_not_stand_stops_nothing(service: str) -> None:
    """A hold that stops nothing, was lifted, has run out or is placed tomorrow, and a pledge whose holder agrees, change no answer."""
    case = sample(service)
    decision = with_list(
        service, "holds",
        hold(case, "dispute", "nothing"),
        hold(case, "court_freeze", "everything", released_at=noon(case) - DAY),
        hold(case, "court_freeze", "everything", until=case.facts["decision.date"] - 400),
        hold(case, "court_freeze", "everything", placed_at=noon(case) + DAY),
        hold(case, "lost", "everything", placed_at=noon(case) + DAY),
        hold(case, "pledge", "everything", holder_agrees=True),
    )  # fmt: skip
    assert decision.outcome == "approved"


# --- requests that came first

# A surrender ends the contract when it arrives. What is left to do then, or concerns the person and not the contract:
AFTER_SURRENDER = {
    "annuitisation", "contact_change", "customer_data_change", "loss_report", "maturity_benefit", "policy_freeze", "premium_refund",
    "premium_waiver", "reversal", "signature_change",
}  # fmt: skip


@pytest.mark.parametrize("service", [name for name in REQUESTS if name not in AFTER_SURRENDER])
def test_nothing_follows_a_surrender(service: str) -> None:
    """After a notice of surrender the contract has ended, and a later request on it is not taken up."""
    assert with_list(service, "open_requests", first(sample(service), "surrender")).outcome == "not_accepted"


@pytest.mark.parametrize("service", REQUESTS)
def test_requests_that_are_over_stop_nothing(service: str) -> None:
    """A request that is closed or withdrawn, or came later, changes no answer; only a surrender ends the contract, later or done."""
    case = sample(service)
    received = case.facts["request.received_at"]
    states: list[dict[str, Any]] = [{"status": "closed"}, {"withdrawn_at": received - 30}, {"received_at": received + 60}]
    over = [
        first(case, kind, id=f"Q-{kind}-{number}", **state)
        for kind in ("surrender", "loan", "value_reduction", "policyholder_change", "reinstatement")
        for number, state in enumerate(states[1:2] if kind == "surrender" else states)
    ]
    assert with_list(service, "open_requests", *over).outcome == "approved"


@pytest.mark.parametrize(
    ("open_first", "service", "outcome"),
    [
        ("loan", "surrender", "approved"),  # netted off or cancelled, never in the way of ending the contract
        ("loan", "partial_surrender", "pending"),  # whatever lowers the value is settled apart from a loan
        ("value_reduction", "policy_loan", "pending"),  # the loan is measured at the value that is left
        ("reinstatement", "surrender", "approved"),  # the value at suspension is paid and money tendered goes back
        ("reinstatement", "policy_loan", "pending"),
        ("reinstatement", "reduced_paid_up", "pending"),
        ("reinstatement", "policyholder_change", "pending"),
        ("policyholder_change", "surrender", "pending"),  # the new policyholder alone decides
        ("policyholder_change", "policy_loan", "pending"),
        ("policyholder_change", "premium_account_change", "pending"),
        ("paid_up", "partial_surrender", "pending"),
        ("paid_up", "policy_loan", "pending"),
        ("beneficiary_change", "surrender", "approved"),
        ("account_change", "beneficiary_change", "approved"),
    ],
)
def test_which_of_two_goes_first(open_first: str, service: str, outcome: str) -> None:
    """Two requests on one policy: the second goes on, or waits until the first is done."""
    assert with_list(service, "open_requests", first(sample(service), open_first)).outcome == outcome


@pytest.mark.parametrize("service", ["surrender", "policy_loan", "partial_surrender", "policyholder_change", "conversion", "branch_transfer"])
def test_a_claim_that_may_end_the_contract_comes_first(service: str) -> None:
    """While a claim is open that may end the contract, nothing that takes value out or hands it on is approved."""
    case = sample(service)
    claim = {"id": "C-1", "received_at": noon(case) - 3 * DAY, "event_date": case.facts["decision.date"] - 5, "decided_at": NONE, "decision": "open",
             "may_end_contract": True, "for_waiver": False}  # fmt: skip
    assert with_list(service, "claims", claim).outcome in ("pending", "referred")


@pytest.mark.parametrize("service", ["contact_change", "loan_repayment"])
def test_a_claim_does_not_stop_premium_and_contact(service: str) -> None:
    """While a claim is open, repaying and being reached go on."""
    case = sample(service)
    claim = {"id": "C-1", "received_at": noon(case) - 3 * DAY, "event_date": case.facts["decision.date"] - 5, "decided_at": NONE, "decision": "open",
             "may_end_contract": True, "for_waiver": False}  # fmt: skip
    assert with_list(service, "claims", claim).outcome == "approved"


# --- the term

# What is left to do once the term is over, or concerns the person and not the contract:
AFTER_TERM = {
    "annuitisation", "contact_change", "customer_data_change", "loan_repayment", "maturity_benefit", "premium_refund", "premium_waiver", "reversal",
    "signature_change", "survival_benefit",
}  # fmt: skip
WHOLE_LIFE = ("whole_life", "universal_life", "unit_linked")


@cache
def sample_with_a_term(service: str) -> Case:
    """An approved case of the item on a product whose contracts have a last day."""
    for case in samples.packaged(service):
        if case.expect.get("outcome") == "approved" and api.load().products[case.product].line not in WHOLE_LIFE:
            return case
    pytest.skip(f"no approved case of {service} on a product with a term")


@pytest.mark.parametrize("service", [name for name in REQUESTS if name not in AFTER_TERM])
def test_nothing_is_approved_after_the_term(service: str) -> None:
    """A contract ends with the last day of its term: what comes the day after is not approved as if it stood."""
    case = sample_with_a_term(service)
    received = min(case.facts["request.received_at"], case.facts.get("request.submitted_at", case.facts["request.received_at"])) // DAY
    assert api.decide(samples.changed(case, {"policy.expiry_date": received - 1})).outcome != "approved"
