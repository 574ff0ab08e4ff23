"""The public functions: load, check, read_case, decide, decide_table. The only module that knows the order of the stages."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    WrongUse,
    check_schema,
    did_you_mean,
    read_documents,
    read_yaml,
)
from baoquan_rules.compiler.compile import compile_program, readings
from baoquan_rules.compiler.expected import misnamed, misvalued
from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.texts import texts_of
from baoquan_rules.compiler.units import World
from baoquan_rules.contract.case import Case, with_defaults
from baoquan_rules.contract.case import read_case as read_case_mapping
from baoquan_rules.contract.company import read_company
from baoquan_rules.contract.law import LawEntry, read_law
from baoquan_rules.contract.product import Product, TableSpec, Version, read_product, read_tables
from baoquan_rules.contract.rulebook import Parameter, Service, read_service
from baoquan_rules.contract.schema_rulebook import rulebook_kind, rulebook_schema
from baoquan_rules.contract.vocabulary import Vocabulary, read_vocabulary
from baoquan_rules.decision.decision import Decision
from baoquan_rules.decision.decision import decide as decide_ready
from baoquan_rules.decision.readings import Readings, Ready
from baoquan_rules.decision.record import case_of, differences, to_dict
from baoquan_rules.engines import ENGINES, prepare, prepare_many
from baoquan_rules.language import calendar
from baoquan_rules.language.facts import Facts

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


@dataclass(slots=True, repr=False)
class Library:
    """Products, rulebook, law and company rules, read and checked; programs are compiled when first used. Thread-safe.

    Pickled, it is the folder it was read from and its digests: the other process reads its own (once), and refuses where
    the files there are others.
    """

    world: World
    products: Mapping[str, Product]
    digests: Mapping[str, str]
    unfinished: Mapping[str, Problems] = field(default_factory=dict)
    """Products left out because their files have problems, by code; only where `load` was asked to leave them out."""
    _ready: dict[tuple[str, str, str, str], Readings] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)
    _folder: Path | None = None
    """Where ``load`` read it from."""

    def __reduce__(self) -> tuple[Any, ...]:
        if self._folder is None:
            raise _unsendable("这个产品库不是由 load() 读入的", "this library was not read by load()")
        return _same_library, (str(self._folder), self._stamp())

    def _stamp(self) -> tuple[tuple[str, str], ...]:
        """What the library was made of: the digests of its files, and the code of the products left out."""
        products = {f"product {code}": product.digest for code, product in self.products.items()}
        return tuple(sorted({**self.digests, **products, **dict.fromkeys(self.unfinished, "")}.items()))

    def __deepcopy__(self, _: Any) -> "Library":
        return self  # what it holds never changes, but for programs compiled meanwhile

    def __repr__(self) -> str:
        return f"Library({len(self.products)} products, {len(self.services)} services)"

    @property
    def services(self) -> Mapping[str, Service]:
        """The servicing items (libraries left out), by name."""
        return {name: service for name, service in self.world.services.items() if service.kind != "library"}

    def services_declared(self, name: str) -> Mapping[str, Parameter]:
        """The parameters that a service or library declares."""
        found = self.world.services.get(name)
        return found.parameters if found is not None else {}

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts a case may state."""
        return self.world.vocabulary

    def ready(self, product: Product, version: Version, service: str, engine: str) -> Readings:
        """The programs of all readings, made ready to run; each is compiled once, when first asked for."""
        key = (product.code, version.id, service, engine)
        found = self._ready.get(key)
        if found is None:
            with self._lock:
                found = self._ready.get(key) or self._make(product, version, service, engine)
                self._ready[key] = found
        return found

    def _make(self, product: Product, version: Version, service: str, engine: str) -> Readings:
        def make(reading: Mapping[str, Any]) -> Ready:
            program, problems = compile_program(self.world, product, version, service, reading)
            if program is None:
                raise ProductInvalid(problems)
            return Ready(program, prepare(engine, program), texts_of(program))

        first = make({})
        return Readings(first, readings(first.program), make)


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
    unfinished: dict[str, Problems] = {}
    for path in _product_files(folder):
        document, found = read_yaml(str(path))
        mine = list(found)
        product: Product | None = None
        if document is not None and _fits(document, schema_of("product", world), mine):
            product, found_product = read_product(document, world.declared, world.tables, world.law)
            mine.extend(found_product)
        problems.extend(mine)
        if product is None or not Problems(mine).ok:
            code = document.value.get("product") if document is not None and isinstance(document.value, dict) else None
            unfinished[code if isinstance(code, str) else path.stem] = Problems(mine)
            continue
        if product.code in products:
            other = products[product.code].part.document.file
            problems.append(product.part.problem(
                "BQ330", f"产品代码 {product.code} 已经用在 {other}", f"the product code {product.code} is already used in {other}", "换一个代码 / choose another code"))  # fmt: skip
            continue
        products[product.code] = product
    return Library(world, products, {**digests, "company": company_digest}, unfinished, _folder=folder.resolve()), problems


_PACKAGED: list[Library] = []
_ARRIVED: dict[tuple[str, Any], Library] = {}
"""Libraries that came pickled, so that a thousand decisions from another process read their folder once."""


def _same_library(folder: str, stamp: tuple[tuple[str, str], ...]) -> Library:
    """The library that another process pickled, read here.

    Raises:
        WrongUse: the files here are not those that it was made of.
        ProductInvalid: they have problems.
    """
    if Path(folder) == products_folder().resolve() and load()._stamp() == stamp:
        return load()
    known = _ARRIVED.get((folder, stamp))
    if known is None:
        known = load(folder, leave_out_unfinished=True)
        if known._stamp() != stamp:
            other = ", ".join(dict.fromkeys(name for name, _ in sorted(set(known._stamp()) ^ set(stamp))))
            raise _unsendable(f"{folder} 的文件与送来的不同（{other}）", f"the files of {folder} are not those it was made of ({other})")
        if len(_ARRIVED) >= 4:
            _ARRIVED.clear()
        _ARRIVED[folder, stamp] = known
    return known


def _unsendable(zh: str, en: str) -> WrongUse:
    return WrongUse([Problem("BQ901", f"不能在进程之间传送：{zh}", None, "传送 decision.to_json() 的文字",
                             message_en=f"cannot be sent between processes: {en}", hint_en="send the text of decision.to_json()")])  # fmt: skip


def load(path: str | Path | None = None, *, leave_out_unfinished: bool = False) -> Library:
    """The library of products in a folder; the packaged products by default.

    Where asked to, products whose files have problems are left out and stand in ``Library.unfinished``.

    Raises:
        ProductInvalid: a file has problems; ``str()`` of it shows each at file, line and column.
        WrongUse: `path` is no path.
    """
    if path is None and _PACKAGED:
        return _PACKAGED[0]
    if path is not None and not _path(path).is_dir():
        raise ProductInvalid([_no_folder(path)])
    library, problems = _read_library(Path(path) if path is not None else products_folder())
    left_out = {problem for found in library.unfinished.values() for problem in found} if leave_out_unfinished else set()
    errors = Problems(problem for problem in problems if problem not in left_out).errors
    if errors:
        raise ProductInvalid(errors)
    if path is None:
        _PACKAGED.append(library)
    return library


def _path(given: object, name: str = "path") -> Path:
    """A path that a caller gave."""
    if isinstance(given, str | Path):
        return Path(given)
    raise _wrong(name, given, "文件或文件夹的路径", "the path of a file or folder")


def _no_folder(path: object) -> Problem:
    return Problem("BQ801", f"没有文件夹 {path}", None, "写产品文件夹的路径：里面有 company.yaml",
                   message_en=f"there is no folder {path}", hint_en="give the path of a folder of products, with its company.yaml")  # fmt: skip


def check(path: str | Path | None = None) -> Problems:
    """All problems of a folder of products, or of one file: product, company rules, cases, rulebook or law.

    Every file is held against its schema, the services are compiled for every product version, and cases are read
    (not decided; ``baoquan test`` does that).
    """
    given = (_path(path) if path is not None else products_folder()).resolve()
    if not given.exists():
        return Problems([Problem("BQ801", f"没有 {path}", None, "请核对路径", message_en=f"there is no {path}", hint_en="check the path")])
    folder = _products_of(given)
    if given.is_file() and _holds_cases(given):
        library, problems = _read_library(_shown(folder_of(given) or products_folder()))
        if Problems(problems).ok:
            problems = list(_case_problems(_shown(given), library))
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
                    problems.extend(_compile_problems(library, product, version, service))
    if Problems(problems).ok and given.is_dir():
        for case_path in sorted(_shown(given).rglob("*.cases.yaml")):
            problems.extend(_case_problems(case_path, library))
    found = Problems(dict.fromkeys(problems)).sorted()
    if given in (folder, HERE.resolve()):
        return found
    return Problems(p for p in found if p.span is None or Path(p.span.file).resolve().is_relative_to(given))


def _compile_problems(library: Library, product: Product, version: Version, service: str) -> Iterator[Problem]:
    """What is wrong with a service for a product version, under any reading."""
    program, problems = compile_program(library.world, product, version, service)
    yield from problems
    for reading in readings(program)[1:] if program is not None else ():
        yield from compile_program(library.world, product, version, service, reading)[1]


def _case_problems(path: Path, library: Library) -> Iterator[Problem]:
    """What is wrong with the cases of a file: their form, their facts, and the names and values they expect.

    All at once: a case with problems is tested as far as it can be read.
    """
    read, problems = _read_cases(path, library)
    yield from problems
    programs: dict[tuple[str, str, str], Program | None] = {}
    for case, _ in read:
        if not case.product or not case.service:
            continue
        versions, wrong = _versions(case, library, problems)
        yield from _not_yet(wrong, problems)
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
        yield from _not_yet(common, problems)


def _versions(case: Case, library: Library, known: Problems) -> tuple[list[tuple[Product, Version]], tuple[Problem, ...]]:
    """The version that decides a case, or all of its product where the day of formation does not say which; and what is wrong."""
    try:
        return [_chosen(case, library)], ()
    except CaseInvalid as invalid:
        product = library.products.get(case.product)
        if product is None or case.service not in library.services:
            return [], tuple(invalid.problems)
        # A day that is stated but cannot be read is not missing.
        day = case.document.span(("facts", "policy", "formation_date")) if case.document is not None else None
        unread = any(_inside(day, problem.span) for problem in known)
        return [(product, version) for version in product.versions], () if unread else tuple(invalid.problems)


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
    read, problems = _read_cases(path, library_of(library))
    return [case for case, fits in read if fits], problems


def _read_cases(path: str | Path, library: Library) -> tuple[list[tuple[Case, bool]], Problems]:
    """The cases of a file and whether each fits the schema; of one that does not, what can be read."""
    documents, problems = read_documents(str(_path(path)))
    found = list(problems)
    cases: list[tuple[Case, bool]] = []
    for document in documents:
        unfit: list[Problem] = []
        fits = _fits(document, schema_of("cases", library.world), unfit)
        found.extend(unfit)
        if isinstance(document.value, dict):
            case, wrong = read_case_mapping(document.value, library.vocabulary, document)
            found.extend(_not_yet(wrong, unfit))
            case = replace(case, facts=with_defaults(case.facts, library.vocabulary))
            cases.append((case, fits))
            cases.extend((replace(case, name=f"{case.name}（{code}）", product=code), fits) for code in _also(document.value))
    return cases, Problems(found)


def _also(stated: Mapping[str, Any]) -> tuple[str, ...]:
    """The other products for which a case expects the same."""
    listed = stated.get("also")
    return tuple(str(code) for code in listed) if isinstance(listed, list) else ()


def _not_yet(found: Iterable[Problem], known: Iterable[Problem]) -> Iterator[Problem]:
    """The problems of places that none of the known ones speaks of."""
    for problem in found:
        # That something lacks a value is said of all of it here, and of its first key by the schema.
        lacks = problem.code in ("BQ602", "BQ608")
        if not any(_inside(problem.span, one.span) or (lacks and one.code == "BQ202" and _inside(one.span, problem.span)) for one in known):
            yield problem


def _inside(inner: Span | None, outer: Span | None) -> bool:
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
        raise _wrong("source", source, "案例文件的路径，或者一组值", "the path of a case file, or a mapping")
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
    if key == "product" and case.for_further_product and case.product in (also := _also(case.document.value)):
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


def decide(case: Case | Mapping[str, Any], library: Library | None = None, *, engine: str = "direct") -> Decision:
    """The decision of a case: outcome, findings, figures, effects, deadlines, explanation.

    Args:
        case: from ``read_case``, or a mapping of the same form.
        library: the packaged products by default.
        engine: ``direct``, ``durable`` or ``columnar``; all give the same decision.

    Raises:
        CaseInvalid: the case cannot be read, or names no known product or service.
        WrongUse: an argument of a wrong kind, or there is no such engine.
    """
    library, engine = library_of(library), _engine(engine)
    if isinstance(case, Mapping):
        case = read_case(case, library)
    elif not isinstance(case, Case):
        raise _wrong("case", case, "read_case() 得到的 Case，或者一组值", "a Case from read_case(), or a mapping",
                     "案例文件先用 read_case 读" if isinstance(case, str | Path) else None,
                     "read a case file with read_case first" if isinstance(case, str | Path) else None)  # fmt: skip
    product, version = _chosen(case, library)
    return _decided(case, library, product, version, library.ready(product, version, case.service, engine), engine)


def decide_many(cases: Sequence[Case], library: Library | None = None, *, engine: str = "direct") -> list[Decision]:
    """The decisions of many cases, in their order; an engine made for many works out each program's cases at once.

    Raises:
        CaseInvalid: a case names no known product or service.
        WrongUse: `cases` holds something else than cases, or there is no such engine.
    """
    library, engine = library_of(library), _engine(engine)
    for one in cases if isinstance(cases, Sequence) else (cases,):
        if not isinstance(one, Case):
            raise _wrong("cases", one, "一列 read_case() 得到的 Case", "cases from read_case()")
    groups: dict[tuple[str, str, str], list[int]] = {}
    for index, case in enumerate(cases):
        product, version = _chosen(case, library)
        groups.setdefault((product.code, version.id, case.service), []).append(index)
    out: dict[int, Decision] = {}
    for (code, _, service), indices in groups.items():
        product, version = _chosen(cases[indices[0]], library)
        ready = library.ready(product, version, service, engine)
        facts = [cases[index].facts for index in indices]
        values = _together(engine, ready, facts)
        for row, index in enumerate(indices):
            known = ready.recalling({place: found[row] for place, found in values.items()}) if values else ready
            out[index] = _decided(cases[index], library, library.products[code], version, known, engine)
    return [out[index] for index in range(len(cases))]


def _together(engine: str, ready: Readings, facts: Sequence[Facts]) -> dict[int, list[tuple[Any, ...]]]:
    """The values of many cases under each reading that one of them asks for, by place; none where the engine takes one at a time."""
    first = prepare_many(engine, ready[0].program)
    if first is None:
        return {}
    values = {0: first(facts)}
    for place in sorted({place for found in values[0] for place in ready.asked(found)}):
        run = prepare_many(engine, ready[place].program)
        if run is not None:
            values[place] = run(facts)
    return values


def _chosen(case: Case, library: Library) -> tuple[Product, Version]:
    """The product version of a case whose service is known."""
    product, version = version_of(case, library)
    service = library.world.services.get(case.service)
    if service is None or service.kind == "library":
        raise CaseInvalid([Problem("BQ611", f"没有保全项目 {case.service}", _place(case, "service"), did_you_mean(case.service, library.services), message_en=f"there is no service {case.service}")])
    return product, version


def _decided(case: Case, library: Library, product: Product, version: Version, ready: Readings, engine: str) -> Decision:
    stamps = {"product": product.digest, "version": version.id, **library.digests, "calendar": calendar.CALENDAR_VERSION}
    return decide_ready(case, ready, library.vocabulary, engine, stamps, _Again(case, library))


@dataclass(frozen=True, slots=True)
class _Again:
    """Decides the case of a decision again: with some facts changed, or as it was in the process that it came from."""

    case: Case
    library: Library

    def __call__(self, changes: Mapping[str, Any], other: str | None) -> Decision:
        facts = {key: value for key, value in {**self.case.facts, **changes}.items() if value is not None}
        return decide(replace(self.case, facts=facts, service=other or self.case.service), self.library, engine="direct")

    def same(self, engine: str, stamps: Mapping[str, str]) -> Decision:
        """The decision that another process pickled.

        Raises:
            WrongUse: this process would decide it by other files, or another version of them.
        """
        decision = decide(self.case, self.library, engine=engine)
        if decision.stamps != stamps:
            raise _unsendable("版本不同", "it was decided by other versions")
        return decision


def replay(text: str | bytes, library: Library | None = None) -> tuple[bool, tuple[str, ...]]:
    """Derive a recorded decision again from its own record: whether it is the same, and every difference.

    Raises:
        CaseInvalid: the text is no record, or one that was masked for a recipient.
        WrongUse: it is no text.
    """
    if not isinstance(text, str | bytes):
        raise _wrong("text", text, "一份决定记录的 JSON 文字", "the JSON text of a record")
    library = library_of(library)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"第 {error.lineno} 行第 {error.colno} 列" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        at = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise CaseInvalid([Problem("BQ701", f"不能重算：不是 JSON（{where}）", None, "文件应是 baoquan decide … --json 写出的一份记录",
                                   message_en=f"cannot replay: this is not JSON ({at})",
                                   hint_en="the file must be a record written by baoquan decide ... --json")]) from None  # fmt: skip
    case = read_case(case_of(record), library)
    engine = record.get("engine")
    if engine not in ENGINES:
        raise CaseInvalid([Problem("BQ701", f"不能重算：没有名为 {engine} 的引擎", None, f"可用：{'、'.join(ENGINES)}",
                                   message_en=f"cannot replay: there is no engine {engine}", hint_en=f"one of: {', '.join(ENGINES)}")])  # fmt: skip
    found = differences(record, to_dict(decide(case, library, engine=engine), recipient="auditor"))
    return not found, found


def library_of(given: object) -> Library:
    """The library that a caller gave, or the packaged one.

    Raises:
        WrongUse: it is no library.
    """
    if given is None:
        return load()
    if isinstance(given, Library):
        return given
    raise _wrong("library", given, "load() 得到的 Library，或者不写", "a Library from load(), or nothing")


def _wrong(name: str, found: object, zh: str, en: str, hint: str | None = None, hint_en: str | None = None) -> WrongUse:
    """An argument of a wrong kind. The value itself may hold personal data and is not shown."""
    kind = type(found).__name__
    return WrongUse([Problem("BQ901", f"参数 {name} 应为{zh}，得到的是 {kind}", None, hint, message_en=f"{name} must be {en}; found {kind}", hint_en=hint_en)])


def _engine(name: object) -> str:
    if isinstance(name, str) and name in ENGINES:
        return name
    shown = f"“{name[:40]}”" if isinstance(name, str) else type(name).__name__
    raise WrongUse([Problem(
        "BQ901", f"参数 engine 只能是 {'、'.join(ENGINES)}，得到的是 {shown}", None, did_you_mean(str(name), ENGINES),
        message_en=f"engine must be one of {', '.join(ENGINES)}; found {shown}")])  # fmt: skip


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
