"""Ingest + build + validate against DuckDB's own CREATE TABLE AS read_csv of the same bytes.

Both sides run in turn as fresh processes, a warm-up first; medians and the ratio of each pair are
printed with the machine and versions. The peer only reads: no types, keys, references, pseudonyms,
frames or checks, so the ratio says what those cost.

    python benchmarks/ingest.py [--students 100000] [--years 6] [--runs 3] [--folder DIR]
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
from importlib.metadata import version
from pathlib import Path

TEXT_FILES = ("*.csv", "*.tsv", "*.txt", "*.csv.gz")


def run_pdeval(study: Path) -> dict[str, float]:
    """One cold run: landing, staging, core, frames and the gate, without Prefect and without a report."""
    from expectations.gate import run_gate
    from flows.build import build_candidate
    from flows.folders import Warehouse, prepare_folders
    from flows.ingest import ingest_sources
    from flows.settings import load_settings
    from flows.validate import gate_rules

    settings = load_settings(study)
    shutil.rmtree(settings.warehouse_folder, ignore_errors=True)
    warehouse = Warehouse(settings.warehouse_folder)
    prepare_folders(warehouse)
    seconds, begin = {}, time.perf_counter()
    intake = ingest_sources(settings, warehouse, _silent)
    seconds["ingest"] = time.perf_counter() - begin
    candidate = build_candidate(settings, warehouse, intake, "benchmark", b"benchmark" * 4, _silent)
    seconds["build"] = time.perf_counter() - begin - seconds["ingest"]
    outcome = run_gate(candidate.path, gate_rules(settings), warehouse.scratch)
    if outcome.is_blocked:
        raise RuntimeError(f"the gate blocked the simulated district: {outcome.blocking}")
    seconds["total"] = time.perf_counter() - begin
    seconds["validate"] = seconds["total"] - seconds["build"] - seconds["ingest"]
    seconds["rows"] = sum(file.rows_read for file in candidate.loaded)
    return seconds


def run_duckdb(study: Path) -> dict[str, float]:
    """Each text file of the study into one table of a new database file, by read_csv."""
    import duckdb

    database = study / "peer.duckdb"
    database.unlink(missing_ok=True)
    begin = time.perf_counter()
    connection = duckdb.connect(str(database))
    connection.execute("set enable_progress_bar = false; set memory_limit = '1500MB'")
    for number, path in enumerate(_text_files(study)):
        # without ignore_errors it stops at the first broken record of the simulated district
        sql = f"create table t{number} as select * from read_csv(?, ignore_errors = true)"
        connection.execute(sql, [str(path)])
    connection.close()
    seconds = {"total": time.perf_counter() - begin}
    database.unlink()
    return seconds


def _text_files(study: Path) -> list[Path]:
    return sorted(path for pattern in TEXT_FILES for path in (study / "exports").rglob(pattern))


def _silent(*_: object) -> None:
    return None


def _in_process(side: str, study: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--side", side, "--folder", str(study)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _run_side(side: str, study: Path) -> None:
    seconds = {"pdeval": run_pdeval, "duckdb": run_duckdb}[side](study)
    seconds["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(seconds))


def _simulate(folder: Path, students: int, years: int) -> None:
    from transforms.simulate import DistrictPlan, simulate_district

    if not (folder / "study.toml").exists():
        simulate_district(DistrictPlan(n_students=students, n_years=years), folder)


def main() -> None:
    """Simulate once, then run both sides in pairs and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--side", choices=("pdeval", "duckdb"))
    options = parser.parse_args()
    if options.side:
        _run_side(options.side, options.folder)
        return
    folder = options.folder or Path(tempfile.mkdtemp(prefix="pdeval-bench-"))
    _simulate(folder, options.students, options.years)
    size = sum(path.stat().st_size for path in _text_files(folder)) / 1e6
    ours, peers = [], []
    for number in range(options.runs + 1):
        pair = _in_process("pdeval", folder), _in_process("duckdb", folder)
        if number:
            ours.append(pair[0])
            peers.append(pair[1])
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}, Python {platform.python_version()}, DuckDB {version('duckdb')}")
    district = f"{options.students} students x {options.years} years"
    print(f"{district}: {size:.0f} MB of text, {ours[0]['rows']:.0f} rows;")
    print("the peer reads the text files only, pdeval the Parquet and JSON Lines files too")
    for stage in ("ingest", "build", "validate", "total"):
        print(f"  pdeval {stage:9s} {statistics.median(run[stage] for run in ours):7.2f} s")
    print(f"  DuckDB read_csv  {statistics.median(run['total'] for run in peers):7.2f} s")
    ratios = [own["total"] / peer["total"] for own, peer in zip(ours, peers, strict=True)]
    print(f"  ratio of totals  {statistics.median(ratios):7.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"  rows per second  {statistics.median(run['rows'] / run['total'] for run in ours):7.0f}")
    for name, runs in (("pdeval", ours), ("DuckDB", peers)):
        print(f"  peak memory {name} {max(run['peak_mb'] for run in runs):6.0f} MB")


if __name__ == "__main__":
    main()
