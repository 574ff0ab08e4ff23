"""YAML text -> values with places, checked against a schema, or problems.

Not the meaning of what is written: names, types and bounds are checked by later stages, which report
their problems as the values defined here.
"""

from .codes import CODES
from .document import Document
from .problems import (
    BaoquanError,
    CaseInvalid,
    Problem,
    Problems,
    ProductInvalid,
    Span,
    WrongUse,
    both,
    did_you_mean,
    nearest,
    render,
)
from .schema import check_schema
from .yaml import read_documents, read_yaml

__all__ = [
    "CODES",
    "BaoquanError",
    "CaseInvalid",
    "Document",
    "Problem",
    "Problems",
    "ProductInvalid",
    "Span",
    "WrongUse",
    "both",
    "check_schema",
    "did_you_mean",
    "nearest",
    "read_documents",
    "read_yaml",
    "render",
]
