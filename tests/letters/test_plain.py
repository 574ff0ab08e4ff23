"""Letters in plain words: for whom, and that they say the same as the ordinary ones, more simply."""

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baoquan_rules import Decision, Library, decide
from baoquan_rules.api import load
from baoquan_rules.language.civil import parse_date
from tests.letters.test_letters import AVOID_EN, AVOID_ZH, LETTERS, decision_of

HERE = Path(__file__).parent / "snapshots"
WRITE = os.environ.get("BAOQUAN_WRITE_SNAPSHOTS") == "1"
PRINTED = ("reinstatement-pending", "surrender-quote")
"""The letters kept word by word."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


@pytest.fixture(scope="module")
def letters(library: Library) -> dict[str, Decision]:
    return {name: decision_of(name, library) for name in LETTERS}


def sentences(text: str) -> list[str]:
    """The sentences of a Chinese letter besides its tables."""
    lines = (re.sub(r"^(- |\d+\. |\*\*)|\*\*$", "", line) for line in text.splitlines() if not line.startswith("|"))
    return [one for line in lines for one in re.split("[。！？]", line) if one]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PRINTED)
def test_letter(name: str, lang: str, letters: dict[str, Decision]) -> None:
    """Each reads as it was reviewed."""
    text, path = letters[name].explain(lang, style="plain"), HERE / f"{name}.{lang}.plain.md"
    if WRITE:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_short_sentences_in_one_language(name: str, letters: dict[str, Decision]) -> None:
    """No sentence is over 60 characters, no word is foreign, and none is on the avoid list."""
    text = letters[name].explain("zh", style="plain")
    assert [one for one in sentences(text) if len(one) > 60] == []
    assert not re.search(r"[A-Za-z]", text)
    assert [] == [word for word in AVOID_ZH if word in text]
    assert [] == [word for word in AVOID_EN if word in letters[name].explain("en", style="plain").lower()]


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_result_first_then_a_number_to_call(name: str, letters: dict[str, Decision]) -> None:
    """The first block is the result and the second the telephone, before any figure or condition."""
    first, second, *_ = letters[name].explain("zh", style="plain").split("\n\n")
    assert first.startswith("**") and first.endswith("**") and "400-000-0000" in second


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_nothing_is_left_out(name: str, letters: dict[str, Decision]) -> None:
    """Every amount and every day of the ordinary letter is in the plain one, and no other."""
    for lang, amount, day in (("zh", r"[\d,]+\.\d\d元", r"\d+年\d+月\d+日"), ("en", r"CNY [\d,]+\.\d\d", r"\d+ [A-Z][a-z]{2} \d{4}")):
        ordinary, plain = (letters[name].explain(lang, style=style) for style in ("standard", "plain"))
        for pattern in (amount, day):
            assert set(re.findall(pattern, plain)) == set(re.findall(pattern, ordinary)), (lang, pattern)
    assert len(sentences(letters[name].explain("zh", style="plain"))) >= len(sentences(letters[name].explain("zh", style="standard")))


def spoken_to(decision: Decision, library: Library, recipient: str = "policyholder", **facts: Any) -> str:
    """The style for a recipient with some facts changed; two underscores stand for the dot of a path."""
    changed = {path.replace("__", "."): value for path, value in facts.items()}
    return decide(replace(decision.case, facts={**decision.case.facts, **changed}), library).style(recipient)


def test_for_whom(letters: dict[str, Decision], library: Library) -> None:
    """From the age of the company's rule, sixty, on the day of the decision; a choice of one's own comes before it."""
    decision = letters["reinstatement-pending"]
    day = decision.case.facts["decision.date"]
    assert day == parse_date("2026-09-23")
    sixty, day_before = parse_date("1966-09-23"), parse_date("1966-09-24")
    assert spoken_to(decision, library, policyholder__birth_date=sixty) == "plain"
    assert spoken_to(decision, library, policyholder__birth_date=day_before) == "standard"
    assert spoken_to(decision, library, policyholder__birth_date=day_before, policyholder__preferred_style="plain") == "plain"
    assert spoken_to(decision, library, policyholder__birth_date=sixty, policyholder__preferred_style="standard") == "standard"
    assert spoken_to(decision, library, policyholder__preferred_style="plain") == "plain"
    assert spoken_to(decision, library) == "standard"
    assert spoken_to(decision, library, "insured", insured__birth_date=sixty) == "plain"
    assert spoken_to(decision, library, "policyholder", insured__birth_date=sixty) == "standard"
    assert spoken_to(decision, library, "heir", applicant__preferred_style="plain") == "plain"
    assert spoken_to(decision, library, "payer", payer__preferred_style="plain") == "plain"
    assert spoken_to(decision, library, "beneficiary") == "standard"


def test_a_parameter_of_the_explanation(letters: dict[str, Decision], library: Library) -> None:
    """Left out, the style is the recipient's; given, it is that one; reports for officers and auditors have none."""
    decision = letters["reinstatement-pending"]
    asked = decide(replace(decision.case, facts={**decision.case.facts, "policyholder.preferred_style": "plain"}), library)
    assert asked.explain() == decision.explain(style="plain") != decision.explain()
    assert asked.explain(style="standard") == decision.explain()
    assert decision.explain(reader="officer", style="plain") == decision.explain(reader="officer")
    with pytest.raises(ValueError, match="standard"):
        decision.explain(style="easy")
