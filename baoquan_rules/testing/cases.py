"""Case files -> what came out against what their authors expect, on any engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baoquan_rules.api import Library, decide, decide_many, read_cases
from baoquan_rules.authoring import CaseInvalid, Problem, Problems
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.scalars import plain_value, scalar
from baoquan_rules.decision.decision import Decision
from baoquan_rules.language.civil import show_date
from baoquan_rules.language.operators import round_half

EXPECTABLE = ("outcome", "basis", "interpretation", "figures", "findings", "settlement", "deadlines", "effects", "missing", "referrals", "readings")


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case on one engine: the decision and every difference from what is expected (none: it passed)."""

    case: Case
    engine: str
    decision: Decision | None
    differences: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Whether all expectations hold."""
        return not self.differences


def run_case(case: Case, library: Library, engine: str = "direct") -> CaseResult:
    """Decide a case and compare it with its ``expect``."""
    try:
        decision = decide(case, library, engine=engine)
    except CaseInvalid as error:
        return CaseResult(case, engine, None, tuple(error.problems))
    return CaseResult(case, engine, decision, tuple(_differences(case, decision)))


def run_cases(paths: Sequence[str | Path], library: Library, engines: Sequence[str] = ("direct",)) -> tuple[list[CaseResult], Problems]:
    """All cases of the files on all engines, and the problems of the files themselves."""
    cases: list[Case] = []
    problems = Problems()
    for path in paths:
        read, found = read_cases(path, library)
        problems = problems + found
        cases.extend(read)
    results: list[CaseResult] = []
    for engine in engines:
        try:
            decisions = decide_many(cases, library, engine=engine)
        except CaseInvalid:
            results.extend(run_case(case, library, engine) for case in cases)
            continue
        results.extend(
            CaseResult(case, engine, decision, tuple(_differences(case, decision)))
            for case, decision in zip(cases, decisions, strict=True)
        )
    return results, problems


def case_files(folder: str | Path) -> list[Path]:
    """The case files below a folder."""
    return sorted(Path(folder).rglob("*.cases.yaml"))


def _differences(case: Case, decision: Decision) -> list[Problem]:
    out: list[Problem] = []

    def differ(path: tuple[str, ...], wanted: Any, found: Any) -> None:
        span = case.document.span(("expect", *path)) if case.document is not None else None
        name = ".".join(path)
        out.append(Problem("BQ620", f"{case.name}：{name} 应为 {wanted}，实为 {found}", span,
                           message_en=f"{case.name}: {name} expected {wanted}, found {found}"))  # fmt: skip

    expect = case.expect
    if not expect:
        differ((), "至少一项预期", "没有 expect")
    for key in expect:
        if key not in EXPECTABLE:
            differ((key,), "、".join(EXPECTABLE), key)
    simple = {"outcome": decision.outcome, "basis": decision.basis, "interpretation": decision.interpretation}
    for key, found in simple.items():
        if key in expect and expect[key] != found:
            differ((key,), expect[key], found)
    figures = {figure.name: figure for figure in decision.figures}
    for name, wanted in (expect.get("figures") or {}).items():
        figure = figures.get(name)
        if figure is None:
            differ(("figures", name), wanted, "没有这个量")
            continue
        if wanted == "unknown":
            if figure.value is not None:
                differ(("figures", name), wanted, plain_value(figure.value, figure.type))
            continue
        try:
            same = figure.value is not None and _same(wanted, figure.value, figure.type)
        except ValueError as error:
            differ(("figures", name), str(error), plain_value(figure.value, figure.type))
            continue
        if not same:
            differ(("figures", name), wanted, plain_value(figure.value, figure.type))
    verdicts: Mapping[str, str] = {finding.name: finding.verdict for finding in decision.findings}
    for name, wanted in (expect.get("findings") or {}).items():
        if verdicts.get(name) != wanted:
            differ(("findings", name), wanted, verdicts.get(name, "没有这个条件"))
    lines = {name: amount for name, _, _, amount in decision.settlement}
    for name, wanted in (expect.get("settlement") or {}).items():
        from baoquan_rules.language.types import MONEY

        if lines.get(name) is None or scalar(wanted, MONEY) != lines[name]:
            differ(("settlement", name), wanted, plain_value(lines.get(name), MONEY))
    dues = {due.name: due for due in decision.deadlines}
    for name, wanted in (expect.get("deadlines") or {}).items():
        due = dues.get(name)
        day = "无" if due is None else show_date(due.last) if due.last is not None else "unknown"
        if day != wanted:
            differ(("deadlines", name), wanted, day)
    effects = [change.kind for change in decision.effects]
    for wanted in expect.get("effects") or []:
        if wanted not in effects:
            differ(("effects",), wanted, "、".join(effects) or "无")
    missing = [item.path for item in decision.missing] if expect.get("missing") else []
    for wanted in expect.get("missing") or []:
        if wanted not in missing:
            differ(("missing",), wanted, "、".join(missing) or "无")
    for wanted in expect.get("referrals") or []:
        if wanted not in decision.referrals:
            differ(("referrals",), wanted, "、".join(decision.referrals) or "无")
    if "readings" in expect:
        seen = [reading.outcome for reading in decision.readings]
        if sorted(expect["readings"]) != sorted(seen):
            differ(("readings",), expect["readings"], seen)
    return out


def _same(wanted: Any, value: Any, kind: Any) -> bool:
    if kind.name == "amount":
        from baoquan_rules.language.types import MONEY

        return bool(round_half(value, kind.den) == scalar(wanted, MONEY))
    if wanted == "none":
        return bool(value == kind.absent)
    if kind.name in ("enum", "text"):
        return bool(value == wanted)
    return bool(scalar(wanted, kind.required()) == value)
