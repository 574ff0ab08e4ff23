"""Conditions as pairs of rules, for engines that know only "fires" and "does not fire".

A rule engine has two values; a condition here has three. So a condition is two terms, one that fires where it holds and
one that fires where it fails, with every negation pushed down to the comparisons: where the answer is unknown, neither
fires, which is exactly Kleene's logic. What is compared is a ``Prop`` or a ``Const``; a condition is a ``Pair``.

    a and not b < 3    holds: a holds and b >= 3     fails: a fails or b < 3

Terms are tuples: ``("const", bool)``, ``("and" | "or", term, ...)``, ``("true" | "false", property)``, or a comparison
``("eq" | "ne" | "lt" | "le" | "gt" | "ge", property, value or ("prop", property))``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Term: TypeAlias = tuple[Any, ...]

ALWAYS: Final[Term] = ("const", True)
NEVER: Final[Term] = ("const", False)


@dataclass(frozen=True, slots=True)
class Pair:
    """A condition: when it holds, when it fails, and how many comparisons that takes."""

    holds: Term
    fails: Term

    @property
    def size(self) -> int:
        """The comparisons of the longer term."""
        return max(_size(self.holds), _size(self.fails))


@dataclass(frozen=True, slots=True)
class Prop:
    """A value that is stated to the rule engine under a name, or left out where it is unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """A value known beforehand; ``None`` is unknown for good."""

    value: Any


Operand: TypeAlias = Pair | Prop | Const


def stated(name: str) -> Pair:
    """A condition that is itself stated under a name."""
    return Pair(("true", name), ("false", name))


def known(value: bool | None) -> Pair:
    """A condition that is the same for every case."""
    return Pair(ALWAYS if value is True else NEVER, ALWAYS if value is False else NEVER)


def both(a: Pair, b: Pair) -> Pair:
    """``a and b``."""
    return Pair(_all(a.holds, b.holds), _any(a.fails, b.fails))


def either(a: Pair, b: Pair) -> Pair:
    """``a or b``."""
    return Pair(_any(a.holds, b.holds), _all(a.fails, b.fails))


def opposite(a: Pair) -> Pair:
    """``not a``."""
    return Pair(a.fails, a.holds)


def choice(test: Pair, yes: Pair, no: Pair) -> Pair:
    """``yes if test else no``; where the test is unknown and both agree, that."""
    return Pair(
        _any(_all(test.holds, yes.holds), _all(test.fails, no.holds), _all(yes.holds, no.holds)),
        _any(_all(test.holds, yes.fails), _all(test.fails, no.fails), _all(yes.fails, no.fails)),
    )


_NEGATED: Final = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
_MIRRORED: Final = {"eq": "eq", "ne": "ne", "lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}


def compared(how: str) -> Callable[..., Pair]:
    """The comparison of two values; of two conditions only whether they are equal."""

    def compare(a: Operand, b: Operand) -> Pair:
        if isinstance(a, Pair) and isinstance(b, Pair):
            same = either(both(a, b), both(opposite(a), opposite(b)))
            return same if how == "eq" else opposite(same)
        if any(isinstance(one, Const) and one.value is None for one in (a, b)):
            return known(None)
        if isinstance(a, Prop):
            right = b.value if isinstance(b, Const) else ("prop", b.name) if isinstance(b, Prop) else None
            return Pair((how, a.name, right), (_NEGATED[how], a.name, right))
        assert isinstance(a, Const) and isinstance(b, Prop), "two constants are compared beforehand"
        return Pair((_MIRRORED[how], b.name, a.value), (_NEGATED[_MIRRORED[how]], b.name, a.value))

    return compare


def _all(*terms: Term) -> Term:
    return _join("and", terms, ALWAYS, NEVER)


def _any(*terms: Term) -> Term:
    return _join("or", terms, NEVER, ALWAYS)


def _join(gate: str, terms: tuple[Term, ...], neutral: Term, decisive: Term) -> Term:
    """The terms under one gate: flat, each once, without those that say nothing."""
    flat: list[Term] = []
    for term in terms:
        flat.extend(term[1:] if term[0] == gate else (term,))
    # By what it says exactly: 1 equals True, and they are different constants.
    kept = {repr(term): term for term in flat if term != neutral}
    if any(term == decisive for term in kept.values()):
        return decisive
    if len(kept) < 2:
        return next(iter(kept.values()), neutral)
    return (gate, *kept.values())


def _size(term: Term) -> int:
    return sum(map(_size, term[1:])) if term[0] in ("and", "or") else 1
