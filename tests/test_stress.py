"""The rule engine behind the durable engine, under threads and over many cases; ``BAOQUAN_LONG=1`` for the full length."""

import gc
import os
import resource
from concurrent.futures import ThreadPoolExecutor

from baoquan_rules import api
from baoquan_rules.contract.case import Case
from tests import samples

LONG = bool(os.environ.get("BAOQUAN_LONG"))
EACH, IN_A_ROW = (2_000, 100_000) if LONG else (60, 1_500)


def _cases() -> list[Case]:
    case = api.read_case(samples.reinstatement())
    paid = case.facts["payment.amount"]
    return [samples.changed(case, {"payment.amount": amount}) for amount in (paid, paid - 101, 1, None)]


def test_threads() -> None:
    """Eight threads decide at once, on the durable and the direct engine: each gets the answer of its own case."""
    cases = _cases()
    expected = [api.decide(case).values for case in cases]
    api.decide(cases[0], engine="durable")

    def work(number: int) -> int:
        wrong = 0
        for turn in range(EACH):
            index = (turn + number) % len(cases)
            for engine in ("durable", "direct"):
                wrong += api.decide(cases[index], engine=engine).values != expected[index]
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [0] * 8


def test_memory_stays_flat() -> None:
    """Case after case in one process: the same answers, and no more memory than after the first of them."""
    cases = _cases()
    expected = [api.decide(case).values for case in cases]
    warm = IN_A_ROW // 3
    before = 0
    for turn in range(IN_A_ROW):
        if turn == warm:
            gc.collect()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        index = turn % len(cases)
        assert api.decide(cases[index], engine="durable").values == expected[index]
    gc.collect()
    # Kilobytes; what allocators keep for themselves is less than this.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8_000
