"""All engines give the worked-out answers, and the same answers to anything."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from baoquan_rules import api
from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.python import compile_nodes, reads_of
from baoquan_rules.engines import ENGINES, columnar, durable, prepare
from baoquan_rules.language.nodes import Node
from baoquan_rules.testing import strategies as bq
from baoquan_rules.testing.conformance import program_of, run_conformance
from baoquan_rules.testing.programs import VOCABULARY, show

LONG = bool(os.environ.get("BAOQUAN_LONG"))
relaxed = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
Run = Callable[[Any], tuple[Any, ...]]


@pytest.mark.parametrize("engine", ENGINES)
def test_conformance(engine: str) -> None:
    """Every operator, list and loop gives what was worked out by hand."""
    failures = run_conformance(lambda program: prepare(engine, program))
    assert not failures, "\n".join(map(str, failures))


def test_conformance_of_functions_made_for_a_pattern() -> None:
    """The functions written for what a case leaves open give the same answers as the one that assumes nothing."""
    for after in (-1, 10**9):
        failures = run_conformance(lambda program, after=after: compile_nodes(program.nodes, after=after))  # type: ignore[misc]
        assert not failures, "\n".join(map(str, failures))


def test_conformance_finds_what_is_wrong() -> None:
    """An engine that takes the unknown for false does not conform, nor one that forgets that a list is incomplete."""

    def hasty(program: Program) -> Run:
        run = prepare("direct", program)
        return lambda facts: tuple(False if value is None else value for value in run(facts))

    def forgetful(program: Program) -> Run:
        run = prepare("direct", program)
        return lambda facts: run({k: type(v)(v.items, True) if hasattr(v, "complete") else v for k, v in facts.items()})

    assert len(run_conformance(hasty)) > 100
    assert {str(f).split(" ")[0] for f in run_conformance(forgetful)} >= {"any", "all", "total", "folds,"}


def test_unknown_engine() -> None:
    """A name that is no engine is refused with the names that are."""
    with pytest.raises(ValueError, match="direct"):
        prepare("rust", program_of(()))


@relaxed
@given(bq.programs(), st.lists(bq.program_facts(), min_size=1, max_size=5))
def test_random_programs(outputs: tuple[Node, ...], cases: list[dict[str, Any]]) -> None:
    """Random programs on random facts with holes: the same on every engine."""
    general = compile_nodes(outputs, after=10**9)
    expected = [general(case) for case in cases]
    for name, run in (("special", compile_nodes(outputs, after=-1)), ("durable", durable.compile_rules(outputs))):
        for case, answer in zip(cases, expected, strict=True):
            found = run(case)
            assert found == answer, f"{name}: " + "; ".join(show(n) for n, a, b in zip(outputs, found, answer, strict=True) if a != b)
    frame = columnar.frame_of(cases, VOCABULARY)
    assert columnar.run(outputs, frame).rows() == expected


# --- the packaged services


def _pairs() -> list[tuple[str, str]]:
    library = api.load()
    return [(product, service) for service in library.services for product in library.products]


PAIRS = _pairs()
SERVICES = sorted({service for _, service in PAIRS})


@pytest.mark.parametrize("service", SERVICES)
@settings(max_examples=20 if LONG else 1, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_services(service: str, data: st.DataObject) -> None:
    """Random cases of every service, for some product: the same values on every engine (all readings in the long run)."""
    library = api.load()
    product = data.draw(st.sampled_from([one for one, of in PAIRS if of == service]))
    cases = data.draw(st.lists(bq.cases_for(library, product, service), min_size=4, max_size=4))
    found, version = api.version_of(cases[0], library)
    ready = library.ready(found, version, service, "direct")
    for one in ready if LONG else ready[:1]:
        expected = [_plain(one.run(case.facts)) for case in cases]
        rules = prepare("durable", one.program)
        assert [_plain(rules(case.facts)) for case in cases] == expected
        frame = columnar.frame_of([case.facts for case in cases], reads_of(one.program.nodes))
        assert [_plain(row) for row in columnar.run(one.program.nodes, frame).rows()] == expected


def _plain(row: Any) -> Any:
    """A row of values, whatever an engine holds lists of values in."""
    return [columnar._value(value) if isinstance(value, dict) else list(value) if isinstance(value, list | tuple) else value for value in row]


@pytest.mark.parametrize("engine", ENGINES)
def test_decisions(engine: str) -> None:
    """A decision is the same whichever engine computed it, but for the engine's name."""
    from tests import samples

    mapping = samples.reinstatement()
    one, other = api.decide(mapping), api.decide(mapping, engine=engine)
    assert (one.outcome, one.values, one.findings, one.texts) == (other.outcome, other.values, other.findings, other.texts)
    assert other.engine == engine
