"""Every wording of every service, filled with random values: nothing unfilled, nothing written wrongly."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules.api import load
from baoquan_rules.compiler.compile import compile_program
from baoquan_rules.compiler.program import Placeholder, Program, Said, Wording
from baoquan_rules.contract.part import Words
from baoquan_rules.decision.wording import Voice, _phrases, _stopped
from baoquan_rules.language.types import Type
from tests.letters.test_letters import AVOID_EN, AVOID_ZH

LIBRARY = load()


def programs() -> Iterator[Program]:
    """The program of every service for every product version."""
    for product in LIBRARY.products.values():
        for version in product.versions:
            for service in LIBRARY.services:
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


PROGRAMS = tuple(programs())
ALL: dict[tuple[str, str, int], tuple[Program, Said, bool]] = {}
"""Every sentence that reads differently, of each service: a product's own exceptions beside the service's words."""
_seen: dict[tuple[str, str], list[str]] = {}
for _program in PROGRAMS:
    for _where, _said, _heard in wordings(_program):
        _texts = _seen.setdefault((_program.service, _where), [])
        if literal(_said.zh) + literal(_said.en) not in _texts:
            ALL[_program.service, _where, len(_texts)] = (_program, _said, _heard)
            _texts.append(literal(_said.zh) + literal(_said.en))


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


LABELS = sorted({(p.service, where, text.zh, text.en) for p in PROGRAMS for where, text in labels(p)})
CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def value(kind: Type, words: tuple[str, ...]) -> st.SearchStrategy[object]:
    match kind.name:
        case "bool":
            return st.booleans()
        case "enum" | "text":
            return st.sampled_from(words or kind.values or ("某人",))
        case "amount":
            return st.integers(-(10**9), 10**9).map(lambda n: n * kind.den // 7)
        case "money":
            return st.integers(-(10**11), 10**11)
        case "date":
            return st.integers(10_000, 40_000)
        case "instant":
            return st.integers(10_000 * 86400, 40_000 * 86400)
        case "int":
            return st.integers(-1000, 10**6)
        case "rate":
            return st.integers(0, 10**8)
    return st.none()


def samples(program: Program, said: Said, data: st.DataObject) -> list[object]:
    """A value for each placeholder of a sentence, of its type."""
    holes = [part for part in (*said.zh, *said.en) if isinstance(part, Placeholder)]
    values: list[object] = [None] * (1 + max((hole.slot for hole in holes), default=0))
    for hole in holes:
        if hole.type.name == "period":
            values[hole.slot] = program.texts[hole.slot].value  # type: ignore[union-attr]
        elif values[hole.slot] is None:
            values[hole.slot] = data.draw(value(hole.type, tuple(hole.words)))
    return values


@pytest.mark.parametrize("service", sorted({name for name, _, _ in ALL}))
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_wording(service: str, data: st.DataObject) -> None:
    """Filled with any values, a sentence has no brace, no Python value, and money with two decimals and its unit."""
    for (name, where, _), (program, said, heard) in ALL.items():
        if name != service:
            continue
        values = samples(program, said, data)
        for lang, avoid in (("zh", AVOID_ZH), ("en", AVOID_EN)):
            for given_values in (values, [None] * len(values)):
                text = Voice(lang, "customer", "policyholder", LIBRARY.vocabulary).sentence(said, given_values)
                assert text.strip(), where
                assert not re.search(r"[{}]|None|True|False|Placeholder|Period\(", text), (where, text)
                if heard:
                    assert [] == [word for word in avoid if word in text.lower()], (where, text)
                for amount in re.findall(r"[\d,]+(?:\.\d+)?元", text):
                    assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d\d)?元", amount), (where, text)


def test_both_languages_state_the_same_values() -> None:
    """What one language states, the other does too."""
    for key, (_, said, _) in ALL.items():
        zh, en = ({part.slot for part in side if isinstance(part, Placeholder)} for side in (said.zh, said.en))
        assert zh == en, key


def test_each_language_is_written_as_it_should_be() -> None:
    """A Chinese sentence has Chinese punctuation and an English one no Chinese; each ends, and none is empty beside its values."""
    for key, (_, said, _) in ALL.items():
        zh, en = literal(said.zh), literal(said.en)
        assert CJK.search(zh) and not re.search(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]", zh), (key, zh)
        assert not CJK.search(en) and re.search(r"[A-Za-z]{3}", en), (key, en)
        if key[1] != "says.alternatives":  # a heading
            assert zh[-1] in "。？！：" and en.rstrip("'\"")[-1] in ".?!:", (key, zh, en)


def test_labels_can_be_read_by_anyone() -> None:
    """What a customer reads beside sentences (labels, words of a list, lines of a settlement) avoids the same words."""
    assert len(LABELS) > 200
    for service, where, zh, en in LABELS:
        assert zh.strip() and en.strip() and not CJK.search(en), (service, where, zh, en)
        assert [] == [word for word in AVOID_ZH if word in zh], (service, where, zh)
        assert [] == [word for word in AVOID_EN if word in en.lower()], (service, where, en)
        assert not re.search(r"[{}]|[a-z]_[a-z]", zh + en), (service, where, zh, en)


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


def test_plain_sentences_are_short() -> None:
    """Where a sentence that customers read is long, there is a plain way to say it; a semicolon ends one in a plain letter."""
    long: list[tuple[str, str, int]] = []
    for (service, where, _), (program, said, heard) in ALL.items():
        internal = any(c.internal and where.startswith(f"{c.name}.") for c in program.conditions)
        if not heard or internal or where.startswith("effects.") or where.endswith((".holds", ".plain")):
            continue
        text = _stopped("".join(usually(part) for part in (said.plain or said).zh))
        long.extend((service, where, len(one)) for one in re.split("[。！？\n]", text) if len(one) > LONGEST)
    assert long == []


def test_plain_words_are_chinese_alone() -> None:
    """A plain Chinese sentence has no Latin letter besides its values, and no bracket within it that could be left out."""
    for key, (_, said, heard) in ALL.items():
        if heard and key[1].endswith(".plain"):
            assert not re.search(r"[A-Za-z]", literal(said.zh)), key
