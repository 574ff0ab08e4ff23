"""The rulebook -> every servicing item, what it decides, its parameters, conditions, documents and law: as a page, as tables, as plain data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from baoquan_rules.api import Library
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.rulebook import (
    OWNERS,
    REMEDIES,
    Condition,
    Parameter,
    Service,
    conditions_of,
    document_label,
)
from baoquan_rules.contract.scalars import plain_value

_KIND = {
    "request": Words("申请", "request"),
    "determination": Words("认定", "determination"),
    "quote": Words("试算", "quote"),
}
_NO_CURE = Words("不能补救", "no cure")
_MUST = Words("必填", "must be stated")
_CLAUSE = Words("条款", "clause")
_COMPANY = Words("公司规定", "company rule")


@dataclass(frozen=True, slots=True)
class Item:
    """One servicing item, ready to be shown."""

    service: Service
    parameters: tuple[tuple[str, Parameter], ...]
    """What a product sets, by ``clause.parameter``: of the item's own clause and of those of the libraries it uses."""
    conditions: tuple[Condition, ...]
    documents: tuple[tuple[str, Words], ...]
    """The kind of each, and what it is called."""
    law: tuple[tuple[str, Words], ...]
    """Every entry of law that a condition or a part of the item rests on, with its citation, in order of first use."""

    @property
    def kind(self) -> Words:
        """What kind of item it is."""
        return _KIND[self.service.kind]


def items(library: Library) -> list[Item]:
    """All of them, in the order of the rulebook."""
    return [item(service, library) for service in library.services.values()]


def item(service: Service, library: Library) -> Item:
    """One of them."""
    world = library.world
    owners = [world.services[name] for name in service.uses if name in world.services]
    conditions = tuple(one for _, one in conditions_of(service, world.services))
    cited = dict.fromkeys([*(name for one in conditions for name in one.law), *_cited(service.part.value)])
    return Item(
        service,
        tuple((f"{owner.clause}.{key}", spec) for owner in (service, *owners) for key, spec in owner.parameters.items()),
        conditions,
        tuple((str(part.plain("kind")), document_label(part, library.vocabulary)) for part in service.documents),
        tuple((name, world.law[name].citation) for name in cited if name in world.law),
    )


def _cited(value: Any) -> Iterator[str]:
    """The entries of law that any part of a file cites."""
    if isinstance(value, dict):
        law = (value.get("cites") or {}).get("law", ()) if isinstance(value.get("cites"), dict) else ()
        yield from (law,) if isinstance(law, str) else law
        for one in value.values():
            yield from _cited(one)
    elif isinstance(value, list):
        for one in value:
            yield from _cited(one)


# --- the page


def services(library: Library) -> str:
    """The page of servicing items."""
    found = items(library)
    out = [
        "# 保全项目 / Servicing items",
        "",
        "每个项目是 `baoquan_rules/rulebook/` 里的一个文件。本页由 `baoquan schema` 从这些文件生成。",
        "Each item is one file in `baoquan_rules/rulebook/`. This page is generated from them by `baoquan schema`.",
        "",
        "| 名称 / name | 项目 / item | 种类 / kind | 决定什么 | what it decides |",
        "|---|---|---|---|---|",
    ]
    for one in found:
        name, summary = one.service.name, one.service.summary
        out.append(row(f"[`{name}`](#{name})", both(one.service.title), both(one.kind), summary.zh, summary.en))
    for one in found:
        out += ["", *_page(one, library)]
    return "\n".join(out) + "\n"


def _page(one: Item, library: Library) -> Iterator[str]:
    service = one.service
    yield f"## {service.name}"
    yield ""
    yield f"{service.title.zh} / {service.title.en}: {service.summary.zh} {service.summary.en}"
    for title, heads, rows in tables(one, library):
        if rows and len(heads) > 1:
            yield from ("", f"**{title}**", "", row(*heads), f"|{'---|' * len(heads)}")
            yield from (row(*cells) for cells in rows)
        elif rows:
            yield from ("", f"**{title}**: {'；'.join(cells[0] for cells in rows)}")


# --- tables, for the page and the terminal

Table = tuple[str, tuple[str, ...], list[tuple[str, ...]]]
"""Its title, the heads of its columns, its rows."""


def tables(one: Item, library: Library) -> list[Table]:
    """What there is to say of an item beside its summary."""
    return [
        ("条款参数 / clause parameters", ("参数 / parameter", "含义", "meaning", "默认 / default"),
         [(f"`{name}`", spec.label.zh, spec.label.en, _default(spec)) for name, spec in one.parameters]),
        ("条件 / conditions", ("", "条件", "condition", "不满足时 / if it fails", "依据 / rests on"),
         [(spec.id, spec.label.zh, spec.label.en, _if_fails(spec), _rests_on(spec, library)) for spec in one.conditions]),
        ("材料 / documents", ("材料 / documents",), [(both(label),) for _, label in one.documents]),
        ("法律 / law", ("法律 / law",), [(cited,) for cited in dict.fromkeys(both(citation) for _, citation in one.law)]),
    ]  # fmt: skip


def _if_fails(one: Condition) -> str:
    if one.refer:
        return f"→ {both(OWNERS[one.refer])}"
    return both(_NO_CURE if one.remedy == "none" else REMEDIES[one.remedy])


def _rests_on(one: Condition, library: Library) -> str:
    law = [library.world.law[name].citation.zh for name in one.law if name in library.world.law]
    return "、".join([*([both(_CLAUSE)] if one.clause else []), *law, *([both(_COMPANY)] if one.company else [])])


def _default(spec: Parameter) -> str:
    if spec.default is None:
        return both(_MUST) if not spec.listed else ""
    found = _plain(spec)
    return ", ".join(str(one).lower() if isinstance(one, bool) else str(one) for one in (found if isinstance(found, list) else [found]))


def _plain(spec: Parameter) -> Any:
    """A default as an author writes it."""
    if isinstance(spec.default, tuple):
        return [plain_value(one, spec.type) for one in spec.default]
    return None if spec.default is None else plain_value(spec.default, spec.type)


# --- plain data


def record(one: Item, library: Library) -> dict[str, Any]:
    """An item as JSON: texts in both languages, laws by their id."""
    service = one.service
    return {
        "service": service.name,
        "kind": service.kind,
        "name": words_of(service.title),
        "summary": words_of(service.summary),
        "aliases": list(service.aliases),
        "clause": service.clause or None,
        "parameters": [
            {
                "name": name, "label": words_of(spec.label), "type": spec.type.name, "list": spec.listed, "must_be_stated": spec.default is None and not spec.listed,
                "default": _plain(spec),
                "words": {word: words_of(text) for word, text in spec.words.items()}, "law": list(spec.law),
            }
            for name, spec in one.parameters
        ],
        "conditions": [
            {
                "id": spec.id, "name": spec.name, "label": words_of(spec.label), "gate": spec.gate, "remedy": spec.remedy, "refer": spec.refer or None,
                "clause": spec.clause or None, "law": list(spec.law), "company": list(spec.company),
            }
            for spec in one.conditions
        ],
        "documents": [{"kind": kind, "label": words_of(label)} for kind, label in one.documents],
        "law": [{"id": name, "citation": words_of(citation)} for name, citation in one.law],
    }  # fmt: skip


def words_of(text: Words) -> dict[str, str]:
    """A text in both languages as JSON."""
    return {"zh": text.zh, "en": text.en}


def both(words: Words) -> str:
    """A text in Chinese and English, side by side."""
    return f"{words.zh} / {words.en}" if words.zh != words.en else words.zh


def row(*cells: str) -> str:
    """One row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', '／').replace(chr(10), ' ') for cell in cells)} |"
