"""What a quote says could be done instead: each figure decided anew, and written into the customer's letter."""

from dataclasses import replace

import pytest

from baoquan_rules import Decision, Library, decide
from baoquan_rules.api import load, products_folder, read_cases

CASES = products_folder() / "endowment" / "EN-2017.surrender_quote.cases.yaml"
AMOUNT = 10**8
"""Parts of a fen in which an amount that is not rounded yet is counted."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def quote(library: Library) -> Decision:
    cases, problems = read_cases(CASES, library)
    assert problems.ok
    return decide(cases[0], library)


def test_what_a_quote_offers_instead(quote: Decision) -> None:
    """By hand: 127,813.15 x 80% - 30,440.22 = 71,810.30; 97,372.93 x 80% = 77,898.344; 97,372.93 / 0.8124 = 119,858.36."""
    found = {option.name: option for option in quote.alternatives()}
    assert list(found) == ["policy_loan", "reduced_paid_up", "dividend_withdrawal"]
    loan = found["policy_loan"].decision
    assert loan.figure("by_law") == 71_810_30 * AMOUNT
    assert loan.figure("by_clause") == 77_898_344 * AMOUNT // 10
    assert loan.figure("maximum") == 71_800_00
    paid_up = found["reduced_paid_up"].decision
    assert (paid_up.figure("net"), paid_up.figure("sum_after")) == (97_372_93, 119_858_00)
    assert found["dividend_withdrawal"].decision.figure("available") == 6_430_55
    # The product has no partial surrender, so it is not offered.
    assert quote.again({"request.accepts_maximum": True}, "partial_surrender").outcome == "declined"


def test_each_holds_when_it_is_asked_for(quote: Decision) -> None:
    """The amount said to be possible is possible, and the next step is not."""
    for service, changes, more, condition in (
        ("policy_loan", {"request.amount": 71_800_00}, {"request.amount": 71_900_00}, "amount"),
        ("dividend_withdrawal", {"request.amount": 6_430_55}, {"request.amount": 6_430_56}, "amount"),
    ):
        for asked, verdict in ((changes, "holds"), (more, "fails")):
            decided = quote.again({**asked, "request.accepts_maximum": False, "request.accepts_counter_offer": False}, service)
            assert next(f.verdict for f in decided.findings if f.name == condition) == verdict, (service, asked)


def test_what_is_missing_is_said(quote: Decision) -> None:
    """Each is pending for what only a request brings, and names it."""
    for option in quote.alternatives():
        assert option.outcome == "pending"
        assert "documents" in [item.path for item in option.missing]
        assert all(figure.value is not None for figure in option.figures)


def test_facts_that_are_not_stated_leave_it_open(quote: Decision, library: Library) -> None:
    """Without the facts an alternative needs it is still there, its figure to be confirmed."""
    left_out = ("request.payout_date", "values.paid_up_single_premium_per_thousand", "open_requests")
    facts = {path: value for path, value in quote.case.facts.items() if path not in left_out}
    decision = decide(replace(quote.case, facts=facts), library)
    found = {option.name: option for option in decision.alternatives()}
    assert decision.outcome == "quoted"
    assert "request.payout_date" in [item.path for item in found["policy_loan"].missing]
    assert [figure.value for figure in found["reduced_paid_up"].figures] == [None]
    assert "| 减额交清 | （待确认） |" in decision.explain()


def test_the_letter_shows_them(quote: Decision) -> None:
    """In the customer's letter as a table, without advice; not in the officer's report."""
    zh, en = quote.explain("zh"), quote.explain("en")
    for text, shown in ((zh, ("71,800.00元", "119,858.00元", "6,430.55元")), (en, ("CNY 71,800.00", "CNY 119,858.00", "CNY 6,430.55"))):
        assert all(one in text for one in shown)
    assert "不退保，也可以" in zh and "您可以收到** | **104,303.48元" in zh and "12378" not in zh
    assert "不退保，也可以" not in quote.explain("zh", "officer")


def test_a_quote_that_pays_nothing_does_not_say_you_receive(library: Library) -> None:
    cases, _ = read_cases(CASES, library)
    text = decide(cases[1], library).explain()
    assert "收到" not in text and "| **合计** | **−0.01元** |" in text


ORDERS = {
    "cash": ["policy_loan", "partial_surrender", "dividend_withdrawal", "reduced_paid_up"],
    "cannot_pay": ["reduced_paid_up", "premium_mode_change", "dividend_option_change", "policy_loan", "dividend_withdrawal", "partial_surrender"],
    "not_told": ["policy_loan", "reduced_paid_up", "dividend_withdrawal", "partial_surrender"],
    "other_product": [],
}
"""What stands beside a quote, in which order, for what the customer said it is for."""


@pytest.fixture(scope="module")
def with_everything(quote: Decision, library: Library) -> Decision:
    """The same quote for a product that has all of these clauses."""
    facts = {**quote.case.facts, "policy.annual_premium": 1_500_000, "policy.main_premium": 1_500_000}
    return decide(replace(quote.case, product="EN-2024", facts=facts), library)


@pytest.mark.parametrize("reason", sorted(ORDERS))
def test_the_reason_orders_them(reason: str, with_everything: Decision) -> None:
    """What serves the reason comes first; whoever has other cover is offered nothing in place of surrender."""
    assert [option.name for option in with_everything.again({"request.reason": reason}).alternatives()] == ORDERS[reason]


def test_no_reason_need_be_given(with_everything: Decision) -> None:
    """Left out, the reason is not missed, and all stand in their ordinary order."""
    assert [option.name for option in with_everything.alternatives()] == ORDERS["not_told"]
    assert "request.reason" not in [item.path for item in with_everything.missing]


def test_they_are_never_in_the_way(with_everything: Decision, library: Library) -> None:
    """Whatever the reason, the amount, the outcome and every finding are the same, of the quote and of a surrender."""
    surrender = next(case for case in read_cases(products_folder() / "endowment" / "EN-2024.surrender.cases.yaml", library)[0])
    for decision in (with_everything, decide(surrender, library)):
        plain = (decision.outcome, decision.settlement, [(f.name, f.verdict) for f in decision.findings])
        for reason in (*ORDERS, "unaware", "service", "health", "other"):
            again = decision.again({"request.reason": reason})
            assert (again.outcome, again.settlement, [(f.name, f.verdict) for f in again.findings]) == plain, reason


def test_said_as_a_choice(with_everything: Decision) -> None:
    """The letter says before all that surrender needs no reason, and has no word that presses."""
    for reason in (*ORDERS, "unaware", "service"):
        text = with_everything.again({"request.reason": reason}).explain("zh")
        assert "您随时可以退保，不需要理由" in text and ("不退保，也可以" in text) == (reason != "other_product")
        assert not [word for word in ("建议您不要", "请三思", "损失惨重", "必须", "才能退保", "挽留") if word in text]
