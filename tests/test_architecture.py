"""What the design promises of the package's shape: layers, engines that know no operator, a light import, small files."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import baoquan_rules
from baoquan_rules.engines import ENGINES
from baoquan_rules.language.operators import OPERATORS

PACKAGE = Path(baoquan_rules.__file__).parent
LAYERS = ("authoring", "language", "contract", "compiler", "engines", "decision", "api", "casework", "cli testing")
FACE = {"tables": "api", "__init__": "casework"}  # modules beside the folders, and the layer they belong to
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names.split()} | {name: LAYERS.index(layer) for name, layer in FACE.items()}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
LONGEST = 700


def layer(module: str) -> str:
    """``baoquan_rules.language.nodes`` -> ``language``."""
    return module.split(".")[1] if "." in module else "__init__"


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The modules of the package that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "baoquan_rules":
            names = [node.module] if node.module != "baoquan_rules" else [f"baoquan_rules.{name.name}" for name in node.names]
            if node.module == "baoquan_rules.engines":
                names = [f"{node.module}.{name.name}" for name in node.names]
            yield from ((name, node.lineno) for name in names)
        elif isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names if name.name.split(".")[0] == "baoquan_rules")


def own(path: Path) -> str:
    """The layer a file stands in."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    """A module imports only from its own layer and from those before it."""
    rank = RANK[own(path)]
    wrong = [f"{path.name}:{line} imports {name}" for name, line in imports(path) if RANK.get(layer(name), RANK["api"]) > rank]
    # A decision is explained, recorded and searched by its own layer; the package's face imports the API.
    assert not wrong, "\n".join(wrong)


def test_engines_do_not_know_one_another() -> None:
    """No engine imports another; what they share lies below them."""
    for engine in ENGINES:
        others = {f"baoquan_rules.engines.{other}" for other in ENGINES if other != engine}
        found = {name for name, _ in imports(PACKAGE / "engines" / f"{engine}.py")}
        assert not {name for name in found if any(name.startswith(other) for other in others)}


def test_engines_know_no_operator_by_name() -> None:
    """No engine, nor the writer of Python functions, has the name of an operator as a text."""
    for path in (*(PACKAGE / "engines").glob("*.py"), PACKAGE / "compiler" / "python.py"):
        if path.name == "ruleset_host.py":  # its words are those of its own terms, and it never sees a node
            assert not list(imports(path))
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        assert not texts & set(OPERATORS), f"{path.name} knows {sorted(texts & set(OPERATORS))}"


LOAD = """
import sys, time
start = time.process_time()
import baoquan_rules
used = time.process_time() - start
print(used, ",".join(sorted(name for name in sys.modules if "." not in name)))
"""


def test_import_is_light() -> None:
    """The package alone loads no engine's library, and takes little of a processor."""
    best, loaded = 9.0, set[str]()
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", LOAD], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
        )
        used, names = done.stdout.split()
        best, loaded = min(best, float(used)), set(names.split(","))
    heavy = {"polars", "numpy", "durable", "durable_rules_engine", "pendulum", "jsonschema", "typer", "rich", "hypothesis", "pytest"}
    assert not loaded & heavy
    # Measured below 0.1 s; the bound leaves room for a busy machine.
    assert best < 0.3


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_are_small(path: Path) -> None:
    """No module is longer than a reader can hold."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_hypothesis_stays_where_it_is_optional() -> None:
    """Only the strategies need the testing extra."""
    for path in FILES:
        if re.search(r"^\s*(import|from) (hypothesis|pytest)\b", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert path.parent.name == "testing" and path.name == "strategies.py", path
