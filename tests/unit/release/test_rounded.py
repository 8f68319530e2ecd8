"""Rounded counts in the files for the public: nothing beside them, and no other row, gives one back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.stats import t as student_t

from flows.report import REPORT_PARAMETERS
from tests.unit.reporting.made_up_build import EFFECT, empty_build, insert
from transforms.disclosure import LinkedCells, RoundedCounts, Verdict
from transforms.release.bands import BAND
from transforms.release.cells import Declared, remember_counts
from transforms.release.control import Judged
from transforms.release.counted import Counted, Margin, Persons
from transforms.release.counts import REPORT_COUNTS
from transforms.release.earlier import LastRelease
from transforms.release.public import COUNTED_TABLES, write_public
from transforms.release.rounded import COARSE, Rounding, round_and_judge

KEY = b"k" * 32
BASE = 5
SIZES = (11, 12, 13, 14, 16, 17, 18, 19, 21, 22, 23, 24)  # no multiple of 5
REACH = {"school_year": 2025, "pd_type": "coaching"}
GROWTH = {"academic_subject": "ela", "school_year": 2025}
WINDOW = {"assessment_id": "STATE", "growth_window": "spring_to_spring"}
SCALE = {
    "questionnaire_id": "Q",
    "questionnaire_title": "Climate",
    "construct": "trust",
    "respondent_role": "teacher",
    "may_be_shown": True,
}
# By table: the columns that name a row.
ROWS = {
    "report.pd_reach": ("school_id",),
    "report.pd_reach_district": ("pd_type",),
    "report.growth_by_school": ("school_id",),
    "report.growth_quadrant": ("school_id",),
    "report.growth_distribution": ("group_id",),
    "report.survey_school_scale": ("school_id",),
    "report.driver_score": ("school_id",),
    "estimates.effect": ("effect_id",),
}


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    """A district of twelve schools, with figures made of its persons' answers, hours and scores."""
    connection = empty_build()
    draws = np.random.default_rng(20261126)
    for school, n in enumerate(SIZES, start=1):
        _add_school(connection, draws, str(school), n)
    connection.execute(
        "insert into report.pd_reach_district by name select school_year, pd_type, 12 as n_schools,"
        " sum(n_staff) as n_staff, sum(n_teachers_reached) as n_teachers_reached, sum(hours) as hours,"
        " sum(n_teachers) as n_teachers, sum(hours) / sum(n_staff) as hours_per_participant,"
        " true as is_connected, false as is_suppressed from report.pd_reach group by all"
    )
    for i, n in enumerate(SIZES):
        insert(connection, "estimates.effect", [_effect(str(i), 10 * n + 1, draws)])
    yield connection
    connection.close()


def _add_school(
    connection: duckdb.DuckDBPyConnection, draws: np.random.Generator, school: str, n: int
) -> None:
    place = {"school_id": school, "school_name": school, "is_suppressed": False}
    n_staff = n + 12
    hours = draws.integers(8, 60, n_staff) / 4
    staff = [
        {**REACH, "school_id": school, "staff_id": f"{school} {i}", "hours": h} for i, h in enumerate(hours)
    ]
    insert(connection, "frames.teacher_year_pd", staff)
    reach = {"n_staff": n_staff, "hours": sum(hours), "hours_per_participant": sum(hours) / n_staff}
    teachers = {"n_teachers_reached": n, "n_teachers": 40, "share_of_teachers": n / 40}
    insert(connection, "report.pd_reach", [{**REACH, **place, **reach, **teachers}])
    _add_growth(connection, draws, place, n)
    _add_answers(connection, draws, place, n)


def _add_growth(
    connection: duckdb.DuckDBPyConnection, draws: np.random.Generator, place: Mapping[str, object], n: int
) -> None:
    mean = (draws.integers(300, 400, n).mean() - 350) / 50
    gain = {**GROWTH, **place, "n_students": n, "mean_growth_sd": mean}
    insert(connection, "report.growth_by_school", [gain])
    status = {"n_students": n, "mean_score_sd": mean, "std_error": (n / 0.8 + 20) ** -0.5}
    insert(connection, "report.growth_quadrant", [{**GROWTH, **WINDOW, **place, **status}])
    percentiles = draws.integers(1, 100, n)
    spread = {f"sgp_p{p}": float(np.percentile(percentiles, p)) for p in (10, 25, 50, 75, 90)}
    group = {"group_kind": "school", "group_id": place["school_id"], "group_name": place["school_name"]}
    row = {**GROWTH, **WINDOW, **group, **spread, "n_students": n, "is_suppressed": False}
    insert(connection, "report.growth_distribution", [row])


def _add_answers(
    connection: duckdb.DuckDBPyConnection, draws: np.random.Generator, place: Mapping[str, object], n: int
) -> None:
    answers = draws.integers(1, 6, n)
    mean, error = answers.mean(), answers.std(ddof=1) / n**0.5
    reach = student_t.ppf(0.975, n - 1) * error
    figures = {"ci_low": mean - reach, "ci_high": mean + reach, "school_year": 2025}
    scale = {**SCALE, **place, **figures, "mean": mean, "std_error": error, "n_responses": n}
    insert(connection, "report.survey_school_scale", [scale])
    driver = {"driver": "trust", "role": "teacher", "mean_score": mean, "n_persons": n, "n_schools": 1}
    insert(connection, "report.driver_score", [{**driver, **place, **figures}])


def _effect(name: str, n: int, draws: np.random.Generator) -> dict[str, object]:
    estimate, error = float(draws.normal(0.1, 0.05)), 0.6 / n**0.5
    reach = student_t.ppf(0.975, n - 1) * error
    return {
        **EFFECT,
        "effect_id": name,
        "is_struck_out": False,
        "n_students": 9 * n + 2,
        "n_staff": n,
        "n_participants": 33,
        "n_clusters": n,
        "df": float(n - 1),
        "estimate_sd": estimate,
        "std_error": error,
        "ci_low": estimate - reach,
        "ci_high": estimate + reach,
        "hedges_g": estimate * (1 - 3 / (4 * n - 9)),
        "attrition_overall": 7 / n,
        "note": f"{n} teachers",
    }


def written(
    build: duckdb.DuckDBPyConnection, folder: Path, rounding: Rounding | None, last: LastRelease | None = None
) -> Judged:
    remember_counts(build, REPORT_COUNTS.among(COUNTED_TABLES), REPORT_PARAMETERS)
    return write_public(build, folder, REPORT_COUNTS, last or LastRelease(), 10, rounding)


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, object]]:
    found = connection.execute(f"select * from {table} order by {', '.join(ROWS[table])}")
    names = [name for name, *_ in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def true_counts(build: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, int]]]:
    """By table and row, every count of persons, those beneath bands too."""
    counts = {table: coarse.counts for table, coarse in COARSE.items()}
    for table in ("report.pd_reach", "report.pd_reach_district"):
        counts[table] += ("n_teachers_reached", "n_teachers")
    return {
        table: [{name: int(str(row[name])) for name in counts[table]} for row in rows_of(build, table)]
        for table in ROWS
    }


def found_by_division(
    public: duckdb.DuckDBPyConnection, truth: Mapping[str, Sequence[Mapping[str, int]]]
) -> set[tuple[str, str, str]]:
    """(table, column, column) whose quotient is a true count in a third of the rows or more; also / 1."""
    return {
        (table, one, other)
        for table, counts in truth.items()
        for rows in [[{**numbers(row), "1": 1.0} for row in rows_of(public, table)]]
        for one, other in permutations(rows[0], 2)
        if 3 * sum(_divides(row, one, other, true) for row, true in zip(rows, counts, strict=True))
        >= len(rows)
    }


def numbers(row: Mapping[str, object]) -> dict[str, float]:
    left_out = {"school_year", "n_schools", "school_id", "group_id"}
    return {
        name: float(value)
        for name, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and name not in left_out
    }


def _divides(row: Mapping[str, float], one: str, other: str, true: Mapping[str, int]) -> bool:
    if not row.get(one) or not row.get(other):
        return False
    return any(abs(row[one] / row[other] / count - 1) < 1e-6 for count in true.values())


@pytest.mark.parametrize("base", [3, 5, 10])
def test_no_quotient_of_two_columns_gives_a_count(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, base: int
) -> None:
    truth = {
        table: [{k: n for k, n in row.items() if n % base} for row in rows]
        for table, rows in true_counts(build).items()
    }
    written(build, tmp_path / "exact", None)
    written(build, tmp_path / "rounded", Rounding(base, KEY))
    exact = duckdb.connect(str(tmp_path / "exact" / "public.duckdb"), read_only=True)
    rounded = duckdb.connect(str(tmp_path / "rounded" / "public.duckdb"), read_only=True)
    assert ("report.pd_reach", "hours", "hours_per_participant") in found_by_division(exact, truth)
    assert found_by_division(rounded, truth) == set()
    exact.close()
    rounded.close()


def test_no_degrees_of_freedom_stand_beside_an_interval(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Half an interval by its standard error is a quantile of t, and that is of n - 1."""
    written(build, tmp_path / "public", Rounding(BASE, KEY))
    told = {
        table: {name for name, *_ in duckdb.read_parquet(path).description}
        for table in ROWS
        for path in [str(tmp_path / "public" / f"{table.partition('.')[2]}.parquet")]
    }
    apart = (
        {"ci_low", "std_error"},
        {"ci_low", "df"},
        {"ci_low", "p_value"},
        {"mean", "r_wg"},
        {"note", "df"},
    )
    assert [(table, pair) for table, names in told.items() for pair in apart if pair <= names] == []
    assert "hours" not in told["report.pd_reach"]
    assert {"n_staff", BAND.name, "hours_per_participant"} <= told["report.pd_reach"]


def test_no_mean_is_a_fraction_of_the_count(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A mean in full has the count as its denominator: 161/13 hours are those of 13."""
    for name, rounding, is_told in (("exact", None, True), ("rounded", Rounding(BASE, KEY), False)):
        written(build, tmp_path / name, rounding)
        public = duckdb.connect(str(tmp_path / name / "public.duckdb"), read_only=True)
        means = [row["mean"] for row in rows_of(public, "report.survey_school_scale")]
        public.close()
        sizes = sorted(SIZES, key=lambda n: str(SIZES.index(n) + 1))  # rows are by id of the school, a text
        fractions = [Fraction(str(mean)).limit_denominator(100).denominator for mean in means]
        # of 12 means that are fractions of their counts some are of a part of them
        hits = sum(n % d == 0 and d > 10 for n, d in zip(sizes, fractions, strict=True))
        assert (hits >= 6) == is_told


def test_a_count_is_rounded_alike_wherever_it_stands(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """The same thirteen, rounded for each table and row anew, would be averaged out."""
    written(build, tmp_path / "public", Rounding(BASE, KEY))
    public = duckdb.connect(str(tmp_path / "public" / "public.duckdb"), read_only=True)
    answers = [row["n_responses"] for row in rows_of(public, "report.survey_school_scale")]
    scores = [row["n_persons"] for row in rows_of(public, "report.driver_score")]
    sizes = public.execute("select count(distinct n_participants) from estimates.effect").fetchall()
    public.close()
    assert answers == scores
    assert all(n % BASE == 0 for n in answers)
    assert {abs(n - true) < BASE for n, true in zip(sorted(answers), SIZES, strict=True)} == {True}
    assert sizes == [(1,)]  # 33 in all twelve rows


def test_a_smaller_count_than_the_next_multiple_of_the_minimum_is_hidden(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    written(build, tmp_path / "public", Rounding(6, KEY))  # 10 becomes 12
    public = duckdb.connect(str(tmp_path / "public" / "public.duckdb"), read_only=True)
    rows = {row["school_id"]: row["n_students"] for row in rows_of(public, "report.growth_by_school")}
    public.close()
    assert rows["1"] is None  # 11
    assert rows["2"] == 12
    assert json.loads((tmp_path / "public" / "manifest.json").read_text())["minimum"] == 12


def test_the_files_say_that_counts_are_rounded(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    judged = written(build, tmp_path / "public", Rounding(BASE, KEY))
    assert {one.verdict for one in judged.verdicts} == {Verdict.PASS}
    manifest = json.loads((tmp_path / "public" / "manifest.json").read_text())
    package = json.loads((tmp_path / "public" / "datapackage.json").read_text())
    said = "rounded up or down by lot to a multiple of 5; sums need not hold"
    assert manifest["rounding"]["base"] == 5
    assert manifest["rounding"]["left_out"]["report.pd_reach"] == ["hours"]
    assert said in package["description"]
    fields = {
        (resource["name"], one["name"]): one["description"]
        for resource in package["resources"]
        for one in resource["schema"]["fields"]
    }
    for table, coarse in COARSE.items():
        for column in coarse.counts:
            ((_, told),) = [
                item
                for item in fields.items()
                if item[0][0].endswith(table.partition(".")[2]) and item[0][1] == column
            ][:1]
            assert said in told


def test_every_table_with_counts_is_declared() -> None:
    assert set(COARSE) == {*COUNTED_TABLES, "estimates.effect"}


def test_the_last_release_is_compared_by_exact_counts(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """One more student is hidden though 23 and 24 may well be rounded to the same."""
    first = written(build, tmp_path / "first", Rounding(BASE, KEY))
    build.execute("update report.growth_by_school set n_students = n_students + 1 where school_id = '11'")
    written(build, tmp_path / "second", Rounding(BASE, KEY), LastRelease(first.told))
    public = duckdb.connect(str(tmp_path / "second" / "public.duckdb"), read_only=True)
    rows = {row["school_id"]: row["n_students"] for row in rows_of(public, "report.growth_by_school")}
    public.close()
    assert [school for school, n in rows.items() if n is None] == ["11"]


SCHOOLS, DISTRICT = (
    Counted(name, table, key, "n_students", Persons.STUDENTS, ("n_students",))
    for name, table, key in (
        ("schools", "report.growth_by_school", ("year", "school_id")),
        ("district", "report.growth_quadrant", ("year",)),
    )
)
OF_DISTRICT = Declared((SCHOOLS, DISTRICT), (Margin("schools", "district", ("year",)),))


@pytest.mark.parametrize(
    ("roundings", "is_told"),
    [
        ({14: 12, 28: 30}, True),  # 12 to 14 twice, and 28 to 32: 28, and 14 each
        ({14: 15, 28: 27}, False),
        ({14: 12, 28: 27}, False),  # 24 to 28
    ],
)
def test_a_count_that_can_be_told_though_it_is_rounded_is_hidden(
    roundings: Mapping[int, int], is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chosen(cells: LinkedCells, base: int, *, key: bytes) -> RoundedCounts:
        return RoundedCounts(base, True, {c.name: roundings[int(c.value)] for c in cells.cells}, ())

    monkeypatch.setattr("transforms.release.rounded.round_counts", chosen)
    connection = duckdb.connect()
    connection.execute("create schema report")
    columns = "select 2025 as year, false as is_suppressed"
    connection.execute(
        f"create table report.growth_by_school as {columns}, unnest([1, 2]) as school_id, 14 as n_students"
    )
    connection.execute(f"create table report.growth_quadrant as {columns}, 28 as n_students")
    remember_counts(connection, OF_DISTRICT, {})
    judged = round_and_judge(connection, OF_DISTRICT, 12, Rounding(3, KEY))[Persons.STUDENTS]
    schools = connection.execute("select n_students from report.growth_by_school").fetchall()
    (whole,) = connection.execute("select n_students from report.growth_quadrant").fetchall()
    connection.close()
    assert judged.findings == ()
    assert (sum(judged.hidden.values()) > 0) == is_told
    assert ({*schools, whole} == {(roundings[14],), (roundings[28],)}) == (not is_told)
