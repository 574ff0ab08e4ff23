"""What a case expects against what was decided: one small comparison for each key of ``expect``."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from baoquan_rules.authoring import Problem, both
from baoquan_rules.compiler.expected import Misread, misread, read_expected
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.scalars import plain_value
from baoquan_rules.decision.decision import Breakdown, Change, Decision
from baoquan_rules.decision.explanation import READERS
from baoquan_rules.language.civil import show_date
from baoquan_rules.language.operators import round_half
from baoquan_rules.language.types import MONEY, Type

Difference = tuple[tuple[str | int, ...], Any, Any]
"""Where in ``expect``, what was wanted (or why that cannot be read), and what was found."""
Compare = Callable[[Any, Decision], Iterator[Difference]]
"""From what is wanted and a decision to what differs."""


def differences(case: Case, decision: Decision) -> tuple[Problem, ...]:
    """Every expectation of the case that the decision does not meet, at its place in the file."""
    found = list(_differences(case.expect, decision))
    return tuple(_problem(case, *one) for one in found)


def _problem(case: Case, path: tuple[str | int, ...], wanted: Any, found: Any) -> Problem:
    span = case.document.span(("expect", *path)) if case.document is not None else None
    if isinstance(wanted, Misread):
        return wanted.problem(".".join(map(str, path[:2])), span)
    name = ".".join(map(str, path))
    (wanted_zh, wanted_en), (found_zh, found_en) = both(str(wanted)), both(str(found))
    return Problem("BQ620", f"{case.name}：{name} 应为 {wanted_zh}，实为 {found_zh}", span, message_en=f"“{case.name}”: {name} expected {wanted_en}, found {found_en}")


def _differences(expect: Mapping[str, Any], decision: Decision) -> Iterator[Difference]:
    if not expect:
        yield (), "至少一项预期 / one expectation at least", "没有 expect / no expect"
    for key, wanted in expect.items():
        compare = _COMPARED.get(key)
        if compare is None:
            yield (key,), "、".join(EXPECTABLE), key
            continue
        for path, one, found in compare(wanted, decision):
            yield (key, *path), one, found


def _attribute(name: str) -> Compare:
    """What a case expects of an attribute of the decision, word for word."""

    def compare(wanted: Any, decision: Decision) -> Iterator[Difference]:
        found = getattr(decision, name)
        if wanted != found:
            yield (), wanted, found

    return compare


def _figures(wanted: Mapping[str, Any], decision: Decision) -> Iterator[Difference]:
    figures = {figure.name: figure for figure in decision.figures}
    for name, value in (wanted or {}).items():
        figure = figures.get(name)
        if figure is None:
            yield (name,), value, "没有这个量 / no such figure"
        else:
            yield from _value((name,), value, figure.value, figure.type)


def _findings(wanted: Mapping[str, str], decision: Decision) -> Iterator[Difference]:
    verdicts = {finding.name: finding.verdict for finding in decision.findings}
    for name, verdict in (wanted or {}).items():
        if verdicts.get(name) != verdict:
            yield (name,), verdict, verdicts.get(name, "没有这个条件 / no such condition")


def _settlement(wanted: Mapping[str, Any], decision: Decision) -> Iterator[Difference]:
    lines = {name: amount for name, _, _, amount in decision.settlement}
    for name, amount in (wanted or {}).items():
        if amount == "none":
            if name in lines:
                yield (name,), "没有这一项 / no such line", "unknown" if lines[name] is None else plain_value(lines[name], MONEY)
        elif name not in lines and misread(amount, MONEY) is None:
            yield (name,), amount, "没有这一项 / no such line"
        else:
            yield from _value((name,), amount, lines.get(name), MONEY)


def _breakdowns(wanted: Mapping[str, Any], decision: Decision) -> Iterator[Difference]:
    """Rows in order; ``unknown`` and ``none`` are written out, and the rows must be all."""
    tables: Mapping[str, Breakdown] = {table.name: table for table in decision.breakdowns}
    for name, rows in (wanted or {}).items():
        table = tables.get(name)
        seen = table.rows if table is not None else ()
        if len(rows or ()) != len(seen):
            yield (name,), f"{len(rows or ())} 行 / {len(rows or ())} rows", f"{len(seen)} 行 / {len(seen)} rows"
            continue
        for index, (row, values) in enumerate(zip(rows or (), seen, strict=True), 1):
            assert table is not None
            if len(row) != len(table.columns):
                yield (name,), f"{len(table.columns)} 列 / {len(table.columns)} columns", f"第{index}行写了{len(row)}列 / row {index} has {len(row)}"
                continue
            for place, (column, cell, value) in enumerate(zip(table.columns, row, values, strict=True)):
                for _, one, found in _value((), cell, value, column.type):
                    if isinstance(one, Misread):
                        yield (name, index - 1, place), one, found
                        continue
                    yield (name,), f"第{index}行 {column.name} {one} / row {index} {column.name} {one}", found


def _deadlines(wanted: Mapping[str, str], decision: Decision) -> Iterator[Difference]:
    dues = {due.name: due for due in decision.deadlines}
    for name, day in (wanted or {}).items():
        due = dues.get(name)
        found = "none" if due is None else "met" if due.met else show_date(due.last) if due.last is not None else "unknown"
        if due is not None and ".." in str(day) and due.earliest is not None and due.latest is not None:
            found = f"{show_date(due.earliest)}..{show_date(due.latest)}"
        if found != day:
            yield (name,), day, found


def _effects(wanted: list[Any], decision: Decision) -> Iterator[Difference]:
    """Each is a kind, or a kind with words and values: one effect has all of them, or with ``made: false`` none has."""
    for one in wanted or ():
        stated = one if isinstance(one, dict) else {"kind": one}
        if any(_is_effect(stated, change) for change in decision.effects) != stated.get("made", True):
            yield (), stated, "；".join(_shown(change) for change in decision.effects) or "无 / none"


def _is_effect(stated: Mapping[str, Any], change: Change) -> bool:
    def same(key: str, wanted: Any) -> bool:
        if key in change.words:
            return bool(change.words[key] == wanted)
        return key in change.values and not list(_value((), wanted, *change.values[key]))

    return stated.get("kind") == change.kind and all(same(key, value) for key, value in stated.items() if key not in ("kind", "made"))


def _shown(change: Change) -> str:
    values = {**change.words, **{key: plain_value(value, kind) for key, (value, kind) in change.values.items()}}
    return f"{change.kind} {values}"


def _notices(wanted: Mapping[str, bool], decision: Decision) -> Iterator[Difference]:
    """Whether a sentence goes with the decision, whoever reads it."""
    told = {notice.name for reader in READERS for notice in decision.notices(reader)}
    for name, one in (wanted or {}).items():
        if one != (name in told):
            yield (name,), one, name in told


def _styles(wanted: Mapping[str, str], decision: Decision) -> Iterator[Difference]:
    """How a recipient is spoken to."""
    for recipient, style in (wanted or {}).items():
        found = decision.style(recipient)
        if found != style:
            yield (recipient,), style, found


def _missing(wanted: list[str], decision: Decision) -> Iterator[Difference]:
    missing = [item.path for item in decision.missing] if wanted else []
    for path in wanted or ():
        if path not in missing:
            yield (), path, "、".join(missing) or "无 / none"


def _referrals(wanted: list[str], decision: Decision) -> Iterator[Difference]:
    for owner in wanted or ():
        if owner not in decision.referrals:
            yield (), owner, "、".join(decision.referrals) or "无 / none"


def _readings(wanted: list[str], decision: Decision) -> Iterator[Difference]:
    seen = [reading.outcome for reading in decision.readings]
    if sorted(wanted) != sorted(seen):
        yield (), wanted, seen


_COMPARED: Final[Mapping[str, Compare]] = {
    "outcome": _attribute("outcome"),
    "basis": _attribute("basis"),
    "interpretation": _attribute("interpretation"),
    "figures": _figures,
    "findings": _findings,
    "settlement": _settlement,
    "breakdowns": _breakdowns,
    "deadlines": _deadlines,
    "effects": _effects,
    "notices": _notices,
    "styles": _styles,
    "missing": _missing,
    "referrals": _referrals,
    "readings": _readings,
}
EXPECTABLE: Final = tuple(_COMPARED)
"""What a case may expect."""


def _value(path: tuple[str, ...], wanted: Any, value: Any, kind: Type) -> Iterator[Difference]:
    """Whether a value is as written in a case: ``unknown`` where it is not known, ``none`` for a stated absence."""
    found = "unknown" if value is None else plain_value(value, kind)
    wrong = misread(wanted, kind)
    if wrong is not None:
        yield path, wrong, found
    elif not (value is None if wanted == "unknown" else value is not None and _same(wanted, value, kind)):
        yield path, wanted, found


def _same(wanted: Any, value: Any, kind: Type) -> bool:
    if wanted == "none":
        return bool(value == kind.absent)
    if kind.name == "amount":
        return bool(round_half(value, kind.den) == read_expected(wanted, kind))
    if kind.name in ("enum", "text"):
        return bool(value == wanted)
    return bool(read_expected(wanted, kind) == value)
