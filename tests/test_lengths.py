"""Periods against the periods of the law: what can fall short on some day of the calendar does not pass in silence."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from baoquan_rules import api
from baoquan_rules.contract.lengths import beyond
from baoquan_rules.language.text import parse_period
from tests.test_bad_files import as_product

BAD = Path(__file__).parent / "bad" / "product"


@pytest.mark.parametrize(
    ("value", "bound", "below", "always"),
    [
        ("2 months", "60 days", True, False),  # 59 days from 31 December
        ("3 months", "60 days", True, None),  # 89 at least
        ("1 month", "60 days", True, True),
        ("6 months", "180 days", False, True),  # 181 at least
        ("6 months", "182 days", False, False),  # 184 from 1 July
        ("5 months", "180 days", False, None),  # 153 at most
        ("7 months", "180 days", False, True),
        ("24 months", "2 years", True, None),
        ("24 months", "2 years", False, None),
        ("23 months", "2 years", True, True),
        ("1 year", "365 days", True, None),
        ("1 year", "365 days", False, False),  # over a 29 February
        ("1 year", "366 days", True, False),
        ("1825 days", "5 years", True, True),
        ("1826 days", "5 years", True, False),  # where two leap days lie within
        ("15 working_days", "15 days", True, None),
        ("10 working_days", "15 days", True, False),
        ("10 working_days", "15 working_days", True, True),
        ("15 days", "15 days", True, None),
        ("99999 years", "60 days", True, None),
    ],
)
def test_a_period_beyond_another(value: str, bound: str, below: bool, always: bool | None) -> None:
    found = beyond(parse_period(value), parse_period(bound), below=below)
    assert (found.always if found else None) == always


def test_the_example_is_true() -> None:
    """The day that is named is one from which the period is as short as is said."""
    found = beyond(parse_period("2 months"), parse_period("60 days"), below=True)
    assert found is not None and found.start is not None
    start = date(1970, 1, 1) + timedelta(days=found.start)
    assert (start, found.days) == (date(2024, 12, 31), 59)
    assert date(2025, 2, 28) - start == timedelta(days=59)


def test_it_is_said_in_plain_words() -> None:
    (grace,) = as_product(BAD / "grace_in_months.yaml", api.load())
    assert grace.severity == "warning"
    assert "2个月，有时短于法定默认 60天：从 2024-12-31 起算只有 59 天，对客户不利" in grace.message
    assert "2 months can be shorter than the default 60 days: from 31 Dec 2024 it has only 59 days, against the customer" in str(grace.message_en)
    cooling, waiting = as_product(BAD / "periods_of_other_units.yaml", api.load())
    assert "10个工作日，有时短于下限 15天：最短可能只有 10 天" in cooling.message
    assert "6个月，超过上限 180天" in waiting.message
