"""A decision -> its record as stable JSON, and a record -> the same decision derived again, or what differs.

The record holds the facts, so that it can be derived again, and the digests of everything else that it rests on. Values
that a recipient may not see, and flags that only compliance may see, are left out for all but the auditor; a record cut
down in this way says so (``masked``) and cannot be replayed.
"""

import json
from collections.abc import Mapping
from typing import Any

from baoquan_rules.compiler.program import Cite
from baoquan_rules.contract.case import plain_facts
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.scalars import plain_value
from baoquan_rules.decision.decision import Decision
from baoquan_rules.decision.used import formula_of, used
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
    return json.dumps(to_dict(decision, recipient=recipient), ensure_ascii=False, indent=indent, sort_keys=True)


def to_dict(decision: Decision, *, recipient: str = "auditor") -> dict[str, Any]:
    """The record as plain values: money as "10000.00", dates and instants in ISO form, unknown as null."""
    if recipient not in RECIPIENTS:
        raise ValueError(f"接收人只有 {'、'.join(RECIPIENTS)} / recipients: {', '.join(RECIPIENTS)}")
    reader = recipient if recipient in ("officer", "auditor") else "customer"
    voice = Voice("zh", reader, recipient, decision._vocabulary, decision.other_roles(recipient))
    whole = recipient == "auditor"
    accepted = decision.outcome != "not_accepted" and (reader != "customer" or decision.identified)
    inside = not voice.outsider
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
        "masked": not whole,
        "findings": [
            {
                "condition": finding.name,
                "id": finding.condition.id,
                "label": _words(finding.condition.label),
                "verdict": finding.verdict,
                "remedy": finding.condition.remedy,
                "refer": finding.condition.refer or None,
                "redirect": finding.condition.redirect or None,
                "refused": finding.refused,
                "offer": plain_value(finding.offer, MONEY) if _may_see(finding.condition.offer, decision, voice) else None,
                "possible_from": plain_value(finding.possible_from, DATE) if _may_see(finding.condition.possible_from, decision, voice) else None,
                "cites": [_cite(cite) for cite in finding.condition.cites],
                "used": [
                    {"name": one.name, "label": _words(one.label), "value": plain_value(one.value, one.type)}
                    for one in (used(decision, finding.condition.test) if whole else ())
                    if one.type.name != "list"
                ],
            }
            for finding in decision.findings
            if (whole or not finding.condition.secret) and (whole or (inside and (accepted or (finding.condition.gate and (reader != "customer" or finding.condition.public)))))
        ],
        "figures": {
            figure.name: {
                "label": _words(figure.label),
                "type": figure.type.name,
                "value": plain_value(figure.value, figure.type),
                "show": list(figure.show),
                "formula": _formula(decision, figure.slot) if whole else None,
            }
            for figure in (decision.figures if accepted and inside else ())
            if reader != "customer"
            or ("customer" in figure.show and all(voice.may_see(path) for path in figure.facts))
        },
        "settlement": [
            {"line": name, "label": _words(label), "payee": payee, "amount": plain_value(amount, MONEY)}
            for name, label, payee, amount in (decision.settlement if accepted else ())
            if reader != "customer" or payee == recipient
        ],
        "entries": [
            {"line": e.line, "debit": e.debit, "credit": e.credit, "amount": plain_value(e.amount, MONEY), "payee": e.payee}
            for e in (decision.entries if accepted else ())
            if reader != "customer" or e.payee == recipient
        ],
        "effects": [
            {
                "kind": change.kind,
                "words": dict(change.words),
                "values": {key: plain_value(value, kind) for key, (value, kind) in change.values.items()},
                "says": _said(decision, change.said),
                "cites": [_cite(cite) for cite in change.cites],
            }
            for change in (decision.effects if accepted and reader != "customer" else ())
        ],
        "deadlines": [
            {
                "deadline": due.name,
                "label": _words(due.label),
                "who": due.who,
                "from": plain_value(due.start, DATE),
                "last": plain_value(due.last, DATE),
                "earliest": None if due.earliest is None else show_date(due.earliest),
                "latest": None if due.latest is None else show_date(due.latest),
                "length": f"{due.count} {due.unit}",
                "cites": [_cite(cite) for cite in due.cites],
            }
            for due in (decision.deadlines if accepted and inside else ())
        ],
        "missing": [
            {"kind": item.kind, "path": item.path, "label": _words(item.label), "conditions": list(item.conditions)}
            for item in decision.missing
            if whole or (inside and not item.path.startswith("compliance."))
        ],
        "referrals": [owner if whole or owner != "compliance" else "officer" for owner in decision.referrals] if inside or whole else [],
        "readings": [
            {"choices": {k: _choice(v) for k, v in reading.choices.items()}, "outcome": reading.outcome} for reading in decision.readings
        ],
    }
    if whole:
        out["facts"] = plain_facts(decision.case.facts, decision._vocabulary)
    return out


def _may_see(slot: int | None, decision: Decision, voice: Voice) -> bool:
    """Whether a value may be shown: every fact it rests on may."""
    if slot is None:
        return True
    reads = (node.name for node in walk(decision.program.nodes[slot]) if isinstance(node, Read) and not node.name.startswith("#"))
    return not voice.outsider and all(voice.may_see(path) for path in reads)


def _formula(decision: Decision, slot: int) -> dict[str, str] | None:
    found = {lang: formula_of(decision, slot, lang) for lang in ("zh", "en")}
    return {lang: text for lang, text in found.items() if text is not None} or None


def _words(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _cite(cite: Cite) -> dict[str, Any]:
    return {"kind": cite.kind, "id": cite.id, "title": _words(cite.title), "text": _words(cite.text)}


def _said(decision: Decision, said: Any) -> dict[str, str] | None:
    if said is None:
        return None
    return {lang: Voice(lang, "officer", "officer", decision._vocabulary).sentence(said, decision.texts) for lang in ("zh", "en")}


def _choice(value: Any) -> Any:
    return value if isinstance(value, bool | int | str) else str(value)


COMPARED = (
    "product", "version", "service", "outcome", "basis", "interpretation", "findings", "figures", "settlement", "entries", "effects",
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


def case_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The case that a record was made from, as a mapping that ``read_case`` takes.

    Raises:
        ValueError: the record is masked, of another format, or no record at all.
    """
    if not isinstance(record, dict) or record.get("format") != FORMAT or record.get("format") is True:
        raise ValueError("这不是本版本的决定记录（format 不符） / not a decision record of this format")
    if "facts" not in record:
        raise ValueError("这份记录按接收人作了遮盖，没有全部事实，不能重算 / this record is masked and cannot be replayed")
    return {"case": record.get("case", ""), "product": record["product"], "service": record["service"], "facts": record["facts"]}
