"""The page of the leadership pipeline: what it says, what it hides, and when it says nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, insert
from tests.unit.reporting.made_up_district import district_build
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting import leadership_words as words
from transforms.reporting.leadership_rows import AccessRow, ChangeRow, MedianRow, StepRow, SuccessorRow
from transforms.reporting.leadership_tables import steps_table
from transforms.reporting.site import render_report

HOSTILE = "<script>alert(1)</script>"
STEPS = ("identified_to_in_training", "in_training_to_completed", "completed_to_placed")
BELOW = "below the other pathways; below the floor"


def step(level: str, name: str, n: int, k: int, within: float, **more: object) -> dict[str, object]:
    return {
        "pathway_level": level,
        "step": name,
        "school_year": 2025,
        "n_reached": n,
        "n_converted": k,
        "n_left": 2,
        "n_waiting": n - k - 2,
        "conversion": k / n,
        "ci_low": k / n - 0.05,
        "ci_high": k / n + 0.05,
        "conversion_2y": within,
        "conversion_2y_ci_low": within - 0.06,
        "conversion_2y_ci_high": within + 0.11,
        "others_conversion_2y": 0.62,
        "p_value_bh": 0.5,
        "is_broken": False,
        "is_suppressed": False,
        **more,
    }


def pathway(level: str, placed: dict[str, object]) -> list[dict[str, object]]:
    return [step(level, STEPS[0], 100, 80, 0.8), step(level, STEPS[1], 80, 69, 0.85), placed]


BROKEN = step("school", STEPS[2], 69, 8, 0.12, p_value_bh=0.0001, is_broken=True, reason=BELOW)
HIDDEN = {
    "pathway_level": "district",
    "step": STEPS[2],
    "school_year": 2025,
    "is_broken": False,
    "is_suppressed": True,
    "note": "of too few people to be shown",
}


def access(group: str, rate: float, **more: object) -> dict[str, object]:
    return {
        "stage": "identified",
        "group_kind": "experience",
        "group_name": group,
        "school_year": 2025,
        "n_staff_years": 200,
        "n_reached": round(200 * rate),
        "rate": rate,
        "ci_low": rate / 2,
        "ci_high": rate * 2,
        "reference_group": "experienced",
        "is_suppressed": False,
        **more,
    }


def change(subject: str, period: str, sd: float, p: float, time: int | None = None) -> dict[str, object]:
    return {
        "academic_subject": subject,
        "period": period,
        "event_time": time,
        "estimate_sd": sd,
        "std_error": 0.02,
        "ci_low": sd - 0.04,
        "ci_high": sd + 0.04,
        "p_value": p,
        "n_schools": 12,
        "n_compared": 30,
    }


def rendered(tmp_path: Path, tables: dict[str, list[dict[str, object]]]) -> Path:
    connection = district_build(["Alder Creek", "Birch Hill"])
    for table, rows in tables.items():
        insert(connection, table, rows)
    return render_report(connection, tmp_path, BUILD_ID).with_name("leadership.html")


def whole_tables() -> dict[str, list[dict[str, object]]]:
    """Rows for every table of the page: a broken step, a hidden one, schools with and without a successor."""
    point = {"process": "completed_to_placed", "category": "school", "survival": 0.9, "ci_low": 0.8}
    key = {"school_year": 2025, "is_suppressed": False}
    role = {"process": "in_role_at_school", "category": "principal", **key}
    school = {"school_year": 2025, "has_principal": True}
    return {
        "report.leadership_step": [*pathway("school", BROKEN), HIDDEN],
        "report.survival_curve": [
            {**point, "ci_high": 0.95, "time_days": 200, "n_at_risk": 30},
            {**point, "ci_high": 0.95, "time_days": 900, "n_at_risk": 5},
        ],
        "report.survival_median": [
            {
                "process": "completed_to_placed",
                "category": "school",
                "n_people": 69,
                "n_events": 8,
                "n_left_out": 0,
                "note": "not reached: fewer than half had the event within the time seen",
                **key,
            }
        ],
        "report.survival_horizon": [
            {
                **role,
                "horizon_years": years,
                "survival": 0.79,
                "ci_low": 0.64,
                "ci_high": 0.88,
                "n_people": 55,
                "n_followed": 43,
            }
            for years in (1, 3, 5)
        ],
        "report.school_successor": [
            {**school, "school_id": "1", "school_name": HOSTILE, "has_successor": False},
            {**school, "school_id": "2", "school_name": "Birch Hill", "has_successor": True},
        ],
        "report.leadership_access": [
            access("experienced", 0.01),
            access("novice", 0.09, ratio=9.0, ratio_ci_low=4.0, ratio_ci_high=20.0, p_value_bh=0.001),
        ],
        "estimates.leader_change": [
            change("ela", "average", 0.01, 0.6),
            change("ela", "lead", 0.02, 0.5, -2),
            change("ela", "lag", 0.01, 0.6, 0),
            change("ela", "leads", 0.02, 0.4),
        ],
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rendered(tmp_path_factory.mktemp("leadership"), whole_tables())


def test_the_first_sentence_names_the_broken_pathway_and_step_with_numbers(page: Path) -> None:
    assert (
        "The pathway to school leadership breaks from completing training to a role: 8 of 69 who completed"
        " training were placed in a role; within two years 12%, against 62% on the other pathways."
    ) in text(page)


def test_what_stands_out_has_intervals_and_names(page: Path) -> None:
    said = text(page)
    assert "within two years 12% (95% interval 6% to 23%), against 62% on the other pathways" in said
    assert "the whole interval is below 25%." in said
    assert f"No ready successor for the principal in 1 of 2 schools: {HOSTILE}." in said
    assert (
        "Novices (under 3 years) are identified for a pathway at 9.0 times the rate of experienced staff"
        " (9% against 1% a year; 95% interval of the ratio 4.0 to 20.0)."
    ) in said


def test_principals_who_stay_are_said_with_interval(page: Path) -> None:
    assert (
        "After three years 79% (95% interval 64% to 88%) of principals are still principal of the same"
        " school." in text(page)
    )


def test_the_rules_are_printed(page: Path) -> None:
    said = text(page)
    assert "concern where at least 10 people reached the step" in said
    assert "Ready is who completed the school pathway by 30 June of the year" in said
    assert "Sex and race of staff are not among the data" in said


def test_few_people_are_hidden_and_not_drawn(page: Path) -> None:
    markup = page.read_text(encoding="utf-8")
    drawn = "".join(re.findall("<svg.*?</svg>", markup, re.DOTALL))
    assert "District" not in drawn
    assert "too few" in text(page)


def test_growth_that_cannot_be_told_apart_is_said_so_and_never_an_effect(page: Path) -> None:
    said = text(page)
    assert (
        "Reading: growth after a change of principal cannot be told apart from that of schools without a"
        " change"
        " (+0.01 SD, 95% interval −0.03 to 0.05; 12 schools that changed, 30 to compare with)."
    ) in said
    assert "effect of" not in said


def test_every_picture_has_alternative_text_and_no_id_stands_twice(page: Path) -> None:
    found = elements(page)
    pictures = [element for element in found if element.name == "svg"]
    # funnel, steps, placement, access and change, each twice; nobody's curve of staying is there
    assert len(pictures) == 10
    assert all(len(picture.attributes["aria-label"]) > 30 for picture in pictures)
    ids = [element.attributes["id"] for element in found if "id" in element.attributes]
    assert len(ids) == len(set(ids))


def test_a_hostile_name_never_becomes_markup(page: Path) -> None:
    assert {element.name for element in elements(page)}.isdisjoint({"script", "img", "iframe"})


def test_without_sources_the_page_says_which_are_missing(tmp_path: Path) -> None:
    indicator = {
        "idea": "leadership_pipeline",
        "indicator": "leadership_conversion",
        "label": "Staff who go on to the next stage",
        "unit": "share",
        "school_year": 2025,
        "category": "all",
        "status": "not_available",
        "note": "not available: no leadership_event source",
        "is_suppressed": False,
    }
    said = text(rendered(tmp_path, {"report.indicator": [indicator]}))
    assert "There is no record of staff on a leadership pathway." in said
    assert "Staff who go on to the next stage: not available: no leadership_event source" in said


# Words


def step_row(**more: object) -> StepRow:
    values: dict[str, object] = dict.fromkeys(StepRow.__dataclass_fields__)
    return StepRow(**{**values, **step("school", STEPS[2], 40, 20, 0.5), **more})  # type: ignore[arg-type]


def test_no_broken_step_is_said_so() -> None:
    said = words.funnel_sentence([step_row()])
    assert (
        said
        == "No step of the leadership pathways falls clearly behind the same step of the others or below 25%."
    )


def test_too_short_a_record_is_not_called_sound() -> None:
    assert "cannot be judged yet" in words.funnel_sentence([step_row(conversion_2y=None)])


def test_a_pathway_that_breaks_for_all_but_a_few_is_said_to_without_their_number() -> None:
    few = step_row(is_broken=True, n_converted=None, conversion=None, conversion_2y=None, reason=None)
    for said in (words.broken_sentence(few), words.broken_headline(few)):
        assert "how many of 40 people who" in said
        assert "None" not in said


@pytest.mark.parametrize(
    ("n_left", "n_waiting", "said"), [(None, 20, "n/a"), (None, 12, "too few"), (8, 12, "8")]
)
def test_who_left_is_not_known_or_too_few_or_a_number(n_left: int | None, n_waiting: int, said: str) -> None:
    (row,) = steps_table([step_row(n_left=n_left, n_waiting=n_waiting)]).rows
    assert row[4] == said


def test_hidden_steps_alone_say_nothing() -> None:
    hidden = step_row(is_suppressed=True)
    assert words.funnel_sentence([hidden]) == "No step of the leadership pathways can be shown."


def access_row(**more: object) -> AccessRow:
    values: dict[str, object] = dict.fromkeys(AccessRow.__dataclass_fields__)
    values |= {key: value for key, value in access("novice", 0.09).items() if key != "school_year"}
    return AccessRow(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ratio", "p", "expected"),
    [(9.0, 0.001, True), (9.0, 0.2, False), (1.1, 0.001, False), (0.7, 0.001, True), (None, 0.001, True)],
)
def test_access_stands_out_beyond_four_fifths_and_chance(
    ratio: float | None, p: float, expected: bool
) -> None:
    assert bool(words.unequal([access_row(ratio=ratio, p_value_bh=p)])) is expected


def change_row(period: str, sd: float, p: float) -> ChangeRow:
    return ChangeRow(**{**change("mathematics", period, sd, p), "note": None})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sd", "p", "p_leads", "said"),
    [
        (0.2, 0.001, 0.4, "growth was higher after a change of principal than in schools without a change"),
        (-0.2, 0.001, 0.4, "growth was lower after"),
        (0.05, 0.03, 0.4, "not clear once both subjects are counted"),
        (0.2, 0.001, 0.01, "growth moved apart before the change already"),
        (0.03, 0.1, 0.4, "cannot be told apart"),
    ],
)
def test_what_is_said_of_growth_follows_interval_subjects_and_leads(
    sd: float, p: float, p_leads: float, said: str
) -> None:
    rows = [change_row("average", sd, p), change_row("leads", 0.0, p_leads)]
    assert said in words.change_sentence(rows)
    assert words.is_clear_change(rows) is (" was " in said)


def test_a_refused_subject_says_why() -> None:
    row = replace(
        change_row("refused", 0.0, 1.0),
        estimate_sd=None,
        ci_low=None,
        note="refused: 3 schools change, fewer than 10",
    )
    assert words.change_sentence([row]) == "Mathematics: not available: 3 schools change, fewer than 10."


def test_many_schools_without_a_successor_are_named_in_part() -> None:
    rows = [SuccessorRow(str(i), f"School {i}", None, 2025, True, False) for i in range(12)]
    said = words.successors_stand_out(rows)
    assert said.startswith("No ready successor for the principal in 12 of 12 schools: School 0, ")
    assert said.endswith("School 7 and others (all below).")


def test_a_median_without_upper_end_is_said_so() -> None:
    row = MedianRow("completed_to_placed", "school", 200.0, 100.0, None, 20, 11, 0, None, False)
    # 200 / 30.44 = 6.6 months, 100 / 30.44 = 3.3
    assert words.median_text(row) == "6.6 (3.3 to beyond the time seen)"
    assert words.median_text(replace(row, median_days=None)) == "not reached"
