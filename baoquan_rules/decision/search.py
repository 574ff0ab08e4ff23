"""A decision -> what would change it, and what else the customer could do: found by search, verified by deciding again.

The search lies outside the language. Candidates come from the nodes of an open condition: the other side of a
comparison, the words of a closed list, a document that is asked for. Only facts that somebody can still bring about
(``can_change`` in the vocabulary) are tried: nobody can be advised to have another date of birth, or to have paid in
time. None is reported that was not decided anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from baoquan_rules.compiler.program import Said
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.scalars import show_value
from baoquan_rules.contract.vocabulary import Fact, ListFact, Vocabulary
from baoquan_rules.decision.decision import Decision, Figure, Missing
from baoquan_rules.decision.derivation import Unbound
from baoquan_rules.decision.outcome import OUTCOMES, Finding
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.nodes import Call, Each, Literal, Node, Read, children, walk
from baoquan_rules.language.types import Type

MOST_DECISIONS = 16
"""The most decisions that one search makes: it never takes longer than these."""
MOST_TRIED = 6
"""The most changes tried for one condition, so that one that cannot be cured leaves something for the others."""
DAY = 86400

_MIRROR = {"le": "ge", "ge": "le", "lt": "gt", "gt": "lt", "eq": "eq", "ne": "ne"}


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact changed: its path and label, engine values before (``None``: not stated) and after, and their words."""

    path: str
    label: Words
    before: Any
    after: Any
    type: Type
    words: Mapping[str, Words]
    fields: Mapping[str, Fact | ListFact] = field(default_factory=dict)
    """Of a list of records, what each of its items states."""

    def text(self, lang: str = "zh") -> str:
        """The change in one line."""
        name = self.label.of(lang)
        if isinstance(self.after, FactList):
            what = "；".join(self._items(lang)) if lang == "zh" else "; ".join(self._items(lang))
        else:
            what = _arrow(self.before, self.after, self.type, self.words, lang)
        return f"{name}：{what}" if lang == "zh" else f"{name}: {what}"

    def _items(self, lang: str) -> Iterator[str]:
        """What becomes of the items of a list: those that change, those that come to it; else that it is complete."""
        known = self.before.items if isinstance(self.before, FactList) else ()
        changed = [(one, other) for one, other in zip(known, self.after.items, strict=False) if one != other]
        for before, after in changed:
            for key, inner in self.fields.items():
                if isinstance(inner, Fact) and before.get(key) != after.get(key):
                    what = _arrow(before.get(key), after.get(key), inner.type, inner.words, lang)
                    yield f"{inner.label.zh}由{what}" if lang == "zh" else f"{inner.label.en} {what}"
        for item in self.after.items[len(known) :]:
            parts = [
                f"{inner.label.of(lang)} {show_value(item[key], inner.type, lang, inner.words)}"
                for key, inner in self.fields.items()
                if isinstance(inner, Fact) and item.get(key, inner.type.absent) != inner.type.absent
            ]
            yield f"增加一项（{'，'.join(parts)}）" if lang == "zh" else f"one more ({', '.join(parts)})"
        if not changed and len(self.after.items) == len(known):
            yield "补齐" if lang == "zh" else "complete"


def _arrow(before: Any, after: Any, kind: Type, words: Mapping[str, Words], lang: str) -> str:
    one, other = (show_value(value, kind, lang, words) for value in (before, after))
    return f"{one} → {other}"


@dataclass(frozen=True, slots=True)
class WouldChange:
    """Changes of facts that make some conditions hold, and the outcome that deciding again gave."""

    conditions: tuple[str, ...]
    changes: tuple[FactChange, ...]
    outcome: str

    def text(self, lang: str = "zh") -> str:
        """The changes in one line."""
        return ("；" if lang == "zh" else "; ").join(change.text(lang) for change in self.changes)


@dataclass(frozen=True, slots=True)
class Option:
    """Something else the customer could do: the service it was decided as, its outcome, the figures that count, what to say.

    Where facts are missing the outcome is ``pending`` (``undetermined`` for a determination) and ``missing`` names them.
    """

    name: str
    service: str
    label: Words
    outcome: str
    figures: tuple[Figure, ...]
    missing: tuple[Missing, ...]
    said: Said | None
    decision: Decision


def what_would_change(decision: Decision) -> tuple[WouldChange, ...]:
    """For each open condition the first change that makes it hold; all of them together where only that does more.

    Only facts that somebody can still bring about are tried, in at most ``MOST_DECISIONS`` decisions; a condition that
    no such change makes hold has none here. A change that makes several conditions hold is named once, for all of them.
    """
    search = _Search(decision)
    found: list[_Found] = []
    for finding in decision.findings:
        if not finding.open or finding.condition.secret:
            continue
        known = next((one for one in found if _holds(one.decided, finding)), None)
        if known is not None:
            known.conditions.append(finding.name)
        elif (one := search.first(finding)) is not None:
            found.append(one)
    together = search.together(found)
    return tuple(
        WouldChange(tuple(one.conditions), tuple(_fact_change(decision, p, v) for p, v in one.changes.items()), one.decided.outcome)
        for one in (*found, *together)
    )


@dataclass(slots=True)
class _Found:
    """Changes that were decided, and the open conditions that hold then."""

    conditions: list[str]
    changes: dict[str, Any]
    decided: Decision


@dataclass(slots=True)
class _Search:
    """Decides again, a bounded number of times."""

    decision: Decision
    left: int = MOST_DECISIONS

    def decide(self, changes: Mapping[str, Any]) -> Decision | None:
        """The decision after the changes; ``None`` where no more may be made."""
        if self.left <= 0:
            return None
        self.left -= 1
        return self.decision.again(changes)

    def first(self, finding: Finding) -> _Found | None:
        """The first change that makes a condition hold and nothing worse."""
        tried: list[dict[str, Any]] = []
        for start in _starts(self.decision, finding):
            base = self.decide(start) if start else self.decision
            if base is None:
                return None
            if start and self._cures(base, finding):
                return self._least(finding, start, base)
            for path, value in _candidates(base, finding):
                changes = {**start, path: value}
                if changes in tried or not _possible(base, path, value):
                    continue
                tried.append(changes)
                if len(tried) > MOST_TRIED:
                    return None
                decided = self.decide(changes)
                if decided is None:
                    return None
                if self._cures(decided, finding):
                    return self._least(finding, changes, decided)
        return None

    def _cures(self, decided: Decision, finding: Finding) -> bool:
        return _holds(decided, finding) and not _worse(self.decision, decided)

    def _least(self, finding: Finding, changes: dict[str, Any], decided: Decision) -> _Found:
        """The same without what it does not need."""
        for path in tuple(changes) if len(changes) > 1 else ():
            fewer = {key: value for key, value in changes.items() if key != path}
            less = self.decide(fewer) if fewer else None
            if less is not None and self._cures(less, finding):
                changes, decided = fewer, less
        return _Found([finding.name], changes, decided)

    def together(self, found: list[_Found]) -> Iterator[_Found]:
        """All changes at once, where that comes to an outcome that none of them comes to alone."""
        if len(found) < 2:
            return
        merged: dict[str, Any] = {}
        for path, value in (pair for one in found for pair in one.changes.items()):
            merged[path] = _merge(self.decision.case.facts.get(path), merged[path], value) if path in merged else value
        decided = self.decide(merged)
        if decided is not None and decided.outcome not in {self.decision.outcome, *(one.decided.outcome for one in found)}:
            yield _Found([name for one in found for name in one.conditions], merged, decided)


def _holds(decided: Decision, finding: Finding) -> bool:
    return any(f.name == finding.name and f.verdict in ("holds", "not_applicable") for f in decided.findings)


def _possible(decision: Decision, path: str, value: Any) -> bool:
    """Whether somebody can still bring this about: a time that has come stays, and nothing can be done before today."""
    fact, known = decision._vocabulary.facts[path], decision.case.facts.get(path)
    if value == known or (not fact.can_change and not isinstance(fact, ListFact)):
        return False
    if not isinstance(fact, Fact) or fact.type.name not in ("date", "instant"):
        return True
    today = decision.case.facts.get("decision.date")
    if today is None:
        return False
    if fact.type.name == "date":
        return bool(value >= today or (value == fact.type.absent and known is not None))
    happened = known is not None and known != fact.type.absent and known < (today + 1) * DAY
    return not happened and today * DAY <= value < (today + 1) * DAY


def _merge(before: Any, one: Any, other: Any) -> Any:
    """Two changes of one list add up: what either changes in its items, and the items that either adds."""
    if not isinstance(one, FactList) or not isinstance(other, FactList):
        return other
    known = before.items if isinstance(before, FactList) else ()
    kept = tuple(b if b != a else c for a, b, c in zip(known, one.items, other.items, strict=False))
    added = one.items[len(known) :]
    return FactList((*kept, *added, *(item for item in other.items[len(known) :] if item not in added)), one.complete or other.complete)


def _fact_change(decision: Decision, path: str, after: Any) -> FactChange:
    vocabulary = decision._vocabulary
    fact = vocabulary.facts[path]
    before = decision.case.facts.get(path)
    if isinstance(fact, ListFact):
        return FactChange(path, fact.label, before, after, fact.type, {}, fact.fields)
    return FactChange(path, fact.label, before, after, fact.type, fact.words)


def _starts(decision: Decision, finding: Finding) -> Iterator[dict[str, Any]]:
    """The case as it stands; then, where days are among several unknowns, with those set to the day of the decision."""
    yield {}
    today = decision.case.facts.get("decision.date")
    if finding.verdict != "unknown" or today is None:
        return
    days: dict[str, Any] = {}
    for item in decision.missing:
        fact = decision._vocabulary.facts.get(item.path)
        if finding.name in item.conditions and isinstance(fact, Fact) and fact.can_change and fact.type.name in ("date", "instant"):
            days[item.path] = _now(fact.type, today)
    if days:
        yield days


def _now(kind: Type, today: int) -> int:
    return today * DAY if kind.name == "instant" else today


def _worse(before: Decision, after: Decision) -> bool:
    if before.outcome in OUTCOMES and after.outcome in OUTCOMES:
        return OUTCOMES.index(after.outcome) < OUTCOMES.index(before.outcome)
    return False


def _candidates(decision: Decision, finding: Finding) -> Iterator[tuple[str, Any]]:
    vocabulary = decision._vocabulary
    if finding.offer is not None and "request.amount" in vocabulary.facts:
        yield "request.amount", finding.offer
    comparisons, adds, reads = _levers(decision, finding.condition.test)
    for comparison in comparisons:
        yield from _comparison(decision, comparison)
    for over in adds:
        yield from _item(decision, over, vocabulary)
    for read in reads:
        yield from _plain(decision, read, vocabulary)


def _levers(decision: Decision, slot: int) -> tuple[tuple[Call, ...], tuple[Each, ...], tuple[Read, ...]]:
    """Where facts that can change stand in a condition: compared with something, in a list that is asked for an item, or read.

    A condition may rest on thousands of nodes that are the same for every case, so this is worked out once for a program.
    """
    memo = decision.program.memo
    if ("levers", slot) not in memo:
        facts = decision._vocabulary.facts
        comparisons: list[Call] = []
        adds: list[Each] = []
        reads: list[Read] = []
        for node in walk(decision.program.nodes[slot]):
            match node:
                case Call(op="any", args=(Each(over=Read() as over) as each, *_)) if _can_change(facts.get(over.name)):
                    adds.append(each)
                case Call(args=(one, other)) if node.op in _MIRROR and any(_can_change(facts.get(fact.name)) for fact, _ in (_fact(one), _fact(other)) if fact is not None):
                    comparisons.append(node)
                case Read() if _can_change(facts.get(node.name)):
                    reads.append(node)
        memo["levers", slot] = tuple(comparisons), tuple(adds), tuple(reads)
    found: tuple[tuple[Call, ...], tuple[Each, ...], tuple[Read, ...]] = memo["levers", slot]
    return found


def _can_change(fact: Fact | ListFact | None) -> bool:
    """Whether a fact, or a value of a list's items, can still change."""
    if isinstance(fact, ListFact):
        return fact.can_change or any(inner.can_change for inner in fact.fields.values())
    return fact is not None and fact.can_change


def _comparison(decision: Decision, node: Call) -> Iterator[tuple[str, Any]]:
    """Where a fact stands against a known value: the value, and one step beyond it."""
    for mine, other, op in ((node.args[0], node.args[1], node.op), (node.args[1], node.args[0], _MIRROR[node.op])):
        fact, scale = _fact(mine)
        if fact is None or not _can_change(decision._vocabulary.facts[fact.name]):
            continue
        try:
            bound = decision.derivation.value(other)
        except Unbound:
            continue
        if bound is None or (fact.type.numeric and not isinstance(bound, int)):
            continue
        if not fact.type.numeric:
            yield fact.name, bound
            continue
        for value in (bound * scale, (bound + (1 if op in ("gt", "ne") else -1)) * scale):
            if fact.type.low <= value <= fact.type.high:
                yield fact.name, value


def _fact(node: Node) -> tuple[Read | None, int]:
    """A fact, or an instant whose date is taken (86,400 seconds a day)."""
    match node:
        case Read() if not node.name.startswith("#") and node.type.name != "list":
            return node, 1
        case Call(op="date_of", args=(Read() as inner,)) if not inner.name.startswith("#"):
            return inner, DAY
        case Call(op="otherwise", args=(Read() as inner, *_)) if not inner.name.startswith("#"):
            return inner, 1
    return None, 1


def _plain(decision: Decision, node: Read, vocabulary: Vocabulary) -> Iterator[tuple[str, Any]]:
    fact = vocabulary.facts.get(node.name)
    if isinstance(fact, ListFact):
        yield from _items(decision, fact)
    if not isinstance(fact, Fact) or not fact.can_change:
        return
    yield from ((node.name, value) for value in _values(fact, decision.case.facts.get("decision.date")))
    if fact.type.optional:
        yield node.name, fact.type.absent


def _values(fact: Fact, today: Any) -> Iterator[Any]:
    """The values that a fact could come to have, where they can be listed."""
    match fact.type.name:
        case "bool":
            yield from (True, False)
        case "enum":
            yield from fact.type.values
        case "date" | "instant" if today is not None:
            yield _now(fact.type, today)


def _items(decision: Decision, fact: ListFact) -> Iterator[tuple[str, Any]]:
    """The list known to be complete, where items can still come to it; and a value changed in its items.

    One item at a time (a hold lifted, an open request withdrawn), then in all: where one of two is lifted, the other stays.
    """
    found = decision.case.facts.get(fact.path)
    items = found.items if isinstance(found, FactList) else ()
    if fact.can_change and not (isinstance(found, FactList) and found.complete):
        yield fact.path, FactList(items, True)
    if not isinstance(found, FactList):
        return
    for key, inner in fact.fields.items():
        if not isinstance(inner, Fact) or not inner.can_change:
            continue
        for value in _values(inner, decision.case.facts.get("decision.date")):
            able = [i for i, item in enumerate(items) if item.get(key) != value and _open(inner, item.get(key))]
            for chosen in (*([i] for i in able), *([able] if len(able) > 1 else ())):
                changed = (({**item, key: value} if i in chosen else item) for i, item in enumerate(items))
                yield fact.path, FactList(tuple(changed), found.complete)


def _open(fact: Fact, known: Any) -> bool:
    """Whether a value of an item can still come about: a time that is stated has come."""
    return fact.type.name != "instant" or known is None or known == fact.type.absent


def _item(decision: Decision, node: Each, vocabulary: Vocabulary) -> Iterator[tuple[str, Any]]:
    """One more item of a list, made so that the condition on an item would hold."""
    if not isinstance(node.over, Read) or node.over.name.startswith("#"):
        return
    fact = vocabulary.facts.get(node.over.name)
    if not isinstance(fact, ListFact) or not fact.fields or not fact.can_change:
        return
    item: dict[str, Any] = {}
    for name, inner in fact.fields.items():
        if isinstance(inner, Fact) and inner.none_if_absent and inner.type.optional:
            item[name] = inner.type.absent
    _shape(decision, node.body, node.var, item)
    if fact.order and fact.order not in item:
        at = decision.case.facts.get("decision.date")
        order = fact.fields[fact.order]
        if at is None or not isinstance(order, Fact):
            return
        item[fact.order] = _now(order.type, at)
    known = decision.case.facts.get(node.over.name)
    items = known.items if isinstance(known, FactList) else ()
    yield node.over.name, FactList((*items, item), True)


def _shape(decision: Decision, node: Node, var: str, item: dict[str, Any]) -> None:
    """Give the item the fields that make a condition on it hold, as far as the form of the condition tells."""
    prefix = f"{var}."
    match node:
        case Call(op="and"):
            for part in node.args:
                _shape(decision, part, var, item)
        case Call(op="or"):
            _shape(decision, node.args[0], var, item)
        case Read() if node.name.startswith(prefix) and node.type.name == "bool":
            item[node.name.removeprefix(prefix)] = True
        case Call(op="not", args=(Read() as inner,)) if inner.name.startswith(prefix):
            item[inner.name.removeprefix(prefix)] = False
        case Call(op=("eq" | "le" | "ge"), args=(one, other)):
            for mine, value in ((one, other), (other, one)):
                if isinstance(mine, Read) and mine.name.startswith(prefix):
                    _set(decision, item, mine.name.removeprefix(prefix), value)
                elif isinstance(mine, Call) and mine.op == "total" and isinstance(value, Literal) and value.value == 0:
                    for part in children(mine):
                        if isinstance(part, Each) and isinstance(part.over, Read) and part.over.name.startswith(prefix):
                            item[part.over.name.removeprefix(prefix)] = FactList((), True)
        case Call(op="any", args=(Each() as inner,)) if isinstance(inner.over, Read) and inner.over.name.startswith(prefix):
            body = inner.body
            if isinstance(body, Call) and body.op == "eq":
                for mine, value in ((body.args[0], body.args[1]), (body.args[1], body.args[0])):
                    if isinstance(mine, Read) and mine.name == inner.var:
                        try:
                            found = decision.derivation.value(value)
                        except Unbound:
                            continue
                        if found is not None:
                            item[inner.over.name.removeprefix(prefix)] = FactList((found,), True)


def _set(decision: Decision, item: dict[str, Any], name: str, node: Node) -> None:
    try:
        value = decision.derivation.value(node)
    except Unbound:
        return
    if value is not None:
        item[name] = value


def alternatives(decision: Decision) -> tuple[Option, ...]:
    """The alternatives that the service names, each decided on the same facts; those not open to the customer are left out.

    They stand in the order that the service gives them for this customer; where it gives none, as they are written.
    """
    out: list[Option] = []
    places = (None if one.order is None else decision.texts[one.order] for one in decision.program.alternatives)
    ranked = sorted(zip(decision.program.alternatives, places, strict=True), key=lambda pair: (pair[1] is None, pair[1] or 0))
    for one, _ in ranked:
        if one.when is not None and decision.texts[one.when] is False:
            continue
        again = decision.again(one.changes, one.service)
        if again.outcome in ("not_accepted", "declined"):
            continue
        wanted = one.figures or tuple(f.name for f in again.figures if "customer" in f.show)
        found = {f.name: f for f in again.figures}
        figures = tuple(found[name] for name in wanted if name in found)
        out.append(Option(one.name, one.service, one.label, again.outcome, figures, again.missing, one.says, again))
    return tuple(out)
