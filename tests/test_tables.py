"""A book of policies is decided as each policy is: to the fen, the day and the verdict."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from baoquan_rules import api
from baoquan_rules.authoring import CaseInvalid
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.vocabulary import Fact, ListFact
from baoquan_rules.language.types import Type
from baoquan_rules.tables import decide_table
from baoquan_rules.testing import strategies as bq
from tests import samples

EPOCH = date(1970, 1, 1)


def dtype(kind: Type) -> Any:
    """What a person's frame has for a type."""
    return {
        "money": pl.Decimal(38, 2), "rate": pl.Decimal(38, 8), "date": pl.Date, "instant": pl.Datetime("us"), "int": pl.Int64,
        "bool": pl.Boolean, "enum": pl.String, "text": pl.String,
    }[kind.name]  # fmt: skip


def person(value: Any, kind: Type) -> Any:
    """An engine's value as a person has it."""
    if value is None or value == kind.absent:
        return None
    match kind.name:
        case "money":
            return Decimal(value).scaleb(-2)
        case "rate":
            return Decimal(value).scaleb(-8)
        case "date":
            return EPOCH + timedelta(days=value)
        case "instant":
            return datetime(1970, 1, 1) + timedelta(seconds=value)
    return value


def struct_of(fact: ListFact) -> dict[str, Any]:
    """The fields of a list's items, with those that say more of them."""
    out: dict[str, Any] = {}
    for key, inner in fact.fields.items():
        if isinstance(inner, ListFact):
            assert inner.item is not None
            out[key], out[f"{key}!complete"] = pl.List(dtype(inner.item.type)), pl.Boolean
        else:
            out[key] = dtype(inner.type)
            if inner.type.optional:
                out[f"{key}!none"] = pl.Boolean
    return out


def item_of(item: Any, fact: ListFact) -> Any:
    """One item as a person's frame has it."""
    if fact.item is not None:
        return person(item, fact.item.type)
    out: dict[str, Any] = {}
    for key, inner in fact.fields.items():
        value = item.get(key)
        if isinstance(inner, ListFact):
            out[key] = None if value is None else [item_of(one, inner) for one in value.items]
            out[f"{key}!complete"] = value is not None and value.complete
        else:
            out[key] = person(value, inner.type)
            if inner.type.optional:
                out[f"{key}!none"] = value == inner.type.absent
    return out


def frame_of(cases: list[Case]) -> pl.DataFrame:
    """The frame that a person would give for some cases."""
    vocabulary = api.load().vocabulary
    columns: dict[str, pl.Series] = {}
    for path in dict.fromkeys(path for case in cases for path in case.facts):
        fact = vocabulary.facts[path]
        found = [case.facts.get(path) for case in cases]
        if isinstance(fact, Fact):
            columns[path] = pl.Series([person(value, fact.type) for value in found], dtype=dtype(fact.type))
            if fact.type.optional:
                columns[f"{path}!none"] = pl.Series([value == fact.type.absent for value in found], dtype=pl.Boolean)
        else:
            inner = dtype(fact.item.type) if fact.item is not None else pl.Struct(struct_of(fact))
            lists = [None if value is None else [item_of(item, fact) for item in value.items] for value in found]
            columns[path] = pl.Series(lists, dtype=pl.List(inner))
            columns[f"{path}!complete"] = pl.Series([value is not None and value.complete for value in found], dtype=pl.Boolean)
    return pl.DataFrame(columns)


def compare(cases: list[Case], table: pl.DataFrame) -> None:
    """The table says of each row what ``decide`` says of the case."""
    for case, row in zip(cases, table.rows(named=True), strict=True):
        decision = api.decide(case)
        assert row["problem"] is None
        assert (row["outcome"], row["interpretation"]) == (decision.outcome, decision.interpretation)
        for finding in decision.findings:
            assert row[f"findings.{finding.name}"] == finding.verdict, finding.name
        shown = {figure.name: figure for figure in decision.figures}
        for slot in decision.program.figures:
            if slot.type.name == "list" or slot.type.name == "amount" or f"figures.{slot.name}" not in row:
                continue
            figure = shown.get(slot.name)
            assert row[f"figures.{slot.name}"] == (person(figure.value, slot.type) if figure else None), slot.name
            if slot.type.optional and figure is not None and figure.value is not None:
                assert row[f"figures.{slot.name}!none"] == (figure.value == slot.type.absent)
        assert row["missing"] == [item.path for item in decision.missing]


SERVICES = sorted(api.load().services)


@pytest.mark.parametrize("service", SERVICES)
@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_row_for_row(service: str, data: st.DataObject) -> None:
    """Random cases of every service, unknowns and incomplete lists among them."""
    cases = data.draw(st.lists(bq.cases_for(api.load(), "WL-2023", service), min_size=5, max_size=5))
    compare(cases, decide_table(frame_of(cases), product="WL-2023", service=service))


def changed(**groups: Any) -> Case:
    return api.read_case(samples.reinstatement(**groups))


def test_known_cases() -> None:
    """Approved, pending for money, pending for the unknown, not accepted: in the order of the rows."""
    cases = [
        changed(),
        changed(payment={"amount": "100.00"}),
        changed(documents={"complete": False, "items": []}),
        changed(identity={"verified": False}),
        changed(applicant={"id": "P9"}),
    ]
    table = decide_table(frame_of(cases), product="WL-2023", service="reinstatement")
    compare(cases, table)
    assert table["outcome"][0] == "approved"
    assert table["figures.total_due"][0] == Decimal("6252.25")
    assert table["figures.total_due"].dtype == pl.Decimal(38, 2)


def test_a_list_that_is_empty_where_left_out() -> None:
    """Instalments of another amount are listed only where there are any: without the column, or null, there are none."""
    case = changed()
    without = frame_of([case]).drop("instalments", "instalments!complete")
    known = decide_table(without, product="WL-2023", service="reinstatement")
    assert (known["outcome"][0], known["figures.premium_arrears"][0]) == ("approved", Decimal("6000.00"))
    other = changed(instalments={"complete": True, "items": [{"due_date": "2025-11-05", "amount": "6300.00"}]})
    rows = frame_of([other, other]).with_columns(pl.Series("null", [False, True]))
    null = {name: pl.when("null").then(None).otherwise(pl.col(name)) for name in ("instalments", "instalments!complete")}
    table = decide_table(rows.with_columns(**null).drop("null"), product="WL-2023", service="reinstatement")
    assert table["figures.premium_arrears"].to_list() == [Decimal("6300.00"), Decimal("6000.00")]


def test_text_and_whole_yuan() -> None:
    """Money and dates may be texts, money whole yuan; a text is read as in a case file."""
    case = changed()
    frame = frame_of([case, case]).with_columns(
        pl.Series("policy.premium", [6000, 6000]), pl.Series("payment.amount", ["6,252.25", "12.345"]),
        pl.Series("decision.date", ["2026-10-13", "2026-10-13"]),
    )  # fmt: skip
    table = decide_table(frame, product="WL-2023", service="reinstatement")
    assert table["outcome"].to_list() == ["approved", None]
    assert table["problem"][0] is None and "12.345" in table["problem"][1]


def test_rows_with_problems() -> None:
    """A row out of bounds, without a formation date, or with an item that lacks its order, has a problem and no decision."""
    case = changed()
    frame = frame_of([case] * 4)
    frame = frame.with_columns(
        pl.Series("policy.premium", [Decimal("6000"), Decimal(10) ** 15, Decimal("6000"), Decimal("6000")], dtype=pl.Decimal(38, 2)),
        pl.Series("policy.formation_date", [date(2020, 11, 5), date(2020, 11, 5), date(1999, 1, 1), date(2020, 11, 5)]),
        pl.Series("repayments", [None, None, None, [{"amount": 5}]]), pl.Series("repayments!complete", [None, None, None, True]),
    )  # fmt: skip
    table = decide_table(frame, product="WL-2023", service="reinstatement")
    assert table["outcome"].to_list() == ["approved", None, None, None]
    assert [problem is None for problem in table["problem"]] == [True, False, False, False]
    assert "policy.premium" in table["problem"][1]


@pytest.mark.parametrize(
    ("column", "values", "says"),
    [
        ("policy.premium", [6000.0], "Float64"),
        ("payment.amount", [6252.25], "浮点数不精确"),
        ("policy.premum", [1], "policy.premium"),
        ("policy.premium!complete", [True], "policy.premium!complete"),
        ("premiums.first_unpaid_due_date", [20000], "Int64"),
        ("policy.premium!none", [True], "!none"),
    ],
)
def test_columns_that_are_refused(column: str, values: Any, says: str) -> None:
    """Floats, excess digits, misspelt columns and numbers for dates are refused, each by name."""
    frame = frame_of([changed()]).with_columns(pl.Series(column, values))
    with pytest.raises(CaseInvalid, match=says):
        decide_table(frame, product="WL-2023", service="reinstatement")


def test_decimals_of_more_places() -> None:
    """More places than the fen may be written where they are zeros; where a digit would be lost the row has a problem."""
    case = changed()
    amounts = [Decimal("6252.250"), Decimal("6252.255"), None]
    frame = frame_of([case] * 3).with_columns(pl.Series("payment.amount", amounts, dtype=pl.Decimal(18, 3)))
    table = decide_table(frame, product="WL-2023", service="reinstatement")
    assert table["outcome"].to_list() == ["approved", None, "pending"]
    assert "小数超过 2 位" in table["problem"][1] and "payment.amount" in table["missing"][2]


def test_unknown_names_and_no_rows() -> None:
    """Products and services are named; a frame without rows has the columns and no rows."""
    frame = frame_of([changed()])
    with pytest.raises(CaseInvalid, match="WL-202"):
        decide_table(frame, product="WL-2032", service="reinstatement")
    with pytest.raises(CaseInvalid, match="reinstatement"):
        decide_table(frame, product="WL-2023", service="reinstatment")
    table = decide_table(frame.clear(), product="WL-2023", service="reinstatement")
    assert table.height == 0 and {"outcome", "problem", "figures.total_due"} <= set(table.columns)
