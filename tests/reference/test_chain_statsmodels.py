"""Numbers of Guskey's chain against statsmodels, and against a truth that was planted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from expectations.entities import ENTITIES
from tests.spec.conftest import Core
from tests.spec.voice_tables import build_chain
from transforms.warehouse import insert_records, open_database

STARTS = [date(2022, 10, 5), date(2023, 2, 10), date(2023, 10, 20), date(2024, 2, 1)]
TRUE_CHANGE = 0.10


@pytest.fixture
def core() -> Iterator[Core]:
    connection = open_database(None, threads=1)
    yield Core(connection)
    connection.close()


def test_mean_of_answers_and_its_error_are_those_of_least_squares_by_cluster(core: Core) -> None:
    rng = np.random.default_rng(5)
    activity = rng.integers(0, 8, 90)
    answer = np.clip(np.round(3.5 + 0.6 * rng.standard_normal(8)[activity] + rng.standard_normal(90)), 1, 5)
    _add_survey(core, activity, answer)
    build_chain(core)
    ((value, error, low, high),) = core.connection.execute(
        "select value, std_error, ci_low, ci_high from estimates.guskey_chain"
        " where level = 'reaction' and school_year is null"
    ).fetchall()
    shares = (answer - 1) / 4
    fit = sm.OLS(shares, np.ones(90)).fit(cov_type="cluster", cov_kwds={"groups": activity}, use_t=True)
    assert value == pytest.approx(fit.params[0], rel=1e-12)
    assert error == pytest.approx(fit.bse[0], rel=1e-9)
    assert (low, high) == pytest.approx(tuple(fit.conf_int()[0]), rel=1e-9)  # t with 8 - 1


def _add_survey(core: Core, activity: np.ndarray, answer: np.ndarray) -> None:
    surveys = [f"S{i}" for i in range(8)]
    responses = [f"r{i}" for i in range(len(answer))]
    rows = {
        "pd_activity": [{"pd_activity_id": f"P{i}", "title": "t", "pd_type": "coaching"} for i in range(8)],
        "survey": [
            {"survey_id": s, "title": "t", "administered_date": date(2025, 3, 1), "pd_activity_id": f"P{i}"}
            for i, s in enumerate(surveys)
        ],
        "survey_item": [
            {
                "survey_id": s, "item_id": "q", "wording": "w", "response_type": "likert",
                "scale_min": 1.0, "scale_max": 5.0, "evaluation_level": "reaction",
            }
            for s in surveys
        ],
        "survey_response": [
            {"response_id": r, "survey_id": f"S{a}"} for r, a in zip(responses, activity, strict=True)
        ],
        "survey_answer": [
            {"response_id": r, "item_id": "q", "value": str(int(n))}
            for r, n in zip(responses, answer, strict=True)
        ],
    }  # fmt: skip
    for entity, records in rows.items():
        insert_records(core.connection, ENTITIES[entity], records)


def _district(core: Core, seed: int, n_teachers: int = 240) -> pd.DataFrame:
    """Teachers rated four times a year, who begin on one of four days or never; ratings drift upwards."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 6, n_teachers)  # 4 and 5: never
    level = 0.5 + 0.1 * rng.standard_normal(n_teachers)
    days = [date(2021, 9, 15) + timedelta(days=91 * i) for i in range(16)]
    rows = []
    for teacher in range(n_teachers):
        for place, day in enumerate(days):
            has_begun = start[teacher] < 4 and day > STARTS[start[teacher]]
            change = (TRUE_CHANGE if has_begun else 0.0) + 0.01 * place
            rating = 1 + 4 * float(np.clip(level[teacher] + change + 0.08 * rng.standard_normal(), 0, 1))
            rows.append({"staff_id": f"t{teacher}", "day": day, "rating": rating})
    insert_records(
        core.connection,
        ENTITIES["pd_activity"],
        [
            {"pd_activity_id": "C", "title": "t", "pd_type": "coaching"},
            {"pd_activity_id": "T", "title": "t", "pd_type": "conference"},
        ],
    )
    began = [
        {"staff_id": f"t{teacher}", "pd_activity_id": "C", "participation_date": STARTS[start[teacher]]}
        for teacher in range(n_teachers)
        if start[teacher] < 4
    ]
    first = {"staff_id": "z", "pd_activity_id": "T", "participation_date": date(2021, 9, 1)}
    insert_records(
        core.connection,
        ENTITIES["pd_participation"],
        [{**row, "hours": 2.0, "attendance_status": "attended"} for row in (*began, first)],
    )
    insert_records(
        core.connection,
        ENTITIES["observation"],
        [
            {
                "observation_id": f"o{i}", "staff_id": row["staff_id"], "observation_date": row["day"],
                "rubric": "R", "domain": "d", "rating": row["rating"], "rating_max": 5.0,
            }
            for i, row in enumerate(rows)
        ],
    )  # fmt: skip
    frame = pd.DataFrame(rows)
    frame["start"] = [start[int(name[1:])] for name in frame["staff_id"]]
    return frame


def _changes(frame: pd.DataFrame) -> pd.DataFrame:
    """Change of each teacher around each first day, computed apart: one row a cohort and teacher."""
    found = []
    for cohort, day in enumerate(STARTS):
        until = day + timedelta(days=365)
        starts = {
            teacher: STARTS[s] if s < 4 else None
            for teacher, s in frame.groupby("staff_id")["start"].first().items()
        }
        for teacher, of_teacher in frame.groupby("staff_id"):
            first_day = starts[teacher]
            if first_day != day and first_day is not None and first_day <= until:
                continue
            before = of_teacher[(of_teacher.day >= day - timedelta(days=365)) & (of_teacher.day < day)]
            after = of_teacher[(of_teacher.day > day) & (of_teacher.day <= until)]
            if len(before) and len(after):
                change = (after.rating.mean() - before.rating.mean()) / 4
                found.append((cohort, teacher, first_day == day, change))
    return pd.DataFrame(found, columns=["cohort", "teacher", "took_part", "change"])


def test_change_of_ratings_is_that_of_the_stacked_weighted_regression(core: Core) -> None:
    """Participants weigh 1, the others of a cohort as much together; cohort effects, clusters of teachers."""
    stacked = _changes(_district(core, 11))
    build_chain(core)
    ((difference, error, n_participants, n_comparison),) = core.connection.execute(
        "select difference, std_error, n_participants, n_comparison from estimates.guskey_observation"
        " where pd_type = 'coaching'"
    ).fetchall()
    sizes = stacked.groupby(["cohort", "took_part"]).size().unstack()
    weight = np.where(stacked.took_part, 1.0, stacked.cohort.map(sizes[True] / sizes[False]))
    design = pd.get_dummies(stacked.cohort).astype(float).assign(took_part=stacked.took_part.astype(float))
    groups = stacked.teacher.astype("category").cat.codes
    fit = sm.WLS(stacked.change, design, weights=weight).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert n_participants == int(stacked.took_part.sum())
    assert n_comparison == stacked[~stacked.took_part].teacher.nunique()
    assert difference == pytest.approx(fit.params["took_part"], abs=1e-12)
    # One residual for all: there a cohort's level is shared with participants, here it is the others' mean.
    assert error == pytest.approx(fit.bse["took_part"], rel=0.10)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_planted_change_is_found_though_ratings_rise_everywhere(core: Core, seed: int) -> None:
    _district(core, seed)
    build_chain(core)
    ((difference, error, holds),) = core.connection.execute(
        "select value, std_error, holds from estimates.guskey_chain"
        " where level = 'use_observed' and pd_type = 'coaching'"
    ).fetchall()
    assert abs(difference - TRUE_CHANGE) < 3 * error
    assert holds == "yes"
