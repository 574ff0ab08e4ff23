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
    assert "收到" not in text and "| **合计** | **−95,696.52元** |" in text
