"""A value inside a document, with its place: what readers of author files hold in their hands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from baoquan_rules.authoring import Document, Problem
from baoquan_rules.language.elaborate import Wrong


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in ``zh`` or ``en``."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Part:
    """A value at a path of a document; reading further never fails, a missing part is ``None``."""

    document: Document
    path: tuple[str | int, ...]
    value: Any

    def get(self, key: str) -> "Part | None":
        """The part under a key, where there is one."""
        if isinstance(self.value, dict) and key in self.value:
            return Part(self.document, (*self.path, key), self.value[key])
        return None

    def plain(self, key: str, default: Any = None) -> Any:
        """The plain value under a key."""
        return self.value.get(key, default) if isinstance(self.value, dict) else default

    def items(self) -> Iterator[tuple[str, "Part"]]:
        """The parts of a mapping, by key."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield key, Part(self.document, (*self.path, key), value)

    def each(self) -> Iterator["Part"]:
        """The parts of a list; a single value counts as a list of one."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Part(self.document, (*self.path, index), value)
        elif self.value is not None:
            yield self

    def words(self, key: str) -> Words | None:
        """The text in both languages under a key."""
        found = self.plain(key)
        return words(found) if found is not None else None

    def problem(
        self, code: str, zh: str, en: str, hint: str | None = None, *, basis: str | None = None,
        basis_en: str | None = None, severity: Any = "error", key: bool = False,
    ) -> Problem:  # fmt: skip
        """A problem at this place (or at its key); the hint in both languages, ``中文 / English``."""
        span = self.document.key_span(self.path) if key else self.document.span(self.path)
        return Problem(code, zh, span, hint, basis, severity, en, basis_en=basis_en)

    def wrong(self, error: Wrong, offset: int = 0) -> Problem:
        """A problem inside this text."""
        span = self.document.span_at(self.path, error.start + offset, error.end + offset)
        return Problem(error.code, error.zh, span, error.hint, None, "error", error.en)


def words(found: Any) -> Words:
    """A text given as ``{zh: …, en: …}`` or as one text for both."""
    if isinstance(found, dict):
        return Words(str(found.get("zh", found.get("en", ""))), str(found.get("en", found.get("zh", ""))))
    return Words(str(found), str(found))


def root(document: Document) -> Part:
    """The whole document."""
    return Part(document, (), document.value)


def entries(part: Part | None) -> Iterator[tuple[str, Part]]:
    """The entries of a mapping by key; none where it is left out."""
    return iter(part.items() if part is not None else ())
