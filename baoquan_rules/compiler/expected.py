"""What a case expects, by name -> problems where its program has nothing of that name."""

from collections.abc import Iterable, Iterator
from typing import Any

from baoquan_rules.authoring import Problem, did_you_mean
from baoquan_rules.compiler.program import Program
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.rulebook import OWNERS
from baoquan_rules.contract.schemas import OUTCOMES, STATES
from baoquan_rules.contract.vocabulary import ListFact, Vocabulary

Named = tuple[tuple[str | int, ...], bool, str]
"""Where a name stands below ``expect``, whether as a key, and the name."""


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
