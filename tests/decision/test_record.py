"""A record: its text and its plain values are one thing, and it says no more than the decision does."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from baoquan_rules import CaseInvalid, api
from baoquan_rules.contract.vocabulary import ListFact
from baoquan_rules.decision.frames import HOLE, Filled, frame, plain, text
from baoquan_rules.decision.record import to_dict
from baoquan_rules.decision.schema import record_schema
from baoquan_rules.decision.wording import RECIPIENTS
from baoquan_rules.testing.strategies import cases_for
from tests import samples


@pytest.mark.parametrize("service", ["reinstatement", "surrender", "waiting_period"])
def test_the_text_is_that_of_the_plain_values(service: str) -> None:
    """For every recipient, on one line and indented."""
    for _, decision in samples.decided(service, most=3):
        for recipient in RECIPIENTS:
            values = to_dict(decision, recipient=recipient)
            assert decision.to_json(recipient) == json.dumps(values, ensure_ascii=False, sort_keys=True)
            assert json.loads(decision.to_json(recipient, indent=1)) == values


def test_what_programs_share_does_not_mix_cases() -> None:
    """The same program, decided for two cases in turn, gives each its own values."""
    one, other = (api.decide(api.read_case(samples.reinstatement(**groups))) for groups in ({}, {"payment": {"amount": "100.00"}}))
    before = one.to_json()
    assert other.to_json() != before == one.to_json()


def test_a_frame_with_holes_anywhere() -> None:
    """Keys are sorted, texts are quoted, a per cent sign means nothing, and holes may hold frames."""
    inner = frame({"值": HOLE, "a": ["100%s", {"b": HOLE}]})
    outer = frame({"list": HOLE, "empty": {}, "none": [], "map": HOLE, "n": HOLE})
    items = [Filled(inner, ["“x”\n", 3]), Filled(inner, [None, True])]
    tree = Filled(outer, [items, {"z": items[0], "k": items[1]}, {"p": [1, {}]}])
    assert text(tree) == json.dumps(plain(tree), ensure_ascii=False, sort_keys=True)
    assert plain(tree)["list"][0] == {"a": ["100%s", {"b": "“x”\n"}], "值": 3}


def test_basis_only_of_what_is_approved() -> None:
    """A request that is still open rests on no consent; the figure says on which it would."""
    approved = api.decide(api.read_case(samples.reinstatement()))
    pending = api.decide(api.read_case(samples.reinstatement(payment={"amount": "100.00"})))
    assert (approved.outcome, approved.basis) == ("approved", "explicit")
    assert (pending.outcome, pending.basis, to_dict(pending)["basis"]) == ("pending", None, None)


def test_the_day_of_a_list_is_kept() -> None:
    """A list that says as of when it is known says so in the record, and the record can be replayed."""
    raw = samples.reinstatement(holds={"complete": True, "as_of": "2026-10-12", "items": []})
    record = to_dict(api.decide(raw))
    assert record["facts"]["holds"] == {"complete": True, "as_of": "2026-10-12", "items": []}
    assert "as_of" not in record["facts"]["loans"]
    assert api.replay(json.dumps(record)) == (True, ())


def test_a_record_changed_afterwards_is_another() -> None:
    """Also where no outcome hangs on it: another name for the case, or a fact that nothing asks for."""
    record = to_dict(api.decide(samples.reinstatement()))
    assert api.replay(json.dumps(record)) == (True, ())
    for changed in ({"case": "另一件"}, {"facts": {**record["facts"], "policy": {**record["facts"]["policy"], "id": "P-9999"}}}):
        same, found = api.replay(json.dumps({**record, **changed}))
        assert not same and any(one.startswith("stamps.case: ") for one in found)


@pytest.mark.parametrize("day", ["2026-10-14", "2026-10-32", "yesterday", 3])
def test_the_day_of_a_list_is_no_later_than_the_decision(day: Any) -> None:
    with pytest.raises(CaseInvalid) as caught:
        api.read_case(samples.reinstatement(holds={"complete": True, "as_of": day, "items": []}))
    assert [problem.code for problem in caught.value.problems] == ["BQ606" if day == "2026-10-14" else "BQ605"]


VALID = Draft202012Validator(record_schema())


@pytest.mark.parametrize("service", ["beneficiary_change", "dividend_withdrawal", "waiting_period"])
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_cases_fit_the_published_schema(service: str, data: st.DataObject) -> None:
    """Whatever a case says or leaves out, its record is of the published form for every recipient, and no table has only rows."""
    decision = api.decide(data.draw(cases_for(api.load(), "EN-2024", service)))
    for recipient in RECIPIENTS:
        record = json.loads(decision.to_json(recipient))
        assert not list(VALID.iter_errors(record)), next(VALID.iter_errors(record)).message
        assert all(table["columns"] for table in record["breakdowns"])


def test_compliance_is_not_betrayed_by_a_second_officer() -> None:
    """A case that goes to compliance and to an officer goes, for all but auditors, to an officer once (AML Law art. 38)."""
    facts = samples.reinstatement(compliance={"flag": True}, policy={"suspended_at": "2026-02-05T00:00"})
    decision = api.decide(facts)
    assert {"compliance", "officer"} <= set(decision.referrals)
    for recipient in ("policyholder", "officer"):
        assert to_dict(decision, recipient=recipient)["referrals"].count("officer") == 1


def test_nobody_learns_how_many_loans_there_are() -> None:
    """Who may not see a loan is told no rows of the table of loans either."""
    seen = 0
    for _, decision in samples.decided("loan_repayment", most=20):
        seen += any(table.rows for table in decision.breakdowns)
        assert all(table["columns"] for table in to_dict(decision, recipient="heir")["breakdowns"])
    assert seen


def test_a_field_is_called_by_its_own_lists_name() -> None:
    """Fields of the same name in two lists have labels of their own; a formula says the one of the list it goes over."""
    cases, _ = api.read_cases(api.products_folder() / "whole_life" / "WL-2024.beneficiary_change.cases.yaml")
    decision = api.decide(cases[0])
    label = {name: fact.fields["by_id"].label for name, fact in api.load().vocabulary.facts.items() if isinstance(fact, ListFact) and "by_id" in fact.fields}
    assert label["consents"] != label["clearances"]
    for lang in ("zh", "en"):
        told = decision.explain(lang, "auditor")
        assert label["consents"].of(lang) in told and label["clearances"].of(lang) not in told
