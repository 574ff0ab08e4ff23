"""The Python functions: what they refuse, how they say it, and that nothing else comes out of them."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baoquan_rules import BaoquanError, CaseInvalid, ProductInvalid, WrongUse, api
from baoquan_rules.tables import decide_table
from tests import samples

CJK = re.compile(r"[\u3400-\u9fff]")
FUNCTIONS: dict[str, Any] = {
    "decide": api.decide, "read_case": api.read_case, "read_cases": api.read_cases, "load": api.load, "check": api.check, "replay": api.replay,
    "decide_many": api.decide_many,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments", "named"),
    [
        ("decide", (None,), "case"),
        ("decide", (7,), "case"),
        ("decide", ("case.yaml",), "case"),
        ("decide", (samples.reinstatement(), "products"), "library"),
        ("decide", (samples.reinstatement(), {}), "library"),
        ("decide_many", (None,), "cases"),
        ("decide_many", ([{}],), "cases"),
        ("read_case", (3,), "source"),
        ("read_case", (None,), "source"),
        ("read_case", ([],), "source"),
        ("read_cases", (3,), "path"),
        ("load", (7,), "path"),
        ("check", (["a"],), "path"),
        ("replay", ({},), "text"),
        ("replay", (None,), "text"),
    ],
)
def test_an_argument_of_a_wrong_kind(name: str, arguments: tuple[Any, ...], named: str) -> None:
    with pytest.raises(WrongUse) as caught:
        FUNCTIONS[name](*arguments)
    assert [problem.code for problem in caught.value.problems] == ["BQ901"]
    zh, en = str(caught.value).split("BQ901 ")[1:]
    assert CJK.search(zh) and not CJK.search(en) and named in zh and named in en


@pytest.mark.parametrize("engine", ["x", "Direct", None, 3])
def test_no_such_engine(engine: Any) -> None:
    """It is a ValueError too, as Python's own functions raise."""
    for call in (lambda: api.decide(samples.reinstatement(), engine=engine), lambda: api.decide_many([], engine=engine)):
        with pytest.raises(ValueError, match="direct"):
            call()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({}, "BQ602"),
        ({"product": "WL-2023", "service": "reinstatment"}, "BQ611"),
        ({"product": "WL-2032", "service": "reinstatement"}, "BQ610"),
        ({"product": 3, "service": ["a"]}, "BQ602"),
        ({"product": "WL-2023", "service": "reinstatement", "facts": [1]}, "BQ603"),
        ({"product": "WL-2023", "service": "reinstatement", 7: 1}, "BQ601"),
    ],
)
def test_a_case_that_cannot_be_decided(raw: dict[Any, Any], code: str) -> None:
    with pytest.raises(CaseInvalid) as caught:
        api.decide(raw)
    assert {problem.code for problem in caught.value.problems} == {code}
    assert all(problem.message_en and not CJK.search(problem.message_en + (problem.hint_en or "")) for problem in caught.value.problems)


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3), st.dates(), st.datetimes(), st.decimals(),
    st.sampled_from([object(), (), set(), Path("a"), Decimal("NaN"), date.max, "none", "unknown", 10**40, "9" * 400, b"", {"a": 1}, [1], [None]]),
)  # fmt: skip
PLACES = [
    ("policy", "premium"), ("policy", "effective_at"), ("policy", "formation_date"), ("policy", "premium_mode"), ("insured", "alive"), ("insured", "name"),
    ("policy", "premium_term_years"), ("policy",), ("loans",), ("loans", "items"), ("loans", "complete"), ("documents", "items"), (),
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(place=st.sampled_from(PLACES), value=ODD)
def test_whatever_stands_in_a_mapping_is_read_or_refused(place: tuple[str, ...], value: Any) -> None:
    raw = samples.reinstatement()
    inside: Any = raw
    path = ("facts", *place)
    for step in path[:-1]:
        inside = inside[step] if isinstance(inside[step], dict) else inside.setdefault(step, {})
        if not isinstance(inside, dict):
            return
    inside[path[-1]] = value
    try:
        api.read_case(raw)
    except BaoquanError as error:
        assert error.problems


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none", "none"):
        with pytest.raises(ProductInvalid, match="BQ801"):
            api.load(path)
        assert [problem.code for problem in api.check(path)] == ["BQ801"]


def test_cases_outside_a_folder_of_products_are_checked_against_the_packaged_ones(tmp_path: Path) -> None:
    """As ``decide`` and ``test`` read them."""
    path = tmp_path / "mine.cases.yaml"
    path.write_bytes((api.products_folder() / "medical" / "MD-2021.surrender.cases.yaml").read_bytes())
    assert not api.check(path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "JSON"),
        ("{", "第 1 行"),
        ("[]", "一列"),
        ('[{"format": 1}]', "一列"),
        ("null", "不是决定记录"),
        ("3", "不是决定记录"),
        ('{"case": "x"}', "不是决定记录"),
        ('{"format": 2}', "格式是 2"),
        ('{"format": true}', "格式是 True"),
        ('{"format": 1}', "遮盖"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_what_cannot_be_replayed(text: str, says: str) -> None:
    for form in (text, text.encode()):
        with pytest.raises(CaseInvalid, match=says) as caught:
            api.replay(form)
        (problem,) = caught.value.problems
        assert problem.code == "BQ701" and problem.hint and problem.message_en and not CJK.search(problem.message_en + (problem.hint_en or ""))


def test_money_as_a_decimal_is_taken_by_its_value() -> None:
    """1E+3 is how Decimal writes a thousand that was normalised; text with an exponent is refused."""
    raw: dict[str, Any] = {"product": "WL-2023", "service": "surrender", "facts": {"policy": {"premium": Decimal("1000.00").normalize()}}}
    assert api.read_case(raw).facts["policy.premium"] == 100_000
    raw["facts"]["policy"]["premium"] = "1E+3"
    with pytest.raises(CaseInvalid, match="指数"):
        api.read_case(raw)


def test_a_record_that_names_no_engine() -> None:
    record = json.loads(api.decide(samples.reinstatement()).to_json())
    for engine in (None, "fast", ["direct"]):
        with pytest.raises(CaseInvalid, match="BQ701"):
            api.replay(json.dumps({**record, "engine": engine}))


def test_frames_that_are_none() -> None:
    frame = pl.DataFrame({"policy.formation_date": [date(2023, 5, 10)]})

    class DataFrame:
        """Stands for one of another library."""

    for wrong, cure in ((frame.lazy(), "collect"), (DataFrame(), "from_pandas"), ({}, "polars.DataFrame"), (None, "polars.DataFrame")):
        with pytest.raises(WrongUse, match=cure):
            decide_table(wrong, product="WL-2023", service="surrender")  # type: ignore[arg-type]
    for product, service in ((3, "surrender"), ("WL-2023", None), (["a"], "surrender"), ("WL-2023", {})):
        with pytest.raises(CaseInvalid):
            decide_table(frame, product=product, service=service)  # type: ignore[arg-type]
