"""A decision as its readers get it: what is hidden from whom, what a record proves, what would change the answer."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baoquan_rules import CaseInvalid, Decision, Library, decide, read_case, replay
from baoquan_rules.api import load, products_folder, read_cases
from baoquan_rules.contract.case import Case
from baoquan_rules.decision.wording import Voice
from baoquan_rules.language.facts import FactList
from tests import samples


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def case(library: Library) -> Case:
    """The reinstatement of the letter of 2026-09-23: 6,252.25 due, the health declaration missing."""
    cases, problems = read_cases(products_folder() / "whole_life" / "WL-2023.reinstatement.cases.yaml", library)
    assert problems.ok
    return next(one for one in cases if one.name == "复效待补健康声明")


def changed(case: Case, **facts: Any) -> Case:
    """The case with facts changed by path (dots written ``__``)."""
    return replace(case, facts={**case.facts, **{key.replace("__", "."): value for key, value in facts.items()}})


def test_shown_without_facts(case: Case, library: Library) -> None:
    """What is printed in a log or a debugger names no person and no amount, and is short, however large the program."""
    decision = decide(case, library)
    assert f"{case!r} {decision!r}" == f"Case(reinstatement of WL-2023: {len(case.facts)} facts) Decision(reinstatement of WL-2023: {decision.outcome})"
    assert len(repr(library)) < 100 and len(repr(decision.program)) < 100
    assert max(len(repr(node)) for node in decision.program.nodes) < 200


def test_compliance_flag_is_secret(case: Case, library: Library) -> None:
    """A compliance flag refers the case, and no customer or front-desk text or JSON shows it (AML Law art. 38)."""
    decision = decide(changed(case, compliance__flag=True), library)
    assert "compliance" in decision.referrals
    open_texts = [decision.explain(lang, reader) for lang in ("zh", "en") for reader in ("customer", "officer")]
    open_texts += [decision.to_json(recipient) for recipient in ("policyholder", "officer")]
    for text in open_texts:
        assert not re.search(r"compliance|合规|可疑|反洗钱可疑|G14", text)
    assert "compliance" in decision.to_json("auditor")


def test_nothing_is_told_before_identity(case: Case, library: Library) -> None:
    """Until identity is verified no amount or date of the policy is shown (Customer due diligence; PIPL art. 29)."""
    decision = decide(changed(case, identity__verified=False), library)
    text = decision.explain()
    assert "6,252.25" not in text and "2026年1月5日" not in text
    stranger = decide(changed(case, applicant__id="P9"), library)
    assert "not_accepted" == stranger.outcome
    assert () == stranger.figures == stranger.settlement
    assert not re.search(r"\d,\d{3}\.\d\d", stranger.explain("zh") + stranger.explain("zh", "officer"))
    assert "facts" not in json.loads(stranger.to_json("policyholder"))


def test_insured_health_is_the_insureds(case: Case, library: Library) -> None:
    """A value that only the insured may see is masked in the policyholder's text, shown in the insured's."""
    fact = next(f for f in library.vocabulary.facts.values() if "insured" in f.sensitivity and "policyholder" not in f.sensitivity)
    decision = decide(case, library)
    from baoquan_rules.decision.wording import Voice

    assert not Voice("zh", "customer", "policyholder", library.vocabulary).may_see(fact.path)
    assert Voice("zh", "customer", "insured", library.vocabulary).may_see(fact.path)
    assert Voice("zh", "officer", "policyholder", library.vocabulary).may_see(fact.path)
    assert decision.outcome == "pending"


def test_record_is_derived_again(case: Case, library: Library) -> None:
    """A record replays to itself, and a fen changed in it is found and named."""
    text = decide(case, library).to_json()
    assert (True, ()) == replay(text, library)
    same, differences = replay(text.replace('"6252.25"', '"6252.26"'), library)
    assert not same and any("total_due" in line and "6252.25" in line for line in differences)


@pytest.mark.parametrize("name", [None, 5])
def test_a_record_without_its_name_differs(name: Any, case: Case, library: Library) -> None:
    """The name that a case was decided by belongs to its record."""
    record = json.loads(decide(case, library).to_json())
    record = {**record, "case": name} if name else {key: value for key, value in record.items() if key != "case"}
    same, differences = replay(json.dumps(record), library)
    assert not same and [line.partition(":")[0] for line in differences] == ["case", "stamps.case"]


def test_masked_record_cannot_be_replayed(case: Case, library: Library) -> None:
    """What was cut down for a recipient says that it cannot be derived again."""
    with pytest.raises(CaseInvalid, match="BQ701"):
        replay(decide(case, library).to_json("policyholder"), library)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '{"format": 1, "facts": [], "product": 1, "service": 2}', "null"])
def test_no_record(text: str, library: Library) -> None:
    """What is no record is refused in words."""
    with pytest.raises(CaseInvalid):
        replay(text, library)


def test_same_record_from_mapping_and_file(case: Case, library: Library) -> None:
    """The facts of a record, read as a mapping, give the same facts as the file did."""
    record = json.loads(decide(case, library).to_json())
    again = read_case({"case": case.name, "product": case.product, "service": case.service, "facts": record["facts"]}, library)
    assert case.facts == again.facts


def test_what_would_change_is_verified(case: Case, library: Library) -> None:
    """Every change named makes its condition hold when decided again; the missing declaration is among them."""
    decision = decide(case, library)
    changes = decision.what_would_change()
    assert any("health_declaration" in change.conditions for change in changes)
    for change in changes:
        again = decision.again({one.path: one.after for one in change.changes})
        assert change.outcome == again.outcome
        verdicts = {finding.name: finding.verdict for finding in again.findings}
        if len(change.conditions) == 1:
            assert verdicts[change.conditions[0]] in ("holds", "not_applicable")


def test_incomplete_list_is_unknown(case: Case, library: Library) -> None:
    """A list of holds that does not say it is complete leaves "no hold" unknown, and says which list it is."""
    decision = decide(changed(case, holds=FactList((), complete=False)), library)
    verdicts = {finding.name: finding.verdict for finding in decision.findings}
    assert "unknown" == verdicts["hold"]
    assert ("list", "holds") in {(item.kind, item.path) for item in decision.missing}


def test_exception_of_a_product(tmp_path: Path, case: Case) -> None:
    """A product may add a condition and replace one by name; both are cited by the clause that makes them."""
    source = products_folder()
    for path in (*source.glob("*.yaml"), source / "whole_life" / "WL-2023.yaml"):
        target = tmp_path / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    for path in (source / "whole_life").glob("*.csv"):
        (tmp_path / "whole_life" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    product = tmp_path / "whole_life" / "WL-2023.yaml"
    text = product.read_text(encoding="utf-8").rstrip("\n")
    product.write_text(
        f"""{text}
    exceptions:
      - service: reinstatement
        add: written_by_hand
        clause: "9.9"
        require: request.channel == "counter"
        remedy: document
        says: {{fails: {{zh: 这份合同约定到柜面申请。, en: This contract asks for a visit to a counter.}}}}
      - service: reinstatement
        replace: health_declaration
        clause: "9.8"
        require: "true"
""",
        encoding="utf-8",
    )
    library = load(tmp_path)
    decision = decide(case, library)
    findings = {finding.name: finding for finding in decision.findings}
    assert "fails" == findings["written_by_hand"].verdict
    assert "第9.9条" == findings["written_by_hand"].condition.cites[0].title.zh
    assert "holds" == findings["health_declaration"].verdict
    assert "第9.8条" == findings["health_declaration"].condition.cites[0].title.zh
    assert "到柜面申请" in decision.explain()


def test_two_exceptions_without_precedence(tmp_path: Path) -> None:
    """Two exceptions that replace one condition are a problem at their place, not a choice of ours."""
    from baoquan_rules import check

    source = products_folder()
    (tmp_path / "company.yaml").write_text((source / "company.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    text = (source / "whole_life" / "WL-2023.yaml").read_text(encoding="utf-8").rstrip("\n")
    for path in (source / "whole_life").glob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    twice = '\n      - {service: reinstatement, replace: health_declaration, clause: "9.8", require: "true"}' * 2
    (tmp_path / "WL-2023.yaml").write_text(f"{text}\n    exceptions:{twice}\n", encoding="utf-8")
    assert "BQ507" in {problem.code for problem in check(tmp_path)}


def texts(decision: Decision) -> list[str]:
    return [decision.explain(lang, reader) for lang in ("zh", "en") for reader in ("customer", "officer", "auditor")]


def test_no_wording_is_left_unfilled(case: Case, library: Library) -> None:
    """No text shows a brace, a Python value or a bare code."""
    for text in texts(decide(case, library)):
        assert not re.search(r"[{}]|None|Placeholder|<\w+ |\bTrue\b|\bFalse\b", text)


def test_endorsement(case: Case, library: Library) -> None:
    """What changes in the contract, and from when, on one page; nobody's health, and nothing where nothing changes (Insurance Law, art. 20)."""
    assert decide(case, library).endorsement() == ""
    whole = decide(read_case(samples.reinstatement(), library), library)
    assert "本合同自2026年10月12日零时起恢复效力。" in whole.endorsement()
    assert "The contract is in force again from 12 Oct 2026." in whole.endorsement("en")
    assert "核保" not in whole.endorsement() and "{" not in whole.endorsement("en")


def test_days_of_the_insureds_illness_are_the_insureds(library: Library) -> None:
    """A deadline that runs from a diagnosis tells the policyholder no day of it, neither in text nor in JSON (PIPL art. 28)."""
    cases, _ = read_cases(products_folder() / "critical_illness" / "CI-2021.waiting_period.cases.yaml", library)
    told = 0
    for one in cases:
        decision = decide(changed(one, insured__id="P2", policyholder__id="P1"), library)
        hidden = {due.name for due in decision.deadlines if not Voice("zh", "customer", "policyholder", library.vocabulary).may_see_all(due.facts)}
        record = json.loads(decision.to_json("policyholder"))
        shown = [due for due in record["deadlines"] if due["deadline"] in hidden]
        assert all(due[key] is None for due in shown for key in ("from", "last", "earliest", "latest"))
        told += len(shown)
    assert told


def test_what_is_internal_is_the_officers(library: Library) -> None:
    """A notice of suspension sent late is for officers to know, and no reason a customer is given (servicing rules of 2010, art. 21)."""
    cases, _ = read_cases(products_folder() / "whole_life" / "WL-2023.premium_status.cases.yaml", library)
    one = next(case for case in cases if case.expect.get("findings", {}).get("suspension_notice_sent") == "fails")
    decision = decide(one, library)
    assert "10个工作日内发出" not in decision.explain()
    assert "PS12" in decision.explain(reader="officer")
    assert "suspension_notice_sent" not in decision.to_json("policyholder") and "suspension_notice_sent" in decision.to_json("officer")


def test_what_an_insurer_knew_is_not_the_customers(library: Library) -> None:
    """Until it has rescinded, what the insurer knew and took since is its own side: neither asked of a customer nor named to him."""
    cases, _ = read_cases(products_folder() / "whole_life" / "WL-2023.insurer_rescission.cases.yaml", library)
    named = {case.name: decide(case, library) for case in cases}
    for name, path in (("知道以后有没有收保险费不清楚", "rescission.premium_taken_since"), ("知道以后有没有给付过保险金不清楚", "benefits_paid")):
        assert path in named[name].to_json("officer")
        told = json.loads(named[name].to_json("policyholder"))
        assert not [item for item in told["missing"] if item["path"] == path or {"no_premium_since", "no_benefit_since", "agreed_by_two"} & {*item["conditions"]}]
    late = named["客户催告，答复期过后零时到达的解除通知没有效力"]
    assert json.loads(late.to_json("officer"))["referrals"] == ["legal"]
    assert json.loads(late.to_json("policyholder"))["referrals"] == []
