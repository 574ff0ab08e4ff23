"""Boolean rules and one fact -> the names of the rules that fire, decided by durable_rules 2.0.28.

It knows nothing of programs or policies. A rule whose answer depends on an unknown property does not fire,
so a condition given as two rules, "holds" and "fails", gets Kleene's three values.

    >>> rules = (("adult:holds", ("ge", "age", 18)), ("adult:fails", ("lt", "age", 18)))
    >>> sorted(fire(rules, {"age": 20})), sorted(fire(rules, {}))
    (['adult:holds'], [])

What the host keeps away from the library:

- It calls the C extension and not `durable.engine.Host`, whose two background threads walk the live states
  while a case is being decided. No Python action runs inside the engine, so none can fail in silence there.
- A state is deleted only after one of its actions has begun: before that the library frees an uninitialised
  pointer. So every fact matches a catch-all rule, and a ruleset whose case broke off is left behind.
- The pending nodes of one fact must fit a stack of 64, a rule has room for 15 gates, and an `and` of n `or`
  fires up to 2**n times: rules become short disjunctions, spread over several rulesets.
- A comparison of two properties reads uninitialised memory when the right one is missing: the host states the
  sign of their difference instead.
- Text is compared up to its length modulo 65,536 and ordered by its closing quote; integers end at 64 bits:
  text and larger integers are stated as their rank among the literals they are compared with, which is exact.
- A number compares with a text, and true with 1: a property has one type, checked here.
- Properties are told apart by a 32-bit hash of their names, and `id` and `sid` are taken: the host uses names
  of its own.
"""

import itertools
import json
import math
import operator
import struct
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast

Value: TypeAlias = int | bool | str
Term: TypeAlias = tuple[Any, ...]
"""("true"|"false", prop), ("const", bool), ("and"|"or", term, ...), or a comparison
("eq"|"ne"|"lt"|"le"|"gt"|"ge", prop, right) whose right is an int, bool or str, or ("prop", other)."""
Rule: TypeAlias = tuple[str, Term]

MAX_RULES = 50
MAX_PROPERTIES = 200
MAX_DEPTH = 200
_MAX_BRANCHES = 12
_MAX_ATOMS = 16
_MAX_STACK = 60
_MAX_FIRST_ATOMS = 400
_MAX_RULESETS = 128
_MAX_PLANS = 256

# The library reads literals as C `long`, which has 32 bits on some systems.
_BEYOND = 2 ** (8 * struct.calcsize("l") - 1) - 1

_TESTS: Mapping[str, Callable[[int, int], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_SPELLING = {"ne": "$neq", "lt": "$lt", "le": "$lte", "gt": "$gt", "ge": "$gte"}
_CATCH_ALL = "all"
_KINDS = frozenset({int, bool, str})


class HostError(RuntimeError):
    """durable_rules broke off a case; the case has no answer, later cases are not affected."""


# --- rules as atoms


@dataclass(frozen=True, slots=True)
class _Given:
    """A property of the fact."""

    name: str


@dataclass(frozen=True, slots=True)
class _Sign:
    """The sign of left - right: -1, 0 or 1."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class _Staged:
    """Whether an auxiliary rule has fired: True, or not stated."""

    number: int


_Source: TypeAlias = _Given | _Sign | _Staged


class _Atom(NamedTuple):
    operator: str
    source: _Source
    literal: Value


class _Gate(NamedTuple):
    operator: str
    children: tuple["_Node", ...]


_Node: TypeAlias = bool | _Atom | _Gate
_Branch: TypeAlias = tuple[_Atom, ...]


def _parse(term: Term, rule: str, kinds: dict[str, type], depth: int = 0) -> _Node:
    if depth > MAX_DEPTH:
        raise ValueError(f"rule {rule!r} is nested deeper than {MAX_DEPTH}; flatten its and/or")
    match term:
        case ("const", bool(value)):
            return value
        case ("and" | "or" as gate, *children):
            return _gate(gate, [_parse(child, rule, kinds, depth + 1) for child in children])
        case ("true" | "false" as verdict, str(name)):
            return _compared("eq", name, verdict == "true", rule, kinds)
        case (str(comparison), str(name), ("prop", str(other))) if comparison in _TESTS:
            return _Atom(comparison, _Sign(name, other), 0)
        case (str(comparison), str(name), literal) if comparison in _TESTS and type(literal) in _KINDS:
            return _compared(comparison, name, literal, rule, kinds)
    raise TypeError(
        f"rule {rule!r} holds {term!r}, which is no term; allowed: true, false, {', '.join(_TESTS)}, and, "
        "or, const; what a property is compared with is a bool, int, str or ('prop', name)"
    )


def _compared(comparison: str, name: str, literal: Value, rule: str, kinds: dict[str, type]) -> _Atom:
    kind = kinds.setdefault(name, type(literal))
    if kind is not type(literal):
        raise TypeError(
            f"rule {rule!r} compares {name!r} with the {type(literal).__name__} {literal!r}, another "
            f"comparison takes it as {kind.__name__}; a property has one type"
        )
    return _Atom(comparison, _Given(name), literal)


def _gate(gate: str, children: Iterable[_Node]) -> _Node:
    neutral = gate == "and"
    kept = [child for child in children if child is not neutral]
    if any(child is (not neutral) for child in kept):
        return not neutral
    if not kept:
        return neutral
    return kept[0] if len(kept) == 1 else _Gate(gate, tuple(kept))


@dataclass(slots=True)
class _Disjunctions:
    """Rules in disjunctive form; what would grow too large becomes an auxiliary rule of an earlier stage."""

    stages: list[list[tuple[str | int, list[_Branch]]]]
    levels: list[int]

    def add(self, target: str | int, branches: list[_Branch]) -> int:
        level = max((self.level(atom) for branch in branches for atom in branch), default=0)
        while len(self.stages) <= level:
            self.stages.append([])
        self.stages[level].append((target, branches))
        return level

    def level(self, atom: _Atom) -> int:
        return self.levels[atom.source.number] + 1 if isinstance(atom.source, _Staged) else 0

    def staged(self, branches: list[_Branch]) -> _Atom:
        number = len(self.levels)
        self.levels.append(0)
        self.levels[number] = self.add(number, branches)
        return _Atom("eq", _Staged(number), True)

    def of(self, node: _Atom | _Gate) -> list[_Branch]:
        if isinstance(node, _Atom):
            return [(node,)]
        parts = [self.of(cast(_Atom | _Gate, child)) for child in node.children]
        if node.operator == "or":
            return list(dict.fromkeys(itertools.chain.from_iterable(parts)))
        longest = sum(max(map(len, part)) for part in parts)
        if math.prod(map(len, parts)) <= _MAX_BRANCHES and longest <= _MAX_ATOMS:
            return list(dict.fromkeys(_joined(choice) for choice in itertools.product(*parts)))
        atoms = _joined(part[0] if len(part) == 1 else (self.staged(part),) for part in parts)
        while len(atoms) > _MAX_ATOMS:
            atoms = tuple(self.staged([group]) for group in _batches(atoms, _MAX_ATOMS))
        return [atoms]


def _joined(branches: Iterable[_Branch]) -> _Branch:
    return tuple(dict.fromkeys(itertools.chain.from_iterable(branches)))


def _batches(items: tuple[_Atom, ...], size: int) -> Iterator[tuple[_Atom, ...]]:
    return (items[start : start + size] for start in range(0, len(items), size))


# --- rulesets that stay within the library's limits

_Piece: TypeAlias = tuple[str | int, list[_Branch]]
_Trie: TypeAlias = dict[Any, "_Trie"]


def _pieces(rules: Iterable[_Piece]) -> list[_Piece]:
    """A rule with many branches becomes several with the same target."""
    return [
        (target, branches[start : start + _MAX_BRANCHES])
        for target, branches in rules
        for start in range(0, len(branches), _MAX_BRANCHES)
    ]


def _chunks(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """Halves until each part is a ruleset the library can hold; a single piece always is."""
    if len(pieces) <= 1 or _fits(pieces):
        yield pieces
    else:
        half = len(pieces) // 2
        yield from _chunks(pieces[:half])
        yield from _chunks(pieces[half:])


def _fits(pieces: list[_Piece]) -> bool:
    if len(pieces) > MAX_RULES:
        return False
    trie: _Trie = {}
    for number, (_, branches) in enumerate(pieces):
        _plant(trie, number, branches)
    sources = {atom.source for _, branches in pieces for branch in branches for atom in branch}
    narrow = len(sources) <= MAX_PROPERTIES and len(trie) <= _MAX_FIRST_ATOMS
    return narrow and 1 + _stack(trie) <= _MAX_STACK


def _plant(trie: _Trie, number: int, branches: list[_Branch]) -> None:
    """Adds a rule to the network as the library builds it: shared prefixes, a join after each branch."""
    for branch in branches:
        node = trie
        for atom in branch:
            node = node.setdefault(atom, {})
        if len(branches) > 1:
            node[number] = {}


def _stack(trie: _Trie) -> int:
    """The most nodes the library can have pending below one node, whatever the fact."""
    by_source: dict[object, list[_Atom]] = {}
    joins = 0
    for key in trie:
        if isinstance(key, _Atom):
            by_source.setdefault(key.source, []).append(key)
        else:
            joins += 1
    pushed = joins + sum(_together(atoms) for atoms in by_source.values())
    return pushed + max(0, max(map(_stack, trie.values()), default=0) - 1)


def _together(atoms: list[_Atom]) -> int:
    """How many comparisons of one source can be true at once."""
    ranks = {literal: 2 * i + 1 for i, literal in enumerate(_sorted(atom.literal for atom in atoms))}
    compared = [(_TESTS[atom.operator], ranks[atom.literal]) for atom in atoms]
    return max(sum(test(rank, right) for test, right in compared) for rank in range(2 * len(ranks) + 1))


def _sorted(literals: Iterable[Value]) -> list[Value]:
    return cast(list[Value], sorted(cast(set[int], set(literals))))


# --- what is asserted

_Encoder: TypeAlias = Callable[[Mapping[str, Value | None], set[str | int]], str | None]


class _Chunk(NamedTuple):
    text: str
    encoders: tuple[tuple[str, _Encoder], ...]
    targets: Mapping[str, str | int]


def _chunk(pieces: list[_Piece]) -> _Chunk:
    literals: dict[_Source, set[Value]] = {}
    for _, branches in pieces:
        for atom in itertools.chain.from_iterable(branches):
            literals.setdefault(atom.source, set()).add(atom.literal)
    names = {source: f"p{number}" for number, source in enumerate(literals)}
    ranked = {source: _sorted(found) for source, found in literals.items() if _needs_rank(found)}

    def condition(atom: _Atom) -> dict[str, Any]:
        ranks = ranked.get(atom.source)
        right = atom.literal if ranks is None else _rank(ranks, atom.literal)
        plain = {names[atom.source]: right}
        return plain if atom.operator == "eq" else {_SPELLING[atom.operator]: plain}

    def join(gate: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
        return parts[0] if len(parts) == 1 else {gate: parts}

    rules = {_CATCH_ALL: {"all": [{"m": {"c": 1}}]}}
    targets: dict[str, str | int] = {}
    for number, (target, branches) in enumerate(pieces):
        body = join("$or", [join("$and", [condition(atom) for atom in branch]) for branch in branches])
        rules[f"r{number}"] = {"all": [{"m": body}]}
        targets[f"r{number}"] = target
    encoders = tuple((f',"{names[source]}":', _encoder(source, ranked.get(source))) for source in literals)
    return _Chunk(json.dumps(rules), encoders, targets)


def _needs_rank(literals: set[Value]) -> bool:
    return any(isinstance(literal, str) or not -_BEYOND < literal < _BEYOND for literal in literals)


def _rank(literals: list[Value], value: Value) -> int:
    """Odd at a literal, even between two: every comparison with a literal has the same answer on ranks."""
    at = bisect_left(cast(list[int], literals), cast(int, value))
    return 2 * at + (at < len(literals) and literals[at] == value)


def _encoder(source: _Source, ranks: list[Value] | None) -> _Encoder:
    match source:
        case _Staged(number):
            return lambda facts, fired: "true" if number in fired else None
        case _Sign(left, right):
            return lambda facts, fired: _sign(left, facts.get(left), right, facts.get(right))
        case _Given(name) if ranks is None:
            return lambda facts, fired: _plain(facts.get(name))
        case _Given(name):
            return lambda facts, fired: _ranked(ranks, facts.get(name))


def _plain(value: Value | None) -> str | None:
    if value is None:
        return None
    if value is True or value is False:
        return "true" if value else "false"
    # Every literal lies strictly inside the bounds, so a value beyond them compares as the bound does.
    return str(min(max(cast(int, value), -_BEYOND), _BEYOND))


def _ranked(literals: list[Value], value: Value | None) -> str | None:
    return None if value is None else str(_rank(literals, value))


def _sign(left_name: str, left: Any, right_name: str, right: Any) -> str | None:
    if left is None or right is None:
        return None
    if type(left) is not type(right):
        raise TypeError(
            f"a rule compares {left_name!r} ({type(left).__name__} {left!r}) with {right_name!r} "
            f"({type(right).__name__} {right!r}); only values of one type compare"
        )
    return str((left > right) - (left < right))


# --- deciding

_LOCK = threading.Lock()
_SIDS = itertools.count(1)
_HANDLES: dict[str, int] = {}
_PLANS: dict[int, tuple[tuple[Rule, ...], "Plan"]] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """Rules made ready for the engine by `prepare`; immutable, and shared by threads."""

    always: frozenset[str]
    kinds: Mapping[str, type]
    chunks: tuple[_Chunk, ...]


def prepare(rules: tuple[Rule, ...]) -> Plan:
    """Checks rules and brings them into rulesets; the rulesets themselves are registered when first needed.

    Raises TypeError for a term of unknown shape or a property compared as two types, ValueError for a name
    given twice or a tree nested deeper than MAX_DEPTH.
    """
    kinds: dict[str, type] = {}
    always: set[str] = set()
    seen: set[str] = set()
    forms = _Disjunctions([], [])
    for name, term in rules:
        if name in seen:
            raise ValueError(f"two rules are named {name!r}; give each its own name, or join them with or")
        seen.add(name)
        node = _parse(term, name, kinds)
        if node is True:
            always.add(name)
        elif node is not False:
            forms.add(name, forms.of(node))
    chunks = (_chunk(part) for stage in forms.stages for part in _chunks(_pieces(stage)))
    return Plan(frozenset(always), kinds, tuple(chunks))


def fire(rules: tuple[Rule, ...] | Plan, facts: Mapping[str, Value | None]) -> frozenset[str]:
    """The names of the rules that fire for one fact. Thread-safe; cases of several threads take turns.

    A property that is missing or None is unknown, and no comparison with it is true. Integers are exact at
    any size. Keep the tuple of rules, or a Plan: its preparation is reused for the same object.

    Raises TypeError for a value that is not a bool, int or str, or not of the type its rules compare; what
    `prepare` raises; HostError when the library breaks off.
    """
    plan = rules if isinstance(rules, Plan) else _plan(rules)
    _check(facts, plan.kinds)
    fired: set[str | int] = set(plan.always)
    for chunk in plan.chunks:
        stated = ((prefix, encode(facts, fired)) for prefix, encode in chunk.encoders)
        fact = "".join(prefix + text for prefix, text in stated if text is not None)
        fired.update(chunk.targets[action] for action in _decide(chunk.text, fact))
    return frozenset(target for target in fired if isinstance(target, str))


def _plan(rules: tuple[Rule, ...]) -> Plan:
    # By identity: equal tuples may differ in meaning, because 1 == True. The entry keeps its tuple alive.
    entry = _PLANS.get(id(rules))
    if entry is None:
        entry = (rules, prepare(rules))
        if len(_PLANS) >= _MAX_PLANS:
            _PLANS.clear()
        _PLANS[id(rules)] = entry
    return entry[1]


def _check(facts: Mapping[str, Value | None], kinds: Mapping[str, type]) -> None:
    for name, value in facts.items():
        kind = type(value)
        if value is None or (kind is kinds.get(name, kind) and kind in _KINDS):
            continue
        allowed = kinds[name].__name__ if name in kinds else "bool, int or str"
        raise TypeError(
            f"fact {name!r} is the {kind.__name__} {value!r}; allowed: {allowed}, or None for unknown "
            "(state money in fen, dates as day numbers, enumerations as plain text)"
        )


def _decide(text: str, fact: str) -> set[str]:
    engine = _engine()
    actions: set[str] = set()
    with _LOCK:
        try:
            handle = _handle(engine, text)
            sid = str(next(_SIDS))
            _, state = engine.assert_fact(handle, f'{{"sid":"{sid}","id":"f","c":1{fact}}}')
            started = engine.start_action_for_state(handle, state)
            firing: str | None = started and started[1]
            while firing is not None:
                actions.add(firing[2 : firing.index('"', 2)])
                firing = engine.complete_and_start_action(handle, state)
            if _CATCH_ALL not in actions:
                raise HostError("durable_rules did not fire the rule that every fact matches")
        except BaseException as error:
            # The state may be half made, and deleting it can end the process: the ruleset is left behind.
            _HANDLES.pop(text, None)
            if isinstance(error, engine.error):
                raise HostError(f"durable_rules broke off a case: {error}") from error
            raise
        engine.delete_state(handle, sid)
    actions.remove(_CATCH_ALL)
    return actions


def _handle(engine: Any, text: str) -> int:
    """The ruleset with this content, registered on first use; the least recently used ones make room."""
    handle = _HANDLES.pop(text, None)
    if handle is None:
        if len(_HANDLES) >= _MAX_RULESETS:
            engine.delete_ruleset(_HANDLES.pop(next(iter(_HANDLES))))
        handle = int(engine.create_ruleset("rules", text))
    _HANDLES[text] = handle
    return handle


@cache
def _engine() -> Any:
    try:
        import durable_rules_engine  # type: ignore[import-not-found]
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "the rule host needs durable_rules 2.0.28: pip install durable_rules==2.0.28 (with a C compiler)",
            name=error.name,
        ) from error
    return durable_rules_engine
