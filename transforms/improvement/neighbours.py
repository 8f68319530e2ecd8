"""Whether schools take a kind of PD up sooner after their neighbours did: a hazard and shuffled networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from sql import render_sql
from transforms.improvement.adoption import SchoolYear
from transforms.warehouse import quoted

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

# Leaders at one table know what the others do; in a hall they do not.
LARGEST_GROUP = 8
MINIMUM_EVENTS = 10
PERMUTATIONS = 999
# Statistics that differ by less are ties: sums in another order round differently.
_ROUNDING = 1e-9


class TooLittleSpreadError(ValueError):
    """Why neighbours cannot be asked about, in words for the note."""


@dataclass(frozen=True)
class Tie:
    """Two schools (one direction) whose leaders met in ``school_year``; of one type where it was its PD."""

    school_id: str
    neighbour_school_id: str
    school_year: int
    pd_type: str | None = None


@dataclass(frozen=True)
class RiskYear:
    """The schools that could take the type up in one year.

    ``ties`` (n, n) are those of the year before, each row a share of its neighbours; ``adopted`` (n) 1 for
    the schools that had it then; ``at_risk`` (r) positions; ``is_event`` (r) 1 where they took it up.
    """

    ties: Any
    adopted: FloatArray
    at_risk: IntArray
    is_event: FloatArray

    @property
    def exposure(self) -> FloatArray:
        """Share of neighbours that had the type the year before (r); 0 without neighbours."""
        shares: FloatArray = (self.ties @ self.adopted)[self.at_risk]
        return shares

    @property
    def is_informative(self) -> bool:
        """Whether some schools took the type up and others did not."""
        return bool(0 < self.is_event.sum() < len(self.is_event))


@dataclass(frozen=True)
class Contagion:
    """Log odds of taking a type up for neighbours all against none that had it; None where no fit holds.

    ``p_value`` is of shuffled networks, two-sided.
    """

    log_odds: float | None
    std_error: float | None
    p_value: float
    n_at_risk: int
    n_events: int
    n_permutations: int


def fill_network(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill estimates.school_network."""
    table, query = quoted("estimates.school_network"), render_sql("improvement/school_network.sql")
    connection.execute(f"insert into {table} by name {query}", {"largest_group": LARGEST_GROUP})


def read_ties(connection: duckdb.DuckDBPyConnection) -> tuple[Tie, ...]:
    """All ties, in order."""
    rows = connection.execute(
        "select school_id, neighbour_school_id, school_year, pd_type from estimates.school_network order by"
        " all"
    ).fetchall()
    return tuple(Tie(*row) for row in rows)


def contagion(
    pd_type: str,
    rows: Sequence[SchoolYear],
    ties: Sequence[Tie],
    levels: Mapping[str, str],
    seed: int,
    n_permutations: int = PERMUTATIONS,
) -> Contagion:
    """Discrete-time hazard of taking ``pd_type`` up on the share of neighbours that had it the year before.

    Years have effects of their own (Allison 1982). Meetings of the type itself make no tie: where leaders
    join the type together their schools would follow each other by construction. The p-value compares the
    score statistic with that of networks whose schools are shuffled within ``levels`` (school levels,
    which share both meetings and types), so it does not lean on large samples or on independent ties.
    TooLittleSpreadError where there is too little to tell it from.

    An association: schools that are alike may both meet and take the same types up (Shalizi and Thomas 2011).
    """
    schools = sorted({row.school_id for row in rows})
    years = [year for year in risk_years(pd_type, rows, ties, schools) if year.is_informative]
    n_events = int(sum(year.is_event.sum() for year in years))
    n_at_risk = sum(len(year.at_risk) for year in years)
    _check(years, ties, n_events, n_at_risk)
    if not any(np.ptp(year.exposure) > 0.0 for year in years):
        raise TooLittleSpreadError("refused: all schools at risk have the same share of neighbours with it")
    strata = np.unique([levels.get(school, "") for school in schools], return_inverse=True)[1]
    rng = np.random.default_rng([seed, *pd_type.encode()])
    p_value = permutation_p(years, strata, rng, n_permutations)
    log_odds, std_error = _logit(years)
    return Contagion(log_odds, std_error, p_value, n_at_risk, n_events, n_permutations)


def _check(years: Sequence[RiskYear], ties: Sequence[Tie], n_events: int, n_at_risk: int) -> None:
    if not ties:
        raise TooLittleSpreadError("refused: no ties between schools on record")
    if n_events < MINIMUM_EVENTS or n_at_risk - n_events < MINIMUM_EVENTS:
        raise TooLittleSpreadError(
            f"refused: {n_events} times a school took it up and {n_at_risk - n_events} times one did not, in"
            f" years with both; {MINIMUM_EVENTS} of each are needed"
        )


def risk_years(
    pd_type: str, rows: Sequence[SchoolYear], ties: Sequence[Tie], schools: Sequence[str]
) -> list[RiskYear]:
    """Each year but the first with the schools that had not the type yet and were on record before."""
    from scipy.sparse import csr_array

    position = {school: index for index, school in enumerate(schools)}
    adoption = {row.school_id: row.adoption_year for row in rows}
    first: dict[str, int] = {}
    for row in rows:
        first[row.school_id] = min(row.school_year, first.get(row.school_id, row.school_year))
    found = []
    for year in sorted({row.school_year for row in rows})[1:]:
        at_risk = sorted(
            row.school_id
            for row in rows
            if row.school_year == year > first[row.school_id]
            and not (row.adoption_year is not None and row.adoption_year < year)
        )
        pairs = {
            (position[tie.school_id], position[tie.neighbour_school_id])
            for tie in ties
            if tie.school_year == year - 1
            and tie.pd_type != pd_type
            and tie.school_id in position
            and tie.neighbour_school_id in position
        }
        own, other = np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2).T
        degree = np.bincount(own, minlength=len(schools))
        shares = csr_array((1.0 / degree[own], (own, other)), shape=(len(schools), len(schools)))
        had = np.array([float((adoption[school] or year) < year) for school in schools])
        took = np.array([float(adoption[school] == year) for school in at_risk])
        found.append(RiskYear(shares, had, np.array([position[s] for s in at_risk], dtype=np.intp), took))
    return found


def permutation_p(
    years: Sequence[RiskYear], strata: IntArray, rng: np.random.Generator, n_permutations: int
) -> float:
    """Share of networks, the observed one among them, whose score lies at least as far from zero.

    Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9(1).
    """
    observed = abs(score_statistics(years, np.arange(len(strata))[:, None])[0])
    shuffled = np.abs(score_statistics(years, shuffles(rng, strata, n_permutations)))
    return (1.0 + float((shuffled >= observed - _ROUNDING).sum())) / (n_permutations + 1.0)


def shuffles(rng: np.random.Generator, strata: IntArray, n: int) -> IntArray:
    """``n`` permutations (schools, n) of positions, each within its stratum."""
    shuffled = np.tile(np.arange(len(strata))[:, None], (1, n))
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        shuffled[members] = rng.permuted(shuffled[members], axis=0)
    return shuffled


def score_statistics(years: Sequence[RiskYear], shuffled: IntArray) -> FloatArray:
    """Score statistic of no contagion over its standard error, of each shuffled network (draws).

    School i takes the place of school ``shuffled[i]`` in the network; the score is the sum of
    (y - year's mean) times exposure, as in the logit with year effects and a slope of zero.
    """
    n, draws = shuffled.shape
    score, information = np.zeros(draws), np.zeros(draws)
    for year in years:
        moved = np.zeros((n, draws))
        np.put_along_axis(moved, shuffled, np.repeat(year.adopted[:, None], draws, axis=1), axis=0)
        places = np.take_along_axis(np.asarray(year.ties @ moved), shuffled, axis=0)
        exposure = places[year.at_risk]
        exposure = exposure - exposure.mean(axis=0)
        chance = year.is_event.mean()
        score += (year.is_event - chance) @ exposure
        information += chance * (1.0 - chance) * (exposure**2).sum(axis=0)
    standard: FloatArray = np.divide(
        score, np.sqrt(information), out=np.zeros(draws), where=information > _ROUNDING
    )
    return standard


def _logit(years: Sequence[RiskYear]) -> tuple[float | None, float | None]:
    """Slope on exposure with a constant for each year, by maximum likelihood; None where it is not finite."""
    import warnings

    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationError

    response = np.concatenate([year.is_event for year in years])
    exposure = np.concatenate([year.exposure for year in years])
    code = np.repeat(np.arange(len(years)), [len(year.at_risk) for year in years])
    design = np.column_stack([exposure, np.eye(len(years))[code]])
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            fit = Logit(response, design).fit(disp=False, maxiter=100)
        except (ConvergenceWarning, PerfectSeparationError, np.linalg.LinAlgError):
            return None, None
    log_odds, std_error = float(fit.params[0]), float(fit.bse[0])
    is_finite = bool(np.isfinite(std_error)) and fit.mle_retvals["converged"]
    return (log_odds, std_error) if is_finite else (None, None)
