"""A new servicing item is one file of the rulebook, a new product is one file of products: shown by adding one of each to a copy."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from baoquan_rules import api
from baoquan_rules.cli.generate import generated, stale

ITEM = """\
# yaml-language-server: $schema=../../schemas/service.schema.json
service: certificate_of_cover
kind: request
name: {zh: 保险证明开具, en: certificate of cover}
summary: {zh: 开具一份在保证明, en: Issues a certificate that the policy is in force.}
aliases: [CERT]
clause: certificate
clause_name: {zh: 保险证明, en: certificate of cover}
parameters:
  free_copies: {type: int, min: 0, max: 20, default: 2, label: {zh: 免费份数, en: free copies}}
uses: [contract_terms]
gates: [common]
attributes:
  applicants: [self]
  insured_may_apply: true
  money_out: false
figures:
  valid_until: {is: "add_months(decision.date, 1)", label: {zh: 证明有效至, en: certificate valid until}, show: [customer, officer]}
  copies: {is: clause.free_copies, label: {zh: 免费份数, en: free copies}, show: [customer]}
conditions:
  not_ended:
    id: CC1
    label: {zh: 合同没有终止, en: the contract has not ended}
    require: not contract_terms.ended_at(request.received_at)
    remedy: none
    says:
      fails: {zh: 合同已经终止，不能开具在保证明。, en: The contract has ended.}
      unknown: {zh: 还不清楚合同有没有终止。, en: It is not known whether the contract has ended.}
documents:
  - {kind: application, signed_by: applicant.id}
effects:
  - {kind: notice, words: {notice: certificate}, values: {until: valid_until}}
says:
  approved: {zh: "证明可以开具，到{valid_until}有效。", en: "The certificate is issued and valid until {valid_until}."}
"""
CASES = """\
case: 开具证明
product: WL-2024
service: certificate_of_cover
facts: &FACTS
expect:
  outcome: approved
  figures: {valid_until: "2026-10-08", copies: 2}
  findings: {not_ended: holds, document.application: holds}
  effects: [{kind: notice, notice: certificate}]
working: 9月8日起一个月到10月8日；条款没有另写，免费2份。
---
case: 合同已经终止
product: WL-2024
service: certificate_of_cover
facts: &ENDED
expect: {outcome: declined, findings: {not_ended: fails}}
working: 收到申请以前已经终止。
"""
FACTS = """
  decision: {date: "2026-09-08"}
  request: {id: Q1, received_at: "2026-09-07T10:00", channel: counter}
  policy: {formation_date: "2024-05-06", effective_at: "2024-05-06T00:00", ended_at: ENDED}
  policyholder: {id: P1, name: 钱先生}
  insured: {id: P1, name: 钱先生}
  applicant: {id: P1, acting_as: self, alive: true, capacity: full}
  identity: {verified: true}
  compliance: {flag: false, pattern: false}
  holds: none
  open_requests: none
  documents: {complete: true, items: [{kind: application, signed_by: [P1], defects: none}]}"""
PRODUCT = """\
# yaml-language-server: $schema=../../schemas/product.schema.json
product: TRIAL-1
name: {zh: 试验终身寿险, en: Trial whole life}
line: whole_life
filed: "2026-01-05"
versions:
  - from: "2026-02-01"
    clauses:
      cash_value:
        clause: "5.1"
        text: {zh: 保险单附有各保单年度末的现金价值。, en: The policy lists the value at each year end.}
      cooling_off:
        clause: "1.4"
        text: {zh: 签收合同的次日起有15天犹豫期。, en: You may cancel for 15 days from the day after you sign for the policy.}
        length: 15 days
        start_word: next_day
        bars_after_event: false
      surrender:
        clause: "7.1"
        text: {zh: 您可以随时解除合同，退还现金价值。, en: You may end the contract at any time for its cash value.}
        basis: cash_value
"""
CASE_OF_PRODUCT = """\
case: 换通讯地址
product: TRIAL-1
service: contact_change
expect: {outcome: approved, findings: {own_contact: holds}}
working: 本人在柜面更换通讯地址，申请书已签名。
facts:
  consents: none
  change: {person_id: P1, contact: address, contact_belongs_to_salesperson: false, contact_scope: all_policies}"""
RUN = """
import io, json, sys
from contextlib import redirect_stdout
from baoquan_rules.cli import main as cli
said = []
for arguments in json.loads(sys.argv[1]):
    out = io.StringIO()
    with redirect_stdout(out):
        try:
            cli.main(arguments)
        except SystemExit as ended:
            said.append([ended.code, out.getvalue()])
sys.stdout.buffer.write(json.dumps(said).encode())
"""


OLD = stale(generated(api.load()), api.HERE.parent)
"""Generated files that are not up to date here: another test's matter."""


def files(tree: Path) -> dict[str, bytes]:
    """Every file of a tree, by its path."""
    return {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the source tree without its cases."""
    root = api.HERE.parent
    for name in ("baoquan_rules", "products", "schemas", "docs"):
        shutil.copytree(root / name, tmp_path / "tree" / name, ignore=shutil.ignore_patterns("__pycache__", "*.cases.yaml"))
    shutil.copy(root / "pyproject.toml", tmp_path / "tree")
    return tmp_path / "tree"


def run(tree: Path, *commands: list[str]) -> list[tuple[int, str]]:
    """What commands of the copy end with and say."""
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", RUN, json.dumps(commands)], cwd=tree, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [(code, text) for code, text in json.loads(done.stdout)]


def added(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[set[str], set[str]]:
    """The files that are new, and those that changed."""
    assert set(before) <= set(after)
    return set(after) - set(before), {name for name, text in before.items() if after[name] != text}


def test_a_new_item_is_one_file(tree: Path) -> None:
    """Decided, tested, listed, and in the generated files, with nothing else touched."""
    before = files(tree)
    name = "baoquan_rules/rulebook/certificate_of_cover.yaml"
    (tree / name).write_text(ITEM, encoding="utf-8")
    cases = tree.parent / "trial.cases.yaml"
    cases.write_text(
        CASES.replace(" &FACTS", FACTS.replace("ENDED", "none")).replace(" &ENDED", FACTS.replace("ENDED", '"2026-09-01T00:00"')), encoding="utf-8"
    )
    tested, decided, listed, _, fresh = run(
        tree, ["test", str(cases)], ["decide", str(cases), "--case", "1"], ["services", "CERT", "--json"], ["schema"], ["schema", "--check"],
    )  # fmt: skip
    assert tested[0] == 0, tested[1]
    assert decided[0] == 0 and "证明可以开具，到2026年10月8日有效" in decided[1], decided[1]
    assert json.loads(listed[1])["parameters"][0]["name"] == "certificate.free_copies"
    assert fresh == (0, "")  # after `schema`
    new, changed = added(before, files(tree))
    assert new == {name}
    assert changed - set(OLD) == {"schemas/cases.schema.json", "schemas/product.schema.json", "docs/services.md"} - set(OLD), "other than what is generated"
    product = json.loads((tree / "schemas" / "product.schema.json").read_text("utf-8"))
    assert "free_copies" in product["$defs"]["clause_certificate"]["properties"]


def test_a_new_product_is_one_file(tree: Path) -> None:
    """Checked, shown and decided, with nothing else touched, and nothing generated either."""
    before = files(tree)
    name = "products/whole_life/TRIAL-1.yaml"
    (tree / name).write_text(PRODUCT, encoding="utf-8")
    cases = tree.parent / "trial.cases.yaml"
    cases.write_text(CASE_OF_PRODUCT + FACTS.replace("ENDED", "none").replace("2024-05-06", "2026-03-02"), encoding="utf-8")
    checked, shown, tested, fresh = run(
        tree, ["check", name], ["show", "TRIAL-1"], ["test", str(cases), "--engine", "direct"], ["schema", "--check"],
    )  # fmt: skip
    assert checked[0] == 0, checked[1]
    assert shown[0] == 0 and "试验终身寿险" in shown[1]
    assert tested[0] == 0, tested[1]
    assert fresh[0] == (1 if OLD else 0) and all(name in fresh[1] for name in OLD), fresh[1]
    assert added(before, files(tree)) == ({name}, set())
