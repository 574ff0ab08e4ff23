"""A decision -> what would change it, and what else the customer could do: found by search, verified by deciding again.

The search lies outside the language. Candidates come from the nodes of an open condition: the other side of a
comparison, the words of a closed list, a document that is asked for. None is reported that was not decided anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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

MOST_TRIED = 24
"""The most changes tried for one condition."""

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

    def text(self, lang: str = "zh") -> str:
        """The change in one line."""
        name = self.label.of(lang)
        if isinstance(self.after, FactList):
            return f"{name}：补齐" if lang == "zh" else f"{name}: complete"
        before, after = (show_value(value, self.type, lang, self.words) for value in (self.before, self.after))
        return f"{name}：{before} → {after}" if lang == "zh" else f"{name}: {before} → {after}"


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
    """For each open condition the first change of facts that makes it hold; at the end all of them together."""
    found: list[WouldChange] = []
    for finding in decision.findings:
        if finding.open and not finding.condition.secret:
            change = _change(decision, finding)
            if change is not None:
                found.append(change)
    if len(found) < 2:
        return tuple(found)
    merged: dict[str, FactChange] = {}
    for one in (change for each in found for change in each.changes):
        known = merged.get(one.path)
        merged[one.path] = one if known is None else replace(one, after=_merge(known.after, one.after))
    outcome = decision.again({path: change.after for path, change in merged.items()}).outcome
    names = tuple(name for each in found for name in each.conditions)
    return (*found, WouldChange(names, tuple(merged.values()), outcome))


def _merge(one: Any, other: Any) -> Any:
    """Two changes of one list add up."""
    if isinstance(one, FactList) and isinstance(other, FactList):
        extra = tuple(item for item in other.items if item not in one.items)
        return FactList(one.items + extra, True)
    return other


def _change(decision: Decision, finding: Finding) -> WouldChange | None:
    tried = 0
    for start in _starts(decision, finding):
        base = decision.again(start) if start else decision
        seen: list[tuple[str, Any]] = []
        for path, value in _candidates(base, finding):
            if (path, value) in seen or value == base.case.facts.get(path):
                continue
            seen.append((path, value))
            tried += 1
            if tried > MOST_TRIED:
                return None
            again = base.again({path: value})
            verdict = next((f.verdict for f in again.findings if f.name == finding.name), "unknown")
            if verdict in ("holds", "not_applicable") and not _worse(decision, again):
                both = {**start, path: value}
                return WouldChange((finding.name,), tuple(_fact_change(decision, p, v) for p, v in both.items()), again.outcome)
    return None


def _fact_change(decision: Decision, path: str, after: Any) -> FactChange:
    vocabulary = decision._vocabulary
    fact = vocabulary.facts[path]
    words = fact.words if isinstance(fact, Fact) else {}
    return FactChange(path, vocabulary.label(path), decision.case.facts.get(path), after, fact.type, words)


def _starts(decision: Decision, finding: Finding) -> Iterator[dict[str, Any]]:
    """The case as it stands; then, where days are among several unknowns, with those set to the day of the decision."""
    yield {}
    today = decision.case.facts.get("decision.date")
    if finding.verdict != "unknown" or today is None:
        return
    days: dict[str, Any] = {}
    for item in decision.missing:
        fact = decision._vocabulary.facts.get(item.path)
        if finding.name in item.conditions and isinstance(fact, Fact) and fact.type.name in ("date", "instant"):
            days[item.path] = today * 86400 if fact.type.name == "instant" else today
    if days:
        yield days


def _worse(before: Decision, after: Decision) -> bool:
    if before.outcome in OUTCOMES and after.outcome in OUTCOMES:
        return OUTCOMES.index(after.outcome) < OUTCOMES.index(before.outcome)
    return False


def _candidates(decision: Decision, finding: Finding) -> Iterator[tuple[str, Any]]:
    vocabulary = decision._vocabulary
    node = decision.program.nodes[finding.condition.test]
    if finding.offer is not None and "request.amount" in vocabulary.facts:
        yield "request.amount", finding.offer
    for part in walk(node):
        if isinstance(part, Call) and part.op in _MIRROR:
            yield from _comparison(decision, part)
        if isinstance(part, Call) and part.op == "any" and isinstance(part.args[0], Each):
            yield from _item(decision, part.args[0], vocabulary)
    for part in walk(node):
        if isinstance(part, Read) and not part.name.startswith("#"):
            yield from _plain(decision, part, vocabulary)


def _comparison(decision: Decision, node: Call) -> Iterator[tuple[str, Any]]:
    """Where a fact stands against a known value: the value, and one step beyond it."""
    for mine, other, op in ((node.args[0], node.args[1], node.op), (node.args[1], node.args[0], _MIRROR[node.op])):
        fact, scale = _fact(mine)
        if fact is None:
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
        step = 1 if scale == 1 else scale
        for value in (bound * scale, (bound + (1 if op in ("gt", "ne") else -1)) * scale if step else bound):
            if fact.type.low <= value <= fact.type.high:
                yield fact.name, value


def _fact(node: Node) -> tuple[Read | None, int]:
    """A fact, or an instant whose date is taken (86,400 seconds a day)."""
    match node:
        case Read() if not node.name.startswith("#") and node.type.name != "list":
            return node, 1
        case Call(op="date_of", args=(Read() as inner,)) if not inner.name.startswith("#"):
            return inner, 86400
        case Call(op="otherwise", args=(Read() as inner, *_)) if not inner.name.startswith("#"):
            return inner, 1
    return None, 1


def _plain(decision: Decision, node: Read, vocabulary: Vocabulary) -> Iterator[tuple[str, Any]]:
    fact = vocabulary.facts.get(node.name)
    if isinstance(fact, ListFact):
        found = decision.case.facts.get(node.name)
        yield node.name, FactList(found.items if isinstance(found, FactList) else (), True)
        return
    if fact is None:
        return
    if fact.type.optional:
        yield node.name, fact.type.absent
    match fact.type.name:
        case "bool":
            known = decision.case.facts.get(node.name)
            yield from ((node.name, value) for value in (True, False) if value is not known)
        case "enum":
            yield from ((node.name, word) for word in fact.type.values)


def _item(decision: Decision, node: Each, vocabulary: Vocabulary) -> Iterator[tuple[str, Any]]:
    """One more item of a list, made so that the condition on an item would hold."""
    if not isinstance(node.over, Read) or node.over.name.startswith("#"):
        return
    fact = vocabulary.facts.get(node.over.name)
    if not isinstance(fact, ListFact) or not fact.fields:
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
        item[fact.order] = at * 86400 if order.type.name == "instant" else at
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
    """The alternatives that the service names, each decided on the same facts; those not open to the customer are left out."""
    out: list[Option] = []
    for one in decision.program.alternatives:
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
