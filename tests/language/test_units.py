"""Days never meet months, money never meets a rate: in every operator that takes or gives a number."""

import pytest

from baoquan_rules.language import elaborate as e
from baoquan_rules.language.facts import Table
from baoquan_rules.language.nodes import literal, read
from baoquan_rules.language.types import (
    BOOL,
    DATE,
    MONEY,
    RATE,
    TABLE,
    TEXT,
    Type,
    listed,
    record,
    show,
    whole,
)

UNITS = ("days", "months", "years")
KINDS: dict[str, Type] = {
    **{unit: whole(1, 400, unit) for unit in UNITS}, "n": whole(1, 400), "m": MONEY, "r": RATE, "d": DATE, "t": TEXT, "p": BOOL,
    "late": whole(0, 400, "days").or_none(), "items": listed(record(days=whole(0, 9, "days"), months=whole(0, 9, "months"))),
}  # fmt: skip
FILED = Table("cash_value", ("policy_year", "sex"), {(1, 0): 250})
SCOPE = e.Names({
    **{name: read(name, kind) for name, kind in KINDS.items()},
    "filed": literal(FILED, Type(TABLE.name, item=MONEY)),
})  # fmt: skip


@pytest.mark.parametrize("pair", [("days", "months"), ("months", "years"), ("days", "n"), ("m", "r"), ("m", "n"), ("r", "n"), ("d", "days")])
@pytest.mark.parametrize(
    "text",
    [
        "{0} + {1}", "{0} - {1}", "{0} < {1}", "{0} >= {1}", "{0} == {1}", "{0} != {1}", "min({0}, {1})", "max({0}, {1}, {0})",
        "{0} if p else {1}", "{0} in ({1}, {0})", "ratio_floor({0}, {1})", "share(m, {0}, {1})",
    ],
)  # fmt: skip
def test_two_units_never_meet(text: str, pair: tuple[str, str]) -> None:
    """Adding, comparing, choosing, dividing: both of one kind and unit, in either order."""
    for one, other in (pair, pair[::-1]):
        with pytest.raises(e.Wrong) as found:
            e.expression(text.format(one, other), SCOPE)
        assert found.value.code == "BQ403"


@pytest.mark.parametrize(
    "text",
    [
        "days * months", "days // months", "n // days", "days * (months // 1)", "r * days * months", "r * days + r", "r * days == r",
        "m / days", 'm / yuan("2.00")', "add_days(d, months)", "add_days(d, n)", "add_months(d, days)", "add_months(d, years)", "add_months(d, n)",
        "add_working_days(d, days)", "anniversary(d, days, n)", "anniversary(d, 6, years)", "anniversary(d, 12, days)", "spans(d, years, d)",
        "count(schedule(d, days, d))", "prorate(m, months, days)", "prorate(m, days, years)", "prorate(m, n, days)", "otherwise(late, months)",
        "filed[months, n]", "filed[days, n]", "sum(x.days for x in items) + sum(x.months for x in items)", "max(x.days for x in items) == months",
        "days_between(d, d) + months_between(d, d)", "years_between(d, d) < days", "span(d, d) + n", "days(days)", "months(days)", "number(n)", "days(m)",
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    """A unit that does not fit is refused in both languages, with what was found."""
    with pytest.raises(e.Wrong) as found:
        e.expression(text, SCOPE)
    assert found.value.code == "BQ403"
    assert found.value.en.isascii()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("days + 1", "int[days]"), ("1 + days", "int[days]"), ("days * 2", "int[days]"), ("days * n", "int[days]"), ("days // 7", "int[days]"),
        ("days // days", "int"), ("12 // months", "int"), ("max(days, 0)", "int[days]"), ("days if p else 0", "int[days]"), ("days < 60", "bool"),
        ("days in (1, 2)", "bool"), ("r * days", "rate[days]"), ("m * r * days / 365", "amount"), ("m * months", "money"), ("ratio_floor(days, days)", "int"),
        ("share(m, days, days)", "money"), ("add_days(d, days)", "date"), ("add_days(d, -1)", "date"), ("add_days(d, days(n))", "date"),
        ("add_months(d, months)", "date"), ("add_months(d, 6)", "date"), ("add_months(d, months(12 * number(years)))", "date"), ("add_working_days(d, n)", "date"),
        ("anniversary(d, 12, years)", "date"), ("anniversary(d, 1, months)", "date"), ("anniversary(d, months, n)", "date"),
        ('anniversary(d, period("1 year"), years)', "date"), ("spans(d, months, d)", "int"), ("spans(d, n, d)", "int"), ("months_between(d, d)", "int[months]"),
        ("years_between(d, d) + 1", "int[years]"), ("prorate(m, days, 365)", "amount"), ("otherwise(late, 0)", "int[days]"), ("filed[years, 0]", "money"),
        ("filed[n, n]", "money"), ("sum(x.days for x in items)", "int[days]"), ("max(x.days for x in items)", "int[days]?"), ("number(days)", "int"),
        ("count(items)", "int"), ("sum(k for k in range(days))", "int"), ("-days", "int[days]"),
    ],
)  # fmt: skip
def test_result(text: str, kind: str) -> None:
    """A fixed number takes the unit of what it meets; the result has the unit that the table says."""
    assert show(e.value(text, SCOPE).type) == kind
