"""The rulebook -> a page on every servicing item: what it decides, its parameters, conditions, documents and law."""

from collections.abc import Iterator

from baoquan_rules.api import Library
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.rulebook import Condition, Parameter, Service, conditions_of, document_label
from baoquan_rules.contract.scalars import show_value

_KIND = {
    "request": Words("申请", "request"),
    "determination": Words("认定", "determination"),
    "quote": Words("试算", "quote"),
}
_REMEDY = {
    "document": Words("补材料", "a document"),
    "payment": Words("付款", "a payment"),
    "amount": Words("改金额", "another amount"),
    "date": Words("等到日期", "another date"),
    "third_party": Words("由第三方解除", "a third party"),
    "none": Words("不能补救", "none"),
}


def services(library: Library) -> str:
    """The page of servicing items."""
    found = library.services
    out = [
        "# 保全项目 / Servicing items",
        "",
        "每个项目是 `baoquan_rules/rulebook/` 里的一个文件。本页由 `baoquan schema` 从这些文件生成。",
        "Each item is one file in `baoquan_rules/rulebook/`. This page is generated from them by `baoquan schema`.",
        "",
        "| 名称 / name | 项目 / item | 种类 / kind | 决定什么 | what it decides |",
        "|---|---|---|---|---|",
    ]
    out += [row(f"[`{name}`](#{name})", both(one.title), both(_KIND[one.kind]), one.summary.zh, one.summary.en) for name, one in found.items()]
    for one in found.values():
        out += ["", *_service(one, library)]
    return "\n".join(out) + "\n"


def _service(service: Service, library: Library) -> Iterator[str]:
    yield f"## {service.name}"
    yield ""
    yield f"{service.title.zh} / {service.title.en}: {service.summary.zh} {service.summary.en}"
    owners = [library.world.services[name] for name in service.uses if name in library.world.services]
    clauses = [one for one in (service, *owners) if one.parameters]
    if clauses:
        yield from ("", "**条款参数 / clause parameters**", "", "| 参数 / parameter | 含义 | meaning | 默认 / default |", "|---|---|---|---|")
        for owner in clauses:
            yield from (
                row(f"`{owner.clause}.{key}`", spec.label.zh, spec.label.en, _default(spec))
                for key, spec in owner.parameters.items()
            )
    conditions = [one for _, one in conditions_of(service, library.world.services)]
    if conditions:
        yield from ("", "**条件 / conditions**", "", "| | 条件 | condition | 不满足时 / if it fails | 依据 / rests on |", "|---|---|---|---|---|")
        yield from (row(one.id, one.label.zh, one.label.en, _if_fails(one), _cites(one, library)) for one in conditions)
    documents = [both(document_label(part, library.vocabulary)) for part in service.documents]
    if documents:
        yield from ("", f"**材料 / documents**: {'；'.join(documents)}")


def _if_fails(one: Condition) -> str:
    if one.refer:
        return f"→ {one.refer}"
    return both(_REMEDY[one.remedy]) if one.remedy in _REMEDY else one.remedy


def _cites(one: Condition, library: Library) -> str:
    law = [library.world.law[name].citation.zh for name in one.law if name in library.world.law]
    return "、".join([*(["条款 / clause"] if one.clause else []), *law, *(["公司规定 / company rule"] if one.company else [])])


def _default(spec: Parameter) -> str:
    if spec.default is None:
        return "必填 / must be stated" if not spec.listed else ""
    values = spec.default if isinstance(spec.default, tuple) else (spec.default,)
    return "、".join(show_value(one, spec.type, "zh", {}) for one in values)


def both(words: Words) -> str:
    """A text in Chinese and English, side by side."""
    return f"{words.zh} / {words.en}"


def row(*cells: str) -> str:
    """One row of a Markdown table."""
    return f"| {' | '.join(cell.replace('|', '／').replace(chr(10), ' ') for cell in cells)} |"
