"""What only compliance may know is in no text and no record but the auditor's, whatever the item and whatever the reason.

The reasons are told apart by nothing: with any of them, or several, a reader sees word for word the same.
"""

import json
import re
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from baoquan_rules import Decision, api, decide, read_case
from baoquan_rules.contract.case import Case
from baoquan_rules.decision.wording import RECIPIENTS
from tests import samples

LIBRARY = api.load()
REQUESTS = sorted(name for name, service in LIBRARY.services.items() if service.kind == "request" and "common" in service.gates)
OTHERS = [name for name in RECIPIENTS if name != "auditor"]
NEVER = re.compile(
    r"compliance\.|recent_dealings|clearance|cleared|(?<![A-Z])G14|G7r|LN13|frequent_dealings|soon_after_change|after_change|refund_free"
    r"|(?<!符)合规|可疑|交易模式|近期业务|业务限制|观察期|核实后同意"
)
"""Names, numbers and labels of what is secret."""

REASONS = ("flag", "pattern", "restricted", "frequent", "new_holder", "new_account")


def raw(case: Case) -> dict[str, Any]:
    """A packaged case as its author wrote it."""
    assert case.document is not None
    return deepcopy(dict(case.document.value))


def more(facts: dict[str, Any], name: str, *items: dict[str, Any]) -> None:
    """Add items to a list."""
    stated = facts.get(name, "none")
    known = stated.get("items", []) if isinstance(stated, dict) else [] if stated == "none" else stated
    complete = stated.get("complete", True) if isinstance(stated, dict) else True
    facts[name] = {"complete": complete, "items": [*known, *items]}


def suspected(case: Case, reasons: tuple[str, ...], clearances: Any = None, left_out: tuple[str, ...] = ()) -> Decision:
    """The decision where these reasons for a further check are there, with what compliance has said of it."""
    mapping = raw(case)
    facts = mapping["facts"]
    received = facts["request"]["received_at"]
    day = received[:10]
    policy = facts.setdefault("policy", {}).setdefault("id", "N1")
    compliance = facts.setdefault("compliance", {})
    for reason in reasons:
        match reason:
            case "flag" | "pattern":
                compliance[reason] = True
            case "restricted" if "holds" in facts:
                more(facts, "holds", {"kind": "restricted", "blocks": "everything", "placed_at": f"{day}T00:00"})
            case "frequent":
                more(facts, "recent_dealings", *({"policy_id": "N9", "kind": kind, "at": f"{day}T00:00"} for kind in ("loan", "surrender", "refund")))
            case "new_holder" | "new_account":
                kind = "policyholder_change" if reason == "new_holder" else "account_change"
                more(facts, "recent_dealings", {"policy_id": policy, "kind": kind, "at": f"{day}T00:00"})
    if clearances is not None:
        facts["clearances"] = clearances
    for name in left_out:
        facts.pop(name, None)
    mapping.pop("expect", None)
    return decide(read_case(mapping, LIBRARY), LIBRARY, engine="direct")


def seen(decision: Decision) -> dict[str, str]:
    """All that anybody but an auditor reads of a decision."""
    out = {f"record of {one}": decision.to_json(one) for one in OTHERS}
    out |= {f"zh to {one}": decision.explain("zh", "customer", one) for one in OTHERS if one != "officer"}
    out["en to policyholder"] = decision.explain("en", "customer", "policyholder")
    out |= {f"{lang} officer": decision.explain(lang, "officer", "officer") for lang in ("zh", "en")}
    return out


def caught(decision: Decision) -> set[str]:
    """The secret conditions that do not hold."""
    return {f.name for f in decision.findings if f.condition.secret and f.verdict == "fails"}


def clear(decision: Decision) -> bool:
    """Whether all that is secret has been looked at, and nothing was found."""
    verdicts = [f.verdict for f in decision.findings if f.condition.secret]
    return "holds" in verdicts and set(verdicts) <= {"holds", "not_applicable"}


@pytest.mark.parametrize("service", REQUESTS)
def test_no_reader_learns_of_it(service: str) -> None:
    """One reason or several: the same words to every reader, none of them a name of what is secret; the auditor sees which."""
    rng = Random(service)
    settled = [case for case in samples.packaged(service) if case.expect.get("outcome") in ("approved", "pending") and "request.received_at" in case.facts]
    tried = [case for case in rng.sample(settled, min(6, len(settled))) if clear(suspected(case, ()))]
    for case in tried[:1]:
        several = tuple(rng.sample(REASONS, 3))
        found = [(reasons, suspected(case, reasons)) for reasons in (*((one,) for one in REASONS), several)]
        looked_at = [(reasons, decision) for reasons, decision in found if caught(decision)]
        assert looked_at, f"{case.name}: nothing is looked at"
        first = seen(looked_at[0][1])
        for text in first.values():
            assert not NEVER.search(text), NEVER.findall(text)
        for reasons, decision in looked_at:
            assert decision.outcome in ("referred", "pending", "declined", "not_accepted")
            assert "compliance" in decision.referrals
            for name, text in seen(decision).items():
                assert first[name] == text, f"{case.name}: {name} tells {reasons} from {looked_at[0][0]}"
            told = {f["condition"] for f in json.loads(decision.to_json("auditor"))["findings"] if f["verdict"] == "fails"}
            assert caught(decision) <= told


@pytest.mark.parametrize("service", REQUESTS)
def test_what_is_not_known_is_not_told_either(service: str) -> None:
    """Where the check itself is still to be made, nothing that is listed as missing names it."""
    settled = [case for case in samples.packaged(service) if case.expect.get("outcome") == "approved"]
    for case in settled[:1]:
        mapping = raw(case)
        mapping["facts"].pop("compliance", None)
        decision = decide(read_case(mapping, LIBRARY), LIBRARY, engine="direct")
        for text in seen(decision).values():
            assert not NEVER.search(text), NEVER.findall(text)


PATTERNS = ("frequent", "new_holder", "new_account")
"""Reasons that the recent dealings give, which compliance can only clear."""


@pytest.mark.parametrize("service", ["surrender", "policy_loan", "premium_refund", "negotiated_surrender", "survival_benefit", "reversal"])
def test_a_cleared_pattern_is_as_if_it_were_not_there(service: str) -> None:
    """Once compliance has cleared the request every reader has the very words of a request without a pattern; before that, it stays with compliance."""
    settled = [case for case in samples.packaged(service) if case.expect.get("outcome") == "approved" and "request.received_at" in case.facts]
    tried = [case for case in settled if clear(suspected(case, ()))][:1]
    assert tried
    for case in tried:
        received, decided = raw(case)["facts"]["request"]["received_at"], raw(case)["facts"]["decision"]["date"]
        plain = suspected(case, ())
        cleared = suspected(case, PATTERNS, {"complete": True, "items": [{"at": received}]})
        assert cleared.outcome == plain.outcome == "approved" and seen(cleared) == seen(plain)
        caught_first = suspected(case, PATTERNS)
        assert {"frequent_dealings", "soon_after_change"} <= caught(caught_first)
        too_early = {"complete": True, "items": [{"at": f"{int(received[:4]) - 1}{received[4:]}"}]}
        too_late = {"complete": True, "items": [{"at": f"{int(decided[:4]) + 1}{decided[4:]}T00:00"}]}
        for found in (caught_first, suspected(case, PATTERNS, too_early), suspected(case, PATTERNS, too_late), suspected(case, PATTERNS, None, ("reviews",))):
            assert caught(found) == caught(caught_first) and "compliance" in found.referrals
            assert found.outcome == "referred" or "reviews" not in found.case.facts
        assert seen(suspected(case, PATTERNS, too_early)) == seen(caught_first)
        # Whether compliance has looked at all is not known: what is known still goes there, and the customer is asked for nothing more.
        unknown = suspected(case, PATTERNS, None, ("compliance",))
        assert caught(unknown) == caught(caught_first) and "compliance" in unknown.referrals and not unknown.missing_openly


def test_not_looked_at_and_flagged_read_alike() -> None:
    """Of an open request nobody but an auditor can tell whether compliance has not looked yet or has flagged it."""
    flagged = samples.reinstatement(compliance={"flag": True, "pattern": False})
    unknown = samples.reinstatement()
    del unknown["facts"]["compliance"]
    texts = []
    for mapping in (flagged, unknown):
        decision = decide(read_case(mapping))
        texts.append((decision.outcome, decision.explain("zh"), decision.explain("en"), decision.explain("zh", "officer")))
    assert texts[0] == texts[1] and texts[0][0] == "referred" and "进一步核实" in texts[0][1]
    assert decide(read_case(samples.reinstatement())).outcome == "approved"
