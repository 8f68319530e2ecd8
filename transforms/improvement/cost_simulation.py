"""Cost per unit of growth when both are uncertain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

N_DRAWS = 10_000
LEVEL = 0.90
UNIT_SD = 0.01
MONEY = 1_000.0


@dataclass(frozen=True)
class CostRatio:
    """What .01 SD of growth costs and what 1,000 units of money go with, per student, with 90 % intervals.

    ``cost_low`` and ``cost_high`` are of the cost per student. ``cost_per_001_sd`` is None where the estimate
    is not above 0. ``ci_high`` is None where the set of costs has no finite upper end, ``ci_low`` as well
    where growth is below 0 in nearly all draws. ``sd_per_1000`` and its interval are always finite.
    """

    probability_positive: float
    cost_low: float
    cost_high: float
    cost_per_001_sd: float | None
    ci_low: float | None
    ci_high: float | None
    sd_per_1000: float
    sd_low: float
    sd_high: float

    @property
    def is_bounded(self) -> bool:
        """Whether the cost of .01 SD is known to be finite."""
        return self.ci_high is not None


def simulate_cost_ratio(
    cost: float,
    uncertainty: float,
    effect: float,
    std_error: float,
    df: float | None,
    *,
    seed: int,
    n_draws: int = N_DRAWS,
) -> CostRatio:
    """Cost per student over growth per student, by simulation of both.

    Arguments: ``cost`` currency units per student (above 0) times a triangular factor from 1 -
    ``uncertainty`` over 1 to 1 + ``uncertainty``; ``effect`` SD, as effect + std_error × t with ``df``
    degrees of freedom (None: normal), independent of the cost. Draws are a Latin hypercube (McKay, Beckman
    and Conover 1979), so that margins are exact to 1 / n_draws.

    The interval is that of growth per money (equal tails), turned over. Where that holds 0, the costs
    compatible with it are the one-sided set "at least 1 / its upper end", as Fieller's (1954) theorem has
    it for a ratio of two means: a mean of draws of the ratio does not exist. ValueError for a cost that is
    not above 0.
    """
    import numpy as np

    if not cost > 0:
        raise ValueError(f"a cost per student of {cost} cannot be compared with growth")
    rng = np.random.default_rng(seed)
    costs = cost * _triangular(_stratified(rng, n_draws), uncertainty)
    effects = effect + std_error * _t_quantile(_stratified(rng, n_draws), df)
    tails = (50 * (1 - LEVEL), 50 * (1 + LEVEL))
    low, high = (float(end) for end in np.percentile(MONEY * effects / costs, tails))
    cost_low, cost_high = (float(end) for end in np.percentile(costs, tails))
    return CostRatio(
        probability_positive=float(np.mean(effects > 0)),
        cost_low=cost_low,
        cost_high=cost_high,
        cost_per_001_sd=cost * UNIT_SD / effect if effect > 0 else None,
        ci_low=_turned_over(high),
        ci_high=_turned_over(low),
        sd_per_1000=MONEY * effect / cost,
        sd_low=low,
        sd_high=high,
    )


def _turned_over(sd_per_1000: float) -> float | None:
    """Cost of .01 SD at this much growth per 1,000; None where it has none."""
    return UNIT_SD * MONEY / sd_per_1000 if sd_per_1000 > 0 else None


def _stratified(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """One uniform draw from each of n equal slices of (0, 1), in random order."""
    return (rng.permutation(n) + rng.random(n)) / n


def _triangular(u: NDArray[np.float64], half_range: float) -> NDArray[np.float64]:
    """Quantiles of the symmetric triangular distribution around 1."""
    import numpy as np

    return 1 + half_range * np.where(u < 0.5, np.sqrt(2 * u) - 1, 1 - np.sqrt(2 * (1 - u)))


def _t_quantile(u: NDArray[np.float64], df: float | None) -> NDArray[np.float64]:
    from scipy.special import ndtri, stdtrit

    return ndtri(u) if df is None else stdtrit(df, u)
