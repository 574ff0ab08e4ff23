"""law/*.yaml -> entries of law: value, instrument and article, force, governing date."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baoquan_rules.authoring import Document, Problem, both
from baoquan_rules.contract.part import Part, Words, root
from baoquan_rules.contract.scalars import scalar
from baoquan_rules.language import civil
from baoquan_rules.language.elaborate import Series
from baoquan_rules.language.nodes import literal
from baoquan_rules.language.types import MONEY, PERIOD, RATE, Type, whole

FORCES = ("floor", "ceiling", "default", "duty", "mandatory_fact", "right", "evidence_default")


@dataclass(frozen=True, slots=True)
class LawEntry:
    """One rule of law. ``steps`` are its dated values (one, or none where the rule has no value)."""

    id: str
    instrument: Words
    short: Words
    article: Words
    says: Words
    force: str
    kind: Type | None
    steps: tuple[tuple[int, Any], ...]
    start: int
    end: int | None
    bounds: str
    better: str
    lines: tuple[str, ...]
    governed_by: str
    settled: bool
    part: Part

    def value_on(self, day: int) -> Any:
        """The value in force on a day, ``None`` where there is none."""
        if day < self.start or (self.end is not None and day > self.end):
            return None
        return next((value for start, value in reversed(self.steps) if start <= day), None)

    @property
    def citation(self) -> Words:
        """The short name of the instrument and the article."""
        return Words(f"《{self.short.zh}》{self.article.zh}", f"{self.short.en}, {self.article.en}")

    def meaning(self) -> Any:
        """What the entry stands for in an expression: its value, or a dated series of rates."""
        if not self.steps or self.kind is None:
            return None
        if len(self.steps) == 1:
            value = self.steps[0][1]
            kind = Type(self.kind.name, value, value, self.kind.unit) if self.kind.numeric else self.kind
            return literal(value, kind, f"law.{self.id}")
        return Series(f"law.{self.id}", self.steps, self.kind)


def read_law(document: Document) -> tuple[Mapping[str, LawEntry], list[Problem]]:
    """The entries of a checked document, by id."""
    top = root(document)
    problems: list[Problem] = []
    entries: dict[str, LawEntry] = {}
    instrument = top.words("name") or Words("", "")
    short = top.words("short") or instrument
    inside = top.get("entries")
    for name, part in inside.items() if inside else ():
        try:
            start = civil.parse_date(part.plain("from") or top.plain("from") or "1900-01-01")
            end = part.plain("to") or top.plain("to")
            kind, steps = _steps(part, start)
            lines = part.plain("lines", [])
            entries[name] = LawEntry(
                name, instrument, short, part.words("article") or Words("", ""), part.words("says") or Words("", ""),
                part.plain("force", "default"), kind, steps, start, civil.parse_date(end) if end else None,
                part.plain("bounds", ""), str(part.plain("better", "")).lower(), tuple(lines), part.plain("governed_by", "decision"),
                part.plain("settled", True) is not False, part,
            )  # fmt: skip
        except ValueError as error:
            zh, en = both(str(error))
            problems.append(part.problem("BQ303", f"法律条目 {name}：{zh}", f"law entry {name}: {en}"))
    return entries, problems


def _steps(part: Part, start: int) -> tuple[Type | None, tuple[tuple[int, Any], ...]]:
    if part.plain("values"):
        found = [(civil.parse_date(step["from"]), step["value"]) for step in part.plain("values")]
    elif "value" in part.value:
        found = [(start, part.plain("value"))]
    else:
        return None, ()
    kind = _kind(found[0][1])
    return kind, tuple((day, scalar(value, kind) if kind.name != "enum" else value) for day, value in found)


def _kind(value: Any) -> Type:
    if isinstance(value, bool):
        return Type("bool")
    if isinstance(value, int):
        return whole()
    text = str(value)
    if text.endswith("%"):
        return RATE
    if " " in text:
        return PERIOD
    if text.replace(".", "").replace(",", "").isdigit():
        return MONEY
    return Type("enum", values=(text,))
