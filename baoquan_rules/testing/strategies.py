"""Hypothesis strategies for those who test engines, rulebooks or products: programs, facts with holes, cases, dates.

    @given(data())
    def test_no_refusal_for_want_of_facts(data):
        case = data.draw(cases_for(library, "WL-2023", "reinstatement"))

The facts are engine values (``language.facts``): a fact that is left out is unknown, a list may be incomplete. ``hypothesis``
is needed only here: ``pip install baoquan_rules[testing]``.
"""

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any, Final

from hypothesis import strategies as st

from baoquan_rules.api import Library
from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.python import reads_of
from baoquan_rules.contract.case import Case, with_defaults
from baoquan_rules.contract.product import Product
from baoquan_rules.contract.vocabulary import Fact, ListFact, Vocabulary
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.nodes import Node
from baoquan_rules.language.types import NONE, Type
from baoquan_rules.testing import programs as random_programs

LEAP_CYCLE: Final = range(19_358, 19_358 + 1461)
"""The days from 2023-01-01 to 2026-12-31: each day of the year in each kind of year."""

_ANY_DAY: Final = (14_610, 22_280)


def dates(low: int = -(2**62), high: int = 2**62) -> st.SearchStrategy[int]:
    """Day numbers between two bounds: of a leap cycle, month ends and 29 February more often, 2010 to 2030 else."""
    edges = [19_416, 19_753, 19_782, 20_088, 20_147, 20_454, 20_513]  # ends of February and of the year
    near = [day for day in edges if low <= day <= high]
    choices = [_between(LEAP_CYCLE[0], LEAP_CYCLE[-1], low, high), _between(*_ANY_DAY, low, high)]
    return st.one_of(*([st.sampled_from(near)] if near else []), *choices)


def _between(first: int, last: int, low: int, high: int) -> st.SearchStrategy[int]:
    first, last = max(first, low), min(last, high)
    return st.integers(first, last) if first <= last else st.integers(low, high)


def values(kind: Type, *, holes: bool = True) -> st.SearchStrategy[Any]:
    """Engine values of a type; with ``holes``, records leave fields out and lists are perhaps not complete."""
    found = _plain(kind, holes)
    return st.one_of(found, st.just(kind.absent)) if kind.optional else found


def _plain(kind: Type, holes: bool) -> st.SearchStrategy[Any]:
    match kind.name:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from(kind.values)
        case "text":
            return st.sampled_from(("P1", "P2", "张三", ""))
        case "date":
            return dates(kind.low, kind.high)
        case "instant":
            return st.builds(lambda day, second: day * 86_400 + second, dates(kind.low // 86_400, kind.high // 86_400 - 1),
                             st.sampled_from((0, 1, 36_000, 86_399)))  # fmt: skip
        case "list":
            assert kind.item is not None
            items = st.lists(values(kind.item, holes=holes), max_size=3).map(tuple)
            return st.builds(FactList, items, st.sampled_from((True, True, True, not holes)))
        case "record":
            return record_of(dict(kind.fields), holes=holes)
    small = st.integers(max(kind.low, -2), min(max(kind.high, kind.low), 12)) if kind.low <= 12 and kind.high >= -2 else None
    usual = _between(0, {"money": 50_000_000, "rate": 10_000_000}.get(kind.name, 400), kind.low, kind.high)
    return st.one_of(usual, *([small] if small is not None else []), st.integers(kind.low, kind.high))


def record_of(fields: Mapping[str, Type], *, holes: bool = True, required: Iterable[str] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Named values, of which any may be left out where there are holes, the required ones excepted."""
    made = {name: values(kind, holes=holes) for name, kind in fields.items()}
    if not holes:
        return st.fixed_dictionaries(made)
    keep = {name: made[name] for name in required if name in made}
    return st.fixed_dictionaries(keep, optional={name: one for name, one in made.items() if name not in keep})


def facts_for(source: Program | Vocabulary | Iterable[Node], *, holes: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Facts for what a program (or some nodes) reads, or for all that a vocabulary has."""
    if isinstance(source, Vocabulary):
        kinds = {path: fact.type for path, fact in source.facts.items()}
    else:
        kinds = reads_of((*source.nodes, *source.texts) if isinstance(source, Program) else tuple(source))
    return record_of(kinds, holes=holes)


def programs(size: int = 30) -> st.SearchStrategy[tuple[Node, ...]]:
    """Random nodes over ``testing.programs.VOCABULARY``: every operator, loops in loops, shared nodes."""
    return st.integers(0, 2**64).map(lambda seed: random_programs.program(Random(seed), size))


def program_facts(holes: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Facts for the nodes of ``programs``."""
    return record_of(random_programs.VOCABULARY, holes=holes)


@st.composite
def cases_for(draw: st.DrawFn, library: Library, product: str, service: str, *, holes: bool = True) -> Case:
    """Cases of a service for contracts of a product, under any of its versions; facts are within the vocabulary's bounds."""
    found: Product = library.products[product]
    version = draw(st.sampled_from(found.versions))
    later = [one.start for one in found.versions if one.start > version.start]
    formed = draw(dates(version.start, min(later, default=LEAP_CYCLE[-1]) - 1))
    ready = library.ready(found, version, service, "direct")
    nodes = tuple(node for one in ready for node in (*one.program.nodes, *one.program.texts))
    facts: dict[str, Any] = {}
    for path in reads_of(nodes):
        fact = library.vocabulary.facts[path]
        if holes and draw(st.integers(0, 9)) == 0:
            continue
        facts[path] = draw(_fact(fact, holes))
    facts["policy.formation_date"] = formed
    return Case("", product, service, with_defaults(facts, library.vocabulary))


def _fact(fact: Fact | ListFact, holes: bool) -> st.SearchStrategy[Any]:
    if isinstance(fact, Fact):
        return values(fact.type, holes=holes)
    if fact.item is not None:
        items = st.lists(values(fact.item.type), max_size=3)
    else:
        required = [key for key, inner in fact.fields.items() if inner.required or key == fact.order]
        kept = {key: _fact(fact.fields[key], holes) for key in required}
        others = {key: _fact(inner, holes) for key, inner in fact.fields.items() if key not in required}
        record = st.fixed_dictionaries(kept, optional=others) if holes else st.fixed_dictionaries({**kept, **others})
        items = st.lists(record.map(lambda item: _absences(item, fact)), max_size=3)
    order = fact.order
    ordered = items.map(lambda found: tuple(sorted(found, key=lambda item: item.get(order, NONE)) if order else found))
    return st.builds(FactList, ordered, st.sampled_from((True, True, True, not holes)))


def _absences(item: dict[str, Any], fact: ListFact) -> dict[str, Any]:
    for key, inner in fact.fields.items():
        if key not in item and isinstance(inner, Fact) and inner.none_if_absent and inner.type.optional:
            item[key] = inner.type.absent
    return item


__all__ = ("LEAP_CYCLE", "cases_for", "dates", "facts_for", "program_facts", "programs", "record_of", "values")
