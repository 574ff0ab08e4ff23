"""A document and a JSON Schema -> problems at the places where the document does not fit.

Not a general report of JSON Schema errors: one problem for each thing the author must mend, said in the
author's words. Schemas tell kinds apart by a key such as `kind` with `enum` and one `if`/`then` for each, never
by `oneOf`, so that a mistake inside one kind is reported where it is. Besides the standard keywords they may
carry `x-message: {zh, en}`, said in place of the general sentence, and `x-instead`, what to write in place of a key
that is not there.

jsonschema takes long to import and is imported on the first check.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .document import Document
from .problems import Problem, Problems, Span, nearest
from .schema_cures import by_example, homes_of, type_cure
from .schema_words import (
    Words,
    description_of,
    examples_of,
    listing,
    name_of,
    type_names,
    value_text,
    what_is,
)
from .wording import short

__all__ = ["check_schema"]

Errors = Iterator[Any]

# Validators by the identity of their schema; the schema is kept so that its identity is not reused.
_VALIDATORS: dict[tuple[int, int], tuple[Any, Any, Any]] = {}
_CLASS: list[Any] = []
CACHED = 64


def check_schema(document: Document, schema: Mapping[str, Any], registry: Any = None) -> Problems:
    """The places where the document does not fit the schema (draft 2020-12), each as one problem BQ2xx.

    `registry` is a `referencing.Registry` that holds the schemas referred to by URI, if there are any.
    """
    errors = list(_validator(schema, registry).iter_errors(document.value))
    misspelt = {
        (tuple(error.absolute_path)[:-1], nearest(error.instance, error.validator_value))
        for error in errors
        if error.validator == "additionalProperties"
    }
    found: dict[tuple[str, Span | None, str], Problem] = {}
    for error in errors:
        if error.validator == "required" and (tuple(error.absolute_path), error.instance) in misspelt:
            # The key is there with a slip in its name, which is reported at its place.
            continue
        for problem in _problems(document, error, schema):
            found.setdefault((problem.code, problem.span, problem.message), problem)
    return Problems(found.values()).sorted()


def _validator(schema: Mapping[str, Any], registry: Any) -> Any:
    key = (id(schema), id(registry))
    if key not in _VALIDATORS:
        if len(_VALIDATORS) >= CACHED:
            _VALIDATORS.clear()
        made = _class()
        validator = (
            made(schema, format_checker=_formats())
            if registry is None
            else made(schema, format_checker=_formats(), registry=registry)
        )
        _VALIDATORS[key] = (schema, registry, validator)
    return _VALIDATORS[key][2]


def _class() -> Any:
    """Draft 2020-12 with whole numbers only as integers, and errors that keep what the message needs."""
    if not _CLASS:
        from jsonschema import Draft202012Validator, validators

        types = Draft202012Validator.TYPE_CHECKER.redefine(
            "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
        )
        keywords: dict[str, Callable[..., Errors]] = {
            "properties": _properties,
            "required": _required,
            "dependentRequired": _dependent_required,
            "additionalProperties": _additional_properties,
            "unevaluatedProperties": _unevaluated_properties,
            "propertyNames": _property_names,
        }
        extend: Any = validators.extend
        _CLASS.append(extend(Draft202012Validator, keywords, type_checker=types))
    return _CLASS[0]


def _formats() -> Any:
    from datetime import date, datetime

    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())

    def is_date(value: object) -> bool:
        return not isinstance(value, str) or (len(value) == 10 and bool(date.fromisoformat(value)))

    def is_instant(value: object) -> bool:
        if not isinstance(value, str):
            return True
        return len(value) in (16, 19) and value[10] == "T" and datetime.fromisoformat(value).tzinfo is None

    checker.checks("date", raises=ValueError)(is_date)
    checker.checks("local-date-time", raises=ValueError)(is_instant)
    return checker


# ---------------------------------------------------------------------------------------------------------
# Keywords whose stock errors do not say which key they are about


def _error(keyword: str, value: Any, instance: Any, path: Iterable[str] = ()) -> Any:
    from jsonschema import ValidationError

    return ValidationError(
        keyword, validator=keyword, validator_value=value, instance=instance, path=tuple(path)
    )


def _properties(validator: Any, properties: Mapping[str, Any], instance: Any, schema: Any) -> Errors:
    if isinstance(instance, dict):
        for key, part in properties.items():
            if key not in instance:
                continue
            if part is False:
                yield _error("false", None, instance[key], (key,))
            else:
                yield from validator.descend(instance[key], part, path=key, schema_path=key)


def _required(validator: Any, required: list[str], instance: Any, schema: Mapping[str, Any]) -> Errors:
    if isinstance(instance, dict):
        for key in required:
            if key not in instance:
                properties, _ = _declared(validator, instance, schema)
                yield _error("required", properties.get(key, {}), key)


def _dependent_required(validator: Any, pairs: Mapping[str, list[str]], instance: Any, schema: Any) -> Errors:
    if isinstance(instance, dict):
        for key, needed in pairs.items():
            for name in needed:
                if key in instance and name not in instance:
                    yield _error("dependentRequired", name, key, (key,))


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if not isinstance(instance, dict):
        return
    properties = schema.get("properties", {})
    patterns = list(schema.get("patternProperties", ()))
    yield from _surplus(validator, allowed, instance, properties, patterns)


def _unevaluated_properties(validator: Any, allowed: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    # The standard counts a key as known only where the part of the schema that names it succeeds; one mistake
    # in a value would then report all its neighbours. Here a key is known where a part that applies names it.
    if isinstance(instance, dict):
        properties, patterns = _declared(validator, instance, schema)
        yield from _surplus(validator, allowed, instance, properties, patterns)


def _surplus(
    validator: Any, allowed: Any, instance: dict[str, Any], properties: Mapping[str, Any], patterns: list[str]
) -> Errors:
    for key, value in instance.items():
        if key in properties or any(re.search(pattern, key) for pattern in patterns):
            continue
        if allowed is False:
            yield _error(
                "additionalProperties",
                [name for name in properties if properties[name] is not False],
                key,
                (key,),
            )
        elif isinstance(allowed, Mapping):
            yield from validator.descend(value, allowed, path=key)


def _property_names(validator: Any, names: Any, instance: Any, schema: Mapping[str, Any]) -> Errors:
    if isinstance(instance, dict):
        for key in instance:
            for error in validator.descend(key, names):
                yield _error("propertyNames", error, key, (key,))
                break


def _declared(
    validator: Any, instance: dict[str, Any], schema: Any, outer: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """The keys, with their schemas, and key patterns that the parts of `schema` applying to `instance` name."""
    properties: dict[str, Any] = {}
    patterns: list[str] = []
    if not isinstance(schema, Mapping):
        return properties, patterns

    def take(part: Any, under: Any = validator) -> None:
        more, more_patterns = _declared(under, instance, part, around)
        for key, value in more.items():
            # A bare entry such as `kind: {const: x}` must not hide the one that describes the key.
            if key not in properties or not isinstance(properties[key], Mapping) or len(properties[key]) < 2:
                properties[key] = value
        patterns.extend(more_patterns)

    properties.update(schema.get("properties", {}))
    patterns.extend(schema.get("patternProperties", ()))
    around = outer if outer and "properties" not in schema else schema
    if "$ref" in schema:
        # jsonschema offers no public way to follow a reference from inside a keyword.
        resolved = validator._resolver.lookup(schema["$ref"])
        take(resolved.contents, validator.evolve(schema=resolved.contents, _resolver=resolved.resolver))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            take(part)
    if "if" in schema:
        applies = validator.evolve(schema=schema["if"]).is_valid(instance)
        take(schema.get("then" if applies else "else"))
        if not applies and not _kind_known(instance, schema["if"], around):
            take(schema.get("then"))
    for key, part in schema.get("dependentSchemas", {}).items():
        if key in instance:
            take(part)
    return properties, patterns


def _kind_known(instance: dict[str, Any], test: Any, around: Mapping[str, Any]) -> bool:
    """Whether the key that tells kinds apart has a proper value. Where it has not, the keys of every kind are
    let pass: that one mistake is reported, and it is not known which of the others would be mistakes."""
    tested = test.get("properties", {}) if isinstance(test, Mapping) else {}
    for key in tested:
        described = around.get("properties", {}).get(key, {})
        if key not in instance:
            if key in around.get("required", ()):
                return False
        elif (
            isinstance(described, Mapping) and "enum" in described and instance[key] not in described["enum"]
        ):
            return False
    return True


# ---------------------------------------------------------------------------------------------------------
# From an error to problems


def _problems(document: Document, error: Any, root: Mapping[str, Any]) -> Iterator[Problem]:
    keyword = error.validator or "false"
    if keyword == "format" and "pattern" in error.schema and not re.search(error.schema["pattern"], error.instance):
        # The pattern is reported: what is not written as a date is not judged as one.
        return
    if keyword == "type" and ("enum" in error.schema or "const" in error.schema):
        # The error of the other keyword at the same place says more.
        return
    if keyword in ("anyOf", "oneOf") and error.context:
        yield from _one_of_forms(document, error, root)
        return
    path = tuple(error.absolute_path)
    make = _MESSAGES.get(keyword, _other)
    code, at_key, message, hint = make(error, path)
    if keyword == "additionalProperties" and hint == _DELETE and (homes := homes_of(error.instance, root)):
        names = "、".join(homes), ", ".join(homes)
        hint = (f"「{short(error.instance)}」应写在 {names[0]} 里面；不是要写它，就删去这个键", f"'{short(error.instance)}' belongs inside {names[1]}; or delete the key")
    if error.instance is None and keyword not in _ABOUT_KEYS:
        yield _empty(document, code, path, error.schema)
        return
    own = error.schema.get("x-message") if isinstance(error.schema, Mapping) else None
    if isinstance(own, Mapping) and keyword not in _ABOUT_KEYS and keyword != "format":
        zh, en = what_is(error.instance)
        name = name_of(path)
        message = (
            f"{name[0]}：{own.get('zh', '')}（这里是{zh}）",
            f"{name[1]}: {own.get('en', '')} (found {en})",
        )
        hint = by_example(error.instance, error.schema) or hint
    span = document.key_span(path) if at_key else document.span(path)
    yield Problem(code, message[0], span, hint[0] or None, None, "error", message[1], hint[1] or None)


def _empty(document: Document, code: str, path: tuple[str | int, ...], schema: Any) -> Problem:
    """A key whose value has not been filled in."""
    name, described, examples = name_of(path), description_of(schema), examples_of(schema)
    what = described[0].partition("\n")[0], described[1].partition("\n")[0]
    zh = f"{name[0]}还没有填" + (f"：{what[0]}" if what[0] else "")
    en = f"{name[1]} is still empty" + (f": {what[1]}" if what[1] else "")
    hint = f"填上{examples[0]}；不必填的，也可以删去这一行", f"write its value{examples[1]}; if it need not be stated, the line can go"
    return Problem(code, zh, document.span(path), hint[0], None, "error", en, hint[1])


def _one_of_forms(document: Document, error: Any, root: Mapping[str, Any]) -> Iterator[Problem]:
    """A value with several forms: the mistakes inside the form it was meant to have, or else the forms."""
    forms: dict[int, list[Any]] = {}
    for inner in error.context:
        forms.setdefault(inner.relative_schema_path[0], []).append(inner)
    own = isinstance(error.schema, Mapping) and "x-message" in error.schema
    meant = [
        inner
        for inner in forms.values()
        if not any(not item.relative_path and item.validator in ("type", "enum", "const") for item in inner)
    ]
    if len(meant) == 1 and not own:
        for inner_error in meant[0]:
            yield from _problems(document, inner_error, root)
        return
    path = tuple(error.absolute_path)
    if error.instance is None:
        yield _empty(document, "BQ221", path, error.schema)
        return
    name, what = name_of(path), what_is(error.instance)
    wanted = [_form(part) for part in error.validator_value]
    zh = f"{name[0]}不符合任何一种写法：这里是{what[0]}"
    en = f"{name[1]} fits none of the forms: found {what[1]}"
    hint = (
        "可以写成：" + "；或 ".join(words[0] for words in wanted),
        "write: " + "; or ".join(words[1] for words in wanted),
    )
    if own:
        message = error.schema["x-message"]
        zh = f"{name[0]}：{message.get('zh', '')}（这里是{what[0]}）"
        en = f"{name[1]}: {message.get('en', '')} (found {what[1]})"
    yield Problem("BQ221", zh, document.span(path), hint[0], None, "error", en, hint[1])


def _form(schema: Any) -> Words:
    """A form that a value may have, in words."""
    if not isinstance(schema, Mapping):
        return "任意值", "anything"
    described = description_of(schema)
    if "const" in schema:
        written = value_text(schema["const"])
        return (f"{written}（{described[0]}）", f"{written} ({described[1]})") if described[0] else (written, written)
    if described[0]:
        return described
    if "enum" in schema:
        return listing(schema["enum"])
    if "type" in schema:
        zh, en = type_names(schema["type"])
        examples = examples_of(schema)
        return zh + examples[0], en + examples[1]
    return "另一种写法", "another form"


# Each gives: code, whether the place is the key, the message, the cure; words in Chinese and English.
Made = tuple[str, bool, Words, Words]


_DELETE = ("删去这个键", "delete the key")


def _unknown_key(error: Any, path: tuple[str | int, ...]) -> Made:
    key, valid = error.instance, sorted(error.validator_value)
    near = nearest(key, valid)
    zh, en = listing(valid)
    hint = _DELETE
    instead = error.schema.get("x-instead", {}).get(key)
    glued = re.match(r"([^:：]+) *[:：](.*)", key)
    if instead is not None:
        hint = (instead["zh"], instead["en"])
    elif glued and glued[1] in valid:
        written = f"{glued[1]}: {short(glued[2].strip())}"
        hint = (f"冒号用半角，后面留一个空格：{written}", f"use a half-width colon with a space after it: {written}")
    elif near is not None:
        hint = (f"是不是「{near}」？", f"did you mean '{near}'?")
    elif valid == ["en", "zh"] or re.search(r"[ \u3000-\u9fff]", key):
        hint = (
            "若是上一项文字里逗号之后的部分，给整段文字加引号；否则删去这个键",
            "if this is what follows a comma in a text, quote the whole text; else delete the key",
        )
    if not valid:
        return (
            "BQ201",
            True,
            (
                f"未知的键「{short(key)}」：这里不能有任何键",
                f"unknown key '{short(key)}': no keys are allowed here",
            ),
            hint,
        )
    return (
        "BQ201",
        True,
        (f"未知的键「{short(key)}」；可用的键：{zh}", f"unknown key '{short(key)}'; allowed: {en}"),
        hint,
    )


def _missing_key(error: Any, path: tuple[str | int, ...]) -> Made:
    key, schema, name = error.instance, error.validator_value, name_of(path)
    described = description_of(schema)
    zh = f"{name[0]}缺少必填的键「{key}」" + (f"：{described[0]}" if described[0] else "")
    en = f"{name[1]} lacks the required key '{key}'" + (f": {described[1]}" if described[1] else "")
    form = ("", "")
    if isinstance(schema, Mapping) and not {"const", "enum", "type"}.isdisjoint(schema):
        words = _form(
            {name: rule for name, rule in schema.items() if name in ("type", "enum", "const", "examples")}
        )
        form = (f"（{words[0]}）", f" ({words[1]})")
    return "BQ202", True, (zh, en), (f"补上「{key}: …」{form[0]}", f"add '{key}: ...'{form[1]}")


def _wrong_type(error: Any, path: tuple[str | int, ...]) -> Made:
    value, wanted = error.instance, error.validator_value
    types = [wanted] if isinstance(wanted, str) else list(wanted)
    name, what, want = name_of(path), what_is(value), type_names(wanted)
    examples = examples_of(error.schema)
    message = (
        f"{name[0]}应为{want[0]}{examples[0]}，这里是{what[0]}",
        f"{name[1]} must be {want[1]}{examples[1]}; found {what[1]}",
    )
    return "BQ203", False, message, type_cure(value, types)


def _not_listed(error: Any, path: tuple[str | int, ...]) -> Made:
    value, allowed = error.instance, list(error.validator_value)
    name, what, listed = name_of(path), what_is(value), listing(allowed)
    near = (
        nearest(value_text(value), [value_text(item) for item in allowed]) if isinstance(value, (str, int)) else None
    )
    labels = error.schema.get("x-label") if isinstance(error.schema, Mapping) else None
    for word, label in labels.items() if isinstance(labels, Mapping) else ():
        if isinstance(label, Mapping) and value in label.values():
            near = word
    hint = (
        (f"是不是「{near}」？", f"did you mean '{near}'?") if near else ("改为其中一个", "choose one of them")
    )
    message = (
        f"{name[0]}只能是：{listed[0]}；这里是{what[0]}",
        f"{name[1]} must be one of: {listed[1]}; found {what[1]}",
    )
    return "BQ204", False, message, hint


def _not_fixed(error: Any, path: tuple[str | int, ...]) -> Made:
    wanted, name, what = value_text(error.validator_value), name_of(path), what_is(error.instance)
    return (
        "BQ205",
        False,
        (f"{name[0]}只能是 {wanted}，这里是{what[0]}", f"{name[1]} must be {wanted}; found {what[1]}"),
        (f"改为 {wanted}", f"write {wanted}"),
    )


def _pattern(error: Any, path: tuple[str | int, ...]) -> Made:
    name, what, examples = name_of(path), what_is(error.instance), examples_of(error.schema)
    message = (
        f"{name[0]}的写法不对：这里是{what[0]}",
        f"{name[1]} is not written as required: found {what[1]}",
    )
    if examples[0]:
        return "BQ206", False, message, ("照这样写" + examples[0], "write it like this" + examples[1])
    described = description_of(error.schema)
    if described[0]:
        return "BQ206", False, message, described
    pattern = error.validator_value
    return (
        "BQ206",
        False,
        message,
        (f"格式（正则表达式）：{pattern}", f"the format, as a regular expression: {pattern}"),
    )


def _bound(code: str, zh: str, en: str) -> Callable[[Any, tuple[str | int, ...]], Made]:
    """A message about a number the schema sets: {0} is that number."""

    def make(error: Any, path: tuple[str | int, ...]) -> Made:
        limit, name, what = error.validator_value, name_of(path), what_is(error.instance)
        unit = ("", "")
        if isinstance(error.instance, str):
            unit = (f"（{len(error.instance)} 字）", f" ({len(error.instance)} characters)")
        message = (
            f"{name[0]}{zh.format(limit)}，这里是{what[0]}{unit[0]}",
            f"{name[1]} {en.format(limit)}; found {what[1]}{unit[1]}",
        )
        return (
            code,
            False,
            message,
            (f"改到符合「{zh.format(limit)}」", f"change it so that it {en.format(limit)}"),
        )

    return make


def _repeated(error: Any, path: tuple[str | int, ...]) -> Made:
    import json

    name = name_of(path)
    seen: dict[str, int] = {}
    first, second = 1, 1
    for second, item in enumerate(error.instance, 1):
        first = seen.setdefault(json.dumps(item, sort_keys=True), second)
        if first != second:
            break
    what = what_is(error.instance[second - 1])
    return (
        "BQ214",
        False,
        (
            f"{name[0]}第 {first} 项与第 {second} 项相同：{what[0]}",
            f"items {first} and {second} of {name[1]} are equal: {what[1]}",
        ),
        ("删去其中一项", "delete one of them"),
    )


def _key_name(error: Any, path: tuple[str | int, ...]) -> Made:
    inner, key = error.validator_value, error.instance
    schema = inner.schema if isinstance(inner.schema, Mapping) else {}
    own = schema.get("x-message", {})
    if inner.validator == "enum":
        near = nearest(key, [str(name) for name in inner.validator_value])
        zh, en = listing(inner.validator_value)
        return (
            "BQ217",
            True,
            (
                f"键只能是：{zh}；这里是「{short(key)}」",
                f"the key must be one of: {en}; found '{short(key)}'",
            ),
            (f"是不是「{near}」？", f"did you mean '{near}'?")
            if near
            else ("改为其中一个", "choose one of them"),
        )
    examples = examples_of(schema)
    zh = own.get("zh", "键的名称不合规定") + f"；这里是「{short(key)}」"
    en = own.get("en", "the name of the key is not allowed") + f"; found '{short(key)}'"
    rule = inner.validator_value
    return (
        "BQ217",
        True,
        (zh, en),
        ("照这样写" + examples[0], "write it like this" + examples[1])
        if examples[0]
        else (
            f"改名，使其符合 {inner.validator}: {rule}",
            f"rename it so that it fits {inner.validator}: {rule}",
        ),
    )


def _format(error: Any, path: tuple[str | int, ...]) -> Made:
    name, what = name_of(path), what_is(error.instance)
    if error.validator_value == "date":
        wanted = ('真实存在的日期，写成 "2023-05-10"', 'a real date, written "2023-05-10"')
    elif error.validator_value == "local-date-time":
        wanted = (
            '北京时间的时刻，写成 "2023-05-10T14:30"',
            'a time of day in Beijing, written "2023-05-10T14:30"',
        )
    else:
        wanted = (f"{error.validator_value} 格式", f"in the format {error.validator_value}")
    return (
        "BQ218",
        False,
        (f"{name[0]}应为{wanted[0]}，这里是{what[0]}", f"{name[1]} must be {wanted[1]}; found {what[1]}"),
        (
            "改为真实存在的日期或时刻",
            "write a date or time that exists",
        ),
    )


def _companion(error: Any, path: tuple[str | int, ...]) -> Made:
    key, name = error.instance, error.validator_value
    return (
        "BQ219",
        True,
        (f"写了「{key}」就必须写「{name}」", f"'{key}' requires '{name}'"),
        (f"补上「{name}: …」，或删去「{key}」", f"add '{name}: ...', or delete '{key}'"),
    )


def _contains(error: Any, path: tuple[str | int, ...]) -> Made:
    form = _form(error.schema.get("contains"))
    return (
        "BQ220",
        False,
        (
            f"{name_of(path)[0]}缺少必需的项：{form[0]}",
            f"{name_of(path)[1]} lacks an item that it must contain: {form[1]}",
        ),
        ("补上这一项", "add the item"),
    )


def _forms(error: Any, path: tuple[str | int, ...]) -> Made:
    name, what = name_of(path), what_is(error.instance)
    return (
        "BQ222",
        False,
        (
            f"{name[0]}同时符合多种写法，分不清是哪一种：这里是{what[0]}",
            f"{name[1]} fits more than one form: found {what[1]}",
        ),
        ("只写其中一种所需的键", "write only what one of the forms needs"),
    )


def _not_allowed(error: Any, path: tuple[str | int, ...]) -> Made:
    name, what = name_of(path), what_is(error.instance)
    described = description_of(error.validator_value) if error.validator == "not" else ("", "")
    return (
        "BQ223",
        False,
        (
            f"{name[0]}在这里不允许：这里是{what[0]}" + (f"；{described[0]}" if described[0] else ""),
            f"{name[1]} is not allowed here: found {what[1]}" + (f"; {described[1]}" if described[1] else ""),
        ),
        ("删去或改写", "delete or change it"),
    )


def _other(error: Any, path: tuple[str | int, ...]) -> Made:
    import json

    name, what = name_of(path), what_is(error.instance)
    rule = short(json.dumps(error.validator_value, ensure_ascii=False, default=str), 80)
    return (
        "BQ299",
        False,
        (
            f"{name[0]}不符合规定（{error.validator}: {rule}），这里是{what[0]}",
            f"{name[1]} does not fit {error.validator}: {rule}; found {what[1]}",
        ),
        ("按规定改写", "change it to fit"),
    )


def _surplus_item(error: Any, path: tuple[str | int, ...]) -> Made:
    if error.validator_value is not False:
        return _other(error, path)
    name, count = name_of(path), len(error.schema.get("prefixItems", ()))
    return (
        "BQ224",
        False,
        (
            f"{name[0]}只能有 {count} 项，这里有 {len(error.instance)} 项",
            f"{name[1]} takes {count} items; found {len(error.instance)}",
        ),
        ("删去多出的项", "delete the surplus items"),
    )


_ABOUT_KEYS = {"required", "additionalProperties", "propertyNames", "dependentRequired"}

_MESSAGES: Mapping[str, Callable[[Any, tuple[str | int, ...]], Made]] = {
    "additionalProperties": _unknown_key,
    "required": _missing_key,
    "type": _wrong_type,
    "enum": _not_listed,
    "const": _not_fixed,
    "pattern": _pattern,
    "minimum": _bound("BQ207", "不得小于 {0}", "must be at least {0}"),
    "exclusiveMinimum": _bound("BQ207", "必须大于 {0}", "must be greater than {0}"),
    "maximum": _bound("BQ208", "不得大于 {0}", "must be at most {0}"),
    "exclusiveMaximum": _bound("BQ208", "必须小于 {0}", "must be less than {0}"),
    "multipleOf": _bound("BQ209", "必须是 {0} 的倍数", "must be a multiple of {0}"),
    "minLength": _bound("BQ210", "至少要有 {0} 个字", "must have at least {0} characters"),
    "maxLength": _bound("BQ211", "最多 {0} 个字", "must have at most {0} characters"),
    "minItems": _bound("BQ212", "至少要有 {0} 项", "must have at least {0} items"),
    "maxItems": _bound("BQ213", "最多 {0} 项", "must have at most {0} items"),
    "uniqueItems": _repeated,
    "minProperties": _bound("BQ215", "至少要有 {0} 个键", "must have at least {0} keys"),
    "maxProperties": _bound("BQ216", "最多 {0} 个键", "must have at most {0} keys"),
    "propertyNames": _key_name,
    "format": _format,
    "dependentRequired": _companion,
    "contains": _contains,
    "minContains": _contains,
    "maxContains": _contains,
    "oneOf": _forms,
    "not": _not_allowed,
    "false": _not_allowed,
    "items": _surplus_item,
    "unevaluatedItems": _surplus_item,
}
