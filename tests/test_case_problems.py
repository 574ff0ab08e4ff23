"""A case file says all that is wrong with it at once, each thing once, and a value that cannot be read is no difference."""

from pathlib import Path
from typing import Any

import pytest

from baoquan_rules import api
from baoquan_rules.authoring import Problem
from baoquan_rules.testing.cases import run_case

CASE = """\
case: 示例
product: WL-2023
service: reinstatement
facts:
  policy: {formation_date: "2023-06-01"}
expect:
  figures: {premium_interest: 82.80}
"""


def checked(text: str, folder: Path) -> list[tuple[str, int]]:
    path = folder / "a.cases.yaml"
    path.write_text(text, "utf-8")
    return [(problem.code, problem.span.line if problem.span else 0) for problem in api.check(path)]


def test_nothing_is_wrong(tmp_path: Path) -> None:
    assert checked(CASE, tmp_path) == []


@pytest.mark.parametrize(
    ("right", "wrong", "also"),
    [
        ("case: 示例", "case: 示例\nbogus: 1", [("BQ201", 2)]),
        ('"2023-06-01"}', '"2023-06-01", foo: 1}', [("BQ201", 5)]),
        ('"2023-06-01"', '"2023-06-31"', [("BQ218", 5)]),
        ('"2023-06-01"', '"2223-06-01"', [("BQ605", 5)]),
        ('{formation_date: "2023-06-01"}', "3", [("BQ203", 5)]),
        ("facts:\n", "facts:\n  polcy: {}\n", [("BQ201", 5)]),
        ('"2023-06-01"', '"1999-06-01"', [("BQ612", 5)]),
        ("formation_date: ", "foo: 1, formation_dat: ", [("BQ201", 5), ("BQ201", 5)]),
    ],
)
def test_a_wrong_name_shows_beside_any_other_problem(right: str, wrong: str, also: list[tuple[str, int]], tmp_path: Path) -> None:
    """Whatever else is wrong, what is expected is tested too; a day that cannot be read is not called missing as well."""
    text = CASE.replace(right, wrong, 1).replace("premium_interest", "premium_intrest")
    line = text[: text.index("premium_intrest")].count("\n") + 1
    assert sorted(checked(text, tmp_path)) == sorted([*also, ("BQ613", line)])


def test_what_is_missing_is_said_once(tmp_path: Path) -> None:
    assert checked(CASE.replace("product: WL-2023\n", ""), tmp_path) == [("BQ202", 1)]
    assert checked(CASE.replace("reinstatement", "reinstatment"), tmp_path) == [("BQ204", 3)]
    lists = CASE.replace("facts:\n", "facts:\n  loans:\n    complete: true\n    items:\n      - {}\n")
    found = checked(lists, tmp_path)
    assert found and len(found) == len(set(found)) == 1


def test_only_cases_that_fit_are_given_back(tmp_path: Path) -> None:
    path = tmp_path / "a.cases.yaml"
    path.write_text(f"{CASE}bogus: 1\n---\n{CASE}", "utf-8")
    cases, problems = api.read_cases(path)
    assert len(cases) == 1 and [problem.code for problem in problems] == ["BQ201"]


def ran(expect: dict[str, Any]) -> list[Problem]:
    facts = {"policy": {"formation_date": "2023-06-01"}}
    case = api.read_case({"case": "示例", "product": "WL-2023", "service": "reinstatement", "facts": facts, "expect": expect})
    return list(run_case(case, api.load()).differences)


def test_an_amount_that_is_none(tmp_path: Path) -> None:
    """Check and run say why it cannot be read, with the cure; no error is shown as what was expected."""
    path = tmp_path / "a.cases.yaml"
    path.write_text(CASE.replace("82.80", "82.805"), "utf-8")
    (found,) = api.check(path)
    assert found.span is not None and (found.code, found.span.line, found.span.column) == ("BQ605", 7, 31)
    assert "3 位小数" in found.message
    assert found.hint and "82.81" in found.hint
    for expect in ({"figures": {"premium_interest": "82.805"}}, {"settlement": {"premium": "1.005"}}):
        (one,) = ran(expect)
        assert one.code == "BQ605" and "3 位小数" in one.message and "应为" not in one.message and "3 decimals" in str(one.message_en)


def test_a_difference_names_the_values_only() -> None:
    (figure,) = ran({"figures": {"premium_interest": "82.80"}})
    assert figure.code == "BQ620" and figure.message.endswith("figures.premium_interest 应为 82.80，实为 unknown")
    (line,) = ran({"settlement": {"nothing": "1.00"}})
    assert line.code == "BQ620" and line.message.endswith("实为 没有这一项")


def test_a_case_of_several_products(tmp_path: Path) -> None:
    """With `also` a case is decided for each product named; one that does not exist is shown where it is named."""
    text = CASE.replace("product: WL-2023\n", "product: WL-2023\nalso: [EN-2024, WL-2O24]\n")
    assert checked(text, tmp_path) == [("BQ610", 3)]
    cases, problems = api.read_cases(tmp_path / "a.cases.yaml")
    assert problems.ok
    assert [case.product for case in cases] == ["WL-2023", "EN-2024", "WL-2O24"]
    assert len({case.name for case in cases}) == 3


NO_PRODUCT = CASE.replace("WL-2023", "WL-2032")


@pytest.mark.parametrize("name", ["a.cases.yaml", "a.yaml", "a.json"])
def test_a_case_is_known_as_one_whatever_its_file_is_called(name: str, tmp_path: Path) -> None:
    """Its product, service and facts are held against those there are, also where a slip leaves it without facts."""
    text = NO_PRODUCT.replace("reinstatement", "reinstatment").replace("facts:", "fact:").replace("case: 示例\n", "")
    if name.endswith("json"):
        text = '{"product": "WL-2032",\n"service": "reinstatment",\n"fact": {}}'
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert [(problem.code, problem.span.line if problem.span else 0) for problem in api.check(path)] == [("BQ610", 1), ("BQ204", 2), ("BQ201", 3)]


def test_a_folder_of_cases_alone_is_of_the_packaged_products(tmp_path: Path) -> None:
    (tmp_path / "a.cases.yaml").write_text(CASE, "utf-8")
    (tmp_path / "b.cases.yaml").write_text(NO_PRODUCT, "utf-8")
    found = api.check(tmp_path)
    assert [(problem.code, Path(problem.span.file).name if problem.span else "") for problem in found] == [("BQ610", "b.cases.yaml")]


def test_what_is_wrong_elsewhere_does_not_hide_a_case(tmp_path: Path) -> None:
    """Cases are read beside unfinished products and misnamed files; the mistakes of the product that a case names are told with it."""
    for name in ("company.yaml", "medical/MD-2021.yaml"):
        (tmp_path / Path(name).name).write_bytes((api.products_folder() / name).read_bytes())
    (tmp_path / "NEW-1.yaml").write_text("product: NEW-1\nname:\n", "utf-8")
    (tmp_path / "note.yaml").write_text(CASE, "utf-8")
    path = tmp_path / "a.cases.yaml"
    path.write_text(CASE.replace("WL-2023", "MD-2021").replace("reinstatement", "surrender").replace("figures: {premium_interest: 82.80}", "outcome: pending"), "utf-8")
    assert not api.check(path)
    path.write_text(CASE.replace("WL-2023", "NEW-1"), "utf-8")
    assert {problem.code for problem in api.check(path)} == {"BQ202", "BQ221"}
    misnamed = [problem for problem in api.check(tmp_path) if problem.code == "BQ332"]
    assert [Path(problem.span.file).name for problem in misnamed if problem.span] == ["note.yaml"]
