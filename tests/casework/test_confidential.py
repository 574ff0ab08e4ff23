"""What only compliance may see of a case stays apart from it: whoever works with the case cannot tell that there is any."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules import Library, load
from baoquan_rules.casework import Event, EventRefused, PolicyBook, ServiceCase, open_case, queue, resume
from baoquan_rules.cli import main
from tests import samples

Pieces = tuple[str, dict[str, Any]]

OPEN: tuple[Pieces, ...] = (
    ("evidence", {"identity": {"means": "in_person"}}),
    ("document", {"documents": [{"id": "D1", "kind": "application", "signed_by": ["P1"], "defects": "none"}]}),
    ("answer", {"reviews": [{"role": "underwriting", "asked_at": "2026-09-21T12:00"}]}),
    ("answer", {"reviews": [{"role": "underwriting", "asked_at": "2026-09-21T12:00", "answered_at": "2026-09-25T12:00", "answer": "standard"}]}),
    ("fact", {"holds": [{"id": "H1", "kind": "pledge", "blocks": "nothing", "placed_at": "2026-01-05T00:00"}]}),
    ("notice", {"notices": [{"kind": "deficiency", "sent_at": "2026-09-22T09:00", "to_id": "P1"}]}),
    ("answer", {}),
)
"""Events that whoever works with the case enters, in an order in which each is allowed."""

SECRET: tuple[Pieces, ...] = (
    ("compliance", {"compliance": {"flag": True, "pattern": True}}),
    ("compliance", {"compliance": {"flag": False}, "clearances": [{"at": "2026-09-21T09:00", "by_id": "U9"}]}),
    ("compliance", {"recent_dealings": {"complete": True, "items": [{"policy_id": "N9", "kind": "loan", "at": "2026-08-01T09:00"}]}}),
    ("compliance", {}),
    ("answer", {"reviews": [{"role": "compliance", "reviewer_id": "U9", "asked_at": "2026-09-21T13:00"}]}),
    ("answer", {"reviews": [{"role": "compliance", "asked_at": "2026-09-21T13:00", "answered_at": "2026-09-26T13:00", "answer": "approve"}]}),
    ("fact", {"holds": [{"id": "H9", "kind": "restricted", "blocks": "everything", "placed_at": "2026-09-20T00:00"}]}),
    ("fact", {"holds": [{"id": "H9", "released_at": "2026-09-26T14:00"}]}),
)
"""What only compliance may see, the later items of a list about the earlier ones."""

BESIDE: dict[str, list[dict[str, Any]]] = {
    "reviews": [{"role": "compliance", "reviewer_id": "U8", "asked_at": "2026-09-21T14:00"}],
    "holds": [{"id": "H8", "kind": "restricted", "blocks": "money_out", "placed_at": "2026-09-20T00:00"}],
}
"""The same, in an event that says something openly as well."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load()


def opened(library: Library, secret: bool) -> ServiceCase:
    """A reinstatement as it is accepted, with what compliance had entered beforehand or without."""
    mapping = samples.reinstatement()
    facts = {name: value for name, value in mapping["facts"].items() if name not in ("documents", "payment", "reviews", "decision", "compliance", "notices")}
    if secret:
        facts["compliance"] = {"flag": False, "pattern": True}
        facts["recent_dealings"] = {"complete": False, "items": []}
        facts["holds"] = {"complete": True, "items": [{"id": "H7", "kind": "restricted", "blocks": "everything", "placed_at": "2026-09-01T00:00"}]}
    return open_case("R-1", mapping["product"], "reinstatement", facts, at="2026-09-21T10:00", by="A01", library=library)


def event(pieces: Pieces, number: str, minute: int, by: str = "A02") -> Event:
    kind, facts = pieces
    return Event(number, kind, f"2026-10-13T09:{minute:02d}", by, facts)


def with_more(pieces: Pieces) -> Pieces:
    """An open event that states something confidential in the same lists."""
    kind, facts = pieces
    return kind, {name: [*BESIDE.get(name, ()), *stated] if isinstance(stated, list) else stated for name, stated in facts.items()}


@st.composite
def logs(draw: st.DrawFn) -> tuple[bool, list[tuple[bool, int, bool, int]]]:
    """Whether it opens with something confidential; then each event: whether it is secret, which, whether more is said beside it, and the minutes since the last."""
    order = draw(st.permutations([False] * len(OPEN) + [True] * len(SECRET)))
    counts = {False: draw(st.integers(0, len(OPEN))), True: draw(st.integers(0, len(SECRET)))}
    used = {False: 0, True: 0}
    steps = []
    said = False
    for secret in order:
        if used[secret] < counts[secret]:
            beside = not secret and not said and draw(st.booleans())
            said = said or beside
            steps.append((secret, used[secret], beside, draw(st.integers(0, 2))))
            used[secret] += 1
    return draw(st.booleans()), steps


@given(logs())
@settings(max_examples=40, deadline=None)
def test_open_part_is_that_of_a_case_compliance_never_saw(drawn: tuple[bool, list[tuple[bool, int, bool, int]]]) -> None:
    """Whatever compliance enters and when: the open JSON is word for word the same without it, and both parts give back the very log."""
    library = load()
    first, steps = drawn
    case, plain = opened(library, first), opened(library, False)
    minute = 0
    for number, (secret, index, beside, later) in enumerate(steps):
        minute += later
        pieces = SECRET[index] if secret else OPEN[index]
        # an id is never refused because compliance has used it
        case = case.add(event(with_more(pieces) if beside else pieces, f"E{index}", minute, by="U9" if secret else "A02"))
        if not secret:
            plain = plain.add(event(pieces, f"E{index}", minute))
        assert number + 2 == len(case.log)
    assert case.to_json() == plain.to_json()
    assert repr(case) == repr(plain)
    again = resume(case.to_json(), library, case.confidential_json())
    assert again.log == case.log and again.facts == case.facts
    assert resume(case.to_json(), library).log == plain.log
    assert json.loads(plain.confidential_json())["withheld"] == []


@given(st.lists(st.sampled_from("so"), max_size=8), st.integers(0, 8))
@settings(max_examples=25, deadline=None)
def test_both_parts_grow_apart(order: list[str], known: int) -> None:
    """What is entered without the confidential part at hand loses nothing of it, and lands in the order of time."""
    library = load()
    case = opened(library, True)
    for minute, who in enumerate(order[:known]):
        case = case.add(event(SECRET[0] if who == "s" else OPEN[-1], f"{who}{minute}", minute, by="U9" if who == "s" else "A02"))
    kept = case.confidential_json()
    openly = resume(case.to_json(), library)
    for minute, who in enumerate(order[known:], known):
        if who == "s":
            both = resume(openly.to_json(), library, kept)
            kept = both.add(event(SECRET[0], f"s{minute}", minute, by="U9")).confidential_json()
        else:
            openly = openly.add(event(OPEN[-1], f"o{minute}", minute))
    both = resume(openly.to_json(), library, kept)
    assert [one.id for one in both.log[1:]] == [f"{who}{minute}" for minute, who in enumerate(order)]
    assert both.to_json() == openly.to_json()


def test_an_earlier_event_of_the_desk_comes_before(library: Library) -> None:
    """The desk enters at 09:03 what compliance, who entered at 09:05, had not seen: the log is in the order of time."""
    case = opened(library, False).add(event(OPEN[1], "1", 1)).add(event(SECRET[0], "c", 5, by="U9"))
    openly = resume(case.to_json(), library).add(event(OPEN[2], "2", 3)).add(event(OPEN[-1], "3", 5))
    assert [one.id for one in resume(openly.to_json(), library, case.confidential_json()).log] == ["0", "1", "2", "c", "3"]


def test_parts_that_do_not_belong_together(library: Library) -> None:
    """Another request's part, one whose open events were lost or changed, and what is no such part are refused."""
    case = opened(library, True).add(event(OPEN[1], "1", 1)).add(event(SECRET[0], "c", 2, by="U9"))
    kept = case.confidential_json()
    lost = opened(library, True).to_json()
    changed = case.to_json().replace('"received_at": "2026-09-21T10:00"', '"received_at": "2026-09-21T10:01"')
    assert changed != case.to_json()
    for text, part in (
        (case.to_json(), kept.replace('"R-1"', '"R-2"')), (lost, kept), (changed, kept), (case.to_json(), "{}"), (case.to_json(), "[]"), (case.to_json(), ""),
        (case.to_json(), '{"format": 1, "number": "R-1", "withheld": [1]}'),
    ):  # fmt: skip
        with pytest.raises(EventRefused, match="BQ657"):
            resume(text, library, part)


def approved(library: Library) -> ServiceCase:
    """A reinstatement that compliance has looked at, processed."""
    case = opened(library, False).add(Event("C1", "compliance", "2026-09-21T10:30", "U9", {"compliance": {"flag": False, "pattern": False}}))
    facts = samples.reinstatement()["facts"]
    for number, (kind, stated) in enumerate((
        ("document", {"documents": facts["documents"]["items"]}), ("answer", {"reviews": facts["reviews"]["items"]}), ("payment", {"payment": facts["payment"]}),
    )):  # fmt: skip
        case = case.add(Event(f"E{number}", kind, f"2026-10-13T09:0{number}", "A02", stated))
    return case


def test_without_it_the_case_waits(library: Library) -> None:
    """What compliance found is unknown then: the case cannot be processed, and says nothing of why."""
    case = approved(library)
    assert case.status("2026-10-13T10:00").stage.name == "processing"
    openly = resume(case.to_json(), library)
    status = openly.status("2026-10-13T10:00")
    assert (status.stage.name, status.decision.outcome, status.open, status.missing) == ("review", "referred", (), ())
    with pytest.raises(EventRefused, match="BQ651"):
        openly.add(Event("P", "processed", "2026-10-13T11:00", "B01"))


def test_what_was_processed_can_be_told_without_it(library: Library) -> None:
    """Processed is only what was approved, so that the result, its deadlines and the letter are those of it; but it is not booked on that alone."""
    case = approved(library).add(Event("P", "processed", "2026-10-13T11:00", "B01"))
    openly = resume(case.to_json(), library)
    at = "2026-10-14T09:00"
    assert openly.status(at).stage.name == case.status(at).stage.name == "feedback"
    assert openly.decision(at).outcome == case.decision(at).outcome == "approved"
    assert openly.decision(at).explain() == case.decision(at).explain()
    assert openly.decision(at).to_json("officer") == case.decision(at).to_json("officer")
    assert [(one.number, one.due) for one in queue([openly], at)] == [(one.number, one.due) for one in queue([case], at)]
    with pytest.raises(EventRefused, match="BQ659"):
        openly.booked(PolicyBook("L1", {}))
    closed = openly.add(Event("Z", "closed", at, "A02"))
    assert resume(closed.to_json(), library, case.confidential_json()).status(at).stage.name == "closed"


def test_a_changed_log_is_refused_without_it_too(library: Library) -> None:
    """What compliance may have found lets nothing in that is not in order openly."""
    text = approved(library).to_json().replace('"kind": "payment"', '"kind": "processed"')
    with pytest.raises(EventRefused):
        resume(text, library)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str, str]:
    with pytest.raises(SystemExit) as ended:
        main.main(list(arguments))
    out, err = capsys.readouterr()
    return ended.value.code, out, err


CASE = """\
product: WL-2023
service: reinstatement
facts:
  request: {received_at: "2026-09-21T10:00", channel: app}
  policy: {formation_date: "2020-11-05"}
"""
EVENT = """\
id: C1
kind: compliance
at: "2026-09-21T11:00"
by: U9
facts: {compliance: {flag: true, pattern: false}}
"""
NOTE = """\
id: C1
kind: fact
at: "2026-09-21T12:00"
by: A02
facts: {insured: {alive: true}}
"""


def test_the_command_keeps_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What compliance enters goes to its own file, is refused where none is named, and stays there when others go on without it."""
    at = "2026-09-21T13:00"
    file, kept, asked, noted, flagged = (str(tmp_path / name) for name in ("R.json", "R.secret.json", "case.yaml", "note.yaml", "flag.yaml"))
    for path, text in ((asked, CASE), (noted, NOTE), (flagged, EVENT)):
        Path(path).write_text(text, encoding="utf-8")
    assert run(capsys, "case", "open", asked, "--to", file, "--number", "R-1", "--at", "2026-09-21T10:00", "--by", "A01")[0] in (0, None)
    before = Path(file).read_text(encoding="utf-8")
    code, _, err = run(capsys, "case", "add", file, flagged)
    assert code == 1 and "BQ659" in err and Path(file).read_text(encoding="utf-8") == before
    assert run(capsys, "case", "add", file, flagged, "--confidential", kept)[0] in (0, None)
    assert Path(file).read_text(encoding="utf-8") == before and '"flag": true' in Path(kept).read_text(encoding="utf-8")
    secret = Path(kept).read_text(encoding="utf-8")
    assert run(capsys, "case", "add", file, noted)[0] in (0, None)
    assert Path(kept).read_text(encoding="utf-8") == secret
    openly, whole = run(capsys, "case", "status", file, "--at", at), run(capsys, "case", "status", file, "--at", at, "--confidential", kept)
    assert openly[0] in (0, None) and whole[0] in (0, None)
    log = resume(Path(file).read_text(encoding="utf-8"), load(), secret).log
    assert [(one.id, one.kind) for one in log] == [("0", "opened"), ("C1", "compliance"), ("C1", "fact")]
    assert run(capsys, "case", "status", file, "--at", at, "--confidential", str(tmp_path / "none"))[0] == 1
    assert run(capsys, "case", "queue", file, "--at", at, "--confidential", kept)[1].startswith("1\tR-1\t")
    other = tmp_path / "other.json"
    other.write_text(secret.replace('"R-1"', '"R-2"'), encoding="utf-8")
    code, _, err = run(capsys, "case", "queue", file, "--at", at, "--confidential", str(other))
    assert code == 1 and "BQ657" in err


def test_opening_with_what_compliance_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case that opens with it needs a place for it; the file that others read is that of a case without."""
    asked, plain = tmp_path / "a.yaml", tmp_path / "b.yaml"
    plain.write_text(CASE, encoding="utf-8")
    asked.write_text(CASE + "  compliance: {flag: false, pattern: false}\n", encoding="utf-8")
    options = ("--number", "R-1", "--at", "2026-09-21T10:00", "--by", "A01")
    code, _, err = run(capsys, "case", "open", str(asked), "--to", str(tmp_path / "1.json"), *options)
    assert code == 1 and "BQ659" in err and not (tmp_path / "1.json").exists()
    assert run(capsys, "case", "open", str(asked), "--to", str(tmp_path / "1.json"), "--confidential", str(tmp_path / "1c.json"), *options)[0] in (0, None)
    assert run(capsys, "case", "open", str(plain), "--to", str(tmp_path / "2.json"), *options)[0] in (0, None)
    assert (tmp_path / "1.json").read_text(encoding="utf-8") == (tmp_path / "2.json").read_text(encoding="utf-8")
    assert '"pattern": false' in (tmp_path / "1c.json").read_text(encoding="utf-8")


RESTRICTED = {"id": "H9", "kind": "restricted", "blocks": "everything", "placed_at": "2026-09-20T00:00"}


@pytest.mark.parametrize("stated", [
    ("correction", "none"), ("fact", "none"), ("correction", {"complete": True, "items": []}),
    ("fact", [{"id": "H9", "kind": "pledge", "blocks": "nothing", "placed_at": "2026-01-05T00:00"}]),
    ("correction", [{"id": "H9", "kind": "pledge", "blocks": "nothing", "placed_at": "2026-01-05T00:00"}]),
])  # fmt: skip
def test_nobody_lifts_what_he_cannot_see(stated: tuple[str, Any], library: Library) -> None:
    """Who works with the open part says that there are no holds, or enters one of the same id: the restriction of compliance stands, and both parts still fit."""
    case = opened(library, secret=False).add(Event("K", "fact", "2026-09-21T10:30", "U9", {"holds": [RESTRICTED]}))
    kind, holds = stated
    openly = resume(case.to_json(), library).add(Event("E1", kind, "2026-09-21T11:00", "A02", {"holds": holds}))
    both = resume(openly.to_json(), library, case.confidential_json())
    assert RESTRICTED in both.facts["holds"]["items"]
    assert both.to_json() == openly.to_json()
    assert [f.verdict for f in both.status("2026-09-21T12:00").decision.findings if f.condition.name == "restricted"] == ["fails"]


def test_whoever_accepts_does_not_clear(library: Library) -> None:
    """Clearance is a role of its own, in the first event as in a later one."""
    cleared = {"clearances": {"complete": True, "items": [{"at": "2026-09-21T09:00", "by_id": "A01"}]}}
    mapping = samples.reinstatement()
    with pytest.raises(EventRefused, match="BQ656"):
        open_case("R-1", mapping["product"], "reinstatement", {**mapping["facts"], **cleared}, at="2026-09-21T10:00", by="A01", library=library)
    with pytest.raises(EventRefused, match="BQ656"):
        opened(library, secret=False).add(Event("K", "compliance", "2026-09-21T10:30", "U9", cleared))
