"""``baoquan case``: one request from acceptance to feedback, kept in a file.

Each command reads the file, adds to it or tells where it stands, and writes it whole again. Times are given, never taken
from the clock.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from baoquan_rules.cli.screen import say

if TYPE_CHECKING:
    from baoquan_rules.casework import PolicyBook, ServiceCase

app = typer.Typer(help="办理一件申请：受理、补材料、审核、处理、反馈。 / One request from acceptance to feedback.", no_args_is_help=True, add_completion=False)

File = Annotated[Path, typer.Argument(metavar="FILE.json", help="申请的记录 / the record of the request")]
At = Annotated[str, typer.Option("--at", help="时刻，如 2026-09-21T10:12 / an instant")]
By = Annotated[str, typer.Option("--by", help="经办人 / who enters it")]
Products = Annotated[Path | None, typer.Option("--products", help="产品文件夹；不写则为自带的 / folder of products")]
Secret = Annotated[
    Path | None, typer.Option("--confidential", metavar="FILE.json", help="保密部分，只有合规可以读的那个文件 / the part that only compliance may read")
]
Style = Literal["standard", "plain"]
Lang = Annotated[str, typer.Option("--lang", help="语言：zh 或 en / language: zh or en")]


@app.command("open")
def open_(
    case: Annotated[Path, typer.Argument(metavar="CASE.yaml", help="受理时知道的事实，写法同案例 / what is known, as a case")],
    to: Annotated[Path, typer.Option("--to", help="记录写到哪里 / where the record is written")],
    number: Annotated[str, typer.Option("--number", help="申请号 / number of the request")],
    at: At,
    by: By,
    confidential: Secret = None,
    products: Products = None,
    lang: Lang = "zh",
) -> None:
    """受理一件申请。 / Accept a request."""
    from baoquan_rules import api
    from baoquan_rules.casework import open_case

    library = api.load(products)
    found = _mapping(case)
    for path in (to, confidential):
        if path is not None and path.exists():
            raise _wrong("BQ803", f"{path} 已经存在", f"{path} already exists", "换一个文件名", "use another name")
    made = open_case(number, str(found.get("product", "")), str(found.get("service", "")), found.get("facts") or {}, at=at, by=by, library=library)
    _keep(made, to, confidential)
    _tell(made, at, lang)


@app.command()
def add(
    file: File,
    event: Annotated[Path, typer.Argument(metavar="EVENT.yaml", help="事件：id、kind、at、by、facts / an event")],
    confidential: Secret = None,
    products: Products = None,
    lang: Lang = "zh",
) -> None:
    """记录一个事件：材料、核实、同意、款项、答复、通知。 / Enter an event."""
    from baoquan_rules.casework import Event

    # the first event that only compliance may see begins its file
    made = _read(file, products, confidential if confidential is not None and confidential.exists() else None)
    stated = _mapping(event)
    known = ("id", "kind", "at", "by", "facts")
    for key in stated:
        if key not in known:
            raise _wrong("BQ650", f"事件里没有 {key} 这一项", f"an event has no {key}", f"可用：{'、'.join(known)}", f"one of: {', '.join(known)}")
    for key in known[:-1]:
        if not isinstance(stated.get(key), str):
            raise _wrong("BQ650", f"事件缺少 {key}，或者它不是文字", f"the event lacks {key}, or it is no text", f'写 {key}: "…"', f'write {key}: "..."')
    made = made.add(Event(stated["id"], stated["kind"], stated["at"], stated["by"], stated.get("facts") or {}))
    _keep(made, file, confidential)
    _tell(made, stated["at"], lang)


@app.command()
def status(file: File, at: At, confidential: Secret = None, products: Products = None, lang: Lang = "zh") -> None:
    """现在在哪个阶段，还缺什么，结果会是什么。 / Where it stands, what is missing, what the decision would be."""
    _tell(_read(file, products, confidential), at, lang)


@app.command()
def close(
    file: File,
    at: At,
    by: By,
    onto: Annotated[Path | None, typer.Option("--book", metavar="BOOK.json", help="保单台账：把结果记进去；没有这个文件就新建 / book of the policy to enter the result into; made if there is none")] = None,
    confidential: Secret = None,
    style: Annotated[Style | None, typer.Option("--style", help="给客户的说法：standard 或 plain（浅显）；不写则按客户的选择和年龄 / standard or plain words; by choice and age without it")] = None,
    products: Products = None,
    lang: Lang = "zh",
) -> None:
    """入账、批注并告知结果：同意的先处理，再办结。 / Process what is approved, tell the result and close."""
    from baoquan_rules.casework import Event

    made = _read(file, products, confidential)
    stage = made.status(at).stage.name
    # closed before without a book: what it brought about can still be entered
    steps = ("processed", "closed") if stage == "processing" else () if stage == "closed" and onto is not None else ("closed",)
    for kind in steps:
        made = made.add(Event(f"{kind}-{len(made.open_log)}", kind, at, by))
    if onto is not None and any(event.kind == "processed" for event in made.log):
        # The book first: were the case not written after it, closing again is refused because it is booked, and nothing is lost.
        _write(onto, made.booked(_book(onto, made)).to_json())
    _keep(made, file, confidential)
    decision = made.decision(at)
    say(decision.to_json("officer"))
    say()
    endorsement = decision.endorsement(lang)
    if endorsement:
        say(endorsement)
    for message in decision.feedback(lang, style=style):
        if message.form != "brief":
            say(f"[{message.recipient} {message.to_id or ''} · {message.way}]".replace(" ]", "]"))
            say(message.text)


@app.command("queue")
def queue_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.json...", help="各件申请的记录 / the records of the requests")],
    at: At,
    confidential: Annotated[list[Path] | None, typer.Option("--confidential", metavar="FILE.json", help="各件的保密部分，可以写多次 / their confidential parts, any number")] = None,
    products: Products = None,
    lang: Lang = "zh",
) -> None:
    """按什么先后办理：次序、申请号、最迟到什么时候。 / In which order open requests are dealt with."""
    from baoquan_rules.casework import queue

    none = "没有期限" if lang == "zh" else "no deadline"
    parts = {_number(path): path for path in confidential or ()}
    for number in parts.keys() - {_number(file) for file in files}:
        raise _wrong("BQ657", f"{parts[number]} 不属于这里的任何一件申请", f"{parts[number]} is of none of these requests", "请核对文件", "check the files")
    for one in queue([_read(file, products, parts.get(_number(file))) for file in files], at):
        say(f"{one.place}\t{one.number}\t{one.due or none}")


def _tell(made: "ServiceCase", at: str, lang: str) -> None:
    """The stage, what is missing and what may be entered, in a few lines."""
    from baoquan_rules.decision.wording import outcome_words

    zh = lang == "zh"
    found = made.status(at)
    stop, comma = ("：", "、") if zh else (": ", ", ")
    lines = [
        (("申请" if zh else "request"), made.number),
        (("阶段" if zh else "stage"), found.stage.label.of(lang)),
        (("按现在的情况" if zh else "as things stand"), outcome_words(found.decision.program, found.decision.outcome).of(lang)),
        (("还没有满足" if zh else "still open"), comma.join(one.condition.label.of(lang) for one in found.open)),
        (("还不知道" if zh else "not known yet"), comma.join(one.label.of(lang) for one in found.missing)),
        (("可以记录" if zh else "may be entered"), comma.join(f"{one.label.of(lang)} ({one.name})" for one in found.may_enter)),
    ]
    for label, text in lines:
        if text:
            say(f"{label}{stop}{text}")


def _read(file: Path, products: Path | None, confidential: Path | None) -> "ServiceCase":
    """The case of a file, with its confidential part where one is named."""
    from baoquan_rules import api
    from baoquan_rules.casework import resume

    return resume(_text(file), api.load(products), _text(confidential) if confidential is not None else None)


def _number(file: Path) -> Any:
    """The number of the request that a file is about; what is no such file is refused where it is read."""
    import json

    try:
        return json.loads(_text(file))["number"]
    except (ValueError, TypeError, KeyError):
        return None


def _keep(made: "ServiceCase", file: Path, confidential: Path | None) -> None:
    """Write the case. Its confidential part comes first: were the other not written after it, nothing would be lost."""
    from baoquan_rules.casework.session import not_at_hand

    if confidential is not None:
        _write(confidential, made.confidential_json())
    elif made.has_confidential:
        raise not_at_hand("这里有只有合规可以看的内容，要另外存放", "some of this only compliance may see; it is kept apart")
    _write(file, made.to_json())


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong("BQ801", f"{file} 读不到：{type(error).__name__}", f"{file} cannot be read: {type(error).__name__}", "请核对路径", "check the path") from None


def _book(path: Path, made: "ServiceCase") -> "PolicyBook":
    """The book of the policy; a new one where there is no file."""
    from baoquan_rules.casework import PolicyBook, read_book

    if path.exists():
        return read_book(_text(path))
    return PolicyBook(str((made.facts.get("policy") or {}).get("id", "")), {})


def _mapping(path: Path) -> dict[str, Any]:
    """The one mapping of a YAML file."""
    from baoquan_rules.authoring import CaseInvalid, read_yaml

    if not path.is_file():
        raise _wrong("BQ801", f"没有 {path}", f"there is no {path}", "请核对路径", "check the path")
    document, problems = read_yaml(str(path))
    if document is None or not isinstance(document.value, dict):
        raise CaseInvalid(problems) if problems else _wrong("BQ603", f"{path} 里应为一组值", f"{path} holds no mapping", None, None)
    return document.value


def _write(file: Path, text: str) -> None:
    """The file whole, or as it was."""
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text + "\n", "utf-8", newline="\n")
        os.replace(beside, file)
    except OSError as error:
        raise _wrong("BQ801", f"{file} 写不了：{type(error).__name__}", f"{file} cannot be written: {type(error).__name__}", "请核对路径", "check the path") from None


def _wrong(code: str, zh: str, en: str, hint: str | None, hint_en: str | None) -> Exception:
    from baoquan_rules.authoring import CaseInvalid, Problem

    return CaseInvalid([Problem(code, zh, None, hint, message_en=en, hint_en=hint_en)])
