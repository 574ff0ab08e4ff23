"""A decision in other places: equal, hashed, copied, and sent to another process."""

import copy
import json
import pickle
import re
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from baoquan_rules import Library, WrongUse, decide, load, read_case
from baoquan_rules.api import library as libraries
from baoquan_rules.api import products_folder
from baoquan_rules.contract.case import Case
from tests import samples

GUIDE = Path(__file__).parent.parent.parent / "docs" / "integration.md"


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(samples.reinstatement())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of products of one's own."""
    where = tmp_path / "products"
    (where / "whole_life").mkdir(parents=True)
    shutil.copy(products_folder() / "company.yaml", where)
    for path in (products_folder() / "whole_life").glob("WL-2023*"):
        if not path.name.endswith(".cases.yaml"):
            shutil.copy(path, where / "whole_life")
    return where


def test_equal_where_nothing_could_differ(case: Case) -> None:
    """Decided twice, a case gives equal decisions, of which a set holds one; another fact or engine gives another."""
    decision = decide(case)
    assert {decision, decide(case)} == {decision}
    assert decision != decision.again({"payment.amount": case.facts["payment.amount"] + 1})
    assert decision != decide(case, engine="columnar")
    assert decision != case


def test_a_copy_is_the_same(case: Case) -> None:
    """A decision never changes, so a copy needs nothing of its own."""
    decision = decide(case)
    assert copy.deepcopy(decision) == copy.copy(decision) == decision
    assert copy.deepcopy([decision, decision.case])[0] == decision


def test_pickled(case: Case) -> None:
    """What arrives is the same decision: its record, its letter, and what it can be asked."""
    decision = decide(case, engine="durable")
    arrived = pickle.loads(pickle.dumps(decision))
    assert arrived == decision and hash(arrived) == hash(decision)
    assert arrived.to_json() == decision.to_json() and arrived.explain() == decision.explain()
    assert arrived.again({"payment.amount": 1}) == decision.again({"payment.amount": 1})
    assert pickle.loads(pickle.dumps(case)) == case
    assert pickle.loads(pickle.dumps(load())) is load()


def test_products_of_ones_own(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read where the decision arrives, once; where the files there are others, that is said."""
    decision = decide(case, load(folder))
    sent = pickle.dumps(decision)
    assert pickle.loads(sent) == decision
    assert pickle.loads(sent)._again.library is pickle.loads(sent)._again.library
    monkeypatch.setattr(libraries, "_ARRIVED", {})
    product = folder / "whole_life" / "WL-2023.yaml"
    product.write_text(product.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(WrongUse, match=r"product WL-2023(.|\n)*to_json"):
        pickle.loads(sent)


def test_a_library_made_by_hand(case: Case) -> None:
    """It has no folder to be read from again; what to send instead is said."""
    packaged = load()
    library = Library(packaged.world, packaged.products, packaged.digests)
    with pytest.raises(WrongUse, match=r"decision\.to_json\(\)"):
        pickle.dumps(decide(case, library))


def test_decided_in_another_process(case: Case) -> None:
    """A pool of processes takes ``decide`` itself, and gives the decision that this process would make."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(decide, case).result(timeout=120) == decide(case)


def test_the_guides_pool(tmp_path: Path) -> None:
    """The script of the integration guide writes the record of each request, in their order."""
    found = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    [script] = [text for text in found if "ProcessPoolExecutor" in text]
    (tmp_path / "book.py").write_text(script, encoding="utf-8")
    requests = [samples.reinstatement(), samples.reinstatement(payment={"amount": "1.00"})]
    (tmp_path / "requests.jsonl").write_text("".join(json.dumps(one, default=str) + "\n" for one in requests), encoding="utf-8")
    subprocess.run([sys.executable, "book.py"], cwd=tmp_path, check=True, timeout=120)
    records = [json.loads(line) for line in (tmp_path / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["outcome"] for record in records] == [decide(read_case(one)).outcome for one in requests]
