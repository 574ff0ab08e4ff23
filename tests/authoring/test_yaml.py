"""What the strict YAML reader takes, what it refuses and where, and the places it gives."""

from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from baoquan_rules.authoring import CODES, Document, Problems, read_documents, read_yaml, reading, render
from baoquan_rules.authoring import yaml as reader
from baoquan_rules.authoring.document import line_starts
from baoquan_rules.authoring.offsets import offsets


def read(text: str | bytes) -> Document:
    document, problems = read_yaml("a.yaml", text)
    assert document is not None, render(problems, {"a.yaml": str(text)})
    return document


def shown(document: Document, path: tuple[str | int, ...], start: int, end: int) -> str:
    """The source text at a place inside a value."""
    return between(document, document.span_at(path, start, end))


def between(document: Document, span: Any) -> str:
    starts = document.spans.line_starts
    start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
    return document.text[start:end]


# One row a mistake: the text, and for each problem its code, line and column.
BAD: list[tuple[str | bytes, list[tuple[str, int, int]]]] = [
    (b"a: 1\nb: \xff\n", [("BQ103", 2, 4)]),
    ("名称: 保单\n".encode("gb18030"), [("BQ103", 1, 1)]),
    ("a: 1\n".encode("utf-16"), [("BQ103", 1, 1)]),
    ("a: 1\nb: x\0y\n", [("BQ104", 2, 5)]),
    ("a: x\u200by\nb: \u202ex\n", [("BQ104", 1, 5), ("BQ104", 2, 4)]),
    ("a: x\ufeff\n", [("BQ104", 1, 5)]),
    ("a: x\x85y\u2028z\n", [("BQ104", 1, 5), ("BQ104", 1, 7)]),
    ('a: "x\\u200b"\nb: "\\0"\n', [("BQ104", 1, 4), ("BQ104", 2, 4)]),
    ("a:\n\tb: 1\n", [("BQ105", 2, 1)]),
    ("a: 1\t# x\tx\nb: 2\n", [("BQ105", 1, 5)]),
    ("", [("BQ106", 1, 1)]),
    ("# 只有注释\n", [("BQ106", 1, 1)]),
    ("---\n", [("BQ106", 1, 1)]),
    ("a: 1\n---\nb: 2\n", [("BQ107", 2, 1)]),
    ("a: 1\nb: c: d\n", [("BQ108", 2, 5)]),
    ("a: 1\n b: 2\n", [("BQ108", 2, 3)]),
    ("a:\n  - x\n b: 2\n", [("BQ108", 3, 2)]),
    ("a: 'x\nb: 2\n", [("BQ108", 1, 4)]),
    ("a: [1, 2\nb: 3\n", [("BQ108", 2, 2)]),
    ("a: {insured.name}的同意\n", [("BQ108", 1, 18)]),
    ("a: %x\n", [("BQ108", 1, 4)]),
    ("a: @x\n", [("BQ108", 1, 4)]),
    ('a: "\\q"\n', [("BQ108", 1, 5)]),
    ("a: ]\n", [("BQ108", 1, 4)]),
    ("a: |x\n  y\n", [("BQ108", 1, 5)]),
    ("a: 1\nbcd\nc: 2\n", [("BQ108", 2, 1)]),
    ("长度：60\n单位: 天\n", [("BQ108", 2, 3)]),
    ("a: no\nb: 1: 2\n", [("BQ111", 1, 4), ("BQ108", 2, 5)]),
    ("[" * 33 + "]" * 33, [("BQ109", 1, 33)]),
    ("- 1\n" * 100_001, [("BQ110", 100_000, 3)]),
    ("- no\n- yes\n- on\n- off\n- y\n- N\n", [("BQ111", line, 3) for line in range(1, 7)]),
    ("a: True\nb: FALSE\nc: Yes\n", [("BQ111", line, 4) for line in range(1, 4)]),
    ("a: ~\nb: NULL\n", [("BQ112", 1, 4), ("BQ112", 2, 4)]),
    ("a: 012\nb: 0x1F\nc: 0o17\nd: 0b1\ne: 00.5\n", [("BQ113", line, 4) for line in range(1, 6)]),
    ("a: 1_000\nb: 1_000.50\n", [("BQ114", 1, 4), ("BQ114", 2, 4)]),
    ("a: 1:30\nb: 23:59:59\nc: -1:30\n", [("BQ115", line, 4) for line in range(1, 4)]),
    ("a: 1e5\nb: 1.5E-3\nc: .inf\nd: -.INF\ne: .nan\nf: NaN\n", [("BQ116", line, 4) for line in range(1, 7)]),
    ("a: 2023-05-10\nb: 2023-5-1\nc: 2023-05-10T10:12\n", [("BQ117", line, 4) for line in range(1, 4)]),
    ("a: 2023-05-10 10:12:00\n", [("BQ117", 1, 4)]),
    ("a: 1234567890123456789\n", [("BQ118", 1, 4)]),
    (f"a: {'9' * 5000}\n", [("BQ118", 1, 4)]),
    ("a: !x y\nb: !!python/object/apply:os.system ['x']\nc: !!str 1\n", [("BQ119", n, 4) for n in (1, 2, 3)]),
    ("a: ! x\n", [("BQ119", 1, 4)]),
    ("a: &x 1\nb: *x\n", [("BQ120", 1, 4), ("BQ121", 2, 4)]),
    ("a: *undefined\n", [("BQ121", 1, 4)]),
    ("a: 1\n<<: {b: 1}\n", [("BQ122", 2, 1)]),
    ("a: 1\nb: 2\na: 3\n", [("BQ123", 3, 1)]),
    ("a: {x: 1, x: 2}\n", [("BQ123", 1, 11)]),
    ("on: 1\nno: 2\n1: 3\n4.2: x\n~: 5\nnull: 1\n", [("BQ124", line, 1) for line in range(1, 7)]),
    ("2023-05-10: x\ntrue: x\n012: z\n", [("BQ124", line, 1) for line in range(1, 4)]),
    ("? \n: 5\n", [("BQ124", 1, 2)]),
    ("? [a, b]\n: 1\n", [("BQ125", 1, 3)]),
    ("a: {{x}: 1}\n", [("BQ125", 1, 5)]),
    ("a: +5\nb: .5\nc: 5.\nd: +0.5\n", [("BQ126", line, 4) for line in range(1, 5)]),
    ("%YAML 1.1\n---\na: 1\n", [("BQ127", 1, 1)]),
    ("a: 文字\u3000\n\u3000b: 1\n", [("BQ128", 1, 6), ("BQ128", 2, 1)]),
]


@pytest.mark.parametrize(("text", "expected"), BAD, ids=lambda value: repr(value)[:60])
def test_mistakes_are_refused_at_their_place(text: str | bytes, expected: list[tuple[str, int, int]]) -> None:
    """Each mistake has its own code, its place, words in two languages and a cure."""
    document, problems = read_yaml("a.yaml", text)
    assert document is None
    found = [(item.code, item.span.line, item.span.column) for item in problems if item.span]
    assert expected == found, render(problems)
    for item in problems:
        assert item.code in CODES and item.message and item.message_en and item.hint and item.hint_en
        assert "{0}" not in item.message + item.hint and "{1}" not in item.message + item.hint


@pytest.mark.parametrize("loader", ["SafeLoader", "CSafeLoader"])
@pytest.mark.parametrize(("text", "expected"), BAD, ids=lambda value: repr(value)[:60])
def test_both_scanners_find_the_same(
    monkeypatch: pytest.MonkeyPatch, loader: str, text: str | bytes, expected: list[tuple[str, int, int]]
) -> None:
    """The scanner in Python, used where PyYAML has no C library, gives the same codes and lines."""
    if not hasattr(pyyaml, loader) or len(text) > 100_000:
        pytest.skip("no C scanner" if not hasattr(pyyaml, loader) else "too long for the scanner in Python")
    monkeypatch.setattr(reading, "_LOADER", getattr(pyyaml, loader))
    _, problems = read_yaml("a.yaml", text)
    assert [row[:2] for row in expected] == [(item.code, item.span.line) for item in problems if item.span]


def test_every_code_of_this_stage_is_shown() -> None:
    """Each code BQ1xx has a text that shows it, here or in a test of its own."""
    elsewhere = {"BQ101", "BQ102", "BQ129"}
    assert {code for code in CODES if code.startswith("BQ1")} == elsewhere | {
        row[0] for _, expected in BAD for row in expected
    }


def test_only_what_looks_like_it_is_anything_but_text() -> None:
    """Booleans, null and whole numbers are values; everything else is text exactly as written."""
    document = read(
        "a: true\nb: false\nc: null\nd:\ne: 0\nf: -12\ng: 1000.00\nh: 5%\ni: 60 days\nj: '012'\nk: \"yes\"\n"
        "l: 0.050\nm: 1,000.00\nn1: 2023-05-10起\no: a_b\np: 123456789012345678\nq: 1.2.3\nr: []\ns: {}\nt: ''\n"
        'u: if a <= b and c == "x" else d\nv: x=1\n'
    )
    assert {
        "a": True, "b": False, "c": None, "d": None, "e": 0, "f": -12, "g": "1000.00", "h": "5%", "i": "60 days",
        "j": "012", "k": "yes", "l": "0.050", "m": "1,000.00", "n1": "2023-05-10起", "o": "a_b",
        "p": 123456789012345678, "q": "1.2.3", "r": [], "s": {}, "t": "", "u": 'if a <= b and c == "x" else d',
        "v": "x=1",
    } == document.value  # fmt: skip


def test_byte_order_mark_and_line_ends_are_tolerated() -> None:
    """A mark at the start takes no column; CRLF and CR end lines."""
    document = read("\ufeffa: 1\r\nb: 2\rc: 3\r\n".encode())
    assert {"a": 1, "b": 2, "c": 3} == document.value
    assert (1, 1) == (document.key_span(("a",)).line, document.key_span(("a",)).column)
    assert (3, 4) == (document.span(("c",)).line, document.span(("c",)).column)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder and an impossible name are problems; a good file is read."""
    for name in (str(tmp_path / "none.yaml"), str(tmp_path), "a\0b"):
        document, problems = read_yaml(name)
        assert document is None and ["BQ101"] == [item.code for item in problems]
        assert "BQ101" in render(problems)
    good = tmp_path / "good.yaml"
    good.write_text("a: 1\n")
    assert {"a": 1} == getattr(read_yaml(str(good))[0], "value", None)


def test_large_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    """The limit holds for text, bytes and files."""
    large = "a: " + "x" * reader.MAX_BYTES
    file = tmp_path / "large.yaml"
    file.write_text(large)
    for problems in (read_yaml("a", large)[1], read_yaml("a", large.encode())[1], read_yaml(str(file))[1]):
        assert ["BQ102"] == [item.code for item in problems]
    assert ["BQ102"] == [item.code for item in read_yaml("a", "中" * 700_000)[1]]


def test_a_flood_of_problems_is_cut_with_a_notice() -> None:
    """The last problem says how many are not listed."""
    _, problems = read_yaml("a", "- no\n" * (reading.MAX_PROBLEMS + 7))
    assert reading.MAX_PROBLEMS + 1 == len(problems)
    last = list(problems)[-1]
    assert "BQ129" == last.code and "7" in last.message


def test_a_repeated_key_says_where_the_first_is() -> None:
    """The message names the line and column of the first."""
    _, problems = read_yaml("a", "x:\n  长度: 1\n  b: 2\n  长度: 3\n")
    assert "第 2 行第 3 列" in next(iter(problems)).message


def test_full_width_colon_is_named_in_the_cure() -> None:
    """The commonest slip of Chinese input methods is pointed out."""
    _, problems = read_yaml("a", "长度：60\n单位: 天\n")
    assert "全角冒号" in str(next(iter(problems)).hint)


@pytest.mark.parametrize("loader", ["SafeLoader", "CSafeLoader"])
def test_escapes_that_are_no_character(monkeypatch: pytest.MonkeyPatch, loader: str) -> None:
    """Neither scanner lets one through or raises."""
    monkeypatch.setattr(reading, "_LOADER", getattr(pyyaml, loader, pyyaml.SafeLoader))
    for escape in ("\\UFFFFFFFF", "\\U00110000", "\\ud800"):
        document, problems = read_yaml("a", f'a: 1\nb: "{escape}"\n')
        assert document is None and [2] == [item.span.line for item in problems if item.span]


def test_documents_of_a_file() -> None:
    """A bad document is left out, the others are read; places count from the top of the file."""
    documents, problems = read_documents("a", "---\na: 1\n---\na: yes\n---\nb: 2\n")
    assert [{"a": 1}, {"b": 2}] == [item.value for item in documents]
    assert [("BQ111", 4)] == [(item.code, item.span.line) for item in problems if item.span]
    assert 6 == documents[1].span(("b",)).line
    documents, problems = read_documents("a", "")
    assert [] == documents and ["BQ106"] == [item.code for item in problems]
    documents, problems = read_documents("a", "a: 1\n---\n")
    assert 1 == len(documents) and [("BQ106", 2)] == [(p.code, p.span.line) for p in problems if p.span]


def test_a_byte_that_is_not_text_spoils_the_whole_file() -> None:
    """Text problems stand before the documents, so none is given."""
    assert [] == read_documents("a", "a: 1\n---\nb: \x01\n")[0]


def test_places_of_keys_and_values() -> None:
    """Places are 1-based, in characters, with an exclusive end; a block ends with its last value."""
    text = "名称: 终身寿险 # 注\n条款:\n  宽限期: {长度: 60 days}\n  列表:\n    - 甲\n    - 𠮷b\n# 尾\n空:\n"
    document = read(text)
    assert "终身寿险" == between(document, document.span(("名称",)))
    assert "名称" == between(document, document.key_span(("名称",)))
    assert "60 days" == between(document, document.span(("条款", "宽限期", "长度")))
    assert "长度" == between(document, document.key_span(("条款", "宽限期", "长度")))
    assert "{长度: 60 days}" == between(document, document.span(("条款", "宽限期")))
    assert "𠮷b" == between(document, document.span(("条款", "列表", 1)))
    assert "- 甲\n    - 𠮷b" == between(document, document.span(("条款", "列表")))
    assert "" == between(document, document.span(("空",)))
    assert (8, 3) == (document.span(("空",)).line, document.span(("空",)).column)
    assert "名称" == between(document, document.key_span(()))
    assert document.span(("条款",)) == document.span(("条款", "没有", "这个"))
    assert document.span(("名称",)) == document.span_at(("名称", 0), 0, 1)


SCALARS = [
    ("plain", "a: x <= ratoi * 2 # c\n"),
    ("plain over lines", "a: x <=\n   ratoi *\n\n   2\nb: 1\n"),
    ("single", "a: 'it''s ratoi x'\n"),
    ("single over lines", "a: 'it''s\n   中文 ratoi\n\n   x'\n"),
    ("double", 'a: "中文 ratoi x"\n'),
    ("double with escapes", 'a: "\\u4e2d\\t\\x41\\U0001F600 \\"q\\" ratoi x"\n'),
    ("double over lines", 'a: "中 \\\n   b\n   ratoi \n\n   x"\n'),
    ("literal", "a: |\n  中文\n    x <= ratoi\n\n  y\n"),
    ("literal with indicator", "a: |2-\n    x\n   ratoi\n  y\n"),
    ("literal kept", "a: |+ # c\n\n  x ratoi\n\n\nb: 1\n"),
    ("folded", "a: >\n  中文 x\n  ratoi\n\n  y\n    more\n  z\n"),
    ("folded stripped", "a: >-\n\n  x <=\n  ratoi\n\n\n  y"),
    ("after empty lines", "a: |+\n\n ratoi\n"),
    ("deep", "a: |\n" + " " * 500 + "x ratoi\n"),
    ("crlf", "a: >-\r\n  x <=\r\n  ratoi\r\n  y\r\n"),
    ("in a list", "a:\n- |\n x\n ratoi\n- 1\n"),
    ("in flow", "a: [x, {b: 中 ratoi x}]\n"),
]


@pytest.mark.parametrize("text", [text for _, text in SCALARS], ids=[name for name, _ in SCALARS])
def test_places_inside_text_are_right_in_every_style(text: str) -> None:
    """A name inside an expression is found where it stands in the file."""
    document = read(text)
    found = 0
    for path in document.spans.places:
        value = document.value
        for step in path:
            value = value[step]
        if isinstance(value, str) and "ratoi" in value:
            start = value.index("ratoi")
            assert "ratoi" == shown(document, path, start, start + 5)
            assert document.span_at(path, start, start + 5) == document.span_at(path, start, start + 5)
            assert all(value[at] == shown(document, path, at, at + 1) for at in range(start, start + 5))
            found += 1
    assert 1 == found


def test_places_beyond_the_text_are_held_inside_it() -> None:
    """Offsets out of range give a place at the edge of the value."""
    document = read("a: 'abc'\nb: 12\nc: ''\n")
    assert "c" == shown(document, ("a",), 2, 99)
    assert "" == shown(document, ("a",), 9, 99)
    assert "abc" == shown(document, ("a",), -5, 99)
    assert "2" == shown(document, ("b",), 1, 2)
    assert "" == shown(document, ("c",), 0, 1).strip("'")


def test_reading_executes_nothing(tmp_path: Path) -> None:
    """A tag that would call a function in other loaders leaves no trace."""
    target = tmp_path / "made"
    _, problems = read_yaml("a", f"!!python/object/apply:pathlib.Path.touch [!!python/name:x '{target}']\n")
    assert not problems.ok and not target.exists()


# ---------------------------------------------------------------------------------------------------------
# Any input


def total(text: str | bytes) -> None:
    """Reading and rendering end in values or problems, and a document has only plain values with places."""
    document, found = read_yaml("a.yaml", text)
    assert (document is None) is not found.ok
    for documents, problems in (([document] if document else [], found), read_documents("a.yaml", text)):
        assert isinstance(problems, Problems)
        assert documents or not problems.ok
        source = text if isinstance(text, str) else text.decode("utf-8", "replace")
        lines = max(1, len(line_starts(source)))
        for item in problems:
            assert item.code in CODES and item.span is not None
            assert 1 <= item.span.line <= lines and item.span.column >= 1
            assert (item.span.line, item.span.column) <= (item.span.end_line, item.span.end_column)
        for form in ("text", "json", "github"):
            render(problems, {"a.yaml": source}, form)
        for document in documents:
            for path in document.spans.places:
                value = document.value
                for step in path:
                    value = value[step]
                assert type(value) in (dict, list, str, int, bool, type(None))
                if isinstance(value, str):
                    place = document.spans.places[path]
                    assert offsets(document.text, place, value) is not None, (
                        document.text,
                        path,
                        value,
                        place,
                    )


PIECES = st.sampled_from(
    ["a", "b", "键", "值", ": ", ":", "- ", "\n", "\n  ", "\n    ", "  ", " ", "'", '"', "''", "\\", "\\\n", "|", ">", "|2", ">-\n ",
     "|+\n  ", "[", "]", "{", "}", ", ", "#", " # c", "&x", "*x", "!t", "!!str ", "<<", "? ", "---\n", "...\n", "%YAML 1.1\n",
     "yes", "012", "1:30", "2023-05-10", "1.5", "12", "null", "true", "\t", "\r\n", "\r", "\u3000", "\u2028", "\x85", "\ufeff",
     "\0", "𠮷", "\\u4e2d", "\\x41", "\\U0001F600", "\\UFFFFFFFF", "@", "`", "，", "：", "\ud800"]
)  # fmt: skip
TEMPLATE = "名称: {zh: 示例, en: Sample}\nversions:\n  - from: \"2023-06-01\"\n    text: |\n      第一\n        x\n    rule: >-\n      a <=\n      b\n    q: 'it''s\n      x'\n    d: \"\\u4e2d \\\n      y\"\n"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_end_in_problems(data: bytes) -> None:
    """No bytes raise."""
    total(data)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_random_text_ends_in_problems(text: str) -> None:
    """No text raises."""
    total(text)


@settings(max_examples=600, deadline=None)
@example("|2\n    ")  # blanks alone, deeper than the indentation that is stated
@given(st.lists(PIECES, max_size=30).map("".join))
def test_random_yaml_ends_in_problems(text: str) -> None:
    """Nothing that looks like YAML raises, and every text value that is read has its places."""
    total(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(TEMPLATE)), st.integers(0, 5), PIECES), min_size=1, max_size=4))
def test_mutated_files_end_in_problems(changes: list[tuple[int, int, str]]) -> None:
    """A good file with something cut out or put in never raises."""
    text = TEMPLATE
    for position, length, piece in changes:
        text = text[:position] + piece + text[position + length :]
    total(text)


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(["'", '"', "|", ">", None]),
)
def test_written_text_is_read_back_with_its_places(value: str, style: Any) -> None:
    """Text that PyYAML writes in any style comes back equal, each character at its place."""
    text = pyyaml.dump({"k": {"v": value}}, default_style=style, allow_unicode=True, width=20)
    document, _ = read_yaml("a.yaml", text)
    if document is None:
        return
    read_back = document.value["k"]["v"]
    if not isinstance(read_back, str):
        return
    assert value == read_back
    for index, character in enumerate(value):
        source = shown(document, ("k", "v"), index, index + 1)
        assert source == character or character in " \n" or source.startswith(("\\", "''"))
