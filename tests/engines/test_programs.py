"""What engines make of programs: deep ones, large ones, and what they work out once."""

from typing import Any

import pytest

from baoquan_rules.compiler.python import compile_nodes, source
from baoquan_rules.engines import columnar, durable, prepare, ruleset_host
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.nodes import Node, each, literal, read
from baoquan_rules.language.operators import call, negated
from baoquan_rules.language.types import BOOL, MONEY, Type, listed, record, whole
from baoquan_rules.testing.conformance import program_of

KINDS: dict[str, Type] = {"n": whole(0, 9), "k": whole(0, 50), "p": BOOL, "q": BOOL}
LOANS = read("loans", listed(record(amount=MONEY, ok=BOOL)))


def deep(steps: int) -> tuple[Node, ...]:
    """A number and a condition, each made of the one before it, so many times over."""
    n, k, p, q = (read(name, kind) for name, kind in KINDS.items())
    one = literal(1, whole(1, 1))
    number, holds = n, p
    for step in range(steps):
        number = call("max", call("sub", number, one), n) if step % 2 else call("min", call("add", number, one), k)
        inner = call("and", holds, call("ge", number, n))
        holds = call("if", call("or", q, holds), inner, negated(holds)) if step % 3 == 0 else call("or", q, call("and", p, inner))
    return number, holds


@pytest.mark.parametrize("facts", [{"n": 3, "k": 7, "p": True, "q": False}, {"n": 3, "k": 7, "q": False}, {"p": False, "q": False}, {}])
def test_deep_programs(facts: dict[str, Any]) -> None:
    """However deep the nodes go, no engine fails for it, and all agree."""
    nodes = deep(250)
    expected = compile_nodes(nodes, after=10**9)(facts)
    assert compile_nodes(nodes, after=-1)(facts) == expected
    assert durable.compile_rules(nodes)(facts) == expected
    assert columnar.run(nodes, columnar.frame_of([facts], KINDS)).rows() == [expected]


def test_lists_inside_lists_at_length() -> None:
    """Sixty figures, each a sum over a list of what the one before it is."""
    node: Node = read("n", whole(0, 9))
    for _ in range(60):
        body = call("min", node, literal(9, whole(9, 9)))
        node = call("min", call("total", each("#1", LOANS, body, listed(body.type))), literal(8, whole(8, 8)))
    facts = {"n": 5, "loans": FactList(({"ok": True},))}
    assert compile_nodes((node,), after=-1)(facts) == compile_nodes((node,), after=10**9)(facts) == (5,)


def test_what_is_unknown_is_not_written_again_and_again() -> None:
    """The text for a case that states nothing does not grow with the ways through the nodes."""
    assert len(source(deep(60), absent=KINDS)) < len(source(deep(60), absent=None))


def test_one_loop_does_for_all_over_a_list() -> None:
    """What goes over one list goes over it once, and what their bodies share is worked out once."""
    amount, ok = read("#1.amount", MONEY), read("#1.ok", BOOL)
    double = call("mul", amount, literal(2, whole(2, 2)))
    bodies = (double, call("if", ok, double, amount), call("add", double, amount))
    nodes = tuple(call("total", each("#1", LOANS, body, listed(body.type))) for body in bodies)
    text = source(nodes, absent=None)
    assert text.count("for v1 in") == 1 and text.count("* 2") == 1
    facts = {"loans": FactList(({"amount": 5, "ok": True}, {"amount": 7, "ok": False}))}
    assert compile_nodes(nodes, after=-1)(facts) == compile_nodes(nodes, after=10**9)(facts) == (24, 17, 36)


def test_rules_decide_conditions_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that is true or false is computed; what a service requires is decided by rules."""
    node = call("ge", read("n", whole(0, 9)), literal(3, whole(3, 3)))
    asked: list[Any] = []
    fire = ruleset_host.fire
    monkeypatch.setattr(ruleset_host, "fire", lambda plan, facts: asked.append(plan) or fire(plan, facts))
    assert durable.compile_rules((node,), ())({"n": 4}) == (True,) and not asked
    assert prepare("durable", program_of((node,)))({"n": 4}) == (True,) and len(asked) == 1


def test_a_plan_is_made_once_for_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases that come one by one do not have their program planned again."""
    program = program_of(deep(3))
    facts = {"n": 3, "k": 7, "p": True, "q": False}
    expected = prepare("columnar", program)(facts)
    columnar.plan_of.cache_clear()
    assert prepare("columnar", program)(facts) == expected
    assert columnar.plan_of.cache_info().misses == 0
