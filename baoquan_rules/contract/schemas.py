"""Rulebook and vocabulary -> the JSON Schemas of author files: what an editor shows and what `check` tests.

The schemas of products, company rules and cases follow from what the rulebook declares, so that a new servicing item
needs no second place. Those of the rulebook itself and of the law are fixed (see `schema_rulebook`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from baoquan_rules.contract.case import CORNER_CASES, INSTEAD
from baoquan_rules.contract.company import Company
from baoquan_rules.contract.law import LawEntry
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.product import SILENT, TableSpec
from baoquan_rules.contract.rulebook import OWNERS, Parameter, Service, conditions_of, document_label
from baoquan_rules.contract.scalars import show_value, value_words
from baoquan_rules.contract.schema_rulebook import (
    LINES,
    casework_schema,
    condition_schema,
    corner_cases_schema,
    law_schema,
    phrases_schema,
    service_schema,
    vocabulary_schema,
)
from baoquan_rules.contract.schema_values import (
    Schema,
    bounds_text,
    choice,
    described,
    mapping,
    plain,
    plain_default,
    said,
    schema_file,
    several,
    value_schema,
    words_schema,
)
from baoquan_rules.contract.vocabulary import Fact, ListFact, Vocabulary

__all__ = ["Declared", "all_schemas", "schema_for"]


class Declared(Protocol):
    """What the rulebook, the vocabulary and the law declare."""

    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def services(self) -> Mapping[str, Service]: ...
    @property
    def law(self) -> Mapping[str, LawEntry]: ...
    @property
    def company(self) -> Company: ...
    @property
    def tables(self) -> Mapping[str, TableSpec]: ...
    @property
    def declared(self) -> Mapping[str, Mapping[str, Parameter]]: ...


_REF_WORDS: Final[Schema] = {"$ref": "#/$defs/words"}
_BOUNDS: Final[Schema] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}$", "examples": ["2026-12-27..2027-01-06"]}


def schema_for(name: str, world: Declared) -> Schema:
    """The schema (draft 2020-12) of one kind of file: product, company, cases, service, vocabulary, law or phrases.

    Raises:
        KeyError: there is no such kind.
    """
    return _MAKERS[name](world)


def all_schemas(world: Declared) -> dict[str, Schema]:
    """Every schema by name."""
    return {name: make(world) for name, make in _MAKERS.items()}


# ---------------------------------------------------------------------------------------------------------
# Products


def _product(world: Declared) -> Schema:
    clauses = {
        name: described({"$ref": f"#/$defs/clause_{name}"}, _title(world, name)) for name in sorted(world.declared)
    }
    tables = {
        name: described({"type": "string", "pattern": r"\.csv$", "examples": [f"{name}.csv"]}, spec.label,
                        more=Words(f"列：{'、'.join((*spec.keys, 'value'))}", f"columns: {', '.join((*spec.keys, 'value'))}"))
        for name, spec in sorted(world.tables.items())
    }  # fmt: skip
    version = mapping(
        {
            "from": described(plain("date"), Words("自这一天起成立的合同适用", "for contracts formed from this day on")),
            "filed": described(plain("date"), Words("这一版另行备案的日期，不写的同产品", "when this version was filed anew; if left out, as the product")),
            "note": described(_REF_WORDS, Words("说明", "note")),
            "clauses": described(mapping(clauses), Words("条款", "clauses")),
            "tables": described(mapping(tables), Words("随条款备案的表，写 CSV 文件名", "filed tables, as names of CSV files")),
            "exceptions": described(
                several({"$ref": "#/$defs/exception"}), Words("本产品增加或替换的条件", "conditions this product adds or replaces")
            ),
        },
        "from",
        "clauses",
    )
    services = sorted(name for name, service in world.services.items() if service.kind != "library")
    return schema_file(
        Words("产品条款参数", "a product's clauses"),
        {
            "product": described({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": 40, "examples": ["WL-2023"]},
                                 Words("产品代码", "product code")),
            "name": described(_REF_WORDS, Words("产品名称", "name of the product")),
            "line": described(choice(list(LINES), LINES), Words("险种", "line of business")),
            "filed": described(plain("date"), Words("备案或批准日期；法律的下限、上限按这一天的规定检查",
                                                    "filing date; the law's bounds are those of this day")),
            "note": described(_REF_WORDS, Words("说明", "note")),
            "versions": described(several({"$ref": "#/$defs/version"}, minItems=1), Words("条款版本", "versions of the clauses")),
        },
        ["product", "name", "line", "filed", "versions"],
        **{"$defs": {
            "words": words_schema(),
            "version": version,
            "exception": _exception(services),
            **{f"clause_{name}": _clause(world, name) for name in sorted(world.declared)},
        }},
    )  # fmt: skip


def _title(world: Declared, clause: str) -> Words:
    for service in world.services.values():
        if service.clause == clause and service.parameters:
            return service.clause_title
    return next((s.clause_title for s in world.services.values() if s.clause == clause), Words(clause, clause))


def _clause(world: Declared, name: str) -> Schema:
    properties: Schema = {
        "clause": described({"type": "string", "maxLength": 40, "examples": ["6.2"],
                             **said('条款编号加引号，例如 "6.2"', 'a clause number is quoted, such as "6.2"')},
                            Words("条款编号", "number of the clause")),
        "text": described(_REF_WORDS, Words("条款用语（本产品的原话或概括）", "what the clause says")),
        "note": described(_REF_WORDS, Words("说明", "note")),
    }  # fmt: skip
    required = []
    for key, spec in world.declared[name].items():
        properties[key] = _parameter(spec, world)
        if spec.default is None and not spec.readings:
            required.append(key)
    return described(mapping(properties, *required), _title(world, name))


def _parameter(spec: Parameter, world: Declared) -> Schema:
    schema = value_schema(spec.type, spec.words)
    if spec.listed:
        schema = several(schema, uniqueItems=True)
    schema = _or_silent(schema, spec)
    lines = [spec.note] if spec.note is not None else []
    bounds = bounds_text(spec.type)
    if bounds is not None:
        lines.append(bounds)
    for law in spec.law:
        entry = world.law.get(law)
        if entry is not None:
            lines.append(Words(f"{entry.citation.zh}：{entry.says.zh}", f"{entry.citation.en}: {entry.says.en}"))
    if spec.default is not None:
        shown = "、".join(show_value(one, spec.type, "zh", spec.words) for one in _listed(spec.default))
        shown_en = ", ".join(show_value(one, spec.type, "en", spec.words) for one in _listed(spec.default))
        lines.append(Words(f"不写则为：{shown or '空'}", f"if left out: {shown_en or 'nothing'}"))
        schema = {**schema, "default": plain_default(spec.default, spec.type)}
    note = Words("\n".join(f"{one.zh} / {one.en}" for one in lines), "") if lines else None
    made = described(schema, spec.label)
    if note is not None:
        made["description"] += "\n" + note.zh
    return made


def _listed(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _or_silent(schema: Schema, spec: Parameter) -> Schema:
    if not spec.readings:
        return schema
    silent = Words("条款没有写明；各种理解都会试算", "the clause does not say; every reading is decided")
    if "enum" in schema:
        words = [*schema["enum"], SILENT]
        return choice(words, {**spec.words, SILENT: silent})
    return {"anyOf": [schema, described({"const": SILENT}, silent)]}


def _exception(services: list[str]) -> Schema:
    condition = condition_schema()
    properties = {
        **condition["properties"],
        "service": described({"enum": services}, Words("保全项目", "servicing item")),
        "replace": described({"type": "string"}, Words("替换的条件名", "condition replaced, by name")),
        "add": described({"type": "string"}, Words("新增的条件名", "name of the condition added")),
        "clause": described({"type": "string"}, Words("依据的条款编号", "number of the clause that says so")),
        "name": described(_REF_WORDS, Words("名称", "name")),
    }
    return mapping(
        properties, "service",
        **{"if": {"required": ["replace"]}, "then": {"properties": {"add": False}}, "else": {"required": ["add"]}},
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------------
# Company rules


def _company(world: Declared) -> Schema:
    rules = world.services["company_rules"].parameters if "company_rules" in world.services else {}
    properties: Schema = {}
    for name, spec in rules.items():
        one = value_schema(spec.type, spec.words)
        if spec.listed:
            schema: Schema = several(one)
        else:
            step = mapping(
                {"from": described(plain("date"), Words("自这一天起", "from this day on")), "value": one}, "from", "value"
            )
            dated = described(several(step, minItems=1), Words("按日期变动：每项 {from, value}", "dated: items {from, value}"))
            schema = {"anyOf": [one, dated]}
        if spec.default is not None:
            schema = {**schema, "default": plain_default(spec.default, spec.type)}
        properties[name] = described(schema, spec.label, spec.note, bounds_text(spec.type))
    return schema_file(
        Words("公司规定", "company rules"),
        {
            "company": described({"type": "string", "minLength": 1}, Words("公司代码", "code of the company")),
            "name": described(words_schema(), Words("名称", "name")),
            "rules": described(mapping(properties), Words("各项规定", "the rules")),
        },
        ["company", "rules"],
    )


# ---------------------------------------------------------------------------------------------------------
# Cases

VERDICTS: Final = {
    "holds": Words("成立", "holds"),
    "fails": Words("不成立", "fails"),
    "unknown": Words("未知", "unknown"),
    "not_applicable": Words("不适用", "does not arise"),
}
OUTCOMES: Final = {
    "approved": Words("同意办理", "approved"),
    "pending": Words("待补齐", "pending"),
    "referred": Words("转交审核", "referred"),
    "declined": Words("不能办理", "declined"),
    "not_accepted": Words("暂不能受理", "not taken up"),
}
STATES: Final = {
    "not_accepted": OUTCOMES["not_accepted"],
    "undetermined": Words("还不能确定", "not determined"),
    "interpretation": Words("条款有不同理解", "open to interpretation"),
}


def _cases(world: Declared) -> Schema:
    services = {name: service for name, service in world.services.items() if service.kind != "library"}
    titles = {name: service.title for name, service in services.items()}
    return schema_file(
        Words("案例", "a case"),
        {
            "case": described({"type": "string", "minLength": 1}, Words("案例名称", "name of the case")),
            "product": described({"type": "string", "minLength": 1, "examples": ["WL-2023"]}, Words("产品代码", "product code")),
            "also": described(several({"type": "string", "minLength": 1}, uniqueItems=True),
                              Words("同样适用的其他产品：每个产品各算一遍", "other products for which the same is expected; the case is decided for each")),
            "service": described(choice(sorted(titles), titles), Words("保全项目", "servicing item")),
            "corner_cases": described(several({"type": "integer", "minimum": 1, "maximum": CORNER_CASES}, uniqueItems=True),
                                      Words("它体现法律的哪些疑难情形（编号）", "the corner cases of the law that it shows, by number")),
            "source": described({"type": "string"}, Words("来源", "source")),
            "note": described(words_schema(), Words("说明", "note")),
            "facts": described(_facts(world.vocabulary), Words("事实；没有写的就是不知道", "facts; what is not stated is unknown")),
            "expect": _expect(),
            "working": described({"type": "string", "minLength": 1},
                                 Words("预期的数字怎样手工算出，或出自何处", "how the expected numbers were worked out by hand, or their source")),
        },
        ["product", "service"],
        **{
            "x-instead": {name: {"zh": text.zh, "en": text.en} for name, text in INSTEAD.items()},
            "allOf": [_of_service(world, service) for _, service in sorted(services.items())],
            "$defs": {"verdict": choice(list(VERDICTS), VERDICTS)},
        },
    )  # fmt: skip


def _facts(vocabulary: Vocabulary) -> Schema:
    properties: Schema = {}
    for name, label in vocabulary.groups.items():
        inside = {
            path[len(name) + 1 :]: _fact(fact) for path, fact in vocabulary.facts.items() if path.startswith(f"{name}.")
        }
        properties[name] = described(mapping(inside), label)
    for path, fact in vocabulary.facts.items():
        if "." not in path:
            properties[path] = _fact(fact)
    return mapping(properties)


def _fact(fact: Fact | ListFact) -> Schema:
    if isinstance(fact, ListFact):
        return _list_fact(fact)
    absent = Words("不写即为无", "none if left out") if fact.none_if_absent else None
    notes = [note for note in (fact.note, bounds_text(fact.type), absent) if note is not None]
    made = described(value_schema(fact.type, fact.words), fact.label)
    made["description"] = "\n".join([made["description"], *(f"{note.zh} / {note.en}" for note in notes)])
    return made


def _list_fact(fact: ListFact) -> Schema:
    if fact.item is not None:
        item = _fact(fact.item)
    else:
        # A field that may be none and counts as none where it is left out need not be written.
        required = [
            key for key, inner in fact.fields.items()
            if (inner.required or key == fact.order) and not (isinstance(inner, Fact) and inner.none_if_absent)
        ]  # fmt: skip
        item = mapping({key: _fact(inner) for key, inner in fact.fields.items()}, *required)
    items = several(item, maxItems=fact.most)
    none = described({"const": "none"}, Words("确认没有", "certainly none"))
    whole = mapping(
        {
            "complete": described({"type": "boolean"}, Words("是否完整：之外没有别的", "whether there are no others")),
            "as_of": described(plain("date"), Words("截至哪一天", "as of which day")),
            "items": items,
        },
        "complete",
    )
    forms = [none, described(whole, Words("{complete: true, items: [...]}", "{complete: true, items: [...]}"))]
    if "." in fact.path:
        forms.append(described(items, Words("各项（完整）", "the items, all of them")))
    return described({"anyOf": forms}, fact.label, fact.note)


def _expect() -> Schema:
    scalar = {"type": ["string", "number", "boolean"]}
    words = several({"type": "string"}, uniqueItems=True)
    effect = {"type": "object", "required": ["kind"], "additionalProperties": scalar}
    properties: Schema = {
        "outcome": described({"type": "string"}, Words("结果", "outcome")),
        "basis": described({"enum": ["explicit", "deemed_by_silence"]}, Words("同意的依据", "basis of consent")),
        "interpretation": described({"enum": ["none", "agrees", "differs"]},
                                    Words("各种理解是否得出同一结果", "whether the readings agree")),
        "figures": described({"type": "object", "additionalProperties": scalar},
                             Words("各个量的值；不知道的写 unknown", "values of figures; unknown where it is not known")),
        "findings": described({"type": "object", "additionalProperties": {"$ref": "#/$defs/verdict"}},
                              Words("各条件的结论", "verdicts of conditions")),
        "settlement": described({"type": "object", "additionalProperties": {"anyOf": [plain("money"), {"enum": ["unknown", "none"]}]}},
                                Words("结算各项，带正负号；没有这一项的写 none", "lines of the settlement, signed; none where there is no such line")),
        "breakdowns": described({"type": "object", "additionalProperties": several({"type": "array", "items": scalar})},
                                Words("明细各行，按列的次序", "rows of breakdowns, in the order of their columns")),
        "deadlines": described({"type": "object", "additionalProperties": {"anyOf": [plain("date"), {"enum": ["unknown", "none", "met"]}, _BOUNDS]}},
                               Words("各期限的末日；放假安排还没有公布的写最早..最晚，已经做到的写 met，没有这一期限的写 none", "last days of deadlines; earliest..latest where days off are still to be announced, met where one has been met, none where there is no such deadline")),
        "effects": described(several({"anyOf": [{"type": "string"}, effect]}, uniqueItems=True),
                             Words("效果：种类，或种类和其中的值；不应有的写 made: false",
                                     "effects: their kind, or kind and values; made: false where there is none such")),
        "notices": described({"type": "object", "additionalProperties": {"type": "boolean"}},
                             Words("随结果说明的话有没有", "whether a sentence goes with the outcome")),
        "styles": described({"type": "object", "additionalProperties": {"enum": ["standard", "plain"]}},
                            Words("对收件人用哪种说法", "in which words a recipient is spoken to")),
        "missing": described(words, Words("缺少的事实", "facts that are missing")),
        "referrals": described(several({"enum": list(OWNERS)}, uniqueItems=True), Words("转交给谁", "to whom it is referred")),
        "readings": described(several({"type": "string"}), Words("各种理解下的结果", "outcomes under the readings")),
    }  # fmt: skip
    return described(mapping(properties, minProperties=1), Words("预期", "what must come out"))


def _of_service(world: Declared, service: Service) -> Schema:
    """What may be expected of one service: its outcomes, and its figures, conditions, lines and deadlines by name."""
    gates = [world.services[name] for name in service.gates if name in world.services]
    conditions = {spec.name: spec.label for _, spec in conditions_of(service, world.services)}
    for part in service.documents:
        conditions[f"document.{part.plain('name', part.plain('kind'))}"] = document_label(part, world.vocabulary)
    deadlines = {
        name: part.words("label") or Words(name, name) for owner in (*gates, service) for name, part in owner.deadlines.items()
    }
    lines = {name: part.words("label") or Words(name, name) for name, part in service.settlement.items()}
    figures = {name: spec.label or Words(name, name) for name, spec in service.figures.items() if not spec.of}
    notices = {
        name: (part.words("says") or Words(name, name)) for owner in (*gates, service) for name, part in owner.notices.items()
    }
    tables = {name: part.words("label") or Words(name, name) for owner in (*gates, service) for name, part in owner.breakdowns.items()}
    inside: Schema = {}
    if service.outcome is None:
        inside["outcome"] = choice([*OUTCOMES, *(["quoted"] if service.kind == "quote" else [])], OUTCOMES)
    elif words := value_words(service.outcome):
        inside["outcome"] = choice([*words, *STATES], {**words, **STATES})
    for key, names, value in (
        ("figures", figures, {}),
        ("findings", conditions, {"$ref": "#/$defs/verdict"}),
        ("settlement", lines, {}),
        ("breakdowns", tables, {}),
        ("notices", notices, {}),
        ("deadlines", deadlines, {}),
    ):
        if names:
            inside[key] = {"properties": {name: described(dict(value), label) for name, label in names.items()}}
    return {
        "if": {"properties": {"service": {"const": service.name}}, "required": ["service"]},
        "then": {"properties": {"expect": {"properties": inside}}},
    }


_MAKERS: Final[Mapping[str, Callable[[Declared], Schema]]] = {
    "product": _product,
    "company": _company,
    "cases": _cases,
    "service": lambda world: service_schema(),
    "vocabulary": lambda world: vocabulary_schema(),
    "law": lambda world: law_schema(),
    "phrases": lambda world: phrases_schema(),
    "casework": lambda world: casework_schema(),
    "corner_cases": lambda world: corner_cases_schema(),
}
