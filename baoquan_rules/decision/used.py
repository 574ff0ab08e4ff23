"""A decision and a node -> what the node rests on by name: figures and facts with their values, and formulas in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from baoquan_rules.compiler.program import FigureSlot, Program
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.scalars import show_value
from baoquan_rules.contract.vocabulary import Fact, ListFact, Vocabulary
from baoquan_rules.decision.decision import Decision
from baoquan_rules.decision.derivation import Unbound, formula
from baoquan_rules.decision.wording import phrase
from baoquan_rules.language.elaborate import UNKNOWN
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.nodes import Literal, Node, Read, children, depths
from baoquan_rules.language.types import Type


@dataclass(frozen=True, slots=True)
class Used:
    """A figure or fact that a condition rests on: its name, label, type and engine value."""

    name: str
    label: Words
    type: Type
    value: Any
    words: Mapping[str, Words]

    def shown(self, lang: str) -> str:
        """The value in words."""
        return _value(self.value, self.type, lang, self.words)


def _value(value: Any, kind: Type, lang: str, words: Mapping[str, Words]) -> str:
    if value is None:
        return phrase("unknown", lang)
    if kind.name == "list":
        items, closed = (value.items, value.complete) if isinstance(value, FactList) else (value, True)
        text = phrase("items", lang, count=str(len(items)))
        return text if closed else text + phrase("not_complete", lang)
    return show_value(value, kind, lang, words)


def used(decision: Decision, slot: int, *, labelled: bool = False) -> Iterator[Used]:
    """What the node of a slot rests on: the nearest figures and facts below it, once each; ``labelled``: only those with a label."""
    for source in sources(decision, slot, labelled=labelled):
        yield Used(source.name, source.label, source.type, source.value(decision), source.words)


@dataclass(frozen=True, slots=True)
class Source:
    """What a slot rests on, whatever the case: a figure (by its slot), a named value (by its node) or else a fact."""

    name: str
    label: Words
    type: Type
    words: Mapping[str, Words]
    slot: int | None = None
    node: Node | None = None

    def value(self, decision: Decision) -> Any:
        """Its value in a case."""
        if self.slot is not None:
            return decision.values[self.slot]
        return decision.case.facts.get(self.name) if self.node is None else decision.derivation.value(self.node)


def sources(decision: Decision, slot: int, *, labelled: bool = False) -> tuple[Source, ...]:
    """What a slot rests on, without the values: the same for every case."""
    memo = decision.program.memo
    key = ("sources", slot, labelled)
    if key not in memo:
        memo[key] = _sources(decision, decision.program.nodes[slot], labelled)
    found: tuple[Source, ...] = memo[key]
    return found


def _sources(decision: Decision, root: Node, labelled: bool) -> tuple[Source, ...]:
    depth = depths(root)
    found: dict[str, Source] = {}
    done: set[int] = set()
    queue = [root]
    while queue:
        node = queue.pop(0)
        if id(node) in done:
            continue
        done.add(id(node))
        source = _named(decision, node) if node is not root else None
        if source is not None and (
            (source.node is not None and depth[id(node)])  # one of many: it depends on an item of a list
            or (labelled and source.label.zh == source.label.en)
        ):
            source = None
        if source is None and isinstance(node, Read) and not node.name.startswith("#"):
            fact = _fact(decision, node)
            source = Source(fact.name, fact.label, fact.type, fact.words)
        if source is None:
            queue.extend(children(node))
        else:
            found.setdefault(source.name, source)
    return tuple(found.values())


def _named(decision: Decision, node: Node) -> Source | None:
    figure = _figures(decision.program).get(id(node))
    if figure is not None:
        return Source(figure.name, figure.label, figure.type, figure.words, slot=figure.slot)
    name = decision.program.names.get(id(node))
    return None if name is None else Source(name, Words(name, name), node.type, {}, node=node)


def _fact(decision: Decision, node: Read) -> Used:
    vocabulary = decision._vocabulary
    fact = vocabulary.facts.get(node.name)
    words = fact.words if isinstance(fact, Fact) else {}
    return Used(node.name, vocabulary.label(node.name), node.type, decision.case.facts.get(node.name), words)


def _figures(program: Program) -> Mapping[int, FigureSlot]:
    """The figures by the node (by id) that each is the value of."""
    found: Mapping[int, FigureSlot] | None = program.memo.get("figures")
    if found is None:
        found = program.memo["figures"] = {id(program.nodes[slot.slot]): slot for slot in program.figures}
    return found


def formula_of(decision: Decision, slot: int, lang: str) -> str | None:
    """How the node of a slot is worked out, in names; nothing for a constant. The same for every case."""
    program = decision.program
    key = ("formula", slot, lang)
    if key not in program.memo:
        node = program.nodes[slot]
        made = None if isinstance(node, Literal) else formula(node, lambda part, lists: _name(decision, part, lang, lists), lang)
        program.memo[key] = made
    found: str | None = program.memo[key]
    return found


def with_values(decision: Decision, slot: int, lang: str) -> str | None:
    """The same with the values of the case."""
    node = decision.program.nodes[slot]

    def value_of(part: Node, lists: Mapping[str, str]) -> str | None:
        if isinstance(part, Literal):
            return _literal(part, lang, values=True)
        if isinstance(part, Read) and not part.name.startswith("#"):
            return _fact(decision, part).shown(lang)
        found = _named(decision, part)
        try:
            return _name(decision, part, lang, lists) if found is None else _value(found.value(decision), found.type, lang, found.words)
        except Unbound:  # one of many: it depends on an item of a list
            return _name(decision, part, lang, lists)

    return None if isinstance(node, Literal) else formula(node, value_of, lang)


def _name(decision: Decision, node: Node, lang: str, lists: Mapping[str, str]) -> str | None:
    if isinstance(node, Literal):
        return _literal(node, lang, values=False)
    if isinstance(node, Read):
        if node.name.startswith("#"):
            return _item(decision._vocabulary, node, lang, lists)
        return decision._vocabulary.label(node.name).of(lang)
    figure = _figures(decision.program).get(id(node))
    return figure.label.of(lang) if figure is not None else decision.program.names.get(id(node))


def _literal(node: Literal, lang: str, *, values: bool) -> str:
    if node.label == UNKNOWN:
        return phrase("unknown", lang)
    if node.type.name in ("table", "list", "series"):
        return node.label
    shown = show_value(node.value, node.type, lang)
    if not node.label or values:
        return shown
    return f"{node.label}（{shown}）" if lang == "zh" else f"{node.label} ({shown})"


def _item(vocabulary: Vocabulary, node: Read, lang: str, lists: Mapping[str, str]) -> str:
    """A field of a list's item, or a state of a fold, by its own name."""
    var, _, name = node.name.partition(".")
    fact = vocabulary.facts.get(lists.get(var, ""))
    if isinstance(fact, ListFact) and name in fact.fields:
        return fact.fields[name].label.of(lang)
    return name or node.name.partition("_")[2] or phrase("the_item", lang)
