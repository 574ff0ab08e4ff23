"""Every mistake an author or a caller can make is reported with its code at its line, and nothing else is.

A file below `tests/bad` says what must be found in comments: `# expect: BQ412` for its own line, `# expect: BQ412@7`
for another. The folder says how the file is read; `readers` are the readers alone, for codes that the schema
otherwise forestalls.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baoquan_rules import api
from baoquan_rules.api import Library
from baoquan_rules.api.checking import case_problems
from baoquan_rules.authoring import (
    CODES,
    CaseInvalid,
    Document,
    Problem,
    check_schema,
    read_documents,
    read_yaml,
    render,
)
from baoquan_rules.compiler.compile import compile_program
from baoquan_rules.contract.case import read_case
from baoquan_rules.contract.company import read_company
from baoquan_rules.contract.law import read_law
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.product import Product, read_product
from baoquan_rules.contract.rulebook import Parameter, Service, read_service
from baoquan_rules.contract.schema_rulebook import rulebook_schema
from baoquan_rules.contract.schemas import schema_for
from baoquan_rules.contract.vocabulary import read_vocabulary
from baoquan_rules.language.types import BOOL
from baoquan_rules.testing.cases import run_case

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.rglob("*.yaml"))
EXPECT = re.compile(r"# expect: (BQ\d{3})(?:@(\d+))?")

Found = list[Problem]


@pytest.fixture(scope="module")
def library() -> Library:
    return api.load()


def expected(path: Path) -> list[tuple[str, int]]:
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    return sorted((code, int(at or number)) for number, line in enumerate(lines, 1) for code, at in EXPECT.findall(line))


def document_of(path: Path) -> tuple[Document | None, Found]:
    document, problems = read_yaml(str(path))
    return document, list(problems)


def as_yaml(path: Path, library: Library) -> Found:
    return document_of(path)[1]


def as_product(path: Path, library: Library, *, schema: bool = True) -> Found:
    document, found = document_of(path)
    if document is None:
        return found
    if schema and (found := list(check_schema(document, schema_for("product", library.world)))):
        return found
    declared = {**library.world.declared, "sample_clause": {"must": Parameter("must", BOOL, Words("必填", "must"))}}
    product, found = read_product(document, declared, library.world.tables, library.world.law)
    for part in product.versions[0].exceptions if not found and product.versions else ():
        found += compiled(library, product, str(part.plain("service")))
    return list(dict.fromkeys(found))


def compiled(library: Library, product: Product, service: str) -> Found:
    return [p for v in product.versions for p in compile_program(library.world, product, v, service, {})[1]]


def as_company(path: Path, library: Library, *, schema: bool = True) -> Found:
    document, found = document_of(path)
    if document is None:
        return found
    if schema and (found := list(check_schema(document, schema_for("company", library.world)))):
        return found
    return read_company(document, library.world.services["company_rules"].parameters)[1]


def as_case(path: Path, library: Library) -> Found:
    if problems := list(case_problems(path, library)):
        return problems
    cases, _ = api.read_cases(path, library)
    return [problem for case in cases for problem in run_case(case, library).differences]


def as_service(path: Path, library: Library, *, schema: bool = True) -> Found:
    document, found = document_of(path)
    if document is None:
        return found
    if schema and (found := list(check_schema(document, rulebook_schema("service")))):
        return found
    service, found = read_service(document)
    return found or compiled_with(service, library)


def compiled_with(service: Service, library: Library) -> Found:
    world = replace(library.world, services={**library.world.services, service.name: service})
    product = library.products["WL-2023"]
    return list(compile_program(world, product, product.versions[-1], service.name, {})[1])


def as_law(path: Path, library: Library) -> Found:
    document, found = document_of(path)
    if document is None:
        return found
    return list(check_schema(document, rulebook_schema("law"))) or read_law(document)[1]


def as_vocabulary(path: Path, library: Library) -> Found:
    document, found = document_of(path)
    if document is None:
        return found
    return list(check_schema(document, rulebook_schema("vocabulary"))) or read_vocabulary(document)[1]


def by_readers(path: Path, library: Library) -> Found:
    kind = path.name.partition("_")[0]
    if kind != "case":
        without: dict[str, Callable[..., Found]] = {"product": as_product, "company": as_company, "service": as_service}
        return without[kind](path, library, schema=False)
    documents, problems = read_documents(str(path))
    assert not problems
    case, found = read_case(documents[0].value, library.vocabulary, documents[0])
    if not found:
        try:
            api.decide(case, library)
        except CaseInvalid as invalid:
            found = list(invalid.problems)
    return found


READERS: dict[str, Callable[[Path, Library], Found]] = {
    "yaml": as_yaml,
    "product": as_product,
    "company": as_company,
    "case": as_case,
    "service": as_service,
    "law": as_law,
    "vocabulary": as_vocabulary,
    "readers": by_readers,
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_problem_is_found_at_its_line(path: Path, library: Library) -> None:
    wanted = expected(path)
    assert wanted, "the file says nothing about what must be found"
    found = READERS[path.parent.name](path, library)
    places = sorted((problem.code, problem.span.line if problem.span else 0) for problem in found)
    assert places == wanted, render(found)
    for problem in found:
        assert problem.message and problem.message_en, problem
        assert "None" not in problem.message


CJK = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|“[^”\n]*”")


@pytest.mark.parametrize("folder", sorted(READERS))
def test_each_language_is_whole(folder: str, library: Library) -> None:
    """In English no word is Chinese but what is quoted from the file; in Chinese the message is Chinese."""
    for path in FILES:
        if path.parent.name == folder:
            for problem in READERS[folder](path, library):
                english = [problem.message_en, problem.hint_en or problem.hint, problem.basis_en or problem.basis]
                for said in english:
                    assert not CJK.search(QUOTED.sub("", said or "")), f"{path.name}: {said}"
                assert CJK.search(problem.message), f"{path.name}: {problem.message}"
                assert not problem.hint or CJK.search(problem.hint), f"{path.name}: {problem.hint}"


ELSEWHERE = {
    # What no committed file can be: see the tests below and the tests of the command line.
    "BQ101", "BQ102", "BQ110", "BQ129", "BQ310", "BQ330", "BQ332", "BQ511", "BQ609", "BQ701", "BQ702", "BQ801", "BQ802", "BQ803", "BQ804", "BQ805", "BQ806", "BQ809", "BQ901",
    # What happens to a request: tests/casework.
    "BQ650", "BQ651", "BQ652", "BQ653", "BQ654", "BQ655", "BQ656", "BQ657", "BQ658", "BQ659", "BQ660", "BQ661", "BQ662", "BQ663", "BQ664",
    # Keywords that the schemas do not use at present; tests/authoring/test_schema.py shows each.
    "BQ209", "BQ216", "BQ219", "BQ220", "BQ222", "BQ224", "BQ299",
}  # fmt: skip


def test_every_code_has_a_file_that_shows_it() -> None:
    shown = {code for path in FILES for code, _ in expected(path)}
    assert set(CODES) - shown - ELSEWHERE == set()
    assert shown & {code for code in ELSEWHERE if code < "BQ2"} == set()
    assert len(FILES) >= 60


def test_every_code_of_the_code_is_in_the_table() -> None:
    """A code that occurs anywhere in the package is explained, and one that is explained occurs."""
    package = api.HERE
    sources = {path: path.read_text("utf-8") for path in package.rglob("*.py") if path.name != "codes.py"}
    used = {code for text in sources.values() for code in re.findall(r"\bBQ\d{3}\b", text)}
    assert used - set(CODES) == set()
    assert set(CODES) - used == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "BQ101"),
        ("a: 1\n" * 500_000, "BQ102"),
        ("a: [" + "1, " * 100_001 + "1]\n", "BQ110"),
        ("a: yes\n" * 600, "BQ129"),
    ],
)
def test_large_and_missing_files(text: str | None, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    if text is not None:
        path.write_text(text, "utf-8")
    assert code in {problem.code for problem in read_yaml(str(path))[1]}


def test_a_folder_without_company_rules(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text((api.products_folder() / "whole_life" / "WL-2023.yaml").read_text("utf-8"), "utf-8")
    assert [problem.code for problem in api.check(tmp_path) if problem.severity == "error"] == ["BQ310"]


def test_two_products_of_one_code(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_bytes((api.products_folder() / "company.yaml").read_bytes())
    text = (api.products_folder() / "whole_life" / "WL-2023.yaml").read_text("utf-8")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text, "utf-8")
    found = [problem.code for problem in api.check(tmp_path) if problem.severity == "error"]
    assert found == ["BQ330"]


def test_checking_one_file_tells_of_that_file(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_bytes((api.products_folder() / "company.yaml").read_bytes())
    for name in ("unknown_clause", "loan_above_ceiling"):
        (tmp_path / f"{name}.yaml").write_bytes((BAD / "product" / f"{name}.yaml").read_bytes())
    problems = api.check(tmp_path / "loan_above_ceiling.yaml")
    assert [(problem.code, Path(str(problem.span and problem.span.file)).name) for problem in problems] == [("BQ412", "loan_above_ceiling.yaml")]


def test_no_case_in_a_file(tmp_path: Path, library: Library) -> None:
    (tmp_path / "a.yaml").write_text("# nothing\n", "utf-8")
    with pytest.raises(CaseInvalid) as caught:
        api.read_case(tmp_path / "a.yaml", library)
    assert [problem.code for problem in caught.value.problems] == ["BQ106"]


def test_a_mapping_is_read_without_the_schema(library: Library) -> None:
    """A caller's mapping is checked by the readers alone, which are quick."""
    raw: dict[str, Any] = {"product": "WL-2023", "service": "reinstatement", "facts": {"insured": {"alive": None, "age": 3}}}
    with pytest.raises(CaseInvalid) as caught:
        api.read_case(raw, library)
    assert [problem.code for problem in caught.value.problems] == ["BQ604"]
