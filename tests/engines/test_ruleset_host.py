"""The rule host against an evaluation of the same trees by Kleene's tables, and against its own limits."""

import itertools
import operator
import os
import random
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules.engines import ruleset_host
from baoquan_rules.engines.ruleset_host import MAX_DEPTH, HostError, Rule, Term, fire, prepare

pytest.importorskip("durable_rules_engine")

LONG = os.environ.get("BAOQUAN_LONG") == "1"
NONE = -(2**62)
TESTS = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
OPPOSITES = (("eq", "ne"), ("lt", "ge"), ("gt", "le"), ("true", "false"))
NEGATED = dict(OPPOSITES) | {right: left for left, right in OPPOSITES}
Facts = dict[str, Any]


# --- the oracle


def kleene(term: Term, facts: Facts) -> bool | None:
    match term:
        case ("const", value):
            return bool(value)
        case ("true" | "false" as verdict, name):
            value = facts.get(name)
            return None if value is None else bool(value) is (verdict == "true")
        case ("and" | "or" as gate, *terms):
            decisive: bool = gate == "or"
            verdicts = [kleene(each, facts) for each in terms]
            if decisive in verdicts:
                return decisive
            return None if None in verdicts else not decisive
        case (comparison, name, ("prop", other)):
            left, right = facts.get(name), facts.get(other)
        case (comparison, name, literal):
            left, right = facts.get(name), literal
    return None if left is None or right is None else bool(TESTS[comparison](left, right))


def negated(term: Term) -> Term:
    match term:
        case ("const", value):
            return ("const", not value)
        case ("and" | "or" as gate, *terms):
            return ("or" if gate == "and" else "and", *map(negated, terms))
        case (comparison, *rest):
            return (NEGATED[comparison], *rest)
    raise AssertionError(term)


def both(conditions: dict[str, Term]) -> tuple[Rule, ...]:
    rules = ((f"{name}:holds", term) for name, term in conditions.items())
    return (*rules, *((f"{name}:fails", negated(term)) for name, term in conditions.items()))


def expected(rules: tuple[Rule, ...], facts: Facts) -> set[str]:
    return {name for name, term in rules if kleene(term, facts) is True}


# --- random trees and facts with holes

FLAGS, NUMBERS, HUGE, TEXTS = ("b0", "b1"), ("n0", "n1", "n2", "id"), ("h0", "h1"), ("t0", "sid")
EDGES = [k + d for k in (0, 2**31, 2**53, 2**62, 2**63, 2**64, 2**126) for d in (-1, 0, 1)]
HUGE_VALUES = st.sampled_from([*EDGES, *(-edge for edge in EDGES), NONE])
NUMBER_VALUES = st.integers(-2, 3) | st.just(NONE)
TEXTS_SEEN = ["", "a", "ab", "ab!", 'a"b', "\\", "99", "true", "身份证", "身份", "∅", "\0", "\ud800", "'"]
TEXT_VALUES = st.sampled_from(TEXTS_SEEN)
KINDS = ((FLAGS, st.booleans()), (NUMBERS, NUMBER_VALUES), (HUGE, HUGE_VALUES), (TEXTS, TEXT_VALUES))
COMPARISONS = st.sampled_from(sorted(TESTS))


def comparisons(names: tuple[str, ...], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Term]:
    properties = st.sampled_from(names)
    return st.tuples(COMPARISONS, properties, values | st.tuples(st.just("prop"), properties))


ATOMS = st.one_of(
    st.tuples(st.sampled_from(["true", "false"]), st.sampled_from(FLAGS)),
    st.tuples(st.just("const"), st.booleans()),
    *(comparisons(names, values) for names, values in KINDS),
)


def gates(children: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    listed = st.lists(children, max_size=4).map(tuple)
    return st.tuples(st.sampled_from(["and", "or"]), listed).map(lambda pair: (pair[0], *pair[1]))


TREES = st.recursive(ATOMS, gates, max_leaves=12)
FACTS = st.fixed_dictionaries(
    {}, optional={name: values | st.none() for names, values in KINDS for name in names}
)


@settings(max_examples=20_000 if LONG else 600, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=4), st.lists(FACTS, min_size=1, max_size=3))
def test_random_trees_with_holes_agree_with_kleene(trees: list[Term], cases: list[Facts]) -> None:
    rules = both({f"条件{i}": tree for i, tree in enumerate(trees)})
    for facts in cases:
        fired = fire(rules, facts)
        assert fired == expected(rules, facts)


def random_tree(rng: random.Random, depth: int, width: int, properties: int) -> Term:
    if depth == 0:
        name = f"n{rng.randrange(properties)}"
        right: Any = rng.randrange(3) if rng.random() < 0.9 else ("prop", f"n{rng.randrange(properties)}")
        return (rng.choice(sorted(TESTS)), name, right)
    depths = [rng.randrange(depth) for _ in range(rng.randint(2, width))]
    return (rng.choice(["and", "or"]), *(random_tree(rng, each, width, properties) for each in depths))


def test_large_deep_trees_agree_with_kleene() -> None:
    rng = random.Random(1)
    for _ in range(1_000 if LONG else 60):
        properties = rng.choice([5, 40, 300])
        rules = both({str(i): random_tree(rng, 7, 5, properties) for i in range(rng.randint(1, 12))})
        for _ in range(4):
            facts = {f"n{i}": rng.randrange(3) for i in range(properties) if rng.random() < 0.9}
            assert fire(rules, facts) == expected(rules, facts)


# --- what breaks the library


@pytest.mark.parametrize("gate", ["and", "or"])
def test_wide_conjunctions_of_disjunctions_neither_explode_nor_overflow(gate: str) -> None:
    pairs = [("or", ("eq", f"a{i}", 1), ("eq", f"b{i}", 1)) for i in range(40)]
    every = ("and", *pairs)
    rules = both({"x": every, "y": negated(every), "z": (gate, *pairs, ("true", "ok"))})
    full = {f"{side}{i}": 1 for side in "ab" for i in range(40)}
    for facts in (full, full | {"ok": False}, full | {"a3": 0, "b3": 0}, full | {"a3": 0, "b3": None}, {}):
        assert fire(rules, facts) == expected(rules, facts)


@pytest.mark.parametrize("count", [1, 49, 50, 51, 61, 300, 700])
def test_any_number_of_rules_may_fire_at_once(count: int) -> None:
    rules = tuple((f"r{i}", ("eq", f"p{i}", i)) for i in range(count))
    assert len(fire(rules, {f"p{i}": i for i in range(count)})) == count
    shared = tuple((f"r{i}", ("true", "p")) for i in range(count))
    assert len(fire(shared, {"p": True})) == count
    below = tuple((f"r{i}", ("lt", "p", i)) for i in range(count))
    assert len(fire(below, {"p": -1})) == count


def test_one_rule_may_read_hundreds_of_properties() -> None:
    everything = ("and", *(("ge", f"p{i}", i) for i in range(1_200)))
    rules = both({"x": everything})
    facts = {f"p{i}": i for i in range(1_200)}
    assert fire(rules, facts) == {"x:holds"}
    assert fire(rules, facts | {"p700": None}) == set()
    assert fire(rules, facts | {"p700": None, "p900": 0}) == {"x:fails"}


def test_a_disjunction_of_long_conjunctions_stays_within_the_properties_of_one_fact() -> None:
    rows = [("and", *(("eq", f"p{row}_{i}", i) for i in range(33))) for row in range(24)]
    rules = both({"x": ("or", *rows)})
    facts = {f"p{row}_{i}": 0 for row in range(24) for i in range(33)}
    assert fire(rules, facts) == {"x:fails"}
    assert fire(rules, facts | {"p3_1": None}) == {"x:fails"}
    assert fire(rules, {name: int(name.split("_")[1]) for name in facts if name[1] == "7"}) == {"x:holds"}


def test_nothing_known_and_unread_facts() -> None:
    certain = ("or", ("true", "a"), ("const", True))
    rules = both({"x": ("true", "a"), "y": certain, "z": ("const", False)})
    assert fire(rules, {}) == {"y:holds", "z:fails"}
    unread = {"a": None, "unread": 3, "c": 1, "id": 2, "sid": "x", "$s": 1}
    assert fire(rules, unread) == {"y:holds", "z:fails"}
    assert fire((), {"a": True}) == set()


def test_a_missing_right_property_is_unknown() -> None:
    rules = both({op: (op, "a", ("prop", "b")) for op in TESTS})
    assert not fire(rules, {"a": 1})
    assert not fire(rules, {"b": 1})
    assert fire(rules, {"a": 2**100, "b": 2**100 + 1}) == {
        *("lt:holds", "le:holds", "ne:holds"),
        *("gt:fails", "ge:fails", "eq:fails"),
    }


def test_long_texts_are_compared_whole() -> None:
    rules = (("same", ("eq", "t", "ab")), ("other", ("ne", "t", "ab")))
    assert fire(rules, {"t": "ab" + "x" * 65_536}) == {"other"}


def test_true_is_not_one() -> None:
    one, true = (("x", ("eq", "p", 1)),), (("x", ("eq", "p", True)),)
    assert one == true
    assert fire(one, {"p": 1}) == fire(true, {"p": True}) == {"x"}
    for rules, value in ((one, True), (true, 1)):
        with pytest.raises(TypeError, match="'p' is the"):
            fire(rules, {"p": value})


# --- refusals


@pytest.mark.parametrize("value", [1.0, float("nan"), b"x", [1], {"a": 1}, 1 + 0j])
def test_other_types_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=f"'p' is the {type(value).__name__}"):
        fire((("x", ("eq", "p", 1)),), {"p": value})


def test_values_of_the_wrong_type_are_refused() -> None:
    with pytest.raises(TypeError, match="'p' is the str '99'; allowed: int"):
        fire((("x", ("ge", "p", 100)),), {"p": "99"})
    with pytest.raises(TypeError, match="only values of one type"):
        fire((("x", ("ge", "p", ("prop", "q"))),), {"p": "99", "q": 1})


NO_TERMS = [(), ("nex", "p"), ("not", ("true", "p")), ("eq", "p"), ("eq", "p", 1.5), ("const", 1)]


@pytest.mark.parametrize("term", NO_TERMS)
def test_unknown_terms_are_refused(term: Term) -> None:
    with pytest.raises(TypeError, match="which is no term"):
        prepare((("x", term),))


def test_contradicting_rules_are_refused() -> None:
    with pytest.raises(TypeError, match="a property has one type"):
        prepare((("x", ("eq", "p", 1)), ("y", ("eq", "p", "1"))))
    with pytest.raises(ValueError, match="two rules are named 'x'"):
        prepare((("x", ("true", "p")), ("x", ("true", "q"))))


def test_nesting_has_a_limit() -> None:
    def nested(depth: int) -> Term:
        term: Term = ("true", "p")
        for i in range(depth):
            term = ("and" if i % 2 else "or", term, ("true", f"q{i % 3}"))
        return term

    assert fire((("x", nested(MAX_DEPTH)),), {"p": True, "q0": True, "q1": True, "q2": True}) == {"x"}
    with pytest.raises(ValueError, match="nested deeper"):
        prepare((("x", nested(MAX_DEPTH + 1)),))


# --- life of the rulesets


def test_rulesets_are_reused_and_their_number_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruleset_host, "_MAX_RULESETS", 3)
    before = len(ruleset_host._HANDLES)
    for k, _ in itertools.product(range(20), range(2)):
        assert fire((("x", ("eq", "p", 10**6 + k)),), {"p": 10**6 + k}) == {"x"}
        assert len(ruleset_host._HANDLES) <= max(before, 3)
    handles = dict(ruleset_host._HANDLES)
    assert fire((("x", ("eq", "p", 10**6 + 19)),), {"p": 0}) == set()
    assert handles == ruleset_host._HANDLES


def test_a_case_that_breaks_off_does_not_harm_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (("x", ("true", "p")),)
    assert fire(rules, {"p": True}) == {"x"}
    engine = ruleset_host._engine()

    class Broken:
        error = engine.error

        def __getattr__(self, name: str) -> Any:
            if name == "start_action_for_state":
                raise engine.error("error code: 303")
            return getattr(engine, name)

    with monkeypatch.context() as patched:
        patched.setattr(ruleset_host, "_engine", Broken)
        with pytest.raises(HostError, match="303"):
            fire(rules, {"p": True})
    assert fire(rules, {"p": True}) == {"x"}
    assert fire(rules, {}) == set()


def test_the_engine_is_imported_when_first_needed() -> None:
    code = (
        "import sys; from baoquan_rules.engines import ruleset_host as host;"
        "loaded = lambda: [n for n in sys.modules if n.startswith('durable')];"
        "assert not loaded(), loaded(); host.fire((('x', ('true', 'p')),), {});"
        "import threading; assert loaded() and threading.active_count() == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- many cases

CONDITIONS = {
    f"c{i}": (
        "or",
        ("and", ("ge", f"n{i}", i), ("le", f"n{i}", i + 90)),
        ("eq", f"t{i % 5}", "免除"),
        ("true", f"b{i}"),
    )
    for i in range(15)
}


def cases(seed: int, count: int) -> Iterator[Facts]:
    rng = random.Random(seed)
    for _ in range(count):
        facts: Facts = {f"n{i}": rng.randrange(100) for i in range(15) if rng.random() < 0.9}
        facts |= {f"t{i}": rng.choice(["免除", "无"]) for i in range(5) if rng.random() < 0.9}
        yield facts | {f"b{i}": rng.random() < 0.3 for i in range(15) if rng.random() < 0.9}


def test_threads_do_not_disturb_one_another() -> None:
    rules = both(CONDITIONS)
    others = [both({"own": ("eq", "n0", thread)}) for thread in range(8)]
    wrong: list[object] = []

    def work(thread: int) -> None:
        try:
            for facts in cases(thread, 2_000 if LONG else 250):
                for each in (rules, others[thread]):
                    if fire(each, facts) != expected(each, facts):
                        wrong.append((each, facts))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_memory_stays_flat() -> None:
    rules = both(CONDITIONS)
    for facts in cases(1, 500):
        fire(rules, facts)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for facts in cases(2, 100_000 if LONG else 5_000):
        fire(rules, facts)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 4_096 * (1_024 if sys.platform == "darwin" else 1)
