"""A value that does not fit and what would -> the cure that its author is told, in Chinese and English."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from .schema_words import Words, examples_of, value_text
from .wording import short


def by_example(value: Any, schema: Mapping[str, Any]) -> Words | None:
    """A cure that shows how such a value is written: with the unit that a bare number lacks, else an example."""
    examples = schema.get("examples")
    if not examples:
        return None
    meant = _meant(value, schema) if isinstance(value, str) else None
    if meant is not None:
        return f"写成 {meant}", f"write {meant}"
    number, _, unit = str(examples[0]).partition(" ")
    plain = str(value).strip() if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if unit and number.isdigit() and plain.isdigit():
        return f"写上单位，例如 {plain} {unit}", f"add the unit, as {plain} {unit}"
    if str(examples[0]).endswith("%") and isinstance(value, int) and not isinstance(value, bool):
        return f"写上百分号：{value}%", f"add the per cent sign: {value}%"
    zh, en = examples_of(schema)
    return f"照这样写{zh}", f"write it like this{en}"


_UNITS = {"天": "days", "日": "days", "自然日": "days", "月": "months", "个月": "months", "年": "years", "周年": "years",
          "工作日": "working_days", "个工作日": "working_days"}  # fmt: skip


def _meant(text: str, schema: Mapping[str, Any]) -> str | None:
    """What was meant, where only the signs are wrong: full-width ones, a Chinese unit, slashes in a date."""
    pattern = schema.get("pattern", "")
    plain = unicodedata.normalize("NFKC", text).strip()
    # A comma would end the value inside braces: the amount is written without.
    forms = [plain.replace(",", ""), plain.replace(" ", ""), re.sub(r"元$|^[¥￥]", "", plain)]
    if period := re.fullmatch(r"([0-9]+) *([^0-9 ]+)", plain):
        unit = _UNITS.get(period[2], period[2].lower())
        forms += [f"{period[1]} {unit}", f"{period[1]} {unit}s"]
    if day := re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", plain):
        forms.append(f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}")
    found = next((form for form in forms if form != text and pattern and re.search(pattern, form)), None)
    return f'"{found}"' if found is not None and schema.get("format") else found


MOST_HOMES = 4


def homes_of(key: str, root: Mapping[str, Any]) -> tuple[str, ...]:
    """The mappings that take a key which stands elsewhere, by their own keys; none where there are too many to say anything."""
    found: set[str] = set()
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ())
        inside = node.get("properties") if isinstance(node, Mapping) else None
        for name, part in inside.items() if isinstance(inside, Mapping) else ():
            taken = _followed(part, root).get("properties")
            if isinstance(taken, Mapping) and key in taken:
                found.add(name)
    return tuple(sorted(found)) if len(found) <= MOST_HOMES else ()


def _followed(part: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema, or the one among the definitions that it refers to."""
    where = part.get("$ref", "") if isinstance(part, Mapping) else ""
    found = root.get("$defs", {}).get(where.removeprefix("#/$defs/")) if where.startswith("#/$defs/") else part
    return found if isinstance(found, Mapping) else {}


def type_cure(value: Any, types: list[str]) -> Words:
    """The cure of a value that is none of the types a schema allows."""
    if value is None:
        return "补上值，或删去这个键", "write a value, or delete the key"
    if "string" in types:
        if isinstance(value, (bool, int)):
            return f'加引号："{value_text(value)}"', f'quote it: "{value_text(value)}"'
        return "写成一段文字；以 { 或 [ 开头的文字要加引号", "write text; quote text that starts with { or ["
    if "integer" in types or "number" in types:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]+\.0+", value):
            return (
                f"写 {value.partition('.')[0]}，不带小数点",
                f"write {value.partition('.')[0]} without a decimal point",
            )
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]+", value):
            return f"去掉引号，写 {short(value)}", f"write {short(value)} without quotes"
        return (
            "写一个整数，不带单位、引号和小数点",
            "write a whole number without unit, quotes or decimal point",
        )
    if "boolean" in types and value in ("是", "有", "对", "否", "无", "没有", "不"):
        word = "true" if value in ("是", "有", "对") else "false"
        return f"写 {word}，不加引号", f"write {word} without quotes"
    if "boolean" in types:
        return "写 true 或 false，不加引号", "write true or false without quotes"
    if "array" in types and isinstance(value, str) and "," in value.replace("，", ",").strip(", ，"):
        items = ", ".join(item.strip() for item in value.replace("，", ",").split(",") if item.strip())
        return f"加方括号：[{short(items)}]", f"put it in square brackets: [{short(items)}]"
    if "array" in types:
        return (
            "写成列表：每项一行，以「- 」开头；或写成 [甲, 乙]",
            "write a list: one item a line after '- ', or [a, b]",
        )
    if "object" in types:
        return "写成「键: 值」，另起一行并缩进", "write 'key: value' pairs on indented lines"
    return "删去这个值，冒号后面留空", "leave the value empty"
