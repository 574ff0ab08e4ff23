"""Services and libraries of the rulebook, seen by one product version: the scopes in which their expressions are read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from baoquan_rules.authoring import Problem, did_you_mean
from baoquan_rules.compiler.sharing import Seen, Shared
from baoquan_rules.contract.company import Company
from baoquan_rules.contract.law import LawEntry
from baoquan_rules.contract.part import Part
from baoquan_rules.contract.product import Product, TableSpec, Version
from baoquan_rules.contract.rulebook import Figure, Parameter, Service
from baoquan_rules.contract.vocabulary import ListFact, Vocabulary
from baoquan_rules.language import elaborate as e
from baoquan_rules.language.facts import Table
from baoquan_rules.language.nodes import Call, Literal, Loop, Node, fold, literal, read
from baoquan_rules.language.operators import Misuse, call, in_unit
from baoquan_rules.language.text import Period
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    INSTANT,
    MONEY,
    PERIOD,
    RATE,
    TABLE,
    TEXT,
    Type,
    enum,
    show,
    whole,
)


@dataclass(frozen=True, slots=True)
class World:
    """All that authors wrote, read and checked one by one."""

    vocabulary: Vocabulary
    services: Mapping[str, Service]
    law: Mapping[str, LawEntry]
    company: Company
    tables: Mapping[str, TableSpec]
    declared: Mapping[str, Mapping[str, Parameter]]
    shared: dict[int, Shared] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Figures read before, by product version: most items use the same ones. A memo, no part of the value."""


_NAMED: Mapping[str, Type] = {
    "bool": BOOL, "int": whole(), "days": whole(unit="days"), "months": whole(unit="months"), "years": whole(unit="years"),
    "date": DATE, "instant": INSTANT, "money": MONEY, "rate": RATE, "text": TEXT,
}  # fmt: skip

PAID_OUT = "paid_out"
"""In `settlement`, beside the payees: what leaves the insurer altogether."""

ABSENT_PERIOD = Period(-1, "days")
"""The length of a clause that the product does not have; every window of it is unknown."""


class _Busy:
    """Marks a figure whose expression is being read."""


@dataclass(slots=True)
class Unit:
    """One service or library in the eyes of one product version and one reading; its figures are read when first used."""

    service: Service
    frame: "Frame"
    figures: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)

    def names(self) -> Iterable[str]:
        return (
            *self.service.figures, "clause", "clauses", "company", "law", "tables", "service", "product", "point", "settlement",
            *self.service.uses, *self.frame.world.vocabulary.names(),
        )  # fmt: skip

    def find(self, name: str) -> Any:
        if name in self.service.figures:
            return self.figure(name)
        frame = self.frame
        match name:
            case "clause":
                return frame.clause(self.service.clause) if self.service.clause else None
            case "clauses":
                return e.Group("clauses", lambda n: frame.clause(n) if n in frame.world.declared else None,
                               lambda: tuple(frame.world.declared))  # fmt: skip
            case "company":
                return e.Group("company", frame.world.company.rules.get, lambda: tuple(frame.world.company.rules))
            case "law":
                return e.Group("law", self._law, lambda: tuple(n for n, entry in frame.world.law.items() if entry.steps))
            case "tables":
                return e.Group("tables", frame.table, lambda: tuple(frame.world.tables))
            case "service":
                return e.Group("service", self._attribute, lambda: ("name", "endorses", *self.service.attributes))
            case "product":
                values = {"line": literal(frame.product.line, TEXT, "product.line"), "code": literal(frame.product.code, TEXT)}
                return e.Group("product", values.get, lambda: tuple(values))
            case "point":
                return e.Group("point", self._point, lambda: tuple(self.service.points))
            case "settlement":
                return e.Group("settlement", self._settled().net, lambda: (PAID_OUT, *dict.fromkeys(self._settled().payees())))
        if name in self.service.uses:
            other = frame.unit(name)
            return e.Group(name, lambda n: other.figure(n) if n in other.service.figures else None, lambda: tuple(other.service.figures))
        return frame.world.vocabulary.find(name)

    def _law(self, name: str) -> Any:
        entry = self.frame.world.law.get(name)
        return entry.meaning() if entry is not None else None

    def _attribute(self, name: str) -> Any:
        self.frame.of_item()
        owner = self.frame.main.service if self.frame.main is not None else self.service
        part = owner.attributes.get(name) or self.service.attributes.get(name)
        if name == "name":
            return literal(owner.name, TEXT, "service.name")
        if name == "endorses":
            return literal(any(effect.plain("kind") == "endorsement" for effect in owner.effects), BOOL, "service.endorses")
        if part is None:
            return None
        value = part.value
        if isinstance(value, list):
            return literal(tuple(value), Type("list", item=TEXT), f"service.{name}")
        if isinstance(value, bool):
            return literal(value, BOOL, f"service.{name}")
        if isinstance(value, int):
            return literal(value, whole(value, value), f"service.{name}")
        return literal(str(value), enum(str(value)), f"service.{name}")

    def _point(self, name: str) -> Any:
        spec = self.service.points.get(name)
        if spec is None:
            return None
        label = f"{self.service.name}.{name}"
        self.frame.open_point(label, spec)
        return literal(self.frame.reading.get(label, spec.safe), spec.type, f"point.{name}")

    def _settled(self) -> "Unit":
        """Whose settlement is meant: one's own, and in a library that of the item decided."""
        self.frame.of_item()
        main = self.frame.main
        return main if main is not None and self.service.kind == "library" else self

    def payees(self) -> Iterable[str]:
        """Who is paid, or pays, by the settlement."""
        return (str(part.plain("payee", "policyholder")) for part in self.service.settlement.values())

    def net(self, payee: str) -> Any:
        """What is left for one payee: the sum of all its lines; for `paid_out`, what leaves the insurer altogether."""
        if payee == PAID_OUT:
            return self._paid_out()
        total: Node | None = None
        for part in self.service.settlement.values():
            if part.plain("payee", "policyholder") != payee:
                continue
            amount = self.line(part)
            if part.plain("sign", "plus") == "minus":
                amount = call("mul", amount, literal(-1, whole(-1, -1)))
            total = amount if total is None else call("add", total, amount)
        return total

    def _paid_out(self) -> Node:
        """What all payees but the insurer receive; what one of them owes does not lessen what another gets."""
        nothing = literal(0, replace(MONEY, low=0, high=0))
        total: Node = nothing
        for payee in dict.fromkeys(self.payees()):
            if payee != "insurer":
                total = call("add", total, call("max", self.net(payee), nothing))
        return total

    def line(self, part: Part) -> Node:
        """The amount of a settlement line, nothing where it does not arise."""
        amount = self.node(part.get("amount") or part)
        when = part.get("when")
        if when is None:
            return amount
        zero = literal(0, replace(amount.type, low=0, high=0))
        return call("if", self.condition(when), amount, zero)

    # expressions

    def node(self, part: Part, scope: e.Scope | None = None) -> Node:
        """The value a text stands for.

        Raises:
            Poisoned: it is wrong; the problem is noted.
        """
        return self._noted(part, lambda: e.value(str(part.value), scope or self))  # type: ignore[no-any-return]

    def condition(self, part: Part, scope: e.Scope | None = None) -> Node:
        """The condition a text stands for."""
        if isinstance(part.value, bool):
            return literal(part.value, BOOL)
        return self._noted(part, lambda: e.condition(str(part.value), scope or self))  # type: ignore[no-any-return]

    def static(self, part: Part, scope: e.Scope | None = None) -> Any:
        """Whatever a text stands for: a value, a window, a group."""
        return self._noted(part, lambda: e.expression(str(part.value), scope or self))

    def source(self, part: Part, scope: e.Scope | None = None) -> tuple[str, e.Source]:
        """The name and the list of ``x in list``."""
        return self._noted(part, lambda: e.source(str(part.value), scope or self))  # type: ignore[no-any-return]

    def _noted(self, part: Part, make: Callable[[], Any]) -> Any:
        try:
            return make()
        except e.Wrong as wrong:
            self.frame.note(part.wrong(wrong))
            raise e.Poisoned from None

    # figures

    def figure(self, name: str) -> Any:
        """What a figure stands for; read once.

        Raises:
            Poisoned: its expression is wrong, or it needs itself.
        """
        found = self.figures.get(name)
        if found is _Busy:
            path = [*self.frame.path[self.frame.path.index((self.service.name, name)) :], (self.service.name, name)]
            text = " → ".join(f"{owner}.{one}" for owner, one in path)
            part = self.service.figures[name].part
            self.frame.note(part.problem("BQ501", f"量之间互相依赖，成了一个圈：{text}", f"figures depend on each other in a circle: {text}", key=True))
            self.figures[name] = None
            raise e.Poisoned
        if name in self.figures:
            if found is None:
                raise e.Poisoned
            self.frame.looked(self.seen.get(name))
            return found
        place = (self.service.name, name)
        for made, seen in self.frame.shared.figures.get(place, ()):
            if self.frame.holds(seen):
                self.frame.take(place, made, seen)
                return made
        self.figures[name] = _Busy
        self.frame.path.append(place)
        try:
            made, seen, clean = self.frame.watched(lambda: self._figure(self.service.figures[name]))
        except (e.Poisoned, RecursionError):
            self.figures[name] = None
            raise
        finally:
            self.frame.path.pop()
        self.figures[name], self.seen[name] = made, seen
        if self._settles(made, self.service.figures[name]):
            seen.figures[place] = (made, seen)
            if clean:
                self.frame.shared.figures.setdefault(place, []).append((made, seen))
        self.frame.looked(seen)
        return made

    def _settles(self, made: Any, figure: Figure) -> bool:
        """Whether what was made is all there is to it, and asks this unit for nothing later."""
        return e.is_node(made) or isinstance(made, e.Window) or (isinstance(made, e.Group) and figure.fold is not None)

    def _figure(self, figure: Figure) -> Any:
        if not figure.of:
            return self._body(figure, self)
        # Arguments are kept beside the result: the key holds their addresses, which must not be used again.
        cache: dict[tuple[Any, ...], tuple[tuple[Any, ...], Any, Seen]] = {}

        def apply(args: tuple[Any, ...]) -> Any:
            key = tuple(_key(arg) for arg in args)
            if key not in cache:
                cache[key] = self._called(figure, key, args)
            _, made, seen = cache[key]
            self.frame.looked(seen)
            return made

        function = e.Function(figure.name, tuple(name for name, _ in figure.of), apply)
        return function

    def _called(self, figure: Figure, key: tuple[Any, ...], args: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any, Seen]:
        """A figure with its parameters filled in; with the arguments, and with what it looked at."""
        frame, place = self.frame, (self.service.name, figure.name)
        listed = frame.shared.calls.setdefault((*place, *key), [])
        for known in listed:
            if frame.holds(known[2]):
                frame.take(None, known[1], known[2])
                return known
        for (name, kind), arg in zip(figure.of, args, strict=True):
            self._fits(name, kind, arg)
        depth = max((e.depth_of(arg) for arg in args), default=0)
        own = dict(zip((n for n, _ in figure.of), args, strict=True))
        if place in frame.applying:
            frame.note(figure.part.problem("BQ501", f"{figure.name} 用到了它自己", f"{figure.name} needs itself", key=True))
            raise e.Poisoned
        frame.applying.append(place)
        try:
            made, seen, clean = frame.watched(lambda: self._body(figure, e.Names(own, self, depth)))
        finally:
            frame.applying.pop()
        if clean and self._settles(made, figure):
            listed.append((args, made, seen))
        return args, made, seen

    def sampled(self, figure: Figure) -> Any:
        """A figure with parameters, read once for its own sake, with arguments of the declared kinds."""
        return self.figure(figure.name).apply(self._sample(figure))

    def _sample(self, figure: Figure) -> tuple[Any, ...]:
        out: list[Any] = []
        for index, (name, kind) in enumerate(figure.of, 1):
            fact = self.frame.world.vocabulary.facts.get(kind)
            if isinstance(fact, ListFact) and fact.type.item is not None:
                out.append(e.Item(f"#{index}", fact.type.item, kind))
            else:
                out.append(read(f"sample.{name}", _NAMED.get(kind, DATE)))
        return tuple(out)

    def _fits(self, name: str, kind: str, arg: Any) -> None:
        if isinstance(arg, e.Item):
            if arg.label.lstrip("#") not in (kind,) and not isinstance(self.frame.world.vocabulary.facts.get(kind), ListFact):
                raise Misuse(f"{name} 需要 {kind}", f"{name} takes {kind}")
            return
        wanted = _NAMED.get(kind)
        if wanted is None:
            return
        if not e.is_node(arg) or arg.type.optional:
            raise Misuse(f"{name} 需要 {kind}", f"{name} takes {kind}")
        fits = in_unit(arg.type, wanted.unit) if wanted.name == "int" else arg.type.name == wanted.name or {arg.type.name, wanted.name} == {"enum", "text"}
        if not fits:
            raise Misuse(f"{name} 需要 {kind}，得到的是 {show(arg.type)}", f"{name} takes {kind}, found {show(arg.type)}")

    def _body(self, figure: Figure, scope: e.Scope) -> Any:
        if figure.fold is not None:
            return self._fold(figure, figure.fold, scope)
        if figure.body is None:
            self.frame.note(figure.part.problem("BQ502", f"{figure.name} 没有算式", f"{figure.name} has no expression", "写 is: … / write is: ..."))
            raise e.Poisoned
        return self.static(figure.body, scope)

    def _fold(self, figure: Figure, part: Part, scope: e.Scope) -> e.Group:
        over = part.get("over")
        start, step = part.get("start"), part.get("step")
        if over is None or start is None or step is None:
            self.frame.note(part.problem("BQ502", "fold 需要 over、start、step", "a fold takes over, start, step"))
            raise e.Poisoned
        name, source = self.source(over, scope)
        depth = 1 + max(e.depth_of(source), e.scope_depth(scope))
        if depth > e.MOST_BINDERS:
            self.frame.note(over.problem("BQ401", f"遍历嵌套超过{e.MOST_BINDERS}层", f"more than {e.MOST_BINDERS} lists are gone over inside one another"))
            raise e.Poisoned
        var = f"#{depth}"
        states: dict[str, Type] = {}
        starts: list[Node] = []
        for key, state in start.items():
            self._own_name(key, state)
            kind, node = self._state(state, scope)
            states[key] = kind
            starts.append(node)
        own: dict[str, Any] = {key: read(f"{var}_{key}", kind) for key, kind in states.items()}
        inner = e.Names({**own, name: source.item(var)}, scope, depth)
        outer = e.Names(own, scope, depth)
        while_part = part.get("while")
        going = self.condition(while_part, outer) if while_part is not None else literal(True, BOOL)
        # steps may name parts of a round, worked out before the states change
        lets = part.get("let")
        for key, let in lets.items() if lets else ():
            self._own_name(key, let)
            inner = e.Names({key: self.static(let, inner)}, inner, depth)
        steps: list[Node] = []
        for key, kind in states.items():
            stated = step.get(key)
            steps.append(self._held(stated, kind, inner) if stated is not None else own[key])
        for key, extra in step.items():
            if key not in states:
                self.frame.note(extra.problem("BQ404", f"fold 没有名为 {key} 的状态", f"the fold has no state {key}",
                                              did_you_mean(key, states), key=True))  # fmt: skip
                raise e.Poisoned
        loop = Loop(var, source.over, tuple(states), tuple(starts), going, tuple(steps))
        # Over a range that the product's parameters make empty nothing ever happens.
        idle = isinstance(loop.over, Call) and loop.over.op == "range" and _none_at_all(loop.over.args[0])
        made = {key: starts[index] if idle else fold(loop, index, kind) for index, (key, kind) in enumerate(states.items())}
        return e.Group(figure.name, made.get, lambda: tuple(made))

    def _own_name(self, name: str, part: Part) -> None:
        """A name of a fold is a plain word, and must not hide a fact: the same word would mean two things."""
        if not (name.isascii() and name.isidentifier()):
            self.frame.note(part.problem("BQ404", f"{name} 不能作名称", f"{name} cannot be a name", "用小写英文字母和下划线 / use small letters and underscores", key=True))
            raise e.Poisoned
        if name in self.frame.world.vocabulary.names():
            self.frame.note(part.problem("BQ411", f"{name} 与事实 {name} 同名，会把它遮住", f"{name} hides the fact {name}", "换一个名称 / choose another name", key=True))
            raise e.Poisoned

    def _state(self, part: Part, scope: e.Scope) -> tuple[Type, Node]:
        if not isinstance(part.value, dict):
            node = self.node(part, scope)
            return _widened(node.type), node
        name = str(part.plain("type", ""))
        plain = name.rstrip("?")
        if plain != "enum" and plain not in _NAMED:
            self.frame.note((part.get("type") or part).problem("BQ403", f"没有 {name} 这种类型", f"there is no type {name}",
                                                               did_you_mean(plain, ("enum", *_NAMED))))  # fmt: skip
            raise e.Poisoned
        kind = enum(*part.plain("words", ())) if plain == "enum" else _NAMED[plain]
        if name.endswith("?"):
            kind = kind.or_none()
        return kind, self._held(part.get("is") or part, kind, scope)

    def _held(self, part: Part, kind: Type, scope: e.Scope) -> Node:
        """What a text gives a state of that type to hold: of its kind and within its bounds, else unknown."""

        def made() -> Node:
            found = e.expression(str(part.value), scope)
            whole_text = (0, len(str(part.value)))
            if isinstance(found, e.Absent):
                if not kind.optional:
                    raise e.Wrong("BQ409", "这个状态不会是“无”", "this state is never none", *whole_text)
                return e.none_of(kind)
            if not e.is_node(found):
                raise e.Wrong("BQ404", "这里要写一个值", "a value is needed here", *whole_text)
            node = found
            alike = (node.type.name, node.type.den) == (kind.name, kind.den) or {node.type.name, kind.name} == {"enum", "text"}
            same_unit = in_unit(node.type, kind.unit) if kind.name == "int" else node.type.unit == kind.unit
            if not alike or not same_unit or (node.type.optional and not kind.optional):
                raise e.Wrong("BQ403", f"状态是 {show(kind)}，这里得到 {show(node.type)}",
                              f"the state is {show(kind)}, found {show(node.type)}", *whole_text)  # fmt: skip
            return _within(node, kind)

        return self._noted(part, made)  # type: ignore[no-any-return]


def _none_at_all(count: Node) -> bool:
    return isinstance(count, Literal) and count.value is not None and count.value <= 0


def _within(node: Node, kind: Type) -> Node:
    """The node, unknown where it leaves the bounds of a state."""
    if not kind.numeric or (kind.low <= node.type.low and node.type.high <= kind.high):
        return node
    low, high = (literal(bound, replace(kind, low=bound, high=bound, optional=False)) for bound in (kind.low, kind.high))
    if not node.type.optional:
        return call("fit", node, low, high)
    none = e.none_of(kind)
    stated = call("otherwise", node, low, literal(none.value, whole(none.value, none.value)))
    return call("if", call("given", node, literal(none.value, whole(none.value, none.value))), call("fit", stated, low, high), none)


def _widened(kind: Type) -> Type:
    """The type a state keeps over all rounds, from the type it starts with."""
    if kind.name == "amount":
        return replace(kind, low=-(10**15) * kind.den, high=10**15 * kind.den)
    base = _NAMED.get(kind.name)
    if base is None:
        return kind
    return replace(base, unit=kind.unit, optional=kind.optional)


def _key(arg: Any) -> Any:
    return (arg.var, arg.label, arg.type) if isinstance(arg, e.Item) else id(arg)


@dataclass(slots=True)
class Frame:
    """One product version and one reading of open points: the units of all services, made when first used."""

    world: World
    product: Product
    version: Version
    reading: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    path: list[tuple[str, str]] = field(default_factory=list)
    applying: list[tuple[str, str]] = field(default_factory=list)
    main: Unit | None = None
    points: dict[str, Parameter] = field(default_factory=dict)
    """What the clauses and the texts leave open and an expression has asked for, by clause or library."""
    _groups: dict[str, e.Group] = field(default_factory=dict)
    _watching: list[Seen] = field(default_factory=list)

    @property
    def shared(self) -> Shared:
        """What the items of this product version share."""
        found = self.world.shared.get(id(self.version))
        if found is None or found.version is not self.version:
            found = self.world.shared[id(self.version)] = Shared(self.version)
        return found

    def watched(self, make: Callable[[], Any]) -> tuple[Any, Seen, bool]:
        """What is made, what its making looked at, and whether it went without a problem."""
        before, seen = len(self.problems), Seen()
        self._watching.append(seen)
        try:
            made = make()
        finally:
            self._watching.pop()
        return made, seen, len(self.problems) == before

    def looked(self, seen: Seen | None) -> None:
        """Whatever is being made looks at this as well."""
        if self._watching and seen is not None:
            self._watching[-1].add(seen)

    def of_item(self) -> None:
        """The servicing item decided is looked at."""
        if self._watching and self.main is not None:
            self._watching[-1].item = self.main.service.name

    def open_point(self, label: str, spec: Parameter) -> None:
        """A point that is left open is looked at."""
        self.points[label] = spec
        if self._watching:
            self._watching[-1].points[label] = (spec, self.reading.get(label, spec.safe))

    def holds(self, seen: Seen) -> bool:
        """Whether all that something looked at is the same here."""
        if seen.item and (self.main is None or self.main.service.name != seen.item):
            return False
        return all(self.reading.get(label, spec.safe) == value for label, (spec, value) in seen.points.items())

    def take(self, place: tuple[str, str] | None, made: Any, seen: Seen) -> None:
        """Use what was made before, as if it were made here."""
        for label, (spec, _) in seen.points.items():
            self.points[label] = spec
        for (owner, name), (one, of_one) in seen.figures.items():
            unit = self.unit(owner)
            unit.figures.setdefault(name, one)
            unit.seen.setdefault(name, of_one)
        if place is not None:
            unit = self.unit(place[0])
            unit.figures[place[1]], unit.seen[place[1]] = made, seen
        self.looked(seen)

    def note(self, problem: Problem) -> None:
        """Keep a problem, once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def unit(self, name: str) -> Unit:
        """The unit of a service or library."""
        if name not in self.units:
            self.units[name] = Unit(self.world.services[name], self)
        return self.units[name]

    def clause(self, name: str) -> e.Group:
        """What a clause sets, with ``offered``: whether the product has it."""
        if name not in self._groups:
            declared = self.world.declared[name]
            clause = self.version.clauses.get(name)
            made: dict[str, Any] = {"offered": literal(clause is not None, BOOL, f"{name}.offered")}
            for key, spec in declared.items():
                made[key] = self._parameter(name, key, spec)

            def member(key: str) -> Any:
                if clause is not None and key in clause.silent:
                    self.open_point(f"{name}.{key}", declared[key])
                return made.get(key)

            self._groups[name] = e.Group("clause", member, lambda: tuple(made))
        return self._groups[name]

    def _parameter(self, name: str, key: str, spec: Parameter) -> Any:
        clause = self.version.clauses.get(name)
        label = f"{name}.{key}"
        if clause is None:
            if spec.listed:
                return literal(spec.default or (), Type("list", item=spec.type), label)
            if spec.default is not None:
                return _constant(spec.default, spec.type, label)
            return literal(ABSENT_PERIOD, PERIOD, label) if spec.type.name == "period" else e.unknown(spec.type)
        if key in clause.silent:
            return _constant(self.reading.get(label, spec.safe), spec.type, label)
        value = clause.values.get(key, spec.default)
        if value is None:
            return literal(ABSENT_PERIOD, PERIOD, label) if spec.type.name == "period" else e.unknown(spec.type)
        if spec.listed:
            return literal(tuple(value), Type("list", item=spec.type), label)
        return _constant(value, spec.type, label)

    def table(self, name: str) -> Any:
        """A filed table; empty where the product has none, so that every reading of it is unknown."""
        spec = self.world.tables.get(name)
        if spec is None:
            return None
        table = self.version.tables.get(name) or Table(name, spec.keys, {})
        return literal(table, replace(TABLE, item=spec.type), f"tables.{name}")


def _constant(value: Any, kind: Type, label: str) -> Any:
    if kind.numeric and isinstance(value, int) and value != kind.absent:
        kind = replace(kind, low=value, high=value)
    return literal(value, kind, label)


