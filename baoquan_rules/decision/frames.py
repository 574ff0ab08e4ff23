"""JSON trees of which most is the same for every case -> plain values, or their text with that part written once.

A record repeats labels, citations and formulas that follow from the program alone. A ``Frame`` is such a tree with holes,
made once for a program; ``Filled`` is one with the values of a case. Both forms of a record come from the same tree of
these, so that they cannot differ.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

HOLE: Final = object()
"""Stands in a frame where a value of the case goes."""

_quoted = json.encoder.encode_basestring
_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_CONSTANTS = {None: "null", True: "true", False: "false"}


class Frame(NamedTuple):
    """A tree with holes, and its text cut at each hole: every second piece is a hole's."""

    tree: Any
    pieces: list[str]


class Filled(NamedTuple):
    """A frame and the values of its holes, in the order of the text: keys are sorted."""

    frame: Frame
    values: list[Any]


def frame(tree: Any) -> Frame:
    """The frame of a tree of dictionaries, lists and plain values with ``HOLE`` for what is to be filled in."""
    pieces = [""]
    for piece in _pieces(tree):
        if piece is HOLE:
            pieces += ["", ""]
        else:
            pieces[-1] += piece
    return Frame(tree, pieces)


def _pieces(tree: Any) -> Iterator[Any]:
    if isinstance(tree, dict):
        for number, key in enumerate(sorted(tree)):
            yield f"{', ' if number else '{'}{_quoted(key)}: "
            yield from _pieces(tree[key])
        yield "}" if tree else "{}"
    elif isinstance(tree, list):
        for number, one in enumerate(tree):
            yield ", " if number else "["
            yield from _pieces(one)
        yield "]" if tree else "[]"
    else:
        yield tree if tree is HOLE else _encoded(tree)


def plain(tree: Any) -> Any:
    """The tree as dictionaries and lists."""
    if isinstance(tree, Filled):
        return _plain(tree.frame.tree, iter(tree.values))
    if isinstance(tree, list):
        return [plain(one) for one in tree]
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    return tree


def _plain(tree: Any, values: Iterator[Any]) -> Any:
    if tree is HOLE:
        return plain(next(values))
    if isinstance(tree, dict):
        return {key: _plain(tree[key], values) for key in sorted(tree)}
    return [_plain(one, values) for one in tree] if isinstance(tree, list) else tree


def text(tree: Any) -> str:
    """The tree as JSON on one line, keys sorted: what ``json.dumps`` makes of ``plain(tree)``.

    A list or dictionary holds filled frames only, or none at any depth.
    """
    kind = type(tree)
    if kind is str:
        return _quoted(tree)
    if tree is None or kind is bool:
        return _CONSTANTS[tree]
    if kind is int:
        return str(tree)
    if kind is Filled:
        pieces = tree.frame.pieces.copy()
        pieces[1::2] = [text(value) for value in tree.values]
        return "".join(pieces)
    if kind is list and tree and type(tree[0]) is Filled:
        return f"[{', '.join([text(one) for one in tree])}]"
    if kind is dict and tree and type(next(iter(tree.values()))) is Filled:
        return f"{{{', '.join([f'{_quoted(key)}: {text(tree[key])}' for key in sorted(tree)])}}}"
    return _encoded(tree)
