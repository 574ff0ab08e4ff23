"""The documentation, tried: Python blocks run, product files pass, and problem messages are really those quoted."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baoquan_rules import Problems, check, load
from baoquan_rules.api import products_folder
from baoquan_rules.authoring import render
from baoquan_rules.testing.cases import run_cases

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
GUIDES = {"zh": DOCS / "authors-guide.zh-CN.md", "en": DOCS / "authors-guide.en.md"}
BLOCK = re.compile(r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)


def blocks(path: Path) -> Iterator[tuple[str, str, str]]:
    """The code blocks of a page: the remark before each, its language, its text."""
    for found in BLOCK.finditer(path.read_text(encoding="utf-8")):
        yield found["note"] or "", found["kind"], found["text"]


def folder_of(guide: Path, where: Path) -> Path:
    """A products folder with the files that a guide has its reader write, beside the company rules; the cases lie in another."""
    where.mkdir()
    shutil.copy(products_folder() / "company.yaml", where / "company.yaml")
    for note, _, text in blocks(guide):
        if note.startswith("file: "):
            path = home_of(where, note.removeprefix("file: "))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return where


def home_of(where: Path, name: str) -> Path:
    """Where a file that a guide names is kept."""
    return (where.with_name(where.name + "-cases") if name.endswith(".cases.yaml") else where) / name


CHECKED: dict[tuple[str, ...], tuple[Problems, Path]] = {}
"""What a check said of the same products before, and of which folder it said it; the guides share their product."""


def shown(folder: Path, lang: str) -> str:
    """What a check of the folder, and a run of its cases where it passes, say."""
    key = tuple(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.*")))
    if key not in CHECKED:
        CHECKED[key] = check(folder), folder
    found, place = CHECKED[key]
    cases = folder.with_name(folder.name + "-cases")
    if found.ok:
        results, problems = run_cases(sorted(cases.rglob("*.cases.yaml")), load(folder))
        found = found + problems + [one for result in results for one in result.differences]
    text = render(found, language=lang)  # type: ignore[arg-type]
    for one in (cases, place.resolve(), place):
        text = text.replace(str(one), "products")
    return text


def test_python_of_the_integration_guide(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The Python blocks of the integration guide run one after the other, as a reader would run them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "products").mkdir()
    for name in ("company.yaml", "whole_life/WL-2023.yaml"):
        shutil.copy(ROOT / "products" / name, tmp_path / "products")
    scope: dict[str, Any] = {"__name__": "guide"}
    for number, (note, kind, text) in enumerate(blocks(DOCS / "integration.md")):
        if kind == "python" and note != "not run":
            exec(compile(text, f"integration.md, block {number}", "exec"), scope)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_readme(page: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The README's values, letter and message are the real ones."""
    monkeypatch.chdir(ROOT)
    scope: dict[str, Any] = {}
    [python] = [text for _, kind, text in blocks(ROOT / page) if kind == "python"]
    exec(python, scope)
    for line in python.splitlines():
        expression, found, value = line.partition("  # ")
        if found:
            assert value.split(", in ")[0] == repr(eval(expression, scope))
    letter, message = (text for _, kind, text in blocks(ROOT / page) if kind == "text")
    decision = scope["decision"]
    assert decision.explain().startswith("\n".join(letter.splitlines()[:-2]))
    folder = tmp_path / "mine"
    (folder / "whole_life").mkdir(parents=True)
    shutil.copy(products_folder() / "company.yaml", folder)
    product = (products_folder() / "whole_life" / "WL-2023.yaml").read_text(encoding="utf-8")
    (folder / "whole_life" / "WL-2023.yaml").write_text(product.replace("length: 60 days", "length: 45 days"), encoding="utf-8")
    assert message in shown(folder, "zh") + "\n"


@pytest.mark.parametrize("page", sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")]), ids=lambda page: str(page.name))
def test_links(page: Path) -> None:
    """Every link to a file leads to one."""
    for link in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("lang", sorted(GUIDES))
def test_product_of_the_authors_guide(lang: str, tmp_path: Path) -> None:
    """The product and the cases of the guide pass without a problem."""
    assert shown(folder_of(GUIDES[lang], tmp_path / "mine"), lang) == ""


@pytest.mark.parametrize("lang", sorted(GUIDES))
def test_messages_of_the_authors_guide(lang: str, tmp_path: Path) -> None:
    """Each change that the guide shows gives the message that the guide quotes, line by line; without a quote it passes."""
    page = list(blocks(GUIDES[lang]))
    for number, (note, _, text) in enumerate(page):
        folder = tmp_path / f"try{number}"
        if note.startswith("before: "):
            home_of(folder_of(GUIDES[lang], folder), note.removeprefix("before: ")).unlink()
            quoted = text
        elif note.startswith("instead of: "):
            old = note.removeprefix("instead of: ")
            folder_of(GUIDES[lang], folder)
            hits = [path for path in sorted(tmp_path.rglob(f"try{number}*/*/WL-*")) if old in path.read_text(encoding="utf-8")]
            assert len(hits) == 1, f"{old!r} is in {hits}"
            hits[0].write_text(_instead(hits[0].read_text(encoding="utf-8"), old, text.rstrip("\n")), encoding="utf-8")
            quoted = page[number + 1][2] if number + 1 < len(page) and page[number + 1][1] == "text" else ""
        else:
            continue
        said = shown(folder, lang)
        if not quoted:
            assert said == "", f"block {number}: {said}"
        for line in quoted.splitlines():
            assert line.strip() in said, f"block {number}: {line!r} is not in\n{said}"


def _instead(before: str, old: str, new: str) -> str:
    """A text with a block where a line stood: as it is if the block brings its own indentation, else indented as the line was."""
    return re.sub(f"^( *){re.escape(old)}", lambda m: new if new.startswith(" ") else m[1] + new, before, count=1, flags=re.M)
