"""What callers give, held against what is needed."""

from pathlib import Path

from baoquan_rules.authoring import Problem, WrongUse, did_you_mean
from baoquan_rules.engines import ENGINES


def wrong_argument(name: str, found: object, zh: str, en: str, hint: str | None = None, hint_en: str | None = None) -> WrongUse:
    """An argument of a wrong kind. The value itself may hold personal data and is not shown."""
    kind = type(found).__name__
    return WrongUse([Problem("BQ901", f"参数 {name} 应为{zh}，得到的是 {kind}", None, hint, message_en=f"{name} must be {en}; found {kind}", hint_en=hint_en)])


def path_given(given: object, name: str = "path") -> Path:
    """A path that a caller gave."""
    if isinstance(given, str | Path):
        return Path(given)
    raise wrong_argument(name, given, "文件或文件夹的路径", "the path of a file or folder")


def engine_given(name: object) -> str:
    """The name of an engine that a caller gave."""
    if isinstance(name, str) and name in ENGINES:
        return name
    shown = f"“{name[:40]}”" if isinstance(name, str) else type(name).__name__
    raise WrongUse([Problem(
        "BQ901", f"参数 engine 只能是 {'、'.join(ENGINES)}，得到的是 {shown}", None, did_you_mean(str(name), ENGINES),
        message_en=f"engine must be one of {', '.join(ENGINES)}; found {shown}")])  # fmt: skip


def unsendable(zh: str, en: str) -> WrongUse:
    """Something that cannot go to another process."""
    return WrongUse([Problem("BQ901", f"不能在进程之间传送：{zh}", None, "传送 decision.to_json() 的文字",
                             message_en=f"cannot be sent between processes: {en}", hint_en="send the text of decision.to_json()")])  # fmt: skip
