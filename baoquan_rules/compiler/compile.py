"""A product version and a service -> a Program: every expression typed and lowered, every wording tied to its values."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product as combinations
from types import MappingProxyType
from typing import Any

from baoquan_rules.authoring import Problem, Problems, ProductInvalid, both, did_you_mean
from baoquan_rules.compiler.breakdown import read_breakdown
from baoquan_rules.compiler.program import (
    Alternative,
    BreakdownSlots,
    Cite,
    ConditionSlots,
    Deadline,
    Effect,
    FigureSlot,
    Line,
    Notice,
    Placeholder,
    Program,
    Said,
)
from baoquan_rules.compiler.units import Frame, Unit, World
from baoquan_rules.compiler.wording import read_wording
from baoquan_rules.contract.part import Part, Words, entries
from baoquan_rules.contract.product import Product, Version
from baoquan_rules.contract.rulebook import (
    OWNERS,
    REMEDIES,
    Condition,
    conditions_of,
    document_label,
    read_condition,
)
from baoquan_rules.contract.scalars import scalar, value_words
from baoquan_rules.contract.vocabulary import Fact
from baoquan_rules.language import elaborate as e
from baoquan_rules.language.nodes import Literal, Node, Read, children, walk
from baoquan_rules.language.operators import call, negated
from baoquan_rules.language.types import Type, show

READERS = ("customer", "officer", "auditor")
MOST_READINGS = 16


@dataclass(slots=True)
class _Compiler:
    frame: Frame
    unit: Unit
    nodes: list[Node] = field(default_factory=list)
    texts: list[Node] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    words: dict[int, Mapping[str, Words]] = field(default_factory=dict)

    def slot(self, node: Node) -> int:
        return _index(self.nodes, node)

    def text(self, node: Node) -> int:
        return _index(self.texts, node)

    def attempt(self, make: Callable[..., Any], *args: Any) -> Any:
        """The result, or ``None`` where the expression is wrong (its problem is noted)."""
        try:
            return make(*args)
        except e.Poisoned:
            return None

    def facts(self, node: Node) -> frozenset[str]:
        """The facts a node rests on, fields of list items left out."""
        return _facts(node, self.frame.shared.facts)

    def when(self, unit: Unit, part: Part | None) -> int | None:
        """Where the condition of a line, effect or notice stands; ``None`` where it has none."""
        node = self.attempt(unit.condition, part) if part is not None else None
        return None if node is None else self.text(node)

    # parts

    def figures(self, unit: Unit) -> Iterator[FigureSlot]:
        for name, figure in unit.service.figures.items():
            if figure.of:
                self.attempt(unit.sampled, figure)
                continue
            found = self.attempt(unit.figure, name)
            if found is None or not e.is_node(found):
                continue
            words = value_words(figure.part)
            if words:
                self.words[id(found)] = words
            full = name if unit is self.unit else f"{unit.service.name}.{name}"
            self.names.setdefault(id(found), full)
            for shown in figure.show:
                if shown not in READERS:
                    self.frame.note(figure.part.problem("BQ509", f"没有名为 {shown} 的读者", f"there is no reader {shown}", did_you_mean(shown, READERS)))
            label = figure.label or Words(name, name)
            yield FigureSlot(full, self.slot(found), found.type, label, figure.show, self.words_of(found), self.facts(found), figure.outcomes)

    def words_of(self, node: Node) -> Mapping[str, Words]:
        """The texts of the words that a node can be."""
        if id(node) in self.words:
            return self.words[id(node)]
        vocabulary = self.frame.world.vocabulary
        if node.type.name not in ("enum", "text"):
            return {}
        found: dict[str, Words] = {}
        for part in walk(node):
            if isinstance(part, Read) and not part.name.startswith("#"):
                found |= vocabulary.words_of(part.name)
            if isinstance(part, Literal) and "." in part.label:
                clause, _, key = part.label.partition(".")
                spec = self.frame.world.declared.get(clause, {}).get(key)
                if spec is not None:
                    found |= spec.words
        return found

    def cites(self, part: Part, clause: str, law: tuple[str, ...], company: tuple[str, ...]) -> tuple[Cite, ...]:
        out: list[Cite] = []
        if clause:
            found = self.frame.version.clauses.get(clause)
            title = self.clause_title(clause)
            if found is not None and found.number:
                out.append(Cite("clause", clause, Words(f"第{found.number}条", f"clause {found.number}"), found.text))
            elif found is not None:
                out.append(Cite("clause", clause, title, found.text))
        for name in law:
            entry = self.frame.world.law.get(name)
            if entry is None:
                self.frame.note(_cited(part, "law", name).problem("BQ431", f"没有名为 {name} 的法律条目", f"no law entry is named {name}", did_you_mean(name, self.frame.world.law)))
                continue
            out.append(Cite("law", name, entry.citation, entry.says))
        for name in company:
            label = self.frame.world.company.labels.get(name)
            if label is None:
                self.frame.note(_cited(part, "company", name).problem("BQ432", f"没有名为 {name} 的公司规定", f"no company rule is named {name}", did_you_mean(name, self.frame.world.company.labels)))
                continue
            out.append(Cite("company", name, Words(f"公司规定（{label.zh}）", f"company rule ({label.en})"), label))
        return tuple(out)

    def exception_cite(self, part: Part) -> tuple[Cite, ...]:
        """The clause of the product that makes an exception."""
        if part not in self.frame.version.exceptions:
            return ()
        number = str(part.plain("clause", ""))
        return (Cite("clause", "exception", Words(f"第{number}条", f"clause {number}"), part.words("text") or Words("", "")),)

    def clause_title(self, clause: str) -> Words:
        for service in self.frame.world.services.values():
            if service.clause == clause and service.parameters:
                return service.clause_title
        return Words(clause, clause)

    def cites_of(self, part: Part) -> tuple[Cite, ...]:
        stated = part.plain("cites", {}) or {}
        cited = stated.get("clause", False)
        clause = self.unit.service.clause if cited is True else (cited or "")
        return self.cites(part, clause, _names(stated.get("law")), _names(stated.get("company")))

    def said(self, part: Part, unit: Unit) -> Said | None:
        """A wording in both languages, and its plain form where it has one."""

        def place(text: str) -> tuple[Node, Callable[[int], Placeholder]]:
            node = e.value(text, unit)
            words = self.words_of(node)
            return node, lambda slot: Placeholder(slot, node.type, "", words, self.facts(node))

        out: list[Any] = []
        for lang in ("zh", "en"):
            one = part.get(lang) or part
            try:
                out.append(read_wording(str(one.value), place, self.text))
            except e.Wrong as wrong:
                self.frame.note(one.wrong(wrong))
                return None
            except e.Poisoned:
                return None
        plainer = part.get("plain") if isinstance(part.value, dict) else None
        return Said(out[0], out[1], self.said(plainer, unit) if plainer is not None else None)

    def plain(self) -> dict[str, int]:
        """For each role, where it stands whether its recipient is spoken to in plain words."""
        out: dict[str, int] = {}
        for unit in self.plain_units():
            for role, part in entries(unit.service.part.get("plain")):
                slot = self.when(unit, part)
                if slot is not None:
                    out.setdefault(role, slot)
        return out

    def plain_units(self) -> Iterator[Unit]:
        """The libraries that say to whom plain words are spoken; what else they say holds for every item."""
        return (self.frame.unit(name) for name, service in self.frame.world.services.items() if service.part.get("plain") is not None)

    def condition(self, spec: Condition, unit: Unit) -> ConditionSlots | None:
        def make() -> ConditionSlots:
            part = spec.part
            when_part, require_part = spec.when, spec.require
            if require_part is None:
                self.frame.note(part.problem("BQ503", f"条件 {spec.name} 没有 require", f"condition {spec.name} has no require", "写 require: … / write require: ..."))
                raise e.Poisoned
            when = unit.condition(when_part) if when_part is not None else None
            require = unit.condition(require_part)
            test = require if when is None else call("or", negated(when), require)
            refused = part.get("refused_when")
            offer, start = part.get("offer"), part.get("possible_from")
            if spec.remedy not in REMEDIES:
                self.frame.note((part.get("remedy") or part).problem("BQ504", f"没有名为 {spec.remedy} 的补救方式", f"there is no remedy {spec.remedy}", did_you_mean(spec.remedy, REMEDIES)))
            if spec.refer and spec.refer not in OWNERS:
                self.frame.note((part.get("refer") or part).problem("BQ505", f"没有名为 {spec.refer} 的转交对象", f"there is no owner {spec.refer}", did_you_mean(spec.refer, OWNERS)))
            full = spec.name if unit is self.unit or unit.service.kind == "library" else f"{unit.service.name}.{spec.name}"
            says = {key: self.said(text, unit) for key, text in spec.says.items()}
            return ConditionSlots(
                full, spec.id, spec.label,
                self.slot(when) if when is not None else None,
                self.slot(test),
                self.slot(unit.condition(refused)) if refused is not None else None,
                self.slot(unit.node(offer)) if offer is not None else None,
                self.slot(unit.node(start)) if start is not None else None,
                spec.gate, spec.remedy, spec.refer, spec.redirect,
                (*self.exception_cite(part), *self.cites(part, spec.clause, spec.law, spec.company)),
                {key: text for key, text in says.items() if text is not None},
                spec.secret,
                spec.public,
                spec.internal,
            )  # fmt: skip

        return self.attempt(make)  # type: ignore[no-any-return]

    def document(self, part: Part) -> ConditionSlots | None:
        """A document the item needs, as a condition: there, and without a defect."""

        def make() -> ConditionSlots:
            kind = str(part.plain("kind"))
            name = f"document.{part.plain('name', kind)}"
            by = part.get("signed_by")
            signed = ""
            if by is not None:
                signed = f" and {by.value} in d.signed_by"
            text = f'any(d.kind == "{kind}" and sound(d){signed} for d in documents)'
            try:
                require = e.condition(text, e.Names({"sound": self.sound()}, self.unit))
            except e.Wrong as wrong:
                self.frame.note((part.get("kind") or part).problem("BQ405", wrong.zh, wrong.en, wrong.hint))
                raise e.Poisoned from None
            when_part = part.get("when")
            when = self.unit.condition(when_part) if when_part is not None else None
            test = require if when is None else call("or", negated(when), require)
            label = document_label(part, self.frame.world.vocabulary)
            says_part = part.get("says")
            says = {key: self.said(one, self.unit) for key, one in says_part.items()} if says_part else {}
            return ConditionSlots(
                name, str(part.plain("id", "G6")), label, self.slot(when) if when is not None else None, self.slot(test), None, None,
                None, False, "document", "", "", self.cites_of(part),
                {key: one for key, one in says.items() if one is not None},
            )  # fmt: skip

        return self.attempt(make)  # type: ignore[no-any-return]

    def sound(self) -> Any:
        """What papers count as sound: the figure `sound` of a library of the gates."""
        for unit in self.own_and_gates():
            if "sound" in unit.service.figures:
                return unit.figure("sound")
        self.frame.note(self.unit.service.part.problem("BQ506", "要材料的项目，先行条件的规则库里要有 sound 这个量", "an item that needs papers takes its gates from a library with the figure sound"))
        raise e.Poisoned

    def conditions(self) -> list[ConditionSlots]:
        service = self.unit.service
        out: list[ConditionSlots | None] = []
        for name in service.gates:
            if name not in self.frame.world.services:
                self.frame.note(service.part.problem("BQ506", f"没有名为 {name} 的规则库", f"there is no library {name}"))
        specs = [(spec, self.frame.unit(owner.name)) for owner, spec in conditions_of(service, self.frame.world.services)]
        for spec, unit in self.excepted(specs):
            out.append(self.condition(spec, unit))
        out.extend(self.document(part) for part in service.documents)
        return [one for one in out if one is not None]

    def never(self, spec: Condition) -> bool:
        """Whether a condition of the item always arises and always fails, by the clauses alone."""
        when = self.unit.condition(spec.when) if spec.when is not None else None
        if spec.require is None or not (when is None or (isinstance(when, Literal) and when.value is True)):
            return False
        require = self.unit.condition(spec.require)
        return isinstance(require, Literal) and require.value is False

    def excepted(self, specs: list[tuple[Condition, Unit]]) -> list[tuple[Condition, Unit]]:
        """The conditions with the product's exceptions applied: added, or replaced by name."""
        replaced: dict[str, Part] = {}
        out = list(specs)
        for part in self.frame.version.exceptions:
            if part.plain("service") != self.unit.service.name:
                continue
            target = part.plain("replace")
            names = [spec.name for spec, _ in out]
            name = str(target or part.plain("add"))
            if target and target not in names:
                self.frame.note(part.problem("BQ508", f"{self.unit.service.name} 没有名为 {target} 的条件", f"{self.unit.service.name} has no condition {target}",
                                             did_you_mean(str(target), names)))  # fmt: skip
                continue
            if target and target in replaced:
                self.frame.note(part.problem("BQ507", f"两处例外都替换了 {target}，没有说明哪个优先",
                                             f"two exceptions replace {target} and neither takes precedence", "只保留一处 / keep one of them"))  # fmt: skip
                continue
            spec = read_condition(name, part, "")
            base = next((s for s, _ in out if s.name == target), None)
            if base is not None:
                replaced[str(target)] = part
                spec = replace(
                    base, part=part, when=spec.when or base.when, require=spec.require or base.require, says=spec.says or base.says,
                    remedy=part.plain("remedy", base.remedy), refer=part.plain("refer", base.refer),
                )  # fmt: skip
                out = [(spec, u) if s.name == target else (s, u) for s, u in out]
            else:
                out.append((spec, self.unit))
        return out

    def lines(self) -> list[Line]:
        out: list[Line] = []
        for name, part in self.unit.service.settlement.items():
            node = self.attempt(self.unit.line, part)
            if node is None:
                continue
            if node.type.name != "money":
                self.frame.note(part.problem("BQ403", f"结算项需要金额（已舍入到分），得到 {show(node.type)}", f"a line is money, found {show(node.type)}", "写 round_fen(…) / write round_fen(...)"))
                continue
            when = part.get("when")
            out.append(Line(
                name, part.words("label") or Words(name, name), part.plain("payee", "policyholder"),
                -1 if part.plain("sign", "plus") == "minus" else 1, part.plain("account", name), self.text(node),
                self.when(self.unit, when),
            ))  # fmt: skip
        return out

    def own_and_gates(self) -> list[Unit]:
        """The item, and the libraries of its gates: what they say besides conditions holds for the item as well."""
        return [self.unit, *(self.frame.unit(name) for name in self.unit.service.gates if name in self.frame.world.services)]

    def breakdowns(self) -> list[BreakdownSlots]:
        def made(unit: Unit, name: str, part: Part) -> BreakdownSlots:
            when = self.when(unit, part.get("when"))
            return read_breakdown(name, part, unit, self.text, when, self.words_of, self.facts)

        found = (self.attempt(made, unit, name, part) for unit in self.own_and_gates() for name, part in unit.service.breakdowns.items())
        return [one for one in found if one is not None]

    def effects(self) -> list[Effect]:
        out: list[Effect] = []
        for unit in self.own_and_gates():
            out.extend(self._effect(unit, part) for part in unit.service.effects)
        return out

    def _effect(self, unit: Unit, part: Part) -> Effect:
        words: dict[str, str] = {}
        values: dict[str, tuple[int, Type]] = {}
        inside = part.get("values")
        for key, one in inside.items() if inside else ():
            node = self.attempt(unit.node, one)
            if node is not None:
                values[key] = (self.text(node), node.type)
        stated = part.get("words")
        for key, one in stated.items() if stated else ():
            words[key] = str(one.value)
        says, when = part.get("says"), part.get("when")
        return Effect(
            part.plain("kind", "state"), tuple(part.plain("outcomes", ["approved"])),
            self.when(unit, when),
            words, values, self.said(says, unit) if says else None, self.cites_of(part),
        )  # fmt: skip

    def deadlines(self) -> list[Deadline]:
        out: list[Deadline] = []
        for unit in self.own_and_gates():
            for name, part in unit.service.deadlines.items():
                made = self.attempt(self._deadline, unit, name, part)
                if made is not None:
                    out.append(made)
        return out

    def _deadline(self, unit: Unit, name: str, part: Part) -> Deadline:
        start_part, length_part = part.get("from"), part.get("length")
        if start_part is None or length_part is None:
            self.frame.note(part.problem("BQ502", "期限需要 from 和 length", "a deadline takes from and length"))
            raise e.Poisoned
        start, length = unit.node(start_part), unit.node(length_part)
        if start.type.name == "instant":
            start = call("date_of", start)
        if not isinstance(length, Literal) or length.type.name != "period":
            self.frame.note(length_part.problem("BQ403", "期限长度要是固定的期间", "a deadline's length is a fixed period"))
            raise e.Poisoned
        window = e.window(start, length.value, counts_first=False, extend=part.plain("who") == "customer", length_node=length)
        when, says = part.get("when"), part.get("says")
        return Deadline(
            name, part.words("label") or Words(name, name), part.plain("who", "insurer"), tuple(part.plain("outcomes", [])),
            self.when(unit, when), self.text(start), self.text(window.last), self.text(window.nominal),
            length.value.count, length.value.unit, self.said(says, unit) if says else None, self.cites_of(part), self.facts(start),
            self.when(unit, part.get("met")),
        )  # fmt: skip

    def notices(self) -> list[Notice]:
        out: list[Notice] = []
        for unit in self.own_and_gates():
            for name, part in unit.service.notices.items():
                when, says = part.get("when"), part.get("says")
                said = self.said(says, unit) if says is not None else None
                if said is None:
                    continue
                slot = self.when(unit, when)
                if when is not None and slot is None:
                    continue
                out.append(Notice(name, slot, tuple(part.plain("outcomes", [])), tuple(part.plain("readers", READERS)), said, self.cites_of(part)))
        return out

    def alternatives(self) -> list[Alternative]:
        out = []
        for name, part in self.unit.service.alternatives.items():
            service, figures = str(part.plain("service", "")), tuple(part.plain("figures", []))
            self._alternative_names(part, service, figures)
            says, place = part.get("says"), part.get("order")
            order = self.attempt(self.unit.node, place) if place is not None else None
            out.append(Alternative(
                name, service, part.words("label") or Words(name, name), self._changes(part.get("changes")), figures,
                self.when(self.unit, part.get("when")), self.said(says, self.unit) if says is not None else None, part,
                None if order is None else self.text(order),
            ))  # fmt: skip
        return out

    def _alternative_names(self, part: Part, service: str, figures: tuple[str, ...]) -> None:
        """Note what an alternative names and nobody has: the service, or one of its figures."""
        world = self.frame.world
        known = {name: found for name, found in world.services.items() if found.kind != "library"}
        if service not in known:
            self._no_such(part.get("service") or part, service, "没有名为 {} 的保全项目", "there is no service {}", known)
            return
        for figure in figures:
            if figure not in known[service].figures:
                self._no_such(part.get("figures") or part, figure, f"{service} 没有名为 {{}} 的量", f"{service} has no figure {{}}", known[service].figures)

    def _changes(self, part: Part | None) -> dict[str, Any]:
        """The facts that an alternative changes, as engine values."""
        facts = self.frame.world.vocabulary.facts
        out: dict[str, Any] = {}
        for path, one in part.items() if part is not None else ():
            fact = facts.get(path)
            if not isinstance(fact, Fact):
                self._no_such(one, path, "没有名为 {} 的事实", "there is no fact {}", facts)
                continue
            try:
                out[path] = scalar(one.value, fact.type)
            except ValueError as error:
                zh, en = both(str(error))
                self.frame.note(one.problem("BQ510", f"{path}：{zh}", f"{path}: {en}"))
        return out

    def _no_such(self, part: Part, name: str, zh: str, en: str, among: Iterable[str]) -> None:
        self.frame.note(part.problem("BQ510", zh.format(name), en.format(name), did_you_mean(name, among)))

    def arises(self) -> Mapping[str, int]:
        """Where the points arise that not every case has."""
        out: dict[str, int] = {}
        for name, spec in tuple(self.frame.points.items()):
            node = self.attempt(self.unit.condition, spec.when) if spec.when is not None else None
            if node is not None:
                out[name] = self.slot(node)
        return out

    def outcome(self) -> tuple[int | None, Mapping[str, Words]]:
        part = self.unit.service.outcome
        if part is None:
            return None, {}
        node = self.attempt(lambda: self.unit.node(part.get("is") or part))
        return (self.slot(node) if node is not None else None), (value_words(part) if isinstance(part.value, dict) else {})


def _facts(node: Node, known: dict[Node, frozenset[str]]) -> frozenset[str]:
    """The facts a node rests on; what is known of its parts is not looked for again."""
    if node not in known:
        found: set[str] = set()
        seen = {node}
        todo = [node]
        while todo:
            part = todo.pop()
            if part in known:
                found |= known[part]
                continue
            if isinstance(part, Read) and not part.name.startswith("#"):
                found.add(part.name)
            more = [child for child in children(part) if child not in seen]
            seen.update(more)
            todo.extend(more)
        known[node] = frozenset(found)
    return known[node]


def _index(nodes: list[Node], node: Node) -> int:
    for index, one in enumerate(nodes):
        if one is node:
            return index
    nodes.append(node)
    return len(nodes) - 1


def _cited(part: Part, kind: str, name: str) -> Part:
    """The place where a part cites a law entry or a company rule."""
    cites = part.get("cites")
    listed = cites.get(kind) if cites is not None else None
    return next((one for one in listed.each() if one.value == name), part) if listed is not None else part


def _names(found: Any) -> tuple[str, ...]:
    return tuple(found) if isinstance(found, list) else (found,) if found else ()


def compile_program(
    world: World, product: Product, version: Version, service: str, reading: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Program | None, Problems]:
    """The program of one product version, service and reading (the customer's safe one), or the problems of its texts."""
    frame = Frame(world, product, version, reading)
    unit = frame.unit(service)
    frame.main = unit
    made = _Compiler(frame, unit)
    figures = tuple(made.figures(unit))
    conditions = tuple(made.conditions())
    outcome, outcome_words = made.outcome()
    lines, breakdowns, effects = tuple(made.lines()), tuple(made.breakdowns()), tuple(made.effects())
    deadlines, notices, alternatives = tuple(made.deadlines()), tuple(made.notices()), tuple(made.alternatives())
    says: dict[str, Said | None] = {}
    for one in (*made.own_and_gates(), *made.plain_units()):
        says |= {key: made.said(part, one) for key, part in one.service.says.items() if key not in says}
    plain = made.plain()
    arises = made.arises()
    for name in frame.units:
        for figure in frame.units[name].service.figures:
            found = frame.units[name].figures.get(figure)
            if found is not None and e.is_node(found):
                made.names.setdefault(id(found), f"{name}.{figure}")
    if any(problem.severity == "error" for problem in frame.problems):
        return None, Problems(frame.problems)
    clause = unit.service.clause
    points = {name: frame.points[name] for name in _open_points(world, version, service) if name in frame.points}
    return Program(
        service, unit.service.kind, unit.service.title, product.code, version.id,
        {name: reading.get(name, spec.safe) for name, spec in points.items()}, tuple(made.nodes), tuple(made.texts),
        figures, conditions, outcome, outcome_words, lines, breakdowns, effects, deadlines, notices, alternatives,
        {key: one for key, one in says.items() if one is not None}, made.names,
        made.cites(unit.service.part, clause, (), ()) if clause else (), points, arises=arises, plain=plain,
    ), Problems(frame.problems)  # fmt: skip


def offers(world: World, product: Product, version: Version, service: str) -> bool:
    """Whether a product version has a servicing item at all: none of the item's own conditions fails by the clauses alone."""
    frame = Frame(world, product, version, {})
    unit = frame.unit(service)
    frame.main = unit
    made = _Compiler(frame, unit)
    own = [(spec, unit) for spec in unit.service.conditions.values()]
    return not any(made.attempt(made.never, spec) for spec, _ in made.excepted(own))


def _open_points(world: World, version: Version, service: str) -> Iterator[str]:
    """What the clauses and the texts leave open, in the order of what the service uses."""
    for owner in _reached(world, service):
        spec = world.services[owner]
        clause = version.clauses.get(spec.clause)
        yield from (f"{spec.clause}.{key}" for key in sorted(clause.silent if clause is not None else ()))
        yield from (f"{owner}.{key}" for key in spec.points)


def readings(program: Program) -> tuple[Mapping[str, Any], ...]:
    """Every way to read what the clauses and the texts leave open and the program asks for; the customer's safe one first.

    Raises:
        ProductInvalid: there are too many.
    """
    values = [_safe_first(spec.readings, spec.safe) for spec in program.points.values()]
    found = tuple(dict(zip(program.points, one, strict=True)) for one in combinations(*values))
    if len(found) > MOST_READINGS:
        names = "、".join(program.points)
        raise ProductInvalid([Problem("BQ511", f"{program.service} 未定的理解有 {len(found)} 种组合，最多 {MOST_READINGS} 种：{names}", None, "由条款写明其中几项 / have the clauses settle some of them",
                                      message_en=f"{program.service} has {len(found)} readings, at most {MOST_READINGS}: {names}")])  # fmt: skip
    return found


def _safe_first(values: tuple[Any, ...], safe: Any) -> tuple[Any, ...]:
    return (safe, *(value for value in values if value != safe))


def _reached(world: World, service: str) -> list[str]:
    """The service and all it uses, once each."""
    out: list[str] = []
    queue = [service]
    while queue:
        name = queue.pop(0)
        if name in out or name not in world.services:
            continue
        out.append(name)
        queue.extend((*world.services[name].uses, *world.services[name].gates))
    return out
