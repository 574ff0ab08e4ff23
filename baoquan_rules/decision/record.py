"""A decision -> its record as stable JSON, and a record -> the same decision derived again, or what differs.

The record holds the facts, so that it can be derived again, and the digests of everything else that it rests on. Values
that a recipient may not see, and flags that only compliance may see, are left out for all but the auditor; a record cut
down in this way says so (``masked``) and cannot be replayed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from baoquan_rules.authoring import CaseInvalid, Problem
from baoquan_rules.compiler.program import Cite, ConditionSlots, FigureSlot
from baoquan_rules.contract.case import plain_facts
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.scalars import plain_value
from baoquan_rules.decision.decision import Breakdown, Change, Decision, Due
from baoquan_rules.decision.frames import HOLE, Filled, Frame, frame, plain, text
from baoquan_rules.decision.used import Source, formula_of, sources
from baoquan_rules.decision.wording import RECIPIENTS, Voice
from baoquan_rules.language.civil import show_date
from baoquan_rules.language.nodes import Read, walk
from baoquan_rules.language.types import DATE, MONEY

FORMAT = 1


def to_json(decision: Decision, *, recipient: str = "auditor", indent: int | None = None) -> str:
    """The record as JSON text with sorted keys; on one line unless ``indent`` is given.

    Raises:
        ValueError: an unknown recipient.
    """
    if indent is None:
        return text(_record(decision, recipient))
    return json.dumps(to_dict(decision, recipient=recipient), ensure_ascii=False, indent=indent, sort_keys=True)


def to_dict(decision: Decision, *, recipient: str = "auditor") -> dict[str, Any]:
    """The record as plain values: money as "10000.00", dates and instants in ISO form, unknown as null.

    Raises:
        ValueError: an unknown recipient.
    """
    found: dict[str, Any] = plain(_record(decision, recipient))
    return found


@dataclass(frozen=True, slots=True)
class _View:
    """A decision and what a recipient may see of it.

    ``whole``: everything, as the auditor does. ``accepted``: the values, not only that the request was not accepted.
    ``inside``: more than the result and what is paid to him.
    """

    decision: Decision
    voice: Voice
    customer: bool
    whole: bool
    accepted: bool
    inside: bool

    def pays(self, payee: str) -> bool:
        """Whether a payment to someone is shown."""
        return self.voice.pays(payee)


def _view(decision: Decision, recipient: str) -> _View:
    if recipient not in RECIPIENTS:
        raise ValueError(f"接收人只有 {'、'.join(RECIPIENTS)} / recipients: {', '.join(RECIPIENTS)}")
    reader = recipient if recipient in ("officer", "auditor") else "customer"
    voice = Voice("zh", reader, recipient, decision._vocabulary, decision.other_roles(recipient))
    customer = reader == "customer"
    accepted = decision.outcome != "not_accepted" and (not customer or decision.identified)
    return _View(decision, voice, customer, recipient == "auditor", accepted, not voice.outsider)


def _record(decision: Decision, recipient: str) -> Filled:
    view = _view(decision, recipient)
    out: dict[str, Any] = {
        "format": FORMAT,
        "case": decision.case.name,
        "product": decision.program.product,
        "version": decision.program.version,
        "service": decision.service,
        "kind": decision.program.kind,
        "outcome": decision.outcome,
        "basis": decision.basis,
        "interpretation": decision.interpretation,
        "engine": decision.engine,
        "stamps": dict(decision.stamps),
        "recipient": recipient,
        "masked": not view.whole,
        "findings": list(_findings(view)),
        "figures": dict(_figures(view)),
        "breakdowns": [_breakdown(view, one) for one in (decision.breakdowns if view.accepted and view.inside else ()) if _shown(view, one)],
        "settlement": list(_settlement(view)),
        "entries": list(_entries(view)),
        "effects": [_effect(view, change) for change in (decision.effects if view.accepted and not view.customer else ())],
        "deadlines": [_deadline(due, view.voice.may_see_all(due.facts)) for due in (decision.deadlines if view.accepted and view.inside else ())],
        "missing": list(_missing(view)),
        "referrals": _referrals(view),
        "readings": [
            {"choices": {k: _choice(v) for k, v in reading.choices.items()}, "outcome": reading.outcome} for reading in decision.readings
        ],
    }
    if view.whole:
        out["facts"] = plain_facts(decision.case.facts, decision._vocabulary, decision.case.as_of)
        out["stamps"] = {**decision.stamps, "case": _digest(decision, out["facts"])}
    return Filled(_whole_record(tuple(sorted(out))), [out[key] for key in sorted(out)])


def _digest(decision: Decision, facts: Mapping[str, Any]) -> str:
    """Of what was decided: the case's name, the product, the item and the facts. A record of which one was changed later is seen to be another."""
    case = [decision.case.name, decision.program.product, decision.service, facts]
    return hashlib.sha256(json.dumps(case, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@cache
def _whole_record(keys: tuple[str, ...]) -> Frame:
    return frame(dict.fromkeys(keys, HOLE))


# --- what the program alone says, made once for it


@dataclass(frozen=True, slots=True)
class _Fixed:
    """The frames of a program's conditions and figures: for the auditor, and for others without what they rest on."""

    conditions: tuple[Frame, ...]
    used: tuple[tuple[Source, ...], ...]
    figures: tuple[Frame, ...]


def _fixed(decision: Decision, whole: bool) -> _Fixed:
    memo, program = decision.program.memo, decision.program
    key = ("record", whole)
    if key not in memo:
        used = tuple(tuple(_rests_on(decision, condition)) if whole else () for condition in program.conditions)
        memo[key] = _Fixed(
            tuple(_condition(condition, rests_on) for condition, rests_on in zip(program.conditions, used, strict=True)),
            used,
            tuple(_figure(figure, _formula(decision, figure.slot) if whole else None) for figure in program.figures),
        )
    found: _Fixed = memo[key]
    return found


def _rests_on(decision: Decision, condition: ConditionSlots) -> Iterator[Source]:
    return (source for source in sources(decision, condition.test) if source.type.name != "list")


def _condition(condition: ConditionSlots, used: Sequence[Source]) -> Frame:
    return frame({
        "condition": condition.name,
        "id": condition.id,
        "label": _words(condition.label),
        "verdict": HOLE,
        "remedy": condition.remedy,
        "refer": condition.refer or None,
        "redirect": condition.redirect or None,
        "refused": HOLE,
        "offer": HOLE,
        "possible_from": HOLE,
        "cites": [_cite(cite) for cite in condition.cites],
        "used": [{"name": source.name, "label": _words(source.label), "value": HOLE} for source in used],
    })  # fmt: skip


def _figure(figure: FigureSlot, formula: dict[str, str] | None) -> Frame:
    return frame({
        "label": _words(figure.label), "type": figure.type.name, "value": HOLE, "show": list(figure.show), "formula": formula,
    })  # fmt: skip


# --- conditions and figures


def _findings(view: _View) -> Iterator[Filled]:
    decision, fixed = view.decision, _fixed(view.decision, view.whole)
    for finding, made, rests_on in zip(decision.findings, fixed.conditions, fixed.used, strict=True):
        condition = finding.condition
        if not (view.whole or (_told(view, condition) and view.inside and (view.accepted or _why_not_accepted(view, condition)))):
            continue
        offer = finding.offer if _may_see(view, condition.offer) else None
        start = finding.possible_from if _may_see(view, condition.possible_from) else None
        used = [plain_value(source.value(decision), source.type) for source in rests_on]
        yield Filled(made, [plain_value(offer, MONEY), plain_value(start, DATE), finding.refused, *used, finding.verdict])


def _told(view: _View, condition: ConditionSlots) -> bool:
    return not (condition.secret or (condition.internal and view.customer))


def _why_not_accepted(view: _View, condition: ConditionSlots) -> bool:
    """Of a request not accepted only the gates are told, and a customer only those that tell nothing of the policy."""
    return condition.gate and (not view.customer or condition.public)


def _may_see(view: _View, slot: int | None) -> bool:
    """Whether a value may be shown: every fact it rests on may."""
    if slot is None or not view.customer:
        return True
    reads = (node.name for node in walk(view.decision.program.nodes[slot]) if isinstance(node, Read) and not node.name.startswith("#"))
    return view.inside and all(view.voice.may_see(path) for path in reads)


def _figures(view: _View) -> Iterator[tuple[str, Filled]]:
    decision = view.decision
    if not (view.accepted and view.inside):
        return
    for figure, made in zip(decision.program.figures, _fixed(decision, view.whole).figures, strict=True):
        if not view.customer or ("customer" in figure.show and all(view.voice.may_see(path) for path in figure.facts)):
            yield figure.name, Filled(made, [plain_value(decision.values[figure.slot], figure.type)])


def _formula(decision: Decision, slot: int) -> dict[str, str] | None:
    found = {lang: formula_of(decision, slot, lang) for lang in ("zh", "en")}
    return {lang: text for lang, text in found.items() if text is not None} or None


# --- money, effects, deadlines


def _shown(view: _View, found: Breakdown) -> bool:
    """Whether a breakdown is for the recipient, and has a column that he may see: rows without any would tell their number."""
    return (not view.customer or "customer" in found.show) and any(view.voice.may_see_all(column.facts) for column in found.columns)


def _breakdown(view: _View, found: Breakdown) -> dict[str, Any]:
    """The rows by column, without columns that the recipient may not see."""
    columns = [(i, column) for i, column in enumerate(found.columns) if view.voice.may_see_all(column.facts)]
    return {
        "breakdown": found.name,
        "label": _words(found.label),
        "columns": [{"column": column.name, "label": _words(column.label), "type": column.type.name} for _, column in columns],
        "rows": [[plain_value(row[i], column.type) for i, column in columns] for row in found.rows],
        "complete": found.complete,
        "totals": {column.name: plain_value(found.totals[column.name], MONEY) for _, column in columns if column.name in found.totals},
    }


def _settlement(view: _View) -> Iterator[dict[str, Any]]:
    for name, label, payee, amount in view.decision.settlement if view.accepted else ():
        if view.pays(payee):
            yield {"line": name, "label": _words(label), "payee": payee, "amount": plain_value(amount, MONEY)}


def _entries(view: _View) -> Iterator[dict[str, Any]]:
    for e in view.decision.entries if view.accepted else ():
        if view.pays(e.payee):
            yield {"line": e.line, "debit": e.debit, "credit": e.credit, "amount": plain_value(e.amount, MONEY), "payee": e.payee}


def _effect(view: _View, change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "words": dict(change.words),
        "values": {key: plain_value(value, kind) for key, (value, kind) in change.values.items()},
        "says": _said(view.decision, change.said),
        "cites": [_cite(cite) for cite in change.cites],
    }


def _said(decision: Decision, said: Any) -> dict[str, str] | None:
    if said is None:
        return None
    return {lang: Voice(lang, "officer", "officer", decision._vocabulary).sentence(said, decision.texts) for lang in ("zh", "en")}


def _deadline(due: Due, days: bool) -> dict[str, Any]:
    """A deadline; without its days where they tell a recipient a day that he may not know."""
    return {
        "deadline": due.name,
        "label": _words(due.label),
        "who": due.who,
        "from": plain_value(due.start, DATE) if days else None,
        "last": plain_value(due.last, DATE) if days else None,
        "earliest": None if due.earliest is None or not days else show_date(due.earliest),
        "latest": None if due.latest is None or not days else show_date(due.latest),
        "length": f"{due.count} {due.unit}",
        "met": due.met,
        "cites": [_cite(cite) for cite in due.cites],
    }


# --- what is open


def _missing(view: _View) -> Iterator[dict[str, Any]]:
    """What is missing; a customer hears nothing of what only internal conditions ask, nor their names."""
    internal = {f.name for f in view.decision.findings if f.condition.internal} if view.customer else set()
    for item in view.decision.missing if view.whole else view.decision.missing_openly:
        told = [name for name in item.conditions if name not in internal]
        asked = bool(told) and (told != ["outcome"] or len(told) == len(item.conditions))
        if view.inside and asked:
            yield {"kind": item.kind, "path": item.path, "label": _words(item.label), "conditions": told}


def _referrals(view: _View) -> list[str]:
    if view.whole:
        return list(view.decision.referrals)
    owners = view.decision.referrals_openly
    if view.customer:
        failed = (f for f in view.decision.findings if f.verdict == "fails" and not f.condition.internal)
        told = {f.condition.refer for f in failed} | ({"legal"} if view.decision.interpretation == "differs" else set())
        owners = tuple(owner for owner in owners if owner in told)
    # compliance is named to auditors alone, and not by two officers where there would be one
    return list(dict.fromkeys(owner if owner != "compliance" else "officer" for owner in owners)) if view.inside else []


def _choice(value: Any) -> Any:
    return value if isinstance(value, bool | int | str) else str(value)


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _cite(cite: Cite) -> dict[str, Any]:
    return {"kind": cite.kind, "id": cite.id, "title": _words(cite.title), "text": _words(cite.text)}


# --- two records


COMPARED = (
    "case", "product", "version", "service", "outcome", "basis", "interpretation", "findings", "figures", "breakdowns", "settlement", "entries", "effects",
    "deadlines", "missing", "referrals", "readings", "stamps", "kind", "masked", "recipient", "format",
)  # fmt: skip


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What differs between two records, one line each: the path, the recorded and the derived value."""
    out: list[str] = []
    for key in COMPARED:
        _differ(key, before.get(key), after.get(key), out)
    return tuple(out)


def _differ(path: str, before: Any, after: Any, out: list[str]) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            _differ(f"{path}.{key}", before.get(key), after.get(key), out)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            _differ(f"{path}[{index}]", one, other, out)
    elif before != after:
        out.append(f"{path}: {json.dumps(before, ensure_ascii=False)} → {json.dumps(after, ensure_ascii=False)}")


def case_of(record: Any) -> dict[str, Any]:
    """The case that a record was made from, as a mapping that ``read_case`` takes.

    Raises:
        CaseInvalid: the record is masked, of another format, or no record at all.
    """
    if isinstance(record, list):
        raise _unusable(f"这是一列，有 {len(record)} 项；一次重算一份", f"this is a list of {len(record)}; one record is replayed at a time",
                        "取出其中一份；用 baoquan decide … --case 1 --json 只写一份", "take one of them; baoquan decide ... --case 1 --json writes one")  # fmt: skip
    if not isinstance(record, dict) or "format" not in record:
        raise _unusable("这不是决定记录", "this is no record of a decision",
                        "决定记录由 baoquan decide … --json 或 Decision.to_json() 写出", "a record is written by baoquan decide ... --json or Decision.to_json()")  # fmt: skip
    if record["format"] != FORMAT or record["format"] is True:
        raise _unusable(f"记录的格式是 {record['format']!r}，这个版本只读格式 {FORMAT}", f"the record has format {record['format']!r}; this version reads format {FORMAT}",
                        "用写出它的那个版本重算", "replay it with the version that wrote it")  # fmt: skip
    if "facts" not in record:
        raise _unusable("这份记录按接收人作了遮盖，没有全部事实", "this record is masked for its recipient and lacks facts",
                        "用给审计人员的记录（recipient 为 auditor）", "use the auditor's record")  # fmt: skip
    return {"case": record.get("case", ""), "product": record.get("product"), "service": record.get("service"), "facts": record["facts"]}


def _unusable(zh: str, en: str, hint: str, hint_en: str) -> CaseInvalid:
    return CaseInvalid([Problem("BQ701", f"不能重算：{zh}", None, hint, message_en=f"cannot replay: {en}", hint_en=hint_en)])
