"""Two written values of a fact -> whether they say the same: ``6000`` and ``6,000.00``, ``14:00`` and ``14:00:00``, a year and twelve months."""

from collections.abc import Mapping
from typing import Any

from baoquan_rules.contract.lengths import counted
from baoquan_rules.contract.scalars import scalar
from baoquan_rules.contract.vocabulary import Fact, ListFact
from baoquan_rules.language.text import Period


def alike(one: Any, other: Any, fact: Fact | ListFact | None) -> bool:
    """Whether two values, in the form of a case file, are the same value of a fact; as written, where they cannot be read as such."""
    if isinstance(fact, ListFact):
        return bool(_complete(one) == _complete(other) and _all_alike(_items(one), _items(other), fact))
    if fact is not None:
        try:
            return bool(_plain(scalar(one, fact.type)) == _plain(scalar(other, fact.type)))
        except (ValueError, TypeError):
            pass
    return type(one) is type(other) and bool(one == other)


def alike_items(one: Any, other: Any, fact: ListFact) -> bool:
    """Whether two items of a list say the same, field by field; what one leaves out the other must not state."""
    if fact.item is not None:
        return alike(one, other, fact.item)
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return False
    stated = [{key: value for key, value in item.items() if value is not None} for item in (one, other)]
    return stated[0].keys() == stated[1].keys() and all(alike(value, stated[1][key], fact.fields.get(key)) for key, value in stated[0].items())


def _plain(value: Any) -> Any:
    return counted(value) if isinstance(value, Period) else value


def _items(listed: Any) -> Any:
    found = listed.get("items", ()) if isinstance(listed, Mapping) else listed
    return found if isinstance(found, list | tuple) else ()


def _complete(listed: Any) -> bool:
    return listed.get("complete") is True if isinstance(listed, Mapping) else True


def _all_alike(one: Any, other: Any, fact: ListFact) -> bool:
    return len(one) == len(other) and all(alike_items(*pair, fact) for pair in zip(one, other, strict=True))
