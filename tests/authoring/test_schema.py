"""What does not fit a schema is said in the author's words, at its place."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules.authoring import CODES, Problem, Problems, check_schema, read_yaml, render

CLAUSE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["within_days", "age_between"], "description": "条款种类"},
        "note": {"type": "string"},
    },
    "required": ["kind"],
    "allOf": [
        {
            "if": {"properties": {"kind": {"const": "within_days"}}, "required": ["kind"]},
            "then": {"$ref": "#/$defs/within_days"},
        },
        {
            "if": {"properties": {"kind": {"const": "age_between"}}, "required": ["kind"]},
            "then": {"properties": {"least": {"type": "integer"}}, "required": ["least"]},
        },
    ],
    "unevaluatedProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "product": {"type": "string", "description": "产品代码", "minLength": 2, "maxLength": 8},
        "count": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2},
        "over": {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 5},
        "rate": {
            "type": "string",
            "pattern": "^[0-9]+%$",
            "x-message": {"zh": "比例写成百分数", "en": "a rate is a percentage"},
            "examples": ["80%"],
        },
        "code": {"type": "string", "pattern": "^[A-Z]+$"},
        "form": {"enum": ["ratio_of_net", "ratio_less_debts"]},
        "line": {"const": "whole_life"},
        "flag": {"type": "boolean"},
        "filed": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "local-date-time"},
        "items": {"type": "array", "minItems": 2, "maxItems": 3, "uniqueItems": True},
        "pair": {"type": "array", "prefixItems": [{"type": "integer"}], "items": False},
        "holds": {"type": "array", "contains": {"const": "x"}},
        "map": {"type": "object", "minProperties": 1, "maxProperties": 2},
        "names": {
            "propertyNames": {"pattern": "^[a-z_]+$", "x-message": {"zh": "用小写英文", "en": "lower case"}}
        },
        "langs": {"propertyNames": {"enum": ["zh", "en"]}},
        "together": {"dependentRequired": {"from": ["until"]}},
        "either": {
            "anyOf": [
                {"type": "string", "pattern": "^x"},
                {
                    "type": "object",
                    "properties": {"least": {"type": "integer"}},
                    "additionalProperties": False,
                },
            ]
        },
        "one": {"oneOf": [{"required": ["p"]}, {"required": ["q"]}]},
        "never": False,
        "other": {"not": {"const": 5, "description": "不能是 5"}},
        "clauses": {"type": "array", "items": {"$ref": "#/$defs/clause"}},
        "nested": {
            "type": "object",
            "patternProperties": {"^v_": {"type": "integer"}},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
    "$defs": {
        "clause": CLAUSE,
        "within_days": {
            "properties": {"days": {"type": "integer", "description": "天数"}},
            "required": ["days"],
        },
    },
}


def check(text: str, schema: dict[str, Any] = SCHEMA) -> Problems:
    document, problems = read_yaml("a.yaml", text)
    assert document is not None, render(problems, {"a.yaml": text})
    return check_schema(document, schema)


def only(text: str, schema: dict[str, Any] = SCHEMA) -> Problem:
    problems = check(text, schema)
    assert 1 == len(problems), render(problems, {"a.yaml": text})
    return next(iter(problems))


# One row a mistake: the text, code, line, column, what the message must say, what the cure must say.
BAD = [
    ("prodct: WL", "BQ201", 1, 1, "prodct", "product"),
    ("count: 2\nqqqq: 1", "BQ201", 2, 1, "可用的键", "删去"),
    ("nested: {w_a: 1}", "BQ201", 1, 10, "w_a", "删去"),
    ("clauses:\n  - kind: within_days", "BQ202", 2, 5, "「days」：天数", "days: …"),
    ("clauses:\n  - note: x", "BQ202", 2, 5, "「kind」：条款种类", "within_days、age_between"),
    ("count: 18.0", "BQ203", 1, 8, "应为整数，这里是文字「18.0」", "写 18，"),
    ("count: true", "BQ203", 1, 8, "真假值 true", "整数"),
    ('count: "4"', "BQ203", 1, 8, "文字「4」", "去掉引号"),
    ("product: 60", "BQ203", 1, 10, "应为文字，这里是整数 60", '"60"'),
    ("product:", "BQ203", 1, 9, "还没有填：产品代码", "填上"),
    ("product: {insured.name}", "BQ203", 1, 10, "一组键值", "加引号"),
    ('flag: "true"', "BQ203", 1, 7, "true 或 false", "不加引号"),
    ("items: x", "BQ203", 1, 8, "列表", "- "),
    ("map: x", "BQ203", 1, 6, "一组键值", "键: 值"),
    ("form: ratio_of_ned", "BQ204", 1, 7, "ratio_less_debts", "ratio_of_net"),
    ("form: 5", "BQ204", 1, 7, "整数 5", "其中一个"),
    ("line: term", "BQ205", 1, 7, "只能是 whole_life", "whole_life"),
    ("rate: 0.85", "BQ206", 1, 7, "比例写成百分数（这里是文字「0.85」）", "80%"),
    ("code: abc", "BQ206", 1, 7, "abc", "^[A-Z]+$"),
    ("count: 0", "BQ207", 1, 8, "不得小于 1，这里是整数 0", "不得小于 1"),
    ("over: 0", "BQ207", 1, 7, "必须大于 0", "大于 0"),
    ("count: 10", "BQ208", 1, 8, "不得大于 9", "9"),
    ("over: 5", "BQ208", 1, 7, "必须小于 5", "5"),
    ("count: 3", "BQ209", 1, 8, "2 的倍数", "2"),
    ("product: W", "BQ210", 1, 10, "至少要有 2 个字", "2"),
    ("product: WWWWWWWWW", "BQ211", 1, 10, "（9 字）", "8"),
    ("items: [1]", "BQ212", 1, 8, "至少要有 2 项", "2"),
    ("items: [1, 2, 3, 4]", "BQ213", 1, 8, "最多 3 项", "3"),
    ("items: [1, 2, 1]", "BQ214", 1, 8, "第 1 项与第 3 项相同", "删去"),
    ("map: {}", "BQ215", 1, 6, "至少要有 1 个键", "1"),
    ("map: {a: 1, b: 2, c: 3}", "BQ216", 1, 6, "最多 2 个键", "2"),
    ("names:\n  Bad: 1", "BQ217", 2, 3, "用小写英文；这里是「Bad」", "pattern"),
    ("langs: {zh_: 1}", "BQ217", 1, 9, "zh、en", "「zh」"),
    ('filed: "2023-02-30"', "BQ218", 1, 8, "真实存在的日期", "日期"),
    ('moment: "2023-02-01"', "BQ218", 1, 9, "北京时间", "时刻"),
    ("together: {from: 1}", "BQ219", 1, 12, "「until」", "until"),
    ("holds: [z]", "BQ220", 1, 8, "缺少必需的项：x", "补上"),
    ("either: 5", "BQ221", 1, 9, "整数 5", "文字；或 一组键值"),
    ("either: {least: x}", "BQ203", 1, 17, "「least」应为整数", "整数"),
    ("either: {leest: 1}", "BQ201", 1, 10, "leest", "least"),
    ("one: {p: 1, q: 2}", "BQ222", 1, 6, "多种写法", "一种"),
    ("never: 1", "BQ223", 1, 8, "不允许", "删去"),
    ("other: 5", "BQ223", 1, 8, "不能是 5", "改写"),
    ("pair: [1, 2]", "BQ224", 1, 7, "只能有 1 项，这里有 2 项", "多出"),
]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message", "cure"), BAD, ids=lambda value: str(value)[:30]
)
def test_mistakes(text: str, code: str, line: int, column: int, message: str, cure: str) -> None:
    """One problem for one mistake: its code, its place, what was found and allowed, the cure, two languages."""
    problem = only(text)
    assert problem.span is not None
    assert (code, line, column) == (problem.code, problem.span.line, problem.span.column), render([problem])
    assert message in problem.message
    assert problem.hint and cure in problem.hint
    assert problem.message_en and problem.hint_en and code in CODES


def test_every_code_of_this_stage_is_shown() -> None:
    """Each code BQ2xx has a text that shows it."""
    assert {code for code in CODES if code.startswith("BQ2")} == {row[1] for row in BAD} | {"BQ299"}


def test_keywords_without_words_of_their_own() -> None:
    """A keyword nobody foresaw still gives a problem at its place."""
    schema = {"properties": {"a": {"prefixItems": [{}], "unevaluatedItems": {"type": "integer"}}}}
    problem = only("a: [1, x]", schema)
    assert "BQ299" == problem.code and problem.span and 4 == problem.span.column


def test_one_mistake_in_a_kind_gives_one_problem() -> None:
    """Kinds told apart by if/then: the mistake is reported where it is, and its neighbours are not."""
    problem = only("clauses:\n  - kind: within_days\n    days: x\n    note: w")
    assert "BQ203" == problem.code and problem.span and 3 == problem.span.line
    problem = only("clauses:\n  - kind: within_dyas\n    days: 5")
    assert "BQ204" == problem.code and problem.hint == "是不是「within_days」？"
    problem = only("clauses:\n  - kind: within_days\n    days: 5\n    least: 3")
    assert "BQ201" == problem.code and "days、kind、note" in problem.message
    assert 2 == len(check("clauses:\n  - kind: within_dyas\n    days: 5\n    qqq: 1"))


def test_a_misspelt_required_key_is_one_problem() -> None:
    """It is not reported as missing too."""
    assert "BQ201" == only("clauses:\n  - kind: within_days\n    dayz: 5").code


def test_a_good_document_has_no_problems() -> None:
    """All keywords are met."""
    text = (
        "product: WL\ncount: 4\nrate: 80%\nform: ratio_of_net\nline: whole_life\nflag: true\n"
        'filed: "2024-02-29"\nmoment: "2024-02-29T23:40"\nitems: [1, true]\neither: {least: 1}\none: {p: 1}\n'
        "clauses: [{kind: within_days, days: 3}, {kind: age_between, least: 1}]\nnested: {v_a: 1}\n"
    )
    assert Problems() == check(text)


def test_references_to_other_schemas() -> None:
    """A registry gives the schemas referred to by URI, and unknown keys are known through it."""
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    part = {"$defs": {"p": {"properties": {"least": {"type": "integer"}}}}, "$ref": "#/$defs/p"}
    registry: Any = Registry().with_resource("urn:part", DRAFT202012.create_resource(part))
    document, _ = read_yaml("a.yaml", "least: x\nmost: 1")
    assert document is not None
    problems = check_schema(document, {"$ref": "urn:part", "unevaluatedProperties": False}, registry)
    assert ["BQ203", "BQ201"] == [item.code for item in problems]


def test_the_author_may_be_told_in_the_schema_s_own_words() -> None:
    """`x-message` replaces the general sentence, also for a value of several forms."""
    schema = {
        "anyOf": [{"type": "integer"}, {"type": "null"}],
        "x-message": {"zh": "写整数或留空", "en": "number or nothing"},
    }
    problem = only(
        "x: 1", {"properties": {"x": {"type": "string", "x-message": {"zh": "写名称", "en": "a name"}}}}
    )
    assert "「x」：写名称（这里是整数 1）" == problem.message
    assert "写整数或留空" in only("x: z", {"properties": {"x": schema}}).message


def test_importing_loads_neither_jsonschema_nor_pyyaml() -> None:
    """They are loaded by the first check and the first file."""
    code = "import sys, baoquan_rules.authoring; sys.exit(bool({'jsonschema', 'yaml'} & set(sys.modules)))"
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["x", "80%", "within_days", "2023-02-30", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*SCHEMA["properties"], "kind", "days", "zz", "p", "q"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "zz"]), VALUES, max_size=6))
def test_any_document_ends_in_problems(value: dict[str, Any]) -> None:
    """No value raises, and every problem has a code, a place and words."""
    import json

    text = json.dumps(value, ensure_ascii=False)
    for item in check(text):
        assert (
            item.code in CODES
            and item.span
            and item.message
            and item.message_en
            and item.hint
            and item.hint_en
        )


HOMES = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"clauses": {"$ref": "#/$defs/clauses"}, "words": {"type": "array", "items": {"type": "string"}}, "loans": {"anyOf": [{"const": "none", "description": "确认没有 / certainly none"}, {"type": "object"}]}},
    "$defs": {"clauses": {"type": "object", "additionalProperties": False, "properties": {"cash_value": {"type": "object"}, "day": {"type": "string", "format": "date", "examples": ["2026-09-10"]}}}},
}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("cash_value: {}", "「cash_value」应写在 clauses 里面", "'cash_value' belongs inside clauses"),
        ("words: far, near", "[far, near]", "[far, near]"),
        ("words: far，near", "[far, near]", "[far, near]"),
        ("loans: [1]", "none（确认没有）", "none (certainly none)"),
        ("clauses: {day: }", '填上（例如 "2026-09-10"）', 'write its value (for example "2026-09-10")'),
    ],
)
def test_the_cure_says_what_was_meant(text: str, zh: str, en: str) -> None:
    """A key of another level, a list without brackets, the word for nothing, a value still to be filled in."""
    document, _ = read_yaml("a.yaml", text)
    assert document is not None
    problem = next(iter(check_schema(document, HOMES)))
    assert zh in (problem.hint or "") and en in (problem.hint_en or "")
