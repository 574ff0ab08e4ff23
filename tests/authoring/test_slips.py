"""Slips that people make when they write a product file, each with the cure that it is given."""

from pathlib import Path

import pytest

from baoquan_rules import api

PRODUCT = """\
product: XX-1
name: {zh: 某终身寿险, en: A whole life}
line: whole_life
filed: "2023-05-10"
versions:
  - from: "2023-05-10"
    clauses:
      cooling_off: {clause: "1.5", length: 20 days, text: 犹豫期二十日。}
      grace_period: {clause: "5.2", length: 60 days, deduct_interest: false, text: 宽限期六十日。}
      policy_loan: {clause: "5.4", ratio: 80%, minimum: 1000, text: 最高为现金价值净额的百分之八十。}
"""

SLIPS = [
    ("length: 60 days", "length: 60", "60 days"),
    ("length: 60 days", 'length: "60"', "60 days"),
    ("length: 60 days", "length: 60天", "写成 60 days"),
    ("length: 60 days", "length: 60 自然日", "写成 60 days"),
    ("length: 60 days", "length: 60days", "写成 60 days"),
    ("length: 60 days", "length: ６０ days", "写成 60 days"),
    ("length: 60 days", "length: 2个月", "写成 2 months"),
    ("length: 60 days", "length: 两个月", "例如 60 days"),
    ("length: 60 days", "lenght: 60 days", "「length」"),
    ("length: 60 days", "length：60 days", "length: 60 days"),
    ("length: 60 days", "length:60 days", "length: 60 days"),
    ("ratio: 80%", "ratio: 80", "80%"),
    ("ratio: 80%", "ratio: 80％", "写成 80%"),
    ("ratio: 80%", 'ratio: "80"', "80%"),
    ("minimum: 1000", "minimum: 1,000", "千分位"),
    ("minimum: 1000", "minimum: 1，000", "写成 1000"),
    ("minimum: 1000", "minimum: 1000元", "写成 1000"),
    ('filed: "2023-05-10"', "filed: 2023-05-10", '"2023-05-10"'),
    ('filed: "2023-05-10"', 'filed: "2023/5/10"', '写成 "2023-05-10"'),
    ('filed: "2023-05-10"', "filed: 2023年5月10日", '写成 "2023-05-10"'),
    ("deduct_interest: false", "deduct_interest: 否", "写 false"),
    ("deduct_interest: false", "deduct_interest: no", "写 false"),
    ("line: whole_life", "line: 终身寿险", "「whole_life」"),
    ("text: 宽限期六十日。", "text: 宽限期六十日, 自次日起。", "整段文字加引号"),
    ('{clause: "5.2", length', '{clause: "5.2"，length', "全角逗号"),
    ("product: XX-1", "product：XX-1", "全角冒号"),
    ("      grace_period", "\tgrace_period", "空格"),
    ("      grace_period", "　　　grace_period", "普通空格"),
    ('  - from: "2023-05-10"', '  -from: "2023-05-10"', "后面要留一个空格"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "company.yaml").write_bytes((api.products_folder() / "company.yaml").read_bytes())
    return tmp_path


@pytest.mark.parametrize(("right", "wrong", "cure"), SLIPS, ids=[wrong for _, wrong, _ in SLIPS])
def test_the_cure_is_the_right_one(right: str, wrong: str, cure: str, folder: Path) -> None:
    assert right in PRODUCT
    path = folder / "a.yaml"
    path.write_text(PRODUCT.replace(right, wrong, 1), "utf-8")
    problems = api.check(path)
    assert not problems.ok
    assert any(cure in f"{problem.message} {problem.hint}" for problem in problems), str(problems)
