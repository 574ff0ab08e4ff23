"""problems -> what the author reads: the place, the source line with a caret, the cure.

A problem is a value. A stage takes and returns problems and never raises them; only the API raises a
`BaoquanError` that carries them: `ProductInvalid`, `CaseInvalid` or `WrongUse`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .codes import CODES

__all__ = [
    "CODES",
    "BaoquanError",
    "CaseInvalid",
    "Problem",
    "Problems",
    "ProductInvalid",
    "Span",
    "WrongUse",
    "both",
    "did_you_mean",
    "nearest",
    "render",
]

Format = Literal["text", "json", "github"]
Language = Literal["zh", "en"]
Severity = Literal["error", "warning"]

# A longer source line is shown as a window around the caret.
LINE_SHOWN = 160
# Sources read from disk only to show a line; matches the limit for reading YAML.
SOURCE_LIMIT = 2 * 1024 * 1024

LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: 1-based lines and columns, columns in characters, the end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing an author or a caller must mend.

    `message` says what was found and what is allowed, `hint` the cure, `basis` the article of law it rests on.
    The plain fields are Chinese, those in `_en` English; a hint may also be given as one text in both (see `both`).
    """

    code: str
    message: str
    span: Span | None = None
    hint: str | None = None
    basis: str | None = None
    severity: Severity = "error"
    message_en: str | None = None
    hint_en: str | None = None
    basis_en: str | None = None

    def __post_init__(self) -> None:
        if self.hint is not None and self.hint_en is None:
            for name, words in zip(("hint", "hint_en"), both(self.hint), strict=True):
                object.__setattr__(self, name, words)


@dataclass(frozen=True, slots=True, init=False)
class Problems:
    """An immutable collection of problems; true when it holds any."""

    items: tuple[Problem, ...]

    def __init__(self, items: Iterable[Problem] = ()) -> None:
        object.__setattr__(self, "items", tuple(items))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        return bool(self.items)

    def __add__(self, other: Iterable[Problem]) -> "Problems":
        return Problems((*self.items, *other))

    @property
    def errors(self) -> "Problems":
        return Problems(item for item in self.items if item.severity == "error")

    @property
    def warnings(self) -> "Problems":
        return Problems(item for item in self.items if item.severity == "warning")

    @property
    def ok(self) -> bool:
        """No errors; warnings do not count."""
        return all(item.severity != "error" for item in self.items)

    def sorted(self) -> "Problems":
        """By file and place, then code; what has no place comes first."""
        return Problems(sorted(self.items, key=_order))


class BaoquanError(Exception):
    """What the library raises about what others wrote or asked for. `problems` says what and where, with the cure."""

    def __init__(self, problems: Iterable[Problem], sources: Mapping[str, str] | None = None) -> None:
        self.problems = problems if isinstance(problems, Problems) else Problems(problems)
        self.sources = sources
        super().__init__(self.problems, sources)

    def __str__(self) -> str:
        return render(self.problems, self.sources)


class ProductInvalid(BaoquanError):
    """What authors wrote cannot be used: they must mend it."""


class CaseInvalid(BaoquanError):
    """The facts of a case cannot be used: the caller must mend them."""


class WrongUse(BaoquanError, ValueError):
    """A function was given an argument of a kind that it does not take; said in both languages."""

    def __str__(self) -> str:
        return "\n".join(render(self.problems, language=language) for language in ("zh", "en"))


def render(
    problems: Iterable[Problem],
    sources: Mapping[str, str] | None = None,
    format: Format = "text",
    *,
    language: Language = "zh",
) -> str:
    """The problems in order of place, as text with source lines, as JSON, or as GitHub annotations.

    `sources` maps file names to their text; a file that is not there is read from disk, and where that
    fails the source line is left out.
    """
    ordered = sorted(problems, key=_order)
    if format == "json":
        import json

        return json.dumps([_as_object(item) for item in ordered], ensure_ascii=False, indent=2)
    if format == "github":
        return "\n".join(_as_annotation(item, language) for item in ordered)
    lines: dict[str, list[str]] = {}
    return "\n".join(_as_text(item, sources or {}, lines, language) for item in ordered)


def both(text: str) -> tuple[str, str]:
    """A text `中文 / English` as its two halves; one that has no halves stands for both.

    What a person wrote may hold ` / ` itself: it then stands in both halves, and the middle one parts them.
    """
    parts = text.split(" / ")
    half = len(parts) // 2
    return (text, text) if len(parts) % 2 else (" / ".join(parts[:half]), " / ".join(parts[half:]))


def did_you_mean(name: str, valid: Iterable[str], *, most: int = 20) -> str:
    """The cure for a name that is not there, in both languages: the nearest one, or else those that are."""
    names = sorted(valid)
    if not names:
        return "这里一个也没有 / there are none here"
    near = nearest(name, names)
    if near is not None:
        return f"是不是 {near}？ / did you mean {near}?"
    more = len(names) > most
    return f"可用：{'、'.join(names[:most])}{'…' if more else ''} / one of: {', '.join(names[:most])}{', ...' if more else ''}"


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name most like `name`, or None when none is near: letter case, `-` and `_` count for little."""
    plain = _plain(name[:100])
    names = {_plain(candidate): candidate for candidate in sorted(valid, reverse=True)}
    if plain in names:
        return names[plain]
    import difflib

    found = difflib.get_close_matches(plain, names, n=1, cutoff=0.6)
    return names[found[0]] if found else None


def width(character: str) -> int:
    """Columns a terminal gives to a character: 2 for East Asian wide, 0 for combining marks, else 1."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


def _order(item: Problem) -> tuple[str, int, int, str, str]:
    if item.span is None:
        return ("", 0, 0, item.code, item.message)
    return (item.span.file, item.span.line, item.span.column, item.code, item.message)


def _words(item: Problem, language: Language) -> tuple[str, str | None, str | None]:
    if language == "en":
        return item.message_en or item.message, item.hint_en or item.hint, item.basis_en or item.basis
    return item.message, item.hint, item.basis


def _visible(text: str) -> str:
    """Control characters, which could drive a terminal or break a line, as U+FFFD; a tab as one space."""
    if text.isprintable():
        return text
    shown = []
    for character in text:
        if character == "\t":
            shown.append(" ")
        elif unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            shown.append("\N{REPLACEMENT CHARACTER}")
        else:
            shown.append(character)
    return "".join(shown)


def _as_text(
    item: Problem, sources: Mapping[str, str], lines: dict[str, list[str]], language: Language
) -> str:
    message, hint, basis = _words(item, language)
    if item.severity == "warning":
        message = f"警告：{message}" if language == "zh" else f"warning: {message}"
    head = f"{item.code} {message}"
    if item.span is not None:
        head = f"{item.span.file}:{item.span.line}:{item.span.column}: {head}"
    out = [*_notes(head, "", "  ")]
    if item.span is not None:
        out += _source_lines(item.span, sources, lines)
    if basis:
        out += _notes(("依据：" if language == "zh" else "basis: ") + basis, "      = ", "        ")
    if hint:
        out += _notes(hint, "      = ", "        ")
    return "\n".join(out)


def _notes(text: str, first: str, rest: str) -> list[str]:
    return [
        (rest if index else first) + _visible(line)
        for index, line in enumerate(LINE_BREAK.split(text.strip()))
    ]


def _source_lines(span: Span, sources: Mapping[str, str], lines: dict[str, list[str]]) -> list[str]:
    if span.file not in lines:
        lines[span.file] = LINE_BREAK.split(_source(span.file, sources))
    known = lines[span.file]
    if not 1 <= span.line <= len(known):
        return []
    source = known[span.line - 1]
    start = max(span.column - 1, 0)
    end = span.end_column - 1 if span.end_line == span.line else len(source.rstrip())
    end = max(end, start + 1)
    left = 0
    if len(source) > LINE_SHOWN:
        left = max(0, min(start - LINE_SHOWN // 2, len(source) - LINE_SHOWN))
        source = source[left : left + LINE_SHOWN]
        end = min(end, left + LINE_SHOWN)
    if not source.strip():
        return []
    source = _visible(source)
    before, under = source[: start - left], source[start - left : end - left] or " "
    pad = "".join(("", " ", "\N{IDEOGRAPHIC SPACE}")[width(character)] for character in before)
    pad += " " * (start - left - len(before))
    carets = (
        "".join(("", "^", "\N{FULLWIDTH CIRCUMFLEX ACCENT}")[width(character)] for character in under) or "^"
    )
    return [f"{span.line:5d} | {source}", f"      | {pad}{carets}"]


def _source(file: str, sources: Mapping[str, str]) -> str:
    if file in sources:
        return sources[file].removeprefix("\ufeff")
    try:
        path = Path(file)
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            return stream.read(SOURCE_LIMIT).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return ""


def _as_object(item: Problem) -> dict[str, str | int | None]:
    span = item.span
    return {
        "code": item.code,
        "severity": item.severity,
        "message": item.message,
        "message_en": item.message_en,
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "hint": item.hint,
        "hint_en": item.hint_en,
        "basis": item.basis,
        "basis_en": item.basis_en,
    }


def _as_annotation(item: Problem, language: Language) -> str:
    message, hint, basis = _words(item, language)
    body = "\n".join(part for part in (f"{item.code} {message}", basis, hint) if part)
    place = ""
    if item.span is not None:
        place = f" file={_property(item.span.file)},line={item.span.line},col={item.span.column}"
    return f"::{item.severity}{place}::{_escaped(body)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
