"""Growth percentiles against R's quantreg and Python's libraries: same students, same answer.

Ours is the whole of it: norm groups of one and two priors in two subjects and five grades, knots, one hundred
quantile regressions each, every student placed, tables written. A peer fits single quantiles of one of those
groups (grade 4 to 8 in turn would only repeat it), as the SGP package of R does it: all students, one
quantile after the other with quantreg's "br". Its time for all is that of a quantile times one hundred, of
one and of two priors, times ten groups; placing the students is left out. Each side is a fresh process; a
peer's clock starts when its columns are in memory. A smaller loss
than ours is an error, and a larger one is told.

    python benchmarks/percentiles.py [--students 100000 1000000] [--folder DIR] [--all]

R takes part where Rscript and quantreg are installed. --all also times the slow peers at 10^6.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np

GRADES, SUBJECTS = range(4, 9), ("ela", "mathematics")
N_QUANTILES = 100
MEMORY_LIMIT = "600MB"
# a quantile in the middle is the usual case; those at the ends are faster
TIMED_QUANTILES = (0.305, 0.505, 0.705)

# A scale of whole points, as states have it: spring of three years for each student, in two subjects.
SCORES = """
insert into frames.scored_result by name
with students as (
    select
        range as student,
        4 + hash(range) % 5 as grade,
        (random() + random() + random() + random() - 2) * 1.73 as ability
    from range({students})
),
years as (
    select unnest([2023, 2024, 2025]) as school_year
),
subjects as (
    select unnest(['ela', 'mathematics']) as academic_subject
)
select
    's' || student as student_id,
    'STATE' as assessment_id,
    academic_subject,
    school_year,
    'spring' as term,
    grade + school_year - 2025 as grade_level,
    make_date(school_year, 5, 1) as administration_date,
    false as is_date_assumed,
    round(
        480 + 25 * (grade + school_year - 2025) + 40 * ability
        + 20 * (random() + random() + random() + random() - 2) * 1.73
    ) as scale_score
from students, years, subjects
"""
HISTORY = """
insert into frames.growth_history by name
select
    student_id, assessment_id, academic_subject, 2025 as school_year, 'spring_to_spring' as growth_window,
    2025 - school_year as prior_number, academic_subject as prior_subject, school_year as prior_school_year,
    'spring' as prior_term, grade_level as prior_grade_level, scale_score as prior_scale_score
from frames.scored_result
where school_year < 2025
"""


def make_students(folder: Path, students: int) -> Path:
    """A database file with the frames that growth percentiles read."""
    from expectations.growth_outputs import GROWTH_ESTIMATES, GROWTH_FRAMES
    from transforms.warehouse import create_table, open_database

    path = folder / f"students_{students}.duckdb"
    if not path.exists():
        connection = open_database(path)
        for table in (*GROWTH_FRAMES, *GROWTH_ESTIMATES):
            create_table(connection, table)
        connection.execute("select setseed(0.5)")
        connection.execute(SCORES.format(students=students))
        connection.execute(HISTORY)
        connection.close()
    return path


def one_group(path: Path, n_priors: int) -> tuple[np.ndarray, np.ndarray]:
    """Spline terms (n, 1 + 7k) and scores (n) of all students of one norm group."""
    from transforms.growth.splines import design_matrix, knots_of
    from transforms.warehouse import open_database

    connection = open_database(path, is_read_only=True)
    found = connection.execute(
        "select first.scale_score as prior_1, second.scale_score as prior_2, now.scale_score as score"
        " from frames.scored_result as now"
        " inner join frames.scored_result as first using (student_id, academic_subject)"
        " inner join frames.scored_result as second using (student_id, academic_subject)"
        " where now.school_year = 2025 and first.school_year = 2024 and second.school_year = 2023"
        " and academic_subject = 'ela' and now.grade_level = 6"
    ).fetchnumpy()
    priors = np.column_stack([found["prior_1"], found["prior_2"]])[:, :n_priors]
    return design_matrix(priors, [knots_of(column) for column in priors.T]), found["score"]


def pdeval_percentiles(path: Path) -> dict[str, object]:
    """Every norm group fitted, every student placed."""
    from transforms.growth.student_percentiles import compute_growth_percentiles
    from transforms.warehouse import open_database

    copy = path.with_suffix(".run.duckdb")
    shutil.copy(path, copy)
    begin = time.perf_counter()
    connection = open_database(copy, memory_limit=MEMORY_LIMIT, scratch=path.parent)
    norms = compute_growth_percentiles(connection, minimum_norm_group=500, baseline_years=(), stored=None)
    seconds = time.perf_counter() - begin
    ((placed,),) = connection.execute("select count(*) from estimates.growth_percentile").fetchall()
    connection.close()
    copy.unlink()
    return {"seconds": seconds, "groups": len(norms.cohort_norms), "placed": placed}


def _fitted(path: Path, fit: Callable[[np.ndarray, np.ndarray, float], np.ndarray]) -> dict[str, object]:
    """Seconds and loss of each quantile, of one prior and of two."""
    runs = {}
    for n_priors in (1, 2):
        design, scores = one_group(path, n_priors)
        seconds, losses = [], []
        for quantile in TIMED_QUANTILES:
            begin = time.perf_counter()
            coefficients = fit(design, scores, quantile)
            seconds.append(time.perf_counter() - begin)
            losses.append(_loss(design, scores, coefficients, quantile))
        runs[str(n_priors)] = {"seconds": seconds, "losses": losses}
    return runs


def _loss(design: np.ndarray, scores: np.ndarray, coefficients: np.ndarray, quantile: float) -> float:
    residuals = scores - design @ coefficients
    return float(np.where(residuals > 0, quantile * residuals, (quantile - 1) * residuals).sum())


def own_quantiles(path: Path) -> dict[str, object]:
    """The losses that peers have to meet."""
    from transforms.growth.quantile_process import quantile_process

    def fit(design: np.ndarray, scores: np.ndarray, quantile: float) -> np.ndarray:
        rows, counts = np.unique(np.column_stack([design, scores]), axis=0, return_counts=True)
        return quantile_process(rows[:, :-1], rows[:, -1], counts.astype(float), [quantile])[:, 0]

    return _fitted(path, fit)


def pyfixest_quantiles(path: Path) -> dict[str, object]:
    """pyfixest quantreg, Frisch-Newton with preprocessing."""
    import pandas as pd
    import pyfixest

    def fit(design: np.ndarray, scores: np.ndarray, quantile: float) -> np.ndarray:
        names = [f"x{i}" for i in range(1, design.shape[1])]
        frame = pd.DataFrame(design[:, 1:], columns=names).assign(y=scores)
        found = pyfixest.quantreg(f"y ~ {' + '.join(names)}", frame, quantile=quantile, method="pfn", seed=1)
        return found.coef().to_numpy()

    return _fitted(path, fit)


def scipy_quantiles(path: Path) -> dict[str, object]:
    """scipy's HiGHS on the dual programme of all students."""
    from scipy.optimize import linprog

    def fit(design: np.ndarray, scores: np.ndarray, quantile: float) -> np.ndarray:
        target = (1 - quantile) * design.sum(axis=0)
        found = linprog(-scores, A_eq=design.T, b_eq=target, bounds=(0, 1), method="highs")
        return -found.eqlin.marginals

    return _fitted(path, fit)


def statsmodels_quantiles(path: Path) -> dict[str, object]:
    """statsmodels QuantReg: iteratively reweighted least squares."""
    import statsmodels.api as sm

    return _fitted(path, lambda design, scores, quantile: sm.QuantReg(scores, design).fit(q=quantile).params)


QUANTREG = """
suppressMessages(library(quantreg))
arguments <- commandArgs(trailingOnly = TRUE)
n <- as.integer(arguments[2])
p <- as.integer(arguments[3])
input <- file(arguments[1], "rb")
X <- matrix(readBin(input, "double", n * p), nrow = n)
y <- readBin(input, "double", n)
for (tau in as.numeric(strsplit(arguments[4], ",")[[1]])) {
  begin <- proc.time()[["elapsed"]]
  fit <- suppressWarnings(rq.fit.br(X, y, tau = tau))
  cat(proc.time()[["elapsed"]] - begin, fit$coefficients, "\\n")
}
"""


def r_quantiles(path: Path) -> dict[str, object]:
    """quantreg's Barrodale-Roberts, as R's SGP calls it."""
    runs = {}
    for n_priors in (1, 2):
        design, scores = one_group(path, n_priors)
        with tempfile.NamedTemporaryFile(dir=path.parent) as data:
            data.write(np.asfortranarray(design).tobytes(order="F") + scores.astype(float).tobytes())
            data.flush()
            taus = ",".join(map(str, TIMED_QUANTILES))
            n, p = design.shape
            command = ["Rscript", "-e", QUANTREG, data.name, str(n), str(p), taus]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        lines = [[float(x) for x in line.split()] for line in done.stdout.strip().splitlines()]
        losses = [
            _loss(design, scores, np.array(line[1:]), quantile)
            for line, quantile in zip(lines, TIMED_QUANTILES, strict=True)
        ]
        runs[str(n_priors)] = {"seconds": [line[0] for line in lines], "losses": losses}
    return runs


SIDES: dict[str, Callable[[Path], dict[str, object]]] = {
    "pdeval": pdeval_percentiles,
    "own quantiles": own_quantiles,
    "R quantreg br, as R's SGP": r_quantiles,
    "pyfixest quantreg pfn": pyfixest_quantiles,
    "scipy linprog HiGHS": scipy_quantiles,
    "statsmodels QuantReg": statsmodels_quantiles,
}
# Peers that need minutes for a quantile of 200,000 students.
SLOW = ("scipy linprog HiGHS", "statsmodels QuantReg")
# What an exact solver may differ by; IRLS stops short of it and is told as it is.
EXACT = 1e-7


def _in_process(side: str, path: Path) -> dict:
    command = [sys.executable, __file__, "--side", side, "--path", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{side}: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _run_side(side: str, path: Path) -> None:
    run = SIDES[side](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**run, "peak_mb": peak}))


def _compare(path: Path, students: int, peers: list[str]) -> None:
    own = _in_process("pdeval", path)
    wanted = _in_process("own quantiles", path)
    print(
        f"{students:>9,} students x 2 subjects x 5 grades   pdeval {own['seconds']:9.1f} s"
        f" {own['peak_mb']:6.0f} MB   {own['groups']} norm groups x {N_QUANTILES} quantiles,"
        f" {own['placed']:,} percentiles"
    )
    for peer in peers:
        run = _in_process(peer, path)
        one, two = (float(np.mean(run[n]["seconds"])) for n in ("1", "2"))
        total = (one + two) * N_QUANTILES * len(GRADES) * len(SUBJECTS)
        excess = max(
            theirs / ours - 1
            for n in ("1", "2")
            for theirs, ours in zip(run[n]["losses"], wanted[n]["losses"], strict=True)
        )
        if (
            min(
                t / o - 1
                for n in ("1", "2")
                for t, o in zip(run[n]["losses"], wanted[n]["losses"], strict=True)
            )
            < -EXACT
        ):
            raise SystemExit(f"{peer} found a smaller loss than ours: ours is not the optimum")
        exactness = "same loss" if excess < EXACT else f"loss {excess:.1e} above the least"
        print(
            f"{'':11s}{peer:28s} {one:7.2f} s and {two:7.2f} s a quantile   {total:10.0f} s for all"
            f"   peer/ours {total / own['seconds']:7.1f}   {exactness}"
        )


def _has_quantreg() -> bool:
    command = ["Rscript", "-e", "library(quantreg)"]
    return (
        shutil.which("Rscript") is not None
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )


def main() -> None:
    """Make the students once for each size, then run each side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=[10**5, 10**6])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--side", choices=tuple(SIDES))
    parser.add_argument("--path", type=Path)
    options = parser.parse_args()
    if options.side:
        _run_side(options.side, options.path)
        return
    folder = options.folder or Path(tempfile.mkdtemp(prefix="pdeval-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    has_quantreg = _has_quantreg()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" DuckDB {version('duckdb')}, highspy {version('highspy')}, scipy {version('scipy')},"
        f" pyfixest {version('pyfixest')}, statsmodels {version('statsmodels')},"
        f" {'quantreg of R' if has_quantreg else 'no R quantreg'}; memory_limit {MEMORY_LIMIT}"
    )
    for students in options.students:
        path = make_students(folder, students)
        peers = [
            peer
            for peer in list(SIDES)[2:]
            if (has_quantreg or not peer.startswith("R "))
            and (students <= 10**5 or options.all or peer not in SLOW)
        ]
        _compare(path, students, peers)


if __name__ == "__main__":
    main()
