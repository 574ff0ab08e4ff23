"""The JSON Schema of a decision's record, as `record.to_dict` writes it: every key is there, nothing else is."""

from typing import Any, Final

from baoquan_rules.contract.rulebook import KINDS, OWNERS, REMEDIES
from baoquan_rules.decision.record import FORMAT
from baoquan_rules.decision.wording import RECIPIENTS

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_DATE: Final[Schema] = {"type": ["string", "null"], "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}|none)$"}
_MONEY: Final[Schema] = {"type": ["string", "null"], "pattern": r"^(-?[0-9]+\.[0-9]{2}|none)$"}
_WORDS: Final[Schema] = {"$ref": "#/$defs/words"}
_VALUE: Final[Schema] = {"$ref": "#/$defs/value"}
_CITES: Final[Schema] = {"type": "array", "items": {"$ref": "#/$defs/cite"}}


def record_schema() -> Schema:
    """The schema (draft 2020-12) of a record."""
    made = _all({
        "format": {"const": FORMAT, "description": "记录格式的版本 / version of the format"},
        "case": {**_TEXT, "description": "案例名称 / name of the case"},
        "product": {**_TEXT, "description": "产品代码 / product code"},
        "version": {**_TEXT, "description": "条款版本 / version of the clauses"},
        "service": {**_TEXT, "description": "保全项目 / servicing item"},
        "kind": {"enum": [kind for kind in KINDS if kind != "library"]},
        "outcome": {**_TEXT, "description": "结果 / outcome"},
        "basis": {"enum": ["explicit", "deemed_by_silence", None], "description": "同意的依据；没有同意的为 null / basis of consent; null where nothing is approved"},
        "interpretation": {"enum": ["none", "agrees", "differs"], "description": "各种理解是否一致 / whether the readings agree"},
        "engine": _TEXT,
        "stamps": {"type": "object", "additionalProperties": _TEXT, "description": "各文件的版本和摘要 / versions and digests"},
        "recipient": {"enum": list(RECIPIENTS)},
        "masked": {"type": "boolean", "description": "是否按收件人遮盖 / cut down for the recipient"},
        "findings": _list({
            "condition": _TEXT, "id": _TEXT, "label": _WORDS,
            "verdict": {"enum": ["holds", "fails", "unknown", "not_applicable"]},
            "remedy": {"enum": list(REMEDIES)},
            "refer": {"enum": [*OWNERS, None]},
            "redirect": {"type": ["string", "null"]},
            "refused": {"type": "boolean"},
            "offer": _MONEY, "possible_from": _DATE, "cites": _CITES,
            "used": _list({"name": _TEXT, "label": _WORDS, "value": _VALUE}),
        }),
        "figures": {
            "type": "object",
            "additionalProperties": _all({
                "label": _WORDS, "type": _TEXT, "value": _VALUE,
                "show": {"type": "array", "items": {"enum": ["customer", "officer", "auditor"]}},
                "formula": {
                    "type": ["object", "null"],
                    "properties": {"zh": _TEXT, "en": _TEXT},
                    "minProperties": 1,
                    "additionalProperties": False,
                },
            }),
        },
        "breakdowns": _list({
            "breakdown": _TEXT, "label": _WORDS, "columns": _list({"column": _TEXT, "label": _WORDS, "type": _TEXT}),
            "rows": {"type": "array", "items": {"type": "array", "items": _VALUE}}, "complete": {"type": "boolean"},
            "totals": {"type": "object", "additionalProperties": _MONEY},
        }),
        "settlement": _list({"line": _TEXT, "label": _WORDS, "payee": _TEXT, "amount": _MONEY}),
        "entries": _list({"line": _TEXT, "debit": _TEXT, "credit": _TEXT, "amount": _MONEY, "payee": _TEXT}),
        "effects": _list({
            "kind": _TEXT,
            "words": {"type": "object", "additionalProperties": _TEXT},
            "values": {"type": "object", "additionalProperties": _VALUE},
            "says": {"anyOf": [_WORDS, {"type": "null"}]},
            "cites": _CITES,
        }),
        "deadlines": _list({
            "deadline": _TEXT, "label": _WORDS, "who": {"enum": ["insurer", "customer"]}, "from": _DATE, "last": _DATE,
            "earliest": _DATE, "latest": _DATE, "length": {**_TEXT, "pattern": "^[0-9]+ [a-z_]+$"}, "met": {"type": "boolean"}, "cites": _CITES,
        }),
        "missing": _list({"kind": _TEXT, "path": _TEXT, "label": _WORDS, "conditions": {"type": "array", "items": _TEXT}}),
        "referrals": {"type": "array", "items": {"enum": list(OWNERS)}, "uniqueItems": True},
        "readings": _list({"choices": {"type": "object", "additionalProperties": {"type": ["string", "integer", "boolean"]}}, "outcome": _TEXT}),
    })  # fmt: skip
    # The facts are there exactly where nothing is masked; their form is that of cases.schema.json.
    made["properties"]["facts"] = {"type": "object", "description": "事实，写法同案例 / the facts, as in a case"}
    made["if"] = {"properties": {"masked": {"const": False}}}
    made["then"] = {"required": ["facts"]}
    made["else"] = {"properties": {"facts": False}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "决定记录 / the record of a decision",
        **made,
        "$defs": {
            "words": _all({"zh": _TEXT, "en": _TEXT}),
            "cite": _all({"kind": {"enum": ["clause", "law", "company"]}, "id": _TEXT, "title": _WORDS, "text": _WORDS}),
            "value": {
                "description": "金额 \"10000.00\"，日期 \"2026-09-10\"，未知为 null / money as text, dates in ISO form, unknown as null",
                "anyOf": [
                    {"type": ["string", "integer", "boolean", "null", "array"]},
                    _all({"numerator": {**_TEXT, "pattern": "^-?[0-9]+$"}, "denominator": {**_TEXT, "pattern": "^[0-9]+$"}, "fen": _MONEY}),
                ],
            },
        },
    }  # fmt: skip


def _all(properties: Schema) -> Schema:
    """A mapping with exactly these keys."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(properties: Schema) -> Schema:
    return {"type": "array", "items": _all(properties)}
