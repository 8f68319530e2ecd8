"""Data that cannot answer: each design says by name why it gives no number, and gives none."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.unit.designs.growth_frames import Plan, exposure, made_up_growth, regressed, study
from transforms.designs.effect import Effect
from transforms.designs.panel_designs import estimate_panel_designs
from transforms.designs.sample import make_design_rows, read_sample
from transforms.designs.settings import DesignSettings
from transforms.designs.teacher_panel import teacher_panel

SETTINGS = DesignSettings()
REGRESSIONS = ("adjusted", "within_teacher")


def found(connection: duckdb.DuckDBPyConnection, design: str) -> list[Effect]:
    """Rows of one design on a made-up study of one subject."""
    if design in REGRESSIONS:
        return list(regressed(connection, SETTINGS, design)[0])
    make_design_rows(connection, "mathematics")
    sample = read_sample(connection, "mathematics", SETTINGS)
    findings = estimate_panel_designs(
        connection, sample, teacher_panel(sample), SETTINGS, "b1", is_full=False
    )
    return [effect for effect in findings.effects if effect.design == design]


def district(years: int = 3, **plan: int) -> pd.DataFrame:
    return made_up_growth(
        Plan(**{"schools": 8, "teachers": 5, "students": 4, "years": years, "seed": 41, **plan})
    )


def always(growth: pd.DataFrame) -> pd.DataFrame:
    return growth.assign(coaching=growth["coaching"] + 3.0)


def same(growth: pd.DataFrame) -> pd.DataFrame:
    return growth.assign(coaching=6.0)


def one_dose(growth: pd.DataFrame) -> pd.DataFrame:
    return growth.assign(coaching=(growth["coaching"] > 0) * 12.0)


def few(growth: pd.DataFrame) -> pd.DataFrame:
    chosen = sorted(growth["staff_id"].unique())[:9]
    return growth.assign(coaching=np.where(growth["staff_id"].isin(chosen), growth["coaching"] + 1.0, 0.0))


def few_start(growth: pd.DataFrame) -> pd.DataFrame:
    chosen = growth["staff_id"].isin(sorted(growth["staff_id"].unique())[:9])
    return growth.assign(coaching=np.where(chosen & (growth["school_year"] >= 2024), 9.0, 0.0))


def one_school(growth: pd.DataFrame) -> pd.DataFrame:
    return growth.assign(coaching=growth["coaching"].where(growth["school_id"] == "s3", 0.0))


def whole_schools(growth: pd.DataFrame) -> pd.DataFrame:
    return growth.assign(coaching=np.where(growth["school_id"].isin(["s1", "s2", "s3"]), 8.0, 0.0))


def lasting(growth: pd.DataFrame) -> pd.DataFrame:
    """Half of the teachers take part every year for as many hours."""
    return growth.assign(coaching=np.where(growth["staff_id"].str[-1].isin(["0", "1"]), 9.0, 0.0))


def at_once(growth: pd.DataFrame) -> pd.DataFrame:
    return growth.assign(coaching=np.where(growth["school_year"] >= 2024, 9.0, 0.0))


def twins(growth: pd.DataFrame) -> pd.DataFrame:
    return growth.assign(micro_credential=2 * growth["coaching"])


def exact(growth: pd.DataFrame) -> pd.DataFrame:
    return growth.assign(score_sd=growth["prior_score_sd"])


def nobody(growth: pd.DataFrame) -> pd.DataFrame:
    """One lone participation keeps the type in the study."""
    return growth.assign(coaching=np.where(growth["staff_id"] == "t0-0", growth["coaching"] + 1.0, 0.0))


CASES = [
    ("adjusted", "participated", district(schools=2, teachers=20),
     "2 schools; standard errors by school need"),
    ("within_teacher", "participated", district(schools=2, teachers=20),
     "2 schools; standard errors by school"),
    ("event_study", "participated", lasting(district(schools=2, teachers=20)),
     "teachers start with a year before"),
    ("matched", "participated", district(schools=4, teachers=20),
     "4 schools; standard errors by school need"),
    ("adjusted", "participated", always(district()), "every teacher took part, so that there is nobody"),
    ("within_teacher", "participated", always(district()),
     "every teacher took part, so that there is nobody"),
    ("event_study", "participated", always(district()),
     "0 teachers start with a year before it, fewer than 10"),
    ("matched", "participated", always(district()),
     "nobody takes part for the first time with a school year before it"),
    ("adjusted", "per_10_hours", same(district()), "every teacher has the same hours"),
    ("within_teacher", "per_10_hours", same(district()), "every teacher has the same hours"),
    ("adjusted", "per_10_hours", one_dose(district()), "a dose cannot be told from taking part"),
    ("within_teacher", "per_10_hours", one_dose(district()), "a dose cannot be told from taking part"),
    ("adjusted", "participated", few(district()), "9 teachers with aligned hours, fewer than 10"),
    ("within_teacher", "participated", nobody(district()), "1 teachers with aligned hours, fewer than 10"),
    ("event_study", "participated", few_start(district()),
     "teachers start with a year before it, fewer than 10"),
    ("matched", "participated", few_start(district()),
     "teachers who begin with a school year before it, fewer than"),
    ("adjusted", "participated", one_school(district(teachers=14)), "all who took part are in one school"),
    ("within_teacher", "participated", one_school(district(teachers=14)),
     "all who took part are in one school"),
    ("adjusted", "participated", whole_schools(district()), "teachers of the same school differ in it in 0"),
    ("within_teacher", "participated", lasting(district()),
     "0 teachers took part in some years and not in others"),
    ("within_teacher", "per_10_hours", lasting(district()).assign(
        coaching=lambda rows: rows["coaching"] + rows["staff_id"].str[1].astype(int) * (rows["coaching"] > 0)
    ), "0 teachers changed hours, fewer than 10"),
    ("within_teacher", "participated", district(years=1), "one school year, so that nobody can be compared"),
    ("event_study", "participated", district(years=1), "one school year, so that nobody has a year before"),
    ("matched", "participated", district(years=1), "year"),
    ("event_study", "participated", at_once(district()), "0 teachers have not started when others do"),
    ("adjusted", "participated", twins(district()),
     "cannot be told apart from micro_credential within schools"),
    ("within_teacher", "participated", twins(district()),
     "cannot be told apart from micro_credential within teach"),
    ("adjusted", "participated", exact(district()), "fit the response exactly"),
    ("within_teacher", "participated", exact(district()), "the columns fit it exactly, or nearly so"),
    ("lottery", "offered", district(), "no places of it were drawn by lot"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("design", "contrast", "growth", "reason"),
    CASES,
    ids=[f"{i:02}-{design}-{reason[:30]}" for i, (design, _, _, reason) in enumerate(CASES)],
)
def test_refusal_names_its_reason_and_gives_no_number(
    design: str, contrast: str, growth: pd.DataFrame, reason: str
) -> None:
    exposures = [exposure(growth)]
    if "micro_credential" in growth:
        exposures.append(exposure(growth, "micro_credential"))
    rows = found(study(growth, *exposures), design)
    row = next(row for row in rows if (row.pd_type, row.contrast) == ("coaching", contrast))
    assert row.note is not None
    assert row.note.startswith("refused: ")
    assert reason in row.note
    numbers = (row.estimate_sd, row.std_error, row.df, row.ci_low, row.ci_high, row.p_value, row.hedges_g)
    assert numbers == (None,) * 7
    assert (row.essa_tier, row.wwc_rating) == (None, None)


OFFERS = [
    (lambda staff: {"is_offered": [True] * 6 + [False] * (len(staff) - 6)}, "6 teachers with an offer"),
    (lambda staff: {"is_offered": [i % 2 == 0 for i in range(len(staff))],
                    "block": [f"b{i % 2}" for i in range(len(staff))]}, "both"),
    (lambda staff: {"is_offered": [i % 2 == 0 for i in range(len(staff))],
                    "outcome_school_year": [None] * len(staff)}, "its day is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "reason"), OFFERS)
def test_lottery_that_cannot_answer_names_its_reason(columns, reason) -> None:
    growth = district()
    connection = study(growth, exposure(growth))
    staff = sorted(growth["staff_id"].unique())
    offers = pd.DataFrame(
        {
            "staff_id": staff,
            "pd_type": "coaching",
            "cohort": "draw",
            "block": "all",
            "outcome_school_year": 2025,
        }
    ).assign(**columns(staff))
    connection.register("offers", offers)
    connection.execute("insert into frames.pd_offer by name from offers")
    rows = found(connection, "lottery")
    assert {row.estimate_sd for row in rows} == {None}
    assert all(reason in str(row.note) for row in rows if row.contrast == "offered"), rows[0].note
