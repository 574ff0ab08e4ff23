"""Refused spellings and scanner messages -> what the author is told, in Chinese and English.

Not the reading itself: tables that `yaml` looks things up in, and the tests of text without quotes.
"""

import re
from functools import lru_cache

__all__ = [
    "FORBIDDEN",
    "FORBIDDEN_RUN",
    "INTEGER",
    "LONGEST_NUMBER",
    "NUMERIC",
    "REFUSED",
    "SLIPS",
    "SYNTAX",
    "TABS",
    "WIDE_COLON",
    "WIDE_COLON_ERRORS",
    "WIDE_SPACES",
    "read_as",
    "rewritten",
    "short",
]

# Control characters, direction marks and zero-width characters could make a text read otherwise than it looks;
# the Unicode line separators would make editors and YAML count lines differently.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufffe\uffff]"
)
FORBIDDEN_RUN = re.compile(f"{FORBIDDEN.pattern}+")
TABS = re.compile("\t+")

# Scalars: (pattern, code, zh, en, cure in zh, cure in en), tried in order on text without quotes.
# {0} is the text found, {1} the number as it should be written.

_QUOTE = ('是文字就加引号："{0}"', 'if it is text, quote it: "{0}"')
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_TRUE = {"yes", "y", "on", "true"}
BOOLEAN = re.compile(r"y|Y|yes|Yes|YES|n|N|no|No|NO|True|TRUE|False|FALSE|on|On|ON|off|Off|OFF")
DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ]+[0-9]{1,2}:.*)?")
# Longer text is not matched against the patterns below: some of them take quadratic time.
LONGEST_NUMBER = 100
NUMERIC = re.compile(r"[-+0-9_.:]+")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")

REFUSED: tuple[tuple[re.Pattern[str], str, str, str, str, str], ...] = (
    (
        BOOLEAN,
        "BQ111",
        "「{0}」含混：有的工具读成真假值，有的读成文字",
        "'{0}' is read as a boolean by some tools",
        "真假值写 {1}；" + _QUOTE[0],
        "write {1} for a boolean; " + _QUOTE[1],
    ),
    (
        re.compile(r"~|Null|NULL"),
        "BQ112",
        "「{0}」含混：空值只有一种写法",
        "'{0}' is an ambiguous null",
        "写 null，或者冒号后面留空；" + _QUOTE[0],
        "write null or leave the value empty; " + _QUOTE[1],
    ),
    (
        re.compile(r"[-+]?0[xXoObB][0-9A-Fa-f_]*"),
        "BQ113",
        "「{0}」会被读成另一种进制的数",
        "'{0}' is a number in another base",
        "写成十进制整数；" + _QUOTE[0],
        "write a decimal integer; " + _QUOTE[1],
    ),
    (
        re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?"),
        "BQ113",
        "数字「{0}」以 0 开头，有的工具读成八进制",
        "the number '{0}' starts with 0; some tools read it as octal",
        "是数字就写 {1}；" + _QUOTE[0],
        "write {1} if it is a number; " + _QUOTE[1],
    ),
    (
        re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?|[-+]?[0-9]+\.[0-9_]*_[0-9_]*"),
        "BQ114",
        "数字「{0}」里有下划线",
        "the number '{0}' has an underscore",
        "去掉下划线，写 {1}；" + _QUOTE[0],
        "write {1} without the underscore; " + _QUOTE[1],
    ),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(:[0-9]{1,2})+(\.[0-9_]*)?"),
        "BQ115",
        "「{0}」没有引号，会被读成六十进制的数",
        "'{0}' without quotes may be read as a base-60 number",
        '加引号："{0}"',
        'quote it: "{0}"',
    ),
    (
        re.compile(
            r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+|[-+]?\.?(inf|Inf|INF|infinity|Infinity)|\.?(nan|NaN|NAN)"
        ),
        "BQ116",
        "「{0}」是科学计数法、无穷或非数，金额和比例不能这样写",
        "'{0}' is an exponent, infinity or not-a-number",
        "把数字完整写出来，例如 100000 或 0.05；" + _QUOTE[0],
        "write the number out, as 100000 or 0.05; " + _QUOTE[1],
    ),
    (
        DATE,
        "BQ117",
        "日期「{0}」没有加引号",
        "the date '{0}' has no quotes",
        '加引号："{0}"',
        'quote it: "{0}"',
    ),
    (
        re.compile(r"\+[0-9][0-9]*(\.[0-9]*)?|[-+]?\.[0-9]+|-?[0-9]+\."),
        "BQ126",
        "数字「{0}」写得不完整（不写正号，小数点两边都要有数字）",
        "the number '{0}' is incomplete: no plus sign, digits on both sides of the point",
        "写 {1}；" + _QUOTE[0],
        "write {1}; " + _QUOTE[1],
    ),
)


def rewritten(text: str, code: str) -> str:
    """The number or word as it should have been written."""
    if code == "BQ111":
        return "true" if text.casefold() in _TRUE else "false"
    sign = "-" if text.startswith("-") else ""
    whole, point, part = text.lstrip("+-").replace("_", "").partition(".")
    return sign + (whole.lstrip("0") or "0") + (f".{part}" if point and part else "")


def short(text: str, limit: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


@lru_cache(maxsize=4096)  # the same keys stand in every file
def read_as(text: str) -> tuple[str, str] | None:
    """What YAML readers may take a plain key for, if not for text."""
    if text in ("", "null", "~", "Null", "NULL"):
        return "空值", "null"
    if text in ("true", "false") or BOOLEAN.fullmatch(text):
        return "真假值", "a boolean"
    if len(text) > LONGEST_NUMBER:
        return ("数字", "a number") if NUMERIC.fullmatch(text) else None
    if DATE.fullmatch(text):
        return "日期", "a date"
    if INTEGER.fullmatch(text) or DECIMAL.fullmatch(text) or any(row[0].fullmatch(text) for row in REFUSED):
        return "数字", "a number"
    return None


WIDE_SPACES = "\u00a0\u3000\u2002\u2003\u2007\u2009\u202f"

# What the scanner says (a pattern), whether the place of its context is the better one, then the words.
# {0} is the line where the surrounding mapping, list or quote starts.
SYNTAX: tuple[tuple[str, bool, str, str, str, str], ...] = (
    (
        "mapping values are not allowed",
        False,
        "这里不能再有冒号，或者这一行的缩进与上文不一致",
        "a colon cannot stand here, or the indentation differs from the lines above",
        "文字里含「: 」时整段加引号；同一层的键左边对齐",
        "quote text that holds ': '; align keys of one level",
    ),
    (
        "could not find expected ':'|sequence entries are not allowed",
        True,
        "这一行缺少冒号，或缩进与上文不一致",
        "a colon is missing, or the indentation differs from the lines above",
        "写成「键: 值」，冒号后留一个空格",
        "write 'key: value' with a space after the colon",
    ),
    (
        "unexpected end of stream|unexpected document indicator",
        True,
        "引号没有结束",
        "the quote is never closed",
        "在文字末尾补上同样的引号",
        "close it with the same quote",
    ),
    (
        "',' or '[]}]'",
        False,
        "第 {0} 行开始的括号没有结束，或两项之间缺少逗号",
        "the bracket opened on line {0} is not closed, or a comma is missing",
        "用半角逗号分开各项，用 ] 或 } 结束；以 { 或 [ 开头的文字要加引号",
        "separate items by commas and close with ] or }; quote text that starts with { or [",
    ),
    (
        "expected key|expected '-' indicator|expected <block end>",
        False,
        "与第 {0} 行开始的一组内容对不上：缩进不一致，或值的后面还有多余的文字",
        "does not fit the block that starts on line {0}: the indentation differs, or text follows a finished value",
        "同一层左边对齐；引号或括号之后不要再写文字，整段文字要加引号",
        "align one level; write nothing after a closing quote or bracket, quote the whole text",
    ),
    (
        "cannot start any token",
        False,
        "文字不能以这个符号开头",
        "text cannot start with this character",
        "整段文字加引号",
        "quote the whole text",
    ),
    (
        "unknown escape|hexdecimal|hexadecimal|invalid Unicode character",
        False,
        "双引号里的反斜线写法不认识",
        "an unknown escape after a backslash in double quotes",
        "反斜线写两个（\\\\），或改用单引号",
        "double the backslash, or use single quotes",
    ),
    (
        "tag handle|tag|URI",
        True,
        "不使用 YAML 标签",
        "YAML tags are not used",
        "以 ! 开头的文字要加引号",
        "quote text that starts with !",
    ),
    (
        "alphabetic or numeric",
        False,
        "不使用 YAML 锚点和别名",
        "YAML anchors and aliases are not used",
        "以 & 或 * 开头的文字要加引号",
        "quote text that starts with & or *",
    ),
    (
        "comment or line break|chomping|indentation indicator",
        False,
        "「|」或「>」后面要换行再写文字",
        "text after | or > starts on the next line",
        "把文字移到下一行并缩进",
        "move the text to the next line, indented",
    ),
    (
        "node content",
        False,
        "这里应当有一个值",
        "a value is expected here",
        "补上值；以 ] } , 等符号开头的文字要加引号",
        "write the value; quote text that starts with ] } or ,",
    ),
    (
        "<document start>",
        False,
        "文档已经结束，后面又有内容",
        "content follows after the end of the document",
        "删去「...」，或用「---」开始新的文档",
        "remove the ..., or start a document with ---",
    ),
    (
        "directive|YAML document|version",
        False,
        "不使用 YAML 指令",
        "YAML directives are not used",
        "删去以 % 开头的行；以 % 开头的文字要加引号",
        "delete the line that starts with %; quote such text",
    ),
)

# A bare key with a full-width colon, and what the scanner then says of it or of the line after it.
WIDE_COLON = re.compile("^ *(?:- +)*([A-Za-z_][A-Za-z0-9_.-]*) *：")
WIDE_COLON_ERRORS = "mapping values are not allowed|could not find expected ':'|<document start>"

SLIPS = (
    (
        re.compile(r"^ *-[^-\s]"),
        "列表的「-」后面要留一个空格",
        "leave a space after the - of a list item",
    ),
    (
        re.compile("^[^#]*："),
        "这里有全角冒号「：」，键后面要用半角「: 」",
        "there is a full-width colon; use ': ' after a key",
    ),
    (
        re.compile("^[ ]*[\u3000\u00a0]"),
        "行首有全角空格，缩进只能用普通空格",
        "the line starts with a full-width space; indent with ordinary ones",
    ),
    (
        re.compile(r"^[^#]*[\[{].*[，]"),
        "括号里有全角逗号「，」，应为半角「, 」",
        "there is a full-width comma; use ', '",
    ),
)
