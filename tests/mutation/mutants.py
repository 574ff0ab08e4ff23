"""One small mistake in a servicing item or library at a time: a condition not asked, a bound that lies a day or a fen beside.

A mistake is made in what an author wrote, not in what the compiler made of it, so that each is one that an author could
make. All mistakes of a text are written into it at once, each behind a switch by its number (see ``switches``):

    request.amount <= maximum  ->  mistake(2, mistake(1, request.amount <= maximum, request.amount < maximum), request.amount <= maximum + fen(1))
"""

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from baoquan_rules.contract.part import Part, entries
from baoquan_rules.contract.rulebook import Service, read_service

Path = tuple[str | int, ...]

_EXPRESSIONS = ("is", "require", "when", "while", "refused_when", "offer", "possible_from", "amount", "from", "where", "rows", "signed_by")
_NAMED = ("start", "let", "step", "values")
"""Keys under which each value is an expression by its own name."""
_TEXTS = ("says", "label", "words", "note", "name", "summary", "clause_name", "parameters", "points", "attributes", "cites", "tables", "changes")
_NEXT = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_SHIFTS = {ast.Lt: -1, ast.LtE: 1, ast.Gt: 1, ast.GtE: -1}
"""How a bound moves so that another item falls on its other side than where ``_NEXT`` puts the bound itself."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: where it is made, what was written, and what to try in its place, the first that is valid."""

    number: int
    service: str
    path: Path
    place: str
    kind: str
    was: str
    tries: tuple[str, ...]

    @property
    def key(self) -> str:
        """What names the mistake within its service, whatever line it stands in."""
        return f"{'.'.join(map(str, self.path))} {self.kind}: {self.was}"

    def told(self, tried: int | None) -> str:
        """The mistake in one line."""
        return f"{self.place} {self.key} → {self.tries[tried or 0]}"


@dataclass(slots=True)
class Mistakes:
    """All the mistakes to try, by number, and the servicing items with the switches for them."""

    found: list[Mistake] = field(default_factory=list)
    services: dict[str, Service] = field(default_factory=dict)

    def add(self, service: Service) -> None:
        """Write the mistakes of one more item or library into it."""
        document = service.part.document
        writer = _Writer(service, self.found)
        changed, _ = read_service(replace(document, value=writer.whole()))
        self.services[service.name] = changed


@dataclass(slots=True)
class _Writer:
    service: Service
    found: list[Mistake]

    def whole(self) -> Any:
        """The plain value of the document with the switches in it."""
        value = self.service.part.document.value
        for part in _expressions(self.service.part):
            text = str(part.value)
            tree = ast.parse(f"({text}\n)", mode="eval").body
            bounds = _Bounds(self, part.path)
            # The list of a breakdown is no question: x in list.
            made = bounds.generic_visit(deepcopy(tree)) if part.path[-1] == "rows" else bounds.visit(deepcopy(tree))
            if part.path[0] == "conditions" and part.path[2:] == ("require",):
                made = self.switch(part.path, "not asked", tree, made, "true")
            if part.path[0] == "conditions" and part.path[2:] == ("when",):
                made = self.switch(part.path, "always asked", tree, made, "true")
            if part.path[0] == "documents" and part.path[2:] == ("when",):
                made = self.switch(part.path, "document not asked", tree, made, "false")
            if self.library and part.path[0] == "notices" and part.path[2:] == ("when",):
                made = self.switch(part.path, "always said", tree, made, "true")
            value = _put(value, part.path, ast.unparse(ast.fix_missing_locations(made)))
        always = ast.parse("true", mode="eval").body
        for index, document in enumerate(self.service.documents):
            if document.get("when") is None:
                path: Path = ("documents", index, "when")
                value = _put(value, path, ast.unparse(self.switch(path, "document not asked", always, always, "false")))
        for name, notice in entries(self.service.part.get("notices") if self.library else None):
            if notice.get("when") is None:
                path = ("notices", name, "when")
                value = _put(value, path, ast.unparse(self.switch(path, "never said", always, always, "false")))
        return value

    @property
    def library(self) -> bool:
        """Whether many items say what it says: a slip in one of its notices stands in letters of all of them."""
        return self.service.kind == "library"

    def switch(self, path: Path, kind: str, was: ast.expr, made: ast.expr, *tries: str) -> ast.expr:
        """A switch between what was written and a new mistake."""
        span = self.service.part.document.span(path)
        place = f"{span.file.rpartition('/')[2]}:{span.line}"
        text, key = ast.unparse(was), (self.service.name, path)
        same = sum(1 for one in self.found if (one.service, one.path) == key and one.kind.split(" #")[0] == kind and one.was == text)
        kind = f"{kind} #{same + 1}" if same else kind
        number = len(self.found) + 1
        self.found.append(Mistake(number, self.service.name, path, place, kind, text, tries))
        args = [ast.Constant(number), made, *(ast.parse(one, mode="eval").body for one in tries)]
        return ast.Call(ast.Name("mistake", ast.Load()), args, [])


class _Bounds(ast.NodeTransformer):
    """Puts switches around each comparison with a bound, and each question whether a day lies in a period."""

    def __init__(self, writer: _Writer, path: Path) -> None:
        self.writer, self.path = writer, path

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        was, made = deepcopy(node), self.generic_visit(node)
        for j, op in enumerate(was.ops):
            if type(op) in _NEXT:
                made = self.writer.switch(self.path, "bound, end", was, made, _other_end(was, j))
                beside = tuple(_shifted(was, j, how) for how in ("day", "fen", "one"))
                made = self.writer.switch(self.path, "bound, shifted", was, made, *beside)
            elif isinstance(op, ast.In | ast.NotIn) and len(was.ops) == 1 and not isinstance(was.comparators[0], ast.Tuple | ast.List):
                for kind, day in (("day before", -1), ("day after", 1)):
                    asked = tuple(ast.unparse(ast.Compare(left, was.ops, was.comparators)) for left in _days(was.left, day))
                    made = self.writer.switch(self.path, f"period, {kind}", was, made, *asked)
        return made

    def visit_Call(self, node: ast.Call) -> ast.AST:
        was, made = deepcopy(node), self.generic_visit(node)
        if isinstance(was.func, ast.Name) and was.func.id == "passed" and len(was.args) == 2:
            for kind, day in (("day before", -1), ("day after", 1)):
                asked = tuple(ast.unparse(ast.Call(was.func, [was.args[0], one], [])) for one in _days(was.args[1], day))
                made = self.writer.switch(self.path, f"period, {kind}", was, made, *asked)
        return made


def _days(day: ast.expr, by: int) -> tuple[ast.expr, ast.expr]:
    """The next day or the one before: of a date, and of an instant."""
    text = ast.unparse(day)
    first, second = (ast.parse(f"add_days({one}, {by})", mode="eval").body for one in (text, f"({text}).date"))
    return first, second


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


def _other_end(was: ast.Compare, j: int) -> str:
    """``<`` for ``<=`` and the like: the bound itself changes sides."""
    node = deepcopy(was)
    node.ops[j] = _NEXT[type(node.ops[j])]()
    return ast.unparse(node)


def _shifted(was: ast.Compare, j: int, how: str) -> str:
    """The bound one beside, so that the first or the last day, fen or number within it changes sides."""
    node = deepcopy(was)
    by = _SHIFTS[type(node.ops[j])]
    bound = ast.unparse(node.comparators[j])
    text = {"day": f"add_days({bound}, {by})", "fen": f"({bound}) + fen({by})", "one": f"({bound}) + {by}"}[how]
    node.comparators[j] = ast.parse(text, mode="eval").body
    return ast.unparse(node)


def _put(value: Any, path: Path, text: str) -> Any:
    """A copy of the plain value with one part replaced or added."""
    if not path:
        return text
    key, rest = path[0], path[1:]
    if isinstance(value, list):
        assert isinstance(key, int)
        return [_put(one, rest, text) if index == key else one for index, one in enumerate(value)]
    return {**value, key: _put(value.get(key), rest, text)}
