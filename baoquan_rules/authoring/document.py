"""A document: plain values, and the place in the file of each value, key and character."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .offsets import Place, offsets
from .problems import LINE_BREAK, Span

__all__ = ["Document", "Path", "Spans", "line_starts", "span_between"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Spans:
    """Where each value stands: offsets by path, and where each line starts."""

    places: Mapping[Path, Place]
    line_starts: tuple[int, ...]


@dataclass(frozen=True)
class Document:
    """One document: its plain value (dict, list, str, int, bool, None) and the place of everything in it."""

    file: str
    text: str = field(repr=False)
    value: Any
    spans: Spans = field(repr=False, compare=False)

    def span(self, path: Path = ()) -> Span:
        """The place of the value at `path`; of the nearest value around it where there is none."""
        place = self._place(path)
        return self._between(place.start, place.end)

    def key_span(self, path: Path) -> Span:
        """The place of the key at `path`; for a list item or the whole document, where its value starts."""
        place = self._place(path)
        if place.key_start >= 0:
            return self._between(place.key_start, place.key_end)
        first = next(iter(self._children(path)), None)
        if first is not None and first.key_start >= 0:
            return self._between(first.key_start, first.key_end)
        return self._between(place.start, place.end)

    def span_at(self, path: Path, start: int, end: int) -> Span:
        """The place of characters `start` to `end` (exclusive) of the text value at `path`.

        Right for every style: quotes, escapes, folded lines and the indentation of blocks are accounted for.
        """
        path = tuple(path)
        place = self.spans.places.get(path)
        value = self._at(path) if place else None
        if place is None or isinstance(value, (dict, list)):
            return self.span(path)
        shown = value if isinstance(value, str) else self.text[place.start : place.end]
        characters = offsets(self.text, place, shown)
        if not characters:
            return self.span(path)
        start = min(max(start, 0), len(characters))
        end = min(max(end, start), len(characters))
        first = characters[start][0] if start < len(characters) else characters[-1][1]
        last = characters[end - 1][1] if end > start else first
        return self._between(first, max(first, last))

    def _at(self, path: Path) -> Any:
        value = self.value
        for step in path:
            value = value[step]
        return value

    def _place(self, path: Path) -> Place:
        for length in range(len(path), -1, -1):
            found = self.spans.places.get(tuple(path[:length]))
            if found is not None:
                return found
        return Place(0, 0, -1, -1, "")

    def _children(self, path: Path) -> Iterator[Place]:
        value = self._at(path) if path in self.spans.places else None
        if isinstance(value, dict):
            for key in value:
                yield self._place((*path, key))

    def _between(self, start: int, end: int) -> Span:
        return span_between(self.file, self.spans.line_starts, start, end)


def line_starts(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in LINE_BREAK.finditer(text)))


def span_between(file: str, line_starts: tuple[int, ...], start: int, end: int) -> Span:
    line = bisect_right(line_starts, start)
    end = max(start, end)
    end_line = bisect_right(line_starts, end)
    return Span(file, line, start - line_starts[line - 1] + 1, end_line, end - line_starts[end_line - 1] + 1)
