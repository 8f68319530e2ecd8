"""The whole design stage against pyfixest on the same rows: two subjects, eight PD types, all designs,
subgroups.

Ours is everything that ``estimate_designs`` does: five designs, both contrasts, subgroups, dose, placebo,
specifications, sensitivity, calibration. The peer fits one of these many models, ``within_teacher`` of one
subject and contrast, from rows that are in its memory already; its estimates must be ours to a hundredth of
a standard error. Each side is a fresh process.

    python benchmarks/designs.py [--students 100000] [--years 6] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

MEMORY_LIMIT = "1500MB"
TYPES = (
    "coaching", "collaborative_planning", "conference", "curriculum_based", "feedback_cycle",
    "mentoring_induction", "online_course", "workshop_series",
)  # fmt: skip
PER_TEACHER, TEACHERS_PER_SCHOOL, FIRST_YEAR = 25, 33, 2020

# Students stay in their school, classes are drawn anew each year; coaching has an effect of .1 per 10 hours.
FRAMES = """
create schema frames;
create schema core;
create table core.school as select 's' || range as school_id, case range % 3 when 0 then 'elementary'
    when 1 then 'middle' else 'high' end as school_level from range({schools});
create table teachers as select range as teacher, 't' || range as staff_id, 's' || (range //
    {per_school}) as school_id, (random() + random() + random() - 1.5) * .3 as quality, (hash(range) %
    20)::int as first_experience from range({teachers});
create table hours as select teacher, subject, school_year, pd_type, case when random() < .25 then
    round(2 + 18 * random(), 1) else 0 end as hours from teachers, (select unnest(['mathematics',
    'ela']) as subject), (select unnest(range({first}, {first} + {years})) as school_year), (select
    unnest({types}) as pd_type);
create table frames.teacher_year as select staff_id, school_year, school_id, first_experience +
    school_year - {first} as years_experience, first_experience + school_year - {first} < 3 as is_novice
    from teachers, (select unnest(range({first}, {first} + {years})) as school_year);
create table frames.teacher_year_exposure as select staff_id, subject as academic_subject,
    school_year::smallint as school_year, make_date(school_year::int - 1, 5, 1) as window_start,
    make_date(school_year::int, 5, 1) as window_end, pd_type, hours as aligned_hours, hours * .2 as
    other_hours, 0.0 as lagged_hours, 1::bigint as n_participations from hours join teachers using
    (teacher) where hours > 0;
create table effects as select teacher, subject, school_year, sum(case when pd_type = 'coaching' then
    hours * .01 else 0 end) as effect, (random() - .5) * .3 as year_effect from hours group by all;
create table students as select range as student, (range // ({students} // {schools}))::int as school,
    random() < .1 as is_swd, random() < .15 as is_english_learner, random() < .4 as
    is_economically_disadvantaged, random() < .5 as is_female, 4 + (hash(range) % 5)::int as grade from
    range({students});
create table frames.growth_analysis as with placed as ( select students.*, subject, school_year,
    least({teachers} - 1, school * {per_school} + (hash(student * 31 + school_year) %
    {per_school})::int) as teacher, (random() + random() + random() + random() - 2) * 1.73 as prior from
    students, (select unnest(['mathematics', 'ela']) as subject), (select unnest(range({first}, {first}
    + {years})) as school_year) ) select 'p' || student as student_id, staff_id, 'STATE' as
    assessment_id, subject as academic_subject, school_year::smallint as school_year, 'spring' as term,
    grade::tinyint as grade_level, school_id, 1.0::double as roster_weight, .7 * prior + quality +
    effect + year_effect + (random() + random() - 1) * 1.2 as score_sd, prior as prior_score_sd,
    40.0::double as norm_sd, avg(prior) over (partition by subject, school_year, teacher) as
    class_mean_prior_sd, avg(prior) over (partition by subject, school_year, school_id) as
    school_mean_prior_sd, is_english_learner, is_swd, is_economically_disadvantaged, null::boolean as
    is_gifted, is_female, make_date(school_year::int - 1, 5, 1) as window_start,
    make_date(school_year::int, 5, 1) as window_end, true as is_design_window from placed join teachers
    using (teacher) join effects using (teacher, subject, school_year);
create table frames.student_growth as select *, true as has_growth_window from frames.growth_analysis;
create table frames.student_teacher_link as select student_id, staff_id, academic_subject, school_year,
    school_id from frames.growth_analysis;
create table core.pd_assignment as select staff_id, 'coaching' as pd_type, hours > 0 or random() < .2 as
    assigned, 'lottery' as cohort, school_id as block, make_date({first} + 1, 8, 14) as assignment_date
    from hours join teachers using (teacher) where pd_type = 'coaching' and subject = 'mathematics' and
    school_year = {first} + 2 and teacher % 4 = 0;
"""


TOOK_PART = ", ".join(
    f"coalesce(max((aligned_hours > 0)::int) filter (pd_type = '{name}'), 0) as {name}" for name in TYPES
)
KNOWN = ", ".join(f"coalesce({name}, 0) as {name}" for name in TYPES)
PEER_ROWS = """
with exposure as (
    select staff_id, school_year, sum(other_hours) / 10 as other, {took_part}
    from frames.teacher_year_exposure where academic_subject = 'mathematics' group by all
)
select score_sd as y, prior_score_sd as p, is_swd::int as swd, is_english_learner::int as el,
    is_economically_disadvantaged::int as econ, is_female::int as female, class_mean_prior_sd as cm,
    school_mean_prior_sd as sm, staff_id, school_id, grade_level || '.' || school_year as cell,
    coalesce(other, 0) as other, {types}
from frames.growth_analysis left join exposure using (staff_id, school_year)
where academic_subject = 'mathematics'
"""


def make_frames(database: Path, students: int, years: int) -> None:
    """Write the frames of a made-up district."""
    import duckdb

    from sql import render_sql

    teachers = students // PER_TEACHER
    with duckdb.connect(str(database)) as connection:
        connection.execute("select setseed(.5)")
        connection.execute("set threads = 1")
        text = FRAMES.format(
            students=students, teachers=teachers, schools=-(-teachers // TEACHERS_PER_SCHOOL), years=years,
            per_school=TEACHERS_PER_SCHOOL, first=FIRST_YEAR, types=list(TYPES),
        )  # fmt: skip
        connection.execute(text)
        offers = render_sql("frames/pd_offer.sql")
        connection.execute(f"create table frames.pd_offer as {offers}")


def run_ours(database: Path) -> dict[str, object]:
    """The design stage; seconds, peak memory and what it found."""
    from transforms.designs.estimate import estimate_designs
    from transforms.designs.settings import DesignSettings
    from transforms.warehouse import open_database

    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        connection = open_database(database, memory_limit=MEMORY_LIMIT, scratch=Path(scratch))
        found = estimate_designs(connection, DesignSettings(), "benchmark")
        connection.close()
    seconds = time.perf_counter() - started
    effects = found["estimates.effect"]
    wanted = {
        row["pd_type"]: (row["estimate_sd"], row["std_error"])
        for row in effects
        if (row["design"], row["academic_subject"], row["contrast"], row["subgroup"])
        == ("within_teacher", "mathematics", "participated", "all")
    }
    rows = {table: len(records) for table, records in found.items()}
    return {"seconds": seconds, "rows": rows, "within": wanted}


def run_pyfixest(database: Path) -> dict[str, object]:
    """One model of the many: within_teacher, mathematics, taking part or not."""
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        frame = connection.execute(PEER_ROWS.format(took_part=TOOK_PART, types=KNOWN)).df()
    import pyfixest

    started = time.perf_counter()
    frame = frame.assign(p2=frame.p**2, p3=frame.p**3)
    covariates = "other + p + p2 + p3 + swd + el + econ + female + cm + sm"
    formula = f"y ~ {' + '.join(TYPES)} + {covariates} | staff_id + cell"
    fit = pyfixest.feols(formula, frame, vcov={"CRV1": "school_id"})
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "within": {name: float(fit.coef()[name]) for name in TYPES}}


RUNS = {"ours": run_ours, "pyfixest": run_pyfixest}


def measured(name: str, database: Path) -> dict[str, object]:
    """Run one side in a fresh process."""
    command = [sys.executable, __file__, "--run", name, "--database", str(database)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Make the frames, run both sides, print what they took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=100_000)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--run", choices=RUNS)
    parser.add_argument("--database", type=Path)
    options = parser.parse_args()
    if options.run:
        found = RUNS[options.run](options.database)
        found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        database = Path(folder) / "district.duckdb"
        make_frames(database, options.students, options.years)
        ours, peer = measured("ours", database), measured("pyfixest", database)
    for name, (estimate, std_error) in ours["within"].items():
        if abs(estimate - peer["within"][name]) > 0.01 * std_error:
            raise SystemExit(f"{name}: ours {estimate}, pyfixest {peer['within'][name]}")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" DuckDB {version('duckdb')}, pyfixest {version('pyfixest')}"
    )
    print(f"{options.students:,} students x {options.years} years, {len(TYPES)} PD types, 2 subjects")
    print(f"  design stage, all of it            {ours['seconds']:8.1f} s {ours['megabytes']:7.0f} MB")
    print(f"  pyfixest, one of its models        {peer['seconds']:8.1f} s {peer['megabytes']:7.0f} MB")
    print(f"  stage / one model                  {ours['seconds'] / peer['seconds']:8.1f}")
    print(f"  rows: {', '.join(f'{table} {n:,}' for table, n in ours['rows'].items())}")


if __name__ == "__main__":
    main()
