"""Whatever stands in a file, reading it ends in problems or in a value: never in an exception, never in silence.

Bytes, damaged text and damaged values of real files go the whole way: YAML, schema, readers, compiler, decision.
`BAOQUAN_FUZZ=20` tries twenty times as many.
"""

import copy
import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoquan_rules import api
from baoquan_rules.authoring import (
    CODES,
    CaseInvalid,
    Document,
    Problem,
    check_schema,
    read_documents,
    render,
)
from baoquan_rules.compiler.compile import compile_program
from baoquan_rules.contract.case import read_case, with_defaults
from baoquan_rules.contract.product import read_product
from baoquan_rules.contract.rulebook import read_service
from baoquan_rules.contract.schema_rulebook import rulebook_schema

TIMES = int(os.environ.get("BAOQUAN_FUZZ", "1"))
HERE = api.HERE
PRODUCT = api.products_folder() / "whole_life" / "WL-2023.yaml"
SERVICES = [HERE / "rulebook" / f"{name}.yaml" for name in ("grace", "common", "policy_loan")]


def quick(examples: int) -> Any:
    return settings(
        max_examples=examples * TIMES, deadline=None, derandomize=TIMES == 1, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip


@cache
def library() -> api.Library:
    return api.load()


@cache
def case_file() -> Path:
    return min(api.products_folder().rglob("*.cases.yaml"), key=lambda path: (path.stat().st_size, path.name))


# What is done with one document after it was read.


def as_product(document: Document) -> list[Problem]:
    found = list(check_schema(document, api.schema_of("product", library().world)))
    if found:
        return found
    world = library().world
    product, found = read_product(document, world.declared, world.tables, world.law)
    if not any(problem.severity == "error" for problem in found):
        for version in product.versions[:1]:
            found += compile_program(world, product, version, "policy_loan", {})[1]
    return found


def as_service(document: Document) -> list[Problem]:
    found = list(check_schema(document, rulebook_schema("service")))
    if found:
        return found
    service, found = read_service(document)
    if found:
        return found
    world = replace(library().world, services={**library().world.services, service.name: service})
    product = library().products["WL-2023"]
    return list(compile_program(world, product, product.versions[-1], service.name, {})[1])


def as_case(document: Document) -> list[Problem]:
    found = list(check_schema(document, api.schema_of("cases", library().world)))
    if found:
        return found
    case, found = read_case(document.value, library().vocabulary, document)
    if not found:
        try:
            decision = api.decide(replace(case, facts=with_defaults(case.facts, library().vocabulary)), library())
            decision.explain("zh", "customer")
            json.loads(decision.to_json())
        except CaseInvalid as invalid:
            found = list(invalid.problems)
    return found


KINDS: dict[str, Callable[[Document], list[Problem]]] = {"product": as_product, "service": as_service, "case": as_case}


def ends_in_problems(kind: str, name: str, text: str | bytes) -> None:
    documents, problems = read_documents(name, text)
    found = list(problems)
    for document in documents:
        found += KINDS[kind](document)
    for problem in found:
        assert problem.code in CODES and problem.message
        assert problem.span is None or (problem.span.line >= 1 and problem.span.column >= 1)
    render(found, {name: text.decode("utf-8", "replace") if isinstance(text, bytes) else text})


# Damage.

_WORDS = st.sampled_from(["none", "silent", "true", "60 days", "5%", "2026-02-30", "10.00", "-1", "{", "}", "x", "", "policy.premium", "1/0", "(" * 300])
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**18), 10**18), _WORDS, st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(_WORDS, st.sampled_from(["zh", "is", "from", "type"])), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


@st.composite
def damaged_value(draw: st.DrawFn, value: Any) -> str:
    """A document of which some values are replaced, left out or renamed, as JSON, which is YAML too."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(places(value)))
        if not path:
            continue
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        match draw(st.sampled_from(("replace", "replace", "remove", "rename"))):
            case "replace":
                holder[path[-1]] = draw(_VALUES)
            case "remove":
                del holder[path[-1]]
            case "rename" if isinstance(holder, dict):
                holder[str(path[-1]) + "x"] = holder.pop(path[-1])
    return json.dumps(value, ensure_ascii=False)


@st.composite
def damaged_text(draw: st.DrawFn, text: str) -> str:
    """A text with a stretch of it replaced."""
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 12)))
    return text[:start] + draw(st.one_of(_WORDS, st.text(max_size=6), st.sampled_from(["\t", "\n", ": ", "- ", "&a", "*a", '"', "#"]))) + text[end:]


def source(path: Path) -> str:
    return path.read_text("utf-8")


def first(path: Path) -> Any:
    documents, problems = read_documents(str(path))
    assert not problems, render(problems)
    return documents[0].value


@quick(150)
@given(kind=st.sampled_from(sorted(KINDS)), data=st.binary(max_size=200))
def test_bytes(kind: str, data: bytes) -> None:
    ends_in_problems(kind, "a.yaml", data)


@quick(30)
@given(data=st.data())
def test_damaged_product_text(data: st.DataObject) -> None:
    ends_in_problems("product", "a.yaml", data.draw(damaged_text(source(PRODUCT))))


@quick(60)
@given(data=st.data())
def test_damaged_product(data: st.DataObject) -> None:
    ends_in_problems("product", str(PRODUCT), data.draw(damaged_value(first(PRODUCT))))


@quick(80)
@given(data=st.data())
def test_damaged_case(data: st.DataObject) -> None:
    ends_in_problems("case", "a.yaml", data.draw(damaged_value(first(case_file()))))


@quick(40)
@given(data=st.data())
def test_damaged_case_text(data: st.DataObject) -> None:
    ends_in_problems("case", "a.yaml", data.draw(damaged_text(source(case_file()))))


@quick(50)
@given(path=st.sampled_from(SERVICES), data=st.data())
def test_damaged_service(path: Path, data: st.DataObject) -> None:
    ends_in_problems("service", str(path), data.draw(damaged_value(first(path))))


@quick(40)
@given(path=st.sampled_from(SERVICES), data=st.data())
def test_damaged_service_text(path: Path, data: st.DataObject) -> None:
    ends_in_problems("service", str(path), data.draw(damaged_text(source(path))))


@quick(60)
@given(data=st.data())
def test_damaged_mapping(data: st.DataObject) -> None:
    """A caller's mapping, which no schema sees."""
    raw = json.loads(data.draw(damaged_value(first(case_file()))))
    try:
        if isinstance(raw, dict):
            api.decide(raw, library())
    except CaseInvalid as invalid:
        assert invalid.problems
