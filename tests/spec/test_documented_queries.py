"""The queries of docs/queries.md that compute something again give the published numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.spec.documented_queries import QUERIES, Query
from tests.spec.evaluators_build import create_build, fill, rows_of
from tests.unit.designs.lotteries import LotteryPlan, made_up_lottery
from transforms.designs.lottery import fit_lottery
from transforms.standards.multiplicity import adjusted_p_values


@pytest.fixture
def study(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = create_build(tmp_path / "pdeval.duckdb")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def empty_study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("queries") / "pdeval.duckdb"
    create_build(path).close()
    with duckdb.connect(str(path), read_only=True, config={"enable_external_access": False}) as connection:
        yield connection


def answer(study: duckdb.DuckDBPyConnection, number: int) -> list[dict[str, Any]]:
    """Rows of the query of that number by column."""
    (query,) = (each for each in QUERIES if each.number == number)
    found = study.execute(query.sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_there_are_twenty_and_more_each_with_a_question_and_what_the_answer_looks_like() -> None:
    assert [query.number for query in QUERIES] == list(range(1, len(QUERIES) + 1))
    assert len(QUERIES) >= 20
    for query in QUERIES:
        assert query.question.endswith("?")
        assert query.answer.startswith("One row per"), query.question


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: f"{query.number}")
def test_every_query_runs_on_the_published_tables(
    empty_study: duckdb.DuckDBPyConnection, query: Query
) -> None:
    empty_study.execute(query.sql)


def test_the_lottery_by_plain_least_squares_is_the_estimate_of_the_design(
    study: duckdb.DuckDBPyConnection,
) -> None:
    panel, offers = made_up_lottery(LotteryPlan(effect=0.8, lost=0.2))
    published = fit_lottery(panel, 0, offers).offered.estimate_sd
    fill(study, "frames.pd_offer", *(
        {
            "staff_id": str(teacher), "pd_type": "coaching", "is_offered": bool(offered),
            "block": f"{stratum:02}", "outcome_school_year": 2025,
        }
        for teacher, offered, stratum in zip(offers.teacher, offers.is_offered, offers.stratum, strict=True)
        if teacher >= 0
    ))  # fmt: skip
    growth = [
        {
            "academic_subject": "mathematics", "staff_id": str(panel.teacher[at]),
            "school_id": str(panel.school[at]), "school_year": 2025, "weight": float(panel.weight[at]),
            "growth_sd": float(panel.growth_sd[at]) + 0.3 * (at % 3 == 0),
            "prior_mean_sd": float(panel.prior_mean_sd[at]),
        }
        for at in range(len(panel.teacher))
    ]  # fmt: skip
    fill(study, "estimates.teacher_year_growth", *growth)
    # every third teacher also attended workshops, which 0.3 of the growth goes with
    window = {"window_start": "2024-05-01", "window_end": "2025-05-01", "academic_subject": "mathematics"}
    taught = [{key: row[key] for key in ("staff_id", "school_id", "school_year")} | window for row in growth]
    fill(
        study,
        "frames.growth_analysis",
        *({**row, "is_design_window": True, "roster_weight": 1.0} for row in taught),
    )
    workshop = {"pd_type": "workshop_series", "aligned_hours": 6.0, "school_year": 2025, **window}
    fill(
        study,
        "frames.teacher_year_exposure",
        *({"staff_id": row["staff_id"], **workshop} for row in taught[::3]),
    )
    fill(study, "estimates.type_coefficient", *rows_of(
        "pd_type coefficient_sd\nworkshop_series 0.3\ncoaching 9", academic_subject="mathematics"
    ))  # fmt: skip
    fill(study, "estimates.effect", *rows_of(
        "design pd_type academic_subject contrast subgroup\nlottery coaching mathematics offered all",
        estimate_sd=published,
    ))  # fmt: skip
    (row,) = answer(study, 23)
    assert row["published_sd"] == published
    assert row["estimate_sd"] == pytest.approx(published, abs=1e-12)
    assert abs(published) > 0.01


def test_adjusting_p_values_again_gives_those_published_also_with_ties(
    study: duckdb.DuckDBPyConnection,
) -> None:
    p_values = [0.20, 0.01, 0.04, 0.04, 0.03, 0.9]
    same = {"academic_subject": "ela", "design": "adjusted", "contrast": "offered", "subgroup": "all"}
    adjusted = adjusted_p_values(p_values)
    fill(study, "estimates.effect", *(
        {**same, "pd_type": f"type {at}", "p_value": p, "p_value_bh": adjusted[at]}
        for at, p in enumerate(p_values)
    ))  # fmt: skip
    (row,) = answer(study, 22)
    assert (row["n_estimates"], row["largest_difference"]) == (6, pytest.approx(0, abs=1e-15))
    study.execute("update estimates.effect set p_value_bh = p_value_bh + 0.01 where p_value = 0.9")
    assert answer(study, 22)[0]["largest_difference"] == pytest.approx(0.01)


def test_the_error_of_value_added_is_that_of_its_parts(study: duckdb.DuckDBPyConnection) -> None:
    same = {"assessment_id": "STATE", "academic_subject": "ela", "growth_window": "spring_to_spring"}
    fill(study, "estimates.value_added_model", {
        **same, "variance_school_sd2": 0.01, "variance_teacher_sd2": 0.02, "variance_teacher_year_sd2": 0.01,
    })  # fmt: skip
    error = (0.25 * 0.04) ** 0.5  # a quarter of 0.01 + 0.02 + 0.01 is not explained
    fill(
        study, "estimates.teacher_growth", {**same, "staff_id": "t", "reliability": 0.75, "std_error": error}
    )
    assert answer(study, 21)[0]["largest_difference_sd"] == pytest.approx(0, abs=1e-15)
    study.execute("update estimates.teacher_growth set std_error = std_error + 0.002")
    assert answer(study, 21)[0]["largest_difference_sd"] == pytest.approx(0.002)


def test_a_lost_record_a_wrong_score_and_a_wrong_share_are_seen(study: duckdb.DuckDBPyConnection) -> None:
    fill(study, "meta.reconciliation", *rows_of("""
        entity source_file rows_read rows_loaded rows_duplicate rows_skipped rows_quarantined
        staff  a.csv       10        7           1              1            1
        staff  b.csv       5         4           0              0            0
    """))  # fmt: skip
    assert answer(study, 4)[0]["rows_unaccounted"] == 1
    fill(study, "frames.student_growth", *rows_of("""
        assessment_id norm_source scale_score norm_mean norm_sd score_sd
        STATE         study       520         500       40      0.5
        STATE         study       540         500       40      1.1
    """))  # fmt: skip
    assert answer(study, 6)[0]["largest_difference_sd"] == pytest.approx(0.1)
    fill(study, "frames.student_teacher_link", *rows_of("""
        student_id academic_subject school_year roster_weight
        k1         ela              2025        0.5
        k1         ela              2025        0.5
        k2         ela              2025        0.75
    """))  # fmt: skip
    assert answer(study, 7)[0]["largest_difference"] == pytest.approx(0.25)
