"""Values, types and parts of a schema -> what the author is told of them, in Chinese and English."""

from collections.abc import Iterable, Mapping
from typing import Any

from .problems import both
from .wording import short

Words = tuple[str, str]

LISTED = 12


def name_of(path: tuple[str | int, ...]) -> Words:
    """The thing at a path, as the author calls it."""
    if not path:
        return "文件", "the document"
    last = path[-1]
    if isinstance(last, str):
        return f"「{short(last)}」", f"'{short(last)}'"
    zh, en = name_of(path[:-1]) if len(path) > 1 else ("列表", "the list")
    return f"{zh}第 {last + 1} 项", f"item {last + 1} of {en}"


def value_text(value: Any) -> str:
    """A value as it is written in YAML."""
    import json

    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return short(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))


def what_is(value: Any) -> Words:
    """What was found, in words."""
    if value is None:
        return "空值", "an empty value"
    if isinstance(value, bool):
        return f"真假值 {value_text(value)}", f"the boolean {value_text(value)}"
    if isinstance(value, int):
        return f"整数 {value}", f"the integer {value}"
    if isinstance(value, str):
        return f"文字「{short(value)}」", f"the text '{short(value)}'"
    if isinstance(value, list):
        return f"列表（{len(value)} 项）", f"a list ({len(value)} items)"
    keys = list(value)
    listed = "、".join(short(key) for key in keys[:4]) + ("…" if len(keys) > 4 else "")
    return f"一组键值（{listed or '空'}）", f"a mapping ({listed.replace('、', ', ') or 'empty'})"


_TYPES: Mapping[str, Words] = {
    "object": ("一组键值", "a mapping"),
    "array": ("列表", "a list"),
    "string": ("文字", "text"),
    "integer": ("整数", "a whole number"),
    "number": ("数字", "a number"),
    "boolean": ("真假值（true 或 false）", "true or false"),
    "null": ("空值", "empty"),
}


def type_names(wanted: str | list[str]) -> Words:
    """The types a schema allows."""
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    words = [_TYPES.get(name, (name, name)) for name in names]
    return "或".join(zh for zh, _ in words), " or ".join(en for _, en in words)


def listing(values: Iterable[Any]) -> Words:
    """Some values, and how many more there are."""
    shown = [value_text(value) for value in values]
    more = len(shown) - LISTED
    zh, en = "、".join(shown[:LISTED]), ", ".join(shown[:LISTED])
    return (zh, en) if more <= 0 else (f"{zh} 等 {len(shown)} 个", f"{en} and {more} more")


def examples_of(schema: Any) -> Words:
    """The examples of a schema, in brackets."""
    examples = schema.get("examples") if isinstance(schema, Mapping) else None
    if not examples:
        return "", ""
    shown = [_written(value, schema) for value in examples[:3]]
    return f"（例如 {'、'.join(shown)}）", f" (for example {', '.join(shown)})"


def _written(value: Any, schema: Mapping[str, Any]) -> str:
    """An example as an author writes it: in quotes where it would be read as something else without them."""
    bare = value_text(value)
    quoted = isinstance(value, str) and schema.get("type") == "string" and ("format" in schema or ("pattern" not in schema and value[:1].isdigit()))
    return f'"{bare}"' if quoted else bare


def description_of(schema: Any) -> Words:
    """What a schema says about its value: `x-label` or `x-description` in two languages, else its description."""
    if not isinstance(schema, Mapping):
        return "", ""
    for keyword in ("x-description", "x-label"):
        words = schema.get(keyword)
        if isinstance(words, Mapping):
            zh = str(words.get("zh") or words.get("en") or "")
            return zh, str(words.get("en") or zh)
    lines = [both(line) for line in str(schema.get("description") or schema.get("title") or "").split("\n")]
    return "\n".join(zh for zh, _ in lines), "\n".join(en for _, en in lines)
