"""One small mistake in a servicing item at a time: a condition that is not asked, a bound that lies one day or fen beside.

A mistake is made in what an author wrote, not in what the compiler made of it, so that each is one that an author could make.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from baoquan_rules.contract.part import Part
from baoquan_rules.contract.rulebook import Service, read_service

Path = tuple[str | int, ...]

_EXPRESSIONS = ("is", "require", "when", "while", "refused_when", "offer", "possible_from", "amount", "from", "where", "rows", "signed_by")
_NAMED = ("start", "let", "step", "values")
"""Keys under which each value is an expression by its own name."""
_TEXTS = ("says", "label", "words", "note", "name", "summary", "clause_name", "parameters", "points", "attributes", "cites", "tables")
_NEXT = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A service with one mistake: where it is, what was written, and the texts to try in its place, the first that is valid."""

    service: Service
    path: Path
    was: str
    tries: tuple[str, ...]
    kind: str

    def services(self) -> Iterator[tuple[str, Service]]:
        """Each of the texts, and the service with it."""
        for text in self.tries:
            document = self.service.part.document
            changed, _ = read_service(replace(document, value=_put(document.value, self.path, text)))
            yield text, changed

    def told(self, text: str) -> str:
        """The mistake in one line."""
        span = self.service.part.document.span(self.path)
        return f"{span.file.rpartition('/')[2]}:{span.line} {'.'.join(map(str, self.path))} {self.kind}: {self.was} → {text}"


def mutants(service: Service) -> Iterator[Mutant]:
    """Every mistake to try in one servicing item."""
    for name, condition in service.conditions.items():
        path: Path = ("conditions", name)
        if condition.require is not None:
            yield Mutant(service, (*path, "require"), str(condition.require.value), ("true",), "not asked")
        if condition.when is not None:
            yield Mutant(service, (*path, "when"), str(condition.when.value), ("true",), "always asked")
    for index, part in enumerate(service.documents):
        yield Mutant(service, ("documents", index, "when"), str(part.plain("when", "true")), ("false",), "document not asked")
    for part in _expressions(service.part):
        yield from _bounds(service, part)


def _expressions(top: Part) -> Iterator[Part]:
    """Every expression of a service, wherever it stands."""
    for key, part in top.items():
        if key in _TEXTS:
            continue
        if key == "figures":
            for _, figure in part.items():
                yield from (figure,) if isinstance(figure.value, str) else _expressions(figure)
        elif key in _NAMED:
            for _, value in part.items():
                yield from (value,) if isinstance(value.value, str) else _expressions(value)
        elif key in _EXPRESSIONS and isinstance(part.value, str):
            yield part
        elif isinstance(part.value, dict):
            yield from _expressions(part)
        elif isinstance(part.value, list):
            for one in part.each():
                yield from _expressions(one)


def _bounds(service: Service, part: Part) -> Iterator[Mutant]:
    """Each comparison of an expression with its bound shifted by one, to either side."""
    text = str(part.value)
    tree = ast.parse(f"({text}\n)", mode="eval")
    places = [(i, j) for i, node in enumerate(ast.walk(tree)) if isinstance(node, ast.Compare) for j, op in enumerate(node.ops) if type(op) in _NEXT]
    for i, j in places:
        node = _compare(tree, i)
        was = ast.unparse(node)
        closer = _changed(text, i, lambda one, j=j: _other_end(one, j))
        yield Mutant(service, part.path, was, (closer,), "bound, end")
        beyond = tuple(_changed(text, i, lambda one, j=j, how=how: _shifted(one, j, how)) for how in ("day", "fen", "one", "second"))
        yield Mutant(service, part.path, was, beyond, "bound, shifted")


def _compare(tree: ast.AST, place: int) -> ast.Compare:
    found = list(ast.walk(tree))[place]
    assert isinstance(found, ast.Compare)
    return found


def _changed(text: str, place: int, change: Any) -> str:
    tree = ast.parse(f"({text}\n)", mode="eval")
    change(_compare(tree, place))
    return ast.unparse(ast.fix_missing_locations(tree)).strip()


def _other_end(node: ast.Compare, j: int) -> None:
    """``<`` for ``<=`` and the like: the bound itself changes sides."""
    node.ops[j] = _NEXT[type(node.ops[j])]()


def _shifted(node: ast.Compare, j: int, how: str) -> None:
    """The bound one further, so that the next day, fen or number is let in as well."""
    more = isinstance(node.ops[j], ast.Lt | ast.LtE)
    by = {"day": "add_days(x, {})", "fen": "x + fen({})", "one": "x + {}", "second": "add_days(x.date, {})"}[how].format(1 if more else -1)
    shape = ast.parse(by, mode="eval").body
    bound = node.comparators[j]

    class Fill(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.AST:
            return bound if name.id == "x" else name

    node.comparators[j] = Fill().visit(shape)


def _put(value: Any, path: Path, text: str) -> Any:
    """A copy of the plain value with one part replaced or added."""
    if not path:
        return text
    key, rest = path[0], path[1:]
    if isinstance(value, list):
        assert isinstance(key, int)
        return [_put(one, rest, text) if index == key else one for index, one in enumerate(value)]
    return {**value, key: _put(value.get(key), rest, text)}
