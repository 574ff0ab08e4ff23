"""Files and mappings -> cases, and the product version that a case falls under."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from baoquan_rules.api.arguments import path_given, wrong_argument
from baoquan_rules.api.library import Library, fits_schema, library_of, schema_of
from baoquan_rules.authoring import (
    CaseInvalid,
    Problem,
    Problems,
    ProductInvalid,
    Span,
    did_you_mean,
    read_documents,
)
from baoquan_rules.contract.case import Case, with_defaults
from baoquan_rules.contract.case import read_case as read_case_mapping
from baoquan_rules.contract.product import Product, Version


def read_cases(path: str | Path, library: Library | None = None) -> tuple[list[Case], Problems]:
    """The cases of a file (several, separated by ``---``), and what is wrong with them."""
    read, problems = read_with_fit(path, library_of(library))
    return [case for case, fits in read if fits], problems


def read_with_fit(path: str | Path, library: Library) -> tuple[list[tuple[Case, bool]], Problems]:
    """The cases of a file and whether each fits the schema; of one that does not, what can be read."""
    documents, problems = read_documents(str(path_given(path)))
    found = list(problems)
    cases: list[tuple[Case, bool]] = []
    for document in documents:
        unfit: list[Problem] = []
        fits = fits_schema(document, schema_of("cases", library.world), unfit)
        found.extend(unfit)
        if isinstance(document.value, dict):
            case, wrong = read_case_mapping(document.value, library.vocabulary, document)
            found.extend(not_yet(wrong, unfit))
            case = replace(case, facts=with_defaults(case.facts, library.vocabulary))
            cases.append((case, fits))
            cases.extend((replace(case, name=f"{case.name}（{code}）", product=code), fits) for code in also_for(document.value))
    return cases, Problems(found)


def also_for(stated: Mapping[str, Any]) -> tuple[str, ...]:
    """The other products for which a case expects the same."""
    listed = stated.get("also")
    return tuple(str(code) for code in listed) if isinstance(listed, list) else ()


def not_yet(found: Iterable[Problem], known: Iterable[Problem]) -> Iterator[Problem]:
    """The problems of places that none of the known ones speaks of."""
    for problem in found:
        # That something lacks a value is said of all of it here, and of its first key by the schema.
        lacks = problem.code in ("BQ602", "BQ608")
        if not any(inside(problem.span, one.span) or (lacks and one.code == "BQ202" and inside(one.span, problem.span)) for one in known):
            yield problem


def inside(inner: Span | None, outer: Span | None) -> bool:
    if inner is None or outer is None or inner.file != outer.file:
        return False
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def read_case(source: str | Path | Mapping[str, Any], library: Library | None = None) -> Case:
    """One case from a YAML or JSON file, or from a mapping of the same form.

    Dates are text ``2026-09-10`` or ``datetime.date``; money is text, ``int`` yuan or ``Decimal``; floats are refused.

    Raises:
        CaseInvalid: with every problem, each at its place.
        WrongUse: `source` is neither a path nor a mapping.
    """
    library = library_of(library)
    if not isinstance(source, str | Path | Mapping):
        raise wrong_argument("source", source, "案例文件的路径，或者一组值", "the path of a case file, or a mapping")
    if isinstance(source, Mapping):
        case, wrong = read_case_mapping(source, library.vocabulary)
        problems = Problems(wrong)
    else:
        cases, problems = read_cases(source, library)
        if problems.ok and not cases:
            problems = Problems([Problem("BQ609", f"{source} 里没有案例", message_en=f"no case in {source}")])
        case = cases[0] if cases else Case("", "", "", {})
    if not problems.ok:
        raise CaseInvalid(problems)
    return replace(case, facts=with_defaults(case.facts, library.vocabulary))


def _place(case: Case, key: str) -> Span | None:
    """Where a case says something of itself; of another product for which it expects the same, where that is named."""
    if case.document is None:
        return None
    if key == "product" and case.for_further_product and case.product in (also := also_for(case.document.value)):
        return case.document.span(("also", also.index(case.product)))
    return case.document.span((key,))


def version_of(case: Case, library: Library) -> tuple[Product, Version]:
    """The product version that the case's contract was formed under (governing date: formation).

    Raises:
        CaseInvalid: the product or service is not known, or the formation date is missing or before the first version.
        ProductInvalid: the product's file has problems, and was left out of the library.
    """
    product = library.products.get(case.product)
    if product is None and case.product in library.unfinished:
        raise ProductInvalid(library.unfinished[case.product].errors)
    if product is None:
        raise CaseInvalid([Problem("BQ610", f"没有产品 {case.product}", _place(case, "product"), did_you_mean(case.product, library.products), message_en=f"there is no product {case.product}")])
    formed = case.facts.get("policy.formation_date")
    version = product.version_on(formed) if formed is not None else None
    if version is None:
        if formed is None and len(product.versions) == 1:
            return product, product.versions[0]
        text = "缺少合同成立日 policy.formation_date，不知适用哪一版条款" if formed is None else "合同成立日早于产品的第一个版本"
        en = "policy.formation_date is needed to choose the clause version" if formed is None else "the contract was formed before the first version"
        raise CaseInvalid([Problem("BQ612", text, _place(case, "facts"), "补上 policy.formation_date / state policy.formation_date", message_en=en)])
    return product, version


def chosen(case: Case, library: Library) -> tuple[Product, Version]:
    """The product version of a case whose service is known."""
    product, version = version_of(case, library)
    service = library.world.services.get(case.service)
    if service is None or service.kind == "library":
        raise CaseInvalid([Problem("BQ611", f"没有保全项目 {case.service}", _place(case, "service"), did_you_mean(case.service, library.services), message_en=f"there is no service {case.service}")])
    return product, version
