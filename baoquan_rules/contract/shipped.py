"""The name of a file of the rulebook -> the file that ships with the package."""

from pathlib import Path

from baoquan_rules.authoring import Document, ProductInvalid, read_yaml

FOLDER = Path(__file__).parent.parent / "rulebook"


def rulebook_file(name: str) -> Document:
    """The document of ``rulebook/<name>.yaml``.

    Raises:
        ProductInvalid: it cannot be read.
    """
    document, problems = read_yaml(str(FOLDER / f"{name}.yaml"))
    if document is None:
        raise ProductInvalid(problems)
    return document
