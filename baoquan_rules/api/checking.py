"""All that is wrong with files: of products, company rules, cases, rulebook and law."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from baoquan_rules.api.arguments import path_given
from baoquan_rules.api.cases import chosen, inside, not_yet, read_with_fit
from baoquan_rules.api.library import Library, is_case, load, read_library
from baoquan_rules.api.places import HERE, folder_of, products_folder, products_of, shown
from baoquan_rules.authoring import CaseInvalid, Problem, Problems, ProductInvalid, Span, read_documents
from baoquan_rules.compiler.compile import compile_program, readings
from baoquan_rules.compiler.expected import misnamed, misvalued
from baoquan_rules.compiler.program import Program
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.product import Product, Version


def check(path: str | Path | None = None) -> Problems:
    """All problems of a folder of products, or of one file: product, company rules, cases, rulebook or law.

    Every file is held against its schema, the services are compiled for every product version, and cases are read
    (not decided; ``baoquan test`` does that).
    """
    given = (path_given(path) if path is not None else products_folder()).resolve()
    if not given.exists():
        return Problems([Problem("BQ801", f"没有 {path}", None, "请核对路径", message_en=f"there is no {path}", hint_en="check the path")])
    folder = products_of(given)
    if given.is_file() and _holds_cases(given):
        library, problems = read_library(shown(folder_of(given) or products_folder()))
        # Mistakes in other products do not keep the cases from being read; in the one that a case names they stand beside it.
        problems = list(_shared(problems, library)) or list(case_problems(shown(given), library))
        return Problems(dict.fromkeys(problems)).sorted()
    if given.is_dir() and folder_of(given) is None and not given.is_relative_to(HERE.resolve()) and (files := _only_cases(given)):
        library = load()
        return Problems(dict.fromkeys(problem for file in files for problem in case_problems(shown(file), library))).sorted()
    library, problems = read_library(shown(folder), strict=True)
    if Problems(problems).ok:
        # Of one file or folder of products only those are compiled; a rulebook file may matter to any product.
        ours = given.is_relative_to(folder)
        for product in library.products.values():
            if ours and not Path(product.part.document.file).resolve().is_relative_to(given):
                continue
            for version in product.versions:
                for service in library.services:
                    problems.extend(compile_problems(library, product, version, service))
    if Problems(problems).ok and given.is_dir():
        for case_path in sorted(shown(given).rglob("*.cases.yaml")):
            problems.extend(case_problems(case_path, library))
    found = Problems(dict.fromkeys(problems)).sorted()
    if given in (folder, HERE.resolve()):
        return found
    return Problems(p for p in found if p.span is None or Path(p.span.file).resolve().is_relative_to(given))


def _shared(problems: Iterable[Problem], library: Library) -> Problems:
    """The errors that concern every product: those of the rulebook, the law and the company rules."""
    own = {problem for found in library.unfinished.values() for problem in found}
    return Problems(problem for problem in problems if problem not in own).errors


def _only_cases(folder: Path) -> list[Path]:
    """The files of a folder that holds cases and nothing else: they are of the packaged products."""
    files = sorted(folder.rglob("*.yaml"))
    return files if all(path.name.endswith(".cases.yaml") for path in files) else []


def compile_problems(library: Library, product: Product, version: Version, service: str) -> Iterator[Problem]:
    """What is wrong with a service for a product version, under any reading."""
    program, problems = compile_program(library.world, product, version, service)
    yield from problems
    for reading in readings(program)[1:] if program is not None else ():
        yield from compile_program(library.world, product, version, service, reading)[1]


def case_problems(path: Path, library: Library) -> Iterator[Problem]:
    """What is wrong with the cases of a file: their form, their facts, and the names and values they expect.

    All at once: a case with problems is tested as far as it can be read.
    """
    read, problems = read_with_fit(path, library)
    yield from problems
    programs: dict[tuple[str, str, str], Program | None] = {}
    for case, _ in read:
        if not case.product or not case.service:
            continue
        versions, wrong = _versions(case, library, problems)
        yield from not_yet(wrong, problems)
        found: list[dict[tuple[str, Span | None], Problem]] = []
        for product, version in versions:
            key = (product.code, version.id, case.service)
            if key not in programs:
                programs[key] = compile_program(library.world, product, version, case.service)[0]
            program = programs[key]
            if program is not None:
                inside = (*misnamed(case, program, library.vocabulary), *misvalued(case, program))
                found.append({(problem.code, problem.span): problem for problem in inside})
        # Where the version is not known, a name is wrong that is wrong in every one.
        common = [problem for key_of, problem in found[-1].items() if all(key_of in one for one in found)] if found else []
        yield from not_yet(common, problems)


def _versions(case: Case, library: Library, known: Problems) -> tuple[list[tuple[Product, Version]], tuple[Problem, ...]]:
    """The version that decides a case, or all of its product where the day of formation does not say which; and what is wrong."""
    try:
        return [chosen(case, library)], ()
    except ProductInvalid as invalid:
        return [], tuple(invalid.problems)
    except CaseInvalid as invalid:
        product = library.products.get(case.product)
        if product is None or case.service not in library.services:
            return [], tuple(invalid.problems)
        # A day that is stated but cannot be read is not missing.
        day = case.document.span(("facts", "policy", "formation_date")) if case.document is not None else None
        unread = any(inside(day, problem.span) for problem in known)
        return [(product, version) for version in product.versions], () if unread else tuple(invalid.problems)


def _holds_cases(path: Path) -> bool:
    if path.name.endswith((".cases.yaml", ".json")):
        return True
    documents, _ = read_documents(str(path))
    return bool(documents) and is_case(documents[0].value)
