"""What is told to whom: by channel, in plain words where they suit, and each with only what is theirs."""

import re
from dataclasses import replace

import pytest

from baoquan_rules import Decision, Library, decide
from baoquan_rules.api import load, products_folder, read_cases
from baoquan_rules.contract.vocabulary import Fact
from baoquan_rules.decision.feedback import OTHERS, WAYS
from baoquan_rules.decision.wording import PAYEES
from baoquan_rules.language.text import show_money_plain
from tests.letters.test_letters import AVOID_ZH


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def decision_of(library: Library, file: str, name: str) -> Decision:
    cases, _ = read_cases(products_folder() / file, library)
    return decide(next(case for case in cases if case.name == name), library)


@pytest.fixture(scope="module")
def paid_by_another(library: Library) -> Decision:
    return decision_of(library, "endowment/EN-2017.surrender.cases.yaml", "退保：多交的保险费属于另一位交款人")


def test_every_channel_has_its_ways(library: Library) -> None:
    """Each word of the channel has a way to be told by, and whoever asked through others is told directly."""
    channel = library.vocabulary.facts["request.channel"]
    assert isinstance(channel, Fact) and set(channel.words) == set(WAYS)
    for through in ("agent", "bank", "broker"):
        assert not {way for way, _ in WAYS[through]} & {"agent", "bank", "broker", "counter"}
    assert all(form in ("letter", "call", "brief") for ways in (*WAYS.values(), OTHERS) for _, form in ways)


def test_who_is_told(paid_by_another: Decision) -> None:
    """The policyholder by the channel of the request; whoever paid the premium, of his own money."""
    told = [(m.recipient, m.way, m.form) for m in paid_by_another.feedback()]
    assert told == [
        ("policyholder", "app", "letter"), ("policyholder", "message", "brief"), ("payer", "mail", "letter"), ("payer", "message", "brief"),
    ]  # fmt: skip
    by_phone = paid_by_another.feedback(channel="phone")
    assert [(m.way, m.form, m.style) for m in by_phone[:2]] == [("phone", "call", "plain"), ("mail", "letter", "standard")]


def test_each_sees_his_own_money(paid_by_another: Decision) -> None:
    """The payer's letter has his refund and no other amount; the policyholder's has none of the payer's."""
    texts = {m.recipient: m.text for m in paid_by_another.feedback() if m.form == "letter"}
    own = {payee: f"{show_money_plain(amount or 0)}元" for _, _, payee, amount in paid_by_another.settlement if payee == "payer" and amount}
    assert own and re.findall(r"[\d,]+\.\d\d元", texts["payer"]) == [own["payer"]]
    assert own["payer"] not in texts["policyholder"]


def test_a_brief_message_states_no_value(paid_by_another: Decision) -> None:
    """It may be seen by others: no amount, no name, no reason."""
    for lang in ("zh", "en"):
        for message in paid_by_another.feedback(lang):
            if message.form == "brief":
                assert "\n" not in message.text and "400-000-0000" in message.text
                assert not re.search(r"\d", message.text.replace("400-000-0000", ""))


def test_the_insureds_reason_goes_to_the_insured(library: Library) -> None:
    """What rests on the insured's health is told to the insured, and the policyholder hears only that it is so."""
    cases, _ = read_cases(products_folder() / "whole_life/WL-2023.reinstatement.cases.yaml", library)
    case = next(one for one in cases if one.name == "复效待补健康声明")
    facts = {**case.facts, "insured.id": "P2", "insured.name": "钱女士"}
    facts["applicant.id"] = "P2"
    told = [m.recipient for m in decide(replace(case, facts=facts), library).feedback()]
    assert told[0] == "insured" and "policyholder" in told


def test_heirs_hear_what_was_the_policyholders(library: Library) -> None:
    """The heirs ask together and see the amount due to them; nobody else is told beside them."""
    decision = decision_of(library, "whole_life/WL-2023.surrender.cases.yaml", "全体继承人申请")
    messages = decision.feedback()
    assert {m.recipient for m in messages} == {"heir"}
    amounts = [f"{show_money_plain(amount or 0)}元" for _, _, _, amount in decision.settlement if amount]
    assert amounts and all(amount in messages[0].text for amount in amounts)


SAMPLE = (
    "annuity/AN-2023.survival_benefit.cases.yaml", "endowment/EN-2024.maturity_benefit.cases.yaml", "endowment/EN-2017.surrender.cases.yaml",
    "whole_life/WL-2024.premium_refund.cases.yaml", "whole_life/WL-2024.beneficiary_change.cases.yaml",
)  # fmt: skip


def test_who_is_paid_in_another_role_hears_it_once(library: Library) -> None:
    """The insured asked for the maturity benefit and is its beneficiary: one letter to her with the money, another's request to the policyholder."""
    decision = decision_of(library, "endowment/EN-2017.maturity_benefit.cases.yaml", "按时申请，一次领取")
    letters = {m.recipient: m for m in decision.feedback() if m.form == "letter"}
    assert [(m.recipient, m.to_id) for m in letters.values()] == [("insured", "P1"), ("policyholder", "H0")]
    # 100,000 of benefit, 3,500 of bonus and 63.80 of interest
    assert letters["insured"].text.startswith("**您申请的满期给付") and "**您实际收到** | **103,563.80元**" in letters["insured"].text
    assert letters["policyholder"].text.startswith("**这份保单的一项申请（满期给付）") and "您实际收到" not in letters["policyholder"].text


def test_nobody_receives_what_is_owed_to_another(library: Library) -> None:
    """Survival benefits settled at a surrender are their beneficiary's, also where the account named is that of the policyholder's refund."""
    decision = decision_of(library, "endowment/EN-2024.surrender.cases.yaml", "退保：红利利息算到当日，生存金连累积的利息另付生存受益人")
    letters = {m.recipient: m for m in decision.feedback() if m.form == "letter"}
    owed = {one["payee_id"] for one in decision.case.facts["survival_benefits_due"].items}
    assert owed == {letters["beneficiary"].to_id} != {letters["policyholder"].to_id}
    theirs = sum(amount or 0 for _, _, payee, amount in decision.settlement if payee == "survival_beneficiary")
    assert theirs and f"**{show_money_plain(theirs)}元**" in letters["beneficiary"].text and show_money_plain(theirs) not in letters["policyholder"].text


def test_only_who_asked_is_told_that_he_asked(library: Library) -> None:
    """The insured hears of the policyholder's request as somebody else's; one who is both hears of his own."""
    decision = decision_of(library, "whole_life/WL-2024.customer_data_change.cases.yaml", "替被保险人改名，本人没有同意")
    assert decision.asked("policyholder") and not decision.asked("insured")
    assert decision.explain("zh").startswith("**您2026年9月7日申请的资料变更")
    assert decision.explain("zh", recipient="insured").startswith("**这份保单的一项申请（客户重要资料变更），还没有全部办好")
    assert decision.explain("en", recipient="insured").startswith("**A request under this policy (change of identity data) is not complete yet.")
    known = {path: value for path, value in decision.case.facts.items() if path != "insured.id"}
    both = replace(decision, case=replace(decision.case, facts={**known, "insured.id": known["policyholder.id"]}))
    assert both.asked("insured")


@pytest.mark.parametrize("file", SAMPLE)
def test_no_amount_of_another(file: str, library: Library) -> None:
    """Whoever is only paid something reads the amounts of his own lines and nothing else."""
    for case in read_cases(products_folder() / file, library)[0]:
        decision = decide(case, library)
        for message in decision.feedback():
            if message.recipient not in ("payer", "beneficiary") or message.form != "letter" or message.recipient in decision.other_roles("policyholder"):
                continue
            lines = [amount for _, _, payee, amount in decision.settlement if payee in PAYEES[message.recipient] and amount]
            allowed = {abs(amount) for amount in lines} | {abs(sum(lines))}
            found = {int(one.replace(",", "").replace(".", "")) for one in re.findall(r"([\d,]+\.\d\d)元", message.text)}
            assert found <= allowed, (case.name, message.recipient, found - allowed)


def test_how_it_is_cured(library: Library) -> None:
    """A pending request's letter names each open reason and what to do about it, in every form that has room for it."""
    decision = decision_of(library, "whole_life/WL-2023.reinstatement.cases.yaml", "复效待补健康声明")
    letter = decision.feedback()[0].text
    assert "为什么" in letter and "接下来可以这样做" in letter and "要求人工复核" in letter
    assert not [word for word in AVOID_ZH if word in letter]


def test_an_unknown_channel_is_refused(paid_by_another: Decision) -> None:
    with pytest.raises(ValueError, match="counter"):
        paid_by_another.feedback(channel="pigeon")


def test_a_complaint_is_answered_by_the_way_it_came(library: Library) -> None:
    """Its message is a sentence, and it is told to whoever holds the policy unless somebody else asked."""
    decision = decision_of(library, "whole_life/WL-2024.complaint.cases.yaml", "第16日还没有答复")
    [letter, brief] = decision.feedback(channel="app")
    assert brief.text.startswith("投诉：超过答复期限。") and "很抱歉" in letter.text
    assert decision.feedback("en", "app")[1].text.startswith("Complaint: answer overdue. ")


def test_the_beneficiary_is_told_of_his_right(library: Library) -> None:
    """Who takes a death benefit is told to the beneficiary by name, or to the heirs; never to the insured who died."""
    file = "whole_life/WL-2024.death_beneficiary.cases.yaml"
    told = decision_of(library, file, "两位受益人，一位先去世").feedback()
    assert {(m.recipient, m.to_id) for m in told} == {("beneficiary", "P3")}
    assert "深表哀悼" in told[0].text and "身故保险金由受益人领取" in told[0].text and "2025" not in told[0].text
    heirs = decision_of(library, file, "唯一的受益人先去世").feedback()
    assert {m.recipient for m in heirs} == {"heir"} and "遗产" in heirs[0].text


def test_a_freeze_is_told_to_the_policyholder_alone(library: Library) -> None:
    """An order that may be told goes to the policyholder, who owes the debt; one that may not goes to nobody, and the insured never hears."""
    decision = decision_of(library, "accident/AC-2022.policy_freeze.cases.yaml", "一年期意外险也可以冻结")
    assert {m.recipient for m in decision.feedback()} == {"policyholder"}
    hidden = replace(decision.case, facts={**decision.case.facts, "restriction.may_be_told": False, "insured.id": "P9"})
    assert decide(hidden, library).outcome == "approved" and decide(hidden, library).feedback() == ()
