"""Pages of schools by their number: from rows in memory to files on disk, all pictures drawn.

Made-up schools of three levels with everything that a page can show: 11 kinds of PD, growth in 2 subjects
and 6 years, 4 drivers, 3 priorities, 6 practices, 40 indicators in 2 years; four pictures a page, each wide
and narrow. A run is a fresh process; its clock starts when the rows are in memory and the renderer is
imported, and stops when the last page is written. With ``--processors 1`` no worker draws.

    python benchmarks/report.py [--schools 1 50 200] [--processors N]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

YEAR = 2025
LEVELS = ("elementary", "middle", "high")
TYPES = (
    "coaching", "collaborative_planning", "conference", "curriculum_based", "feedback_cycle",
    "leadership_development", "mentoring_induction", "micro_credential", "online_course", "workshop_series",
    "workshop_single",
)  # fmt: skip
DRIVERS = ("trust", "leadership", "capacity_building", "collaboration")


def made_up_rows(n_schools: int) -> dict[str, list[object]]:
    """Rows of every table by its field of ``Schools``, drawn with a fixed seed."""
    from transforms.reporting import school_page_rows as rows
    from transforms.reporting.connected_rows import CheckRow, RatingRow, StepRow
    from transforms.reporting.indicator_rows import IndicatorRow
    from transforms.reporting.leadership_rows import SuccessorRow
    from transforms.reporting.learning_rows import SchoolAdoptionRow, ScoreRow

    draw = random.Random(7)
    found: dict[str, list[object]] = {}

    def add(field: str, row: object) -> None:
        found.setdefault(field, []).append(row)

    for number in range(n_schools):
        school, name, level = f"{number:04d}", f"School {number:04d}", LEVELS[number % 3]
        add("names", rows.SchoolName(school, name, level))
        for pd_type in TYPES:
            share = draw.random()
            add(
                "reach",
                rows.SchoolReachRow(
                    school, pd_type, share, draw.random(), n_schools, 0.2, 0.4, 0.4, 0.6, 9.0, False
                ),
            )
            add("adoption", SchoolAdoptionRow(pd_type, school, name, 2021, False, False))
        for subject in ("ela", "mathematics"):
            add("spread", rows.SchoolSpreadRow(school, subject, 300, 10.0, 25.0, 50.0, 75.0, 90.0, False))
            for year in range(YEAR - 5, YEAR + 1):
                median = draw.uniform(35, 65)
                add(
                    "growth",
                    rows.SchoolGrowthRow(
                        school,
                        subject,
                        year,
                        300,
                        median,
                        median - 5,
                        median + 5,
                        draw.gauss(0, 0.1),
                        0.04,
                        False,
                    ),
                )
        for year in (YEAR, YEAR - 1):
            add(
                "balance",
                rows.SchoolBalanceRow(
                    school,
                    year,
                    20,
                    draw.uniform(10, 30),
                    0.4,
                    0.45,
                    0.5,
                    0.48,
                    0.03,
                    "on the line",
                    0.3,
                    0.35,
                    None,
                    None,
                    False,
                    None,
                    None,
                    False,
                ),
            )
            add("costs", rows.SchoolCostRow(school, year, 30_000.0, draw.uniform(900, 1_600), "$", False))
            for driver in DRIVERS:
                mean = draw.uniform(2.5, 4.5)
                add(
                    "drivers",
                    ScoreRow(
                        driver,
                        school,
                        name,
                        year,
                        "teacher",
                        mean,
                        mean - 0.4,
                        mean + 0.4,
                        14,
                        1,
                        None,
                        False,
                    ),
                )
            for place in range(40):
                add(
                    "indicators",
                    IndicatorRow(
                        f"indicator_{place}",
                        f"Indicator {place}",
                        "share",
                        school,
                        name,
                        year,
                        "all",
                        draw.random(),
                        1.0,
                        2.0,
                        None,
                        None,
                        0.5,
                        "described",
                        20,
                        None,
                        False,
                    ),
                )
        for place in range(3):
            add(
                "needs",
                rows.NeedRow(
                    school,
                    f"P{place}",
                    f"Priority {place} of the district",
                    "visit",
                    draw.uniform(2, 5),
                    draw.uniform(1, 4),
                    1.0,
                    3.0,
                    4.0,
                    "high need, few hours",
                    False,
                ),
            )
            add(
                "steps",
                StepRow(school, name, place, "fell", None, "Find out what changed.", "the rating fell"),
            )
        for place in range(6):
            practice = f"Practice {place}"
            add("ratings", RatingRow(school, name, practice, 3.0, 60, 3.0, 2.0, 3.0, 2.0))
            add(
                "checks",
                CheckRow(
                    school, name, practice, "i", "Hours", "hours", 3.0, 9.0, 4.0, 8.0, "in_line", "rated 3"
                ),
            )
        add("successors", SuccessorRow(school, name, level, YEAR, True, number % 4 > 0))
    return found


def run(n_schools: int) -> dict[str, object]:
    """Make the pages of ``n_schools`` schools and write them."""
    import altair  # noqa: F401 - imported before the clock starts
    import vl_convert  # noqa: F401

    from transforms.reporting import site
    from transforms.reporting.branding import Branding
    from transforms.reporting.rows import Build
    from transforms.reporting.school_page import pages_from
    from transforms.reporting.school_page_rows import Schools, by_school

    build = Build("benchmark", "A made-up district", YEAR, datetime(2025, 7, 1), "0", "0", "", "{}")
    made = made_up_rows(n_schools)
    names = tuple(made.pop("names"))
    none = by_school([])
    schools = Schools(
        report=SimpleNamespace(build=build),
        names=names,
        growth_test=("STATE", "spring_to_spring"),
        rules={},
        entities=frozenset(),
        gaps=none,
        scales=none,
        **{field: by_school(rows) for field, rows in made.items()},
    )  # type: ignore[arg-type]
    chrome = {"menu": [], "branding": Branding(name="A made-up district"), "colophon": ""}
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        pages = pages_from(schools)
        drawn = time.perf_counter()
        for path, page in pages.items():
            site._write(Path(folder) / path, site._section_page(page, path, chrome))
        seconds = time.perf_counter() - started
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": seconds,
        "values": drawn - started,
        "processor_seconds": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
        "megabytes": (own.ru_maxrss + children.ru_maxrss) / 1024,
    }


def measured(n_schools: int, processors: int) -> dict[str, float]:
    """One run in a fresh process that may use so many processors."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, __file__, "--run", str(n_schools), "--processors", str(processors)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print seconds and pages a second by number of schools."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parser.add_argument("--schools", type=int, nargs="+", default=[1, 50, 200])
    parser.add_argument("--processors", type=int, default=available)
    parser.add_argument("--run", type=int)
    options = parser.parse_args()
    if options.run:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.processors])
        print(json.dumps(run(options.run)))
        return
    print(
        f"{platform.machine()}, {options.processors} of {os.cpu_count()} processors, load"
        f" {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, vl-convert"
        f" {version('vl-convert-python')}, Altair {version('altair')}"
    )
    for n_schools in options.schools:
        found = measured(n_schools, options.processors)
        print(
            f"{n_schools:6,} schools {found['seconds']:7.1f} s {n_schools / found['seconds']:7.1f} pages a"
            f" second (values {found['values']:.1f} s)   processor {found['processor_seconds']:6.1f} s"
            f"   peak memory {found['megabytes']:5.0f} MB"
        )


if __name__ == "__main__":
    main()
