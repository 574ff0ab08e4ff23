"""Text, problems and tables -> the terminal: with colour and rules where there is one, plain lines where there is not."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from baoquan_rules.authoring import Problem, Problems, render
from baoquan_rules.authoring.problems import width

Format = Literal["text", "json", "github"]
Language = Literal["zh", "en"]


def use_utf8() -> None:
    """Standard output and error in UTF-8 whatever the locale says, with lines ended by a line feed."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str = "") -> None:
    """A line on standard output, exactly as it is."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{text}\n")


def show_problems(problems: Problems, form: Format = "text", lang: Language = "zh") -> None:
    """The problems on standard output."""
    text = render(problems, format=form, language=lang)
    if text:
        say(text)


def complain(problems: Iterable[Problem], lang: Language | None = None) -> None:
    """Problems on standard error, for commands whose output is something else; in both languages if none was asked for."""
    note(render(map(_in_both, problems)) if lang is None else render(problems, language=lang))


def _in_both(problem: Problem) -> Problem:
    """A problem that says everything in Chinese and in English."""
    hint = f"{problem.hint} / {problem.hint_en}" if problem.hint else None
    return replace(problem, message=f"{problem.message} / {problem.message_en}", hint=hint, hint_en=hint)


def count_of(problems: Problems, lang: str = "zh") -> str:
    """How many problems there are, in words."""
    errors, warnings = len(problems.errors), len(problems.warnings)
    if lang == "en":
        return f"{errors} error(s), {warnings} warning(s)" if problems else "no problems"
    return f"{errors} 处错误，{warnings} 处警告" if problems else "没有问题"


def is_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout.isatty()


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table: ruled and coloured on a terminal, else columns of plain text aligned by width."""
    cells = [[str(cell) for cell in row] for row in rows]
    if is_terminal():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        made = Table(*heads, show_edge=False, pad_edge=False)
        for row in cells:
            made.add_row(*(Text(cell, style=_style(cell)) for cell in row))
        Console().print(made)
        return
    widths = [max(map(_width, column)) for column in zip(heads, *cells, strict=True)]
    for row in (list(heads), *cells):
        say("  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True)).rstrip())


def _style(cell: str) -> str:
    return {"通过": "green", "passed": "green", "未通过": "bold red", "failed": "bold red"}.get(cell, "")


def _width(text: str) -> int:
    return sum(map(width, text))
