"""The calibration of designs that compare teachers: any function from a panel to an estimate.

As in ``calibration``, a planted effect is added to the rows that took part; a comparison in which they
weigh 1 in sum, and those who did not -1, is moved by just that much. One PD type is looked at in a draw,
in turn, and all are pooled: the row tells of the design, not of a type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from transforms.designs.calibration_rows import N_DRAWS, Draws, Record, calibration_rows, not_calibrated
from transforms.designs.panel import (
    BoolArray,
    DesignEstimate,
    DesignRefusedError,
    FloatArray,
    IntArray,
    TeacherPanel,
)
from transforms.designs.permutation import EXCHANGED, OFFERS_EXCHANGED, exchange_of_rows, exchanged_within

_THREADS = 2
_Case = TypeVar("_Case")

PanelDesign = Callable[[TeacherPanel, int], DesignEstimate]


@dataclass(frozen=True, eq=False)
class Offers:
    """A lottery: who was ``assigned`` a place among those entered (n), by ``stratum`` (n)."""

    assigned: BoolArray
    stratum: IntArray


def calibrate_panel(
    panel: TeacherPanel,
    design: str,
    contrast: str,
    estimate: PanelDesign,
    n_draws: int = N_DRAWS,
    seed: int = 1,
) -> list[Record]:
    """Rows of estimates.calibration of a design on a panel, for the types that it does not refuse.

    A draw exchanges the hours of all types between teachers of the same school. What the design itself
    found for the type looked at is first taken out of the growth of those who took part. A draw that the
    design refuses gives no number.
    """
    keys = {"design": design, "academic_subject": panel.academic_subject, "contrast": contrast}
    cleaned = _cleaned(panel, estimate)
    if not cleaned:
        return not_calibrated(keys, "no PD type has a number")
    exchange, generator = exchange_of_rows(panel), np.random.default_rng(seed)
    cases = []
    for draw in range(n_draws):
        at, of_type = cleaned[draw % len(cleaned)]
        cases.append((replace(of_type, hours=panel.hours[exchange.drawn(generator)]), at))
    return calibration_rows(
        keys, (), _draws(lambda case: estimate(*case), cases), f"{EXCHANGED}; seed {seed}"
    )


def calibrate_lottery(
    keys: Mapping[str, str],
    offers: Sequence[Offers],
    estimate: Callable[[int, BoolArray], DesignEstimate],
    n_draws: int = N_DRAWS,
    seed: int = 1,
) -> list[Record]:
    """Rows of estimates.calibration of lotteries, pooled: places are drawn again within each stratum.

    ``keys`` are design, academic_subject and contrast. ``estimate`` takes the position of a lottery and who
    is assigned (n), and gives the intent to treat on growth less what was published for the offer.
    """
    if not offers:
        return not_calibrated(keys, "no lottery has a number")
    generator = np.random.default_rng(seed)
    cases = []
    for draw in range(n_draws):
        at = draw % len(offers)
        places = exchanged_within(offers[at].stratum, generator)
        cases.append((at, offers[at].assigned[places]))
    return calibration_rows(
        keys, (), _draws(lambda case: estimate(*case), cases), f"{OFFERS_EXCHANGED}; seed {seed}"
    )


def _cleaned(panel: TeacherPanel, estimate: PanelDesign) -> list[tuple[int, TeacherPanel]]:
    """Positions of the types with a number, each with the panel less the effect found for it."""
    found = []
    for at in range(len(panel.types)):
        try:
            effect = estimate(panel, at)
        except DesignRefusedError:
            continue
        growth = panel.growth_sd - effect.estimate_sd * effect.treated
        found.append((at, replace(panel, growth_sd=growth)))
    return found


def _draws(estimate: Callable[[_Case], DesignEstimate], cases: Iterable[_Case]) -> Draws:
    def found(case: _Case) -> FloatArray:
        try:
            numbers = estimate(case)
        except DesignRefusedError:
            return np.full((3, 1), np.nan)
        return np.array([[numbers.estimate_sd], [numbers.std_error], [numbers.df]])

    with ThreadPoolExecutor(_THREADS) as threads:
        return Draws.of(list(threads.map(found, cases)))
