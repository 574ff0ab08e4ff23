"""What a case expects, by name and value -> problems where its program has nothing of that name, or no value is so written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from baoquan_rules.authoring import Problem, Span, both, did_you_mean
from baoquan_rules.compiler.program import Program
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.rulebook import OWNERS
from baoquan_rules.contract.scalars import scalar
from baoquan_rules.contract.schemas import OUTCOMES, STATES
from baoquan_rules.contract.vocabulary import ListFact, Vocabulary
from baoquan_rules.language.types import LIMIT, MONEY, Type

Named = tuple[tuple[str | int, ...], bool, str]
"""Where a name stands below ``expect``, whether as a key, and the name."""

Valued = tuple[tuple[str | int, ...], Any, tuple[Type, ...]]
"""Where a value stands below ``expect``, the value, and the types that it may have."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Why an expected value is none of its type."""

    error: str
    cure: str | None

    def problem(self, name: str, span: Span | None) -> Problem:
        """The problem of an expectation by its name, at its place."""
        zh, en = both(self.error)
        return Problem("BQ605", f"预期 {name}：{zh}", span, self.cure, message_en=f"expected {name}: {en}")


def read_expected(raw: Any, kind: Type) -> Any:
    """An expected value as engines hold it; an amount is expected in money. What no case comes to is a value all the same.

    Raises:
        ValueError: it is not of the type.
    """
    wide = MONEY if kind.name == "amount" else replace(kind, low=-LIMIT, high=LIMIT) if kind.numeric else kind
    return scalar(raw, wide.required())


def misread(raw: Any, kind: Type) -> Misread | None:
    """Why a value cannot be expected of a type; ``None`` where it can. ``unknown``, ``none`` and words are compared as written."""
    if kind.name in ("enum", "text") or raw in ("unknown", "none"):
        return None
    try:
        read_expected(raw, kind)
    except ValueError as error:
        money = kind.name in ("money", "amount")
        return Misread(str(error), "写结算到分的金额，例如 82.81 / write the amount to the fen, as 82.81" if money else None)
    return None


def misvalued(case: Case, program: Program) -> Iterator[Problem]:
    """The values below ``expect`` that are none of their type, each at its place."""
    for path, raw, kinds in _values(case, program):
        wrong = [misread(raw, kind) for kind in kinds]
        if wrong and wrong[0] is not None and all(wrong):
            place = ("expect", *path)
            yield wrong[0].problem(".".join(map(str, path[:2])), case.document.span(place) if case.document is not None else None)


def _values(case: Case, program: Program) -> Iterator[Valued]:
    types = {figure.name: figure.type for figure in program.figures}
    for name, raw in _pairs(case.expect.get("figures")):
        if name in types:
            yield ("figures", name), raw, (types[name],)
    for name, raw in _pairs(case.expect.get("settlement")):
        yield ("settlement", name), raw, (MONEY,)
    columns = {table.name: [column.type for column in table.columns] for table in program.breakdowns}
    for name, rows in _pairs(case.expect.get("breakdowns")):
        for row, cells in enumerate(rows if isinstance(rows, list) else ()):
            for place, (raw, kind) in enumerate(zip(cells if isinstance(cells, list) else (), columns.get(name, ()), strict=False)):
                yield ("breakdowns", name, row, place), raw, (kind,)
    effects = case.expect.get("effects")
    for index, stated in enumerate(effects if isinstance(effects, list) else ()):
        for key, raw in _pairs(stated):
            made = [effect for effect in program.effects if effect.kind == stated.get("kind")]
            if not any(key in effect.words for effect in made):
                yield ("effects", index, key), raw, tuple(effect.values[key][1] for effect in made if key in effect.values)


def _pairs(stated: Any) -> Iterable[tuple[str, Any]]:
    return stated.items() if isinstance(stated, dict) else ()


def misnamed(case: Case, program: Program, vocabulary: Vocabulary) -> Iterator[Problem]:
    """The names below ``expect`` that stand for nothing, each at its place with the nearest that does."""
    outcomes = {*program.outcome_words, *STATES} if program.outcome is not None else {*OUTCOMES, "quoted"}
    known: dict[str, tuple[str, str, Iterable[str]]] = {
        "outcome": ("结果", "outcome", outcomes),
        "figures": ("量", "figure", (figure.name for figure in program.figures)),
        "findings": ("条件", "condition", (condition.name for condition in program.conditions)),
        "settlement": ("结算项", "settlement line", (line.name for line in program.lines)),
        "breakdowns": ("明细表", "breakdown", (table.name for table in program.breakdowns)),
        "deadlines": ("期限", "deadline", (deadline.name for deadline in program.deadlines)),
        "notices": ("说明", "notice", (notice.name for notice in program.notices)),
        "styles": ("收件人", "recipient", program.plain),
        "effects": ("效果", "kind of effect", (effect.kind for effect in program.effects)),
        "missing": ("事实", "fact", _paths(vocabulary)),
        "referrals": ("转交对象", "owner", OWNERS),
        "readings": ("结果", "outcome", outcomes),
    }
    for key, (zh, en, names) in known.items():
        valid = set(names)
        for path, at_key, name in _names(case.expect.get(key)):
            if name not in valid:
                place = ("expect", key, *path)
                span = None if case.document is None else case.document.key_span(place) if at_key else case.document.span(place)
                yield Problem("BQ613", f"{program.service} 没有名为 {name} 的{zh}", span, did_you_mean(name, valid),
                              message_en=f"{program.service} has no {en} {name}")  # fmt: skip
    yield from _misnamed_in_effects(case, program)


def _misnamed_in_effects(case: Case, program: Program) -> Iterator[Problem]:
    """What an effect is expected to hold and none of its kind has: with ``made: false`` a slip would go unnoticed."""
    effects = case.expect.get("effects")
    for index, stated in enumerate(effects if isinstance(effects, list) else ()):
        kind = stated.get("kind") if isinstance(stated, dict) else None
        held = {"kind", "made"}.union(*({*one.words, *one.values} for one in program.effects if one.kind == kind))
        for name, _ in _pairs(stated):
            if name not in held:
                place = ("expect", "effects", index, name)
                span = case.document.key_span(place) if case.document is not None else None
                yield Problem("BQ613", f"{program.service} 的 {kind} 没有名为 {name} 的值", span, did_you_mean(name, held),
                              message_en=f"{kind} of {program.service} has no value {name}")  # fmt: skip


def _names(stated: Any) -> Iterator[Named]:
    if isinstance(stated, str):
        yield (), False, stated
    elif isinstance(stated, dict):
        yield from (((name,), True, str(name)) for name in stated)
    elif isinstance(stated, list):
        for index, one in enumerate(stated):
            if isinstance(one, str):
                yield (index,), False, one
            elif isinstance(one, dict) and isinstance(one.get("kind"), str):
                yield (index, "kind"), False, one["kind"]


def _paths(vocabulary: Vocabulary) -> Iterator[str]:
    """All facts, and the fields of the items of lists."""
    for path, fact in vocabulary.facts.items():
        yield path
        if isinstance(fact, ListFact):
            yield from (f"{path}.{field}" for field in fact.fields)
