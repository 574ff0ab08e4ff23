"""Expressions of any length and shape are computed, or refused at the place that is wrong."""

from typing import Any

import pytest

from baoquan_rules.compiler.python import compile_nodes
from baoquan_rules.engines import columnar, durable
from baoquan_rules.language import elaborate as e
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.nodes import Node, literal, read
from baoquan_rules.language.types import BOOL, DATE, MONEY, Type, enum, listed, whole

KINDS: dict[str, Type] = {
    "p": BOOL, "q": BOOL, "n": whole(-9, 9), "k": enum(*(f"w{i}" for i in range(480))), "m": MONEY, "d": DATE, "xs": listed(whole(0, 9)),
}  # fmt: skip
SCOPE = e.Names({name: read(name, kind) for name, kind in KINDS.items()})
FACTS: dict[str, Any] = {"p": True, "q": False, "n": 3, "k": "w5", "m": 100, "d": 20_000, "xs": FactList((2,))}


def on_every_engine(text: str) -> set[Any]:
    """The value of an expression, as each engine finds it."""
    node: Node = e.value(text, SCOPE)
    runs = (compile_nodes((node,), after=-1), compile_nodes((node,), after=10**9), durable.compile_rules((node,)))
    return {run(FACTS)[0] for run in runs} | {columnar.run((node,), columnar.frame_of([FACTS], KINDS)).rows()[0][0]}


def refusal(text: str) -> e.Wrong:
    with pytest.raises(e.Wrong) as found:
        e.expression(text, SCOPE)
    return found.value


WORDS = ", ".join(f'"w{i}"' for i in range(400))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" or ".join(["q"] * 700), False),
        (" or ".join(["q"] * 699 + ["p"]), True),
        (" and ".join(["p"] * 570), True),
        (" or ".join(f"n == {i}" for i in range(280)), True),
        (f"k in [{WORDS}]", True),
        (f"k not in ({WORDS})", False),
        ("+".join(["n"] * 1900), 3 * 1900),
        ("-".join(["m"] * 701), 100 - 700 * 100),
        ("n-n+" * 300 + "n", 3),
        (" <= ".join(["n"] * 700), True),
        (f"min({', '.join(['n'] * 999)}, 2)", 2),
        (" if p else ".join(["n"] * 30), 3),
        ("(" * 150 + "n" + ")" * 150 + " == 3", True),
        ("not " * 90 + "p", True),
    ],
)  # fmt: skip
def test_long_expressions(text: str, value: Any) -> None:
    """As long as an expression may be, it has its value on every engine."""
    assert on_every_engine(text) == {value}


def test_words_a_product_never_comes_to() -> None:
    """Where a clause settles a choice, the words of the other branch may still be compared with; a word of neither may not."""
    chosen = '("far" if false else "near" if p else "here")'
    assert on_every_engine(f'{chosen} == "near"') == {True}
    assert on_every_engine(f'{chosen} == "far"') == {False}
    assert refusal(f'{chosen} == "fat"').code == "BQ405"


def test_loops_in_loops() -> None:
    """Twelve loops in one another have their value; more than the limit are refused where they begin."""
    assert on_every_engine(_otherwise(12)) == {1}
    assert refusal(_otherwise(30)).code == "BQ401"


def _otherwise(count: int) -> str:
    """Loops in loops, each of which says what it gives for an empty list."""
    text = "1"
    for i in range(count):
        text = f"otherwise(max({text} for x{i} in xs), 0)"
    return text


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1500 + "n" + ")" * 1500,
        "not " * 900 + "p",
        "-" * 1900 + "n",
        "d" + ".date" * 700,
        "abs(" * 90 + "n" + ")" * 90,
        "".join(f"1 if n == {i} else (" for i in range(180)) + "0" + ")" * 180,
        "n" + "//1" * 1300,
    ],
)
def test_too_deep(text: str) -> None:
    """What is nested beyond the limit is refused in words."""
    assert refusal(text).code in ("BQ401", "BQ404")


@pytest.mark.parametrize(
    ("text", "at"),
    [("p) or (q", 1), ("n) > (m", 1), ("n) + (n", 1), ("p\n) or (q", 2), ("d)(n", 1), ('k == ")") or (p', 8), ("p]", 1), ("p or (q", 5)],
)
def test_unbalanced(text: str, at: int) -> None:
    """A bracket without its other half is refused at its place."""
    found = refusal(text)
    assert (found.code, found.start) == ("BQ401", at)


def test_generator_alone() -> None:
    """A list that is written without brackets of its own is one."""
    assert e.value("x for x in xs", SCOPE).type.name == "list"


NINES = "9" * 20


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        (f"n < {NINES}", "BQ410", 4),
        (f"n < -{NINES}", "BQ410", 5),
        ("9" * 3900, "BQ410", 0),
        (f"m > fen({NINES})", "BQ410", 8),
        (f"add_days(d, {NINES}) > d", "BQ410", 12),
        ('m < yuan("99999999999999999.00")', "BQ406", 9),
        ('rate("99999999999999999999%") > rate("1%")', "BQ406", 5),
        ("n < 0xffffffffffffffffffffffff", "BQ402", 4),
        ("n < 1e999", "BQ402", 4),
        ("n // 4611686018427387904", "BQ410", 5),
        ("m / " + "9" * 40, "BQ410", 4),
        ("*".join(["n"] * 60), "BQ410", None),
    ],
)
def test_large_numbers(text: str, code: str, at: int | None) -> None:
    """A number beyond what is exact is refused where it stands."""
    found = refusal(text)
    assert found.code == code
    assert at is None or found.start == at


def test_place() -> None:
    """A word's place in a fixed list is known when the rules are compiled; what is not in the list comes last."""
    order = literal(("w3", "w1"), listed(KINDS["k"]))
    scope = e.Names({"order": order}, SCOPE)
    assert [0, 1, 2] == [e.value(f'place("{word}", order)', scope).value for word in ("w3", "w1", "w2")]  # type: ignore[attr-defined]
    with pytest.raises(e.Wrong, match="x9"):
        e.value('place("x9", order)', scope)
    with pytest.raises(e.Wrong, match="place"):
        e.value('place("w1", k)', scope)
