"""A data frame of policies -> a data frame of decisions, the same to the fen and the day as ``decide`` on each row.

    decide_table(frame, product="WL-2023", service="reinstatement")

One row is one case. A column is a fact, named by its path. Null is unknown, never "no": for a stated absence see ``none``
below. A fact that the vocabulary calls absent where it is left out is so in a row that states another fact of its group.

=========  ============================================================================
money      Decimal (no digit beyond the fen), or text "1000.00", or whole yuan (integers)
rate       text "4.5%", or Decimal (0.045)
date       Date, or text "2026-09-10"
instant    Datetime (naive, or in Asia/Shanghai), or text "2026-09-10T10:12"
int, bool  integers, Boolean
enum, text String, Categorical, Enum
list       List of Struct (or of values), beside a Boolean column ``<path>!complete``
none       a stated absence: a Boolean column ``<path>!none``, or "none" in a text column
=========  ============================================================================

Floats are refused, whatever they stand for. Out comes, in the order of the rows: ``outcome``, ``interpretation``, each
figure as ``figures.<name>`` (money as Decimal(38, 2); where a figure may be none, also ``figures.<name>!none``), each verdict
as ``findings.<name>``, ``missing`` (paths) and ``problem``: what is wrong with the row, which then has no decision.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from baoquan_rules.api import Library, library_of
from baoquan_rules.authoring import CaseInvalid, Problem, WrongUse, both, did_you_mean, nearest
from baoquan_rules.compiler.python import reads_of
from baoquan_rules.contract.product import Product, Version
from baoquan_rules.contract.scalars import scalar, show_value
from baoquan_rules.contract.vocabulary import Fact, ListFact, Vocabulary
from baoquan_rules.decision.decision import across, outcome_under
from baoquan_rules.decision.derivation import Derivation
from baoquan_rules.decision.outcome import findings_of
from baoquan_rules.decision.readings import Readings, Ready
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.types import Type, show

if TYPE_CHECKING:
    import polars as pl

COMPLETE: Final = "!complete"
ABSENT: Final = "!none"

_FORMS: Final = {
    "money": "Decimal(最多两位小数)、文字或整数元 / Decimal of at most 2 places, text, or whole yuan",
    "rate": "文字 4.5% 或 Decimal(最多八位小数) / text, or Decimal of at most 8 places",
    "date": "Date 或文字 / Date, or text",
    "instant": "Datetime（无时区或 Asia/Shanghai）或文字 / Datetime, naive or of Asia/Shanghai, or text",
    "int": "整数 / integers",
    "bool": "Boolean",
    "enum": "String",
    "text": "String",
}


def decide_table(
    frame: "pl.DataFrame", *, product: str, service: str, library: Library | None = None, missing: bool = True
) -> "pl.DataFrame":
    """The decisions of a book of policies, a row each.

    Args:
        frame: a row for each case, a column for each fact (see the module's text); the clause version is that of the
            row's ``policy.formation_date``.
        product: the product's code.
        service: the servicing item.
        library: the packaged products by default.
        missing: whether to say which facts open conditions need; it is worked out row by row, for rows that need some.

    Raises:
        CaseInvalid: no such product or service, a column that is no fact, or a column of a type that a fact cannot have.
        WrongUse: `frame` is no polars.DataFrame, or another argument is of a wrong kind.
    """
    import polars as pl

    library = library_of(library)
    if not isinstance(frame, pl.DataFrame):
        raise _no_frame(frame)
    found = library.products.get(product) if isinstance(product, str) else None
    if found is None:
        raise CaseInvalid([_refused("BQ610", "没有产品", "there is no product", product, library.products)])
    if not isinstance(service, str) or service not in library.services:
        raise CaseInvalid([_refused("BQ611", "没有保全项目", "there is no service", service, library.services)])
    facts, trouble = _facts(frame, library.vocabulary)
    numbers = pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
    version_of, late = _versions(facts, found, frame.height)
    trouble.append(late)
    problem = pl.DataFrame([s.alias(f"{i}") for i, s in enumerate(trouble)]).select(pl.coalesce(pl.all())).to_series().alias("problem")
    pieces: list[pl.DataFrame] = []
    for index, version in enumerate(found.versions):
        chosen = (version_of == index) & problem.is_null()
        rows = numbers.filter(chosen)
        if len(rows) or (index == len(found.versions) - 1 and not pieces):
            piece = _decide(facts.filter(chosen), library.ready(found, version, service, "direct"), missing)
            pieces.append(piece.insert_column(0, rows.alias("row")))
    decided = pl.concat(pieces, how="diagonal_relaxed")
    # Gathered by row number: a row that has a problem takes nulls.
    place = pl.Series([None] * frame.height, dtype=pl.UInt32).scatter(decided["row"], range(decided.height))
    return decided.drop("row").select(pl.all().gather(place)).with_columns(problem)


def _no_frame(found: object) -> WrongUse:
    cures = {
        "LazyFrame": ("先调用 .collect()", "call .collect() first"),
        "DataFrame": ("用 polars.from_pandas(…) 转换", "convert it with polars.from_pandas(...)"),
    }
    zh, en = cures.get(type(found).__name__, ("用 polars.DataFrame(…) 做一个", "make one with polars.DataFrame(...)"))
    kind = f"{type(found).__module__.partition('.')[0]}.{type(found).__name__}"
    return WrongUse([Problem("BQ901", f"参数 frame 应为 polars.DataFrame，得到的是 {kind}", None, zh,
                             message_en=f"frame must be a polars.DataFrame; found {kind}", hint_en=en)])  # fmt: skip


def _refused(code: str, zh: str, en: str, name: str, valid: Any) -> Problem:
    return Problem(code, f"{zh} {name}", None, did_you_mean(str(name), valid, most=40), message_en=f"{en} {name}")


# --- columns as people write them -> columns as engines read them


def _facts(frame: "pl.DataFrame", vocabulary: Vocabulary) -> "tuple[pl.DataFrame, list[pl.Series]]":
    """The facts as the columnar engine takes them, and for each column the problems of its rows (null: none)."""
    import polars as pl

    problems: list[Problem] = []
    trouble: list[pl.Series] = [pl.Series([None] * frame.height, dtype=pl.String)]
    made: dict[str, pl.Series] = {}
    for name in frame.columns:
        path = name.removesuffix(COMPLETE).removesuffix(ABSENT)
        fact = vocabulary.facts.get(path)
        if fact is None:
            problems.append(_refused("BQ604", "没有事实", "there is no fact", name, vocabulary.facts))
        elif name != path and (name != path + (COMPLETE if isinstance(fact, ListFact) else ABSENT) or frame[name].dtype != pl.Boolean):
            problems.append(Problem("BQ604", f"列 {name} 不是事实，或不是 Boolean", None, message_en=f"the column {name} is no fact, or not Boolean"))
        elif isinstance(fact, ListFact) and name == path and path + COMPLETE not in frame.columns and "." not in path:
            problems.append(Problem("BQ606", f"{fact.label.zh}要说明是否完整：加一列 {path}{COMPLETE}", None,
                                    message_en=f"{fact.label.en} must say whether it is complete: add {path}{COMPLETE}"))  # fmt: skip
    if not problems:
        columns = {name: frame[name] for name in frame.columns}
        for path, fact in vocabulary.facts.items():
            try:
                _one(columns, path, fact, made, trouble)
            except ValueError as error:
                said, said_en = both(str(error))
                problems.append(Problem("BQ605", f"列 {path}（{fact.label.zh}）：{said}", None, message_en=f"column {path} ({fact.label.en}): {said_en}"))
    if problems:
        raise CaseInvalid(problems)
    height = {} if made else {"!rows": pl.int_range(frame.height, eager=True)}
    return _defaults(pl.DataFrame({**made, **height}), vocabulary), trouble


def _one(columns: "Mapping[str, pl.Series]", path: str, fact: Fact | ListFact, made: "dict[str, pl.Series]", trouble: "list[pl.Series]") -> None:
    """One fact's columns, under the same names."""
    if isinstance(fact, ListFact):
        if path in columns:
            made[path], made[path + COMPLETE], wrong = _list(columns[path], columns.get(path + COMPLETE), fact)
            trouble.extend(wrong)
    elif path in columns or path + ABSENT in columns:
        made[path], wrong_ = _scalar(columns.get(path), columns.get(path + ABSENT), fact)
        trouble.append(wrong_)


def _scalar(column: "pl.Series | None", absent: "pl.Series | None", fact: Fact) -> "tuple[pl.Series, pl.Series]":
    import polars as pl

    kind = fact.type
    if column is None:
        assert absent is not None
        column = pl.Series([None] * len(absent), dtype=pl.String)
    found, wrong = _values(column, kind)
    if kind.numeric:
        outside = ~((found >= kind.low) & (found <= kind.high))
        if kind.optional:
            outside = outside & (found != kind.absent)
        text = f"{fact.path}：超出允许范围 {show_value(kind.low, kind)} 至 {show_value(kind.high, kind)} / outside the allowed range"
        wrong = pl.select(pl.when(wrong.is_not_null()).then(wrong).when(outside).then(pl.lit(text))).to_series()
    if absent is not None:
        if not kind.optional:
            raise ValueError("不能是“无”，不应有 !none 列 / is never none; leave the column !none out")
        found = pl.select(pl.when(absent.fill_null(False)).then(pl.lit(kind.absent, dtype=found.dtype)).otherwise(found)).to_series()
    return found, pl.select(pl.format("{}", wrong)).to_series() if wrong.dtype != pl.String else wrong


def _values(column: "pl.Series", kind: Type) -> "tuple[pl.Series, pl.Series]":
    """The engine values of a column, and what cannot be read in it."""
    import polars as pl

    fine = pl.Series([None], dtype=pl.String).new_from_index(0, len(column))
    dtype = column.dtype
    whole, text = dtype.is_integer(), dtype in (pl.String, pl.Categorical, pl.Enum)
    if dtype == pl.Null:
        return column.cast(_dtype(kind)), fine
    if text and kind.name not in ("int", "bool"):
        return _texts(column.cast(pl.String), kind)
    if kind.name == "bool" and dtype == pl.Boolean:
        return column, fine
    if kind.name == "int" and whole:
        return _narrow(column.cast(pl.Int128), column)
    if kind.name == "money" and whole:
        return _narrow(pl.select(pl.lit(column.cast(pl.Int128)) * pl.lit(100, dtype=pl.Int128)).to_series(), column)
    if isinstance(dtype, pl.Decimal) and (places := {"money": 2, "rate": 8}.get(kind.name)) is not None:
        rounded = column.cast(pl.Decimal(38, places), strict=False)
        exact, words = _narrow(rounded.to_physical().cast(pl.Int128), column)
        # More places than are kept may be written, where they are zeros.
        lost = (rounded.cast(dtype, strict=False) != column).fill_null(False) if dtype.scale > places else column.is_null() & False
        return exact.set(lost, None), words.set(lost, f"小数超过 {places} 位 / more than {places} decimals")
    if kind.name == "date" and dtype == pl.Date:
        return column.cast(pl.Int32).cast(pl.Int64), fine
    if kind.name == "instant" and isinstance(dtype, pl.Datetime) and dtype.time_zone in (None, "Asia/Shanghai"):
        return column.dt.replace_time_zone(None).dt.epoch("s"), fine
    zh, en = both(_FORMS.get(kind.name, ""))
    inexact = ("浮点数不精确：读入时就取文字或 Decimal；", "; floats are not exact: read the column as text or Decimal") if dtype.is_float() else ("", "")
    raise ValueError(f"类型 {dtype} 不能作 {show(kind)}；{inexact[0]}可用：{zh} / found {dtype}, allowed: {en}{inexact[1]}")


def _narrow(values: "pl.Series", column: "pl.Series") -> "tuple[pl.Series, pl.Series]":
    """Exact 128-bit numbers as 64-bit ones, and what is too large for any fact; nothing wraps."""
    import polars as pl

    narrow = values.cast(pl.Int64, strict=False)
    lost = column.is_not_null() & narrow.is_null()
    words = pl.Series([None], dtype=pl.String).new_from_index(0, len(column))
    return narrow, words.set(lost, "数字太大 / the number is too large")


def _texts(column: "pl.Series", kind: Type) -> "tuple[pl.Series, pl.Series]":
    """Texts read as a case file's are, each different one once."""
    import polars as pl

    values: list[Any] = []
    wrong: list[str | None] = []
    keys = column.drop_nulls().unique()
    for text in keys:
        try:
            values.append(scalar(text, kind))
            wrong.append(None)
        except ValueError as error:
            values.append(None)
            wrong.append(str(error))
    found = pl.Series(values, dtype=_dtype(kind))
    return (
        column.replace_strict(keys, found, default=None, return_dtype=_dtype(kind)),
        column.replace_strict(keys, pl.Series(wrong, dtype=pl.String), default=None, return_dtype=pl.String),
    )


def _dtype(kind: Type) -> Any:
    from baoquan_rules.engines.columnar import dtype_of

    return dtype_of(kind)


def _list(column: "pl.Series", complete: "pl.Series | None", fact: ListFact) -> "tuple[pl.Series, pl.Series, list[pl.Series]]":
    """A list's items converted and in the order that the vocabulary says, and whether there are no others."""
    import polars as pl

    if column.dtype == pl.Null:
        column = column.cast(_dtype(fact.type))
    if not isinstance(column.dtype, pl.List):
        raise ValueError(f"应为 List / a List is needed, found {column.dtype}")
    rows = pl.int_range(len(column), dtype=pl.UInt32, eager=True)
    count = column.list.len()
    up = pl.select(pl.lit(rows).repeat_by(pl.lit(count.fill_null(0))).explode(empty_as_null=False)).to_series().cast(pl.UInt32).alias("up")
    items = column.explode(empty_as_null=False, keep_nulls=False)
    made: dict[str, pl.Series] = {}
    trouble: list[pl.Series] = []
    if fact.item is not None:
        made[""], wrong = _scalar(items, None, fact.item)
        trouble.append(wrong)
    else:
        if not isinstance(items.dtype, pl.Struct):
            raise ValueError("每一项应为 Struct / its items are Structs")
        fields = {field.name: items.struct.field(field.name) for field in items.dtype.fields}
        for name in fields:
            if name.removesuffix(COMPLETE).removesuffix(ABSENT) not in fact.fields:
                near = nearest(name, list(fact.fields))
                raise ValueError(f"没有 {name} 这一项{f'，是不是 {near}？' if near else ''} / there is no field {name}{f'; did you mean {near}?' if near else ''}")
        for key, inner in fact.fields.items():
            _one(fields, key, inner, made, trouble)
            if isinstance(inner, Fact) and inner.none_if_absent and inner.type.optional:
                absent = pl.Series([inner.type.absent], dtype=_dtype(inner.type)).new_from_index(0, len(up))
                made[key] = made[key].fill_null(inner.type.absent) if key in made else absent
            elif inner.required or key == fact.order:
                given = made[key].is_not_null() if key in made else pl.Series([False]).new_from_index(0, len(up))
                trouble.append(pl.select(pl.when(~given).then(pl.lit(f"{fact.path} 的一项缺少 {key} / an item lacks {key}"))).to_series())
    grouped = pl.DataFrame([up, *(column.alias(f"v.{name}") for name, column in made.items())])
    if fact.order and f"v.{fact.order}" in grouped.columns:
        grouped = grouped.sort("up", f"v.{fact.order}", maintain_order=True, nulls_last=False)
    value = pl.col("v.").alias("items") if fact.item is not None else pl.struct(pl.col(f"v.{n}").alias(n) for n in made).alias("items")
    lists = grouped.group_by("up", maintain_order=True).agg(value)
    place = pl.Series([None] * len(column), dtype=pl.UInt32).scatter(lists["up"], range(lists.height))
    empty = pl.lit([], dtype=lists.schema["items"])
    filled = lists.select(pl.col("items").gather(place)).to_series()
    found = pl.select(pl.when(count.is_null()).then(None).when(pl.lit(place.is_null())).then(empty).otherwise(filled)).to_series()
    wrongs = [_by_row(wrong, up, len(column)) for wrong in trouble]
    wrongs.append(pl.select(pl.when(count > fact.most).then(pl.lit(f"{fact.path}：最多 {fact.most} 项 / at most {fact.most} items"))).to_series())
    if complete is None:
        return found, count.is_not_null(), wrongs
    silent = count.is_not_null() & complete.is_null()
    wrongs.append(pl.select(pl.when(silent).then(pl.lit(f"{fact.path}：要说明是否完整 / must say whether it is complete"))).to_series())
    return found, complete.fill_null(False), wrongs


def _by_row(wrong: "pl.Series", up: "pl.Series", height: int) -> "pl.Series":
    """The first problem of the items of each row."""
    import polars as pl

    first = pl.DataFrame({"up": up, "wrong": wrong}).drop_nulls().group_by("up", maintain_order=True).first()
    out = pl.Series([None] * height, dtype=pl.String)
    return out.scatter(first["up"], first["wrong"]) if first.height else out


def _defaults(facts: "pl.DataFrame", vocabulary: Vocabulary) -> "pl.DataFrame":
    """``none`` where the vocabulary says that absence means it and the row states something of the fact's group."""
    import polars as pl

    groups: dict[str, list[str]] = {}
    for path in facts.columns:
        if not path.endswith(COMPLETE) and not path.startswith("!"):
            groups.setdefault(path.partition(".")[0], []).append(path)
    stated = {group: reduce(lambda a, b: a | b, (pl.col(path).is_not_null() for path in paths)) for group, paths in groups.items()}
    made: list[pl.Expr] = []
    for path, fact in vocabulary.facts.items():
        group = path.partition(".")[0]
        if isinstance(fact, ListFact) and fact.none_if_absent and "." not in path:
            known = path in facts.columns
            dtype = facts.schema[path] if known else _dtype(fact.type)
            items = pl.col(path) if known else pl.lit(None, dtype=dtype)
            made.append(pl.when(items.is_null()).then(pl.lit([], dtype=dtype)).otherwise(items).alias(path))
            made.append((items.is_null() | pl.col(path + COMPLETE) if known else pl.lit(True)).alias(path + COMPLETE))
        if isinstance(fact, Fact) and fact.none_if_absent and fact.type.optional and group in stated:
            old = pl.col(path) if path in facts.columns else pl.lit(None, dtype=_dtype(fact.type))
            absent = pl.lit(fact.type.absent, dtype=_dtype(fact.type))
            made.append(pl.when(old.is_null() & stated[group]).then(absent).otherwise(old).alias(path))
    return facts.with_columns(made)


def _versions(facts: "pl.DataFrame", product: Product, height: int) -> "tuple[pl.Series, pl.Series]":
    """For each row the clause version of its formation date, and what stands in the way."""
    import polars as pl

    path = "policy.formation_date"
    formed = facts[path] if path in facts.columns else pl.Series([None] * height, dtype=pl.Int64)
    versions: Sequence[Version] = product.versions
    chosen = pl.lit(None, dtype=pl.Int64)
    for index, version in enumerate(versions):
        chosen = pl.when(formed >= version.start).then(index).otherwise(chosen)
    found = pl.select(chosen.alias("v")).to_series()
    if len(found) != height:
        found = found.new_from_index(0, height)
    if len(versions) == 1:
        found = pl.select(pl.when(formed.is_null()).then(0).otherwise(found)).to_series()
    text = pl.when(formed.is_null()).then(pl.lit(f"缺少合同成立日 {path}，不知适用哪一版条款 / {path} is needed to choose the clause version"))
    late = text.otherwise(pl.lit("合同成立日早于产品的第一个版本 / the contract was formed before the first version"))
    return found, pl.select(pl.when(found.is_null()).then(late)).to_series().cast(pl.String)


# --- programs over the rows of one version


def _decide(facts: "pl.DataFrame", ready: Readings, missing: bool) -> "pl.DataFrame":
    import polars as pl

    from baoquan_rules.engines import columnar

    first = ready[0].program
    values = columnar.run(first.nodes, facts)
    verdicts, outcome = _judged(ready[0], values)
    outcomes = [outcome, *_others(facts, ready, values)]
    whole = _distinct(
        pl.DataFrame([s.alias(f"{i}") for i, s in enumerate(outcomes)]), lambda row: across(first, [one for one in row if one is not None]), 2
    )
    result = pl.DataFrame([whole[0].alias("outcome"), whole[1].alias("interpretation")])
    shown = result["outcome"] != "not_accepted"
    columns: list[pl.Series] = []
    for figure in first.figures:
        made = _people(values[str(figure.slot)], figure.type, f"figures.{figure.name}")
        columns += [pl.select(pl.when(shown).then(one).otherwise(None).alias(one.name)).to_series() for one in made]
    columns += [verdict.alias(f"findings.{condition.name}") for verdict, condition in zip(verdicts, first.conditions, strict=True)]
    result = result.hstack(columns)
    return result.with_columns(_missing(facts, ready[0], result)) if missing else result


def _others(facts: "pl.DataFrame", ready: Readings, values: "pl.DataFrame") -> "Iterator[pl.Series]":
    """The outcomes under each other reading; null for the rows that do not ask for it."""
    import polars as pl

    from baoquan_rules.engines import columnar

    slots = sorted(set(ready[0].program.arises.values()))
    width = len(ready[0].program.nodes)

    def asked(row: tuple[Any, ...]) -> tuple[str, ...]:
        known: dict[int, Any] = dict(zip(slots, row, strict=True))
        places = ready.asked([known.get(slot) for slot in range(width)])
        return tuple("asked" if place in places else "" for place in range(len(ready)))

    if len(ready) == 1:
        return
    if slots:
        wanted = _distinct(values.select(str(slot) for slot in slots), asked, len(ready))
    else:  # the points are open whatever the row: a frame without columns would have no rows to say so
        wanted = [pl.Series([text]).new_from_index(0, values.height) for text in asked(())]
    for place, one in enumerate(wanted):
        if place and (one == "asked").any():
            outcome = _judged(ready[place], columnar.run(ready[place].program.nodes, facts))[1]
            yield pl.select(pl.when(one == "asked").then(outcome)).to_series()


def _judged(ready: Ready, values: "pl.DataFrame") -> "tuple[list[pl.Series], pl.Series]":
    """The verdicts and the outcome of each row: each combination that occurs is judged once, as ``decide`` judges it."""
    program = ready.program
    parts = [part for c in program.conditions for part in (c.when, c.test, c.refused)]
    slots = sorted({slot for slot in (*parts, program.outcome) if slot is not None})

    def judge(row: tuple[Any, ...]) -> tuple[str, ...]:
        known: dict[int, Any] = dict(zip(slots, row, strict=True))
        seen = [known.get(slot) for slot in range(len(program.nodes))]
        findings = findings_of(ready.rows, seen)
        return (outcome_under(program, findings, seen), *(finding.verdict for finding in findings))

    outcome, *verdicts = _distinct(values.select(str(slot) for slot in slots), judge, 1 + len(program.conditions))
    return verdicts, outcome


def _distinct(frame: "pl.DataFrame", answer: Callable[[tuple[Any, ...]], tuple[str, ...]], width: int) -> "list[pl.Series]":
    """A function of the row, asked once for each different row."""
    import polars as pl

    if not frame.height:
        return [pl.Series([], dtype=pl.String)] * width
    key = frame.select(pl.concat_str(pl.all().cast(pl.String).fill_null("?"), separator="\x1f")).to_series()
    first = key.is_first_distinct()
    keys = key.filter(first)
    answers = [answer(row) for row in frame.filter(first).rows()]
    return [key.replace_strict(keys, pl.Series(texts, dtype=pl.String), return_dtype=pl.String) for texts in zip(*answers, strict=True)]


def _people(column: "pl.Series", kind: Type, name: str) -> "list[pl.Series]":
    """A figure's values as people use them, and where it may be none, whether it is."""
    import polars as pl

    if kind.name not in _FORMS and kind.name != "amount":
        return []
    none = (column == kind.absent) if kind.optional else None
    plain = column if none is None else pl.select(pl.when(~none).then(column)).to_series()
    hundred = pl.lit(Decimal(100), dtype=pl.Decimal(38, 2))
    match kind.name:
        case "amount":
            den = pl.lit(kind.den, dtype=pl.Int128)
            size = (pl.lit(plain.cast(pl.Int128)).abs() + den // 2) // den
            fen = pl.select(pl.when(plain < 0).then(0 - size).otherwise(size)).to_series()
            plain = pl.select(fen.cast(pl.Decimal(38, 0)) / hundred).to_series()
        case "money":
            plain = pl.select(plain.cast(pl.Decimal(38, 0)) / hundred).to_series()
        case "rate":
            plain = pl.select(plain.cast(pl.Decimal(38, 0)) / pl.lit(Decimal(10**8), dtype=pl.Decimal(38, 8))).to_series()
        case "date":
            plain = plain.cast(pl.Int32).cast(pl.Date)
        case "instant":
            plain = (plain * 1000).cast(pl.Datetime("ms"))
    return [plain.alias(name)] if none is None else [plain.alias(name), none.alias(name + ABSENT)]


def _missing(facts: "pl.DataFrame", ready: Ready, result: "pl.DataFrame") -> "pl.Series":
    """The facts that open conditions need, for the rows that have such."""
    import polars as pl

    program = ready.program
    names = [f"findings.{condition.name}" for condition in program.conditions]
    opened = [result[name] == "unknown" for name in names]
    if program.outcome is not None:
        opened.append(result["outcome"] == "undetermined")
    asked = reduce(lambda a, b: a | b, opened, pl.Series([False]).new_from_index(0, result.height))
    tests = [program.nodes[condition.test] for condition in program.conditions]
    out: list[list[str]] = [[] for _ in range(result.height)]
    reads = reads_of(program.nodes)
    for row in asked.arg_true().to_list():
        derivation = Derivation(_row(facts, row, reads))
        nodes = [test for test, name in zip(tests, names, strict=True) if result[name][row] == "unknown"]
        if program.outcome is not None and derivation.value(program.nodes[program.outcome]) is None:
            nodes.append(program.nodes[program.outcome])
        causes = (cause for node in nodes for cause in derivation.causes(node))
        out[row] = list(dict.fromkeys(cause.name for cause in causes if cause.kind != "fault"))
    return pl.Series("missing", out, dtype=pl.List(pl.String))


def _row(facts: "pl.DataFrame", row: int, reads: Mapping[str, Type]) -> dict[str, Any]:
    """The facts of one row as ``decide`` has them."""
    columns = [name for path in reads for name in (path, path + COMPLETE) if name in facts.columns]
    found = facts.select(columns).row(row, named=True) if columns else {}
    return {path: value for path, kind in reads.items() if (value := _fact(found, path, kind)) is not None}


def _fact(found: Mapping[str, Any], path: str, kind: Type) -> Any:
    value = found.get(path)
    if value is None or kind.name != "list" or kind.item is None:
        return value
    item = kind.item
    if item.name != "record":
        return FactList(tuple(value), bool(found.get(path + COMPLETE)))
    items = tuple({k: v for k, part in item.fields if (v := _fact(one, k, part)) is not None} for one in value)
    return FactList(items, bool(found.get(path + COMPLETE)))


__all__ = ("decide_table",)
