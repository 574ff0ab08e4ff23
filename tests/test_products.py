"""Every packaged case on every engine, every verdict of every condition shown by a case, and money that balances in each."""

import os
import re
from collections import Counter
from functools import cache

import pytest

from baoquan_rules.api import HERE, decide_many, load, products_folder, read_cases
from baoquan_rules.authoring import render
from baoquan_rules.cli.case_pages import cells, coverage_row
from baoquan_rules.cli.coverage import coverage
from baoquan_rules.contract.case import Case
from baoquan_rules.decision.decision import Decision
from baoquan_rules.engines import ENGINES
from baoquan_rules.testing.cases import CaseResult, case_files
from baoquan_rules.testing.expectations import differences

LIBRARY = load()
LONG = os.environ.get("BAOQUAN_LONG") == "1"
FILES = case_files(products_folder())
SERVICES = sorted(LIBRARY.services)


@cache
def services_of(path: str) -> frozenset[str]:
    """The items that a case file names."""
    with open(path, encoding="utf-8") as file:
        return frozenset(re.findall(r"^service: (\w+)", file.read(), re.MULTILINE))


def cases_of(service: str) -> list[Case]:
    """All packaged cases of an item."""
    out: list[Case] = []
    for path in FILES:
        if service in services_of(str(path)):
            cases, problems = read_cases(path, LIBRARY)
            assert problems.ok, render(problems)
            out.extend(case for case in cases if case.service == service)
    return out


def on_engine(cases: list[Case], engine: str) -> list[CaseResult]:
    """The cases decided. Without a long run, what holds for further products alike (`also`) is left to `direct`, and `columnar`, which plans each product anew, decides one product."""
    if engine != "direct" and not LONG:
        cases = [case for case in cases if not case.for_further_product]
    if engine == "columnar" and not LONG:
        [(product, _)] = Counter(case.product for case in cases).most_common(1)
        cases = [case for case in cases if case.product == product]
    decisions = decide_many(cases, LIBRARY, engine=engine)
    return [CaseResult(case, engine, decision, differences(case, decision)) for case, decision in zip(cases, decisions, strict=True)]


@pytest.mark.parametrize("service", SERVICES)
def test_cases(service: str) -> None:
    """What an actuary expects of a case is what each engine decides; each condition holds, fails, is unknown and, where it can, does not apply."""
    cases = cases_of(service)
    assert cases, f"{service} has no case"
    results = {engine: on_engine(cases, engine) for engine in ENGINES}
    assert "" == render([difference for found in results.values() for result in found for difference in result.differences])
    missing = {row.condition: row.missing for row in coverage(results["direct"], LIBRARY) if row.service == service and row.missing}
    assert {} == missing
    for result in results["direct"]:
        assert result.decision is not None
        check_money(result.decision)
    products = cells(service, results["direct"], LIBRARY)
    assert [] == [code for code, cell in products.items() if cell.offered and not cell.cases], "products that offer it without a case"
    assert coverage_row(service, products, LIBRARY) in (HERE.parent / "docs" / "coverage.md").read_text("utf-8"), "run: baoquan schema --cases"


def check_money(decision: Decision) -> None:
    """What is booked for each payee is what the settlement says he gets, to the fen."""
    if decision.outcome not in ("approved", "quoted"):
        assert decision.entries == ()
        return
    net: Counter[str] = Counter()
    for _, _, payee, amount in decision.settlement:
        net[payee] += amount or 0
    booked: Counter[str] = Counter()
    for entry in decision.entries:
        assert entry.amount > 0 and entry.debit != entry.credit
        own = "receivable.policyholder" if entry.payee == "insurer" else f"payable.{entry.payee}"
        if entry.payee:
            assert own in (entry.debit, entry.credit)
            towards = entry.debit if entry.payee == "insurer" else entry.credit
            booked[entry.payee] += entry.amount if towards == own else -entry.amount
    assert {payee: amount for payee, amount in net.items() if amount} == {payee: amount for payee, amount in booked.items() if amount}
