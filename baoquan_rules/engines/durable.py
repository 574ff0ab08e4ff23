"""Figures from generated Python, conditions decided by durable_rules.

Every condition of a service (what it requires, when it arises, what was refused) becomes two rules, one that fires where it holds and one that fires where it fails
(``language.terms``); what they compare, and conditions that a rule engine cannot decide such as those over lists, are
stated to it as properties. How an operator becomes a rule stands in its row of the operator table.

    payment.amount + tolerance >= due    property p3: payment.amount + tolerance, p4: due
                                         c7:holds  p3 >= p4        c7:fails  p3 < p4

A condition that several others use, or that takes many comparisons, is decided first and then stated to the rest, so
that no rule grows beyond what the library holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.python import Run, compile_nodes
from baoquan_rules.engines import ruleset_host as host
from baoquan_rules.language.facts import Facts
from baoquan_rules.language.nodes import Call, Literal, Node
from baoquan_rules.language.operators import OPERATORS
from baoquan_rules.language.terms import Const, Operand, Pair, Prop, known, stated

_LARGE: Final = 24
"""A condition of more comparisons than this is decided by itself before those that use it."""

_HOLDS: Final = ":holds"
_FAILS: Final = ":fails"


@dataclass(slots=True)
class _Lowering:
    """Conditions as rules in stages; a stage may use what the earlier ones decided."""

    inputs: dict[int, tuple[str, Node]] = field(default_factory=dict)
    stages: list[list[host.Rule]] = field(default_factory=list)
    pairs: dict[int, Pair] = field(default_factory=dict)
    level: dict[int, int] = field(default_factory=dict)
    decided: set[str] = field(default_factory=set)

    def operand(self, node: Node) -> Operand:
        if node.type.name == "bool":
            return self.condition(node)
        if isinstance(node, Literal):
            return Const(node.value)
        return Prop(self.input(node))

    def input(self, node: Node) -> str:
        """The property under which the node's value is stated."""
        return self.inputs.setdefault(id(node), (f"p{len(self.inputs)}", node))[0]

    def condition(self, node: Node) -> Pair:
        """The node as a pair of terms, noted with the stage in which it can be decided; what it is made of comes first."""
        stack = [(node, False)]
        while stack:
            one, done = stack.pop()
            if done:
                self.decide(one)
            elif id(one) not in self.pairs:
                stack.append((one, True))
                stack.extend((arg, False) for arg in reversed(_conditions(one)))
        return self.pairs[id(node)]

    def decide(self, node: Node) -> None:
        if id(node) in self.pairs:
            return
        pair, level = self.lower(node)
        if pair.size > _LARGE:
            name = f"c{len(self.decided)}"
            self.rules(name, pair, level)
            pair, level = stated(name), level + 1
        self.pairs[id(node)], self.level[id(node)] = pair, level

    def lower(self, node: Node) -> tuple[Pair, int]:
        if isinstance(node, Literal):
            return known(node.value), 0
        if isinstance(node, Call) and _decidable(node):
            made = OPERATORS[node.op].durable
            assert made is not None
            return made(*map(self.operand, node.args)), max(self.level.get(id(arg), 0) for arg in node.args)
        return stated(self.input(node)), 0

    def rules(self, name: str, pair: Pair, level: int) -> None:
        self.decided.add(name)
        while len(self.stages) <= level:
            self.stages.append([])
        self.stages[level] += [(name + _HOLDS, pair.holds), (name + _FAILS, pair.fails)]

    def output(self, node: Node) -> str:
        """The name under which the node's verdict is found after the last stage."""
        pair = self.condition(node)
        if pair.holds[0] == "true" and pair.holds[1] in self.decided:
            return str(pair.holds[1])
        name = f"c{len(self.decided)}"
        self.rules(name, pair, self.level[id(node)])
        return name


def _decidable(node: Call) -> bool:
    """Whether a rule engine can decide it; that a condition is a stated absence is no comparison of two conditions."""
    return OPERATORS[node.op].durable is not None and len({arg.type.name == "bool" for arg in node.args}) == 1


def _conditions(node: Node) -> tuple[Node, ...]:
    """The conditions that a condition is made of."""
    if not isinstance(node, Call) or not _decidable(node):
        return ()
    return tuple(arg for arg in node.args if arg.type.name == "bool")


def prepare(program: Program) -> Run:
    """The engine protocol: a function from facts to the values of ``program.nodes``. Thread-safe; cases take turns.

    Raises:
        ModuleNotFoundError: durable_rules is not installed.
    """
    slots = {slot for one in program.conditions for slot in (one.test, one.when, one.refused) if slot is not None}
    return compile_rules(program.nodes, tuple(program.nodes[slot] for slot in sorted(slots)))


def compile_rules(outputs: tuple[Node, ...], decided: Iterable[Node] | None = None) -> Run:
    """A function from facts to the outputs' values, in their order; unknown is ``None``.

    Args:
        outputs: the nodes.
        decided: the conditions among them that rules decide, the rest being figures; all by default.
    """
    lowering = _Lowering()
    conditions = {id(node): lowering.output(node) for node in (outputs if decided is None else decided) if node.type.name == "bool"}
    figures = [node for node in dict.fromkeys(outputs) if id(node) not in conditions]
    plans = [host.prepare(tuple(stage)) for stage in lowering.stages]
    verdicts = [tuple(name.removesuffix(_HOLDS) for name, _ in stage[::2]) for stage in lowering.stages]
    stated_as = [name for name, _ in lowering.inputs.values()] + [f"f{id(node)}" for node in figures]
    compute = compile_nodes((*(node for _, node in lowering.inputs.values()), *figures))
    count = len(lowering.inputs)
    places = [conditions.get(id(node), f"f{id(node)}") for node in outputs]

    def run(facts: Facts) -> tuple[Any, ...]:
        values = dict(zip(stated_as, compute(facts), strict=True))
        properties = dict(list(values.items())[:count])
        for plan, asked in zip(plans, verdicts, strict=True):
            fired = host.fire(plan, properties)
            for name in asked:
                properties[name] = True if name + _HOLDS in fired else False if name + _FAILS in fired else None
        values |= properties
        return tuple([values[place] for place in places])

    return run
