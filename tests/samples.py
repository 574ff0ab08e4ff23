"""Cases that the property tests start from: one as a mapping of the form a case file has, and those of the products."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

from baoquan_rules import api
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.vocabulary import Fact, ListFact
from baoquan_rules.decision.decision import Decision
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.types import NONE
from baoquan_rules.testing.cases import case_files

Mapping_ = dict[str, Any]

PEOPLE: Mapping_ = {
    "policyholder": {"id": "P1", "name": "钱先生"},
    "insured": {"id": "P1", "name": "钱先生", "alive": True, "birth_date": "1980-03-04"},
    "applicant": {"id": "P1", "acting_as": "self", "alive": True, "capacity": "full"},
    "identity": {"verified": True},
    "compliance": {"flag": False, "pattern": False},
    "holds": "none",
}


def reinstatement(**groups: Mapping_) -> Mapping_:
    """A reinstatement that is approved: everything is there, and 6,252.25 was due and paid on 2026-10-12."""
    facts: Mapping_ = {
        **deepcopy(PEOPLE),
        "decision": {"date": "2026-10-13"},
        "request": {"received_at": "2026-09-21T10:00", "planned_payment_date": "2026-10-12", "channel": "app"},
        "policy": {
            "formation_date": "2020-11-05", "effective_at": "2020-11-05T00:00", "premium": "6000.00", "premium_mode": "annual",
            "premium_term_years": 20,
            "suspended_at": "2026-01-05T00:00", "suspension_cause": "unpaid_premium", "expiry_date": "none",
            "ended_at": "none", "end_reason": "none",
        },
        "premiums": {"first_unpaid_due_date": "2025-11-05"},
        "insurer_rescissions": "none",
        "explicit_refusals": "none",
        "loans": "none",
        "advances": "none",
        "documents": {"complete": True, "items": [
            {"kind": "application", "signed_by": ["P1"], "defects": "none"},
            {"kind": "health_declaration", "signed_by": ["P1"], "defects": "none"},
        ]},
        "open_requests": "none",
        "riders": "none",
        "reviews": {"complete": True, "items": [
            {"role": "underwriting", "asked_at": "2026-09-21T12:00", "answered_at": "2026-09-25T12:00", "answer": "standard"},
        ]},
        "risk_increase": {"assessed": "not_increased"},
        "payments": "none",
        "payment": {"amount": "6252.25", "received_at": "2026-10-12T23:40", "means": "debit"},
    }  # fmt: skip
    return _case("reinstatement", facts, groups)


def _case(service: str, facts: Mapping_, groups: dict[str, Mapping_]) -> Mapping_:
    for name, changed in groups.items():
        facts[name] = {**facts[name], **changed} if isinstance(changed, dict) and isinstance(facts.get(name), dict) else changed
    return {"product": "WL-2023", "service": service, "facts": facts}


@cache
def packaged(service: str) -> tuple[Case, ...]:
    """The cases of a service that the products' authors worked out."""
    return tuple(case for case in _everything() if case.service == service)


@cache
def _everything() -> tuple[Case, ...]:
    library = api.load()
    return tuple(case for path in case_files(api.products_folder()) for case in api.read_cases(path, library)[0])


@cache
def decided(service: str, *outcomes: str, most: int = 10) -> tuple[tuple[Case, Decision], ...]:
    """Some of them, spread over the products, that come to one of these outcomes (any by default)."""
    wanted = [case for case in packaged(service) if not outcomes or case.expect.get("outcome") in outcomes]
    kept = wanted[:: max(1, len(wanted) // most)] if most else wanted
    return tuple((case, api.decide(case)) for case in kept)


def changed(case: Case, facts: Mapping[str, Any]) -> Case:
    """The case with some facts changed, in engine values; ``None`` leaves a fact out."""
    return replace(case, facts={path: value for path, value in {**case.facts, **facts}.items() if value is not None})


def shifted(case: Case, days: int) -> Case:
    """The case with every day and time moved by so many days; the day of formation, which picks the clauses, stays."""
    kept = {path: _shifted(value, api.load().vocabulary.facts[path], days) for path, value in case.facts.items()}
    return replace(case, facts={**kept, "policy.formation_date": case.facts["policy.formation_date"]})


def _shifted(value: Any, fact: Fact | ListFact, days: int) -> Any:
    if isinstance(fact, Fact):
        timed = value is not None and value != NONE and fact.type.name in ("date", "instant")
        return value + days * (86400 if fact.type.name == "instant" else 1) if timed else value
    if fact.item is not None or value is None:
        return value
    items = ({name: _shifted(held, fact.fields[name], days) for name, held in item.items()} for item in value.items)
    return FactList(tuple(items), value.complete)
