"""What the benchmark compares with gives the same, or its ratios mean nothing."""

from tests.benchmarks.decide import check, complete


def test_the_hand_written_function_gives_what_the_package_gives() -> None:
    """Outcome, verdicts and figures of a full reinstatement, computed by hand-written Python."""
    check(complete())
