"""Any item, any order of arrival: the same decision in the end, and each event kept once."""

import random
from functools import cache

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from baoquan_rules import Case, decide, load
from baoquan_rules.api import products_folder, read_cases
from baoquan_rules.casework import Event, EventRefused, open_case, resume
from baoquan_rules.casework.session import casework
from baoquan_rules.contract.case import plain_facts
from baoquan_rules.testing.cases import case_files

FIRST = ("request", "policy", "applicant", "compliance", "recent_dealings", "clearances")
"""What is known when a request is accepted, and what only compliance may enter; everything else arrives later."""


@cache
def requests() -> tuple[Case, ...]:
    """A request of each item, from the packaged cases: the first of each file."""
    library = load()
    found: list[Case] = []
    for path in case_files(products_folder()):
        cases, _ = read_cases(path, library)
        found += [case for case in cases if library.world.services[case.service].kind == "request" and "decision.date" in case.facts][:1]
    return tuple(found)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(range(200)), st.randoms(use_true_random=False))
def test_any_order_of_arrival(place: int, chance: random.Random) -> None:
    """Deciding all facts at once on `direct` is what any order of their arrival comes to on `durable`, also where the case was resumed halfway."""
    library = load()
    case = requests()[place % len(requests())]
    facts = plain_facts(case.facts, library.vocabulary, case.as_of)
    day = facts["decision"]["date"]
    pieces = [(name, value) for name, value in facts.items() if name not in (*FIRST, "decision")]
    chance.shuffle(pieces)
    made = open_case("Q", case.product, case.service, {name: facts[name] for name in FIRST if name in facts}, at=f"{day}T00:00", by="A01", library=library)
    halfway = chance.randrange(len(pieces) + 1)
    for index, (name, value) in enumerate(pieces):
        try:
            made = made.add(Event(f"E{index}", "fact", f"{day}T00:01", "A01", {name: value}))
        except EventRefused as refused:
            # approved already: what arrives now would be a new matter
            assume("BQ651" not in str(refused))
            raise
        if index == halfway:
            made = resume(made.to_json(), library, made.confidential_json())
    assert [event.id for event in made.log] == ["0", *(f"E{index}" for index in range(len(pieces)))]
    last = made.decision(f"{day}T00:02")
    # a list that a case keeps itself holds nothing that has not arrived
    stated = {**dict.fromkeys(casework().kept, "none"), **facts, "decision": {"date": day}}
    whole = decide({"case": "Q", "product": case.product, "service": case.service, "facts": stated}, library, engine="direct")
    assert last.outcome == whole.outcome
    assert [(f.name, f.verdict) for f in last.findings] == [(f.name, f.verdict) for f in whole.findings]
    assert last.values == whole.values
