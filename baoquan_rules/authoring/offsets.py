"""A text value and its place -> where in the file each of its characters stands.

PyYAML tells where a scalar starts and ends, not what quotes, escapes, folded lines and indentation did to the
characters between. Here the scalar is read once more, with an offset for each character; the answer counts
only when it gives the same value.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .problems import LINE_BREAK

__all__ = ["Place", "offsets"]


class Place(NamedTuple):
    """Offsets into the text: of the value, and of the key it stands under (-1 where there is none)."""

    start: int
    end: int
    key_start: int
    key_end: int
    style: str


def offsets(text: str, place: Place, value: str) -> list[tuple[int, int]] | None:
    """For each character of the value its start and end in the text; None where they cannot be told.

    The scalar is read again from the text; the answer counts only when that gives the same value.
    """
    if not value:
        return [(place.start, place.start)]
    if place.style in ("|", ">"):
        candidates = _block(text, place.start, folded=place.style == ">")
    elif place.style in ("'", '"'):
        candidates = iter([_flow(text, place.start + 1, place.end - 1, place.style)])
    else:
        candidates = iter([_flow(text, place.start, place.end, "")])
    for characters in candidates:
        read = "".join(character for character, _, _ in characters)
        if read[: len(value)] == value and not read[len(value) :].strip("\n"):
            return [(start, end) for _, start, end in characters[: len(value)]]
    return None


# An indentation indicator may make the indentation smaller than the first line's; it has one digit a level.
DEEPEST_INDENT = 320

_Characters = list[tuple[str, int, int]]
_BLANKS = re.compile(r"[ \t\r\n]+")
_SIMPLE_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}


def _flow(text: str, start: int, end: int, quote: str) -> _Characters:
    """The characters of a plain or quoted scalar that stands, without its quotes, from `start` to `end`."""
    out: _Characters = []
    index = start
    while index < end:
        character = text[index]
        if character in " \t\r\n":
            blanks = _BLANKS.match(text, index, end)
            stop = blanks.end() if blanks else index + 1
            out += _folded_blanks(text, index, stop)
            index = stop
        elif quote == "'" and text.startswith("''", index):
            out.append(("'", index, index + 2))
            index += 2
        elif quote == '"' and character == "\\" and index + 1 < end:
            index = _escape(text, index, end, out)
        else:
            out.append((character, index, index + 1))
            index += 1
    return out


def _folded_blanks(text: str, start: int, stop: int) -> _Characters:
    """Blanks inside a line stand for themselves; one line break is a space, further ones are line breaks."""
    breaks = list(LINE_BREAK.finditer(text, start, stop))
    if not breaks:
        return [(text[index], index, index + 1) for index in range(start, stop)]
    if len(breaks) == 1:
        return [(" ", start, stop)]
    return [("\n", match.start(), match.end()) for match in breaks[1:]]


def _escape(text: str, index: int, end: int, out: _Characters) -> int:
    """Take the escape at `index`; returns where reading goes on."""
    kind = text[index + 1]
    if kind in "\r\n":
        blanks = _BLANKS.match(text, index + 1, end)
        stop = blanks.end() if blanks else index + 2
        out += [
            ("\n", match.start(), match.end()) for match in list(LINE_BREAK.finditer(text, index, stop))[1:]
        ]
        return stop
    if kind in _HEX_ESCAPES:
        stop = index + 2 + _HEX_ESCAPES[kind]
        try:
            out.append((chr(int(text[index + 2 : stop], 16)), index, stop))
        except (ValueError, OverflowError):
            out.append(("\N{REPLACEMENT CHARACTER}", index, stop))
        return stop
    out.append((_SIMPLE_ESCAPES.get(kind, kind), index, index + 2))
    return index + 2


def _block(text: str, start: int, *, folded: bool) -> Iterator[_Characters]:
    """Readings of a block scalar whose header stands at `start`, one for each indentation it may have."""
    lines: list[tuple[int, int, int]] = []
    position = start
    for match in LINE_BREAK.finditer(text, start):
        lines.append((position, match.start(), match.end()))
        position = match.end()
    lines.append((position, len(text), len(text)))
    lines = lines[1:]
    shown = [text[start:end] for start, end, _ in lines]
    first = next((index for index, line in enumerate(shown) if line.strip(" ")), len(shown))
    widest = len(shown[first]) - len(shown[first].lstrip(" ")) if first < len(shown) else 0
    # A block of empty lines only may end before the first line that has content.
    empty = max((len(line) for line in shown[:first]), default=0)
    for indent in (widest, empty, *range(min(max(widest, empty) - 1, DEEPEST_INDENT), -1, -1)):
        yield _block_lines(text, lines, indent, folded)


def _block_lines(text: str, lines: list[tuple[int, int, int]], indent: int, folded: bool) -> _Characters:
    out: _Characters = []
    # Breaks behind the last line that had content; that line's own break comes first.
    waiting: list[tuple[int, int]] = []
    content_before = False
    more_before = False
    for start, end, after in lines:
        line = text[start:end]
        blank = not line.strip(" ") and len(line) <= indent
        if not blank and line[:indent].strip(" "):
            break
        if blank:
            waiting.append((end, after))
            continue
        more = line[indent] in " \t"
        if folded and content_before and not more and not more_before:
            if len(waiting) == 1:
                out.append((" ", waiting[0][0], start + indent))
            else:
                out += [("\n", *span) for span in waiting[1:]]
        else:
            out += [("\n", *span) for span in waiting]
        out += [(text[index], index, index + 1) for index in range(start + indent, end)]
        waiting = [(end, after)]
        content_before, more_before = True, more
    return out + [("\n", *span) for span in waiting]
