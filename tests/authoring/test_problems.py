"""Problems as values, and how they are shown."""

import json
import pickle
from pathlib import Path

import pytest

from baoquan_rules.authoring import (
    CODES,
    CaseInvalid,
    Problem,
    Problems,
    ProductInvalid,
    Span,
    nearest,
    render,
)
from baoquan_rules.authoring.codes import API, COMMAND, COMPILER, FACTS, LANGUAGE, MODEL, RECORD, SCHEMA, YAML

RANGES = {
    "1": YAML,
    "2": SCHEMA,
    "3": MODEL,
    "4": LANGUAGE,
    "5": COMPILER,
    "6": FACTS,
    "7": RECORD,
    "8": COMMAND,
    "9": API,
}


def at(line: int, column: int, end: int, code: str = "BQ412") -> Problem:
    return Problem(code, "说明", Span("a.yaml", line, column, line, end))


def test_text_form_is_place_line_caret_basis_and_cure() -> None:
    """The text form is exactly the one in the documentation."""
    source = "\n" * 20 + "        ratio: 85%\n"
    problem = Problem(
        "BQ412",
        "贷款比例 85% 超过监管上限 80%",
        Span("products/whole-life/W-2023.yaml", 21, 16, 21, 19),
        hint="改为 80% 或更低",
        basis="保监发〔2016〕76号 第四条",
    )
    expected = """\
products/whole-life/W-2023.yaml:21:16: BQ412 贷款比例 85% 超过监管上限 80%
   21 |         ratio: 85%
      |                ^^^
      = 依据：保监发〔2016〕76号 第四条
      = 改为 80% 或更低"""
    assert expected == render([problem], {"products/whole-life/W-2023.yaml": source})


def test_caret_stands_under_wide_characters() -> None:
    """Wide characters before the place are padded with wide spaces, and underlined with wide carets."""
    source = "说明：贷款 ratio: 85%\n"
    narrow = render([at(1, 14, 17)], {"a.yaml": source}).splitlines()
    assert "    1 | 说明：贷款 ratio: 85%" == narrow[1]
    assert "      | \u3000\u3000\u3000\u3000\u3000        ^^^" == narrow[2]
    wide = render([at(1, 4, 6)], {"a.yaml": source}).splitlines()
    assert "      | \u3000\u3000\u3000＾＾" == wide[2]


def test_combining_and_astral_characters_take_their_own_width() -> None:
    """A combining mark takes no column; an ideograph outside the basic plane takes two."""
    shown = render([at(1, 4, 5)], {"a.yaml": "e\u0301𠮷x"}).splitlines()
    assert "      |  \u3000^" == shown[2]


def test_place_at_the_end_of_a_line_still_gets_a_caret() -> None:
    """An empty value is marked just behind its colon."""
    assert render([at(1, 3, 3)], {"a.yaml": "a:"}).endswith("    1 | a:\n      |   ^")


def test_place_over_several_lines_is_marked_on_its_first() -> None:
    """The caret runs to the end of the first line."""
    shown = render([Problem("BQ1", "m", Span("a.yaml", 1, 4, 2, 4))], {"a.yaml": "a: bc\n   d"})
    assert shown.endswith("    1 | a: bc\n      |    ^^")


def test_long_lines_are_shown_around_the_place() -> None:
    """A line of a megabyte is not printed whole, and the caret still stands under its character."""
    source = "中" * 5000 + "X" + "b" * 5000
    _, line, caret = render([at(1, 5001, 5002)], {"a.yaml": source}).splitlines()
    assert len(line) < 200
    assert "X" == line[caret.index("^")]


def test_control_characters_never_reach_the_terminal() -> None:
    """Neither from the source line nor from a message or a file name."""
    problem = Problem("BQ1", "found \x1b[31m", Span("a\x1b.yaml", 1, 1, 1, 2), hint="x\x07")
    assert not {"\x1b", "\x07"} & set(render([problem], {"a\x1b.yaml": "\x1b[2Jx\x9b"}))


def test_a_missing_source_leaves_only_the_message() -> None:
    """Rendering never fails because a file is gone."""
    assert "/no/such:1:1: BQ101 m" == render([Problem("BQ101", "m", Span("/no/such", 1, 1, 1, 1))])
    assert "BQ101 m" == render([Problem("BQ101", "m")])
    assert "a.yaml:9:9: BQ412 说明" == render([at(9, 9, 10)], {"a.yaml": "a: 1"})


def test_source_is_read_from_disk(tmp_path: Path) -> None:
    """Without `sources` the line comes from the file, whose byte order mark takes no column."""
    file = tmp_path / "a.yaml"
    file.write_bytes("\ufeff键: 值\r\nb: 1\r\n".encode())
    shown = render([Problem("BQ1", "m", Span(str(file), 1, 4, 1, 5))])
    assert shown.endswith("    1 | 键: 值\n      | \u3000  ＾")


def test_warnings_and_english() -> None:
    """A warning says so; English falls back on Chinese where there is none."""
    problem = Problem("BQ1", "警示", severity="warning", message_en="caution", hint="改")
    assert "BQ1 警告：警示\n      = 改" == render([problem])
    assert "BQ1 warning: caution\n      = 改" == render([problem], language="en")


def test_json_form_has_stable_keys() -> None:
    """Every object has all keys, in one order."""
    [shown] = json.loads(render([at(1, 2, 3)], format="json"))
    assert [
        "code",
        "severity",
        "message",
        "message_en",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "hint",
        "hint_en",
        "basis",
        "basis_en",
    ] == list(shown)
    assert [] == json.loads(render([], format="json"))


def test_github_form_is_escaped() -> None:
    """Percent signs and line breaks are escaped, in properties commas and colons too."""
    problem = Problem("BQ412", "85%\nx", Span("a,b:c.yaml", 1, 2, 1, 3), severity="warning")
    assert "::warning file=a%2Cb%3Ac.yaml,line=1,col=2::BQ412 85%25%0Ax" == render([problem], format="github")
    assert "::error file=a.yaml,line=1,col=2::BQ412 说明" == render([at(1, 2, 3)], format="github")


def test_problems_are_a_value() -> None:
    """They add, filter, sort and compare; true when there are any."""
    error, warning = at(2, 1, 2), Problem("BQ1", "w", severity="warning")
    both = Problems([error]) + [warning]  # noqa: RUF005
    assert both and 2 == len(both) and not Problems() and Problems().ok
    assert Problems([error]) == both.errors and Problems([warning]) == both.warnings
    assert not both.ok and both.warnings.ok
    assert [warning, error] == list(both.sorted())
    assert Problems([at(1, 9, 10), error]) == Problems([error, at(1, 9, 10)]).sorted()
    assert hash(Problems([error])) == hash(Problems((error,)))


@pytest.mark.parametrize("exception", [ProductInvalid, CaseInvalid])
def test_exceptions_carry_and_render_their_problems(exception: type[ProductInvalid | CaseInvalid]) -> None:
    """str() is the rendered text, also after pickling."""
    raised = exception([at(1, 1, 2)], {"a.yaml": "x: 1"})
    assert "a.yaml:1:1: BQ412 说明\n    1 | x: 1\n      | ^" == str(raised)
    assert str(raised) == str(pickle.loads(pickle.dumps(raised)))


def test_codes_stand_in_the_range_of_their_stage() -> None:
    """One code, one stage, one meaning in two languages."""
    assert sum(map(len, RANGES.values())) == len(CODES)
    for digit, codes in RANGES.items():
        assert all(code.startswith(f"BQ{digit}") and len(code) == 5 for code in codes)
    assert all(zh and en for zh, en in CODES.values())


def test_nearest_name() -> None:
    """Spelling, case and hyphens are forgiven; what is unlike anything gives nothing."""
    names = ["policy_loan", "reinstatement", "surrender", "现金价值"]
    assert "policy_loan" == nearest("polcy_laon", names)
    assert "policy_loan" == nearest("Policy-Loan", names)
    assert "现金价值" == nearest("现金价", names)
    assert None is nearest("xyz", names) is nearest("a", [])
