"""A folder of products -> its library: rulebook, law, company rules and products, read and checked."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from baoquan_rules.api.arguments import path_given, unsendable, wrong_argument
from baoquan_rules.api.places import COMPANY, products_folder, rulebook_files
from baoquan_rules.authoring import Document, Problem, Problems, ProductInvalid, check_schema, read_yaml
from baoquan_rules.compiler.compile import compile_program, readings
from baoquan_rules.compiler.texts import texts_of
from baoquan_rules.compiler.units import World
from baoquan_rules.contract.company import read_company
from baoquan_rules.contract.law import LawEntry, read_law
from baoquan_rules.contract.product import Product, TableSpec, Version, read_product, read_tables
from baoquan_rules.contract.rulebook import Parameter, Service, read_service
from baoquan_rules.contract.schema_rulebook import rulebook_kind, rulebook_schema
from baoquan_rules.contract.vocabulary import Vocabulary, read_vocabulary
from baoquan_rules.decision.readings import Readings, Ready
from baoquan_rules.engines import prepare


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
            raise unsendable("这个产品库不是由 load() 读入的", "this library was not read by load()")
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
        fits = not strict or fits_schema(document, rulebook_schema(kind), problems)
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
            if fits and fits_schema(document, rulebook_schema(kind), problems):
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
    if company is not None and fits_schema(company, schema_of("company", world), problems):
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


def fits_schema(document: Document, schema: Mapping[str, Any], problems: list[Problem]) -> bool:
    """Whether a document fits its schema; what does not is noted."""
    found = check_schema(document, schema)
    problems.extend(found)
    return found.ok


def _product_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.yaml")):
        if not path.name.endswith(".cases.yaml") and path.name != COMPANY:
            yield path


def is_case(value: Any) -> bool:
    """Whether a document is meant as a case, whatever else is wrong with it; files of the rulebook and of products have none of this."""
    return isinstance(value, dict) and (not {"facts", "expect", "case"}.isdisjoint(value) or {"product", "service"} <= value.keys())


def read_library(folder: Path, *, strict: bool = False) -> tuple[Library, list[Problem]]:
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
        if document is not None and is_case(document.value):
            misplaced = Problem("BQ332", f"{path} 是案例，名称却不以 .cases.yaml 结尾", document.span(()), f"改名为 {path.stem}.cases.yaml",
                                message_en=f"{path} holds a case, but its name does not end in .cases.yaml", hint_en=f"name it {path.stem}.cases.yaml")  # fmt: skip
            problems.append(misplaced)
            unfinished[str(path)] = Problems([misplaced])
            continue
        product: Product | None = None
        if document is not None and fits_schema(document, schema_of("product", world), mine):
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
            raise unsendable(f"{folder} 的文件与送来的不同（{other}）", f"the files of {folder} are not those it was made of ({other})")
        if len(_ARRIVED) >= 4:
            _ARRIVED.clear()
        _ARRIVED[folder, stamp] = known
    return known


def load(path: str | Path | None = None, *, leave_out_unfinished: bool = False) -> Library:
    """The library of products in a folder; the packaged products by default.

    Where asked to, products whose files have problems are left out and stand in ``Library.unfinished``.

    Raises:
        ProductInvalid: a file has problems; ``str()`` of it shows each at file, line and column.
        WrongUse: `path` is no path.
    """
    if path is None and _PACKAGED:
        return _PACKAGED[0]
    if path is not None and not path_given(path).is_dir():
        raise ProductInvalid([no_folder(path)])
    library, problems = read_library(Path(path) if path is not None else products_folder())
    left_out = {problem for found in library.unfinished.values() for problem in found} if leave_out_unfinished else set()
    errors = Problems(problem for problem in problems if problem not in left_out).errors
    if errors:
        raise ProductInvalid(errors)
    if path is None:
        _PACKAGED.append(library)
    return library


def no_folder(path: object) -> Problem:
    return Problem("BQ801", f"没有文件夹 {path}", None, "写产品文件夹的路径：里面有 company.yaml",
                   message_en=f"there is no folder {path}", hint_en="give the path of a folder of products, with its company.yaml")  # fmt: skip


def library_of(given: object) -> Library:
    """The library that a caller gave, or the packaged one.

    Raises:
        WrongUse: it is no library.
    """
    if given is None:
        return load()
    if isinstance(given, Library):
        return given
    raise wrong_argument("library", given, "load() 得到的 Library，或者不写", "a Library from load(), or nothing")
