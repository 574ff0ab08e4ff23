"""The numbered corner cases of the law, and the pages made from the packaged cases."""

from pathlib import Path

import pytest

from baoquan_rules import api
from baoquan_rules.api import read_cases
from baoquan_rules.cli.case_pages import Cell, corner_cases, corner_cases_page, coverage_row, coverage_total
from baoquan_rules.compiler.compile import offers
from baoquan_rules.contract.case import CORNER_CASES
from baoquan_rules.testing.cases import case_files

LIBRARY = api.load()
CASES = [case for path in case_files(api.products_folder()) for case in read_cases(path, LIBRARY)[0]]
SHOWN = {number for case in CASES for number in case.corner_cases}


def test_corner_cases_are_numbered_in_order_and_rest_on_law() -> None:
    assert [one.number for one in corner_cases()] == list(range(1, CORNER_CASES + 1))
    for one in corner_cases():
        assert set(one.law) <= set(LIBRARY.world.law), one.number


def test_every_corner_case_has_a_case_or_concerns_no_item() -> None:
    """What no servicing item has to do with says why; all others are shown."""
    assert [] == [one.number for one in corner_cases() if (one.number in SHOWN) is (one.no_item is not None)]


@pytest.mark.parametrize(
    ("product", "service", "offered"),
    [
        ("WL-2023", "policy_loan", True),
        ("TL-2016", "policy_loan", False),  # no such clause
        ("MD-2021", "reinstatement", False),  # a contract of one year
        ("UL-2024", "reduced_paid_up", False),  # no instalments to stop paying
        ("AC-2022", "contact_change", True),  # every contract has it, whatever its clauses
    ],
)
def test_what_a_product_offers_follows_from_its_clauses(product: str, service: str, offered: bool) -> None:
    """An item is there unless one of its own conditions fails by the clauses alone."""
    found = LIBRARY.products[product]
    assert any(offers(LIBRARY.world, found, version, service) for version in found.versions) is offered


def test_a_case_that_shows_a_corner_case_says_what_comes_out() -> None:
    assert [] == [case.name for case in CASES if case.corner_cases and not case.expect]


def test_the_page_of_corner_cases_is_up_to_date() -> None:
    page = Path(api.HERE).parent / "docs" / "corner-cases.md"
    assert page.read_text("utf-8") == corner_cases_page(CASES, LIBRARY), "run: baoquan schema --cases"


def test_the_page_of_items_and_products_is_up_to_date() -> None:
    """Its lines are compared where the cases are decided: tests/test_products.py."""
    page = (Path(api.HERE).parent / "docs" / "coverage.md").read_text("utf-8").splitlines()
    assert page[-1] == coverage_total(len(CASES), LIBRARY), "run: baoquan schema --cases"
    lines = [line for line in page if "(services.md#" in line]
    assert [f"(services.md#{service})" in line for service, line in zip(LIBRARY.services, lines, strict=True)] == [True] * len(lines)


def test_an_item_that_a_product_offers_without_a_case_is_an_empty_cell() -> None:
    """What a product does not have is a dash, with the number of cases that say so."""
    service = next(iter(LIBRARY.services))
    found = {"A": Cell(True), "B": Cell(False, 3), "C": Cell(False), "D": Cell(True, 2, {"holds": 2, "fails": 1, "unknown": 0, "not_applicable": 2})}
    assert coverage_row(service, found, LIBRARY).split(" | ")[1:] == ["", "— (3)", "—", "2/1/0/2", "5 |"]
