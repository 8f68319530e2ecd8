"""What the simulated district has for growth: cut scores, interim tests, errors, a ceiling, true effects."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

import transforms.simulate
from tests.unit.student_bodies import body_of
from transforms.simulate import DistrictPlan, SimulatedDistrict, simulate_district
from transforms.simulation import measurement, repeaters, schools, students
from transforms.simulation.measurement import INTERIM_SCALE, STATE_SCALE, administer
from transforms.simulation.plan import GrowthTruth, named_stream

PLAN = DistrictPlan(n_students=3000, n_years=3, broken_share=0.0)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> SimulatedDistrict:
    return simulate_district(PLAN, tmp_path_factory.mktemp("growth"))


def rows_of(district: SimulatedDistrict, query: str) -> list[tuple]:
    """Rows of a query whose file names are relative to the study folder."""
    connection = duckdb.connect()
    connection.execute(f"set file_search_path = '{district.folder}'")
    return connection.execute(query).fetchall()


def truth_of(district: SimulatedDistrict) -> dict:
    return json.loads(district.truth_file.read_text(encoding="utf-8"))


def test_cut_scores_rise_with_the_level_in_every_cell_and_two_levels_are_proficient(
    district: SimulatedDistrict,
) -> None:
    cells = rows_of(
        district,
        """
        select Assessment, list("Level" order by "Lowest Score"), list(Proficient order by "Lowest Score"),
            count(distinct "Lowest Score")
        from 'exports/assessments/*_cut_scores.csv'
        group by Assessment, Subject, Grade, Year
        """,
    )
    levels = ("Below", "Approaching", "Meeting", "Exceeding")
    assert {(*map(tuple, cell[1:3]), cell[3]) for cell in cells} == {(levels, ("N", "N", "Y", "Y"), 4)}
    by_test = [cell[0] for cell in cells]
    # subjects x grades x years; the interim test has two years
    assert (by_test.count("STATE"), by_test.count("INTERIM")) == (2 * 6 * 3, 2 * 6 * 2)


def test_cut_scores_rise_with_the_grade() -> None:
    cuts = STATE_SCALE.cut_scores(np.arange(3, 9), 0, 0)
    assert cuts[0].tolist() == [452, 490, 528]  # 490 and 38.5 on either side, to the even half
    assert (np.diff(cuts, axis=0) > 0).all()


def test_every_result_stands_in_the_level_that_the_cut_scores_say(district: SimulatedDistrict) -> None:
    query = """
        with cuts as (select * from 'exports/assessments/state_cut_scores.csv')
        select count(*), count(*) filter (performance_level = (
            select max_by("Level", "Lowest Score") from cuts
            where (Subject, Grade, Year) = (academic_subject, grade_level, school_year)
                and "Lowest Score" <= scale_score
        ))
        from 'exports/assessments/state_2*.csv'
    """
    [(results, agreeing)] = rows_of(district, query)
    assert results == agreeing > 0


def test_the_interim_test_has_three_terms_in_the_last_two_years_for_students_seen_before(
    district: SimulatedDistrict,
) -> None:
    terms = rows_of(
        district,
        """
        select distinct "Year", Season, Discipline from 'exports/assessments/interim_2*.csv' order by all
        """,
    )
    assert terms == [
        (year, season, subject)
        for year in (2024, 2025)
        for season in ("F", "S", "W")
        for subject in ("Mathematics", "Reading")
    ]
    newcomers = """
        select count(*) from 'exports/assessments/interim_2025.csv'
        semi join 'exports/sis/students_new_2025.csv.gz' on "Student ID" = "Student Number"
    """
    assert rows_of(district, newcomers) == [(0,)]


def test_a_district_of_two_years_has_interim_tests_in_the_second(tmp_path: Path) -> None:
    simulate_district(DistrictPlan(n_students=120, n_years=2), tmp_path)
    assert [path.name for path in tmp_path.glob("exports/assessments/interim_2*")] == ["interim_2025.csv"]


def test_interim_scores_go_with_the_state_test_of_the_spring(district: SimulatedDistrict) -> None:
    query = """
        select corr((state.scale_score - norm.mean) / norm.sd, (interim.Score - spot.mean) / spot.sd)
        from 'exports/assessments/state_2025.csv' as state
        inner join 'exports/assessments/interim_2025.csv' as interim
            on interim."Student ID" = state.student_id and interim.Season = 'S'
            and interim.Discipline = if(state.academic_subject = 'MATH', 'Mathematics', 'Reading')
        inner join 'exports/assessments/state_norms.csv' as norm
            on norm.academic_subject = if(state.academic_subject = 'MATH', 'mathematics', 'ela')
            and (norm.grade_level, norm.school_year) = (state.grade_level, state.school_year)
        inner join (
            select Grade, Discipline, avg(Score) as mean, stddev_pop(Score) as sd
            from 'exports/assessments/interim_2025.csv' where Season = 'S' group by all
        ) as spot on (spot.Grade, spot.Discipline) = (interim.Grade, interim.Discipline)
    """
    [(correlation,)] = rows_of(district, query)
    # both have the same true score: root of the reliabilities, .91 / (.91 + .30^2) and .91 / (.91 + .23^2)
    assert correlation == pytest.approx(np.sqrt(0.91 / 1.00 * 0.91 / 0.963), abs=0.02)


@pytest.mark.parametrize("scale", [STATE_SCALE, INTERIM_SCALE])
@pytest.mark.parametrize("true_score", [0.0, 2.0])
def test_score_sem_is_the_sd_of_the_noise_in_the_score(scale: measurement.Scale, true_score: float) -> None:
    body = body_of(20_000, true_score=true_score)
    given = administer(np.random.default_rng(1), body, 0, 0, scale)
    sem = given.score_sem[0]
    assert (given.score_sem == sem).all()
    # standard error of an SD from 20,000 scores: 0.5 %; rounding of score and sem: less than 1 %
    assert given.scale_score.std() == pytest.approx(sem, rel=0.025)


def test_score_sem_is_larger_far_from_the_mean() -> None:
    body = dataclasses.replace(body_of(3), true_score=np.array([[-2.0, 0], [0, 0], [2.0, 0]]))
    sem = administer(np.random.default_rng(1), body, 0, 0, STATE_SCALE).score_sem
    # SD in grade 8: 38.5 + 5 x 0.5 = 41; errors of 0.26 + 2 x 0.05 and 0.26 of it
    assert sem.tolist() == [14.8, 10.7, 14.8]


def test_only_grade_8_ela_of_the_last_year_has_a_tenth_at_the_highest_score(
    district: SimulatedDistrict,
) -> None:
    cells = rows_of(
        district,
        """
        with results as (
            select *, max(scale_score) over cell as highest
            from 'exports/assessments/state_2*.csv'
            window cell as (partition by academic_subject, school_year, grade_level)
        )
        select academic_subject, school_year, grade_level, max(highest), avg((scale_score = highest)::int)
        from results group by all
        """,
    )
    ceiling = truth_of(district)["assessments"]["ceiling"]
    assert (ceiling["academic_subject"], ceiling["school_year"], ceiling["grade_level"]) == ("ela", 2025, 8)
    # mean 490 + 5 x 30 + 2 x 1.5 + 5 = 648, SD 41: 648 + 1.05 x 41 = 691.05
    assert [cell[:4] for cell in cells if cell[4] > 0.1] == [("ELA", 2025, 8, 691)]
    assert ceiling["highest_score"] == 691


def test_some_students_repeat_a_grade_and_as_many_skip_one(district: SimulatedDistrict) -> None:
    steps = rows_of(
        district,
        """
        with grades as (
            select "Student Number" as student, "Year" as year, any_value(Grade) as grade
            from 'exports/sis/enrollment/*.csv' group by all
        )
        select next.grade - grades.grade, count(*)
        from grades inner join grades as next on next.student = grades.student and next.year = grades.year + 1
        group by all
        """,
    )
    years = truth_of(district)["years"]
    repeating = sum(year["n_repeating"] for year in years)
    assert dict(steps)[0] == dict(steps)[2] == repeating == sum(year["n_skipping"] for year in years) > 0
    assert set(dict(steps)) == {0, 1, 2}


def test_who_trades_grades_leaves_every_other_place_as_it_was() -> None:
    rng = np.random.default_rng(3)
    plan = DistrictPlan(n_students=6000, n_years=2)
    truth = GrowthTruth()
    district = schools.make_district(rng, plan, truth.school_sd)
    body = students.first_body(rng, plan, district, truth)
    body = dataclasses.replace(body, is_new=np.zeros(len(body), dtype=bool))
    trades = repeaters.trade_grades(rng, body, district)
    assert len(trades.repeats) == len(trades.skips) > 0
    others = np.setdiff1d(np.arange(len(body)), np.concatenate([trades.repeats, trades.skips]))
    assert (trades.body.number[others] == body.number[others]).all()
    assert (trades.body.true_score[others] == body.true_score[others]).all()
    assert (trades.body.grade == body.grade).all()
    # a weak student now sits a grade lower, 30 points of the vertical scale above where the grade put it
    repeater, place = body.true_score[trades.skips], trades.repeats
    shift = 30 / STATE_SCALE.sd(body.grade[place])
    assert trades.body.true_score[place] == pytest.approx(repeater + shift[:, None])
    assert (body.grade[trades.skips] == body.grade[place] + 1).all()


def test_newcomers_of_the_year_before_have_one_prior_only(district: SimulatedDistrict) -> None:
    query = """
        select count(*) from 'exports/assessments/state_2025.csv' as result
        semi join 'exports/sis/students_new_2024.csv.gz' on "Student Number" = result.student_id
        where grade_level > 4
    """
    [(movers,)] = rows_of(district, query)
    # grade 4 aside: 3 % of students, two subjects; some have left again
    assert movers > 0.02 * 3000


def test_true_growth_of_students_goes_with_the_truth_about_their_teachers(
    district: SimulatedDistrict,
) -> None:
    query = """
        with scores as (
            select student_id, academic_subject, school_year,
                (scale_score - 490 - 30 * (grade_level - 3)) / (38.5 + 0.5 * (grade_level - 3)) as score
            from 'exports/assessments/state_2*.csv'
        ),
        pairs as (
            select now.student_id, now.academic_subject, now.score, before.score as prior
            from scores as now inner join scores as before using (student_id, academic_subject)
            where now.school_year = 2025 and before.school_year = 2024
        ),
        line as (
            select academic_subject, regr_slope(score, prior) as slope, regr_intercept(score, prior) as height
            from pairs group by all
        ),
        taught as (
            select distinct staff_id, student_id, "Subject Code" as academic_subject
            from 'exports/sis/sections/section_student_2025.csv'
            inner join 'exports/sis/sections/section_staff_2025.csv' using (section_id)
            inner join 'exports/sis/sections/section_2025.csv' using (section_id)
        ),
        means as (
            select staff_id, academic_subject, avg(score - height - slope * prior) as residual
            from pairs inner join line using (academic_subject)
            inner join taught using (student_id, academic_subject)
            group by all having count(*) >= 15
        )
        select count(*), corr(residual, growth_effect_sd + school_effect_sd)
        from means inner join (
            select *, if(academic_subject = 'ela', 'ELA', 'MATH') as code from 'truth_teachers.csv'
            where school_year = 2025
        ) as truth on truth.staff_id = means.staff_id and truth.code = means.academic_subject
    """
    [(teachers, correlation)] = rows_of(district, query)
    assert teachers > 50
    assert correlation > 0.5


def test_the_truth_about_teachers_adds_up_and_names_teachers_of_the_rosters(
    district: SimulatedDistrict,
) -> None:
    [(rows, wrong, strangers, students_taught)] = rows_of(
        district,
        """
        select count(*),
            count(*) filter (
                abs(teacher_effect_sd + teacher_year_effect_sd + pd_effect_sd - growth_effect_sd) > 3e-6
            ),
            count(*) filter (
                staff_id not in (select staff_id from 'exports/sis/sections/section_staff_*.csv')
            ),
            sum(n_students_weighted) filter (school_year = 2025 and academic_subject = 'ela')
        from 'truth_teachers.csv'
        """,
    )
    assert (rows > 0, wrong, strangers) == (True, 0, 0)
    year = truth_of(district)["years"][-1]
    # roster weights of a student sum to 1; three digits are written
    assert students_taught == pytest.approx(year["n_students"] - year["n_new_students"], abs=0.5)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_streams_of_interim_tests_and_repeaters_move_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = DistrictPlan(n_students=1200, n_years=3)
    one = digests(simulate_district(plan, tmp_path / "one").folder)

    def other_stream(plan: DistrictPlan, name: str, year_index: int) -> np.random.Generator:
        return named_stream(plan, name + " anew", year_index)

    monkeypatch.setattr(transforms.simulate, "named_stream", other_stream)
    other = digests(simulate_district(plan, tmp_path / "other").folder)
    moved = {path for path in one if one[path] != other[path]}
    # who sits where and what is scored there; schools, staff, PD, surveys and all else stay
    years_after = [f"_{year}.csv" for year in (2024, 2025)]
    expected = {
        prefix + year
        for year in years_after
        for prefix in (
            "exports/assessments/interim",
            "exports/assessments/state",
            "exports/sis/enrollment/student_enrollment",
            "exports/sis/sections/section_student",
        )
    }
    assert moved == expected | {"truth.json"}
