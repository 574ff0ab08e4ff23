"""A decision -> what is told to whom by which channel: one message for each person concerned, each with only what is theirs.

Who asked through somebody else (an agent, a bank, a broker) is told directly. A text message may be seen by others, so
it states the result and no value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from baoquan_rules.decision.decision import Decision
from baoquan_rules.decision.explanation import brief, explain
from baoquan_rules.decision.wording import PAYEES, Voice
from baoquan_rules.language.types import NONE_TEXT

Ways = tuple[tuple[str, str], ...]

WAYS: Final[Mapping[str, Ways]] = {
    "counter": (("counter", "letter"),),
    "home_visit": (("home_visit", "letter"),),
    "app": (("app", "letter"), ("message", "brief")),
    "web": (("web", "letter"), ("message", "brief")),
    "wechat": (("wechat", "letter"), ("message", "brief")),
    "phone": (("phone", "call"), ("mail", "letter")),
    "mail": (("mail", "letter"),),
    "agent": (("mail", "letter"), ("message", "brief")),
    "bank": (("mail", "letter"), ("message", "brief")),
    "broker": (("mail", "letter"), ("message", "brief")),
}
"""How whoever asked by a channel is told, and in which form; by a call it is always in plain words."""

OTHERS: Final[Ways] = (("mail", "letter"), ("message", "brief"))
"""How those are told who did not ask themselves, or where the channel is not known."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told one way.

    Attributes:
        recipient: the role in which he is told: policyholder, insured, beneficiary, payer or heir.
        to_id: who that is, where the case says so.
        way: the channel, a word of ``request.channel`` or ``message`` for a text message.
        form: ``letter``, ``call`` (to be read out) or ``brief``.
        style: ``standard`` or ``plain``.
        text: Markdown; a brief message is one line.
    """

    recipient: str
    to_id: str | None
    way: str
    form: str
    style: str
    text: str


def feedback(decision: Decision, *, lang: str = "zh", channel: str | None = None, style: str | None = None) -> tuple[Message, ...]:
    """The messages of a decision, whoever asked first.

    Args:
        decision: what was decided.
        lang: ``zh`` or ``en``.
        channel: how whoever asked is told; by default the channel of the request.
        style: ``standard`` or ``plain`` for all; by default what suits each.

    Raises:
        ValueError: an unknown language or channel.
    """
    asked_by = channel if channel is not None else decision.case.facts.get("request.channel")
    if channel is not None and channel not in WAYS:
        raise ValueError(f"渠道只有 {'、'.join(WAYS)} / channels: {', '.join(WAYS)}")
    out: list[Message] = []
    for number, (recipient, person) in enumerate(recipients(decision)):
        own = number == 0 and (channel is not None or decision.program.kind != "request" or decision.asked(recipient))
        for way, form in WAYS.get(str(asked_by), OTHERS) if own else OTHERS:
            words = "plain" if form == "call" else style or decision.style(recipient)
            tell = brief if form == "brief" else explain
            text = tell(decision, lang=lang, reader="customer", recipient=recipient, style=words)
            out.append(Message(recipient, person, way, form, words, text))
    return tuple(out)


def recipients(decision: Decision) -> tuple[tuple[str, str | None], ...]:
    """Whom a decision is told to: the role and, where known, the person; whoever asked comes first, and nobody comes twice."""
    known: dict[str, str | None] = {}
    gone = set(_dead(decision))
    inherited = False
    for role, person in _concerned(decision):
        if person is not None and person in gone:
            inherited = inherited or role == "policyholder"
            continue
        if role not in known and (person is None or person not in known.values()):
            known[role] = person
    if inherited and not known:
        known["heir"] = None  # the policy is theirs now
    return tuple(known.items())


def _dead(decision: Decision) -> Iterator[str]:
    """Who is known to have died: nothing is sent to them."""
    facts = decision.case.facts
    for role in ("insured", "policyholder"):
        if facts.get(f"{role}.alive") is False and isinstance(facts.get(f"{role}.id"), str):
            yield str(facts[f"{role}.id"])


def _concerned(decision: Decision) -> Iterator[tuple[str, str | None]]:
    facts = decision.case.facts

    def of(path: str) -> str | None:
        found = facts.get(path)
        return found if isinstance(found, str) else None

    if facts.get("applicant.acting_as") == "court":
        # what a court ordered is told to the policyholder where the order lets it be told, and to nobody else
        if any(change.kind == "notice" and change.words.get("to") == "policyholder" for change in decision.effects):
            yield "policyholder", of("policyholder.id")
        return
    applicant, holder, insured = of("applicant.id"), of("policyholder.id"), of("insured.id")
    if facts.get("applicant.acting_as") == "heir":
        yield "heir", applicant
        return  # the heirs hold the policy, and nobody else is told of it through them
    if insured is not None and applicant == insured and insured != holder:
        yield "insured", insured
    elif facts.get("applicant.acting_as") == "self" and applicant is not None and applicant != holder:
        yield from ((role, applicant) for role in ("beneficiary", "payer") if decision.person(role) == applicant)
    yield "policyholder", holder
    if insured is not None and insured != holder and _only_theirs(decision, "insured"):
        yield "insured", insured
    for role in ("payer", "beneficiary"):
        if decision.outcome == "approved" and any(payee in PAYEES[role] and amount for _, _, payee, amount in decision.settlement):
            yield role, decision.person(role)
    for change in decision.effects:
        # a question of who is entitled is answered to whoever is
        told, person = change.words.get("to"), change.values.get("to_id")
        if change.kind == "notice" and told in ("beneficiary", "heir"):
            yield str(told), person[0] if person is not None and isinstance(person[0], str) and person[0] != NONE_TEXT else None


def _only_theirs(decision: Decision, role: str) -> bool:
    """Whether a reason may be told to somebody in a role and not to the policyholder."""
    voices = [Voice("zh", "customer", one, decision._vocabulary, decision.other_roles(one)) for one in (role, "policyholder")]
    said = (f.condition.says.get(f.verdict) for f in decision.findings if f.open and not f.condition.secret and not f.condition.internal)
    heard = ([voice.told(one, decision.texts) is not None for voice in voices] for one in said if one is not None)
    return decision.identified and any(theirs and not his for theirs, his in heard)
