"""vocabulary.yaml -> the facts a case may state: name, type, unit, bounds, label, and who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from baoquan_rules.authoring import Document, Problem, both
from baoquan_rules.contract.part import Part, Words, root
from baoquan_rules.contract.scalars import declared_type, value_words
from baoquan_rules.language.elaborate import Group, Static
from baoquan_rules.language.nodes import read
from baoquan_rules.language.types import TEXT, Type, listed, record


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its path, type and label, and what its absence from a case means (``unknown`` or ``none``)."""

    path: str
    type: Type
    label: Words
    note: Words | None = None
    sensitivity: tuple[str, ...] = ()
    none_if_absent: bool = False
    required: bool = False
    words: Mapping[str, Words] = field(default_factory=dict)
    can_change: bool = False
    """Whether a person can still bring about another value; what has happened or was agreed cannot be changed."""


@dataclass(frozen=True, slots=True)
class ListFact:
    """A list that a case states as complete or not; its items are records (``fields``) or single values (``item``)."""

    path: str
    label: Words
    type: Type
    fields: Mapping[str, "Fact | ListFact"]
    item: Fact | None = None
    order: str = ""
    most: int = 200
    note: Words | None = None
    sensitivity: tuple[str, ...] = ()
    required: bool = False
    none_if_absent: bool = False
    can_change: bool = False
    """Whether items can still be added."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts by path, the groups they stand in, and the digest of the file."""

    facts: Mapping[str, Fact | ListFact]
    groups: Mapping[str, Words]
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What readers of the vocabulary work out once: never anything that depends on a case."""

    def find(self, name: str) -> Static | None:
        """A name in an expression: a list fact, or a group whose parts are facts."""
        fact = self.facts.get(name)
        if fact is not None:
            return read(fact.path, fact.type)
        if name in self.groups:
            return Group(name, lambda part: self._read(f"{name}.{part}"), lambda: self._parts(name))
        return None

    def names(self) -> tuple[str, ...]:
        """The names an expression may start with."""
        return (*self.groups, *(path for path in self.facts if "." not in path))

    def _read(self, path: str) -> Static | None:
        fact = self.facts.get(path)
        return read(fact.path, fact.type) if fact is not None else None

    def _parts(self, name: str) -> tuple[str, ...]:
        return tuple(path[len(name) + 1 :] for path in self.facts if path.startswith(f"{name}."))

    def label(self, path: str) -> Words:
        """What a fact, or a field of a list's items (``loans.rate``), is called."""
        fact = self.facts.get(path)
        if fact is not None:
            return fact.label
        for length in range(path.count("."), 0, -1):
            head, tail = path.rsplit(".", length)[0], path.split(".")[-length:]
            holder = self.facts.get(head)
            if isinstance(holder, ListFact):
                inner = holder.fields.get(tail[0])
                if inner is not None:
                    return Words(f"{holder.label.zh}的{inner.label.zh}", f"{inner.label.en} of {holder.label.en}")
        return Words(path, path)

    def words_of(self, path: str) -> Mapping[str, Words]:
        """The texts of a closed list's words; a field of a list of records is named ``list.field``."""
        fact = self.facts.get(path)
        if fact is None:
            owner = self.facts.get(path.rpartition(".")[0])
            fact = owner.fields.get(path.rpartition(".")[2]) if isinstance(owner, ListFact) else None
        return fact.words if isinstance(fact, Fact) else {}


def read_vocabulary(document: Document) -> tuple[Vocabulary, list[Problem]]:
    """The vocabulary of a checked document."""
    facts: dict[str, Fact | ListFact] = {}
    groups: dict[str, Words] = {}
    problems: list[Problem] = []
    top = root(document).get("facts")
    for name, part in top.items() if top else ():
        try:
            if part.plain("list"):
                facts[name] = _list(name, part)
            else:
                groups[name] = part.words("label") or Words(name, name)
                inner = part.get("fields")
                for key, fact in inner.items() if inner else ():
                    path = f"{name}.{key}"
                    facts[path] = _list(path, fact) if fact.plain("list") else _fact(path, fact)
        except ValueError as error:
            zh, en = both(str(error))
            problems.append(part.problem("BQ301", f"{name}：{zh}", f"{name}: {en}"))
    return Vocabulary(facts, groups), problems


def _fact(path: str, part: Part) -> Fact:
    return Fact(
        path,
        declared_type(part),
        part.words("label") or Words(path, path),
        part.words("note"),
        _roles(part),
        part.plain("when_absent") == "none",
        bool(part.plain("required")),
        value_words(part),
        bool(part.plain("can_change")),
    )


def _list(path: str, part: Part) -> ListFact:
    fields: dict[str, Fact | ListFact] = {}
    inner = part.get("fields")
    for key, field_part in inner.items() if inner else ():
        name = f"{path}.{key}"
        fields[key] = _list(name, field_part) if field_part.plain("list") else _fact(name, field_part)
    item: Fact | None = None
    if fields:
        kind = listed(record(**{key: fact.type for key, fact in fields.items()}))
    else:
        plain: Any = {key: value for key, value in part.value.items() if key != "list"}
        item = _fact(path, Part(part.document, part.path, plain))
        kind = listed(item.type if item.type.name != "record" else TEXT)
    return ListFact(
        path,
        part.words("label") or Words(path, path),
        kind,
        fields,
        item,
        part.plain("order", ""),
        part.plain("most", 200),
        part.words("note"),
        _roles(part),
        bool(part.plain("required")),
        part.plain("when_absent") == "none",
        bool(part.plain("can_change")),
    )


def _roles(part: Part) -> tuple[str, ...]:
    found = part.plain("sensitivity", [])
    return tuple(found) if isinstance(found, list) else (str(found),)
