"""The public functions: load, check, read_case, decide, decide_table. The only module that knows the order of the stages."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from baoquan_rules.authoring import (
    CaseInvalid,
    Document,
    Problem,
    Problems,
    ProductInvalid,
    Span,
    check_schema,
    nearest,
    read_documents,
    read_yaml,
)
from baoquan_rules.compiler.compile import compile_program, readings
from baoquan_rules.compiler.units import World
from baoquan_rules.contract.case import Case, with_defaults
from baoquan_rules.contract.case import read_case as read_case_mapping
from baoquan_rules.contract.company import read_company
from baoquan_rules.contract.law import LawEntry, read_law
from baoquan_rules.contract.product import Product, TableSpec, Version, read_product, read_tables
from baoquan_rules.contract.rulebook import Parameter, Service, read_service
from baoquan_rules.contract.schema_rulebook import rulebook_kind, rulebook_schema
from baoquan_rules.contract.vocabulary import Vocabulary, read_vocabulary
from baoquan_rules.decision.decision import Decision, Ready
from baoquan_rules.decision.decision import decide as decide_ready
from baoquan_rules.decision.record import case_of, differences, to_dict
from baoquan_rules.engines import ENGINES, prepare, prepare_many
from baoquan_rules.language import calendar

HERE = Path(__file__).parent
COMPANY = "company.yaml"


def products_folder() -> Path:
    """The packaged products: inside the wheel, or beside the package in a source tree."""
    inside = HERE / "products"
    return inside if inside.is_dir() else HERE.parent / "products"


def folder_of(path: str | Path) -> Path | None:
    """The folder of products that a file lies in: the nearest one above it with company rules; ``None`` outside any."""
    start = Path(path).resolve()
    for folder in (start, *start.parents):
        if (folder / COMPANY).is_file():
            return None if folder == products_folder().resolve() else folder
    return None


def rulebook_files() -> tuple[Path, ...]:
    """The rulebook and law that ship with the package."""
    return tuple(sorted((HERE / "rulebook").glob("*.yaml"))) + tuple(sorted((HERE / "law").glob("*.yaml")))


@dataclass(slots=True)
class Library:
    """Products, rulebook, law and company rules, read and checked; programs are compiled when first used. Thread-safe."""

    world: World
    products: Mapping[str, Product]
    digests: Mapping[str, str]
    _ready: dict[tuple[str, str, str, str], tuple[Ready, ...]] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)

    @property
    def services(self) -> Mapping[str, Service]:
        """The servicing items (libraries left out), by name."""
        return {name: service for name, service in self.world.services.items() if service.kind != "library"}

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts a case may state."""
        return self.world.vocabulary

    def ready(self, product: Product, version: Version, service: str, engine: str) -> tuple[Ready, ...]:
        """The programs of all readings, made ready to run; compiled once."""
        key = (product.code, version.id, service, engine)
        found = self._ready.get(key)
        if found is None:
            with self._lock:
                found = self._ready.get(key) or self._make(product, version, service, engine)
                self._ready[key] = found
        return found

    def _make(self, product: Product, version: Version, service: str, engine: str) -> tuple[Ready, ...]:
        out = []
        for reading in readings(self.world, version, service):
            program, problems = compile_program(self.world, product, version, service, reading)
            if program is None:
                raise ProductInvalid(problems)
            texts = replace(program, nodes=program.texts)
            out.append(Ready(program, prepare(engine, program), prepare("direct", texts)))
        return tuple(out)


def _load_world(company: Document | None, problems: list[Problem], *, strict: bool) -> tuple[World, dict[str, str]]:
    """Rulebook, law and company rules. Where ``strict``, every file of the rulebook and the law is held against its schema."""
    vocabulary = Vocabulary({}, {})
    services: dict[str, Service] = {}
    law: dict[str, LawEntry] = {}
    tables: dict[str, TableSpec] = {}
    digests = {"rulebook": hashlib.sha256(), "law": hashlib.sha256()}
    for path in rulebook_files():
        document, found = read_yaml(str(path))
        problems.extend(found)
        if document is None:
            continue
        digests[path.parent.name].update(document.text.encode())
        kind = rulebook_kind(document, path.parent.name)
        fits = not strict or _fits(document, rulebook_schema(kind), problems)
        inner: list[Problem] = []
        try:
            if kind == "law":
                entries, inner = read_law(document)
                law |= entries
            elif kind == "vocabulary":
                vocabulary, inner = read_vocabulary(document)
            elif kind == "service":
                service, inner = read_service(document)
                services[service.name] = service
                tables |= read_tables(service.part.get("tables"))
        except (AttributeError, KeyError, TypeError, ValueError):
            # Readers rely on the schema, which load() leaves out for the files of the package to be quick.
            if fits and _fits(document, rulebook_schema(kind), problems):
                raise
        # A file that does not fit its schema is still read, lest all that needs it be reported too.
        problems.extend(inner if fits else ())
    declared: dict[str, dict[str, Parameter]] = {}
    for service in services.values():
        if service.clause and (service.parameters or service.clause not in declared):
            declared.setdefault(service.clause, {}).update(service.parameters)
    rules = services["company_rules"].parameters if "company_rules" in services else {}
    empty, _ = read_company(None, rules)
    world = World(vocabulary, services, law, empty, tables, declared)
    if company is not None and _fits(company, schema_of("company", world), problems):
        made, found_company = read_company(company, rules)
        problems.extend(found_company)
        world = replace(world, company=made)
    return world, {name: digest.hexdigest() for name, digest in digests.items()}


_SCHEMAS: dict[tuple[int, str], tuple[World, dict[str, Any]]] = {}


def schema_of(name: str, world: World) -> dict[str, Any]:
    """The schema of product, company or cases files that a rulebook makes; made once for each."""
    key = (id(world), name)
    if key not in _SCHEMAS:
        from baoquan_rules.contract.schemas import schema_for

        if len(_SCHEMAS) > 16:
            _SCHEMAS.clear()
        _SCHEMAS[key] = (world, schema_for(name, world))
    return _SCHEMAS[key][1]


def _fits(document: Document, schema: Mapping[str, Any], problems: list[Problem]) -> bool:
    """Whether a document fits its schema; what does not is noted."""
    found = check_schema(document, schema)
    problems.extend(found)
    return found.ok


def _product_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.yaml")):
        if not path.name.endswith(".cases.yaml") and path.name != COMPANY:
            yield path


def _read_library(folder: Path, *, strict: bool = False) -> tuple[Library, list[Problem]]:
    problems: list[Problem] = []
    company_path = folder / COMPANY
    company: Document | None = None
    company_digest = ""
    if company_path.is_file():
        company, found = read_yaml(str(company_path))
        problems.extend(found)
        company_digest = hashlib.sha256(company.text.encode()).hexdigest() if company is not None else ""
    else:
        problems.append(Problem("BQ310", f"{folder} 里没有 {COMPANY}", None, f"补上公司规定文件 {COMPANY}：利率、限额等写在里面",
                                message_en=f"{folder} has no {COMPANY}", hint_en="add the company rules: rates, limits and the like"))  # fmt: skip
    world, digests = _load_world(company, problems, strict=strict)
    products: dict[str, Product] = {}
    for path in _product_files(folder):
        document, found = read_yaml(str(path))
        problems.extend(found)
        if document is None or not _fits(document, schema_of("product", world), problems):
            continue
        product, found_product = read_product(document, world.declared, world.tables, world.law)
        problems.extend(found_product)
        if product.code in products:
            other = products[product.code].part.document.file
            problems.append(product.part.problem(
                "BQ330", f"产品代码 {product.code} 已经用在 {other}", f"the product code {product.code} is already used in {other}", "换一个代码"))  # fmt: skip
        products[product.code] = product
    return Library(world, products, {**digests, "company": company_digest}), problems


_PACKAGED: list[Library] = []


def load(path: str | Path | None = None) -> Library:
    """The library of products in a folder; the packaged products by default.

    Raises:
        ProductInvalid: a file has problems; ``str()`` of it shows each at file, line and column.
    """
    if path is None and _PACKAGED:
        return _PACKAGED[0]
    library, problems = _read_library(Path(path) if path is not None else products_folder())
    if any(problem.severity == "error" for problem in problems):
        raise ProductInvalid(Problems(problems).errors)
    if path is None:
        _PACKAGED.append(library)
    return library


def check(path: str | Path | None = None) -> Problems:
    """All problems of a folder of products, or of one file: product, company rules, cases, rulebook or law.

    Every file is held against its schema, the services are compiled for every product version, and cases are read
    (not decided; ``baoquan test`` does that).
    """
    given = (Path(path) if path is not None else products_folder()).resolve()
    folder = _products_of(given)
    if given.is_file() and _holds_cases(given):
        library, problems = _read_library(_shown(folder))
        if Problems(problems).ok:
            problems = list(read_cases(_shown(given), library)[1])
        return Problems(dict.fromkeys(problems)).sorted()
    library, problems = _read_library(_shown(folder), strict=True)
    if Problems(problems).ok:
        # Of one file or folder of products only those are compiled; a rulebook file may matter to any product.
        ours = given.is_relative_to(folder)
        for product in library.products.values():
            if ours and not Path(product.part.document.file).resolve().is_relative_to(given):
                continue
            for version in product.versions:
                for service in library.services:
                    for reading in readings(library.world, version, service):
                        problems.extend(compile_program(library.world, product, version, service, reading)[1])
    if Problems(problems).ok and given.is_dir():
        for case_path in sorted(_shown(given).rglob("*.cases.yaml")):
            problems.extend(read_cases(case_path, library)[1])
    found = Problems(dict.fromkeys(problems)).sorted()
    if given in (folder, HERE.resolve()):
        return found
    return Problems(p for p in found if p.span is None or Path(p.span.file).resolve().is_relative_to(given))


def _products_of(given: Path) -> Path:
    """The folder of products that a path belongs to: the one with the company rules; the packaged one for the rulebook."""
    if given.is_relative_to(HERE.resolve()) and not given.is_relative_to(products_folder().resolve()):
        return products_folder().resolve()
    start = given if given.is_dir() else given.parent
    return next((one for one in (start, *list(start.parents)[:3]) if (one / COMPANY).is_file()), start)


def _shown(path: Path) -> Path:
    """A path as messages show it: from the working folder where it lies below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _holds_cases(path: Path) -> bool:
    if path.name.endswith((".cases.yaml", ".json")):
        return True
    documents, _ = read_documents(str(path))
    return bool(documents) and isinstance(documents[0].value, dict) and not {"facts", "expect"}.isdisjoint(documents[0].value)


def read_cases(path: str | Path, library: Library | None = None) -> tuple[list[Case], Problems]:
    """The cases of a file (several, separated by ``---``), and what is wrong with them."""
    library = library or load()
    documents, problems = read_documents(str(path))
    found = list(problems)
    cases: list[Case] = []
    for document in documents:
        if not _fits(document, schema_of("cases", library.world), found):
            continue
        case, wrong = read_case_mapping(document.value, library.vocabulary, document)
        found.extend(wrong)
        cases.append(replace(case, facts=with_defaults(case.facts, library.vocabulary)))
    return cases, Problems(found)


def read_case(source: str | Path | Mapping[str, Any], library: Library | None = None) -> Case:
    """One case from a YAML or JSON file, or from a mapping of the same form.

    Dates are text ``2026-09-10`` or ``datetime.date``; money is text, ``int`` yuan or ``Decimal``; floats are refused.

    Raises:
        CaseInvalid: with every problem, each at its place.
    """
    library = library or load()
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
    return case.document.span((key,)) if case.document is not None else None


def version_of(case: Case, library: Library) -> tuple[Product, Version]:
    """The product version that the case's contract was formed under (governing date: formation).

    Raises:
        CaseInvalid: the product or service is not known, or the formation date is missing or before the first version.
    """
    product = library.products.get(case.product)
    if product is None:
        near = nearest(case.product, library.products)
        hint = f"是不是 {near}？" if near else f"可用：{'、'.join(sorted(library.products))}"
        raise CaseInvalid([Problem("BQ610", f"没有产品 {case.product}", _place(case, "product"), hint, message_en=f"there is no product {case.product}")])
    formed = case.facts.get("policy.formation_date")
    version = product.version_on(formed) if formed is not None else None
    if version is None:
        if formed is None and len(product.versions) == 1:
            return product, product.versions[0]
        text = "缺少合同成立日 policy.formation_date，不知适用哪一版条款" if formed is None else "合同成立日早于产品的第一个版本"
        en = "policy.formation_date is needed to choose the clause version" if formed is None else "the contract was formed before the first version"
        raise CaseInvalid([Problem("BQ612", text, _place(case, "facts"), "补上 policy.formation_date", message_en=en)])
    return product, version


def decide(case: Case | Mapping[str, Any], library: Library | None = None, *, engine: str = "direct") -> Decision:
    """The decision of a case: outcome, findings, figures, effects, deadlines, explanation.

    Args:
        case: from ``read_case``, or a mapping of the same form.
        library: the packaged products by default.
        engine: ``direct``, ``durable`` or ``columnar``; all give the same decision.

    Raises:
        CaseInvalid: the case cannot be read, or names no known product or service.
        ValueError: there is no such engine.
    """
    library = library or load()
    if not isinstance(case, Case):
        case = read_case(case, library)
    product, version = _chosen(case, library)
    return _decided(case, library, product, version, library.ready(product, version, case.service, engine), engine)


def decide_many(cases: Sequence[Case], library: Library | None = None, *, engine: str = "direct") -> list[Decision]:
    """The decisions of many cases, in their order; an engine made for many works out each program's cases at once.

    Raises:
        CaseInvalid: a case names no known product or service.
        ValueError: there is no such engine.
    """
    library = library or load()
    groups: dict[tuple[str, str, str], list[int]] = {}
    for index, case in enumerate(cases):
        product, version = _chosen(case, library)
        groups.setdefault((product.code, version.id, case.service), []).append(index)
    out: dict[int, Decision] = {}
    for (code, _, service), indices in groups.items():
        product, version = _chosen(cases[indices[0]], library)
        ready = library.ready(product, version, service, engine)
        many = [prepare_many(engine, one.program) for one in ready]
        facts = [cases[index].facts for index in indices]
        values = [None if run is None else run(facts) for run in many]
        for row, index in enumerate(indices):
            known = tuple(
                one if found is None else replace(one, run=partial(_recalled, found[row]))
                for one, found in zip(ready, values, strict=True)
            )
            out[index] = _decided(cases[index], library, library.products[code], version, known, engine)
    return [out[index] for index in range(len(cases))]


def _recalled(values: tuple[Any, ...], _: Any) -> tuple[Any, ...]:
    """Values worked out before, whatever the facts."""
    return values


def _chosen(case: Case, library: Library) -> tuple[Product, Version]:
    """The product version of a case whose service is known."""
    product, version = version_of(case, library)
    service = library.world.services.get(case.service)
    if service is None or service.kind == "library":
        near = nearest(case.service, library.services)
        hint = f"是不是 {near}？" if near else f"可用：{'、'.join(sorted(library.services))}"
        raise CaseInvalid([Problem("BQ611", f"没有保全项目 {case.service}", _place(case, "service"), hint, message_en=f"there is no service {case.service}")])
    return product, version


def _decided(case: Case, library: Library, product: Product, version: Version, ready: tuple[Ready, ...], engine: str) -> Decision:
    stamps = {"product": product.digest, "version": version.id, **library.digests, "calendar": calendar.CALENDAR_VERSION}

    def again(changes: Mapping[str, Any], other: str | None) -> Decision:
        facts = {key: value for key, value in {**case.facts, **changes}.items() if value is not None}
        return decide(replace(case, facts=facts, service=other or case.service), library, engine="direct")

    return decide_ready(case, ready, library.vocabulary, engine, stamps, again)


def replay(text: str, library: Library | None = None) -> tuple[bool, tuple[str, ...]]:
    """Derive a recorded decision again from its own record: whether it is the same, and every difference.

    Raises:
        CaseInvalid: the text is no record, or one that was masked for a recipient.
    """
    library = library or load()
    try:
        record = json.loads(text)
        case = read_case(case_of(record), library)
        if record.get("engine") not in ENGINES:
            raise ValueError(f"没有名为 {record.get('engine')} 的引擎")
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise CaseInvalid([Problem("BQ701", f"不能重算：{error}", message_en=f"cannot replay: {error}")]) from None
    derived = to_dict(decide(case, library, engine=record.get("engine", "direct")), recipient="auditor")
    found = differences(record, derived)
    return not found, found


__all__: Sequence[str] = (
    "Library",
    "check",
    "decide",
    "decide_many",
    "load",
    "read_case",
    "read_cases",
    "replay",
    "version_of",
)  # fmt: skip
