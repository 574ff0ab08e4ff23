"""Prints what one decision costs, everything in one run: python tests/benchmarks/decide.py

A full reinstatement (34 conditions, 60 figures), from a case that is read, with the Decision included. Times are the best
of several rounds; ratios carry over to other machines, microseconds do not. Needs ``zen-engine`` for its line.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from baoquan_rules import api
from baoquan_rules.contract.case import Case
from tests import samples
from tests.benchmarks.handwritten import reinstatement

ROUNDS = 9


def best(work: Callable[[], Any], seconds: float = 0.08) -> float:
    """Microseconds of one call, in the best of some rounds."""
    start = time.perf_counter()
    work()
    count = max(1, int(seconds / max(time.perf_counter() - start, 1e-7)))
    fastest = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(count):
            work()
        fastest = min(fastest, (time.perf_counter() - start) / count)
    return fastest * 1e6


def complete() -> Case:
    """The approved reinstatement with all that the service can read."""
    case = api.read_case(samples.reinstatement())
    from baoquan_rules.language.facts import FactList

    years = tuple({"policy_year": year, "amount": 300_000 * year} for year in range(1, 21))
    more = {"cash_values": FactList(years), "other_policies": FactList(()), "request.accepts_counter_offer": False,
            "policy.death_sum_assured": 30_000_000, "insured.capacity": "full", "insured.guardian_id": "∅"}  # fmt: skip
    people = {f"applicant.{name}": True for name in ("authority_covers_request", "authority_names_matter", "authority_names_period",
              "authority_names_scope", "for_wards_benefit", "guardianship_proved", "principal_verified")}  # fmt: skip
    return samples.changed(case, {**more, **people, "applicant.is_salesperson": False, "applicant.self_dealing": False})


def open_case() -> Case:
    """The same with documents, payment and reviews still to come."""
    case = complete()
    return samples.changed(case, {"payment.amount": None, "payment.received_at": None, "payment.means": None, "documents": None, "reviews": None})


def check(case: Case) -> None:
    """The hand-written function gives what the package gives, or the comparison means nothing."""
    decision = api.decide(case)
    outcome, figures, verdicts = reinstatement(dict(case.facts))
    assert outcome == decision.outcome
    assert verdicts == {finding.name: finding.verdict for finding in decision.findings}
    for figure in decision.figures:
        if figure.name in figures:
            assert figures[figure.name] == figure.value, (figure.name, figures[figure.name], figure.value)


CONDITIONS = {
    "standing": 'acting in ["self","proxy","guardian","heir"] and (acting != "self" or applicant == holder)',
    "alive": 'acting != "self" or applicantAlive', "identity": "verified", "proxy": 'acting != "proxy" or authority',
    "capacity": 'capacity == "full" and (acting != "guardian" or guardianship)', "hold": "not(blocked)", "compliance": "not(flag or pattern)",
    "restricted": "not(restricting)", "received_before_decided": "today >= receivedOn",
    "offered": "offered", "not_ended": 'not(ended) or reason == "insurer_rescission" or endedAt > received', "no_surrender": "not(surrendering)",
    "something_unpaid": "hasUnpaid", "term_left": "not(hasTerm) or expiry >= today", "grace_over": "not(inGrace)",
    "suspended_for_premium": 'not(isSuspended) or inGrace or cause == "unpaid_premium"',
    "not_paid_in_grace": "inGrace or not(keptInGrace)", "due_dates_agree": "inGrace or onGrid",
    "suspension_as_recorded": "isSuspended and suspendedOn == suspendedFrom", "not_rescinded": "not(rescinded)",
    "no_rescission_while_open": "not(rescinding)", "insured_alive": "insuredAlive", "no_open_claim": "not(claimOpen)",
    "signed": "inGrace or applicationSigned", "insured_signed": "insured == holder or inGrace or insuredSigned",
    "health_declaration": "silent or inGrace or declared", "underwriting_answer": 'silent or inGrace or agreed or onTerms or (answer == "refuse" and refused)',
    "refusal_has_ground": "silent or inGrace or not(refused or onTerms or against) or ground", "not_refused": "silent or inGrace or not(refused and ground)",
    "counter_offer": "silent or inGrace or not(onTerms and ground) or accepts", "minors_cap": "inGrace or age >= 18 or benefits <= cap",
    "riders_answered": "inGrace or silent or riders == 0 or not(pendingRider)", "arrears_paid": "not(consented) or inGrace or paid + tolerance >= settled",
    "permitted_means": 'not(consented) or inGrace or means != "credit_card"',
}  # fmt: skip

INPUT: dict[str, Any] = {
    "acting": "self", "applicant": "P1", "holder": "P1", "insured": "P1", "applicantAlive": True, "verified": True, "authority": True,
    "capacity": "full", "guardianship": True, "blocked": False, "flag": False, "pattern": False, "offered": True, "ended": False, "reason": "",
    "endedAt": 0, "received": 1_789_984_800, "surrendering": False, "hasUnpaid": True, "hasTerm": False, "expiry": 0, "today": 20_739,
    "restricting": False, "receivedOn": 20_717, "keptInGrace": False, "onGrid": True,
    "inGrace": False, "isSuspended": True, "cause": "unpaid_premium", "suspendedOn": 20_458, "suspendedFrom": 20_458, "rescinded": False,
    "rescinding": False, "insuredAlive": True, "claimOpen": False, "applicationSigned": True, "insuredSigned": True, "silent": False,
    "declared": True, "agreed": True, "onTerms": False, "answer": "standard", "refused": False, "against": False, "ground": False,
    "accepts": False, "age": 46, "benefits": 0, "cap": 0, "riders": 0, "pendingRider": False, "consented": True, "paid": 625_225,
    "tolerance": 100, "settled": 625_225, "means": "debit",
}  # fmt: skip


def zen_decision() -> Callable[[], Any] | None:
    """The same conditions over inputs computed beforehand, in zen-engine: content loaded once, trace on."""
    try:
        import zen
    except ModuleNotFoundError:
        return None
    rules = [{"id": name, "key": name, "value": text} for name, text in CONDITIONS.items()]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "rules", "name": "rules", "type": "expressionNode", "position": {"x": 1, "y": 0}, "content": {"expressions": rules}},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]
    edges = [{"id": "a", "type": "edge", "sourceId": "in", "targetId": "rules"}, {"id": "b", "type": "edge", "sourceId": "rules", "targetId": "out"}]
    content = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"reinstatement": content}}})
    answer = engine.evaluate("reinstatement", INPUT, {"trace": True})
    assert set(answer["result"]) >= set(CONDITIONS) and all(answer["result"][name] is True for name in CONDITIONS)
    return lambda: engine.evaluate("reinstatement", INPUT, {"trace": True})


def main() -> None:
    """Print the table."""
    library = api.load()
    full, opened = complete(), open_case()
    check(full)
    facts = dict(full.facts)
    for case in (full, opened):
        for _ in range(12000):  # the functions for these patterns of facts are written
            _ = api.decide(case, library).texts
    base = best(lambda: reinstatement(facts))
    rows: list[tuple[str, float]] = [("hand-written function, figures and conditions by name", base)]
    rows.append(("decide, direct, everything stated", best(lambda: api.decide(full, library))))
    rows.append(("decide, direct, documents, payment and reviews unknown", best(lambda: api.decide(opened, library))))
    rows.append(("decide, durable, everything stated", best(lambda: api.decide(full, library, engine="durable"))))
    rows.append(("decide, durable, with unknowns", best(lambda: api.decide(opened, library, engine="durable"))))
    zen = zen_decision()
    if zen is not None:
        rows.append(("zen-engine, the conditions only, over computed inputs, trace", best(zen)))
    print(f"Python {sys.version.split()[0]}; reinstatement, WL-2023: {len(CONDITIONS)} conditions\n")
    print(f"{'µs':>9}  {'ratio':>6}")
    for name, took in rows:
        print(f"{took:9.1f}  {took / base:6.2f}  {name}")
    print("\napart from the decision\n")
    mapping = samples.reinstatement()
    decision = api.decide(full, library)

    def fresh() -> Any:
        return api.decide(opened, library)

    for name, work in (
        ("reading the case from a mapping", lambda: api.read_case(mapping, library)),
        ("text for the customer (with the decision)", lambda: api.decide(full, library).explain()),
        ("text for the auditor (with the decision)", lambda: api.decide(full, library).explain(reader="auditor")),
        ("JSON (with the decision)", lambda: api.decide(full, library).to_json()),
        ("what is missing (with the decision)", lambda: fresh().missing),
        ("what_would_change (with the decision)", lambda: fresh().what_would_change()),
    ):
        took = best(work)  # type: ignore[arg-type]
        print(f"{took:9.1f}  {took / base:6.2f}  {name}")
    assert decision.outcome == "approved"


if __name__ == "__main__":
    main()
