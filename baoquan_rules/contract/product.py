"""products/<line>/<code>.yaml -> a Product: its versions, what each clause sets, its tables and exceptions."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baoquan_rules.authoring import Document, Problem, both, did_you_mean
from baoquan_rules.contract.law import LawEntry
from baoquan_rules.contract.lengths import Beyond, beyond
from baoquan_rules.contract.part import Part, Words, root, words
from baoquan_rules.contract.rulebook import Parameter
from baoquan_rules.contract.scalars import scalar, show_value
from baoquan_rules.language import civil
from baoquan_rules.language.facts import Table
from baoquan_rules.language.text import Period
from baoquan_rules.language.types import INT_LIMIT, MONEY, RATE, Type, whole

SILENT = "silent"
"""What a product writes where its clause does not say."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A kind of table: its keys (whole numbers) and the type of its value."""

    name: str
    keys: tuple[str, ...]
    type: Type
    label: Words


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a version: number, text in the product's own words, and what it sets."""

    name: str
    number: str
    text: Words
    values: Mapping[str, Any]
    silent: frozenset[str]
    part: Part


@dataclass(frozen=True, slots=True)
class Version:
    """The clauses of contracts formed from one day on."""

    id: str
    start: int
    clauses: Mapping[str, Clause]
    tables: Mapping[str, Table]
    exceptions: tuple[Part, ...]
    notes: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Product:
    """A product with its versions, oldest first, and the SHA-256 of its files."""

    code: str
    name: Words
    line: str
    filed: int
    versions: tuple[Version, ...]
    digest: str
    part: Part

    def version_on(self, day: int) -> Version | None:
        """The version of a contract formed on a day."""
        return next((version for version in reversed(self.versions) if version.start <= day), None)


Clauses = Mapping[str, Mapping[str, Parameter]]


def read_product(
    document: Document, declared: Clauses, tables: Mapping[str, TableSpec], law: Mapping[str, LawEntry]
) -> tuple[Product, list[Problem]]:
    """The product of a checked document, tested against what the rulebook declares and the law bounds."""
    top = root(document)
    problems: list[Problem] = []
    filed = _day(top.get("filed"), problems)
    digest = hashlib.sha256(document.text.encode())
    versions: list[Version] = []
    listed = top.get("versions")
    for part in listed.each() if listed else ():
        refiled = _day(part.get("filed"), problems) or filed
        versions.append(_version(part, declared, tables, law, top.plain("line"), refiled, problems, digest))
    ordered = tuple(sorted(versions, key=lambda version: version.start))
    if len({version.start for version in ordered}) != len(ordered) and listed is not None:
        problems.append(listed.problem("BQ321", "两个版本从同一天起", "two versions start on the same day", "改其中一个 from / change one of them"))
    return Product(
        top.plain("product"), top.words("name") or Words("", ""), top.plain("line"), filed, ordered, digest.hexdigest(), top
    ), problems  # fmt: skip


def _day(part: Part | None, problems: list[Problem]) -> int:
    if part is None:
        return 0
    try:
        return civil.parse_date(part.value)
    except ValueError as error:
        problems.append(part.problem("BQ320", *both(str(error))))
        return 0


def _version(
    part: Part, declared: Clauses, specs: Mapping[str, TableSpec], law: Mapping[str, LawEntry], line: str, filed: int,
    problems: list[Problem], digest: Any,
) -> Version:  # fmt: skip
    clauses: dict[str, Clause] = {}
    inside = part.get("clauses")
    for name, clause_part in inside.items() if inside else ():
        if name not in declared:
            problems.append(clause_part.problem("BQ322", f"没有名为 {name} 的条款", f"no clause is named {name}", did_you_mean(name, declared, most=40), key=True))
            continue
        clauses[name] = _clause(name, clause_part, declared[name], problems)
        _check_law(clauses[name], law, line, filed, problems)
    tables: dict[str, Table] = {}
    stated = part.get("tables")
    for name, table_part in stated.items() if stated else ():
        table = _table(table_part, specs.get(name), name, problems, digest)
        if table is not None:
            tables[name] = table
    exceptions = part.get("exceptions")
    stated_start = part.get("from")
    start = _day(stated_start, problems)
    if stated_start is not None and start != 0 and start < filed:
        # Nobody may be insured under terms that are not filed yet; the law they are tested against is that of the filing.
        problems.append(stated_start.problem(
            "BQ331", f"条款从 {civil.show_date(start)} 起，早于报备日 {civil.show_date(filed)}", f"the version starts on {civil.show_date(start)}, before it was filed on {civil.show_date(filed)}",
            "核对 from 与 filed；这一版另行报备的，在这一版里写它的 filed / check from and filed; a version filed anew states a filed of its own"))  # fmt: skip
    return Version(
        str(part.plain("from")),
        start,
        clauses,
        tables,
        tuple(exceptions.each()) if exceptions else (),
        {},
    )


def _clause(name: str, part: Part, declared: Mapping[str, Parameter], problems: list[Problem]) -> Clause:
    values: dict[str, Any] = {}
    silent: set[str] = set()
    for key, spec in declared.items():
        stated = part.get(key)
        if stated is None:
            if spec.default is None and not spec.readings:
                problems.append(part.problem(
                    "BQ323", f"条款 {name} 缺少 {key}（{spec.label.zh}）", f"clause {name} lacks {key} ({spec.label.en})",
                    f"加一行 {key}: … / add a line {key}: ...", key=True))  # fmt: skip
            elif spec.default is None:
                silent.add(key)
            else:
                values[key] = spec.default
        elif stated.value == SILENT and spec.readings:
            silent.add(key)
        else:
            try:
                values[key] = _listed(stated, spec) if spec.listed else scalar(stated.value, spec.type)
            except ValueError as error:
                zh, en = both(str(error))
                problems.append(stated.problem("BQ324", f"{spec.label.zh}：{zh}", f"{spec.label.en}: {en}"))
    for key, extra in part.items():
        if key not in declared and key not in ("clause", "text", "note"):
            problems.append(extra.problem("BQ325", f"条款 {name} 没有 {key} 这一项", f"clause {name} has no {key}", did_you_mean(key, declared, most=40), key=True))
    return Clause(name, str(part.plain("clause", "")), words(part.plain("text", "")), values, frozenset(silent), part)


def _listed(stated: Part, spec: Parameter) -> tuple[Any, ...]:
    """The values of a list; each stands in it once, however it is written (``5`` and ``5.00``).

    Raises:
        ValueError: one is not of the type, or stands in the list already.
    """
    found: list[Any] = []
    for one in stated.each():
        value = scalar(one.value, spec.type)
        if value in found:
            raise ValueError(f"{one.value} 重复 / {one.value} is repeated")
        found.append(value)
    return tuple(found)


def _check_law(clause: Clause, law: Mapping[str, LawEntry], line: str, filed: int, problems: list[Problem]) -> None:
    for entry in law.values():
        owner, _, key = entry.bounds.partition(".")
        if owner != clause.name or key not in clause.values or (entry.lines and line not in entry.lines):
            continue
        bound, value = entry.value_on(filed), clause.values[key]
        if bound is None or entry.kind is None:
            continue
        below, above = _beyond(value, bound, below=True), _beyond(value, bound, below=False)
        other_word = entry.kind.name == "enum" and value != bound
        against = (
            (entry.force == "floor" and below is not None)
            or (entry.force == "ceiling" and above is not None)
            or (entry.force == "duty" and other_word)
        )
        departs = entry.force in ("default", "evidence_default") and (
            (entry.better in ("longer", "higher") and below is not None)
            or (entry.better in ("shorter", "lower") and above is not None)
            or (entry.better in ("true", "false") and str(value).lower() != entry.better)
            or other_word
        )
        if not (against or departs):
            continue
        stated = clause.part.get(key) or clause.part
        shown, limit = show_value(value, entry.kind), show_value(bound, entry.kind)
        shown_en, limit_en = show_value(value, entry.kind, "en"), show_value(bound, entry.kind, "en")
        basis, basis_en = f"{entry.citation.zh}：{entry.says.zh}", f"{entry.citation.en}: {entry.says.en}"
        down = entry.force == "floor" or (entry.force != "ceiling" and entry.better in ("longer", "higher"))
        how = (below if down else above) or Beyond()
        example, example_en = how.example(down)
        if against:
            word, en = {
                ("floor", True): ("低于下限", "is below the floor"),
                ("floor", False): ("有时短于下限", "can be shorter than the floor"),
                ("ceiling", True): ("超过上限", "is above the ceiling"),
                ("ceiling", False): ("有时超过上限", "can be longer than the ceiling"),
            }.get((entry.force, how.always), ("不是要求的", "is not the required"))
            problems.append(stated.problem(
                "BQ412", f"{clause.name}.{key} 为 {shown}，{word} {limit}{example}", f"{clause.name}.{key} {shown_en} {en} {limit_en}{example_en}",
                f"改为 {limit} 或对客户更有利的值 / write {limit_en}, or what is better for the customer", basis=basis, basis_en=basis_en))  # fmt: skip
        else:
            word, en = ("比法定默认", "departs from the default") if how.always else (
                ("有时短于法定默认", "can be shorter than the default") if down else ("有时长于法定默认", "can be longer than the default"))  # fmt: skip
            worse, worse_en = ("对客户不利", " against the customer") if how.always else (f"{example}，对客户不利", f"{example_en}, against the customer")
            problems.append(stated.problem(
                "BQ413", f"{clause.name}.{key} 为 {shown}，{word} {limit}{' ' if how.always else ''}{worse}，条款可能无效（保险法第十九条）",
                f"{clause.name}.{key} {shown_en} {en} {limit_en}{worse_en}; the term may be void (Insurance Law art. 19)",
                "请合规确认，或改为默认值 / have compliance confirm it, or write the default", basis=basis, basis_en=basis_en, severity="warning"))  # fmt: skip


def _beyond(value: Any, bound: Any, *, below: bool) -> Beyond | None:
    """How a value is, or can be, below (else above) a bound; ``None`` where it is not, or where they cannot be compared."""
    if isinstance(value, Period) and isinstance(bound, Period):
        return beyond(value, bound, below=below)
    if isinstance(value, int) and isinstance(bound, int) and not isinstance(value, bool):
        return Beyond() if (value < bound if below else value > bound) else None
    return None


def _table(part: Part, spec: TableSpec | None, name: str, problems: list[Problem], digest: Any) -> Table | None:
    if spec is None:
        problems.append(part.problem("BQ326", f"没有名为 {name} 的表", f"no table is named {name}", key=True))
        return None
    path = Path(part.document.file).parent / str(part.value)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems.append(part.problem("BQ327", f"读不到表文件 {path}", f"the table file {path} cannot be read", "文件应在产品文件旁边，UTF-8 编码 / the file must lie beside the product file, in UTF-8"))
        return None
    digest.update(text.encode())
    rows: dict[tuple[int, ...], int] = {}
    wanted = (*spec.keys, "value")
    lines = list(csv.reader(text.splitlines()))
    if not lines or tuple(lines[0]) != wanted:
        problems.append(part.problem("BQ328", f"{part.value} 的首行应为 {','.join(wanted)}", f"the first line of {part.value} must be {','.join(wanted)}"))
        return None
    for number, line in enumerate(lines[1:], 2):
        try:
            *keys, value = line
            key = tuple(int(one) for one in keys)
            if len(key) != len(spec.keys):
                raise ValueError(f"应有 {len(wanted)} 列 / {len(wanted)} columns are needed")
            if key in rows:
                raise ValueError("与前面的一行重复 / repeats an earlier line")
            rows[key] = scalar(value if spec.type.name != "int" else int(value), spec.type)
        except ValueError as error:
            zh, en = both(str(error))
            problems.append(part.problem("BQ329", f"{part.value} 第 {number} 行：{zh}", f"{part.value} line {number}: {en}"))
    return Table(name, spec.keys, rows)


def read_tables(part: Part | None) -> dict[str, TableSpec]:
    """The kinds of table that a library declares."""
    found: dict[str, TableSpec] = {}
    for name, spec in part.items() if part is not None else ():
        kind = {"money": MONEY, "rate": RATE}.get(spec.plain("type"), whole(0, INT_LIMIT))
        found[name] = TableSpec(name, tuple(spec.plain("keys", [])), kind, spec.words("label") or Words(name, name))
    return found
