"""Every wording of every service, filled with random values: nothing unfilled, nothing written wrongly."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules.api import load
from baoquan_rules.compiler.compile import compile_program
from baoquan_rules.compiler.program import Placeholder, Program, Said
from baoquan_rules.decision.wording import Voice
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
    """Every wording of a program: where it stands, and whether customers read it."""
    for condition in program.conditions:
        yield from ((f"{condition.name}.{key}", said, True) for key, said in condition.says.items())
    yield from ((f"says.{key}", said, True) for key, said in program.says.items())
    yield from ((f"notices.{n.name}", n.says, "customer" in n.readers) for n in program.notices)
    yield from ((f"deadlines.{d.name}", d.says, True) for d in program.deadlines if d.says is not None)
    yield from ((f"effects.{e.kind}", e.says, True) for e in program.effects if e.says is not None)
    yield from ((f"alternatives.{a.name}", a.says, True) for a in program.alternatives if a.says is not None)


ALL = {(p.service, where): (p, said, heard) for p in programs() for where, said, heard in wordings(p)}


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


@pytest.mark.parametrize(("service", "where"), sorted(ALL))
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_wording(service: str, where: str, data: st.DataObject) -> None:
    """Filled with any values, a sentence has no brace, no Python value, and money with two decimals and its unit."""
    program, said, heard = ALL[service, where]
    holes = [part for part in (*said.zh, *said.en) if isinstance(part, Placeholder)]
    values: list[object] = [None] * (1 + max((hole.slot for hole in holes), default=0))
    for hole in holes:
        if values[hole.slot] is None and hole.type.name != "period":
            values[hole.slot] = data.draw(value(hole.type, tuple(hole.words)))
        elif hole.type.name == "period":
            values[hole.slot] = program.texts[hole.slot].value  # type: ignore[union-attr]
    for lang in ("zh", "en"):
        for missing in (False, True):
            given_values = [None] * len(values) if missing else values
            text = Voice(lang, "customer", "policyholder", LIBRARY.vocabulary).sentence(said, given_values)
            assert text.strip()
            assert not re.search(r"[{}]|None|True|False|Placeholder|Period\(", text)
            if heard:
                avoid = AVOID_ZH if lang == "zh" else AVOID_EN
                assert [] == [word for word in avoid if word in text.lower()]
            for amount in re.findall(r"[\d,]+(?:\.\d+)?元", text):
                assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d\d)?元", amount)


@pytest.mark.parametrize(("service", "where"), sorted(ALL))
def test_both_languages_state_the_same_values(service: str, where: str) -> None:
    """What one language states, the other does too."""
    _, said, _ = ALL[service, where]
    zh, en = ({part.slot for part in side if isinstance(part, Placeholder)} for side in (said.zh, said.en))
    assert zh == en
