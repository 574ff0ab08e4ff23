"""``baoquan``: check, decide, test, schema, show, services, new, replay, case.

Exit 0: done. 1: problems were found, or the program failed. 2: wrong use. No traceback reaches a user.
"""

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from baoquan_rules import __version__
from baoquan_rules.authoring import (
    BaoquanError,
    CaseInvalid,
    Problem,
    Problems,
    did_you_mean,
    nearest,
    render,
)
from baoquan_rules.cli.case import app as case_app
from baoquan_rules.cli.screen import Language, complain, count_of, note, say, show_problems, table, use_utf8
from baoquan_rules.contract.schema_rulebook import LINES
from baoquan_rules.engines import ENGINES

app = typer.Typer(
    name="baoquan",
    help="保全规则：检查条款文件，办理案例，给出解释。 / Policy servicing rules: check files, decide cases, explain.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(case_app, name="case")


class Form(StrEnum):
    """How problems are printed."""

    text = "text"
    json = "json"
    github = "github"


class Lang(StrEnum):
    """A language."""

    zh = "zh"
    en = "en"


class Reader(StrEnum):
    """For whom a decision is explained."""

    customer = "customer"
    officer = "officer"
    auditor = "auditor"


class Style(StrEnum):
    """How a customer is spoken to."""

    standard = "standard"
    plain = "plain"


class Engine(StrEnum):
    """What computes a decision; all give the same."""

    direct = "direct"
    durable = "durable"
    columnar = "columnar"


LangOption = Annotated[Lang, typer.Option("--lang", help="语言 / language")]


def _version(wanted: bool) -> None:
    if wanted:
        say(f"baoquan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 / version")] = False,
) -> None:
    pass


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="文件或文件夹；不写则检查自带的产品 / files or folders")] = None,
    form: Annotated[Form, typer.Option("--format", help="输出格式 / output format")] = Form.text,
    lang: LangOption = Lang.zh,
) -> None:
    """检查产品、公司规定、案例、规则和法律文件。 / Check files of products, company rules, cases, rulebook and law."""
    from baoquan_rules.api import check as run

    found: list[Problem] = []
    for path in paths or ():
        _existing(path)
        found.extend(run(path))
    if not paths:
        found.extend(run())
    problems = Problems(dict.fromkeys(found)).sorted()
    if form is Form.json or problems:
        show_problems(problems, form.value, lang.value)
    if form is Form.text:
        note(count_of(problems, lang))
    raise typer.Exit(0 if problems.ok else 1)


@app.command()
def decide(
    case: Annotated[str, typer.Argument(metavar="CASE", help="案例文件；自带的案例可以只写文件名 / a case file, or the name of a packaged one")],
    lang: LangOption = Lang.zh,
    reader: Annotated[Reader | None, typer.Option("--for", help="写给谁看 / for whom")] = None,
    style: Annotated[Style | None, typer.Option("--style", help="给客户的说法：一般或浅显；不写则按客户的选择和年龄 / words for a customer, standard or plain; by choice and age without it")] = None,
    json: Annotated[bool, typer.Option("--json", help="输出决定记录（JSON） / print the record as JSON")] = False,
    engine: Annotated[Engine, typer.Option("--engine", help="引擎 / engine")] = Engine.direct,
    only: Annotated[str | None, typer.Option("--case", help="只办一个：名称或第几个 / only one, by its name or number")] = None,
) -> None:
    """办理案例，给出结果和解释。 / Decide the cases of a file and explain the decisions."""
    from baoquan_rules import api

    path = _case_file(case, api.products_folder())
    library = api.load(api.folder_of(path), leave_out_unfinished=True)
    cases, problems = api.read_cases(path, library)
    if not problems.ok:
        raise CaseInvalid(problems.errors)
    if not cases:
        _refuse("BQ609", f"{path} 里没有案例", f"there is no case in {path}")
    if only is not None:
        cases = [one for number, one in enumerate(cases, 1) if only in (one.name, str(number))]
        if not cases:
            _refuse("BQ806", f"{path} 里没有案例“{only}”", f"there is no case “{only}” in {path}", "写名称，或从 1 数起的序号 / give its name, or its number from 1")
    decisions = [api.decide(one, library, engine=engine.value) for one in cases]
    if json:
        recipient = {"customer": "policyholder", "officer": "officer"}.get(reader.value if reader else "", "auditor")
        texts = [decision.to_json(recipient=recipient) for decision in decisions]
        say(texts[0] if len(texts) == 1 else "[\n" + ",\n".join(texts) + "\n]")
        return
    for index, decision in enumerate(decisions):
        if len(decisions) > 1:
            say(("\n" if index else "") + f"=== {decision.case.name}\n")
        say(decision.explain(lang=lang.value, reader=reader.value if reader else "customer", style=style.value if style else None))


@app.command()
def test(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="案例文件或文件夹；不写则为自带的案例 / case files or folders")] = None,
    engine: Annotated[list[Engine] | None, typer.Option("--engine", help="只用这些引擎 / only these engines")] = None,
    covered: Annotated[bool, typer.Option("--coverage", help="各条件出现过哪些结论 / which verdicts the cases show")] = False,
    lang: LangOption = Lang.zh,
) -> None:
    """在每个引擎上运行案例，与预期比较。 / Run cases on every engine against what they expect."""
    from baoquan_rules import api
    from baoquan_rules.testing.cases import case_files, run_cases

    library = api.load(api.folder_of(paths[0]) if paths else None)
    files: list[Path] = []
    for path in paths or [api.products_folder()]:
        _existing(path)
        files += case_files(path) if path.is_dir() else [path]
    if not files:
        _refuse("BQ805", "没有找到 *.cases.yaml", "no *.cases.yaml were found", "案例文件的名称以 .cases.yaml 结尾 / the name of a file of cases ends in .cases.yaml")
    engines = [one.value for one in engine] if engine else list(ENGINES)
    results, problems = run_cases(files, library, engines)
    found = problems + [problem for result in results for problem in result.differences]
    show_problems(Problems(dict.fromkeys(found)), "text", lang.value)
    rows = []
    for name in engines:
        mine = [result for result in results if result.engine == name]
        passed = sum(result.passed for result in mine)
        rows.append((name, len(mine), passed, len(mine) - passed, _PASSED[lang][passed == len(mine)]))
    table(("engine", "cases", "passed", "failed", "result"), rows)
    if covered:
        _coverage([result for result in results if result.engine == engines[0]], library)
    raise typer.Exit(0 if Problems(found).ok else 1)


_PASSED = {Lang.zh: ("未通过", "通过"), Lang.en: ("failed", "passed")}


def _coverage(results: Sequence[Any], library: Any) -> None:
    from baoquan_rules.cli.coverage import VERDICTS, coverage

    rows = coverage(results, library)
    say()
    table(
        ("service", "condition", *VERDICTS, "missing"),
        [
            (row.service, row.condition, *(row.seen.get(v, 0) if v in row.possible or v in row.seen else "-" for v in VERDICTS),
             " ".join(row.missing))
            for row in rows
        ],
    )  # fmt: skip
    wanted = sum(len(row.possible) for row in rows)
    missing = sum(len(row.missing) for row in rows)
    say(f"\n{wanted - missing} / {wanted} 个结论有案例 / verdicts shown by cases")


@app.command()
def schema(
    checked: Annotated[bool, typer.Option("--check", help="只检查是否最新 / only check that they are up to date")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件夹 / folder to write to")] = None,
    cases: Annotated[bool, typer.Option("--cases", help="连同由全部案例得出的两页，约一分钟 / also the two pages made from all cases, in about a minute")] = False,
) -> None:
    """生成 JSON Schema 和几页文档。 / Write the JSON Schemas and the generated pages of documentation."""
    from baoquan_rules import api
    from baoquan_rules.cli.generate import generated, stale, write

    root = to or api.HERE.parent
    if to is None and not (root / "pyproject.toml").is_file():
        _refuse("BQ801", "这里不是源码目录", "this is not a source tree", "用 --to 指定文件夹 / name a folder with --to")
    library = api.load()
    files = generated(library)
    if cases:
        from baoquan_rules.cli.case_pages import pages

        files |= pages(library)
    if checked:
        old = stale(files, root)
        show_problems(Problems(_out_of_date(name) for name in old))
        raise typer.Exit(1 if old else 0)
    for name in write(files, root):
        say(str(root / name))


def _out_of_date(name: str) -> Problem:
    return Problem(
        "BQ804", f"{name} 不是最新的", None, "运行 baoquan schema", None, "error", f"{name} is out of date", "run baoquan schema"
    )


@app.command()
def show(
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="产品代码 / product code")],
    lang: LangOption = Lang.zh,
    products: Annotated[Path | None, typer.Option("--products", help="产品文件夹；不写则为自带的 / folder of products")] = None,
) -> None:
    """列出产品的条款、参数和约束它们的法律。 / Print a product's clauses, parameters and the law that bounds them."""
    from baoquan_rules import api
    from baoquan_rules.cli.listing import listing

    library = api.load(products or _own_products(), leave_out_unfinished=True)
    found = library.products.get(product)
    if found is None and product in library.unfinished:
        problems = library.unfinished[product]
        show_problems(problems, "text", lang.value)
        note(count_of(problems, lang))
        raise typer.Exit(1)
    if found is None:
        _refuse("BQ802", f"没有产品 {product}", f"there is no product {product}", did_you_mean(product, [*library.products, *library.unfinished]))
    say(listing(found, library, lang.value))


@app.command()
def services(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="项目的名称、代码或中文名；不写则列出全部 / name or alias of an item; all without it")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print as JSON")] = False,
) -> None:
    """列出保全项目：参数、条件、材料和法律，中英文。 / List the servicing items: parameters, conditions, documents and law."""
    from json import dumps

    from baoquan_rules import api
    from baoquan_rules.cli import reference

    library = api.load()
    found = reference.items(library)
    if name is not None:
        found = [one for one in found if name in (one.service.name, one.service.title.zh, one.service.title.en, *one.service.aliases)]
        if not found:
            _refuse("BQ802", f"没有项目 {name}", f"there is no servicing item {name}", did_you_mean(name, library.services))
    if as_json:
        records = [reference.record(one, library) for one in found]
        say(dumps(records if name is None else records[0], ensure_ascii=False, indent=1))
        return
    if name is None:
        heads = ("名称 / name", "项目", "item", "种类 / kind", "条件 / conditions", "材料 / documents")
        table(heads, [
            (one.service.name, one.service.title.zh, one.service.title.en, reference.both(one.kind), len(one.conditions), len(one.documents)) for one in found
        ])  # fmt: skip
        return
    for one in found:
        say(f"{one.service.name}  {reference.both(one.service.title)}  {reference.both(one.kind)}")
        say(one.service.summary.zh)
        say(one.service.summary.en)
        for title, columns, rows in reference.tables(one, library):
            if rows:
                say(f"\n{title}")
                table(columns if len(columns) > 1 else ("",), [[cell.replace("`", "") for cell in line] for line in rows])


@app.command()
def new(
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="产品代码 / product code")],
    line: Annotated[str, typer.Option("--line", help=f"险种 / line: {', '.join(LINES)}")],
    folder: Annotated[Path, typer.Option("--in", help="产品文件夹 / folder of products")] = Path("products"),
) -> None:
    """新建一个产品文件。 / Start a product file."""
    import re

    from baoquan_rules import api
    from baoquan_rules.cli.starter import company_starter, starter

    if line not in LINES:
        _refuse("BQ802", f"没有险种 {line}", f"there is no line {line}", did_you_mean(line, LINES))
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", product):
        _refuse("BQ802", f"产品代码 {product} 只能用字母、数字和 . _ -", "a product code is letters, digits and . _ -")
    path = folder / line / f"{product}.yaml"
    if path.exists():
        _refuse("BQ803", f"{path} 已经存在", f"{path} already exists", "换一个代码，或直接修改这个文件 / choose another code, or edit this file")
    library = api.load()
    schemas = _schemas(folder, library)
    company = folder / api.COMPANY
    written = {path: starter(product, line, library, schema=f"../{schemas}/product.schema.json")}
    if not company.exists():
        written[company] = company_starter(library, schema=f"{schemas}/company.schema.json")
    for new_path, text in written.items():
        new_path.parent.mkdir(parents=True, exist_ok=True)
        new_path.write_text(text, "utf-8", newline="\n")
        say(str(new_path))


def _schemas(folder: Path, library: Any) -> str:
    """Where, seen from a folder of products, the schemas lie that an editor reads; they are written where there are none."""
    from baoquan_rules.cli.generate import schemas, write

    if (folder.resolve().parent / "schemas" / "product.schema.json").is_file():
        return "../schemas"
    write({f"schemas/{name}.schema.json": text for name, text in schemas(library).items() if name in ("product", "company", "cases")}, folder)
    return "schemas"


def _own_products() -> Path | None:
    """The folder that `new` writes to by default, where the working folder has one."""
    from baoquan_rules import api

    return api.folder_of(Path("products")) if Path("products").is_dir() else None


@app.command()
def replay(
    decision: Annotated[Path, typer.Argument(metavar="DECISION.json", help="决定记录 / record of a decision")],
    lang: LangOption = Lang.zh,
    products: Annotated[Path | None, typer.Option("--products", help="产品文件夹；不写则为自带的 / folder of products")] = None,
) -> None:
    """由记录重算决定，并说明有没有不同。 / Derive a recorded decision again and say whether it differs."""
    from baoquan_rules import api

    _existing(decision)
    try:
        text = decision.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        _refuse("BQ701", f"{decision} 读不到：{type(error).__name__}", f"{decision} cannot be read: {type(error).__name__}", exit=1)
    same, found = api.replay(text, api.load(products))
    if same:
        say("一致" if lang is Lang.zh else "the same")
        return
    show_problems(
        Problems(Problem("BQ702", f"与记录不同：{one}", message_en=f"differs from the record: {one}") for one in found), "text", lang.value
    )
    raise typer.Exit(1)


# ---------------------------------------------------------------------------------------------------------


def _existing(path: Path) -> None:
    if not path.exists():
        _refuse("BQ801", f"没有 {path}", f"there is no {path}", "请核对路径 / check the path")


def _case_file(name: str, folder: Path) -> Path:
    path = Path(name)
    if path.is_file():
        return path
    wanted = {name, f"{name}.yaml", f"{name}.cases.yaml"}
    for found in sorted(folder.rglob("*.yaml")):
        if found.name.endswith(".cases.yaml") and (found.name in wanted or str(found.relative_to(folder)) == name):
            return found
    near = nearest(name, [found.name for found in folder.rglob("*.cases.yaml")])
    hint = f"是不是 {near}？ / did you mean {near}?" if near else "请核对路径 / check the path"
    _refuse("BQ801", f"没有案例文件 {name}", f"there is no case file {name}", hint)


class _Refused(Exception):
    """A command cannot do what it is asked; the problem says why."""

    def __init__(self, problem: Problem, code: int) -> None:
        super().__init__(problem.message)
        self.problem, self.code = problem, code


def _refuse(code: str, zh: str, en: str, hint: str | None = None, *, exit: int = 2) -> NoReturn:
    raise _Refused(Problem(code, zh, None, hint, message_en=en), exit)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with 0, 1 or 2."""
    use_utf8()
    sys.exit(_guarded(lambda: app(args=arguments, prog_name="baoquan"), _asked(sys.argv[1:] if arguments is None else arguments)))


def _asked(arguments: Sequence[str]) -> Language | None:
    """The language asked for, known also where a command fails before it has read what it was given."""
    for one, following in zip(arguments, (*arguments[1:], ""), strict=True):
        option, _, value = one.partition("=")
        if option == "--lang":
            return "en" if (value or following) == "en" else "zh"
    return None


def _guarded(run: Callable[[], Any], lang: Language | None = None) -> int:
    """The exit code of a command; whatever goes wrong is said in a sentence, in the language asked for."""
    try:
        run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
    except _Refused as refused:
        complain([refused.problem], lang)
        return refused.code
    except BaoquanError as invalid:
        note(str(invalid) if lang is None else render(invalid.problems, invalid.sources, language=lang))
        return 1
    except (KeyboardInterrupt, BrokenPipeError):
        sys.stderr.close()
        return 1
    except Exception as error:
        complain([_failure(error)], lang)
        return 1
    return 0


def _failure(error: Exception) -> Problem:
    """One sentence about a failure of the program itself, with the place that its maintainers need."""
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "baoquan_rules" in frame.filename]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    what = f"{type(error).__name__} ({place}, {__version__})"
    return Problem(
        "BQ809", f"程序自身出错：{what}", None,
        "请把这一行和所用的命令、文件发给维护者 / please send this line, the command and the files to the maintainers",
        message_en=f"the program itself failed: {what}",
    )  # fmt: skip


if __name__ == "__main__":
    main()
