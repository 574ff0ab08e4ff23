"""Everything that an author or a caller is told is told in both languages: held against every place of the package that says something."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import baoquan_rules

PACKAGE = Path(baoquan_rules.__file__).parent
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")
CODE = re.compile(r"BQ\d{3}")


def texts(node: ast.expr) -> Iterator[str]:
    """The texts that an argument can be; a value that is filled in stands as ``{}``."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(body=body, orelse=other):
            yield from texts(body)
            yield from texts(other)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (f"{one}{other}" for one in texts(left) for other in texts(right))


def halves(text: str) -> bool:
    """Whether a text says the same first in Chinese and then in English."""
    zh, parted, en = text.partition(" / ")
    return bool(parted and HAN.search(zh) and LATIN.search(en) and not HAN.search(en))


def said(call: ast.Call) -> tuple[list[str], list[str]]:
    """The texts of a call that are Chinese alone and English alone; names of codes and of parts are neither."""
    found = [text for one in (*call.args, *(keyword.value for keyword in call.keywords)) for text in texts(one)]
    words = [text for text in found if not CODE.fullmatch(text) and not halves(text) and text not in ("error", "warning")]
    chinese = [text for text in words if HAN.search(text)]
    return chinese, [text for text in words if not HAN.search(text) and (LATIN.search(text) or "{}" in text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_problem_is_told_in_both_languages(path: Path) -> None:
    """As many texts in English as in Chinese, or texts that hold both, wherever a code of a problem is given with words."""
    for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
        if any(CODE.fullmatch(text) for one in call.args for text in texts(one)):
            chinese, english = said(call)
            assert len(chinese) <= len(english), f"{path.name}:{call.lineno}: {chinese} and {english}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_an_error_with_chinese_words_has_english_ones(path: Path) -> None:
    """A ``ValueError`` that an author comes to read holds both halves."""
    for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in ("ValueError", "TypeError"):
            for text in (one for argument in call.args for one in texts(argument)):
                assert not HAN.search(text) or " / " in text, f"{path.name}:{call.lineno}: {text}"
