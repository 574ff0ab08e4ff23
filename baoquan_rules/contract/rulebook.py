"""rulebook/<service>.yaml -> a Service: what a servicing item or a library of figures says, before any product.

A Service is rich and open, close to what its author wrote; expressions are still text with their places. The compiler
turns a product and a service into a closed Program.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from baoquan_rules.authoring import Document, Problem, both
from baoquan_rules.contract.part import Part, Words, root
from baoquan_rules.contract.scalars import declared_type, scalar, value_words
from baoquan_rules.contract.vocabulary import Vocabulary
from baoquan_rules.language.types import Type

KINDS = ("request", "determination", "quote", "library")
REMEDIES: Final[Mapping[str, Words]] = {
    "document": Words("补材料", "document"),
    "payment": Words("付款", "payment"),
    "amount": Words("调整金额", "amount"),
    "date": Words("等待日期", "date"),
    "third_party": Words("第三方", "third party"),
    "none": Words("无", "none"),
}
"""How a condition that fails is cured."""
OWNERS: Final[Mapping[str, Words]] = {
    "underwriting": Words("核保", "underwriting"),
    "claims": Words("理赔", "claims"),
    "compliance": Words("合规", "compliance"),
    "legal": Words("法务", "legal"),
    "finance": Words("财务", "finance"),
    "actuary": Words("精算", "actuary"),
    "second_reviewer": Words("第二复核人", "second reviewer"),
    "officer": Words("经办人", "officer"),
}
"""To whom a case is referred."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a clause of a product sets: its type, label, default, and what its silence means.

    ``default`` is ``None`` where a product that has the clause must state it. ``readings`` are the values to decide
    under where the clause is silent and the texts do not settle the point; ``safe`` is the customer's.
    """

    name: str
    type: Type
    label: Words
    default: Any = None
    note: Words | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    readings: tuple[Any, ...] = ()
    safe: Any = None
    about: str = "status"
    listed: bool = False
    law: tuple[str, ...] = ()
    when: Part | None = None
    """Where a point arises, in the terms of the service that is decided; elsewhere only the safe reading is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A named value, or a function of the day (``of``), or a fold; its expression is text with a place."""

    name: str
    part: Part
    body: Part | None
    of: tuple[tuple[str, str], ...] = ()
    fold: Part | None = None
    label: Words | None = None
    show: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A named requirement: when it arises, what it requires, who or what can cure it, what it says.

    ``secret``: only auditors see that it was asked; where it fails, a customer hears its neutral sentence. ``internal``:
    officers see it, customers never do. ``public``: told before the person is known.
    """

    name: str
    part: Part
    id: str
    label: Words
    gate: bool = False
    remedy: str = "none"
    refer: str = ""
    redirect: str = ""
    clause: str = ""
    law: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    says: Mapping[str, Part] = field(default_factory=dict)
    secret: bool = False
    when: Part | None = None
    require: Part | None = None
    public: bool = False
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """One file of the rulebook."""

    name: str
    kind: str
    title: Words
    summary: Words
    aliases: tuple[str, ...]
    clause: str
    clause_title: Words
    parameters: Mapping[str, Parameter]
    points: Mapping[str, Parameter]
    uses: tuple[str, ...]
    gates: tuple[str, ...]
    attributes: Mapping[str, Part]
    figures: Mapping[str, Figure]
    conditions: Mapping[str, Condition]
    documents: tuple[Part, ...]
    settlement: Mapping[str, Part]
    breakdowns: Mapping[str, Part]
    effects: tuple[Part, ...]
    deadlines: Mapping[str, Part]
    notices: Mapping[str, Part]
    alternatives: Mapping[str, Part]
    outcome: Part | None
    says: Mapping[str, Part]
    part: Part


def read_service(document: Document) -> tuple[Service, list[Problem]]:
    """The service of a checked document."""
    top = root(document)
    problems: list[Problem] = []
    name = top.plain("service") or top.plain("library")
    kind = top.plain("kind", "library")
    parameters = _parameters(top.get("parameters"), problems)
    points = _parameters(top.get("points"), problems)
    return Service(
        name,
        kind,
        top.words("name") or Words(name, name),
        top.words("summary") or Words("", ""),
        tuple(top.plain("aliases", [])),
        top.plain("clause", ""),
        top.words("clause_name") or top.words("name") or Words(name, name),
        parameters,
        points,
        tuple(top.plain("uses", [])),
        tuple(top.plain("gates", [])),
        _parts(top.get("attributes")),
        {key: _figure(key, part) for key, part in _parts(top.get("figures")).items()},
        {key: read_condition(key, part, top.plain("clause", "")) for key, part in _parts(top.get("conditions")).items()},
        tuple(_list(top.get("documents"))),
        _parts(top.get("settlement")),
        _parts(top.get("breakdowns")),
        tuple(_list(top.get("effects"))),
        _parts(top.get("deadlines")),
        _parts(top.get("notices")),
        _parts(top.get("alternatives")),
        top.get("outcome"),
        _parts(top.get("says")),
        top,
    ), problems


def conditions_of(service: Service, services: Mapping[str, Service]) -> Iterator[tuple[Service, Condition]]:
    """The conditions of a servicing item as they are asked, each with where it stands: its gates less those left out, then its own."""
    left_out = service.part.plain("without", []) or []
    for name in service.gates:
        gate = services.get(name)
        for condition in gate.conditions.values() if gate is not None else ():
            if gate is not None and condition.name not in left_out:
                yield gate, condition
    for condition in service.conditions.values():
        yield service, condition


def document_label(part: Part, vocabulary: Vocabulary) -> Words:
    """What a document that an item needs is called: in its own words, or in those of its kind."""
    kind = str(part.plain("kind"))
    return part.words("label") or vocabulary.words_of("documents.kind").get(kind) or Words(kind, kind)


def _parts(part: Part | None) -> dict[str, Part]:
    return dict(part.items()) if part is not None else {}


def _list(part: Part | None) -> list[Part]:
    return list(part.each()) if part is not None else []


def _parameters(part: Part | None, problems: list[Problem]) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for name, spec in _parts(part).items():
        try:
            found[name] = _parameter(name, spec)
        except ValueError as error:
            zh, en = both(str(error))
            problems.append(spec.problem("BQ302", f"参数 {name}：{zh}", f"parameter {name}: {en}"))
    return found


def _parameter(name: str, spec: Part) -> Parameter:
    kind = declared_type(Part(spec.document, spec.path, {k: v for k, v in spec.value.items() if k != "list"}))
    several = bool(spec.plain("list"))
    default = spec.plain("default")
    if default is not None:
        default = tuple(scalar(one, kind) for one in default) if several else scalar(default, kind)
    silent = spec.plain("silent") or {}
    readings = tuple(scalar(one, kind) for one in silent.get("readings", ()))
    law = spec.plain("law", [])
    return Parameter(
        name,
        kind,
        spec.words("label") or Words(name, name),
        default,
        spec.words("note"),
        value_words(spec),
        readings,
        scalar(silent["safe"], kind) if "safe" in silent else (readings[0] if readings else None),
        silent.get("about", "status"),
        several,
        tuple(law) if isinstance(law, list) else (law,),
        spec.get("when"),
    )


def _figure(name: str, part: Part) -> Figure:
    if not isinstance(part.value, dict):
        return Figure(name, part, part)
    of = part.plain("of", {})
    show = part.plain("show", [])
    return Figure(
        name,
        part,
        part.get("is"),
        tuple((key, str(kind)) for key, kind in of.items()),
        part.get("fold"),
        part.words("label"),
        tuple(show) if isinstance(show, list) else (show,),
        tuple(part.plain("outcomes", [])),
    )


def read_condition(name: str, part: Part, clause: str) -> Condition:
    """One condition of a service, or of a product's exception; ``clause`` is what ``cites: {clause: true}`` means."""
    cites = part.plain("cites", {}) or {}
    cited = cites.get("clause", False)
    return Condition(
        name,
        part,
        str(part.plain("id", name)),
        part.words("label") or Words(name, name),
        bool(part.plain("gate", False)),
        part.plain("remedy", "none"),
        part.plain("refer", ""),
        part.plain("redirect", ""),
        clause if cited is True else (cited or ""),
        _names(cites.get("law")),
        _names(cites.get("company")),
        _parts(part.get("says")),
        bool(part.plain("secret", False)),
        part.get("when"),
        part.get("require"),
        bool(part.plain("public", False)),
        bool(part.plain("internal", False)),
    )


def _names(found: Any) -> tuple[str, ...]:
    return tuple(found) if isinstance(found, list) else (found,) if found else ()
