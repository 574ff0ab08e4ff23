"""The committed schemas are what the code makes, are schemas themselves, and every packaged file fits its own."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from baoquan_rules import api
from baoquan_rules.authoring import check_schema, read_documents, read_yaml, render
from baoquan_rules.cli.generate import generated, stale
from baoquan_rules.contract.schema_rulebook import rulebook_kind, rulebook_schema
from baoquan_rules.contract.schemas import all_schemas, schema_for
from baoquan_rules.decision.schema import record_schema
from baoquan_rules.testing.cases import case_files
from baoquan_rules.testing.expectations import EXPECTABLE

ROOT = api.HERE.parent
LIBRARY = api.load()
SCHEMAS: dict[str, Any] = {**all_schemas(LIBRARY.world), "decision": record_schema()}
PRODUCTS = [path for path in sorted(api.products_folder().rglob("*.yaml")) if not path.name.endswith(".cases.yaml")]


def test_the_generated_files_are_up_to_date() -> None:
    assert stale(generated(LIBRARY), ROOT) == [], "run: baoquan schema"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema(name: str) -> None:
    """It fits the metaschema of draft 2020-12, refers only to what it holds, and tells kinds apart without oneOf."""
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert '"oneOf"' not in text
    for reference in re.findall(r'"\$ref": "([^"]+)"', text):
        head, _, key = reference.rpartition("/")
        assert head == "#/$defs" and key in schema["$defs"], reference


@pytest.mark.parametrize("name", ["product", "company", "cases", "service", "vocabulary", "law"])
def test_every_key_is_described_in_chinese_and_english(name: str) -> None:
    def walk(schema: Any) -> None:
        if isinstance(schema, dict):
            for key, part in schema.get("properties", {}).items():
                if isinstance(part, dict) and "description" in part:
                    zh, _, en = part["description"].partition(" / ")
                    assert zh and en, (key, part["description"])
            for part in schema.values():
                walk(part)
        elif isinstance(schema, list):
            for part in schema:
                walk(part)

    walk(SCHEMAS[name])
    for key, part in SCHEMAS[name]["properties"].items():
        assert "description" in part, key


@pytest.mark.parametrize("path", api.rulebook_files(), ids=lambda path: path.stem)
def test_rulebook_and_law_fit_their_schemas(path: Path) -> None:
    document, problems = read_yaml(str(path))
    assert document is not None, render(problems)
    found = check_schema(document, rulebook_schema(rulebook_kind(document, path.parent.name)))
    assert not found, render(found)


@pytest.mark.parametrize("path", PRODUCTS, ids=lambda path: path.stem)
def test_products_and_company_rules_fit_their_schemas(path: Path) -> None:
    document, problems = read_yaml(str(path))
    assert document is not None, render(problems)
    found = check_schema(document, SCHEMAS["company" if path.name == "company.yaml" else "product"])
    assert not found, render(found)


@pytest.mark.parametrize("path", case_files(api.products_folder()), ids=lambda path: path.stem)
def test_cases_fit_their_schema_and_decisions_theirs(path: Path) -> None:
    documents, problems = read_documents(str(path))
    assert documents and not problems, render(problems)
    for document in documents:
        found = check_schema(document, SCHEMAS["cases"])
        assert not found, render(found)
    validator = Draft202012Validator(record_schema())
    cases, _ = api.read_cases(path, LIBRARY)
    for recipient in ("auditor", "policyholder"):
        errors = list(validator.iter_errors(json.loads(api.decide(cases[0], LIBRARY).to_json(recipient=recipient))))
        assert not errors, [f"{list(error.absolute_path)}: {error.message[:300]}" for error in errors]


def test_what_may_be_expected_is_what_the_case_runner_compares() -> None:
    assert set(SCHEMAS["cases"]["properties"]["expect"]["properties"]) == set(EXPECTABLE)


def test_the_schema_line_of_each_file_leads_to_its_schema() -> None:
    """An editor finds the schema by the first line of the file."""
    for path in [*api.rulebook_files(), *PRODUCTS]:
        first = path.read_text("utf-8").splitlines()[0]
        found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert found, f"{path}: the first line names no schema"
        target = (path.parent / found[1]).resolve()
        assert target.is_file() or path.parent.name in ("rulebook", "law"), target
        kind = target.name.removesuffix(".schema.json")
        if path in PRODUCTS:
            wanted = "company" if path.name == "company.yaml" else "product"
        else:
            document, _ = read_yaml(str(path))
            assert document is not None
            wanted = rulebook_kind(document, path.parent.name)
        assert kind == wanted, path


def test_a_new_parameter_reaches_the_schema_of_products() -> None:
    """Nothing has to be written twice: what a service declares is what a product may set."""
    clauses = schema_for("product", LIBRARY.world)["$defs"]
    for name, parameters in LIBRARY.world.declared.items():
        assert set(parameters) <= set(clauses[f"clause_{name}"]["properties"])


def test_every_packaged_schema_names_the_words_of_closed_lists() -> None:
    mode = SCHEMAS["cases"]["properties"]["facts"]["properties"]["policy"]["properties"]["premium_mode"]
    assert mode["x-label"]["annual"] == {"zh": "年交", "en": "annual"}
    assert "annual" in mode["enum"] and "none" not in mode["enum"]


@pytest.mark.parametrize("path", sorted(api.products_folder().rglob("*.yaml")), ids=lambda path: str(path.name))
def test_every_file_of_authors_names_its_schema(path: Path) -> None:
    """The first line, by which an editor completes keys and shows what they mean."""
    kind = "cases" if path.name.endswith(".cases.yaml") else "company" if path.name == "company.yaml" else "product"
    first = path.read_text("utf-8").split("\n", 1)[0]
    schema = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
    assert schema.name == f"{kind}.schema.json" and schema.parent.name == "schemas"
