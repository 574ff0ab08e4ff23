"""Cases -> decisions, one by one or many at once, and a record derived again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from baoquan_rules.api.arguments import engine_given, unsendable, wrong_argument
from baoquan_rules.api.cases import chosen, read_case
from baoquan_rules.api.library import Library, library_of
from baoquan_rules.authoring import CaseInvalid, Problem
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.product import Product, Version
from baoquan_rules.decision.decision import Decision
from baoquan_rules.decision.decision import decide as decide_ready
from baoquan_rules.decision.readings import Readings
from baoquan_rules.decision.record import case_of, differences, to_dict
from baoquan_rules.engines import ENGINES, prepare_many
from baoquan_rules.language import calendar
from baoquan_rules.language.facts import Facts


def decide(case: Case | Mapping[str, Any], library: Library | None = None, *, engine: str = "direct") -> Decision:
    """The decision of a case: outcome, findings, figures, effects, deadlines, explanation.

    Args:
        case: from ``read_case``, or a mapping of the same form.
        library: the packaged products by default.
        engine: ``direct``, ``durable`` or ``columnar``; all give the same decision.

    Raises:
        CaseInvalid: the case cannot be read, or names no known product or service.
        WrongUse: an argument of a wrong kind, or there is no such engine.
    """
    library, engine = library_of(library), engine_given(engine)
    if isinstance(case, Mapping):
        case = read_case(case, library)
    elif not isinstance(case, Case):
        raise wrong_argument("case", case, "read_case() 得到的 Case，或者一组值", "a Case from read_case(), or a mapping",
                     "案例文件先用 read_case 读" if isinstance(case, str | Path) else None,
                     "read a case file with read_case first" if isinstance(case, str | Path) else None)  # fmt: skip
    product, version = chosen(case, library)
    return _decided(case, library, product, version, library.ready(product, version, case.service, engine), engine)


def decide_many(cases: Sequence[Case], library: Library | None = None, *, engine: str = "direct") -> list[Decision]:
    """The decisions of many cases, in their order; an engine made for many works out each program's cases at once.

    Raises:
        CaseInvalid: a case names no known product or service.
        WrongUse: `cases` holds something else than cases, or there is no such engine.
    """
    library, engine = library_of(library), engine_given(engine)
    for one in cases if isinstance(cases, Sequence) else (cases,):
        if not isinstance(one, Case):
            raise wrong_argument("cases", one, "一列 read_case() 得到的 Case", "cases from read_case()")
    groups: dict[tuple[str, str, str], list[int]] = {}
    for index, case in enumerate(cases):
        product, version = chosen(case, library)
        groups.setdefault((product.code, version.id, case.service), []).append(index)
    out: dict[int, Decision] = {}
    for (code, _, service), indices in groups.items():
        product, version = chosen(cases[indices[0]], library)
        ready = library.ready(product, version, service, engine)
        facts = [cases[index].facts for index in indices]
        values = _together(engine, ready, facts)
        for row, index in enumerate(indices):
            known = ready.recalling({place: found[row] for place, found in values.items()}) if values else ready
            out[index] = _decided(cases[index], library, library.products[code], version, known, engine)
    return [out[index] for index in range(len(cases))]


def _together(engine: str, ready: Readings, facts: Sequence[Facts]) -> dict[int, list[tuple[Any, ...]]]:
    """The values of many cases under each reading that one of them asks for, by place; none where the engine takes one at a time."""
    first = prepare_many(engine, ready[0].program)
    if first is None:
        return {}
    values = {0: first(facts)}
    for place in sorted({place for found in values[0] for place in ready.asked(found)}):
        run = prepare_many(engine, ready[place].program)
        if run is not None:
            values[place] = run(facts)
    return values


def _decided(case: Case, library: Library, product: Product, version: Version, ready: Readings, engine: str) -> Decision:
    stamps = {"product": product.digest, "version": version.id, **library.digests, "calendar": calendar.CALENDAR_VERSION}
    return decide_ready(case, ready, library.vocabulary, engine, stamps, _Again(case, library))


@dataclass(frozen=True, slots=True)
class _Again:
    """Decides the case of a decision again: with some facts changed, or as it was in the process that it came from."""

    case: Case
    library: Library

    def __call__(self, changes: Mapping[str, Any], other: str | None) -> Decision:
        facts = {key: value for key, value in {**self.case.facts, **changes}.items() if value is not None}
        return decide(replace(self.case, facts=facts, service=other or self.case.service), self.library, engine="direct")

    def same(self, engine: str, stamps: Mapping[str, str]) -> Decision:
        """The decision that another process pickled.

        Raises:
            WrongUse: this process would decide it by other files, or another version of them.
        """
        decision = decide(self.case, self.library, engine=engine)
        if decision.stamps != stamps:
            raise unsendable("版本不同", "it was decided by other versions")
        return decision


def replay(text: str | bytes, library: Library | None = None) -> tuple[bool, tuple[str, ...]]:
    """Derive a recorded decision again from its own record: whether it is the same, and every difference.

    Raises:
        CaseInvalid: the text is no record, or one that was masked for a recipient.
        WrongUse: it is no text.
    """
    if not isinstance(text, str | bytes):
        raise wrong_argument("text", text, "一份决定记录的 JSON 文字", "the JSON text of a record")
    library = library_of(library)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"第 {error.lineno} 行第 {error.colno} 列" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        at = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise CaseInvalid([Problem("BQ701", f"不能重算：不是 JSON（{where}）", None, "文件应是 baoquan decide … --json 写出的一份记录",
                                   message_en=f"cannot replay: this is not JSON ({at})",
                                   hint_en="the file must be a record written by baoquan decide ... --json")]) from None  # fmt: skip
    case = read_case(case_of(record), library)
    engine = record.get("engine")
    if engine not in ENGINES:
        raise CaseInvalid([Problem("BQ701", f"不能重算：没有名为 {engine} 的引擎", None, f"可用：{'、'.join(ENGINES)}",
                                   message_en=f"cannot replay: there is no engine {engine}", hint_en=f"one of: {', '.join(ENGINES)}")])  # fmt: skip
    found = differences(record, to_dict(decide(case, library, engine=engine), recipient="auditor"))
    return not found, found
