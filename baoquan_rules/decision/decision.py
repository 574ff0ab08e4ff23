"""Programs under every reading and the facts of a case -> a Decision: outcome, findings, figures, effects, deadlines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from baoquan_rules.compiler.program import BreakdownSlots, Cite, Column, Deadline, Notice, Program, Said
from baoquan_rules.compiler.texts import Texts
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.vocabulary import Vocabulary
from baoquan_rules.decision.derivation import Cause, Derivation
from baoquan_rules.decision.outcome import Finding, findings_of, outcome_of
from baoquan_rules.decision.readings import Readings
from baoquan_rules.language import calendar
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.types import NONE, NONE_TEXT, Type


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its value: fen for money, a day number for a date (see ``plain`` for text), ``None`` where unknown."""

    name: str
    label: Words
    type: Type
    value: Any
    show: tuple[str, ...]
    words: Mapping[str, Words]
    slot: int
    facts: frozenset[str] = frozenset()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a case does not state and the decision needs: a fact's path, or a list that does not say it is complete."""

    kind: str
    path: str
    label: Words
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A ledger entry in fen: debit and credit accounts, the payee it concerns (none between accounts of the insurer), and the settlement line it books."""

    line: str
    label: Words
    debit: str
    credit: str
    amount: int
    payee: str


TRANSFER = Words("账户间划转", "transfer between accounts")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Rows of values, one for each instalment, loan, coverage and so on.

    ``rows`` has a tuple for each row, in the order of ``columns``. ``complete`` is false where there may be rows beyond
    these. ``totals`` are the sums of the columns that are added up, by name; ``None`` where a part is not known.
    """

    name: str
    label: Words
    show: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    complete: bool
    totals: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: its last day, or, where the calendar does not reach, the earliest and latest it can be; ``met`` where it is known to be done."""

    name: str
    label: Words
    who: str
    start: int | None
    last: int | None
    earliest: int | None
    latest: int | None
    unit: str
    count: int
    said: Said | None
    cites: tuple[Cite, ...]
    facts: frozenset[str] = frozenset()
    met: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An effect of the decision as data for a core system: kind, plain words, computed values by name."""

    kind: str
    words: Mapping[str, str]
    values: Mapping[str, tuple[Any, Type]]
    said: Said | None
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the case comes to under one reading of the points that the texts leave open."""

    choices: Mapping[str, Any]
    outcome: str
    values: tuple[Any, ...]


class Stamps(dict[str, str]):
    """Versions and digests: product, rulebook, law, company rules, calendar, engine."""


class Again(Protocol):
    """Decides a case again."""

    def __call__(self, changes: Mapping[str, Any], other: str | None, /) -> "Decision":
        """With some facts changed (engine values by path), as another service if named."""

    def same(self, engine: str, stamps: Mapping[str, str]) -> "Decision":
        """As it was decided before, by the engine and versions named."""


@dataclass(frozen=True, repr=False, eq=False)
class Decision:
    """The decision of one case. Everything in it follows from the case and the pinned versions; nothing reads a clock.

    Two decisions are equal where they decide the same case (its name, product, service and facts) by the same versions
    and engine with the same outcome: nothing else could then be different. A decision never changes, so a copy of it is
    the decision itself. Pickled, it is its case, and is decided again where it is read.

    Shown (``repr``) without facts or values: those are personal data, and a log is no place for them.
    """

    case: Case
    program: Program
    outcome: str
    findings: tuple[Finding, ...]
    values: tuple[Any, ...]
    readings: tuple[Reading, ...]
    interpretation: str
    engine: str
    stamps: Mapping[str, str]
    _texts: Texts = field(repr=False, compare=False)
    _vocabulary: Vocabulary = field(repr=False, compare=False)
    _again: Again = field(repr=False, compare=False)

    def __repr__(self) -> str:
        return f"Decision({self.service} of {self.program.product}: {self.outcome})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decision):
            return NotImplemented
        return self is other or (self._key == other._key and self._decided == other._decided)

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _decided(self) -> tuple[Any, ...]:
        """What was decided, by what."""
        case = self.case
        return case.name, case.facts, case.as_of, self.stamps

    @property
    def _key(self) -> tuple[str, ...]:
        """What of it can be hashed and tells most decisions apart without a look into long lists."""
        case = self.case
        return case.product, self.service, self.engine, self.outcome, *(f"{path}={case.facts.get(path)}" for path in ("request.id", "policy.id", "decision.date"))

    def __copy__(self) -> "Decision":
        return self

    def __deepcopy__(self, _: Any) -> "Decision":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return self._again.same, (self.engine, dict(self.stamps))

    @property
    def service(self) -> str:
        """The servicing item decided."""
        return self.program.service

    @cached_property
    def basis(self) -> str | None:
        """On what an approval rests: ``explicit``, or ``deemed_by_silence`` where the law takes silence for consent.

        The figure ``basis`` of a service says which; ``None`` where nothing is approved.
        """
        if self.outcome != "approved":
            return None
        slot = next((slot.slot for slot in self.program.figures if slot.name == "basis"), None)
        return "explicit" if slot is None else self.values[slot] or "explicit"

    def other_roles(self, recipient: str) -> tuple[str, ...]:
        """The roles that a recipient has besides the one named, where the facts say that it is the same person."""
        known = {role: self.person(role) for role in ("policyholder", "insured", "payer", "beneficiary")}
        mine = known.get(recipient)
        return tuple(role for role, one in known.items() if mine is not None and one == mine and role != recipient)

    def person(self, role: str) -> str | None:
        """Who has a role, where the facts say so.

        As beneficiary: to whom alone what is paid in the insured's lifetime is owed, else whose account it is paid into where nothing else is.
        """
        facts = self.case.facts
        if role != "beneficiary":
            return _id(facts.get(f"{role}.id"))
        payees = {payee for _, _, payee, amount in self.settlement if amount}
        theirs = payees & {"beneficiary", "survival_beneficiary"}
        if self.outcome != "approved" or not theirs:  # who is entitled to a death benefit is an item of its own
            return None
        due = facts.get("survival_benefits_due")
        owed = {one.get("payee_id") for one in due.items if not one.get("paid")} if isinstance(due, FactList) else set()
        if "survival_beneficiary" in theirs and owed:
            return _id(owed.pop()) if len(owed) == 1 else None
        # Where nothing else is paid the account is the beneficiary's own; else it may be that of the policyholder's refund.
        return _id(facts.get("payee.account_holder_id")) if payees == theirs else None

    def asked(self, recipient: str) -> bool:
        """Whether whoever is told in that role is the one who asked: by the person, else the policyholder, or an heir where an heir asked.

        Where the insurer acts of itself nobody did.
        """
        facts = self.case.facts
        acting, who, told = facts.get("applicant.acting_as"), facts.get("applicant.id"), self.person(recipient)
        if acting == "insurer":
            return False
        if acting == "heir":
            return recipient == "heir"
        if acting in ("proxy", "guardian"):
            who = facts.get("applicant.acts_for_id")
        if isinstance(who, str) and isinstance(told, str):
            return who == told
        return recipient == "policyholder" or (acting is None and who is None)

    @cached_property
    def identified(self) -> bool:
        """Whether the person is known and entitled: the public gates hold. Before that nothing of the policy is told."""
        return all(f.verdict in ("holds", "not_applicable") for f in self.findings if f.condition.gate and f.condition.public)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of the service in their order; none where the request was not accepted."""
        if self.outcome == "not_accepted":
            return ()
        values = self.values
        return tuple(Figure(s.name, s.label, s.type, values[s.slot], s.show, s.words, s.slot, s.facts, s.outcomes) for s in self.program.figures)

    def figure(self, name: str) -> Any:
        """The engine value of one figure: fen, day number, word; ``None`` where unknown.

        Raises:
            KeyError: the service has no such figure.
        """
        for slot in self.program.figures:
            if slot.name == name:
                return None if self.outcome == "not_accepted" else self.values[slot.slot]
        raise KeyError(name)

    @cached_property
    def derivation(self) -> Derivation:
        """How each value came about, on request."""
        return Derivation(self.case.facts)

    @cached_property
    def texts(self) -> tuple[Any, ...]:
        """The values that only wordings, effects and deadlines use."""
        return self._texts(self.case.facts, self.values)

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """What the case does not state and the open conditions need, each with the conditions that need it."""
        found: dict[tuple[str, str], list[str]] = {}
        for finding in self.findings:
            if finding.verdict == "unknown":
                for cause in self._causes(finding):
                    if cause.kind != "fault":
                        found.setdefault((cause.kind, cause.name), []).append(finding.name)
        if self.program.outcome is not None and self.values[self.program.outcome] is None:
            for cause in self.derivation.causes(self.program.nodes[self.program.outcome]):
                if cause.kind != "fault":
                    found.setdefault((cause.kind, cause.name), []).append("outcome")
        return tuple(
            Missing(kind, path, self._vocabulary.label(path), tuple(dict.fromkeys(names))) for (kind, path), names in found.items()
        )

    @cached_property
    def missing_openly(self) -> tuple[Missing, ...]:
        """What is missing, as everybody but an auditor may hear it: nothing that only secret conditions need, and not their names."""
        secret = {f.name for f in self.findings if f.condition.secret}
        kept = ((item, tuple(name for name in item.conditions if name not in secret)) for item in self.missing)
        return tuple(replace(item, conditions=names) for item, names in kept if names)

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """Operators that could not be computed from known values (a table read out of its range, a reversed span)."""
        found = (c.name for f in self.findings if f.verdict == "unknown" for c in self._causes(f) if c.kind == "fault")
        return tuple(dict.fromkeys(found))

    def _causes(self, finding: Finding) -> Sequence[Cause]:
        return tuple(dict.fromkeys(self.derivation.causes(self.program.nodes[finding.condition.test])))

    @cached_property
    def referrals(self) -> tuple[str, ...]:
        """To whom the case goes, in the order of its conditions."""
        owners = [f.condition.refer for f in self.findings if f.verdict == "fails" and f.condition.refer]
        if self.interpretation == "differs":
            owners.append("legal")
        return tuple(dict.fromkeys(owners))

    @cached_property
    def referrals_openly(self) -> tuple[str, ...]:
        """The same without those of secret conditions, as everybody but an auditor may hear it."""
        owners = [f.condition.refer for f in self.findings if f.verdict == "fails" and f.condition.refer and not f.condition.secret]
        if self.interpretation == "differs":
            owners.append("legal")
        return tuple(dict.fromkeys(owners))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The balanced ledger entries: one for each line of the settlement that is not zero, then the transfers; only where approved."""
        if self.outcome not in ("approved", "quoted"):
            return ()
        out: list[Entry] = []
        for line in self.program.lines:
            amount = self.texts[line.amount]
            if not amount:
                continue
            payable = f"payable.{line.payee}"
            if line.payee == "insurer":
                # what the customer pays in: a claim against him, and the insurer's income
                debit, credit = ("receivable.policyholder", line.account) if line.sign > 0 else (line.account, "receivable.policyholder")
            else:
                debit, credit = (line.account, payable) if line.sign > 0 else (payable, line.account)
            if amount < 0:
                debit, credit, amount = credit, debit, -amount
            out.append(Entry(line.name, line.label, debit, credit, amount, line.payee))
        return (*out, *self._transfers())

    def _transfers(self) -> Iterator[Entry]:
        """Money that goes from one account of the insurer to another."""
        for change in self.effects:
            if change.kind == "ledger" and {"from_account", "to_account"} <= set(change.words):
                amount = change.values["amount"][0]
                if amount:
                    yield Entry("transfer", TRANSFER, change.words["from_account"], change.words["to_account"], amount, "")

    @cached_property
    def settlement(self) -> tuple[tuple[str, Words, str, int | None], ...]:
        """The lines of the settlement: name, label, payee, signed fen (``None`` unknown)."""
        if self.outcome == "not_accepted":
            return ()
        out = []
        for line in self.program.lines:
            amount = self.texts[line.amount]
            if line.when is not None and self.texts[line.when] is False:
                continue
            out.append((line.name, line.label, line.payee, None if amount is None else amount * line.sign))
        return tuple(out)

    @cached_property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        """What the figures are made of, row by row; only breakdowns that have a row."""
        if self.outcome == "not_accepted":
            return ()
        found = (self._breakdown(slots) for slots in self.program.breakdowns if not slots.outcomes or self.outcome in slots.outcomes)
        return tuple(one for one in found if one is not None and one.rows)

    def _breakdown(self, slots: BreakdownSlots) -> Breakdown | None:
        if slots.when is not None and self.texts[slots.when] is not True:
            return None
        kept = self.texts[slots.kept]
        values = [self.texts[column.slot] for column in slots.columns]
        rows = tuple(row for keep, row in zip(kept, zip(*values, strict=True), strict=True) if keep)
        complete = None not in kept
        totals: dict[str, int | None] = {}
        for index, column in enumerate(slots.columns):
            if column.total:
                parts = [row[index] for row in rows]
                totals[column.name] = None if not complete or None in parts else sum(parts)
        return Breakdown(slots.name, slots.label, slots.show, slots.columns, rows, complete, totals)

    @cached_property
    def effects(self) -> tuple[Change, ...]:
        """What the outcome brings about, as data: state changes, endorsement, register entries, notices to send."""
        out: list[Change] = []
        for effect in self.program.effects:
            if self.outcome not in effect.outcomes or (effect.when is not None and self.texts[effect.when] is not True):
                continue
            values = {key: (self.texts[slot], kind) for key, (slot, kind) in effect.values.items()}
            out.append(Change(effect.kind, effect.words, values, effect.says, effect.cites))
        return tuple(out)

    @cached_property
    def deadlines(self) -> tuple[Due, ...]:
        """The deadlines that the outcome sets running, for insurer and customer."""
        return tuple(due for d in self.program.deadlines if (due := self._due(d)) is not None)

    def _due(self, deadline: Deadline) -> Due | None:
        if deadline.outcomes and self.outcome not in deadline.outcomes:
            return None
        if deadline.when is not None and self.texts[deadline.when] is not True:
            return None
        start, last = self.texts[deadline.start], self.texts[deadline.last]
        earliest = latest = last
        if last is None and start is not None and start != NONE:
            if deadline.unit == "working_days":
                earliest, latest = calendar.working_day_bounds(start, deadline.count)
            elif (nominal := self.texts[deadline.nominal]) is not None:
                earliest, latest = calendar.next_working_day_bounds(nominal)
        if start is None:
            return None
        met = deadline.met is not None and self.texts[deadline.met] is True
        return Due(deadline.name, deadline.label, deadline.who, start, last, earliest, latest, deadline.unit, deadline.count,
                   deadline.says, deadline.cites, deadline.facts, met)  # fmt: skip

    def notices(self, reader: str) -> tuple[Notice, ...]:
        """The sentences that go with the outcome for a reader."""
        out: list[Notice] = []
        for notice in self.program.notices:
            if (notice.outcomes and self.outcome not in notice.outcomes) or reader not in notice.readers:
                continue
            if notice.when is None or self.texts[notice.when] is True:
                out.append(notice)
        return tuple(out)

    def again(self, changes: Mapping[str, Any], service: str | None = None) -> "Decision":
        """The same case with some facts changed (engine values by path), decided anew, as another service if named."""
        return self._again(changes, service)

    # filled in by later modules of this package, so that a decision can be asked for them

    def style(self, recipient: str) -> str:
        """How a customer is spoken to: ``plain`` where he asked for it or by his age, as the rulebook has it; else ``standard``."""
        slot = self.program.plain.get(recipient)
        return "plain" if slot is not None and self.texts[slot] is True else "standard"

    def explain(self, lang: str = "zh", reader: str = "customer", recipient: str = "policyholder", style: str | None = None) -> str:
        """The explanation as text (Markdown), made from the trace: ``lang`` zh or en; ``reader`` customer, officer or auditor.

        ``style`` is ``standard`` or ``plain``; left out, it is what suits the recipient.
        """
        from baoquan_rules.decision.explanation import explain

        return explain(self, lang=lang, reader=reader, recipient=recipient, style=style)

    def to_json(self, recipient: str = "auditor", *, indent: int | None = None) -> str:
        """The decision as stable JSON under ``schemas/decision.schema.json``, cut down to what the recipient may see."""
        from baoquan_rules.decision.record import to_json

        return to_json(self, recipient=recipient, indent=indent)

    def endorsement(self, lang: str = "zh") -> str:
        """The endorsement of what an approved request changes, as a page to print (Markdown); empty where nothing changes."""
        from baoquan_rules.decision.endorsement import page

        return page(self, lang)

    def feedback(self, lang: str = "zh", channel: str | None = None, style: str | None = None) -> "tuple[Any, ...]":
        """What is told to whom by which channel: a ``Message`` for each person concerned, each with only what is theirs."""
        from baoquan_rules.decision.feedback import feedback

        return feedback(self, lang=lang, channel=channel, style=style)

    def what_would_change(self) -> "tuple[Any, ...]":
        """Changes that somebody can still bring about and that would change the answer, each verified by deciding again.

        At most 16 decisions are made, so for a case with much open or a clause that cannot be cured there may be none.
        """
        from baoquan_rules.decision.search import what_would_change

        return what_would_change(self)

    def alternatives(self) -> "tuple[Any, ...]":
        """What else the customer could do now, each computed by deciding it."""
        from baoquan_rules.decision.search import alternatives

        return alternatives(self)


def _id(value: Any) -> str | None:
    """An id that is stated, and not stated as nobody's."""
    return value if isinstance(value, str) and value != NONE_TEXT else None


def decide(
    case: Case,
    ready: Readings,
    vocabulary: Vocabulary,
    engine: str,
    stamps: Mapping[str, str],
    again: Again,
) -> Decision:
    """The decision under all readings of what the case leaves open; the first of ``ready`` is the customer's safe one."""
    first = ready[0]
    values = first.run(case.facts)
    program = first.program
    findings = findings_of(first.rows, values)
    outcome = outcome_under(program, findings, values)
    others = ready.asked(values)
    if not others:
        return Decision(case, program, outcome, findings, values, (), "none", engine, stamps, first.texts, vocabulary, again)
    readings = [Reading(program.reading, outcome, values)]
    for place in others:
        other = ready[place]
        seen = other.run(case.facts)
        readings.append(Reading(other.program.reading, outcome_under(other.program, findings_of(other.rows, seen), seen), seen))
    outcome, interpretation = across(program, [reading.outcome for reading in readings])
    return Decision(case, program, outcome, findings, values, tuple(readings), interpretation, engine, stamps,
                    first.texts, vocabulary, again)  # fmt: skip


def across(program: Program, outcomes: Sequence[str]) -> tuple[str, str]:
    """The outcome over all readings, the customer's safe one first, and whether they agree (``none``: there is one)."""
    first = outcomes[0]
    if len(outcomes) == 1:
        return first, "none"
    if all(outcome == first for outcome in outcomes):
        return first, "agrees"
    return "interpretation" if program.kind != "request" else "referred" if first != "not_accepted" else first, "differs"


def outcome_under(program: Program, findings: Sequence[Finding], values: Sequence[Any]) -> str:
    """The outcome under one reading."""
    if program.outcome is None:
        return outcome_of(findings)
    gate = outcome_of([f for f in findings if f.condition.gate])
    if gate == "not_accepted":
        return gate
    found = values[program.outcome]
    return found if found is not None else "undetermined"


