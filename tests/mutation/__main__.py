"""Whether the packaged cases would notice a mistake: python -m tests.mutation [SERVICE or LIBRARY ... | --changed] [--jobs N]

Tries every mistake of `mutants.py` in the servicing items and libraries named (all of them without names), prints those
that no case notices, and the share that some case does. A mistake that no case can notice, because it says the same in
other words, stands in `equivalent.yaml` with the reason. It fails on every other that goes unnoticed, and on every one
listed there that is noticed or no longer there.
"""

import argparse
import multiprocessing
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from baoquan_rules import api
from baoquan_rules.authoring import ProductInvalid, read_yaml
from baoquan_rules.contract.case import Case
from baoquan_rules.testing.cases import case_files, run_case
from tests.mutation.changed import changed
from tests.mutation.mutants import Mistake, Mistakes
from tests.mutation.page import PAGE, page, written
from tests.mutation.switches import SWITCHES, installed

EQUIVALENT = Path(__file__).with_name("equivalent.yaml")


@dataclass(slots=True)
class Tried:
    """What the cases of one servicing item made of the mistakes that its programs hold."""

    service: str
    seconds: float = 0.0
    tried: dict[int, int] = field(default_factory=dict)
    alike: set[int] = field(default_factory=set)
    noticed: dict[int, str] = field(default_factory=dict)
    touched: dict[int, list[str]] = field(default_factory=dict)
    """Cases in which a mistake makes a difference that they do not expect anything of."""
    failing: list[str] = field(default_factory=list)
    late: bool = False
    """Not tried, as the time was over."""


def cases_of(service: str, library: api.Library) -> list[Case]:
    """The packaged cases of a servicing item, each for its own product: for the others that it names it says the same."""
    line = re.compile(rf"^service: {service}\s*$", re.MULTILINE)
    found = [path for path in case_files(api.products_folder()) if line.search(path.read_text(encoding="utf-8"))]
    read = [case for path in found for case in api.read_cases(path, library)[0] if case.service == service]
    return [case for case in read if not case.for_further_product]


def reached(library: api.Library, service: str) -> set[str]:
    """A servicing item and all it uses; to whom plain words are spoken is said of every item."""
    out: set[str] = set()
    queue = [service, *(name for name, one in library.world.services.items() if one.part.get("plain") is not None)]
    while queue:
        name = queue.pop()
        if name not in out and name in library.world.services:
            out.add(name)
            queue.extend((*library.world.services[name].uses, *library.world.services[name].gates))
    return out


def attempt(service: str, library: api.Library, numbers: Sequence[int], known: Any) -> Tried:
    """Decide the cases of a servicing item: as it is written, then with each mistake that makes a difference in them."""
    started = time.perf_counter()
    out = Tried(service)
    differ: dict[int, list[tuple[float, int]]] = {}
    cases = cases_of(service, api.load())
    for index, case in enumerate(cases):
        SWITCHES.made = 0
        SWITCHES.differ.clear()
        begun = time.perf_counter()
        try:
            passed = run_case(case, library).passed
        except ProductInvalid as error:
            out.failing.append(f"{_named(case)}\n{error}")
            break
        if not passed:
            out.failing.append(_named(case))
            continue
        for number in SWITCHES.differ:
            differ.setdefault(number, []).append((time.perf_counter() - begun, index))
    for number in numbers:
        for _, index in sorted(differ.get(number, [])):
            if known[number]:
                break
            SWITCHES.made = number
            if _notices(cases[index], library):
                known[number] = 1
                out.noticed[number] = _named(cases[index])
                break
        else:
            out.touched[number] = [_named(cases[index]) for _, index in sorted(differ.get(number, []))]
    SWITCHES.made = 0
    out.tried, out.alike = dict(SWITCHES.tried), set(SWITCHES.alike)
    out.seconds = time.perf_counter() - started
    return out


def _notices(case: Case, library: api.Library) -> bool:
    try:
        return not run_case(case, library).passed
    except Exception:  # a mistake that nothing can be decided with is noticed
        return True


def _named(case: Case) -> str:
    span = case.document.span() if case.document is not None else None
    return f"{span.file.rpartition('/')[2]}:{span.line} {case.name}" if span is not None else case.name


def equivalents() -> Mapping[tuple[str, str], str]:
    """The mistakes that no case can notice: their service and key, and why."""
    document, problems = read_yaml(str(EQUIVALENT))
    if document is None or problems:
        raise SystemExit("\n".join(map(str, problems)))
    found: dict[tuple[str, str], str] = {}
    for service, listed in (document.value.get("equivalent") or {}).items():
        for one in listed:
            found[service, one["mistake"]] = one["reason"]
    return found


_JOB: dict[str, Any] = {}


def _job(service: str) -> Tried:
    if time.monotonic() > _JOB["until"]:
        return Tried(service, late=True)
    return attempt(service, _JOB["library"], _JOB["numbers"][service], _JOB["known"])


def main(given: Sequence[str]) -> int:
    """Try them all; 1 where a mistake goes unnoticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="servicing items and libraries (all by default)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes to share the work")
    parser.add_argument("--by", nargs="+", metavar="ITEM", help="only the cases of these servicing items (all that use them by default)")
    parser.add_argument("--cases", action="store_true", help="name the cases in which an unnoticed mistake makes a difference")
    parser.add_argument("--changed", action="store_true", help="only what the last change touches, see changed.py")
    parser.add_argument("--since", default="", metavar="COMMIT", help="what --changed compares with")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no more items after this time; it names those left out")
    parser.add_argument("--write", action="store_true", help="write what came out to docs/mutation.md, beside what stands there of others")
    options = parser.parse_args(given)
    if options.write and options.seconds != float("inf"):
        parser.error("--write needs every mistake tried")
    started = time.perf_counter()
    library = api.load()
    names = options.names or (changed(library, options.since) if options.changed else sorted(library.world.services))
    if not names:
        print("nothing that the change touches has a rule or a case")
        return 0
    for name in names:
        if name not in library.world.services:
            parser.error(f"nothing is named {name}")
    mistakes = Mistakes()
    for name in names:
        mistakes.add(library.world.services[name])
    with installed():
        world = replace(library.world, services={**library.world.services, **mistakes.services})
        other = api.Library(world, library.products, library.digests)
        needs = {service: reached(library, service) for service in sorted(library.services)}
        numbers = {service: [one.number for one in mistakes.found if one.service in uses] for service, uses in needs.items()}
        chosen = [service for service in needs if numbers[service] and service in (options.by or needs)]
        known = multiprocessing.Array("b", len(mistakes.found) + 1, lock=False)
        _JOB.update(library=other, numbers=numbers, known=known, until=time.monotonic() + options.seconds)
        if options.jobs > 1 and len(chosen) > 1:
            with multiprocessing.get_context("fork").Pool(options.jobs, maxtasksperchild=1) as pool:
                results = list(pool.imap_unordered(_job, chosen))
        else:
            results = [_job(service) for service in chosen]
    late = {result.service for result in results if result.late}
    if late:
        print(f"not tried in time: {', '.join(sorted(late))}")
    # what an item that was left out might still notice is nothing to complain of
    open_ = {number for service in late for number in numbers[service]} - {number for result in results for number in result.noticed}
    found = [one for one in mistakes.found if one.number not in open_]
    return told(found, results, names, time.perf_counter() - started, options.cases, options.write)


def told(found: Sequence[Mistake], results: Sequence[Tried], names: Sequence[str], seconds: float, cases: bool, write: bool = False) -> int:
    """Print what came of it; 1 where a mistake goes unnoticed, or a listed one does not."""
    listed = equivalents()
    rows: dict[str, list[int]] = {}
    wrong = 0
    for result in results:
        for name in result.failing:
            wrong += 1
            print(f"fails without any mistake: {name}")
    total = caught = same = 0
    tried = {number: index for result in results for number, index in result.tried.items()}
    alike = {number for result in results for number in result.alike}
    noticed = {number for result in results for number in result.noticed}
    for name in names:
        own = [one for one in found if one.service == name and (one.number in tried or one.number in alike)]
        count = [0, 0, 0]
        for one in own:
            reason = listed.get((name, one.key))
            if one.number in noticed:
                count[0] += 1
                if reason is not None:
                    wrong += 1
                    print(f"noticed, though listed as equivalent: {one.told(tried.get(one.number))}")
            elif reason is not None:
                count[1] += 1
            else:
                count[2] += 1
                touched = [case for result in results for case in result.touched.get(one.number, ())]
                print(f"unnoticed: {one.told(tried.get(one.number))}  [differs in {len(touched)} cases]")
                if cases:
                    print("".join(f"    {case}\n" for case in touched[:6]), end="")
        keys = {one.key for one in own}
        for service, key in listed:
            if service == name and key not in keys and not any(result.late for result in results):
                wrong += 1
                print(f"listed as equivalent, but there is no such mistake: {service}: {key}")
        wrong += count[2]
        rows[name] = count
        total, caught, same = total + len(own), caught + count[0], same + count[1]
        taken = sum(result.seconds for result in results if result.service == name)
        print(f"{name}: {count[0]} of {len(own)} noticed, {count[1]} equivalent, {count[2]} unnoticed, {taken:.0f} s", flush=True)
    print(f"{caught} of {total - same} mistakes noticed ({100 * caught / max(total - same, 1):.1f} %), {same} equivalent, {seconds:.0f} s")
    if write:
        PAGE.write_text(page({**written(), **rows}, api.load()), encoding="utf-8", newline="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
