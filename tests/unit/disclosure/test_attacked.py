"""Random releases against an attacker of another make, and weakened engines that he must find out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.unit.disclosure.attacker import caught
from tests.unit.disclosure.random_tables import random_release
from transforms.disclosure import LinkedCells, Rule, Verdict, audit, suppress

FEW, MANY = range(120), range(200, 10_200)
WEAKENED = range(30)


@dataclass(frozen=True)
class Attacked:
    """What attacker and auditor found in one release."""

    by_attacker: tuple[str, ...]
    by_auditor: tuple[str, ...]


def attacked(cells: LinkedCells, hidden: frozenset[str], rule: Rule, excused: frozenset[str]) -> Attacked:
    lines = [line for line in caught(cells, hidden, rule) if line.split(" ")[0] not in excused]
    failed = [f for f in audit(cells, hidden, rule).findings if f.verdict is Verdict.FAIL]
    return Attacked(tuple(lines), tuple(f"{f.cell}: {f.reason}" for f in failed))


def attacked_seed(seed: int) -> Attacked:
    cells, rule = random_release(seed)
    result = suppress(cells, rule)
    return attacked(cells, result.hidden, rule, frozenset(cell.name for cell in result.unprotected))


def test_an_attacker_recovers_nothing_and_the_auditor_agrees() -> None:
    _nothing_is_recovered(FEW)


@pytest.mark.slow
def test_an_attacker_recovers_nothing_from_ten_thousand_releases() -> None:
    _nothing_is_recovered(MANY)


def _nothing_is_recovered(seeds: range) -> None:
    wrong = []
    for seed in seeds:
        result = attacked_seed(seed)
        wrong += [f"{seed}: {line}" for line in (*result.by_attacker, *result.by_auditor)]
    assert not wrong


def test_an_engine_without_complementary_suppression_is_found_out() -> None:
    found = []
    for seed in WEAKENED:
        cells, rule = random_release(seed)
        result = attacked(cells, suppress(cells, rule).primary, rule, frozenset())
        assert bool(result.by_attacker) == bool(result.by_auditor)
        found.append(bool(result.by_attacker))
    assert sum(found) > len(found) / 2


def test_an_engine_that_ignores_links_is_found_out() -> None:
    """It knows the first half of the relations only."""
    found = []
    for seed in WEAKENED:
        cells, rule = random_release(seed)
        half = LinkedCells(cells.cells, cells.relations[: len(cells.relations) // 2], cells.together)
        result = attacked(cells, suppress(half, rule).hidden, rule, frozenset())
        assert bool(result.by_attacker) == bool(result.by_auditor)
        found.append(bool(result.by_attacker))
    assert sum(found) > len(found) / 4
