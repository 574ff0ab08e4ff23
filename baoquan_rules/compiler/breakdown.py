"""`breakdowns:` of a service -> rows over a list: an instalment, a loan, a coverage each.

Each column is one list of values, a value for an item, so that engines need nothing new for it. A list that may have
more items than a case states gives each column one more value, which is unknown; the decision then says that the rows
are not all.
"""

from collections.abc import Callable, Mapping

from baoquan_rules.compiler.program import BreakdownSlots, Column
from baoquan_rules.compiler.units import Unit
from baoquan_rules.contract.part import Part, Words
from baoquan_rules.contract.scalars import value_words
from baoquan_rules.language import elaborate as e
from baoquan_rules.language.nodes import Node, Read, each, literal, walk
from baoquan_rules.language.types import BOOL, listed, show


def read_breakdown(
    name: str,
    part: Part,
    unit: Unit,
    text: Callable[[Node], int],
    when: int | None,
    words_of: Callable[[Node], Mapping[str, Words]],
    facts_of: Callable[[Node], frozenset[str]],
) -> BreakdownSlots:
    """One breakdown.

    Args:
        name: its name.
        part: what the author wrote.
        unit: the service, whose names its expressions use.
        text: keeps a node among the values that only texts use, and says where.
        when: where the condition of the whole stands.
        words_of: the texts of the words that a node can be.
        facts_of: the facts that a node rests on, apart from fields of items.

    Raises:
        Poisoned: an expression is wrong; its problem is noted.
    """
    bound, source = unit.source(part.get("rows") or part)
    var = f"#{1 + max(e.depth_of(source), e.scope_depth(unit))}"
    scope = e.Names({bound: source.item(var)}, unit, int(var[1:]))

    def column_of(node: Node) -> int:
        return text(each(var, source.over, node, listed(node.type)))

    def facts(node: Node) -> frozenset[str]:
        fields = (f"{source.over.name}.{field}" for field in _fields(node, var, source.over))  # type: ignore[union-attr]
        return facts_of(source.over) | facts_of(node) | frozenset(fields)

    where = part.get("where")
    kept = unit.condition(where, scope) if where is not None else literal(True, BOOL)
    columns: list[Column] = []
    stated = part.get("columns")
    for key, one in stated.items() if stated else ():
        body = one.get("is") or one
        node = unit.node(body, scope)
        total = bool(one.plain("total", False))
        if total and node.type.name != "money":
            unit.frame.note(body.problem("BQ403", f"合计的列需要金额（已舍入到分），得到 {show(node.type)}",
                                         f"a column that is added up is money, found {show(node.type)}", "写 round_fen(…) / write round_fen(...)"))  # fmt: skip
            raise e.Poisoned
        words = value_words(one) or words_of(node) or _item_words(node, var, source.over, unit)
        columns.append(Column(key, one.words("label") or Words(key, key), column_of(node), node.type, words, facts(node), total))
    return BreakdownSlots(
        name, part.words("label") or Words(name, name), tuple(part.plain("show", ["officer", "auditor"])), tuple(part.plain("outcomes", [])),
        when, column_of(kept), tuple(columns),
    )  # fmt: skip


def _fields(node: Node, var: str, over: Node) -> tuple[str, ...]:
    """The fields of the list's items that a node reads."""
    if not isinstance(over, Read):
        return ()
    return tuple(dict.fromkeys(part.name.partition(".")[2] for part in walk(node) if isinstance(part, Read) and part.bound == var and "." in part.name))


def _item_words(node: Node, var: str, over: Node, unit: Unit) -> Mapping[str, Words]:
    """The texts of the words of an item's field."""
    found: dict[str, Words] = {}
    if isinstance(over, Read):
        for field in _fields(node, var, over):
            found |= unit.frame.world.vocabulary.words_of(f"{over.name}.{field}")
    return found
