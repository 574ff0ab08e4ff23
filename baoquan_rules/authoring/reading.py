"""YAML events -> documents, collecting everything that is refused on the way.

Events are read one by one onto a stack of open mappings and lists, never by recursion, and reading stops at the
limits of depth and number before anything large is built.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import yaml as pyyaml

from .document import Document, Path, Spans, line_starts, span_between
from .offsets import Place
from .problems import LINE_BREAK, Problem, Problems
from .wording import (
    FORBIDDEN,
    FORBIDDEN_RUN,
    INTEGER,
    LONGEST_NUMBER,
    NUMERIC,
    REFUSED,
    SLIPS,
    SYNTAX,
    TABS,
    WIDE_COLON,
    WIDE_COLON_ERRORS,
    WIDE_SPACES,
    read_as,
    rewritten,
    short,
)

__all__ = ["Reader"]

MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_DIGITS = 18
MAX_PROBLEMS = 500

# The C scanner where PyYAML was built with it: some twenty times faster, the same positions.
_LOADER: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)


_STARTS: Final = (pyyaml.MappingStartEvent, pyyaml.SequenceStartEvent)
_ENDS: Final = (pyyaml.MappingEndEvent, pyyaml.SequenceEndEvent)

# Files repeat their words: whether one is read as anything but text is found out once, for those that are not long.
_REMEMBERED: Final = 64
_READ_OTHERWISE: Final = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in (INTEGER, *(row[0] for row in REFUSED))))


@lru_cache(maxsize=16384)
def _is_text(text: str) -> bool:
    """Whether text without quotes is nothing but text, with nothing to be said of it."""
    return not (text in ("", "null", "true", "false") or _READ_OTHERWISE.fullmatch(text) or _wide_edges(text))


@lru_cache(maxsize=4096)
def _is_name(text: str) -> bool:
    """Whether text without quotes is a key with nothing to be said of it."""
    return text != "<<" and read_as(text) is None and not _wide_edges(text)


def _wide_edges(text: str) -> bool:
    """Whether text begins or ends with a space that is not ASCII."""
    return bool(text) and (text[0] in WIDE_SPACES or text[-1] in WIDE_SPACES)


class _Stop(Exception):
    """Reading ends here; the problem that says why has been noted."""


@dataclass(slots=True)
class _Frame:
    """A mapping or list being read."""

    path: Path
    value: dict[str, Any] | list[Any]
    start: int
    end: int
    flow: bool
    key_start: int = -1
    key_end: int = -1
    # In a mapping: the key whose value comes next, or None where a key comes next.
    key: str | None = None
    next_key_start: int = -1
    next_key_end: int = -1
    # The mapping or list is itself a key, or the value of a key that was refused.
    dropped: bool = False
    seen: dict[str, int] = field(default_factory=dict)


class Reader:
    """Collects the problems of one file while its events become values."""

    def __init__(self, file: str, text: str, found: list[Problem]) -> None:
        self.file = file
        self.text = text
        self.found = found
        self.line_starts = line_starts(text)
        self.nodes = 0
        self.left_out = 0

    def problem(
        self,
        code: str,
        start: int,
        end: int,
        zh: str,
        en: str,
        hint: str | None = None,
        hint_en: str | None = None,
    ) -> None:
        if len(self.found) >= MAX_PROBLEMS:
            self.left_out += 1
            return
        span = span_between(self.file, self.line_starts, start, end)
        self.found.append(Problem(code, zh, span, hint, None, "error", en, hint_en))

    def limited(self) -> Problems:
        """All problems in order; where some were left out, a last one that says so."""
        problems = Problems(self.found).sorted()
        if not self.left_out:
            return problems
        last = Problem(
            "BQ129",
            f"问题过多，另有 {self.left_out} 处未列出",
            span_between(self.file, self.line_starts, len(self.text), 0),
            "请先改好已列出的问题",
            None,
            "error",
            f"too many problems; {self.left_out} more are not listed",
            "mend the listed ones first",
        )
        return Problems([*problems, last])

    def clean(self) -> str:
        """The text with refused characters replaced one for one, so that reading can go on behind them."""
        for match in FORBIDDEN_RUN.finditer(self.text):
            self.forbidden(match.group()[0], *match.span())
        line = 0
        for match in TABS.finditer(self.text):
            if line == (line := bisect_right(self.line_starts, match.start())):
                continue  # one problem a line is enough
            self.problem(
                "BQ105",
                *match.span(),
                "制表符（Tab）：缩进和间隔只能用空格",
                "a tab: only spaces may be used",
                '换成空格；文字里需要制表符时写在双引号里："\\t"',
                'use spaces; inside text write "\\t" in double quotes',
            )
        return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", self.text).replace("\t", " ")

    def forbidden(self, character: str, start: int, end: int) -> None:
        name = unicodedata.name(character, "control character")
        self.problem(
            "BQ104",
            start,
            end,
            f"不可见字符或控制字符 U+{ord(character):04X}（{name}）",
            f"control or invisible character U+{ord(character):04X} ({name})",
            "请删去这个字符",
            "delete the character",
        )

    # Documents

    def documents(self, readable: str, several: bool) -> list[Document]:
        documents: list[Document] = []
        count = 0
        clean = not self.found
        before = len(self.found) + self.left_out
        try:
            events: Iterator[Any] = pyyaml.parse(readable, Loader=_LOADER)
            for event in events:
                first, last = event.start_mark.index, event.end_mark.index
                if isinstance(event, pyyaml.DocumentStartEvent):
                    count += 1
                    if count > 1 and not several:
                        self.problem(
                            "BQ107",
                            first,
                            first + 3,
                            "这个文件只能有一份文档，这里又开始了一份",
                            "the file takes one document; here another starts",
                            "删去「---」及其后的内容，或另存为一个文件",
                            "remove the --- and what follows, or move it to a file",
                        )
                        raise _Stop
                    if event.version or event.tags:
                        self.directive(first, last)
                    start = last
                    places: dict[Path, Place] = {}
                    value = self.value(events, places)
                    root = places.get((), Place(start, start, -1, -1, ""))
                    if value is None and root.start == root.end:
                        where = self.text.rfind("---", 0, start + 1) if event.explicit else 0
                        self.empty(max(where, 0), 3 if event.explicit else 0)
                    if clean and len(self.found) + self.left_out == before:
                        spans = Spans(places, self.line_starts)
                        documents.append(Document(self.file, self.text, value, spans))
                    before = len(self.found) + self.left_out
            if not count:
                self.empty(0, 0)
        except _Stop:
            pass
        except pyyaml.MarkedYAMLError as error:
            self.syntax(error)
        except (ValueError, OverflowError):
            # The scanner in Python lets chr() refuse a number that is no character.
            found = re.search(r"\\U(?!000|0010)[0-9A-Fa-f]{8}", self.text)
            start, end = found.span() if found else (0, 1)
            self.problem(
                "BQ108",
                start,
                end,
                "双引号里的转义不是有效的字符",
                "the escape is not a character",
                "改为有效的字符，或直接写出来",
                "use an escape that exists, or write the character",
            )
        except pyyaml.YAMLError as error:
            self.problem(
                "BQ108",
                0,
                0,
                f"YAML 写法有误：{short(str(error))}",
                f"the YAML does not parse: {short(str(error))}",
            )
        return documents

    def empty(self, start: int, length: int) -> None:
        self.problem(
            "BQ106",
            start,
            start + length,
            "没有内容：文件是空的，或只有注释",
            "there is nothing here but comments",
            "写入内容，或删去多余的「---」",
            "write something, or remove the surplus ---",
        )

    def directive(self, start: int, end: int) -> None:
        position = self.text.find("%", start, end)
        start = position if position >= 0 else start
        line = LINE_BREAK.split(self.text[start:end], 1)[0]
        self.problem(
            "BQ127",
            start,
            start + len(line),
            f"不使用 YAML 指令「{short(line)}」",
            f"the YAML directive '{short(line)}' is not used",
            "删去这一行",
            "delete the line",
        )

    # Values

    def value(self, events: Iterator[Any], places: dict[Path, Place]) -> Any:
        """The value of one document; `places` gets the place of every value in it."""
        stack: list[_Frame] = []
        parent: _Frame | None = None
        for event in events:
            kind = type(event)
            start, end = event.start_mark.index, event.end_mark.index
            if kind in _ENDS:
                frame = stack.pop()
                end = end if frame.flow else frame.end
                if not frame.dropped:
                    style = "{" if isinstance(frame.value, dict) else "["
                    places[frame.path] = Place(frame.start, end, frame.key_start, frame.key_end, style)
                if not stack:
                    return self.finish(events, frame.value)
                parent = stack[-1]
                parent.end = max(parent.end, end)
                continue
            scalar = kind is pyyaml.ScalarEvent
            style = (event.style or "") if scalar else ""
            if style in ("|", ">"):
                # The scanner reads on to the next token; the value ends with its last visible character.
                end = start + len(self.text[start:end].rstrip(" \r\n"))
            self.nodes += 1
            if self.nodes > MAX_NODES or event.anchor is not None or (kind is not pyyaml.AliasEvent and event.tag is not None):
                self.node(event, start, end)
            holder = parent.value if parent is not None else None
            is_key = parent is not None and parent.key is None and isinstance(holder, dict)
            if parent is not None and end > parent.end:
                parent.end = end
            if kind in _STARTS:
                if len(stack) >= MAX_DEPTH:
                    self.problem(
                        "BQ109",
                        start,
                        start + 1,
                        f"层次超过 {MAX_DEPTH} 层的上限",
                        f"nested deeper than {MAX_DEPTH} levels",
                        "减少层次",
                        "use fewer levels",
                    )
                    raise _Stop
                parent = self.opened(event, parent, is_key, start, end)
                stack.append(parent)
                continue
            if scalar:
                text = event.value
                if style == '"' and (hidden := FORBIDDEN.search(text)):
                    self.forbidden(hidden.group(), start, end)
                # A tagged value has been refused; what it would be without the tag is not asked.
                value = text if style or is_key or event.tag else self.plain(text, start, end)
            else:
                value, text = None, self.text[start:end]
                self.problem(
                    "BQ121",
                    start,
                    end,
                    f"不使用 YAML 别名「{short(text)}」",
                    f"the YAML alias '{short(text)}' is not used",
                    "把内容完整写出来；以 * 开头的文字要加引号",
                    "write the content out; quote text that starts with *",
                )
            if parent is None:
                places[()] = Place(start, end, -1, -1, style)
                return self.finish(events, value)
            if is_key:
                self.key(parent, text, start, end, plain=not style, alias=not scalar)
            elif isinstance(holder, dict):
                if not parent.dropped and parent.key is not None:
                    places[(*parent.path, parent.key)] = Place(start, end, parent.next_key_start, parent.next_key_end, style)
                    holder[parent.key] = value
                parent.key = None
            else:
                assert isinstance(holder, list)
                if not parent.dropped:
                    places[(*parent.path, len(holder))] = Place(start, end, -1, -1, style)
                holder.append(value)
        raise _Stop

    def finish(self, events: Iterator[Any], value: Any) -> Any:
        # The event that ends the document stands between this value and the next document.
        next(events)
        return value

    def node(self, event: Any, start: int, end: int) -> None:
        """Refuse what may stand before a value, and too many values."""
        if self.nodes > MAX_NODES:
            self.problem(
                "BQ110",
                start,
                end,
                f"值的个数超过 {MAX_NODES} 的上限",
                f"more than {MAX_NODES} values",
                "请拆成几个文件；成表的数字放进 CSV",
                "split the file; tables of numbers belong in CSV files",
            )
            raise _Stop
        anchor = event.anchor
        if anchor is not None and not isinstance(event, pyyaml.AliasEvent):
            self.problem(
                "BQ120",
                *self.mark(start, "&"),
                f"不使用 YAML 锚点「&{short(anchor)}」",
                f"the YAML anchor '&{short(anchor)}' is not used",
                "删去锚点，把内容完整写出来；以 & 开头的文字要加引号",
                "write the content out; quote text that starts with &",
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            first, last = self.mark(start, "!")
            written = self.text[first:last]
            self.problem(
                "BQ119",
                first,
                last,
                f"不使用 YAML 标签「{short(written)}」",
                f"the YAML tag '{short(written)}' is not used",
                "删去标签；以 ! 开头的文字要加引号",
                "delete the tag; quote text that starts with !",
            )

    def mark(self, start: int, sign: str) -> tuple[int, int]:
        """The extent of the anchor or tag that starts with `sign` at or soon after `start`."""
        found = re.compile(rf"{re.escape(sign)}[^\s,\[\]{{}}]*").search(self.text, start)
        return found.span() if found else (start, start + 1)

    def opened(self, event: Any, parent: _Frame | None, is_key: bool, start: int, end: int) -> _Frame:
        mapping = isinstance(event, pyyaml.MappingStartEvent)
        value: dict[str, Any] | list[Any] = {} if mapping else []
        flow = bool(event.flow_style)
        if parent is None:
            return _Frame((), value, start, end, flow)
        if is_key:
            self.problem(
                "BQ125",
                start,
                start + 1,
                "键不能是列表或映射",
                "a key cannot be a list or a mapping",
                "键写成一个词；值以 { 或 [ 开头而又是文字时要加引号",
                "use one word as key; quote text that starts with { or [",
            )
            parent.key = ""
            return _Frame(parent.path, value, start, end, flow, dropped=True)
        if isinstance(parent.value, dict):
            key = parent.key or ""
            parent.key = None
            frame = _Frame(
                (*parent.path, key), value, start, end, flow, parent.next_key_start, parent.next_key_end
            )
            frame.dropped = parent.dropped
            if not parent.dropped:
                parent.value[key] = value
            return frame
        frame = _Frame((*parent.path, len(parent.value)), value, start, end, flow, dropped=parent.dropped)
        parent.value.append(value)
        return frame

    def key(self, frame: _Frame, text: str, start: int, end: int, *, plain: bool, alias: bool) -> None:
        """Take a key: note what is wrong with it, and remember where it stands."""
        frame.key, frame.next_key_start, frame.next_key_end = text, start, end
        if alias:
            return
        if text not in frame.seen and (not plain or _is_name(text)):
            frame.seen[text] = start
            return
        if plain and text == "<<":
            self.problem(
                "BQ122",
                start,
                end,
                "不使用合并键「<<」",
                "the merge key '<<' is not used",
                "把内容完整写出来",
                "write the content out",
            )
        elif plain and (meaning := read_as(text)):
            hint, hint_en = f'加引号："{text}"；或换一个名称', f'quote it: "{text}", or choose another name'
            if re.fullmatch(r"[0-9]{3}(\.[0-9]+)?", text) and self.text[start - 1] == ",":
                hint = "若是金额的千分位，去掉逗号，或给整个金额加引号"
                hint_en = "if this is part of an amount, leave out the comma or quote the whole amount"
            self.problem(
                "BQ124",
                start,
                end,
                f"键「{text}」不是文字：会被读成{meaning[0]}",
                f"the key '{text}' is not text: it is read as {meaning[1]}",
                hint if text else "写上键的名称",
                hint_en if text else "write the name of the key",
            )
        elif plain:
            self.edges(text, start, end)
        if text in frame.seen:
            first = span_between(self.file, self.line_starts, frame.seen[text], 0)
            self.problem(
                "BQ123",
                start,
                end,
                f"键「{short(text)}」重复：第 {first.line} 行第 {first.column} 列已经有了",
                f"the key '{short(text)}' is repeated: it already stands at line {first.line}, column {first.column}",
                "删去其中一个，或改名",
                "delete or rename one of them",
            )
        else:
            frame.seen[text] = start

    def plain(self, text: str, start: int, end: int) -> Any:
        """The value of text without quotes."""
        if len(text) <= _REMEMBERED and _is_text(text):
            return text
        if text in ("", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        integer = INTEGER.fullmatch(text)
        if integer and len(text.lstrip("-")) <= MAX_DIGITS:
            return int(text)
        if integer or (len(text) > LONGEST_NUMBER and NUMERIC.fullmatch(text)):
            self.problem(
                "BQ118",
                start,
                end,
                f"数字有 {len(text.lstrip('-'))} 位，上限是 {MAX_DIGITS} 位",
                f"the number has {len(text.lstrip('-'))} digits; at most {MAX_DIGITS} are allowed",
                "证件号、保单号等编号要加引号",
                "quote identifiers such as policy or identity numbers",
            )
            return text
        for pattern, code, zh, en, hint, hint_en in REFUSED if len(text) <= LONGEST_NUMBER else ():
            if pattern.fullmatch(text):
                words = (short(text), rewritten(text, code))
                self.problem(
                    code,
                    start,
                    end,
                    zh.format(*words),
                    en.format(*words),
                    hint.format(*words),
                    hint_en.format(*words),
                )
                return text
        self.edges(text, start, end)
        return text

    def edges(self, text: str, start: int, end: int) -> None:
        """Spaces that are not ASCII look like indentation or separation but belong to the text."""
        if _wide_edges(text):
            at_start = text[0] in WIDE_SPACES
            first, last = (start, start + 1) if at_start else (end - 1, end)
            self.problem(
                "BQ128",
                first,
                last,
                "首尾有全角空格或不换行空格，它会成为内容的一部分",
                "a full-width or no-break space at the edge would become part of the text",
                "换成普通空格；确实需要时加引号",
                "use an ordinary space; quote the text if it is meant",
            )

    # Syntax errors

    def syntax(self, error: Any) -> None:
        mark = error.problem_mark or error.context_mark
        where = min(mark.index, len(self.text)) if mark else 0
        context = min(error.context_mark.index, len(self.text)) if error.context_mark else where
        said = str(error.problem or "")
        general = (
            False,
            f"YAML 写法有误（{short(said, 80)}）",
            f"the YAML does not parse ({short(said, 80)})",
            "核对缩进、冒号、引号和括号",
            "check indentation, colons, quotes and brackets",
        )
        known = (row for row in SYNTAX if re.search(row[0], said))
        _, use_context, zh, en, hint, hint_en = next(known, ("", *general))
        start = context if use_context else where
        line = bisect_right(self.line_starts, start)
        if any(item.code == "BQ105" and item.span and item.span.line == line for item in self.found):
            # The tab has been reported; the scanner's complaint is about the same thing.
            return
        if "{0}" in zh:
            opened = span_between(self.file, self.line_starts, context, context)
            zh, en = zh.format(opened.line), en.format(opened.line)
        if re.search(WIDE_COLON_ERRORS, said) and (wide := self.wide_colon(start)) is not None:
            key, at = wide
            self.problem(
                "BQ108",
                at,
                at + 1,
                f"键「{key}」后面是全角冒号「：」",
                f"a full-width colon follows the key '{key}'",
                f"写成半角冒号加空格：「{key}: …」",
                f"write an ordinary colon and a space: '{key}: ...'",
            )
            return
        line_text = LINE_BREAK.split(self.text[self.line_starts[line - 1] :], 1)[0]
        previous = LINE_BREAK.split(self.text[self.line_starts[max(line - 2, 0)] :], 1)[0]
        for slip, slip_zh, slip_en in SLIPS:
            if slip.search(line_text) or (line > 1 and slip.search(previous)):
                hint, hint_en = f"{hint}；{slip_zh}", f"{hint_en}; {slip_en}"
        self.problem("BQ108", start, start + 1, zh, en, hint, hint_en)

    def wide_colon(self, start: int) -> tuple[str, int] | None:
        """The key with a full-width colon after it that made the scanner stumble at an offset, and where that colon is.

        To the scanner such a line is text without an end, so that it complains of the next line that has a key.
        """
        line = bisect_right(self.line_starts, start)
        before = self.text[self.line_starts[line - 1] : start]
        if ": " in before:
            return None
        while line > 0:
            begin = self.line_starts[line - 1]
            text = LINE_BREAK.split(self.text[begin:], 1)[0]
            if found := WIDE_COLON.match(text):
                return found[1], begin + found.end() - 1
            if text.strip() and not text.lstrip().startswith("#") and begin + len(text) < start:
                return None
            line -= 1
        return None
