"""Policy servicing (保全) of Chinese life and health insurance: clauses in YAML, decisions that carry their proof.

    >>> from baoquan_rules import decide, load, read_case
    >>> decision = decide(read_case("case.yaml"))
    >>> print(decision.outcome, decision.explain(lang="zh", reader="customer"))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baoquan_rules.api import Library as Library
    from baoquan_rules.api import check as check
    from baoquan_rules.api import decide as decide
    from baoquan_rules.api import load as load
    from baoquan_rules.api import read_case as read_case
    from baoquan_rules.api import read_cases as read_cases
    from baoquan_rules.api import replay as replay
    from baoquan_rules.authoring import BaoquanError as BaoquanError
    from baoquan_rules.authoring import CaseInvalid as CaseInvalid
    from baoquan_rules.authoring import Problem as Problem
    from baoquan_rules.authoring import Problems as Problems
    from baoquan_rules.authoring import ProductInvalid as ProductInvalid
    from baoquan_rules.authoring import WrongUse as WrongUse
    from baoquan_rules.casework import BookingRefused as BookingRefused
    from baoquan_rules.casework import Event as Event
    from baoquan_rules.casework import EventRefused as EventRefused
    from baoquan_rules.casework import PolicyBook as PolicyBook
    from baoquan_rules.casework import ServiceCase as ServiceCase
    from baoquan_rules.casework import book as book
    from baoquan_rules.casework import open_case as open_case
    from baoquan_rules.casework import read_book as read_book
    from baoquan_rules.casework import resume as resume
    from baoquan_rules.contract.case import Case as Case
    from baoquan_rules.decision.decision import Decision as Decision
    from baoquan_rules.tables import decide_table as decide_table

__version__ = "0.1.0"

_HOMES = {
    "baoquan_rules.api": ("Library", "check", "decide", "load", "read_case", "read_cases", "replay"),
    "baoquan_rules.authoring": ("BaoquanError", "CaseInvalid", "Problem", "Problems", "ProductInvalid", "WrongUse"),
    "baoquan_rules.casework": (
        "BookingRefused", "Event", "EventRefused", "PolicyBook", "ServiceCase", "book", "open_case", "read_book", "resume",
    ),
    "baoquan_rules.contract.case": ("Case",),
    "baoquan_rules.decision.decision": ("Decision",),
    "baoquan_rules.tables": ("decide_table",),
}

__all__ = ["__version__", *(name for names in _HOMES.values() for name in names)]


def __getattr__(name: str) -> Any:
    """Public names are imported when first used, so that ``import baoquan_rules`` costs nothing."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'baoquan_rules' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
