"""A product code and a line of business -> the start of a product file, with the clauses that the law has an eye on.

Clauses whose parameters the law bounds for the line stand ready; all others that the rulebook knows follow as comments.
Parameters have their defaults, so that only what differs needs to be changed; what only the author knows is left empty,
and `check` asks for each such place.
"""

from collections.abc import Iterator

from baoquan_rules.api import Library
from baoquan_rules.contract.rulebook import Parameter
from baoquan_rules.contract.scalars import plain_value
from baoquan_rules.contract.schema_rulebook import LINES

FORCES = ("floor", "ceiling", "duty")


def company_starter(library: Library, *, schema: str) -> str:
    """The text of new company rules: those with a default set to it, the others as comments and so unknown."""
    out = [
        f"# yaml-language-server: $schema={schema}",
        "# 公司规定。没有写的就是未知；去掉行首的 # 填上值即可。",
        "# Company rules. What is left out is unknown; uncomment a line and write its value.",
        "company: mine",
        "name: {zh: 公司规定, en: company rules}",
        "rules:",
    ]
    specs = library.services_declared("company_rules")
    for key, spec in sorted(specs.items(), key=lambda item: item[1].default is None):
        out.append(f"  {_line(key, spec)}" if spec.default is not None else f"  # {key}:  # {spec.label.zh} / {spec.label.en}")
    return "\n".join(out) + "\n"


def starter(code: str, line: str, library: Library, *, schema: str) -> str:
    """The text of a new product file; `schema` is where its schema lies."""
    needed = required_clauses(line, library)
    rest = [name for name in sorted(library.world.declared) if name not in needed]
    out = [
        f"# yaml-language-server: $schema={schema}",
        "# 冒号后面空着的都要填；参数已经写上默认值，请逐项对照条款。baoquan check 会列出还没有填的地方。",
        "# Fill in what is empty; parameters have their defaults, compare each with the clause. baoquan check lists what is still empty.",
        f"product: {code}",
        "name:  # 产品名称 / name of the product",
        f"line: {line}  # {LINES[line].zh} / {LINES[line].en}",
        "filed:  # 备案日期，例如 / filing date, such as \"2023-05-10\"",
        "versions:",
        "  - from:  # 自这一天起成立的合同适用 / for contracts formed from this day on",
        "    clauses:" if needed else "    clauses: {}",
    ]
    for name in needed:
        out += _clause(name, library, "      ")
    if rest:
        out += ["    # 其他条款：有的就去掉行首的 # / other clauses: uncomment those that the product has"]
    for name in rest:
        out += [f"    # {line_}" for line_ in _clause(name, library, "  ")]
    return "\n".join(out) + "\n"


def required_clauses(line: str, library: Library) -> list[str]:
    """The clauses of which the law sets a floor, a ceiling or a duty for the line."""
    found = {
        entry.bounds.partition(".")[0]
        for entry in library.world.law.values()
        if entry.bounds and entry.force in FORCES and (not entry.lines or line in entry.lines)
    }
    return sorted(name for name in found if name in library.world.declared)


def _clause(name: str, library: Library, indent: str) -> Iterator[str]:
    title = next((s.clause_title for s in library.world.services.values() if s.clause == name and s.parameters), None)
    yield f"{indent}{name}:" + (f"  # {title.zh} / {title.en}" if title else "")
    yield f"{indent}  clause:  # 条款编号 / number of the clause, such as \"5.2\""
    yield f"{indent}  text:  # 条款内容，用自己的话 / what the clause says, in your own words"
    for key, spec in library.world.declared[name].items():
        yield f"{indent}  {_line(key, spec)}"


def _line(key: str, spec: Parameter) -> str:
    texts = "；".join(f"{word} {text.zh}" for word, text in spec.words.items())
    label = f"# {spec.label.zh}" + (f"（{texts}）" if texts else "")
    if spec.default is None:
        return f"{key}: silent  {label}" if spec.readings else f"{key}:  {label}"
    return f"{key}: {_value(spec)}  {label}"


def _value(spec: Parameter) -> str:
    if isinstance(spec.default, tuple):
        return f"[{', '.join(_word(plain_value(one, spec.type), spec) for one in spec.default)}]"
    return _word(plain_value(spec.default, spec.type), spec)


def _word(value: object, spec: Parameter) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if spec.type.name in ("date", "instant", "text") else str(value)
