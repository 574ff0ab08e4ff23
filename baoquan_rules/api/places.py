"""Where the package, its rulebook and a folder of products lie."""

from pathlib import Path

HERE = Path(__file__).parent.parent

COMPANY = "company.yaml"


def products_folder() -> Path:
    """The packaged products: inside the wheel, or beside the package in a source tree."""
    inside = HERE / "products"
    return inside if inside.is_dir() else HERE.parent / "products"


def folder_of(path: str | Path) -> Path | None:
    """The folder of products that a file lies in: the nearest one above it with company rules; ``None`` outside any."""
    start = Path(path).resolve()
    for folder in (start, *start.parents):
        if (folder / COMPANY).is_file():
            return None if folder == products_folder().resolve() else folder
    return None


def rulebook_files() -> tuple[Path, ...]:
    """The rulebook and law that ship with the package."""
    return tuple(sorted((HERE / "rulebook").glob("*.yaml"))) + tuple(sorted((HERE / "law").glob("*.yaml")))


def products_of(given: Path) -> Path:
    """The folder of products that a path belongs to: the one with the company rules; the packaged one for the rulebook."""
    if given.is_relative_to(HERE.resolve()) and not given.is_relative_to(products_folder().resolve()):
        return products_folder().resolve()
    start = given if given.is_dir() else given.parent
    return next((one for one in (start, *list(start.parents)[:3]) if (one / COMPANY).is_file()), start)


def shown(path: Path) -> Path:
    """A path as messages show it: from the working folder where it lies below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
