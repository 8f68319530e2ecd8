"""Forty combinations of sign, size, certainty and tier, and their words, kept in words_of_combinations.txt.

Where the file is missing the test writes it and fails: delete it, run the test, read what changed.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from tests.unit.reporting.effect_rows import effect_row
from transforms.reporting.rows import EffectRow
from transforms.reporting.words import read_effect

FILE = Path(__file__).with_suffix(".txt")
SIZES = {"small": 0.03, "medium": 0.10, "large": 0.30}
# half of the interval as a share of the estimate, and p once all comparisons are counted
CERTAINTIES = {"clear": (0.5, 0.01), "clear alone": (0.8, 0.20), "zero in the interval": (2.0, 0.60)}


def _row(sign: int, size: float, half: float, p_bh: float, **more: object) -> EffectRow:
    estimate = sign * size
    low, high = sorted((estimate * (1 - half), estimate * (1 + half)))
    return effect_row(estimate_sd=estimate, ci_low=low, ci_high=high, p_value_bh=p_bh, **more)


def combinations() -> dict[str, EffectRow]:
    """Each combination by its name."""
    grid = itertools.product((1, -1), SIZES.items(), CERTAINTIES.items(), (None, 2))
    found = {
        f"{'higher' if sign > 0 else 'lower'}, {size_name}, {certain}, tier {tier or 'none'}": _row(
            sign, size, half, p_bh, essa_tier=tier
        )
        for sign, (size_name, size), (certain, (half, p_bh)), tier in grid
    }
    found["too few schools"] = _row(1, 0.3, 0.5, 0.01, df=2.5, essa_tier=None)
    found["refused"] = effect_row(
        estimate_sd=None, ci_low=None, ci_high=None, note="refused: fewer than 10 teachers with hours"
    )
    found["drawn by lot, clear"] = _row(1, 0.12, 0.5, 0.01, design="lottery", contrast="offered", essa_tier=1)
    found["per 10 hours, clear"] = _row(1, 0.03, 0.5, 0.01, contrast="per_10_hours", essa_tier=3)
    return found


def words() -> str:
    """All combinations with their words."""
    parts = []
    for name, row in combinations().items():
        reading = read_effect(row)
        lines = (reading.headline, *reading.sentences, f"Evidence: {reading.tier or 'none'}.")
        parts.append("\n".join((f"[{name}]", *lines)))
    return "\n\n".join(parts) + "\n"
