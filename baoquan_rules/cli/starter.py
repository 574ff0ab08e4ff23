"""A product code and a line of business -> the start of a product file, with the clauses that the law has an eye on.

Clauses whose parameters the law bounds for the line stand ready; all others that the rulebook knows follow as comments.
Values are the defaults, so that the file is valid from the beginning and only what differs needs to be changed; where
there is no default, the file says so and `check` asks for the value.
"""

from collections.abc import Iterator

from baoquan_rules.api import Library
from baoquan_rules.contract.rulebook import Parameter
from baoquan_rules.contract.scalars import plain_value
from baoquan_rules.contract.schema_rulebook import LINES

FORCES = ("floor", "ceiling", "duty")


def starter(code: str, line: str, library: Library, *, schema: str, day: str) -> str:
    """The text of a new product file; `schema` is where its schema lies, `day` its filing date until changed."""
    needed = required_clauses(line, library)
    rest = [name for name in sorted(library.world.declared) if name not in needed]
    out = [
        f"# yaml-language-server: $schema={schema}",
        "# 先改 name、filed、from，再逐条核对条款编号（clause）、原话（text）和参数；改完运行 baoquan check。",
        "# Change name, filed and from, then check the number, the words and the parameters of each clause; then run baoquan check.",
        f"product: {code}",
        f"name: {{zh: {LINES[line].zh}, en: {LINES[line].en}}}",
        f"line: {line}",
        f'filed: "{day}"',
        "versions:",
        f'  - from: "{day}"',
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
    yield f'{indent}  clause: ""'
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
