"""A decision -> its explanation, for one reader and one recipient, in one language.

Everything stated is taken from the trace: amounts, dates and verdicts are values of the decision, the words around
them are the rulebook's. The customer reads result, figures, why, what to do and by when, how to object; the officer
each condition with its basis; the auditor each figure with formula, values and versions.
"""

from collections.abc import Iterable
from typing import Any

from baoquan_rules.compiler.program import Cite, Column, FigureSlot, Program
from baoquan_rules.contract.rulebook import OWNERS, REMEDIES
from baoquan_rules.decision.decision import Breakdown, Decision, Due, Reading
from baoquan_rules.decision.outcome import Finding
from baoquan_rules.decision.used import formula_of, used, with_values
from baoquan_rules.decision.wording import RECIPIENTS, STYLES, Voice, has_phrase, outcome_words
from baoquan_rules.language.nodes import Read, walk
from baoquan_rules.language.text import show_date_text
from baoquan_rules.language.types import MONEY as _MONEY
from baoquan_rules.language.types import NONE, NONE_TEXT

LANGS = ("zh", "en")
READERS = ("customer", "officer", "auditor")
_NOT_FINAL = ("pending", "referred", "quoted", "undetermined", "interpretation")


def explain(decision: Decision, *, lang: str, reader: str, recipient: str, style: str | None = None) -> str:
    """The explanation as Markdown text; without a ``style`` a customer gets the one that suits him (``Decision.style``).

    Raises:
        ValueError: an unknown language, reader, recipient or style.
    """
    if lang not in LANGS:
        raise ValueError(f"语言只有 {'、'.join(LANGS)} / languages: {', '.join(LANGS)}")
    if reader not in READERS:
        raise ValueError(f"读者只有 {'、'.join(READERS)} / readers: {', '.join(READERS)}")
    if recipient not in RECIPIENTS:
        raise ValueError(f"接收人只有 {'、'.join(RECIPIENTS)} / recipients: {', '.join(RECIPIENTS)}")
    if style is not None and style not in STYLES:
        raise ValueError(f"说法只有 {'、'.join(STYLES)} / styles: {', '.join(STYLES)}")
    plain = reader == "customer" and (style or decision.style(recipient)) == "plain"
    voice = Voice(lang, reader, recipient, decision._vocabulary, decision.other_roles(recipient), plain, _asked(decision, reader, recipient), decision.program.kind == "request" and decision.asked(recipient))
    if reader == "customer":
        return _letter(decision, voice)
    return _report(decision, voice)


def brief(decision: Decision, *, lang: str, reader: str, recipient: str, style: str | None = None) -> str:
    """The result in a line that states no value, and whom to call: for a message that others may see."""
    voice = Voice(lang, reader, recipient, decision._vocabulary, (), style == "plain", _asked(decision, reader, recipient))
    space = "" if lang == "zh" else " "
    return f"{_plain_headline(decision, voice)}{space}{_own(decision, 'telephone', voice)}"


def _asked(decision: Decision, reader: str, recipient: str) -> bool:
    """Whether a letter may say that its reader asked; a state that is determined is told to all alike."""
    return reader != "customer" or decision.program.kind != "request" or decision.asked(recipient)


def _letter(decision: Decision, voice: Voice) -> str:
    if voice.outsider:
        paid = _settlement(decision, voice) if decision.outcome in ("approved", "quoted") and decision.identified else ""
        told = headline(decision, voice) if _addressed(decision, voice) else _plain_headline(decision, voice)
        asked_of = _asked_of(decision, voice) if voice.applies else ()
        return "\n\n".join(block for block in (f"**{told}**", paid, *asked_of) if block) + "\n"
    blocks = [f"**{headline(decision, voice)}**"]
    if voice.plain:
        blocks.append(_own(decision, "telephone", voice))
    accepted = decision.outcome != "not_accepted" and decision.identified
    if accepted:
        blocks.append(_figures(decision, voice))
        blocks.append(_settlement(decision, voice))
        blocks.extend(_breakdowns(decision, voice))
        if decision.outcome == "quoted":
            blocks.append(_alternatives(decision, voice))
    blocks.extend(_asked_of(decision, voice))
    if accepted:
        blocks.append(_listed(voice.say("time"), _times(decision, voice)))
        blocks.append(_listed(voice.say("please_note"), _notes(decision, voice)))
        blocks.append(_sources(decision, _open_ones(decision), voice) if voice.plain else "")
    settled = decision.outcome in ("approved", "quoted")
    if not (settled and voice.plain):  # the number to call stands at the head of a plain letter
        blocks.append(_own(decision, "closing_approved" if settled else "closing", voice))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _open_ones(decision: Decision) -> list[Finding]:
    """The open conditions that a customer may hear of."""
    return [finding for finding in decision.findings if finding.open and _heard(finding, decision)]


def _asked_of(decision: Decision, voice: Voice) -> Iterable[str]:
    """Why it is not approved, and what can be done about it."""
    open_ones = _open_ones(decision)
    if decision.outcome == "referred" and not open_ones:
        # Said wherever there is no reason to tell: a flag, no answer yet and what is being looked at inside read alike.
        yield _listed(voice.say("why"), [voice.say("further_check")])
    if open_ones:
        reasons = ((_reason(decision, finding, voice), finding.condition.cites) for finding in open_ones)
        yield _listed(voice.say("why"), _based(reasons, voice))
        if len(open_ones) == 1 and decision.outcome in ("declined", "pending") and open_ones[0].condition.remedy != "none":
            yield voice.say("only_this")
    steps = _steps(decision, open_ones, voice)
    if steps:
        numbered = [f"{index}. {step}" for index, step in enumerate(steps, 1)] if len(steps) > 1 else steps
        yield f"**{voice.say('todo')}**\n" + "\n".join(numbered)


def _own(decision: Decision, key: str, voice: Voice) -> str:
    """A sentence of the service's own where it has one, else the fixed phrase."""
    said = decision.program.says.get(key)
    text = voice.told(said, decision.texts) if said is not None else None
    return text if text is not None else voice.say(key)


def _notes(decision: Decision, voice: Voice) -> Iterable[str]:
    """The sentences that go with the outcome."""
    return _based(_noted(decision, voice), voice)


def _noted(decision: Decision, voice: Voice) -> Iterable[tuple[str, tuple[Cite, ...]]]:
    told = ((voice.told(n.says, decision.texts), n.cites) for n in decision.notices(voice.reader))
    return ((text, cites) for text, cites in told if text is not None)


def _based(lines: Iterable[tuple[str, tuple[Cite, ...]]], voice: Voice) -> Iterable[str]:
    """Sentences with what they rest on; a basis said once is not said again, and a plain letter has them all at its end."""
    told: set[str] = set()
    for text, cites in lines:
        basis = "" if voice.plain else _basis(cites, voice)
        yield text if basis in told else text + basis
        told.add(basis)


def _sources(decision: Decision, open_ones: list[Finding], voice: Voice) -> str:
    """What a plain letter rests on, in one line at its end."""
    cites = [finding.condition.cites for finding in open_ones]
    cites += [cited for _, cited in _noted(decision, voice)]
    found = dict.fromkeys(title for cited in cites for title in _cited(cited, voice))
    return voice.say("sources", list=("、" if voice.lang == "zh" else "; ").join(found)) if found else ""


def headline(decision: Decision, voice: Voice) -> str:
    """The result in one sentence, the service's own where it has one; that speaks to whoever asked, or to whom the insurer writes unasked."""
    said = decision.program.says.get(decision.outcome) if voice.asked or _unasked(decision, voice) else None
    text = voice.told(said, decision.texts) if said is not None else None
    return text if text is not None else _plain_headline(decision, voice)


def _unasked(decision: Decision, voice: Voice) -> bool:
    """Whether the insurer acts of itself, and whoever has to do with the contract hears what it did."""
    return not voice.outsider and decision.case.facts.get("applicant.acting_as") == "insurer"


def _addressed(decision: Decision, voice: Voice) -> bool:
    """Whether the result is for the recipient himself, as where the question is who is entitled."""
    return any(change.kind == "notice" and change.words.get("to") == voice.recipient for change in decision.effects)


def _plain_headline(decision: Decision, voice: Voice) -> str:
    """The result in one sentence that states no value."""
    key = f"plain_{decision.outcome}"
    if not voice.asked and has_phrase(f"told_{decision.outcome}"):
        key = f"told_{decision.outcome}"
    if has_phrase(key):
        return voice.say(key, title=decision.program.title.of(voice.lang))
    words = decision.program.outcome_words.get(decision.outcome)
    return voice.say("plain_determined", title=voice.title(decision.program.title), result=words.of(voice.lang)) if words else decision.outcome


def _heard(finding: Finding, decision: Decision) -> bool:
    if finding.condition.internal or finding.condition.secret:
        return False
    if decision.outcome == "not_accepted":
        return finding.condition.gate and finding.verdict == "fails" and (decision.identified or finding.condition.public)
    return True


def _listed(title: str, lines: Iterable[str]) -> str:
    # two conditions with one sentence say it once: how many there are may be what is not to be told
    found = list(dict.fromkeys(line for line in lines if line))
    if not found:
        return ""
    if len(found) == 1:
        return f"**{title}**\n{found[0]}"
    return f"**{title}**\n" + "\n".join(f"- {line}" for line in found)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]], numbers: Iterable[int] = ()) -> str:
    """A table; the columns of numbers stand to the right, as the second of two does."""
    found = list(rows)
    if not found:
        return ""
    right = {1} if len(head) == 2 else set(numbers)
    lines = [f"| {' | '.join(head)} |", f"|{''.join('---:|' if i in right else '---|' for i in range(len(head)))}"]
    lines.extend(f"| {' | '.join(row)} |" if "|" not in "".join(row) else _escaped(row) for row in found)
    return "\n".join(lines)


def _escaped(row: tuple[str, ...]) -> str:
    """A row of which a cell holds the sign between cells."""
    return f"| {' | '.join(cell.replace('|', '／') for cell in row)} |"


def _figures(decision: Decision, voice: Voice) -> str:
    if decision.outcome == "not_accepted":
        return ""
    values = decision.values
    customer = voice.reader == "customer"
    rows = [
        (title, voice.value(value, slot.type, "", slot.words))
        for slot, title, absent in _shown_figures(decision.program, voice)
        if (value := values[slot.slot]) is not None and value != absent
        and (not customer or _concerns(decision, slot, value))
    ]  # fmt: skip
    return _table((voice.say("item"), voice.say("value")), rows)


def _shown_figures(program: Program, voice: Voice) -> tuple[tuple[FigureSlot, str, Any], ...]:
    """The figures that this reader may see whatever their values, with their titles and what a stated absence is."""
    key = ("shown", voice.lang, voice.reader, voice.recipient, voice.also)
    if key not in program.memo:
        seen = (slot for slot in program.figures if voice.reader in slot.show and voice.may_see_all(slot.facts))
        program.memo[key] = tuple((slot, voice.title(slot.label), slot.type.absent) for slot in seen)
    found: tuple[tuple[FigureSlot, str, Any], ...] = program.memo[key]
    return found


def _breakdowns(decision: Decision, voice: Voice) -> Iterable[str]:
    """The tables of what the figures are made of, without columns of values that this reader may not see."""
    for found in decision.breakdowns:
        if voice.reader not in found.show:
            continue
        columns = [i for i, column in enumerate(found.columns) if voice.may_see_all(column.facts)]
        if not columns:
            continue
        rows = [tuple(_cell(row[i], found.columns[i], voice) for i in columns) for row in found.rows]
        if len(rows) > 1 and any(found.columns[i].name in found.totals for i in columns):
            rows.append(_total_row(found, columns, voice))
        head = tuple(voice.title(found.columns[i].label) for i in columns)
        numbers = [at for at, i in enumerate(columns) if found.columns[i].type.name in ("money", "rate", "int")]
        more = "" if found.complete else f"\n\n{voice.say('more_rows')}"
        yield f"**{voice.title(found.label)}**\n\n{_table(head, rows, numbers)}{more}"


def _cell(value: Any, column: Column, voice: Voice) -> str:
    """A value of a table; a customer reads a dash where there is none, as in any printed table."""
    if voice.reader == "customer" and value is not None and value in (NONE, NONE_TEXT):
        return "—"
    return voice.value(value, column.type, "", column.words)


def _total_row(found: Breakdown, columns: list[int], voice: Voice) -> tuple[str, ...]:
    cells = [voice.value(found.totals[name], _MONEY) if (name := found.columns[i].name) in found.totals else "" for i in columns]
    cells[0] = cells[0] or voice.say("total")
    return tuple(f"**{cell}**" if cell else "" for cell in cells)


def _concerns(decision: Decision, figure: FigureSlot, value: Any) -> bool:
    """Whether a customer needs the figure: it belongs to this outcome and is no amount of nothing."""
    return (not figure.outcomes or decision.outcome in figure.outcomes) and not (figure.type.name == "money" and value == 0)


def _settlement(decision: Decision, voice: Voice) -> str:
    if voice.reader == "customer" and decision.outcome == "declined":
        return ""  # an amount that is not paid would read as a promise
    rows: list[tuple[str, ...]] = []
    nets: dict[str, int | None] = {}
    for _, label, payee, amount in decision.settlement:
        if not voice.pays(payee):
            continue
        if amount == 0:
            continue
        nets[payee] = None if amount is None or nets.get(payee, 0) is None else (nets.get(payee) or 0) + amount
        rows.append((voice.title(label), voice.value(amount, _MONEY)))
    if not rows:
        return ""
    head = voice.say("settlement_estimate" if decision.outcome in _NOT_FINAL else "settlement")
    single = len(rows) == 1 and voice.reader == "customer"
    for payee, net in nets.items() if not single else ():
        if payee == "insurer":
            continue
        own = voice.reader == "customer"
        title = voice.say(_net_key(decision, net)) if own else voice.say("net_of", payee=_payee(payee, voice))
        rows.append((f"**{title}**", f"**{voice.value(net, _MONEY)}**"))
    return f"**{head}**\n\n" + _table((voice.say("item"), voice.say("value")), rows)


def _net_key(decision: Decision, net: int | None) -> str:
    """What a net amount is called: nobody receives a negative one, and one not decided yet is an estimate."""
    if net is not None and net < 0:
        return "net_negative"
    return "net_estimate" if decision.outcome in _NOT_FINAL else "net"


def _alternatives(decision: Decision, voice: Voice) -> str:
    """What else the customer could do, as a table without a word of advice."""
    stop = "：" if voice.lang == "zh" else ": "
    rows = []
    for option in decision.alternatives():
        shown = [f for f in option.figures if f.value is not None and voice.may_see_all(f.facts)]
        told = _semi(voice).join(f"{f.label.of(voice.lang)}{stop}{voice.value(f.value, f.type, '', f.words)}" for f in shown)
        said = voice.sentence(option.said, decision.texts) if option.said is not None else ""
        rows.append((voice.title(option.label), told or voice.say("unknown_value"), said))
    title = decision.program.says.get("alternatives")
    head = voice.sentence(title, decision.texts) if title is not None else voice.say("alternatives")
    return _table((head, voice.say("today"), voice.say("meaning")), rows)


def _payee(payee: str, voice: Voice) -> str:
    key = f"payee_{payee}"
    return voice.say(key) if has_phrase(key) else payee


def _reason(decision: Decision, finding: Finding, voice: Voice) -> str:
    condition = finding.condition
    said = condition.says.get(finding.verdict)
    text = voice.told(said, decision.texts) if said is not None else None
    if text is not None:
        return text
    kind = "document" if condition.remedy == "document" and condition.name.startswith("document.") else "generic"
    key = {
        ("fails", "document"): "missing_document",
        ("unknown", "document"): "unknown_document",
        ("fails", "generic"): "fails_generic",
        ("unknown", "generic"): "unknown_generic",
    }[(finding.verdict, kind)]
    return voice.say(key, label=condition.label.of(voice.lang))


def _basis(cites: tuple[Cite, ...], voice: Voice) -> str:
    """One clause and one article at most, for a customer, in brackets."""
    shown = _cited(cites, voice)
    return voice.say("basis", list=("、" if voice.lang == "zh" else "; ").join(shown)) if shown else ""


def _cited(cites: tuple[Cite, ...], voice: Voice) -> list[str]:
    shown: list[str] = []
    for kind in ("clause", "law"):
        found = next((cite for cite in cites if cite.kind == kind), None)
        if found is not None:
            prefix = ("合同" if voice.lang == "zh" else "contract ") if kind == "clause" else ""
            shown.append(prefix + found.title.of(voice.lang))
    return shown


def _steps(decision: Decision, findings: list[Finding], voice: Voice) -> list[str]:
    if decision.outcome in ("declined", "not_accepted"):
        findings = [f for f in findings if "remedy" in f.condition.says]
    out: list[str] = []
    waits = False
    for finding in findings:
        condition = finding.condition
        if finding.verdict == "fails" and condition.refer:
            waits = True
            continue
        said = condition.says.get("remedy")
        text = voice.told(said, decision.texts) if said is not None else None
        if text is not None:
            out.append(text)
        elif finding.offer is not None and condition.remedy == "amount":
            out.append(voice.say("offer", value=voice.value(finding.offer, _MONEY)))
        elif finding.possible_from is not None and condition.remedy == "date":
            out.append(voice.say("possible_from", value=show_date_text(finding.possible_from, voice.lang)))  # type: ignore[arg-type]
        elif condition.name.startswith("document."):
            out.append(voice.say("bring_document", label=condition.label.of(voice.lang)))
        elif finding.verdict == "fails" and condition.remedy == "document":
            out.append(voice.say("provide", label=condition.label.of(voice.lang)))
        elif finding.verdict == "fails" and condition.remedy in ("third_party",):
            out.append(voice.say("third_party"))
    if waits and not out and decision.outcome == "referred":
        out.append(voice.say("wait"))
    return list(dict.fromkeys(out))


def _times(decision: Decision, voice: Voice) -> Iterable[str]:
    for due in decision.deadlines:
        if due.met:
            continue
        text = voice.told(due.said, decision.texts) if due.said is not None else None
        if text is not None:
            yield text
        elif (due.said is not None or due.who == "customer" or voice.reader != "customer") and voice.may_see_all(due.facts):
            yield due_line(due, voice)


def due_line(due: Due, voice: Voice) -> str:
    """A deadline in one line. Where the calendar does not reach: the day that a customer can rely on, bounds for others."""
    lang: Any = voice.lang
    label = due.label.of(lang)
    last = due.last
    if last is None and voice.reader == "customer":
        last = due.latest if due.who == "insurer" else due.earliest
    if last is not None:
        return voice.say("by_day", label=label, day=show_date_text(last, lang, weekday=voice.reader == "customer"))
    if due.earliest is None or due.latest is None:
        return ""
    return voice.say("by_range", label=label, earliest=show_date_text(due.earliest, lang), latest=show_date_text(due.latest, lang))


# officer and auditor


def _report(decision: Decision, voice: Voice) -> str:
    lang = voice.lang
    program = decision.program
    stop = "：" if lang == "zh" else ": "
    head = [
        f"# {program.title.of(lang)}",
        f"{voice.say('product')}{stop}{program.product}　{voice.say('version')}{stop}{program.version}",
        f"{voice.say('outcome')}{stop}{outcome_words(program, decision.outcome).of(lang)}{_consent(decision, voice)}",
        headline(decision, voice),
    ]
    referrals = decision.referrals if voice.reader == "auditor" else decision.referrals_openly
    if referrals:
        # compliance is named to auditors alone; to others the case is simply with an officer
        named = (owner if voice.reader == "auditor" or owner != "compliance" else "officer" for owner in referrals)
        head.append(f"{voice.say('referrals')}{stop}{_comma(voice).join(OWNERS[owner].of(voice.lang) for owner in dict.fromkeys(named))}")
    blocks = ["\n".join(head)]
    rows = [_row(decision, finding, voice) for finding in decision.findings if _reported(decision, finding, voice)]
    if rows:
        titles = ("condition", "verdict", "used", "cites", "next")
        blocks.append(_table(tuple(voice.say(key) for key in titles), rows))
    if voice.reader == "officer":
        blocks.append(_figures(decision, voice))
    blocks.append(_settlement(decision, voice))
    blocks.extend(_breakdowns(decision, voice))
    missing = decision.missing if voice.reader == "auditor" else decision.missing_openly
    if missing:
        blocks.append(_listed(voice.say("missing"), (_with(item.label.of(lang), item.path, voice) for item in missing)))
    blocks.append(_listed(voice.say("deadlines"), (_due_row(due, voice) for due in decision.deadlines)))
    blocks.append(_listed(voice.say("please_note"), _notes(decision, voice)))
    if decision.effects:
        blocks.append(_listed(voice.say("effects"), (_effect(decision, change, voice) for change in decision.effects)))
    if decision.readings:
        verdict = voice.say("reading_agrees" if decision.interpretation == "agrees" else "reading_differs")
        blocks.append(_listed(_with(voice.say("readings"), verdict, voice), (_reading(decision, one, voice) for one in decision.readings)))
    if voice.reader == "auditor":
        blocks.append(_derivations(decision, voice))
        lines = [f"{key}{stop}{value}" for key, value in {**decision.stamps, "engine": decision.engine}.items()]
        blocks.append(_listed(voice.say("stamps"), lines))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _reported(decision: Decision, finding: Finding, voice: Voice) -> bool:
    """What an officer reads: no secret finding, and of a request not accepted only why it was not."""
    if voice.reader == "auditor":
        return True
    return not finding.condition.secret and (decision.outcome != "not_accepted" or finding.condition.gate)


def _consent(decision: Decision, voice: Voice) -> str:
    """On what an approval rests: an explicit consent, or one deemed by silence."""
    if decision.basis is None:
        return ""
    stop = "：" if voice.lang == "zh" else ": "
    return f"　{voice.say('consent_basis')}{stop}{voice.say('basis_' + decision.basis)}"


def _comma(voice: Voice) -> str:
    return "，" if voice.lang == "zh" else ", "


def _semi(voice: Voice) -> str:
    return "；" if voice.lang == "zh" else "; "


def _with(text: str, more: str, voice: Voice) -> str:
    """A text with more in brackets."""
    return f"{text}（{more}）" if voice.lang == "zh" else f"{text} ({more})"


def _row(decision: Decision, finding: Finding, voice: Voice) -> tuple[str, ...]:
    condition = finding.condition
    slot = condition.when if finding.verdict == "not_applicable" and condition.when is not None else condition.test
    hidden = _secret_lists(decision.program) if voice.reader == "officer" else ()
    found = (one for one in used(decision, slot, labelled=voice.reader == "officer") if one.name not in hidden)
    told = [f"{one.label.of(voice.lang)} {one.shown(voice.lang)}" for one in found]
    after = OWNERS[condition.refer] if condition.refer else REMEDIES[condition.remedy]
    return (
        f"{condition.id} {condition.label.of(voice.lang)}",
        voice.say(finding.verdict),
        _semi(voice).join(told[:6]),
        _semi(voice).join(dict.fromkeys(cite.title.of(voice.lang) for cite in condition.cites)),
        after.of(voice.lang) if finding.open else "",
    )


def _secret_lists(program: Program) -> frozenset[str]:
    """The lists that a secret condition looks through: how many items one has may be what is not to be told."""
    if "secret_lists" not in program.memo:
        roots = [program.nodes[slot] for c in program.conditions if c.secret for slot in (c.test, c.when) if slot is not None]
        program.memo["secret_lists"] = frozenset({"holds", "reviews"}) | frozenset(part.name for part in walk(*roots) if isinstance(part, Read) and part.type.name == "list" and not part.bound)
    found: frozenset[str] = program.memo["secret_lists"]
    return found


def _due_row(due: Due, voice: Voice) -> str:
    line = due_line(due, voice)
    unit = voice.say({"working_days": "working_days", "days": "natural_days"}.get(due.unit, due.unit))
    who = voice.say(due.who) if has_phrase(due.who) else due.who
    space = "" if voice.lang == "zh" else " "
    done = (voice.say("met"),) if due.met else ()
    told = _semi(voice).join((f"{who}{_comma(voice)}{due.count}{space}{unit}", *done, *(cite.title.of(voice.lang) for cite in due.cites)))
    return _with(line, told, voice) if line else ""


def _effect(decision: Decision, change: Any, voice: Voice) -> str:
    parts = [f"{key} = {word}" for key, word in change.words.items()]
    parts += [f"{key} = {voice.value(value, kind)}" for key, (value, kind) in change.values.items()]
    said = voice.sentence(change.said, decision.texts) if change.said is not None else ""
    text = _comma(voice).join(parts)
    key = f"effect_{change.kind}"
    return f"{voice.say(key) if has_phrase(key) else change.kind}{'：' if voice.lang == 'zh' else ': '}{said or text}"


def _reading(decision: Decision, reading: Reading, voice: Voice) -> str:
    """What a reading takes each open point to say, and the outcome it gives."""
    stop = "：" if voice.lang == "zh" else ": "
    points = decision.program.points
    told = (f"{points[key].label.of(voice.lang)}{stop}{voice.value(value, points[key].type, '', points[key].words)}" for key, value in reading.choices.items())
    return f"{_semi(voice).join(told)} → {outcome_words(decision.program, reading.outcome).of(voice.lang)}"


def _derivations(decision: Decision, voice: Voice) -> str:
    stop = "：" if voice.lang == "zh" else ": "
    lines: list[str] = []
    for figure in decision.figures:
        name = figure.label.of(voice.lang)
        line = f"{name if name == figure.name else _with(name, figure.name, voice)} ＝ {voice.value(figure.value, figure.type, '', figure.words)}"
        named = formula_of(decision, figure.slot, voice.lang)
        if named is not None:
            filled = with_values(decision, figure.slot, voice.lang)
            line += f"\n  {voice.say('formula')}{stop}{named}\n  {voice.say('with_values')}{stop}{filled}"
        lines.append(line)
    return _listed(voice.say("derivation"), lines)
