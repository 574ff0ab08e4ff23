"""The commands: what they print, where, and how they end."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from baoquan_rules import ProductInvalid, __version__, api
from baoquan_rules.cli import main as cli
from baoquan_rules.contract.schema_rulebook import LINES
from baoquan_rules.testing.cases import case_files

CASE = min(case_files(api.products_folder()), key=lambda path: path.stat().st_size)
BAD = Path(__file__).parent / "bad"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert isinstance(ended.value.code, int)
    return ended.value.code, out, err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of products with the packaged company rules."""
    (tmp_path / "company.yaml").write_bytes((api.products_folder() / "company.yaml").read_bytes())
    return tmp_path


def bad(folder: Path, name: str) -> Path:
    path = folder / "bad.yaml"
    path.write_bytes((BAD / "product" / f"{name}.yaml").read_bytes())
    return path


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"baoquan {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["nonsense"], ["decide"], ["check", "--format", "xml"], ["new", "X"], ["decide", "x", "--lang", "fr"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "") and "Error" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "no-such-file.yaml"], "BQ801"),
        (["decide", "no-such-case"], "BQ801"),
        (["test", "no-such-folder"], "BQ801"),
        (["replay", "no-such.json"], "BQ801"),
        (["show", "WL-2032"], "BQ802"),
        (["new", "A", "--line", "whole_live"], "BQ802"),
        (["new", "a/b", "--line", "annuity"], "BQ802"),
    ],
)
def test_what_is_not_there(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "") and err.startswith(said)


@pytest.mark.parametrize(
    ("arguments", "said", "unsaid"),
    [
        (["show", "WL-2032", "--lang", "en"], ["there is no product", "did you mean"], ["没有", "是不是"]),
        (["show", "WL-2032", "--lang=zh"], ["没有产品", "是不是"], ["there is", "did you"]),
        (["show", "WL-2032"], ["没有产品", "there is no product", "是不是", "did you mean"], []),
        (["decide", "no-such-case", "--lang", "en"], ["there is no case file", "check the path"], ["没有", "核对"]),
    ],
)
def test_a_refusal_is_told_in_the_language_asked_for(arguments: list[str], said: list[str], unsaid: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """In both languages where none was asked for."""
    _, _, err = run(capsys, *arguments)
    assert all(text in err for text in said) and not any(text in err for text in unsaid)


def test_what_is_wrong_with_a_file_is_told_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    path = BAD / "case" / "unknown_fact.yaml"
    assert "unknown key" in run(capsys, "decide", path, "--lang", "en")[2]
    assert "未知的键" in run(capsys, "decide", path)[2]


def test_check_prints_problems_on_standard_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", bad(folder, "loan_above_ceiling"))
    assert code == 1 and "BQ412" in out and "80%" in out and "BQ412" not in err


def test_check_passes_with_warnings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", bad(folder, "grace_shorter_than_default"))
    assert code == 0 and "BQ413" in out


def test_check_as_json_and_for_github(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bad(folder, "loan_above_ceiling")
    code, out, _ = run(capsys, "check", path, "--format", "json")
    assert code == 1 and [item["code"] for item in json.loads(out)] == ["BQ412"]
    code, out, _ = run(capsys, "check", path, "--format", "github")
    assert code == 1 and out.startswith("::error file=")
    code, out, _ = run(capsys, "check", folder / "company.yaml", "--format", "json")
    assert code == 0 and json.loads(out) == []


def test_check_reads_cases(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.cases.yaml"
    path.write_bytes((BAD / "case" / "unknown_fact.yaml").read_bytes())
    code, out, _ = run(capsys, "check", path)
    assert code == 1 and "BQ201" in out


@pytest.mark.parametrize("reader", ["customer", "officer", "auditor"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_decide_explains(reader: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "decide", CASE, "--lang", lang, "--for", reader)
    assert code == 0 and out.strip() and err == ""


def test_decide_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    """``--style`` takes the place of what the person's choice or age would have; an officer's report has one style."""
    letters = {style: run(capsys, "decide", "WL-2023.policy_loan", "--case", "1", *(("--style", style) if style else ()))[1] for style in ("", "standard", "plain")}
    assert letters[""] == letters["standard"] != letters["plain"]
    reports = {run(capsys, "decide", "WL-2023.policy_loan", "--case", "1", "--for", "officer", "--style", style)[1] for style in ("standard", "plain")}
    assert len(reports) == 1
    assert run(capsys, "decide", "WL-2023.policy_loan", "--style", "simple")[0] == 2


def test_decide_finds_packaged_cases_by_name(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "decide", CASE.name)[0] == 0
    assert run(capsys, "decide", CASE.name.removesuffix(".cases.yaml"))[0] == 0


def test_decide_json_can_be_replayed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "decide", CASE, "--json")
    found = json.loads(out)
    record = found[0] if isinstance(found, list) else found
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(record), "utf-8")
    assert run(capsys, "replay", path)[0] == 0
    record["outcome"] = "approved" if record["outcome"] != "approved" else "declined"
    path.write_text(json.dumps(record), "utf-8")
    code, out, _ = run(capsys, "replay", path)
    assert code == 1 and "BQ702" in out
    path.write_text("{}", "utf-8")
    code, _, err = run(capsys, "replay", path)
    assert code == 1 and "BQ701" in err
    path.write_bytes(b"\xff")
    assert run(capsys, "replay", path)[0] == 1


def test_decide_refuses_a_bad_case(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "decide", BAD / "case" / "unknown_fact.yaml")
    assert code == 1 and out == "" and "BQ201" in err


def test_test_says_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "test", BAD / "case" / "no_such_figure.yaml", "--engine", "direct")
    assert code == 1 and "BQ620" in out and "未通过" in out


def test_test_reports_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "test", CASE, "--engine", "direct", "--coverage")
    assert "not_applicable" in out and "missing" in out
    assert code in (0, 1)


def test_test_without_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "test", tmp_path)
    assert code == 2 and "BQ805" in err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_lists_every_clause(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "WL-2023", "--lang", lang)
    assert code == 0
    for version in api.load().products["WL-2023"].versions:
        for clause in version.clauses.values():
            assert f"({clause.name})" in out and clause.text.of(lang) in out


@pytest.mark.parametrize("line", LINES)
def test_new_starts_a_file_that_says_what_must_be_filled_in(line: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "new", "NEW-1", "--line", line, "--in", folder)
    path = Path(out.strip())
    assert code == 0 and path.is_file()
    lines = path.read_text("utf-8").splitlines()
    empty = {number for number, text in enumerate(lines, 1) if re.match(r"\s+(- )?\w+:  #|(name|filed):  #", text) and not text.lstrip().startswith("#")}
    titles = {number for number in empty if re.match(r" {6}\w+:  #", lines[number - 1])}
    problems = api.check(path)
    assert {problem.span.line for problem in problems if problem.span} == empty - titles
    assert {problem.code for problem in problems} <= {"BQ203", "BQ221"}
    assert run(capsys, "new", "NEW-1", "--line", line, "--in", folder)[0] == 2


def test_new_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It brings company rules and schemas; the folder can be checked, and what is unfinished hinders nothing else."""
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "new", "NEW-1", "--line", "annuity")
    assert code == 0 and out.splitlines() == ["products/annuity/NEW-1.yaml", "products/company.yaml"]
    for written in out.splitlines():
        schema = (tmp_path / written).read_text("utf-8").splitlines()[0].partition("=")[2]
        assert (tmp_path / written).parent.joinpath(schema).is_file()
    assert not api.check("products/company.yaml")
    code, out, _ = run(capsys, "check", "products")
    assert code == 1 and out.count("annuity/NEW-1.yaml:") >= 5 and "company.yaml:" not in out
    code, out, _ = run(capsys, "show", "NEW-1")
    assert code == 1 and "BQ203" in out
    for name in ("MD-2021.yaml", "MD-2021.surrender.cases.yaml"):
        (tmp_path / "products" / name).write_bytes((api.products_folder() / "medical" / name).read_bytes())
    assert run(capsys, "show", "MD-2021")[0] == 0
    assert run(capsys, "decide", "products/MD-2021.surrender.cases.yaml", "--case", "1")[0] == 0
    with pytest.raises(ProductInvalid, match="NEW-1"):
        api.load("products")


def test_schema_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "schema", "--check", "--to", tmp_path)
    assert code == 1 and out.count("BQ804") >= 9
    assert run(capsys, "schema", "--to", tmp_path)[0] == 0
    assert run(capsys, "schema", "--check", "--to", tmp_path) == (0, "", "")


def test_a_failure_of_the_program_is_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(api, "load", broken)
    code, out, err = run(capsys, "show", "WL-2023")
    assert (code, out) == (1, "") and err.startswith("BQ809") and "RuntimeError" in err


def test_output_is_utf8_whatever_the_locale() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "baoquan_rules.cli.main", "show", "WL-2023"], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0 and "宽限期" in done.stdout.decode("utf-8")


def test_services_lists_every_item(capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each item, its name in both languages; the JSON has all of each."""
    library = api.load()
    code, out, _ = run(capsys, "services")
    assert code == 0
    for service, line in zip(library.services.values(), out.splitlines()[1:], strict=True):
        assert line.startswith(service.name) and service.title.zh in line and service.title.en in line
    code, out, _ = run(capsys, "services", "--json")
    found = {one["service"]: one for one in json.loads(out)}
    assert code == 0 and list(found) == list(library.services)
    assert found["policy_loan"]["documents"] == [{"kind": "application", "label": {"zh": "保单贷款申请书", "en": "application for a policy loan"}}]


@pytest.mark.parametrize("name", ["reinstatement", "复效", "RE"])
def test_services_tells_one_item(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name, its title or its alias: parameters, conditions, documents and law, in both languages."""
    _, out, _ = run(capsys, "services", name)
    for said in ("reinstatement.interest_from", "利息起算", "interest runs from", "《保险法》第三十七条第一款 / Insurance Law, art. 37(1)"):
        assert said in out, said
    _, out, _ = run(capsys, "services", name, "--json")
    found = json.loads(out)
    parameter = next(one for one in found["parameters"] if one["name"] == "reinstatement.interest_from")
    assert parameter["default"] == "due_date" and parameter["words"]["due_date"]["zh"] == "各期应交日"
    assert all(set(one["law"]) <= {law["id"] for law in found["law"]} for one in found["conditions"])


def test_services_of_no_such_name(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "services", "reinstate")
    assert (code, out) == (2, "") and "BQ802" in err and "reinstatement" in err
