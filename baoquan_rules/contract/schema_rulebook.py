"""The JSON Schemas of the rulebook's own files: services and libraries, the vocabulary, the law, fixed phrases.

They describe how the files are built, not whether the names in them exist; the compiler answers that at their place.
"""

from typing import Final

from baoquan_rules.authoring import Document
from baoquan_rules.contract.law import FORCES
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.rulebook import KINDS, OWNERS, REMEDIES
from baoquan_rules.contract.schema_values import (
    Schema,
    both_schema,
    choice,
    described,
    mapping,
    named,
    plain,
    said,
    said_schema,
    schema_file,
    several,
    words_schema,
)

LINES: Final = {
    "whole_life": Words("终身寿险", "whole life"),
    "term_life": Words("定期寿险", "term life"),
    "endowment": Words("两全保险", "endowment"),
    "annuity": Words("年金保险", "annuity"),
    "universal_life": Words("万能型保险", "universal life"),
    "unit_linked": Words("投资连结型保险", "unit-linked"),
    "critical_illness": Words("重大疾病保险", "critical illness"),
    "medical": Words("医疗保险", "medical"),
    "accident": Words("意外伤害保险", "accident"),
    "long_term_care": Words("护理保险", "long-term care"),
    "disability_income": Words("失能收入损失保险", "disability income"),
}
"""The lines of business."""

_KINDS: Final = {
    "request": Words("申请：同意、待补、转交或不能办理", "a request: approved, pending, referred or declined"),
    "determination": Words("认定：某种状态", "a determination of a state"),
    "quote": Words("试算", "a quote"),
    "library": Words("规则库", "a library of figures and conditions"),
}
_FORCES: Final = {
    "floor": Words("下限", "a floor"),
    "ceiling": Words("上限", "a ceiling"),
    "default": Words("没有约定时适用", "applies where nothing is agreed"),
    "duty": Words("义务", "a duty"),
    "mandatory_fact": Words("法定要件，须核对", "a fact that must be so"),
    "right": Words("权利", "a right"),
    "evidence_default": Words("裁判口径，争议时适用", "the courts' reading, in a dispute"),
}
_TYPES: Final = {
    "bool": Words("真假", "true or false"),
    "int": Words("整数", "a whole number"),
    "money": Words("金额", "money"),
    "rate": Words("比率", "a rate"),
    "date": Words("日期", "a date"),
    "instant": Words("时刻", "a time"),
    "period": Words("期间", "a length of time"),
    "text": Words("文字", "text"),
    "id": Words("编号", "an identifier"),
    "enum": Words("几个词之一", "one of some words"),
}
_READERS: Final = ("customer", "officer", "auditor")

_WORDS: Final[Schema] = {"$ref": "#/$defs/words"}
_BOTH: Final[Schema] = {"$ref": "#/$defs/both"}
_SAID: Final[Schema] = {"$ref": "#/$defs/said"}
_EXPRESSION: Final[Schema] = {"$ref": "#/$defs/expression"}
_SCALAR: Final[Schema] = {"type": ["string", "number", "boolean"]}


def _d(schema: Schema, zh: str, en: str) -> Schema:
    return described(schema, Words(zh, en))


def _expression() -> Schema:
    return _d(
        {"type": ["string", "integer", "boolean"], "maxLength": 4000, "minLength": 1,
         **said("这里写一个表达式（一段文字）", "an expression is written here, as text")},
        "表达式，见 docs/expressions.md", "an expression, see docs/expressions.md")  # fmt: skip


def _names(zh: str, en: str) -> Schema:
    return _d({"anyOf": [{"type": "string"}, several({"type": "string"}, uniqueItems=True)]}, zh, en)


def _cites() -> Schema:
    return _d(
        mapping({
            "clause": _d({"type": ["boolean", "string"]}, "true 指本项目的条款，或写条款名", "true for the item's own clause, or a clause by name"),
            "law": _names("法律条目", "law entries"),
            "company": _names("公司规定", "company rules"),
        }),
        "依据", "what it rests on",
    )  # fmt: skip


def _says(*keys: str) -> Schema:
    return _d(mapping({key: _SAID for key in keys}), "怎么对人说", "what it says")


def _outcomes() -> Schema:
    return _d(several({"type": "string"}, uniqueItems=True), "在哪些结果下", "with which outcomes")


def condition_schema(words: Schema | None = None) -> Schema:
    """One condition; without `words`, its parts are written out rather than referred to."""
    inline = words is None
    expression = _expression() if inline else _EXPRESSION
    both = said_schema() if inline else _SAID
    label = words_schema() if inline else _WORDS
    return mapping({
        "id": _d({"type": "string", "examples": ["LN5"]}, "编号", "number"),
        "label": _d(label, "条件的名称", "name of the condition"),
        "gate": _d({"type": "boolean"}, "不成立就不受理", "not taken up where it fails"),
        "when": _d(expression, "什么情况下才适用", "when it arises"),
        "require": _d(expression, "要求什么", "what it requires"),
        "remedy": _d(choice(list(REMEDIES), REMEDIES), "怎样补救", "how it is cured"),
        "refer": _d(choice(list(OWNERS), OWNERS), "转交给谁", "to whom it is referred"),
        "refused_when": _d(expression, "已经明确拒绝补救", "the cure was expressly refused"),
        "offer": _d(expression, "可以办理的金额", "the amount that is possible"),
        "possible_from": _d(expression, "最早可以办理的日期", "the first day on which it is possible"),
        "redirect": _d({"type": "string"}, "改办哪个项目", "the item to ask for instead"),
        "cites": _cites(),
        "says": _d(mapping({key: both for key in ("holds", "fails", "unknown", "not_applicable", "remedy")}),
                   "怎么对人说", "what it says"),
        "secret": _d({"type": "boolean"}, "只有审计人员看得到这个条件；不满足时只对客户说中性的话", "only auditors see it; where it fails a customer hears its neutral sentence"),
        "internal": _d({"type": "boolean"}, "办理人员看得到，从不告诉客户", "officers see it, customers never do"),
        "public": _d({"type": "boolean"}, "身份核实以前也可以告诉申请人", "may be told before identity is known"),
        "note": _d(label, "说明", "note"),
    })  # fmt: skip


def _declaration() -> Schema:
    """What a parameter or a fact is: type, words, bounds."""
    return {
        "type": _d(choice(list(_TYPES), _TYPES), "类型", "type"),
        "words": _d({"$ref": "#/$defs/word_list"}, "可选的词及其文字", "the words and their texts"),
        "unit": _d({"enum": ["days", "months", "years"]}, "整数的单位", "unit of a whole number"),
        "min": _d(_SCALAR, "最小值", "least"),
        "max": _d(_SCALAR, "最大值", "most"),
        "optional": _d({"type": "boolean"}, "可以写 none（确认没有）", "may be none (stated absence)"),
        "list": _d({"type": "boolean"}, "可以有多项", "takes several"),
        "label": _d(_WORDS, "名称", "name"),
        "note": _d(_WORDS, "说明", "note"),
    }


_TYPED: Final = [
    {
        "if": {"properties": {"type": {"const": "enum"}}, "required": ["type"]},
        "then": {"required": ["words"]},
    },
    {"if": {"required": ["unit"]}, "then": {"properties": {"type": {"const": "int"}}}},
]


def _parameter(**more: Schema) -> Schema:
    return mapping(
        {
            **_declaration(),
            "default": _d({"type": ["string", "number", "boolean", "array"]}, "不写时的值", "value if left out"),
            "law": _names("约束它的法律条目", "law entries that bound it"),
            "silent": _d(
                mapping({
                    "readings": several(_SCALAR, minItems=1, uniqueItems=True),
                    "safe": _SCALAR,
                    "about": {"enum": ["status", "money"]},
                }, "readings"),
                "条款没有写明时的各种理解", "the readings where the clause does not say",
            ),
            **more,
        },
        "type", "label",
        allOf=_TYPED,
    )  # fmt: skip


def _figure() -> Schema:
    body = mapping(
        {
            "is": _EXPRESSION,
            "of": _d(named({"type": "string"}), "参数及其种类", "parameters and their kinds"),
            "fold": {"$ref": "#/$defs/fold"},
            "label": _d(_WORDS, "名称", "name"),
            "words": {"$ref": "#/$defs/word_list"},
            "show": _d({"anyOf": [{"enum": list(_READERS)}, several({"enum": list(_READERS)}, uniqueItems=True)]},
                       "给谁看", "who sees it"),
            "outcomes": _d(several({"type": "string"}), "哪些结果下给客户看", "outcomes in which a customer sees it"),
            "note": _d(_WORDS, "说明", "note"),
        },
        **{"if": {"required": ["fold"]}, "then": {"properties": {"is": False}}, "else": {"required": ["is"]}},
    )  # fmt: skip
    return {"anyOf": [_EXPRESSION, _d(body, "{is, label, show, of, fold}", "{is, label, show, of, fold}")]}


def _fold() -> Schema:
    state = mapping(
        {"type": {"type": "string", "examples": ["money", "date?"]}, "words": {"type": ["array", "object"]}, "is": _EXPRESSION}, "type", "is"
    )
    return _d(
        mapping({
            "over": _d(_EXPRESSION, "x in 列表", "x in list"),
            "start": _d(named({"anyOf": [_EXPRESSION, state]}), "各状态的初值", "the states at the start"),
            "while": _d(_EXPRESSION, "继续的条件", "as long as this holds"),
            "let": _d(named(_EXPRESSION), "一轮之中的中间量", "parts of a round"),
            "step": _d(named(_EXPRESSION), "各状态的下一值", "the states after a round"),
        }, "over", "start", "step"),
        "逐项推进的计算", "a computation item by item",
    )  # fmt: skip


def _line() -> Schema:
    return mapping({
        "payee": _d({"type": "string"}, "收款方", "payee"),
        "amount": _d(_EXPRESSION, "金额", "amount"),
        "sign": _d({"enum": ["plus", "minus"]}, "付给还是扣减", "paid or deducted"),
        "account": _d({"type": "string"}, "科目", "account"),
        "label": _d(_WORDS, "名称", "name"),
        "when": _EXPRESSION,
        "cites": _cites(),
        "note": _d(_WORDS, "说明", "note"),
    }, "amount")  # fmt: skip


def _breakdown() -> Schema:
    column = mapping({
        "is": _EXPRESSION,
        "label": _d(_WORDS, "列名", "name of the column"),
        "words": {"$ref": "#/$defs/word_list"},
        "total": _d({"type": "boolean"}, "最后一行合计这一列的金额", "the last row adds up this column of money"),
        "note": _d(_WORDS, "说明", "note"),
    }, "is", "label")  # fmt: skip
    return mapping({
        "label": _d(_WORDS, "名称", "name"),
        "rows": _d(_EXPRESSION, "x in 列表：每一项一行", "x in list: a row for each item"),
        "where": _d(_EXPRESSION, "只列出这样的项", "only items where this holds"),
        "columns": _d({**named(column), "minProperties": 1}, "各列", "the columns"),
        "show": _d(several({"enum": list(_READERS)}, uniqueItems=True), "给谁看", "who sees it"),
        "outcomes": _outcomes(),
        "when": _EXPRESSION,
        "note": _d(_WORDS, "说明", "note"),
    }, "label", "rows", "columns")  # fmt: skip


def _effect() -> Schema:
    kinds = {
        "state": Words("保单状态", "state of the policy"),
        "ledger": Words("账务", "ledger"),
        "endorsement": Words("批注", "endorsement"),
        "register": Words("登记", "register entry"),
        "notice": Words("通知", "notice to send"),
        "reversal": Words("回退已经入账的事项（值 number）", "reversal of what is booked (its value number)"),
    }
    return mapping({
        "kind": _d(choice(list(kinds), kinds), "种类", "kind"),
        "outcomes": _outcomes(),
        "when": _EXPRESSION,
        "words": _d(named(_SCALAR), "固定的词", "plain words"),
        "values": _d(named(_EXPRESSION), "算出的值", "computed values"),
        "says": _d(_SAID, "怎么对人说", "what it says"),
        "cites": _cites(),
        "note": _d(_WORDS, "说明", "note"),
    }, "kind")  # fmt: skip


def _deadline() -> Schema:
    return mapping({
        "label": _d(_WORDS, "名称", "name"),
        "who": _d({"enum": ["insurer", "customer"]}, "谁的期限", "whose deadline"),
        "outcomes": _outcomes(),
        "when": _EXPRESSION,
        "from": _d(_EXPRESSION, "起算", "starts from"),
        "length": _d(_EXPRESSION, "长度", "length"),
        "met": _d(_EXPRESSION, "什么情况下已经做到", "when it has been met"),
        "says": _d(_SAID, "怎么对人说", "what it says"),
        "cites": _cites(),
        "note": _d(_WORDS, "说明", "note"),
    }, "label", "who", "from", "length")  # fmt: skip


def _notice() -> Schema:
    return mapping({
        "when": _EXPRESSION,
        "outcomes": _outcomes(),
        "readers": _d(several({"enum": list(_READERS)}, uniqueItems=True), "给谁看", "who reads it"),
        "says": _d(_SAID, "怎么对人说", "what it says"),
        "cites": _cites(),
        "note": _d(_WORDS, "说明", "note"),
    }, "says")  # fmt: skip


def _document() -> Schema:
    return mapping({
        "kind": _d({"type": "string"}, "材料种类（documents.kind 的词）", "kind, a word of documents.kind"),
        "name": _d({"type": "string"}, "条件名", "name of the condition"),
        "id": _d({"type": "string"}, "编号", "number"),
        "signed_by": _d(_EXPRESSION, "由谁签名", "signed by whom"),
        "when": _EXPRESSION,
        "label": _d(_WORDS, "名称", "name"),
        "says": _says("holds", "fails", "unknown", "not_applicable", "remedy"),
        "cites": _cites(),
        "note": _d(_WORDS, "说明", "note"),
    }, "kind")  # fmt: skip


def _table() -> Schema:
    return mapping({
        "keys": _d(several({"type": "string"}, minItems=1, uniqueItems=True), "键（整数列）", "keys, columns of whole numbers"),
        "type": _d({"enum": ["money", "rate", "int"]}, "值的类型", "type of the value"),
        "label": _d(_WORDS, "名称", "name"),
        "note": _d(_WORDS, "说明", "note"),
    }, "keys", "type", "label")  # fmt: skip


def service_schema() -> Schema:
    """The schema of a service or a library (`rulebook/<service>.yaml`)."""
    name = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
    return schema_file(
        Words("保全项目或规则库", "a servicing item or a library"),
        {
            "service": _d(name, "保全项目的名称", "name of the servicing item"),
            "library": _d(name, "规则库的名称", "name of the library"),
            "kind": _d(choice(list(KINDS), _KINDS), "种类", "kind"),
            "name": _d(_BOTH, "名称", "title"),
            "summary": _d(_BOTH, "一句话说明", "one sentence"),
            "aliases": _d(several({"type": "string"}, uniqueItems=True), "别名", "other names"),
            "clause": _d(name, "对应的条款", "the clause it stands for"),
            "clause_name": _d(_BOTH, "条款名称", "name of the clause"),
            "parameters": _d(named({"$ref": "#/$defs/parameter"}), "条款的参数", "what the clause sets"),
            "points": _d(named({"$ref": "#/$defs/point"}), "法律没有定论的问题", "open points of law"),
            "tables": _d(named(_table()), "随条款备案的表", "filed tables"),
            "uses": _d(several(name, uniqueItems=True), "用到的规则库", "libraries it uses"),
            "gates": _d(several(name, uniqueItems=True), "先行条件所在的规则库", "libraries of gate conditions"),
            "without": _d(several(name, uniqueItems=True), "不适用的先行条件", "gate conditions left out"),
            "attributes": _d(named({"type": ["string", "integer", "boolean", "array"], "items": {"type": "string"}}),
                             "特征，表达式里写 service.x", "attributes, service.x in expressions"),
            "figures": _d(named({"$ref": "#/$defs/figure"}), "算出的量", "figures"),
            "conditions": _d(named({"$ref": "#/$defs/condition"}), "条件", "conditions"),
            "documents": _d(several({"$ref": "#/$defs/document"}), "需要的材料", "documents needed"),
            "settlement": _d(named({"$ref": "#/$defs/line"}), "结算各项", "lines of the settlement"),
            "breakdowns": _d(named({"$ref": "#/$defs/breakdown"}), "明细：每一期、每项保障一行", "breakdowns: a row for each instalment, coverage and so on"),
            "effects": _d(several({"$ref": "#/$defs/effect"}), "效果", "effects"),
            "deadlines": _d(named({"$ref": "#/$defs/deadline"}), "期限", "deadlines"),
            "notices": _d(named({"$ref": "#/$defs/notice"}), "随结果说明的话", "sentences that go with the outcome"),
            "alternatives": _d(named(mapping({
                "label": _WORDS, "service": name, "changes": {"type": "object"}, "figures": several({"type": "string"}),
                "when": _EXPRESSION, "order": _d(_EXPRESSION, "排在第几，小的在前；只管先后", "its place, the least first; nothing but the order"), "says": _SAID, "note": _WORDS,
            })), "其他可选办法", "what else could be done"),
            "outcome": _d({"anyOf": [_EXPRESSION, mapping({
                "is": _EXPRESSION, "words": {"$ref": "#/$defs/word_list"}, "label": _WORDS, "note": _WORDS,
            }, "is")]}, "认定的结果", "what is determined"),
            "says": _d(named(_SAID), "各种结果的标题句", "the headline of each outcome"),
            "plain": _d(named(_EXPRESSION), "对哪种身份的收件人，什么情况下用浅显的说法", "for a recipient of which role plain words are used when"),
            "note": _d(_WORDS, "说明", "note"),
        },
        [],
        **{
            "if": {"required": ["service"]},
            "then": {"required": ["kind", "name"], "properties": {"library": False, "kind": {"enum": ["request", "determination", "quote"]}}},
            "else": {"required": ["library"], "properties": {"kind": {"const": "library"}}},
            "$defs": {
                "words": words_schema(),
                "both": both_schema(),
                "said": said_schema(),
                "expression": _expression(),
                "word_list": _word_list(),
                "parameter": _parameter(),
                "point": _parameter(when=_d(_EXPRESSION, "在所办项目里，什么情形下才有这个问题", "where it arises, in the terms of the service decided")),
                "figure": _figure(),
                "fold": _fold(),
                "condition": _with_require(),
                "document": _document(),
                "line": _line(),
                "breakdown": _breakdown(),
                "effect": _effect(),
                "deadline": _deadline(),
                "notice": _notice(),
            },
        },
    )  # fmt: skip


def _with_require() -> Schema:
    schema = condition_schema(_WORDS)
    return {**schema, "required": ["label", "require"]}


def _word_list() -> Schema:
    word = {
        "pattern": "^[A-Za-z][A-Za-z0-9_]*$",
        "not": {"const": "none"},
        **said("词用英文字母、数字和下划线，不能是 none", "a word is letters, digits and underscores, and not none"),
    }
    return {"type": "object", "propertyNames": word, "additionalProperties": _WORDS, "minProperties": 1}


def vocabulary_schema() -> Schema:
    """The schema of the vocabulary."""
    roles = ["policyholder", "insured", "beneficiary", "payer", "heir", "officer", "auditor"]
    sensitivity = _d({"anyOf": [{"type": "string"}, several({"enum": roles}, uniqueItems=True)]},
                     "谁可以看到；不写则都可以", "who may see it; everyone if left out")  # fmt: skip
    field = mapping(
        {
            **_declaration(),
            "when_absent": _d({"enum": ["none"]}, "没有写就是 none", "left out means none"),
            "required": _d({"type": "boolean"}, "列表的每一项都要写", "every item states it"),
            "can_change": _d({"type": "boolean"}, "还能由人促成的事实（对列表：还能再添一项）；问“怎样才会改变结果”时只在这些事实里找", "a person can still bring it about (of a list: items can be added); what would change an answer is searched for among these alone"),
            "fields": _d(named({"$ref": "#/$defs/field"}), "每一项有哪些值", "the values of an item"),
            "order": _d({"type": "string"}, "按哪个值排序", "the value by which items are ordered"),
            "most": _d({"type": "integer", "minimum": 1, "maximum": 2400}, "最多几项", "the most items"),
            "sensitivity": sensitivity,
        },
        "label",
        allOf=[
            *_TYPED,
            {"if": {"required": ["fields"]}, "then": {"required": ["list"], "properties": {"type": False}}, "else": {"required": ["type"]}},
        ],
    )
    group: Schema = {
        "type": "object",
        "required": ["label"],
        "if": {"properties": {"list": {"const": True}}, "required": ["list"]},
        "then": {"$ref": "#/$defs/field"},
        "else": mapping({
            "label": _WORDS, "note": _WORDS, "sensitivity": sensitivity, "fields": named({"$ref": "#/$defs/field"}),
        }, "fields"),
    }  # fmt: skip
    return schema_file(
        Words("事实词汇表", "the vocabulary of facts"),
        {
            "vocabulary": _d({"type": "integer"}, "版本", "version"),
            "facts": _d(named(group), "各组事实", "groups of facts"),
        },
        ["vocabulary", "facts"],
        **{"$defs": {"words": words_schema(), "word_list": _word_list(), "field": field}},
    )


def law_schema() -> Schema:
    """The schema of one instrument of law (`law/<instrument>.yaml`)."""
    step = mapping({"from": plain("date"), "value": _SCALAR}, "from", "value")
    entry = mapping(
        {
            "article": _d(_BOTH, "条号", "article"),
            "says": _d(_BOTH, "规定的内容", "what it says"),
            "force": _d(choice(list(FORCES), _FORCES), "效力", "force"),
            "governed_by": _d({"type": "string", "pattern": "^[a-z][a-z_]*$"}, "按哪个日期选用", "the date that picks its version"),
            "existing_contracts": _d({"type": "boolean"}, "是否适用于已有合同", "whether it binds contracts already made"),
            "verified": _d({"enum": ["V1", "V1-ocr", "V2", "T"]}, "核对的程度", "how far the text was verified"),
            "value": _d(_SCALAR, "值", "value"),
            "values": _d(several(step, minItems=1), "按日期变动的值", "dated values"),
            "from": _d(plain("date"), "施行日期", "in force from"),
            "to": _d(plain("date"), "失效日期", "in force until"),
            "bounds": _d({"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", "examples": ["policy_loan.ratio"]},
                         "约束哪个条款参数", "the clause parameter it bounds"),
            "better": _d({"type": ["string", "boolean"], "enum": ["longer", "shorter", "higher", "lower", "true", "false", True, False]},
                         "哪个方向对客户有利", "which way is better for the customer"),
            "lines": _d(several(choice(list(LINES), LINES), uniqueItems=True, minItems=1), "适用的险种", "lines of business"),
            "settled": _d({"type": "boolean"}, "是否有定论", "whether the point is settled"),
            "note": _d(_WORDS, "说明", "note"),
        },
        "article", "says", "force", "governed_by",
    )  # fmt: skip
    return schema_file(
        Words("法律条目", "entries of law"),
        {
            "law": _d({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}, "文件代码", "code of the instrument"),
            "name": _d(_BOTH, "名称", "name"),
            "short": _d(_BOTH, "简称", "short name"),
            "number": _d({"anyOf": [{"type": "string"}, _BOTH]}, "文号", "document number"),
            "from": _d(plain("date"), "施行日期", "in force from"),
            "to": _d(plain("date"), "失效日期", "in force until"),
            "entries": _d(named({"$ref": "#/$defs/entry"}), "各条", "entries"),
            "note": _d(_WORDS, "说明", "note"),
        },
        ["law", "name", "short", "from", "entries"],
        **{"$defs": {"words": words_schema(), "both": both_schema(), "entry": entry}},
    )


def phrases_schema() -> Schema:
    """The schema of the fixed phrases of explanations."""
    return schema_file(
        Words("解释用的固定语句", "fixed phrases of explanations"),
        {"phrases": _d(named(said_schema()), "各句", "the phrases")},
        ["phrases"],
    )



def casework_schema() -> Schema:
    """The schema of the way of a request (`casework.yaml`)."""
    word = {"type": "string", "pattern": "^[a-z][a-z_]*$"}
    stage = mapping({
        "label": _WORDS, "outcomes": _d(several(word, uniqueItems=True), "哪些结果处在这个阶段", "outcomes that put a request here"), "note": _WORDS,
    }, "label")  # fmt: skip
    event = mapping({
        "label": _WORDS,
        "states": _d({"anyOf": [{"const": "any"}, several(word, uniqueItems=True)]}, "可以说明哪些事实", "which facts it may state"),
        "stages": _d(several(word, uniqueItems=True, minItems=1), "在哪些阶段可以发生", "in which stages it may arrive"),
        "corrects": _d({"type": "boolean"}, "可以更正已经记下的事实", "may state anew what is stated already"),
        "leads_to": _d(word, "转入哪个阶段", "the stage it leads to"),
        "role": _d({"type": "string"}, "经办人由此承担的岗位", "the role that whoever enters it fills"),
        "note": _WORDS,
    }, "label", "stages")  # fmt: skip
    return schema_file(
        Words("一件申请从受理到反馈的过程", "the way of a request from acceptance to feedback"),
        {
            "casework": _d({"type": "integer"}, "版本", "version"),
            "stages": _d(named(stage), "阶段", "stages"),
            "events": _d(named(event), "事件", "events"),
            "roles": _d(named(mapping({"label": _WORDS}, "label")), "岗位", "roles"),
            "apart": _d(several(several(word, uniqueItems=True, minItems=2)), "不能由同一人担任的岗位", "roles that one person never fills together"),
            "kept": _d(several(word, uniqueItems=True), "申请本身保管的列表", "lists that the case itself keeps"),
            "confidential": _d(several(word, uniqueItems=True), "只有合规可以记录的事实", "facts that only compliance enters"),
            "confidential_items": _d(named(named(several(word, uniqueItems=True, minItems=1))), "其他列表里只有合规可以看到的项", "items of other lists that only compliance may know of"),
            "keys": _d(named(several(word, uniqueItems=True, minItems=1)), "凭什么认出列表里的同一项", "what tells the items of a list apart"),
            "urgency_seen_by": _d(several(word, uniqueItems=True), "可以看到优先办理原因的岗位", "roles that may see why a case is dealt with before others"),
        },
        ["casework", "stages", "events", "roles", "apart", "kept", "keys"],
        **{"$defs": {"words": words_schema(), "both": both_schema()}},
    )


def corner_cases_schema() -> Schema:
    """The schema of the list of corner cases that the law creates (`corner_cases.yaml`)."""
    entry = mapping({
        "number": _d({"type": "integer", "minimum": 1}, "编号", "number"),
        "says": _WORDS,
        "law": _d(several({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}, uniqueItems=True, minItems=1), "依据的法律条目", "the entries of law that it rests on"),
        "settled": _d({"const": False}, "法律没有写明", "the texts leave the point open"),
        "no_item": _WORDS,
    }, "number", "says", "law")  # fmt: skip
    return schema_file(
        Words("法律带来的疑难情形", "the corner cases that the law creates"),
        {"corner_cases": _d(several(entry, minItems=1), "各种情形", "the corner cases")},
        ["corner_cases"],
        **{"$defs": {"words": words_schema(), "both": both_schema()}},
    )


_MADE: dict[str, Schema] = {}


def rulebook_kind(document: Document, folder: str) -> str:
    """What a file of the rulebook or the law is: law, vocabulary, phrases, casework, corner cases or service."""
    if folder == "law":
        return "law"
    keys = document.value if isinstance(document.value, dict) else {}
    return next((kind for kind in ("vocabulary", "phrases", "casework", "corner_cases") if kind in keys), "service")


def rulebook_schema(kind: str) -> Schema:
    """The schema of such a file, made once."""
    if kind not in _MADE:
        makers = {
            "law": law_schema, "vocabulary": vocabulary_schema, "phrases": phrases_schema, "casework": casework_schema,
            "corner_cases": corner_cases_schema, "service": service_schema,
        }  # fmt: skip
        _MADE[kind] = makers[kind]()
    return _MADE[kind]


def force_words(force: str) -> Words:
    """What the force of a law entry is called."""
    return _FORCES.get(force, Words(force, force))
