"""Whether the packaged cases would notice a mistake: python -m tests.mutation [SERVICE ...]

Tries every mistake of `mutants.py` in the servicing items named (all of them without names) and prints those that no case
notices, with the share that some case does. Takes minutes for an item: it compiles and decides anew for each mistake.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from baoquan_rules import api
from baoquan_rules.authoring import ProductInvalid
from baoquan_rules.contract.case import Case
from baoquan_rules.contract.rulebook import Service
from baoquan_rules.testing.cases import case_files, run_case
from tests.mutation.mutants import Mutant, mutants


def cases_by_service(library: api.Library) -> Mapping[str, list[Case]]:
    """The packaged cases of each servicing item."""
    out: dict[str, list[Case]] = {}
    for path in case_files(api.products_folder()):
        for case in api.read_cases(path, library)[0]:
            out.setdefault(case.service, []).append(case)
    return out


def noticed(mutant: Mutant, library: api.Library, cases: list[Case]) -> tuple[str, bool] | None:
    """The mistake that is valid, and whether a case fails under it; ``None`` where no such text is valid."""
    for text, service in mutant.services():
        world = replace(library.world, services={**library.world.services, service.name: service})
        other = api.Library(world, library.products, library.digests)
        try:
            found = _failing(other, cases)
        except ProductInvalid:
            continue
        if found is not None:
            # the case that noticed one mistake is the likeliest to notice the next
            cases.insert(0, cases.pop(cases.index(found)))
        return text, found is not None
    return None


def _failing(library: api.Library, cases: Sequence[Case]) -> Case | None:
    return next((case for case in cases if not run_case(case, library).passed), None)


def main(names: Sequence[str]) -> int:
    """Try them all; 1 where a mistake goes unnoticed."""
    library = api.load()
    cases = cases_by_service(library)
    chosen: list[Service] = [library.world.services[name] for name in names or sorted(library.services)]
    total = caught = missed = 0
    for service in chosen:
        started = time.perf_counter()
        own = [0, 0]
        for mutant in mutants(service):
            found = noticed(mutant, library, cases.get(service.name, []))
            if found is None:
                continue
            text, caught_here = found
            own[0] += 1
            own[1] += caught_here
            if not caught_here:
                missed += 1
                print(f"unnoticed: {mutant.told(text)}", flush=True)
        total, caught = total + own[0], caught + own[1]
        print(f"{service.name}: {own[1]} of {own[0]} noticed, {time.perf_counter() - started:.0f} s", flush=True)
    print(f"{caught} of {total} mistakes noticed ({100 * caught / max(total, 1):.1f} %)")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
