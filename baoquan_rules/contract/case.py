"""A case (YAML, JSON or a mapping) -> checked facts as engines read them, and what its author expects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from baoquan_rules.authoring import Document, Problem, Span, both, did_you_mean
from baoquan_rules.contract.part import Words
from baoquan_rules.contract.scalars import plain_value, scalar
from baoquan_rules.contract.vocabulary import Fact, ListFact, Vocabulary
from baoquan_rules.language.civil import show_date
from baoquan_rules.language.facts import FactList
from baoquan_rules.language.types import DATE, NONE

Path = tuple[str | int, ...]
Locate = Callable[[Path], Span | None]

CASE_KEYS = ("case", "product", "also", "service", "corner_cases", "source", "note", "facts", "expect", "working")
CORNER_CASES: Final = 60
"""How many corner cases `rulebook/corner_cases.yaml` numbers."""

# What a case does not say, because a fact or the caller says it.
INSTEAD: Final[Mapping[str, Words]] = {
    "version": Words("条款版本由合同成立日决定：写 facts 里的 policy.formation_date", "the day of formation picks the version: state policy.formation_date in facts"),
    "today": Words("作出决定的那天是事实：写 facts 里的 decision.date", "the day of the decision is a fact: state decision.date in facts"),
    "reader": Words("写给谁看由命令决定：baoquan decide … --for officer", "the command says for whom: baoquan decide ... --for officer"),
    "recipient": Words("收件人由调用的一方决定：decision.explain(recipient=…)", "the caller says to whom: decision.explain(recipient=...)"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """One request or question: product, service and facts; ``expect`` is what its author says must come out.

    Shown (``repr``) without its facts: those are personal data, and a log is no place for them.
    """

    name: str
    product: str
    service: str
    facts: Mapping[str, Any]
    expect: Mapping[str, Any] = field(default_factory=dict)
    document: Document | None = None
    source: str = ""
    as_of: Mapping[str, int] = field(default_factory=dict)
    """For lists that say so, by path: the day as of which they are known."""
    corner_cases: tuple[int, ...] = ()
    """The numbers of the corner cases of the law that it shows."""

    @property
    def for_further_product(self) -> bool:
        """Whether this is a case for one of the products named under ``also``, not for its own."""
        return self.document is not None and isinstance(self.document.value, dict) and self.document.value.get("product") != self.product

    def __repr__(self) -> str:
        return f"Case({self.service} of {self.product}: {len(self.facts)} facts)"


def read_case(raw: Mapping[str, Any], vocabulary: Vocabulary, document: Document | None = None) -> tuple[Case, list[Problem]]:
    """The case of a mapping, and what is wrong with it; a misspelt fact is an error, never an unknown."""
    problems: list[Problem] = []

    def locate(path: Path) -> Span | None:
        return document.span(path) if document is not None else None

    def key(path: Path) -> Span | None:
        return document.key_span(path) if document is not None else None

    for name in raw:
        if name not in CASE_KEYS:
            problems.append(Problem("BQ601", f"案例里没有 {name} 这一项", key((name,)), _instead(str(name)),
                                    message_en=f"a case has no {name}"))  # fmt: skip
    for name in ("product", "service"):
        if not isinstance(raw.get(name), str):
            problems.append(Problem("BQ602", f"案例缺少 {name}", locate(()), f"加一行 {name}: … / add a line {name}: ...", message_en=f"the case lacks {name}"))
    reader = _Reader(vocabulary, locate, key, problems)
    facts = reader.facts(raw.get("facts"))
    reader.check_days(facts.get("decision.date"))
    return Case(
        str(raw.get("case", "")), str(raw.get("product", "")), str(raw.get("service", "")), facts, _expect(raw.get("expect"), problems, locate), document,
        document.file if document is not None else "", {path: day for path, (day, _) in reader.as_of.items()},
        _corner_cases(raw.get("corner_cases"), problems, locate),
    ), problems  # fmt: skip


def _instead(name: str) -> str:
    found = INSTEAD.get(name)
    return did_you_mean(name, CASE_KEYS) if found is None else f"{found.zh} / {found.en}"


def _corner_cases(raw: Any, problems: list[Problem], locate: Locate) -> tuple[int, ...]:
    listed = raw if isinstance(raw, list | tuple) else () if raw is None else None
    wrong: list[Path] = [()] if listed is None else [(index,) for index, one in enumerate(listed) if type(one) is not int or not 1 <= one <= CORNER_CASES]
    for path in wrong:
        problems.append(Problem("BQ603", f"corner_cases 应为 1 到 {CORNER_CASES} 的一列编号", locate(("corner_cases", *path)),
                                message_en=f"corner_cases is a list of numbers from 1 to {CORNER_CASES}"))  # fmt: skip
    return () if wrong else tuple(listed or ())


def _expect(raw: Any, problems: list[Problem], locate: Locate) -> Mapping[str, Any]:
    if raw is None or isinstance(raw, Mapping):
        return raw or {}
    problems.append(Problem("BQ603", "expect 应为一组预期", locate(("expect",)), message_en="expect is a mapping"))
    return {}


@dataclass(slots=True)
class _Reader:
    vocabulary: Vocabulary
    locate: Locate
    key: Locate
    problems: list[Problem]
    as_of: dict[str, tuple[int, Path]] = field(default_factory=dict)

    def facts(self, raw: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if raw is None:
            return out
        if not isinstance(raw, Mapping):
            self.problems.append(Problem("BQ603", "facts 应为一组事实", self.locate(("facts",)), message_en="facts is a mapping"))
            return out
        for name, value in raw.items():
            path: Path = ("facts", name)
            fact = self.vocabulary.facts.get(name)
            if isinstance(fact, ListFact):
                found = self.list(fact, value, path)
                if found is not None:
                    out[name] = found
            elif name in self.vocabulary.groups:
                self.group(str(name), value, path, out)
            else:
                self.unknown(str(name), self.vocabulary.names(), path)
        return out

    def group(self, name: str, raw: Any, path: Path, out: dict[str, Any]) -> None:
        if not isinstance(raw, Mapping):
            self.problems.append(Problem("BQ603", f"{name} 应为一组事实", self.locate(path), message_en=f"{name} is a group of facts"))
            return
        prefix = f"{name}."
        facts = self.vocabulary.facts
        for key, value in raw.items():
            fact = facts.get(f"{prefix}{key}")
            if fact is None:
                self.unknown(f"{name}.{key}", [p for p in facts if p.startswith(prefix)], (*path, key))
            elif isinstance(fact, ListFact):
                found = self.list(fact, value, (*path, key))
                if found is not None:
                    out[fact.path] = found
            elif value is not None:
                self.scalar(fact, value, (*path, key), out, fact.path)

    def scalar(self, fact: Fact, raw: Any, path: Path, out: dict[str, Any], key: str) -> None:
        try:
            out[key] = scalar(raw, fact.type)
        except ValueError as error:
            zh, en = both(str(error))
            self.problems.append(Problem("BQ605", f"{fact.label.zh}：{zh}", self.locate(path), message_en=f"{fact.label.en}: {en}"))

    def list(self, fact: ListFact, raw: Any, path: Path) -> FactList | None:
        if raw is None:
            return None
        if raw == "none":
            return FactList((), True)
        complete = True
        items = raw
        inner = path
        if isinstance(raw, Mapping):
            for key in raw:
                if key not in ("complete", "as_of", "items"):
                    self.unknown(f"{fact.path}.{key}", ["complete", "as_of", "items"], (*path, key))
            complete = raw.get("complete", False)
            items = raw.get("items", [])
            self.day(fact, raw.get("as_of"), (*path, "as_of"))
            inner = (*path, "items")
            if not isinstance(complete, bool):
                self.problems.append(Problem("BQ606", f"{fact.label.zh}：complete 应为 true 或 false", self.locate((*path, "complete")),
                                             message_en=f"{fact.label.en}: complete is true or false"))  # fmt: skip
                return None
        elif fact.path.count(".") == 0:
            self.problems.append(Problem(
                "BQ606", f"{fact.label.zh}要说明是否完整", self.locate(path), f"写 {fact.path}: {{complete: true, items: […]}}，没有就写 none / write {fact.path}: {{complete: true, items: [...]}}, or none",
                message_en=f"{fact.label.en} must say whether it is complete"))  # fmt: skip
            return None
        if not isinstance(items, (list, tuple)):
            self.problems.append(Problem("BQ606", f"{fact.label.zh}应为一列", self.locate(inner), message_en=f"{fact.label.en} is a list"))
            return None
        if len(items) > fact.most:
            self.problems.append(Problem("BQ607", f"{fact.label.zh}最多 {fact.most} 项，这里有 {len(items)} 项", self.locate(inner),
                                         message_en=f"{fact.label.en} has at most {fact.most} items"))  # fmt: skip
            return None
        read = tuple(self.item(fact, value, (*inner, index)) for index, value in enumerate(items))
        if fact.order:
            read = tuple(sorted(read, key=lambda item: item.get(fact.order, NONE) if isinstance(item, dict) else NONE))
        return FactList(read, complete)

    def day(self, fact: ListFact, raw: Any, path: Path) -> None:
        """The day as of which a list is known; kept for the lists of a case, not for those inside an item."""
        found: dict[str, Any] = {}
        if raw is not None:
            self.scalar(Fact(f"{fact.path}.as_of", DATE, fact.label), raw, path, found, fact.path)
        for name, day in found.items():
            if name in self.vocabulary.facts:
                self.as_of[name] = (day, path)

    def check_days(self, decided: Any) -> None:
        """Nobody knows a list as of a day after the decision."""
        for name, (day, path) in self.as_of.items():
            if decided is not None and day > decided:
                label = self.vocabulary.facts[name].label
                self.problems.append(Problem(
                    "BQ606", f"{label.zh}截至 {show_date(day)}，晚于作出决定的 {show_date(decided)}", self.locate(path), "改为取得这份清单的那天 / write the day on which the list was drawn up",
                    message_en=f"{label.en} is as of {show_date(day)}, after the decision of {show_date(decided)}"))  # fmt: skip

    def item(self, fact: ListFact, raw: Any, path: Path) -> Any:
        if fact.item is not None:
            out: dict[str, Any] = {}
            self.scalar(fact.item, raw, path, out, "")
            return out.get("")
        found: dict[str, Any] = {}
        if not isinstance(raw, Mapping):
            self.problems.append(Problem("BQ606", f"{fact.label.zh}的每一项应为一组值", self.locate(path), message_en="each item is a mapping"))
            return found
        for key, value in raw.items():
            inner = fact.fields.get(key)
            if inner is None:
                self.unknown(f"{fact.path}.{key}", [f"{fact.path}.{name}" for name in fact.fields], (*path, key))
            elif isinstance(inner, ListFact):
                nested = self.list(inner, value, (*path, key))
                if nested is not None:
                    found[key] = nested
            elif value is not None:
                self.scalar(inner, value, (*path, key), found, key)
        for key, inner in fact.fields.items():
            if key in found:
                continue
            if isinstance(inner, Fact) and inner.none_if_absent and inner.type.optional:
                found[key] = inner.type.absent
            elif isinstance(inner, ListFact) and key not in raw and not inner.required:
                continue
            elif (inner.required or key == fact.order) and key not in raw:
                self.problems.append(Problem(
                    "BQ608", f"{fact.label.zh}的一项缺少 {key}（{inner.label.zh}）", self.locate(path), "补上它；若不知道这一项，写 complete: false / add it; if the item is not known, write complete: false",
                    message_en=f"an item of {fact.label.en} lacks {key}"))  # fmt: skip
        return found

    def unknown(self, name: str, valid: Any, path: Path) -> None:
        self.problems.append(Problem("BQ604", f"没有名为 {name} 的事实", self.key(path), did_you_mean(name, valid),
                                     message_en=f"there is no fact {name}"))  # fmt: skip


def with_defaults(facts: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The facts, with ``none`` where the vocabulary says that absence means it and the fact's group is stated.

    A list that the vocabulary calls empty where it is left out is so in every case.
    """
    stated = {path.partition(".")[0] for path in facts}
    out = dict(facts)
    for path, fact in vocabulary.facts.items():
        if isinstance(fact, ListFact):
            if fact.none_if_absent and path not in out:
                out[path] = FactList((), True)
        elif isinstance(fact, Fact) and fact.none_if_absent and fact.type.optional and path not in out and path.partition(".")[0] in stated:
            out[path] = fact.type.absent
    return out


def plain_facts(facts: Mapping[str, Any], vocabulary: Vocabulary, as_of: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Facts as stable JSON of the form a case file has; ``as_of`` are the days as of which lists are known."""
    out: dict[str, Any] = {}
    for path in sorted(facts):
        fact = vocabulary.facts[path]
        head, _, tail = path.partition(".")
        if isinstance(fact, ListFact):
            value: Any = _plain_list(facts[path], fact)
            if as_of and path in as_of:
                value["as_of"] = show_date(as_of[path])
        else:
            value = plain_value(facts[path], fact.type)
        if tail:
            out.setdefault(head, {})[tail] = value
        else:
            out[head] = value
    return out


def _plain_list(found: FactList, fact: ListFact) -> dict[str, Any]:
    items: list[Any] = []
    for item in found.items:
        if fact.item is not None:
            items.append(plain_value(item, fact.item.type))
            continue
        plain: dict[str, Any] = {}
        for key, value in item.items():
            inner = fact.fields[key]
            plain[key] = _plain_list(value, inner) if isinstance(inner, ListFact) else plain_value(value, inner.type)
        items.append(plain)
    return {"complete": found.complete, "items": items}
