"""Estimation from sums against lme4, statsmodels and pyfixest: same rows, same answer, paired runs.

Each side is a fresh process. A peer's clock starts when its rows are in memory, ours when the database
file is opened: reading, summing and fitting are all in our figure. A run whose estimates differ from
ours by more than the stated tolerance is an error, not a timing.

    python benchmarks/estimation.py [--rows 100000 1000000] [--runs 3] [--folder DIR] [--slow]

lme4 takes part where Rscript and lme4 are installed. --slow adds 10^7 rows for every peer that can
hold them, MixedLM at 10^6, and 10^8 rows from Parquet for ours alone.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

COLUMNS = [f"x{i}" for i in range(1, 13)]
TEACHERS, SCHOOLS = 40_000, 1_000
MEMORY_LIMIT = "600MB"

# Whole numbers, indicators and halves, as scores, flags and hours are.
FRAME = """
with ids as (
    select
        range as id,
        hash(range) % {teachers} as teacher,
        hash(range) % {teachers} % {schools} as school,
        floor((random() + random() + random() - 1.5) * 80 + 500) as x1
    from range({rows})
),
columns as (
    select
        id, teacher, school, x1,
        floor(x1 * 0.6 + (random() + random() - 1) * 90 + 200) as x2,
        round((x1 - 500) * (x1 - 500) / 1000, 2) as x3,
        (random() < 0.1)::double as x4, (random() < 0.15)::double as x5, (random() < 0.5)::double as x6,
        (random() < 0.05)::double as x7, (random() < 0.5)::double as x8,
        floor(random() * 60) / 2 as x9, floor(random() * random() * 80) / 2 as x10,
        floor(random() * random() * random() * 80) / 2 as x11, floor(random() * 20) / 2 as x12
    from ids
)
select
    id::integer as id, teacher::integer as teacher, school::integer as school,
    columns.* exclude (id, teacher, school),
    round(
        0.7 * x1 + 0.1 * x2 + 100 + 0.2 * x9 - 3 * x4 - 6 * x5
        + (hash(teacher + 7) % 1000) / 60 + (hash(school + 99) % 1000) / 90
        + (random() + random() + random() - 1.5) * 50
    ) as y
from columns
"""


def make_rows(folder: Path, rows: int) -> Path:
    """The frame of ``rows`` rows: a database file, beyond 10^7 rows Parquet."""
    import duckdb

    path = folder / f"rows_{rows}.{'duckdb' if rows <= 10**7 else 'parquet'}"
    if path.exists():
        return path
    teachers = min(TEACHERS, rows // 25)
    select = FRAME.format(rows=rows, teachers=teachers, schools=min(SCHOOLS, teachers // 40))
    connection = duckdb.connect(str(path) if path.suffix == ".duckdb" else ":memory:")
    connection.execute("set enable_progress_bar = false; select setseed(0.5)")
    if path.suffix == ".duckdb":
        connection.execute(f"create table frame as {select}")
    else:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"copy ({select}) to '{path}' (format parquet)")
    connection.close()
    return path


def _open(path: Path):
    import duckdb

    if path.suffix == ".duckdb":
        connection = duckdb.connect(str(path), read_only=True)
    else:
        connection = duckdb.connect()
        connection.execute(f"create view frame as from read_parquet('{path}')")
    connection.execute(f"set enable_progress_bar = false; set memory_limit = '{MEMORY_LIMIT}'")
    return connection


def _numbers(params, std_errors, **others: float) -> dict[str, object]:
    return {"params": [float(x) for x in params], "std_errors": [float(x) for x in std_errors], **others}


def pdeval_mixed(path: Path, groups: tuple[str, ...]) -> dict[str, object]:
    """REML with random intercepts, from the database file to the estimates."""
    from transforms.estimation.mixed.fit import fit_mixed
    from transforms.estimation.sums.design import ALL_ROWS, Design
    from transforms.estimation.sums.summation import cross_products

    begin = time.perf_counter()
    sums = cross_products(_open(path), "frame", Design.of_columns("y", COLUMNS, groups, cluster=ALL_ROWS))
    summed = time.perf_counter() - begin
    fit = fit_mixed(sums)
    seconds = time.perf_counter() - begin
    return _numbers(fit.params, fit.std_errors, seconds=seconds, sums=summed, llf=fit.log_likelihood)


def pdeval_ols(path: Path) -> dict[str, object]:
    """OLS with standard errors by school."""
    from transforms.estimation.linear.least_squares import fit_least_squares
    from transforms.estimation.robust.one_way import cluster_robust
    from transforms.estimation.sums.design import Design
    from transforms.estimation.sums.summation import cross_products

    begin = time.perf_counter()
    sums = cross_products(_open(path), "frame", Design.of_columns("y", COLUMNS, ["school"]))
    robust = cluster_robust(sums, fit_least_squares(sums), "CR1S")
    return _numbers(robust.params, robust.std_errors, seconds=time.perf_counter() - begin)


def pdeval_fixed_effects(path: Path) -> dict[str, object]:
    """Teacher fixed effects with standard errors by school."""
    from transforms.estimation.linear.within import fit_within
    from transforms.estimation.robust.one_way import cluster_robust
    from transforms.estimation.sums.design import Design
    from transforms.estimation.sums.summation import cross_products

    begin = time.perf_counter()
    sums = cross_products(_open(path), "frame", Design.of_columns("y", COLUMNS, ["teacher", "school"]))
    robust = cluster_robust(sums, fit_within(sums, "teacher"), "CR1S")
    return _numbers(robust.params, robust.std_errors, seconds=time.perf_counter() - begin)


def statsmodels_ols(path: Path) -> dict[str, object]:
    """statsmodels OLS with cov_type cluster."""
    import numpy as np
    import statsmodels.api as sm

    frame = _open(path).execute("select * from frame").df()
    begin = time.perf_counter()
    exog = np.column_stack([np.ones(len(frame)), frame[COLUMNS].to_numpy()])
    model = sm.OLS(frame["y"].to_numpy(), exog)
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": frame["school"].to_numpy()})
    return _numbers(fit.params, fit.bse, seconds=time.perf_counter() - begin)


def statsmodels_mixedlm(path: Path) -> dict[str, object]:
    """statsmodels MixedLM, one random intercept."""
    import numpy as np
    import statsmodels.api as sm

    frame = _open(path).execute("select * from frame").df()
    begin = time.perf_counter()
    # Columns about their means and scaled: with the raw ones its optimiser does not converge.
    x = frame[COLUMNS].to_numpy()
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    exog = np.column_stack([np.ones(len(frame)), (x - mean) / deviation])
    fit = sm.MixedLM(frame["y"].to_numpy(), exog, groups=frame["teacher"].to_numpy()).fit(reml=True)
    params = np.asarray(fit.fe_params)[1:] / deviation
    errors = np.asarray(fit.bse_fe)[1:] / deviation
    seconds = time.perf_counter() - begin
    return _numbers([np.nan, *params], [np.nan, *errors], seconds=seconds)


def pyfixest_fixed_effects(path: Path) -> dict[str, object]:
    """pyfixest feols with teacher fixed effects and CRV1 by school."""
    import pyfixest

    frame = _open(path).execute("select * from frame").df()
    begin = time.perf_counter()
    formula = f"y ~ {' + '.join(COLUMNS)} | teacher"
    fit = pyfixest.feols(formula, frame, vcov={"CRV1": "school"}, copy_data=False, store_data=False)
    return _numbers(fit.coef(), fit.se(), seconds=time.perf_counter() - begin)


LMER = """
suppressMessages(library(lme4))
arguments <- commandArgs(trailingOnly = TRUE)
n <- as.integer(arguments[2])
input <- file(arguments[1], "rb")
frame <- as.data.frame(matrix(readBin(input, "double", n * 15), nrow = n))
names(frame) <- c("teacher", "school", paste0("x", 1:12), "y")
begin <- proc.time()[["elapsed"]]
fit <- lmer(as.formula(arguments[3]), frame, REML = TRUE)
seconds <- proc.time()[["elapsed"]] - begin
cat(seconds, as.numeric(logLik(fit)), fixef(fit), sqrt(diag(as.matrix(vcov(fit)))), sep = "\\n")
cat("\\n", as.character(packageVersion("lme4")), "\\n", sep = "")
"""


def lme4_mixed(path: Path, formula: str) -> dict[str, object]:
    """lme4's lmer with its defaults on the same rows."""
    import numpy as np

    names = ", ".join(["teacher", "school", *COLUMNS, "y"])
    arrays = _open(path).execute(f"select {names} from frame").fetchnumpy()
    with tempfile.TemporaryDirectory() as folder:
        script, binary = Path(folder) / "lmer.R", Path(folder) / "frame.bin"
        script.write_text(LMER)
        with binary.open("wb") as output:
            for array in arrays.values():
                np.asarray(array, dtype=np.float64).tofile(output)
        command = ["Rscript", str(script), str(binary), str(len(array)), formula]
        done = subprocess.run(["/usr/bin/env", *command], capture_output=True, text=True, check=True)
    values = [float(line) for line in done.stdout.splitlines()[:-1] if line]
    p = (len(values) - 2) // 2
    return _numbers(values[2 : 2 + p], values[2 + p :], seconds=values[0], llf=values[1])


def pdeval_sums(path: Path) -> dict[str, object]:
    """The sums of a model by teacher and school, the fastest of three in one process."""
    from transforms.estimation.sums.design import Design
    from transforms.estimation.sums.summation import cross_products

    connection, design = _open(path), Design.of_columns("y", COLUMNS, ["teacher", "school"])
    return {"seconds": _fastest(lambda: cross_products(connection, "frame", design))}


def bare_scan(path: Path) -> dict[str, object]:
    """DuckDB's own sums of the columns and of their products, without groups, the fastest of three."""
    connection = _open(path)
    values = [*COLUMNS, "y"]
    sums = "select " + ", ".join(f"sum({x})" for x in values) + " from frame"
    pairs = [f"sum({a} * {b})" for i, a in enumerate(values) for b in values[i:]]
    products = "select " + ", ".join(pairs) + " from frame"
    return {
        "seconds": _fastest(lambda: connection.execute(sums).fetchall()),
        "products": _fastest(lambda: connection.execute(products).fetchall()),
    }


def _fastest(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


LMER_FORMULA = "y ~ " + " + ".join(COLUMNS)
SIDES: dict[str, Callable[[Path], dict[str, object]]] = {
    "pdeval mixed, three levels": lambda path: pdeval_mixed(path, ("teacher", "school")),
    "lme4 lmer, three levels": lambda path: lme4_mixed(path, LMER_FORMULA + " + (1 | school / teacher)"),
    "pdeval mixed, two levels": lambda path: pdeval_mixed(path, ("teacher",)),
    "statsmodels MixedLM, two levels": statsmodels_mixedlm,
    "pdeval OLS, clusters": pdeval_ols,
    "statsmodels OLS, clusters": statsmodels_ols,
    "pdeval fixed effects, clusters": pdeval_fixed_effects,
    "pyfixest feols, clusters": pyfixest_fixed_effects,
    "pdeval sums": pdeval_sums,
    "DuckDB, bare scan": bare_scan,
}
# ours, the peer, relative tolerance of estimates and of standard errors, largest number of rows by default.
# lme4's and MixedLM's optimisers stop early: their variances, so their standard errors, have fewer digits.
PAIRS = [
    ("pdeval mixed, three levels", "lme4 lmer, three levels", 1e-5, 1e-4, 10**6),
    ("pdeval mixed, two levels", "statsmodels MixedLM, two levels", 1e-4, 1e-3, 10**5),
    ("pdeval OLS, clusters", "statsmodels OLS, clusters", 1e-8, 1e-8, 10**6),
    ("pdeval fixed effects, clusters", "pyfixest feols, clusters", 1e-7, 1e-6, 10**7),
    ("pdeval sums", "DuckDB, bare scan", None, None, 10**8),
]
SLOW_ROWS = {"statsmodels MixedLM, two levels": 10**6, "lme4 lmer, three levels": 10**7}


def _in_process(side: str, path: Path) -> dict[str, object]:
    command = [sys.executable, __file__, "--side", side, "--path", str(path)]
    # as the command line of pdeval sets it; the peers may use every core
    threads = {"OPENBLAS_NUM_THREADS": "1"} if side.startswith("pdeval") else {}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | threads)
    if done.returncode:
        raise RuntimeError(f"{side} failed on {path.name}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _run_side(side: str, path: Path) -> None:
    found = SIDES[side](path)
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def _check_same(own: dict, peer: dict, params: float | None, errors: float | None, what: str) -> None:
    if params is None:
        return
    for key, tolerance in (("params", params), ("std_errors", errors)):
        # the within estimator has no intercept, MixedLM's is that of the centred columns
        for mine, theirs in list(zip(own[key][-12:], peer[key][-12:], strict=True)):
            scale = abs(peer["std_errors"][-12]) if key == "params" else abs(theirs)
            if abs(mine - theirs) > tolerance * max(scale, abs(theirs)):
                raise RuntimeError(f"{what}: {key} differ, {mine} and {theirs}")


def _alone(path: Path, rows: int, side: str) -> None:
    """More rows than any peer holds in memory."""
    run = _in_process(side, path)
    print(
        f"{rows:>11,} rows  {side:31s} {run['seconds']:8.2f} s {run['peak_mb']:6.0f} MB   from Parquet, once"
    )


def _compare(path: Path, rows: int, pair: tuple, runs: int) -> None:
    own_side, peer_side, params, errors, _ = pair
    own, peer = [], []
    for number in range(runs + 1):
        # the first run of ours warms the file cache; a peer of minutes needs no warm-up
        own.append(_in_process(own_side, path))
        if number:
            peer.append(_in_process(peer_side, path))
            _check_same(own[-1], peer[-1], params, errors, f"{own_side} and {peer_side}")
    own = own[1:]
    ratios = [theirs["seconds"] / ours["seconds"] for ours, theirs in zip(own, peer, strict=True)]
    print(
        f"{rows:>11,} rows  {own_side:31s} {_median(own, 'seconds'):8.2f} s {_peak(own):6.0f} MB"
        f"   {peer_side:32s} {_median(peer, 'seconds'):8.2f} s {_peak(peer):6.0f} MB"
        f"   peer/ours {statistics.median(ratios):7.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    )
    if "products" in peer[0]:
        of_sums, of_products = _median(peer, "seconds"), _median(peer, "products")
        print(
            f"{'':17s}  {_median(own, 'seconds') / of_sums:.1f} times the bare sums of the columns,"
            f" {_median(own, 'seconds') / of_products:.1f} times the bare sums of their products"
            f" ({of_products:.2f} s)"
        )


def _median(runs: list[dict], key: str) -> float:
    return statistics.median(run[key] for run in runs)


def _peak(runs: list[dict]) -> float:
    return max(run["peak_mb"] for run in runs)


def _has_lme4() -> bool:
    if shutil.which("Rscript") is None:
        return False
    return (
        subprocess.run(["Rscript", "-e", "library(lme4)"], capture_output=True, check=False).returncode == 0
    )


def main() -> None:
    """Make the rows once for each size, then run each pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10**5, 10**6, 10**7])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--side", choices=tuple(SIDES))
    parser.add_argument("--path", type=Path)
    options = parser.parse_args()
    if options.side:
        _run_side(options.side, options.path)
        return
    folder = options.folder or Path(tempfile.mkdtemp(prefix="pdeval-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    has_lme4 = _has_lme4()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" DuckDB {version('duckdb')}, statsmodels {version('statsmodels')}, pyfixest {version('pyfixest')},"
        f" {'lme4 of R' if has_lme4 else 'no lme4'}; 12 columns, memory_limit {MEMORY_LIMIT}"
    )
    for rows in [*options.rows, *([10**8] if options.slow else [])]:
        path = make_rows(folder, rows)
        for pair in PAIRS:
            limit = max(pair[4], SLOW_ROWS.get(pair[1], 0) if options.slow else 0)
            if rows <= limit and (has_lme4 or not pair[1].startswith("lme4")):
                _compare(path, rows, pair, options.runs if rows <= 10**6 else 1)
        if rows > 10**7:
            _alone(path, rows, "pdeval mixed, three levels")
            _alone(path, rows, "pdeval fixed effects, clusters")


if __name__ == "__main__":
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1" if "pdeval" in " ".join(sys.argv) else str(os.cpu_count())
    )
    main()
