"""The letters that typical requests lead to, word by word, in two languages, for each reader and recipient.

The snapshots are reviewed as letters before they are committed. ``BAOQUAN_WRITE_SNAPSHOTS=1`` writes them anew; the
difference is the review.
"""

import os
import re
from pathlib import Path

import pytest

from baoquan_rules import Decision, Library, decide
from baoquan_rules.api import load, products_folder, read_cases

HERE = Path(__file__).parent / "snapshots"
WRITE = os.environ.get("BAOQUAN_WRITE_SNAPSHOTS") == "1"

LETTERS: dict[str, tuple[str, str]] = {
    "reinstatement-pending": ("whole_life/WL-2023.reinstatement.cases.yaml", "复效待补健康声明"),
    "loan-approved": ("whole_life/WL-2023.policy_loan.cases.yaml", "贷款同意，已有一笔贷款"),
    "loan-declined": ("whole_life/WL-2023.policy_loan.cases.yaml", "被保险人没有同意，客户说拿不到"),
    "reinstatement-late": ("whole_life/WL-2023.reinstatement.cases.yaml", "超过两年未被解除，正在核保"),
    "surrender-quote": ("endowment/EN-2017.surrender_quote.cases.yaml", "退保试算与其他选择（来信）"),
    "waiting-period-inside": ("critical_illness/CI-2021.waiting_period.cases.yaml", "等待期内确诊，退还全部保险费"),
    "cooling-off": ("critical_illness/CI-2021.cooling_off.cases.yaml", "犹豫期最后一天22:41（来信）"),
    "beneficiary-change-declined": (
        "whole_life/WL-2024.beneficiary_change.cases.yaml", "投保人申请改为本人，被保险人不同意",
    ),
}  # fmt: skip
"""Letter -> the file and the case it is made from: the clause services, for the policyholder."""

MORE: dict[str, tuple[str, str]] = {
    "policyholder-change-pending": ("whole_life/WL-2024.policyholder_change.cases.yaml", "被保险人还没有同意"),
    "age-correction-approved": ("term_life/TL-2016.age_sex_correction.cases.yaml", "年龄报小了两岁，补交七期差额"),
    "occupation-change-approved": ("accident/AC-2022.occupation_change.cases.yaml", "从3类换到1类，退还差额"),
    "survival-benefit-approved": ("annuity/AN-2023.survival_benefit.cases.yaml", "到期一年的年金，连利息一起领取"),
    "maturity-benefit-approved": ("endowment/EN-2017.maturity_benefit.cases.yaml", "按时申请，一次领取"),
    "premium-mode-approved": ("whole_life/WL-2024.premium_mode_change.cases.yaml", "年交换成月交，从下一个保单周年日起"),
    "increase-approved": ("whole_life/WL-2024.sum_assured_increase.cases.yaml", "加保十万，被保险人同意，标准承保"),
    "premium-waiver-approved": ("critical_illness/CI-2021.premium_waiver.cases.yaml", "确诊以后豁免，已交的一期退还"),
    "account-withdrawal-approved": ("universal_life/UL-2024.account_withdrawal.cases.yaml", "领取10,000元，保额同额减少"),
    "duplicate-policy-approved": ("whole_life/WL-2024.duplicate_policy.cases.yaml", "挂失以后补发"),
    "customer-data-pending": ("whole_life/WL-2024.customer_data_change.cases.yaml", "替被保险人改名，本人没有同意"),
    "complaint-late": ("whole_life/WL-2024.complaint.cases.yaml", "第16日还没有答复"),
    "reversal-approved": ("whole_life/WL-2024.reversal.cases.yaml", "减保办错了金额，钱已退回，客户同意"),
}
"""The same for requests of the desk, for each recipient."""

VOICES = (*(("customer", recipient) for recipient in ("policyholder", "insured", "beneficiary", "payer", "heir")), ("officer", "officer"), ("auditor", "auditor"))
"""Reader and recipient."""

AVOID_ZH = (
    "拒绝", "驳回", "失效", "作废", "失败", "违约", "责令", "必须", "系统判定", "根据规则引擎", "保全", "复核不通过", "逆选择", "可疑",
    "风险等级", "过期不候", "尽快办理以免损失", "免费", "保本", "收益率", "视为放弃", "失独", "绝症",
    "您未如实", "退保损失", "反洗钱",
)  # fmt: skip
"""Words a customer's letter never uses."""

AVOID_EN = ("kindly", "herein", "please be advised", "reject", "invalid", "the system", "lapse")


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def decision_of(name: str, library: Library) -> Decision:
    file, case_name = (LETTERS | MORE)[name]
    cases, problems = read_cases(products_folder() / file, library)
    assert problems.ok
    return decide(next(case for case in cases if case.name == case_name), library)


@pytest.mark.parametrize("reader", ["customer", "officer", "auditor"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(LETTERS))
def test_letter(name: str, lang: str, reader: str, library: Library) -> None:
    """Each letter reads as it was reviewed; digests of files are left out."""
    as_reviewed(decision_of(name, library).explain(lang, reader), f"{name}.{lang}.{reader}.md")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(MORE))
def test_letter_to_each(name: str, lang: str, library: Library) -> None:
    """So does each letter of the desk to each of those who hear of it, and its endorsement."""
    decision = decision_of(name, library)
    for reader, recipient in VOICES:
        voice = reader if recipient in (reader, "policyholder") else f"{reader}-{recipient}"
        as_reviewed(decision.explain(lang, reader, recipient), f"{name}.{lang}.{voice}.md")
    if decision.endorsement(lang):
        as_reviewed(decision.endorsement(lang), f"{name}.{lang}.endorsement.md")


def as_reviewed(text: str, file: str) -> None:
    """The text is that of a snapshot; digests of files are left out."""
    text = re.sub(r"[0-9a-f]{64}", "…", text)
    path = HERE / file
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_typical_requests() -> None:
    """The eight model situations are all there, and twelve of the desk."""
    assert 8 <= len(LETTERS) and 12 <= len(MORE)


@pytest.mark.parametrize("name", sorted(LETTERS | MORE))
def test_words_a_customer_never_reads(name: str, library: Library) -> None:
    """No customer's letter uses a word of the avoid list, a code or a bare identifier."""
    decision = decision_of(name, library)
    zh, en = decision.explain("zh"), decision.explain("en")
    assert [] == [word for word in AVOID_ZH if word in zh]
    assert [] == [word for word in AVOID_EN if word in en.lower()]
    assert not re.search(r"[a-z]+_[a-z]+|\bBQ\d|\bCV\b|\b[A-Z]{2}\d\b", zh + en)
