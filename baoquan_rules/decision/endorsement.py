"""A decision -> the endorsement (批单) of what it changes, as a page to print and to attach to the contract (Insurance Law, art. 20(2))."""

from collections.abc import Iterator

from baoquan_rules.decision.decision import Change, Decision
from baoquan_rules.decision.wording import Voice
from baoquan_rules.language.text import show_date_text
from baoquan_rules.language.types import NONE_TEXT

_HEAD = ("policy.id", "policyholder.name", "insured.name")


def endorsements(decision: Decision) -> tuple[Change, ...]:
    """The effects that change the contract's text, as data: values by name, with what they rest on."""
    return tuple(change for change in decision.effects if change.kind == "endorsement")


def page(decision: Decision, lang: str = "zh") -> str:
    """The endorsement as Markdown; empty where the decision changes nothing in the contract.

    It is attached to the contract, so it states what changes and from when, and nobody's reasons or health.
    """
    changes = endorsements(decision)
    if not changes:
        return ""
    voice = Voice(lang, "officer", "officer", decision._vocabulary)
    head = "\n".join(f"| {label} | {value} |" for label, value in _head(decision, voice))
    told = [voice.sentence(change.said, decision.texts) for change in changes if change.said is not None]
    body = "\n".join(f"{number}. {text}" for number, text in enumerate(told, 1)) if len(told) > 1 else "".join(told)
    return f"# {voice.say('endorsement')}\n\n| | |\n|---|---|\n{head}\n\n{body}\n\n{voice.say('endorsement_rest')}\n"


def _head(decision: Decision, voice: Voice) -> Iterator[tuple[str, str]]:
    facts = decision.case.facts
    for path in _HEAD:
        value = facts.get(path)
        if value is not None and value != NONE_TEXT:
            yield voice.title(decision._vocabulary.label(path)), str(value)
    yield voice.say("product"), decision.program.product
    yield voice.say("endorsement_item"), voice.title(decision.program.title)
    day = facts.get("decision.date")
    if day is not None:
        yield voice.title(decision._vocabulary.label("decision.date")), show_date_text(day, voice.lang)  # type: ignore[arg-type]
