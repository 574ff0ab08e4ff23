"""YAML text -> plain values and the place of each, or problems.

A strict subset of YAML: a value means what it looks like. Only `true`, `false`, `null`, an empty value and
whole numbers are anything but text; decimals, percentages and lengths stay text exactly as written. Spellings
that YAML readers disagree about are refused, each at its place with its cure. The text is read as events and
never constructs an object, so nothing in it can run and no alias can multiply it.
"""

from pathlib import Path as FilePath

from .document import Document, line_starts, span_between
from .problems import Problem, Problems, Span

__all__ = ["Document", "read_documents", "read_yaml"]

MAX_BYTES = 2 * 1024 * 1024


def read_yaml(file: str, text: str | bytes | None = None) -> tuple[Document | None, Problems]:
    """One document from `text`, or from the file of that name; None exactly when a problem is an error."""
    documents, problems = _read(file, text, several=False)
    return (documents[0] if problems.ok and documents else None), problems


def read_documents(file: str, text: str | bytes | None = None) -> tuple[list[Document], Problems]:
    """The documents of a file, separated by `---`; those that have an error of their own are left out."""
    return _read(file, text, several=True)


def _read(file: str, text: str | bytes | None, several: bool) -> tuple[list[Document], Problems]:
    found: list[Problem] = []
    source = _text(file, text, found)
    if source is None:
        return [], Problems(found)
    # PyYAML and the tables take as long to import as all the rest; they are loaded with the first file.
    from .reading import Reader

    reader = Reader(file, source, found)
    readable = reader.clean()
    documents = reader.documents(readable, several)
    return documents, Problems(reader.limited())


def _text(file: str, text: str | bytes | None, found: list[Problem]) -> str | None:
    """The text without byte order mark, or None after a problem that leaves nothing to read."""
    top = Span(file, 1, 1, 1, 1)
    if text is None:
        try:
            with FilePath(file).open("rb") as stream:
                text = stream.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            zh, en = _cannot_read(error)
            found.append(
                Problem(
                    "BQ101",
                    f"文件读不到：{zh}",
                    top,
                    "请核对路径和读取权限",
                    None,
                    "error",
                    f"the file cannot be read: {en}",
                    "check the path and the permission to read",
                )
            )
            return None
    if (
        len(text) > MAX_BYTES
        or (isinstance(text, str)
        and len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES)
    ):
        found.append(
            Problem(
                "BQ102",
                f"文件超过 {MAX_BYTES // 1024 // 1024} MiB 的上限",
                top,
                "请拆成几个文件；成表的数字放进 CSV",
                None,
                "error",
                f"the file is larger than the limit of {MAX_BYTES // 1024 // 1024} MiB",
                "split it; tables of numbers belong in CSV files",
            )
        )
        return None
    if isinstance(text, bytes):
        data = text
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
            span = span_between(file, line_starts(before), len(before), len(before) + 1)
            zh, en = _encoding(data)
            found.append(
                Problem(
                    "BQ103",
                    f"不是 UTF-8 编码：字节 0x{data[error.start]:02X} 无法解读{zh}",
                    span,
                    "请在编辑器里另存为 UTF-8",
                    None,
                    "error",
                    f"not UTF-8: byte 0x{data[error.start]:02X} cannot be decoded{en}",
                    "save the file as UTF-8",
                )
            )
            return None
    return text.removeprefix("\ufeff")


def _cannot_read(error: Exception) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        return "没有这个文件", "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹", "it is a folder"
    if isinstance(error, PermissionError):
        return "没有读取权限", "permission is denied"
    reason = getattr(error, "strerror", None) or type(error).__name__
    return reason, reason


def _encoding(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "（像是 UTF-16）", " (it looks like UTF-16)"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "", ""
    return "（像是 GBK 或 GB18030）", " (it looks like GBK or GB18030)"
