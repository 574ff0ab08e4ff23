"""``baoquan case`` from acceptance to the letter: both files, the book, and the words that suit whoever reads it."""

import json
from pathlib import Path
from typing import Any

import pytest

from baoquan_rules import load
from baoquan_rules.casework import read_book, resume
from baoquan_rules.cli import main
from tests import samples

OPENED, CLOSED = "2026-10-13T09:00", "2026-10-13T16:00"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int | str | None, str, str]:
    with pytest.raises(SystemExit) as ended:
        main.main(["case", *arguments])
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def accepted(folder: Path, capsys: pytest.CaptureFixture[str], **groups: Any) -> tuple[str, str]:
    """A reinstatement that can be approved at once, accepted: the file of the case and that of its confidential part."""
    mapping = samples.reinstatement(**groups)
    mapping["facts"].pop("decision")
    mapping["facts"]["policy"]["id"] = "L1"
    (folder / "case.yaml").write_text(json.dumps(mapping, ensure_ascii=False), encoding="utf-8")
    file, kept = str(folder / "R.json"), str(folder / "R.kept.json")
    code, out, err = run(capsys, "open", str(folder / "case.yaml"), "--to", file, "--confidential", kept, "--number", "R-1", "--at", OPENED, "--by", "A01")
    assert code in (0, None) and "阶段：处理" in out, err
    return file, kept


def test_processed_booked_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command books, endorses, tells and closes; ids of its events are those that they would have without compliance."""
    file, kept = accepted(tmp_path, capsys)
    onto = str(tmp_path / "L1.json")
    code, out, err = run(capsys, "close", file, "--at", CLOSED, "--by", "B01", "--book", onto, "--confidential", kept)
    assert code in (0, None), err
    assert "R-1" in out and read_book(Path(onto).read_text(encoding="utf-8")).state["contract_effect"] == "in_force"
    closed = resume(Path(file).read_text(encoding="utf-8"), load())
    assert [one.id for one in closed.log] == ["0", "processed-1", "closed-2"]
    assert closed.decision(CLOSED).explain() in out


def test_not_processed_without_the_confidential_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where compliance's word is not at hand nothing is booked, and both files are as they were."""
    file, kept = accepted(tmp_path, capsys)
    before = Path(file).read_text(encoding="utf-8"), Path(kept).read_text(encoding="utf-8")
    code, _, err = run(capsys, "close", file, "--at", CLOSED, "--by", "B01", "--book", str(tmp_path / "L1.json"))
    assert code == 1 and "BQ651" in err and not (tmp_path / "L1.json").exists()
    assert (Path(file).read_text(encoding="utf-8"), Path(kept).read_text(encoding="utf-8")) == before


@pytest.mark.parametrize("style", ["standard", "plain"])
def test_words_that_suit(style: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The letter is in the words asked for, whatever the person's age."""
    file, kept = accepted(tmp_path, capsys)
    code, out, err = run(capsys, "close", file, "--at", CLOSED, "--by", "B01", "--confidential", kept, "--style", style)
    assert code in (0, None), err
    decision = resume(Path(file).read_text(encoding="utf-8"), load()).decision(CLOSED)
    other = "plain" if style == "standard" else "standard"
    assert decision.explain(style=style) in out and decision.explain(style=other) not in out
