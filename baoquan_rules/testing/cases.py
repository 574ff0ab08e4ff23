"""Case files -> what came out against what their authors expect, on any engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from baoquan_rules.api import Library, decide, decide_many, read_cases
from baoquan_rules.authoring import CaseInvalid, Problem, Problems
from baoquan_rules.contract.case import Case
from baoquan_rules.decision.decision import Decision
from baoquan_rules.testing.expectations import differences


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
    return CaseResult(case, engine, decision, differences(case, decision))


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
            CaseResult(case, engine, decision, differences(case, decision))
            for case, decision in zip(cases, decisions, strict=True)
        )
    return results, problems


def case_files(folder: str | Path) -> list[Path]:
    """The case files below a folder."""
    return sorted(Path(folder).rglob("*.cases.yaml"))
