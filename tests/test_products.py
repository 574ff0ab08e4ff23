"""Every packaged case on every engine, and every verdict of every condition shown by a case."""

import os

import pytest

from baoquan_rules.api import load, products_folder
from baoquan_rules.authoring import render
from baoquan_rules.cli.coverage import coverage
from baoquan_rules.engines import ENGINES
from baoquan_rules.testing.cases import case_files, run_cases

LIBRARY = load()
LONG = os.environ.get("BAOQUAN_LONG") == "1"


@pytest.mark.parametrize("engine", ENGINES)
def test_cases(engine: str) -> None:
    """What an actuary expects of a case is what each engine decides; without a long run, every fourth file on `columnar`."""
    every = 4 if engine == "columnar" and not LONG else 1
    results, problems = run_cases(case_files(products_folder())[::every], LIBRARY, [engine])
    assert problems.ok, render(problems)
    assert "" == render([difference for result in results for difference in result.differences])
    assert 200 <= len(results)
    assert every > 1 or {case.product for case in (result.case for result in results)} >= {product for product in LIBRARY.products}


def test_every_verdict_is_shown() -> None:
    """Each condition holds, fails, is unknown and, where it can, does not apply in at least one case."""
    results, _ = run_cases(case_files(products_folder()), LIBRARY, ["direct"])
    missing = {f"{row.service}.{row.condition}": row.missing for row in coverage(results, LIBRARY) if row.missing}
    assert {} == missing
