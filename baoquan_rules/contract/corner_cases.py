"""rulebook/corner_cases.yaml -> the numbered corner cases that the law creates; cases name those that they show."""

from dataclasses import dataclass

from baoquan_rules.authoring import Document
from baoquan_rules.contract.part import Words, root


@dataclass(frozen=True, slots=True)
class CornerCase:
    """One of them. ``settled`` is false where the texts leave it open; ``no_item`` says why no servicing item has to do with it."""

    number: int
    says: Words
    law: tuple[str, ...]
    settled: bool
    no_item: Words | None


def read_corner_cases(document: Document) -> tuple[CornerCase, ...]:
    """The corner cases of a checked document, in its order."""
    listed = root(document).get("corner_cases")
    return tuple(
        CornerCase(
            part.plain("number"), part.words("says") or Words("", ""), tuple(part.plain("law", ())), part.plain("settled", True) is not False, part.words("no_item"),
        )
        for part in (listed.each() if listed is not None else ())
    )  # fmt: skip
