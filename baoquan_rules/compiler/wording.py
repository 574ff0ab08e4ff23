"""The text of a wording -> its sentences and typed values: ``{request.amount}``, ``{due_on|weekday}``."""

import re
from collections.abc import Callable

from baoquan_rules.compiler.program import Placeholder, Wording
from baoquan_rules.language.elaborate import Wrong
from baoquan_rules.language.nodes import Node

STYLES = {
    "": (),
    "weekday": ("date",),
    "plain": ("money", "amount", "int"),
    "yuan": ("money",),
    "date": ("instant",),
    "count": ("int",),
}
"""The formats a value can be written in, and the types each is for."""

_HOLE = re.compile(r"\{([^{}]*)\}|[{}]")


def read_wording(text: str, place: Callable[[str], tuple[Node, Callable[[int], Placeholder]]], slot: Callable[[Node], int]) -> Wording:
    """The wording with its values placed; ``place`` elaborates an expression and says how it is shown.

    Raises:
        Wrong: with the place, in characters of the text.
    """
    parts: list[str | Placeholder] = []
    last = 0
    for found in _HOLE.finditer(text):
        if found[1] is None:
            raise Wrong("BQ421", "花括号不成对", "a brace stands alone", found.start(), found.end(), "值写成 {名称} / write a value as {name}")
        if found.start() > last:
            parts.append(text[last : found.start()])
        inside, _, style = found[1].partition("|")
        start = found.start() + 1
        try:
            node, make = place(inside.strip())
        except Wrong as wrong:
            offset = start + len(inside) - len(inside.lstrip())
            raise Wrong(wrong.code, wrong.zh, wrong.en, wrong.start + offset, wrong.end + offset, wrong.hint) from None
        style = style.strip()
        if style not in STYLES or (style and node.type.name not in STYLES[style]):
            raise Wrong("BQ422", f"{node.type.name} 不能写成“{style}”格式", f"{node.type.name} has no format “{style}”",
                        found.start(), found.end(), f"可用格式：{'、'.join(s for s in STYLES if s)} / formats: {', '.join(s for s in STYLES if s)}")  # fmt: skip
        made = make(slot(node))
        parts.append(Placeholder(made.slot, made.type, style, made.words, made.facts))
        last = found.end()
    if last < len(text):
        parts.append(text[last:])
    return tuple(parts)
