"""Which servicing items and libraries a change touches: those whose file of the rulebook, or one of whose cases, is not as it was."""

import re
import subprocess
from pathlib import Path

from baoquan_rules import api

ROOT = api.HERE.parent
_SERVICE = re.compile(r"^service: (\w+)\s*$", re.MULTILINE)


def changed(library: api.Library, since: str = "") -> list[str]:
    """The names, in order. Compared with `since`, or else with where the branch left main, or on main with the commit before."""
    base = since or _base()
    paths = {ROOT / line for line in _git("diff", "--name-only", "--relative", base).splitlines()}
    paths |= {ROOT / line for line in _git("ls-files", "--others", "--exclude-standard").splitlines()}
    found = {name for name, service in library.world.services.items() if Path(service.part.document.file).resolve() in {path.resolve() for path in paths}}
    for path in paths:
        if path.name.endswith(".cases.yaml"):
            relative = path.relative_to(ROOT).as_posix()
            now = path.read_text("utf-8") if path.is_file() else ""
            found |= _touched(_git("show", f"{base}:./{relative}", fails=True), now)
    return sorted(found & set(library.world.services))


def _touched(before: str, now: str) -> set[str]:
    """The items of the cases that were added, changed or taken away."""
    old, new = (set(re.split(r"^---\s*$", text, flags=re.MULTILINE)) for text in (before, now))
    return {name for case in old ^ new for name in _SERVICE.findall(case)}


def _base() -> str:
    """Where this branch left main; on main itself, the commit before."""
    head = _git("rev-parse", "HEAD").strip()
    for main in ("origin/main", "origin/master", "main", "master"):
        left = _git("merge-base", "HEAD", main, fails=True).strip()
        if left and left != head:
            return left
    return _git("rev-parse", "HEAD~1", fails=True).strip() or head


def _git(*arguments: str, fails: bool = False) -> str:
    """What git prints; nothing where it may fail and does."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=not fails)
    return done.stdout if done.returncode == 0 else ""
