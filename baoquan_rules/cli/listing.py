"""A product -> its clauses as text: number, words, parameters with their meaning, and the law that bounds them."""

from collections.abc import Iterator
from typing import Any

from baoquan_rules.api import Library
from baoquan_rules.contract.product import Clause, Product
from baoquan_rules.contract.rulebook import Parameter
from baoquan_rules.contract.scalars import show_value
from baoquan_rules.contract.schema_rulebook import LINES, force_words
from baoquan_rules.language.civil import show_date


def listing(product: Product, library: Library, lang: str = "zh") -> str:
    """The clauses of every version of a product."""
    zh = lang == "zh"
    line = LINES.get(product.line)
    out = [
        f"{product.code}  {product.name.of(lang)}",
        f"{line.of(lang) if line else product.line}  {'备案' if zh else 'filed'} {show_date(product.filed)}",
    ]
    for version in product.versions:
        out += ["", f"== {'自' if zh else 'contracts formed from '}{version.id}{'起成立的合同' if zh else ''}"]
        for clause in version.clauses.values():
            out += ["", *_clause(clause, product, library, lang)]
        for name, table in version.tables.items():
            label = library.world.tables[name].label.of(lang)
            out += ["", f"{label} ({name}): {len(table.rows)} {'行' if zh else 'rows'}"]
        for part in version.exceptions:
            what = part.plain("replace") or part.plain("add")
            out += ["", f"{'例外' if zh else 'exception'}: {part.plain('service')} {what} ({part.plain('clause', '')})"]
    return "\n".join(out)


def _clause(clause: Clause, product: Product, library: Library, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    number = (f"第{clause.number}条" if zh else f"clause {clause.number}") if clause.number else clause.name
    yield f"{number}  {_title(clause.name, library, lang)} ({clause.name})"
    text = clause.text.of(lang)
    if text:
        yield f"    {text}"
    for key, spec in library.world.declared[clause.name].items():
        yield f"    {key}: {_value(clause, key, spec, lang)}   # {spec.label.of(lang)}"
        yield from _law(f"{clause.name}.{key}", spec, product, library, lang)


def _title(name: str, library: Library, lang: str) -> str:
    found = [s.clause_title for s in library.world.services.values() if s.clause == name and s.parameters]
    return found[0].of(lang) if found else name


def _value(clause: Clause, key: str, spec: Parameter, lang: str) -> str:
    zh = lang == "zh"
    if key in clause.silent:
        readings = (" / " if not zh else "、").join(show_value(one, spec.type, lang, spec.words) for one in spec.readings)
        return f"条款没有写明（各种理解：{readings}）" if zh else f"not stated (readings: {readings})"
    value = clause.values.get(key)
    shown = ("、" if zh else ", ").join(show_value(one, spec.type, lang, spec.words) for one in _each(value))
    if clause.part.get(key) is None:
        return f"{shown}（默认）" if zh else f"{shown} (default)"
    return shown


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _law(parameter: str, spec: Parameter, product: Product, library: Library, lang: str) -> Iterator[str]:
    named = set(spec.law)
    for entry in library.world.law.values():
        if entry.bounds != parameter and entry.id not in named:
            continue
        if entry.lines and product.line not in entry.lines:
            continue
        bound = entry.value_on(product.filed)
        shown = f" {show_value(bound, entry.kind, lang)}" if bound is not None and entry.kind is not None else ""
        yield f"        {force_words(entry.force).of(lang)}{shown}: {entry.citation.of(lang)}"
