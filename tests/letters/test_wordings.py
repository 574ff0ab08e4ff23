"""Every wording of every service, filled with random values: nothing unfilled, nothing written wrongly."""

import re
from collections.abc import Iterable, Iterator
from random import Random

import pytest

from baoquan_rules.api import load
from baoquan_rules.compiler.compile import compile_program
from baoquan_rules.compiler.program import Placeholder, Program, Said, Wording
from baoquan_rules.contract.part import Words
from baoquan_rules.decision.wording import Voice, _phrases, _stopped
from baoquan_rules.language.types import Type
from tests.letters.test_letters import AVOID_EN, AVOID_ZH

LIBRARY = load()


def programs(service: str) -> Iterator[Program]:
    """The program of a service for every product version."""
    for product in LIBRARY.products.values():
        for version in product.versions:
            program, problems = compile_program(LIBRARY.world, product, version, service, {})
            assert program is not None, str(problems)
            yield program


def wordings(program: Program) -> Iterator[tuple[str, Said, bool]]:
    """Every wording of a program, and its plain form: where it stands, and whether customers read it."""
    for where, said, heard in _wordings(program):
        yield where, said, heard
        if said.plain is not None:
            yield f"{where}.plain", said.plain, heard


def _wordings(program: Program) -> Iterator[tuple[str, Said, bool]]:
    for condition in program.conditions:
        yield from ((f"{condition.name}.{key}", said, True) for key, said in condition.says.items())
    yield from ((f"says.{key}", said, True) for key, said in program.says.items())
    yield from ((f"notices.{n.name}", n.says, "customer" in n.readers) for n in program.notices)
    yield from ((f"deadlines.{d.name}", d.says, True) for d in program.deadlines if d.says is not None)
    yield from ((f"effects.{n}.{e.kind}", e.says, True) for n, e in enumerate(program.effects) if e.says is not None)
    yield from ((f"alternatives.{a.name}", a.says, True) for a in program.alternatives if a.says is not None)


def literal(side: Wording) -> str:
    """What stands in a sentence besides its values."""
    return "".join(part if isinstance(part, str) else "\0" for part in side)


def sentences(compiled: Iterable[Program]) -> dict[tuple[str, int], tuple[Program, Said, bool]]:
    """Every sentence of a service that reads differently: a product's own exceptions beside the service's words."""
    out: dict[tuple[str, int], tuple[Program, Said, bool]] = {}
    seen: dict[str, list[str]] = {}
    for program in compiled:
        for where, said, heard in wordings(program):
            texts = seen.setdefault(where, [])
            if literal(said.zh) + literal(said.en) not in texts:
                out[where, len(texts)] = (program, said, heard)
                texts.append(literal(said.zh) + literal(said.en))
    return out


def labels(program: Program) -> Iterator[tuple[str, Words]]:
    """The short texts that customers may read: figures shown to them, lines, columns, and conditions that have no sentence."""
    for figure in program.figures:
        if "customer" in figure.show:
            yield f"figures.{figure.name}", figure.label
            yield from ((f"figures.{figure.name}.{word}", text) for word, text in figure.words.items())
    for table in program.breakdowns:
        if "customer" in table.show:
            yield f"tables.{table.name}", table.label
            for column in table.columns:
                yield f"tables.{table.name}.{column.name}", column.label
                yield from ((f"tables.{table.name}.{column.name}.{word}", text) for word, text in column.words.items())
    yield from ((f"outcome.{word}", text) for word, text in program.outcome_words.items())
    yield from ((f"conditions.{c.name}", c.label) for c in program.conditions if not (c.secret or {"fails", "unknown"} <= set(c.says)))
    yield from ((f"settlement.{line.name}", line.label) for line in program.lines)
    yield from ((f"deadlines.{d.name}", d.label) for d in program.deadlines)
    yield from ((f"alternatives.{a.name}", a.label) for a in program.alternatives)


CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def value(kind: Type, words: tuple[str, ...], chance: Random) -> object:
    """Some value of a type."""
    match kind.name:
        case "bool":
            return chance.random() < 0.5
        case "enum" | "text":
            return chance.choice(words or kind.values or ("某人",))
        case "amount":
            return chance.choice((0, 1, -1, chance.randint(-(10**9), 10**9))) * kind.den // 7
        case "money":
            return chance.choice((0, 1, -1, 100, chance.randint(-(10**11), 10**11)))
        case "date":
            return chance.randint(10_000, 40_000)
        case "instant":
            return chance.randint(10_000 * 86400, 40_000 * 86400)
        case "int":
            return chance.choice((0, 1, chance.randint(-1000, 10**6)))
        case "rate":
            return chance.randint(0, 10**8)
    return None


def filled(program: Program, said: Said, chance: Random) -> list[object]:
    """A value for each placeholder of a sentence, of its type."""
    holes = [part for part in (*said.zh, *said.en) if isinstance(part, Placeholder)]
    values: list[object] = [None] * (1 + max((hole.slot for hole in holes), default=0))
    for hole in holes:
        if hole.type.name == "period":
            values[hole.slot] = program.texts[hole.slot].value  # type: ignore[union-attr]
        elif values[hole.slot] is None:
            values[hole.slot] = value(hole.type, tuple(hole.words), chance)
    return values


@pytest.mark.parametrize("service", sorted(LIBRARY.services))
def test_wording(service: str) -> None:
    """Each sentence and label of a service, in each of its forms, reads as it should."""
    compiled = tuple(programs(service))
    found = sentences(compiled)
    assert found
    chance = Random(service)
    for key, (program, said, heard) in found.items():
        for values in ([], *(filled(program, said, chance) for _ in range(4))):
            check_filled(key, said, values, heard)
        check_languages(key, said)
        check_plain(key, program, said, heard)
    check_labels({(where, text.zh, text.en) for program in compiled for where, text in labels(program)})


def check_filled(key: tuple[str, int], said: Said, values: list[object], heard: bool) -> None:
    """Filled with any values or none, a sentence has no brace, no Python value, and money with two decimals and its unit."""
    stated = values or [None] * (1 + max((part.slot for part in (*said.zh, *said.en) if isinstance(part, Placeholder)), default=0))
    for lang, avoid in (("zh", AVOID_ZH), ("en", AVOID_EN)):
        text = Voice(lang, "customer", "policyholder", LIBRARY.vocabulary).sentence(said, stated)
        assert text.strip(), key
        assert not re.search(r"[{}]|None(?! of)|True|False|Placeholder|Period\(", text), (key, text)
        if heard:
            assert [] == [word for word in avoid if word in text.lower()], (key, text)
        for amount in re.findall(r"[\d,]+(?:\.\d+)?元", text):
            assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d\d)?元", amount), (key, text)


def check_languages(key: tuple[str, int], said: Said) -> None:
    """What one language states, the other does too; each has its own punctuation; each sentence ends, and none is empty beside its values."""
    slots = ({part.slot for part in side if isinstance(part, Placeholder)} for side in (said.zh, said.en))
    assert next(slots) == next(slots), key
    zh, en = literal(said.zh), literal(said.en)
    assert CJK.search(zh) and not re.search(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]", zh), (key, zh)
    assert not CJK.search(en) and re.search(r"[A-Za-z]{3}", en), (key, en)
    if key[0] != "says.alternatives":  # a heading
        assert zh[-1] in "。？！：" and en.rstrip("'\"")[-1] in ".?!:", (key, zh, en)


def check_plain(key: tuple[str, int], program: Program, said: Said, heard: bool) -> None:
    """Where a sentence that customers read is long, there is a plain way to say it, without a Latin letter; a semicolon ends one in a plain letter."""
    where = key[0]
    if not heard:
        return
    if where.endswith(".plain"):
        assert not re.search(r"[A-Za-z]", literal(said.zh)), key
    elif not where.startswith("effects.") and not where.endswith(".holds") and not any(c.internal and where.startswith(f"{c.name}.") for c in program.conditions):
        text = _stopped("".join(usually(part) for part in (said.plain or said).zh))
        assert [] == [one for one in re.split("[。！？\n]", text) if len(one) > LONGEST], key


def check_labels(found: set[tuple[str, str, str]]) -> None:
    """What a customer reads beside sentences (labels, words of a list, lines of a settlement) avoids the same words."""
    for where, zh, en in found:
        assert zh.strip() and en.strip() and not CJK.search(en), (where, zh, en)
        assert [] == [word for word in AVOID_ZH if word in zh], (where, zh)
        assert [] == [word for word in AVOID_EN if word in en.lower()], (where, en)
        assert not re.search(r"[{}]|[a-z]_[a-z]", zh + en), (where, zh, en)


def test_fixed_phrases_can_be_read_by_anyone() -> None:
    """The fixed phrases of explanations avoid the same words, and both languages take the same values."""
    for name, text in _phrases().items():
        assert [] == [word for word in AVOID_ZH if word in text.zh], name
        assert [] == [word for word in AVOID_EN if word in text.en.lower()], name
        assert not CJK.search(text.en), name
        assert sorted(re.findall(r"{(\w+)}", text.zh)) == sorted(re.findall(r"{(\w+)}", text.en)), name


LONGEST = 60
"""The most characters of a sentence in plain words, its values counted as they are usually written."""

USUAL = {"money": "12,345.00元", "amount": "12,345.00元", "date": "2026年10月12日", "instant": "2026年10月12日10:20", "int": "12", "rate": "4.5%", "period": "30天"}


def usually(part: str | Placeholder) -> str:
    """A part of a wording as it is usually written."""
    if isinstance(part, str):
        return part
    return {"date": "2026年10月12日", "weekday": "2026年10月12日（周一）"}.get(part.style) or USUAL.get(part.type.name, "每半年一次")
