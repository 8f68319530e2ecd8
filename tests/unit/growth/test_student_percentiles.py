"""Percentiles of a whole study: norm groups, the norm of each student, baselines, what cannot be done."""

from __future__ import annotations

import pandas as pd
import pytest

from expectations.outputs import OUTPUTS
from sql import render_sql
from tests.unit.growth.cohorts import growth_database, simulated_scores
from transforms.errors import InputError
from transforms.growth.curves import insert_percentile_curves
from transforms.growth.norms_file import read_norms
from transforms.growth.projections import compute_projections
from transforms.growth.student_percentiles import compute_growth_percentiles
from transforms.warehouse import create_table

PERCENTILES = "estimates.growth_percentile"


def compute(connection, **changes):
    options = {"minimum_norm_group": 500, "baseline_years": (), "stored": None}
    return compute_growth_percentiles(connection, **(options | changes))


def rows(connection, query):
    return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def three_years():
    """1,200 students with scores of 2023, 2024 and 2025; 300 more came in 2024; 40 repeated grade 4."""
    scores = simulated_scores(1, 1200, range(2023, 2026))
    movers = simulated_scores(2, 300, range(2024, 2026), first_grade=4)
    repeaters = simulated_scores(3, 40, range(2024, 2026), first_grade=4)
    repeaters.loc[repeaters.school_year == 2025, "grade_level"] = 4
    connection = growth_database(pd.concat([scores, movers, repeaters]), 3)
    norms = compute(connection)
    return connection, norms


def test_student_is_placed_in_the_norm_of_most_priors(three_years):
    connection, _ = three_years
    found = rows(
        connection,
        f"select school_year, n_priors, norm_group, count(*) from {PERCENTILES} group by all order by all",
    )
    assert found == [
        (2024, 1, "2023/ela_3; 2024/ela_4", 1200),
        (2025, 1, "2024/ela_4; 2025/ela_5", 300),
        (2025, 2, "2023/ela_3; 2024/ela_4; 2025/ela_5", 1200),
    ]


def test_students_without_a_percentile_are_said_with_the_reason(three_years):
    connection, _ = three_years
    found = rows(
        connection,
        "select norm_group, n_priors, n_students, note from estimates.norm_group where not is_estimated"
        " order by all",
    )
    assert found == [
        ("2024/ela_4", 0, 340, "no prior score in the window"),
        ("2024/ela_4; 2025/ela_4", 1, 40, "40 students; percentile curves need 500"),
    ]


def test_group_of_one_prior_has_also_the_students_with_two(three_years):
    connection, _ = three_years
    found = rows(
        connection,
        "select norm_group, n_students from estimates.norm_group where is_estimated and school_year = 2025"
        " order by all",
    )
    assert found == [("2023/ela_3; 2024/ela_4; 2025/ela_5", 1200), ("2024/ela_4; 2025/ela_5", 1500)]


def test_percentile_has_a_standard_error_where_scores_have_one(three_years):
    connection, _ = three_years
    ((n, n_errors, mean),) = rows(
        connection, f"select count(*), count(sgp_se), avg(sgp_se) from {PERCENTILES}"
    )
    assert n == n_errors
    # an error of 15 points beside curves that spread by some 25 points
    assert 10 < mean < 25


def test_percentile_of_a_score_without_its_error_has_no_standard_error():
    scores = simulated_scores(4, 600, range(2024, 2026))
    scores.loc[(scores.index % 3 == 0) & (scores.school_year == 2024), "score_sem"] = None
    connection = growth_database(scores, 1)
    compute(connection)
    assert rows(connection, f"select count(*), count(sgp), count(sgp_se) from {PERCENTILES}") == [
        (600, 600, 400)
    ]


def test_coefficients_and_knots_are_kept_for_each_norm(three_years):
    connection, _ = three_years
    found = rows(
        connection,
        "select norm_group, n_priors, count(*), count(distinct term_number), max(percentile)"
        " from estimates.percentile_coefficient where school_year = 2025 group by all order by all",
    )
    assert found == [
        ("2023/ela_3; 2024/ela_4; 2025/ela_5", 2, 1500, 15, 100),
        ("2024/ela_4; 2025/ela_5", 1, 800, 8, 100),
    ]
    assert rows(
        connection, "select grade_level, school_year from estimates.percentile_knot order by all"
    ) == [
        (3, 2023),
        (4, 2024),
    ]


def test_grade_that_was_not_tested_the_year_before_has_knots_of_its_own_year(three_years):
    _, norms = three_years
    # grade 3 was tested in 2023 only
    names = [fit.group.name for fit in norms.cohort if fit.norm is not None]
    assert "2023/ela_3; 2024/ela_4; 2025/ela_5" in names


def test_ceiling_above_ten_percent_is_said():
    scores = simulated_scores(5, 800, range(2024, 2026))
    is_last = scores.school_year == 2025
    scores.loc[is_last, "scale_score"] = scores.loc[is_last, "scale_score"].clip(upper=530)
    connection = growth_database(scores, 1)
    compute(connection)
    share = float((scores[is_last].scale_score == 530).mean())
    assert share > 0.1
    ((found, note),) = rows(
        connection, "select ceiling_share, note from estimates.norm_group where is_estimated"
    )
    assert found == pytest.approx(share)
    assert note == f"{100 * share:.0f} % of the students have the highest score: growth beyond it is not seen"


def test_scores_of_few_values_have_no_curves_and_a_reason():
    scores = simulated_scores(6, 600, range(2024, 2026))
    scores["scale_score"] = (scores.scale_score / 100).round()
    connection = growth_database(scores, 1)
    compute(connection)
    ((note,),) = rows(connection, "select note from estimates.norm_group where n_priors = 1")
    assert "different scores are too few for percentile curves" in note
    assert rows(connection, f"select count(*) from {PERCENTILES}") == [(0,)]


def baseline_scores() -> pd.DataFrame:
    """Cohorts of 2023 and 2024 in grades 3 and 4, and one of 2025 that grew by 15 points more."""
    cohorts = [simulated_scores(10 + year, 800, range(year - 1, year + 1)) for year in (2023, 2024, 2025)]
    cohorts[2].loc[cohorts[2].school_year == 2025, "scale_score"] += 15.0
    return pd.concat(cohorts)


def test_baseline_shows_growth_that_the_cohort_hides():
    connection = growth_database(baseline_scores(), 1)
    compute(connection, baseline_years=(2023, 2024))
    found = {
        year: (cohort, baseline)
        for year, cohort, baseline in rows(
            connection, f"select school_year, avg(sgp), avg(sgp_baseline) from {PERCENTILES} group by all"
        )
    }
    assert found[2025][0] == pytest.approx(50, abs=1)
    assert found[2025][1] > 60
    assert (found[2023][1] + found[2024][1]) / 2 == pytest.approx(50, abs=1)
    assert rows(
        connection,
        "select norm_group, school_year, n_students from estimates.norm_group where reference = 'baseline'",
    ) == [("year-1/ela_3; year/ela_4", 2024, 1600)]


def test_norms_of_an_earlier_build_give_the_same_baseline_percentiles(tmp_path):
    scores = baseline_scores()
    earlier = tmp_path / "earlier.duckdb"
    connection = growth_database(scores, 1, earlier)
    compute(connection, baseline_years=(2023, 2024))
    query = f"select student_id, sgp_baseline from {PERCENTILES} where school_year = 2025 order by all"
    wanted = rows(connection, query)
    connection.close()
    later = growth_database(scores[scores.school_year >= 2024], 1)
    compute(later, stored=read_norms(earlier, "earlier.duckdb"))
    assert rows(later, query) == wanted
    # and they can be handed on
    assert rows(
        later, "select count(*) from estimates.percentile_coefficient where reference = 'baseline'"
    ) == [(800,)]


def test_small_district_has_baseline_percentiles_of_a_larger_one(tmp_path):
    earlier = tmp_path / "state.duckdb"
    connection = growth_database(baseline_scores(), 1, earlier)
    compute(connection, baseline_years=(2023, 2024))
    connection.close()
    district = growth_database(simulated_scores(30, 60, range(2024, 2026)), 1)
    compute(district, stored=read_norms(earlier, "state.duckdb"))
    assert rows(district, f"select count(*), count(sgp), count(sgp_baseline) from {PERCENTILES}") == [
        (60, 0, 60)
    ]


def test_norms_without_a_baseline_are_turned_away_in_one_line(tmp_path):
    earlier = tmp_path / "earlier.duckdb"
    connection = growth_database(simulated_scores(7, 600, range(2024, 2026)), 1, earlier)
    compute(connection)
    connection.close()
    with pytest.raises(
        InputError, match=r"^earlier.duckdb: \[growth\] norms: it has no baseline percentiles; build"
    ):
        read_norms(earlier, "earlier.duckdb")


@pytest.mark.parametrize("content", [None, b"not a database"], ids=["missing", "no database"])
def test_norms_that_cannot_be_read_are_turned_away_in_one_line(tmp_path, content):
    path = tmp_path / "norms.duckdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(
        InputError, match=r"^norms.duckdb: \[growth\] norms: .*name a published pdeval.duckdb$"
    ):
        read_norms(path, "norms.duckdb")


def test_projection_goes_on_from_the_current_score_along_the_cohorts_norms(three_years):
    connection, norms = three_years
    connection.execute("delete from estimates.growth_projection")
    compute_projections(connection, norms.paths, norms.cohort_norms, report_year=2025, projection_years=3)
    # nobody was in grade 6: only the 40 who repeat grade 4 have a norm ahead, and only for a year
    found = rows(
        connection,
        "select grade_level, years_ahead, n_priors, count(*), bool_and(score_p35 < score_p50 and score_p50 <"
        " score_p65), count(cut_score), count(adequate_percentile) from estimates.growth_projection"
        " group by all order by all",
    )
    assert found == [(5, 1, 1, 40, True, 0, 0)]


def test_adequate_percentile_needs_cut_scores_and_holds_the_latest_before_the_report_year(three_years):
    connection, norms = three_years
    connection.execute("delete from estimates.growth_projection")
    connection.executemany(
        "insert into core.assessment_performance_level by name select 'STATE' as assessment_id,"
        " 'ela' as academic_subject, 5 as grade_level, $1 as school_year, $2 as performance_level,"
        " $3 as minimum_score, $4 as is_proficient",
        [
            (2020, "proficient", 900, True),
            (2023, "basic", 400, False),
            (2023, "proficient", 530, True),
            (2023, "advanced", 580, True),
            (2026, "proficient", 100, True),
        ],
    )
    compute_projections(connection, norms.paths, norms.cohort_norms, report_year=2025, projection_years=1)
    connection.execute("delete from core.assessment_performance_level")
    ((cut, lowest, highest, wrong),) = rows(
        connection,
        "select any_value(cut_score), min(adequate_percentile), max(adequate_percentile),"
        " count(*) filter (score_p50 >= cut_score and adequate_percentile > 50"
        " or score_p50 < cut_score and adequate_percentile <= 50) from estimates.growth_projection",
    )
    assert (cut, wrong) == (530, 0)
    assert lowest < 50 < highest


def test_curves_are_drawn_for_the_usual_step_between_grades(three_years):
    connection, norms = three_years
    insert_percentile_curves(connection, norms.cohort, 2025)
    found = rows(
        connection,
        "select grade_level, percentile, count(*), any_value(n_students) from report.percentile_curve"
        " group by all order by all",
    )
    assert found == [(5, percentile, 41, 1500) for percentile in (10, 25, 50, 75, 90)]


@pytest.mark.parametrize(
    ("years", "reason"),
    [
        (range(2025, 2026), "not computed: no student has an earlier score in one of the growth windows"),
        (
            range(2024, 2026),
            "not computed: no norm group has the 500 students that percentile curves need"
            " (estimates.norm_group)",
        ),
    ],
    ids=["one year", "few students"],
)
def test_study_without_percentiles_says_why(years, reason):
    connection = growth_database(simulated_scores(40, 80, years), 1)
    create_table(connection, OUTPUTS["meta.unavailable"])
    compute(connection)
    connection.execute(render_sql("growth/no_percentiles.sql"), {"minimum_norm_group": 500})
    assert rows(connection, "from meta.unavailable") == [("growth percentiles", reason)]


def test_scores_of_another_subject_can_be_priors_too():
    connection = growth_database(simulated_scores(50, 900, range(2024, 2026)), 1)
    connection.execute(
        "insert into frames.scored_result by name"
        " select * replace ('mathematics' as academic_subject,"
        " scale_score + hash(student_id) % 30 as scale_score)"
        " from frames.scored_result where school_year = 2024"
    )
    connection.execute(
        "insert into frames.growth_history by name"
        " select history.* replace (2 as prior_number, 'mathematics' as prior_subject,"
        " results.scale_score as prior_scale_score)"
        " from frames.growth_history as history inner join frames.scored_result as results"
        " on results.student_id = history.student_id and results.academic_subject = 'mathematics'"
    )
    norms = compute(connection)
    found = rows(connection, f"select norm_group, n_priors, count(*) from {PERCENTILES} group by all")
    assert found == [("2024/mathematics_3; 2024/ela_3; 2025/ela_4", 2, 900)]
    # projections go on from scores of the subject itself: there is no norm of grade 5 to go on with
    compute_projections(connection, norms.paths, norms.cohort_norms, report_year=2025, projection_years=1)
    assert rows(connection, "select count(*) from estimates.growth_projection") == [(0,)]
