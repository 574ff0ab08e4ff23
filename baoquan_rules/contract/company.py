"""products/company.yaml -> the insurer's own rules: dated rates, limits, promises; cited as 公司规定, never as law."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baoquan_rules.authoring import Document, Problem, both, did_you_mean
from baoquan_rules.contract.part import Part, Words, root
from baoquan_rules.contract.rulebook import Parameter
from baoquan_rules.contract.scalars import scalar
from baoquan_rules.language import civil
from baoquan_rules.language.elaborate import Series, Static, unknown
from baoquan_rules.language.nodes import literal
from baoquan_rules.language.types import Type


@dataclass(frozen=True, slots=True)
class Company:
    """The company rules of one file: what each rule is set to and its label."""

    name: Words
    rules: Mapping[str, Static]
    labels: Mapping[str, Words]
    digest: str = ""


def read_company(document: Document | None, declared: Mapping[str, Parameter]) -> tuple[Company, list[Problem]]:
    """The company rules of a checked document; a declared rule that the file does not set has its default or is unknown."""
    problems: list[Problem] = []
    top = root(document) if document is not None else None
    stated = top.get("rules") if top is not None else None
    found: dict[str, Static] = {}
    for name, part in stated.items() if stated else ():
        if name not in declared:
            problems.append(part.problem("BQ311", f"没有名为 {name} 的公司规定", f"no company rule is named {name}", did_you_mean(name, declared), key=True))
    for name, spec in declared.items():
        stated_part = stated.get(name) if stated else None
        try:
            found[name] = _meaning(name, spec, stated_part)
        except ValueError as error:
            assert stated_part is not None
            zh, en = both(str(error))
            problems.append(stated_part.problem("BQ312", f"公司规定 {name}：{zh}", f"company rule {name}: {en}"))
            found[name] = unknown(spec.type)
    title = (top.words("name") if top is not None else None) or Words("公司规定", "company rules")
    return Company(title, found, {name: spec.label for name, spec in declared.items()}), problems


def _meaning(name: str, spec: Parameter, part: Part | None) -> Static:
    label = f"company.{name}"
    raw: Any = part.value if part is not None else None
    if isinstance(raw, list) and not spec.listed:
        steps = tuple(sorted((civil.parse_date(step["from"]), scalar(step["value"], spec.type)) for step in raw))
        return Series(label, steps, spec.type)
    if spec.listed:
        words = tuple(scalar(one, spec.type) for one in raw) if raw is not None else spec.default or ()
        return literal(words, Type("list", item=spec.type), label)
    value = scalar(raw, spec.type) if raw is not None else spec.default
    if value is None:
        # a rate that is not set is unknown on every day, like a dated rate before its first date
        return Series(label, ((civil.MAX_DAY, 0),), spec.type) if spec.type.name == "rate" else unknown(spec.type)
    kind = spec.type
    if kind.numeric and value != kind.absent:
        kind = Type(kind.name, value, value, kind.unit, kind.den, optional=kind.optional)
    return literal(value, kind, label)
