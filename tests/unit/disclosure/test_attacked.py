"""Random releases against an attacker of another make."""

from __future__ import annotations

import pytest

from tests.unit.disclosure.attacker import UndecidedError, caught
from tests.unit.disclosure.random_tables import random_release
from transforms.disclosure import LinkedCells, Publication, Rule, Verdict, audit, suppress

FEW, MANY = range(200), range(200, 10_200)


def attacked(seed: int) -> tuple[LinkedCells, Rule, frozenset[str], list[str]]:
    cells, rule = random_release(seed)
    result = suppress(cells, rule)
    excused = {cell.name for cell in result.unprotected}
    found = [line for line in caught(cells, result.hidden, rule) if line.split(" ")[0] not in excused]
    return cells, rule, result.hidden, found


def test_an_attacker_recovers_nothing_and_the_auditor_agrees() -> None:
    _nothing_is_recovered(FEW)


@pytest.mark.slow
def test_an_attacker_recovers_nothing_from_ten_thousand_releases() -> None:
    _nothing_is_recovered(MANY)


def _nothing_is_recovered(seeds: range) -> None:
    wrong, undecided = [], []
    for seed in seeds:
        try:
            cells, rule, hidden, found = attacked(seed)
        except UndecidedError:
            undecided.append(seed)
            continue
        wrong += [f"{seed}: {line}" for line in found]
        verdict = audit(cells, hidden, rule)
        wrong += [f"{seed}: auditor: {f}" for f in verdict.findings if f.verdict is Verdict.FAIL]
    assert not wrong
    assert not undecided
