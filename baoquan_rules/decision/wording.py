"""Phrases and typed values -> sentences of a letter, masked by who reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from baoquan_rules.compiler.program import Placeholder, Program, Said, Wording
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.scalars import show_value
from baoquan_rules.contract.shipped import rulebook_file
from baoquan_rules.contract.vocabulary import Vocabulary
from baoquan_rules.language.text import show_date_text, show_int, show_money_plain
from baoquan_rules.language.types import MONEY, Type

RECIPIENTS = ("policyholder", "insured", "beneficiary", "payer", "heir", "officer", "auditor")
"""Who a text or record may be for."""


PAYEES = {
    "policyholder": ("policyholder",),
    "insured": ("insured",),
    "beneficiary": ("beneficiary", "survival_beneficiary"),
    "payer": ("payer",),
    "heir": ("policyholder", "heir"),
}
"""Which payments are whose: each recipient sees his own alone. The heirs hold what was the policyholder's."""

STYLES = ("standard", "plain")
"""How a customer is spoken to: in the ordinary words, or in plain ones."""


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, Words]:
    """The fixed phrases by key; the plain form of one stands under its key with ``.plain``."""
    out: dict[str, Words] = {}
    for key, text in rulebook_file("phrases").value["phrases"].items():
        out[key] = Words(text["zh"], text["en"])
        if "plain" in text:
            out[f"{key}.plain"] = Words(text["plain"]["zh"], text["plain"]["en"])
    return out


def phrase(key: str, lang: str, *, plain: bool = False, **values: str) -> str:
    """A fixed phrase with its values, in its plain form if asked for and there is one."""
    found = _phrases()
    text = found[f"{key}.plain" if plain and f"{key}.plain" in found else key].of(lang)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def has_phrase(key: str) -> bool:
    """Whether there is such a phrase."""
    return key in _phrases()


def outcome_words(program: Program, outcome: str) -> Words:
    """What an outcome of a service is called."""
    own = program.outcome_words.get(outcome)
    return own or _phrases().get(f"outcome_{outcome}") or Words(outcome, outcome)


@dataclass(frozen=True, slots=True)
class Voice:
    """Who is spoken to and how: the language, the reader (customer, officer, auditor), the recipient's role."""

    lang: str
    reader: str
    recipient: str
    vocabulary: Vocabulary
    also: tuple[str, ...] = ()
    """Other roles that the recipient has: a policyholder who is the insured sees what is the insured's."""
    plain: bool = False
    """Whether plain words are used where there are any."""
    asked: bool = True
    """Whether the request is the recipient's own; others are not told that they asked."""
    applies: bool = False
    """Whether the recipient is the applicant: he hears what is asked of him, whatever his role."""

    def may_see(self, path: str) -> bool:
        """Whether a fact may be shown (the vocabulary's sensitivity); officers and auditors see all."""
        if self.reader != "customer":
            return True
        for length in range(len(path.split(".")), 0, -1):
            fact = self.vocabulary.facts.get(".".join(path.split(".")[:length]))
            if fact is not None:
                allowed = fact.sensitivity
                return not allowed or self.recipient in allowed or any(role in allowed for role in self.also)
        return True

    def may_see_all(self, paths: Iterable[str]) -> bool:
        """Whether all of these facts may be shown."""
        if self.reader != "customer":
            return True
        memo, key = self.vocabulary.memo, (self.recipient, self.also, paths)
        found: bool | None = memo.get(key)
        if found is None:
            found = memo[key] = all(self.may_see(path) for path in paths)
        return found

    def pays(self, payee: str) -> bool:
        """Whether a payment is the recipient's own, or is shown to an officer or auditor."""
        return self.reader != "customer" or any(payee in PAYEES.get(role, ()) for role in (self.recipient, *self.also))

    @property
    def outsider(self) -> bool:
        """Whether the recipient is only a payer or a beneficiary: he hears the result, what is paid to him, and what is asked of him where he applied."""
        return self.reader == "customer" and not {"policyholder", "insured", "heir"} & {self.recipient, *self.also}

    def hears(self, hole: Placeholder) -> bool:
        """Whether a value of a sentence may be shown; an amount is judged by the amounts it rests on."""
        if self.reader != "customer" or not hole.facts:
            return True
        money = hole.type.name in ("money", "amount")
        memo, key = self.vocabulary.memo, (self.recipient, self.also, hole.facts, money)
        found: bool | None = memo.get(key)
        if found is None:
            facts = self.vocabulary.facts
            paths = (p for p in hole.facts if not money or p not in facts or facts[p].type.name in ("money", "rate", "list"))
            found = memo[key] = all(self.may_see(path) for path in paths)
        return found

    def told(self, said: Said, values: Sequence[Any]) -> str | None:
        """The wording, or nothing where a value in it is not known or not for this reader."""
        parts = self._parts(said)
        holes = [part for part in parts if isinstance(part, Placeholder)]
        if any(values[hole.slot] is None or not self.hears(hole) for hole in holes):
            return None
        return self.sentence(said, values)

    def say(self, key: str, **values: str) -> str:
        """A phrase in this language."""
        return phrase(key, self.lang, plain=self.plain, **values)

    def title(self, words: Words) -> str:
        """A label at the head of a row."""
        text = words.of(self.lang)
        return text[:1].upper() + text[1:]

    def sentence(self, said: Said, values: Sequence[Any]) -> str:
        """A wording with its values filled in from the trace."""
        text = "".join(part if isinstance(part, str) else self.place(part, values[part.slot]) for part in self._parts(said))
        return _stopped(text) if self.plain and self.lang == "zh" else text

    def _parts(self, said: Said) -> Wording:
        """The words and values of a wording, in its plain form where that is wanted and there is one."""
        if self.plain and said.plain is not None:
            said = said.plain
        return said.en if self.lang == "en" else said.zh

    def place(self, hole: Placeholder, value: Any) -> str:
        """One value of a wording."""
        if not self.hears(hole):
            return self.say("masked")
        return self.value(value, hole.type, hole.style, hole.words)

    def value(self, value: Any, kind: Type, style: str = "", words: Mapping[str, Words] | None = None) -> str:
        """A value as this reader sees it."""
        if value is None:
            return self.say("unknown_value")
        if value == kind.absent:
            return show_value(value, kind, self.lang)
        lang: Any = self.lang
        match style:
            case "weekday":
                return show_date_text(value, lang, weekday=True)
            case "date":
                return show_date_text(value // 86400, lang)
            case "plain" if kind.name == "money":
                return show_money_plain(value)
            case "yuan":
                text = show_value(value, MONEY, lang)
                return text.replace(".00", "") if value % 100 == 0 else text
            case "count" | "plain" if kind.name == "int":
                return show_int(value)
        return show_value(value, kind, lang, words)


def _stopped(text: str) -> str:
    """A Chinese text with a full stop where a semicolon joined two sentences, but within brackets."""
    out, depth = [], 0
    for sign in text:
        depth += (sign == "（") - (sign == "）")
        out.append("。" if sign == "；" and depth == 0 else sign)
    return "".join(out)
