"""One case on one generated Python function: the engine that defines the meaning (see ``compiler.python``)."""

from baoquan_rules.compiler.program import Program
from baoquan_rules.compiler.python import Run, compile_nodes, reads_of, source

__all__ = ("Run", "compile_nodes", "prepare", "reads_of", "source")


def prepare(program: Program) -> Run:
    """The engine protocol: a function from facts to the values of ``program.nodes``. Thread-safe."""
    return compile_nodes(program.nodes)
