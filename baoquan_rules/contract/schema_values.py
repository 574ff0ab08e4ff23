"""Types and labels -> the JSON Schema of one value, as an author writes it in YAML and as an editor shows it.

Money, rates and tables of numbers stand in YAML without quotes. The strict reader keeps them as text, an editor reads
them as numbers; a schema of such a value therefore takes both, and its pattern binds the text.
"""

from collections.abc import Mapping
from typing import Any, Final

from baoquan_rules.contract.part import Words
from baoquan_rules.contract.scalars import plain_value, show_value
from baoquan_rules.language.civil import MAX_DAY, MIN_DAY
from baoquan_rules.language.types import (
    INT_LIMIT,
    MONEY_LIMIT,
    RATE_LIMIT,
    Type,
)

Schema = dict[str, Any]

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
NAME: Final = "^[a-z][a-z0-9_]*$"
MONEY: Final = r"^[-−]?(0|[1-9][0-9]{0,2}(,[0-9]{3})+|[1-9][0-9]*)(\.[0-9]{1,2})?$"
RATE: Final = r"^[-−]?(0|[1-9][0-9]*)(\.[0-9]{1,8})?%?$"
PERIOD: Final = "^(0|[1-9][0-9]{0,4}) (day|month|year|working_day)s?$"
DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
INSTANT: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"

_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "money": ("金额以元计，写作 10000.00，最多两位小数", "money is in yuan, written 10000.00, with two decimals at most"),
    "rate": ("比率写作 4.5% 或 0.045", "a rate is written 4.5% or 0.045"),
    "period": (
        "期间写作数量、空格、单位，例如 60 days；单位为 days、months、years、working_days",
        "a period is a number, a space and a unit, such as 60 days; units are days, months, years, working_days",
    ),
    "date": ('日期写作 "2026-09-10"，要加引号', 'a date is written "2026-09-10", in quotes'),
    "instant": (
        '时刻写作 "2026-09-10T10:12"（北京时间），要加引号',
        'a time is written "2026-09-10T10:12" (Beijing time), in quotes',
    ),
}

_PLAIN: Final[Mapping[str, Schema]] = {
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "money": {"type": ["string", "number"], "pattern": MONEY, "examples": ["10000.00"]},
    "rate": {"type": ["string", "number"], "pattern": RATE, "examples": ["4.5%"]},
    "period": {"type": "string", "pattern": PERIOD, "examples": ["60 days"]},
    "date": {"type": "string", "pattern": DATE, "format": "date", "examples": ["2026-09-10"]},
    "instant": {"type": "string", "pattern": INSTANT, "format": "local-date-time", "examples": ["2026-09-10T10:12"]},
    "text": {"type": "string", "maxLength": 500},
}

_UNITS: Final = {"days": Words("天", "days"), "months": Words("月", "months"), "years": Words("年", "years")}


def described(schema: Schema, label: Words, note: Words | None = None, more: Words | None = None) -> Schema:
    """The schema with its label, note and more, Chinese first; editors show `description`, messages `x-description`."""
    lines = [f"{label.zh} / {label.en}"]
    lines += [f"{said.zh} / {said.en}" for said in (note, more) if said is not None]
    return {**schema, "description": "\n".join(lines), "x-description": {"zh": label.zh, "en": label.en}}


def said(zh: str, en: str) -> Schema:
    """The sentence in both languages that stands in place of the general message."""
    return {"x-message": {"zh": zh, "en": en}}


def plain(kind: str) -> Schema:
    """The schema of a value of a simple type: bool, int, money, rate, period, date, instant, text."""
    schema = dict(_PLAIN[kind])
    return {**schema, **said(*_SAID[kind])} if kind in _SAID else schema


def value_schema(kind: Type, texts: Mapping[str, Words] | None = None) -> Schema:
    """The schema of one value of a type; `texts` are what the words of a closed list mean."""
    if kind.name == "enum":
        words = [*kind.values, "none"] if kind.optional else list(kind.values)
        return choice(words, {**(texts or {}), **({"none": Words("无", "none")} if kind.optional else {})})
    schema = plain(kind.name if kind.name in _PLAIN else "text")
    schema |= _bounds(kind)
    if not kind.optional:
        return schema
    if kind.name == "text":
        return schema
    return {"anyOf": [schema, none_schema()]}


def none_schema() -> Schema:
    """The word for a stated absence."""
    return described({"const": "none"}, Words("无（确认没有）", "none (stated absence)"))


def choice(words: list[str], texts: Mapping[str, Words]) -> Schema:
    """One of some words, each with its text."""
    schema: Schema = {"enum": words}
    if texts:
        schema["x-label"] = {word: {"zh": texts[word].zh, "en": texts[word].en} for word in words if word in texts}
        schema["enumDescriptions"] = [f"{texts[word].zh} / {texts[word].en}" if word in texts else word for word in words]
    return schema


def bounds_text(kind: Type) -> Words | None:
    """The bounds of a number in words, where its declaration set any."""
    if not _bounds(kind) or not kind.numeric:
        unit = _UNITS.get(kind.unit)
        return Words(f"单位：{unit.zh}", f"in {unit.en}") if unit else None
    low, high = (show_value(n, kind.required()) for n in (kind.low, kind.high))
    low_en, high_en = (show_value(n, kind.required(), "en") for n in (kind.low, kind.high))
    unit = _UNITS.get(kind.unit, Words("", ""))
    return Words(f"{low} 至 {high}{unit.zh}", f"{low_en} to {high_en} {unit.en}".rstrip())


def plain_default(value: Any, kind: Type) -> Any:
    """A default as it is written in YAML."""
    if isinstance(value, tuple):
        return [plain_default(one, kind) for one in value]
    return plain_value(value, kind)


def _bounds(kind: Type) -> Schema:
    widest = {
        "int": (-INT_LIMIT, INT_LIMIT), "money": (-MONEY_LIMIT, MONEY_LIMIT), "rate": (-RATE_LIMIT, RATE_LIMIT),
        "date": (MIN_DAY, MAX_DAY),
    }.get(kind.name)  # fmt: skip
    if kind.name not in ("int", "money") or widest is None or (kind.low, kind.high) == widest:
        return {}
    factor = 100 if kind.name == "money" else 1
    # Only whole numbers are compared here; amounts with decimals are text and are compared when they are read.
    return {"minimum": -(-kind.low // factor), "maximum": kind.high // factor}


def words_schema() -> Schema:
    """A text in both languages, or one text for both."""
    return {
        "anyOf": [described({"type": "string", "minLength": 1}, Words("一段文字", "a text")), both_schema()],
        "description": "一段文字，或 {zh: 中文, en: 英文} / a text, or one for each language",
    }


def both_schema() -> Schema:
    """A text in both languages."""
    return described(
        {
            "type": "object",
            "properties": {"zh": {"type": "string", "minLength": 1}, "en": {"type": "string", "minLength": 1}},
            "required": ["zh", "en"],
            "additionalProperties": False,
        },
        Words("中英两种文字", "a text in each language"),
    )


def said_schema() -> Schema:
    """A sentence in both languages and, where it is long, a plain way to say it."""
    schema = both_schema()
    plainer = described({**both_schema()}, Words("浅显的说法：句子短，先说结果", "a plain way to say it: short sentences, the result first"))
    return {**schema, "properties": {**schema["properties"], "plain": plainer}}


def mapping(properties: Schema, *required: str, **more: Any) -> Schema:
    """A closed mapping."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False, **more}


def several(item: Schema, **more: Any) -> Schema:
    """A list of one kind of item."""
    return {"type": "array", "items": item, **more}


def named(value: Schema) -> Schema:
    """A mapping from names of the author's choice."""
    return {
        "type": "object",
        "propertyNames": {
            "pattern": NAME,
            **said("名称用小写英文字母、数字和下划线，以字母开头", "names are lower-case letters, digits and underscores, a letter first"),
            "examples": ["due_date"],
        },
        "additionalProperties": value,
    }


def schema_file(title: Words, properties: Schema, required: list[str], **more: Any) -> Schema:
    """A whole schema."""
    return {
        "$schema": DRAFT,
        "title": f"{title.zh} / {title.en}",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **more,
    }
