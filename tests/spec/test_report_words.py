"""The words of the report as a rule table: sign × size × certainty × refusal."""

from __future__ import annotations

import itertools
import re

import pytest

from tests.unit.reporting.effect_rows import effect_row
from transforms.designs.main_design import main_comparisons
from transforms.reporting.catalogue import catalogue
from transforms.reporting.cautions import cautions
from transforms.reporting.findings import leading_rows, three_sentences
from transforms.reporting.rows import EffectRow, Report
from transforms.reporting.titles import comparisons_title
from transforms.reporting.words import Verdict, read_effect, verdict

NO_EVIDENCE = "This is no evidence of an effect, and no proof that there is none."
ASSOCIATION = "This is an association: teachers were not assigned at random, so it does not show a cause."

HEADLINES = {
    Verdict.HIGHER: "Coaching in mathematics goes with higher growth.",
    Verdict.LOWER: "Coaching in mathematics goes with lower growth.",
    Verdict.NOT_TOLD_APART: "Coaching in mathematics cannot be told apart from no difference.",
    Verdict.TOO_FEW_SCHOOLS: "Coaching in mathematics cannot be judged: too few schools tell about it.",
}
ALONE = (
    "Taken alone, coaching in mathematics goes with {} growth; once all comparisons made are counted, this"
    " cannot be told apart from no difference."
)

# estimate, a quarter of the interval, df, p after BH → verdict, and what must stand in the sentences
RULES = [
    (0.03, 0.01, 24, 0.01, Verdict.HIGHER, "this size counts as small"),
    (0.08, 0.03, 24, 0.01, Verdict.HIGHER, "this size counts as medium"),
    (0.30, 0.10, 24, 0.01, Verdict.HIGHER, "this size counts as large"),
    (0.30, 0.10, 24, 0.049, Verdict.HIGHER, "Growth in mathematics of students whose teachers took part"),
    (-0.03, 0.01, 24, 0.01, Verdict.LOWER, "0.03 SD lower than that of others"),
    (-0.08, 0.03, 24, 0.01, Verdict.LOWER, "this size counts as medium"),
    (-0.30, 0.10, 24, 0.01, Verdict.LOWER, "this size counts as large"),
    (0.08, 0.03, 24, 0.05, Verdict.NOT_AMONG_ALL, NO_EVIDENCE),
    (-0.08, 0.03, 24, 0.30, Verdict.NOT_AMONG_ALL, NO_EVIDENCE),
    (0.03, 0.07, 24, 0.60, Verdict.NOT_TOLD_APART, NO_EVIDENCE),
    (-0.30, 0.20, 24, 0.20, Verdict.NOT_TOLD_APART, "differed by −0.30 SD (95% interval −0.70 to 0.10)"),
    (0.04, 0.02, 24, 0.04, Verdict.NOT_TOLD_APART, "95% interval 0.00 to 0.08"),
    (0.30, 0.05, 3.9, 0.01, Verdict.TOO_FEW_SCHOOLS, "the interval is unreliable"),
    (-0.01, 0.20, 1.2, 0.90, Verdict.TOO_FEW_SCHOOLS, "differed by −0.01 SD"),
]


def with_interval(estimate: float, half: float, df: float, p_bh: float, **more: object) -> EffectRow:
    return effect_row(
        estimate_sd=estimate,
        ci_low=estimate - 2 * half,
        ci_high=estimate + 2 * half,
        df=df,
        p_value_bh=p_bh,
        **more,
    )


@pytest.mark.parametrize(("estimate", "half", "df", "p_bh", "judged", "said"), RULES)
def test_sign_size_and_certainty_choose_the_words(
    estimate: float, half: float, df: float, p_bh: float, judged: Verdict, said: str
) -> None:
    reading = read_effect(with_interval(estimate, half, df, p_bh))
    alone = ALONE.format("higher" if estimate > 0 else "lower")
    assert reading.verdict is judged
    assert reading.headline == HEADLINES.get(judged, alone)
    assert said in " ".join(reading.sentences)


def test_a_refused_estimate_gives_its_reason_and_no_number() -> None:
    row = effect_row(
        estimate_sd=None,
        ci_low=None,
        ci_high=None,
        note="refused: 7 teachers with aligned hours, fewer than 10",
    )
    reading = read_effect(row)
    assert reading.headline == (
        "Coaching in mathematics: not available: fewer than 10 teachers with aligned hours."
    )
    assert reading.sentences == ()


GRID = [
    with_interval(sign * size, half, df, p_bh, contrast=contrast, design=design, essa_tier=tier)
    for sign, size, half, df, p_bh, contrast, design, tier in itertools.product(
        (1, -1), (0.01, 0.1, 0.4), (0.002, 0.3), (3.0, 30.0), (0.01, 0.5),
        ("participated", "per_10_hours"), ("adjusted", "within_teacher"), (None, 3),
    )
]  # fmt: skip
CAUSAL = re.compile(
    r"\b(effects?|impacts?|improv\w*|boost\w*|rais\w+|caus\w+|led to|leads to|works?)\b", re.IGNORECASE
)
ALLOWED = ("no evidence of an effect", "does not show a cause", "not what caused the growth")


def without_allowed(text: str) -> str:
    for phrase in ALLOWED:
        text = text.replace(phrase, "")
    return text


def test_an_association_is_never_called_an_effect_in_any_cell_of_the_grid() -> None:
    for row in GRID:
        reading = read_effect(row)
        page = [reading.headline, *reading.sentences, *three_sentences([row]), comparisons_title([row])]
        found = CAUSAL.search(without_allowed(" ".join(page)))
        assert found is None, (found, page)


def test_a_direction_is_only_named_where_the_interval_leaves_one_in_any_cell_of_the_grid() -> None:
    for row in GRID:
        if verdict(row) in (Verdict.NOT_TOLD_APART, Verdict.TOO_FEW_SCHOOLS):
            text = " ".join([read_effect(row).headline, *read_effect(row).sentences])
            assert "higher" not in text
            assert "lower" not in text
            assert "no evidence of an effect" in text


def test_teachers_and_schools_that_carry_a_number_stand_beside_it_in_every_cell() -> None:
    for row in GRID:
        assert "212 coached teachers in 31 schools carry this" in " ".join(read_effect(row).sentences)
        assert "212 coached teachers in 31 schools carry this" in three_sentences([row])[1]


def test_a_clear_difference_that_was_not_drawn_by_lot_is_called_an_association() -> None:
    assert read_effect(effect_row()).sentences[-1] == ASSOCIATION
    lot = read_effect(effect_row(design="lottery", contrast="offered")).sentences[-1]
    assert lot == "Places were drawn by lot, so the difference can be put down to the offer."


def test_a_dose_is_not_measured_against_bins_for_whole_programmes() -> None:
    text = " ".join(read_effect(effect_row(contrast="per_10_hours")).sentences)
    assert text.startswith("With each 10 more hours of coaching, growth in mathematics was 0.08 SD higher")
    assert "Kraft" not in text


def test_scale_points_come_with_the_interval_of_the_same_degrees_of_freedom() -> None:
    # interval −0.12 to 0.17 at a standard error of 0.072; 3.3 points / 0.072 SD = 45.83 points per SD
    # −0.118 × 45.83 = −5.4; 0.170 × 45.83 = 7.8
    row = effect_row(
        estimate_sd=0.026,
        std_error=0.072,
        ci_low=-0.118,
        ci_high=0.170,
        estimate_scale_points=1.2,
        std_error_scale_points=3.3,
    )
    assert (
        "In points of the test: 1.2 (standard error 3.3; 95% interval −5.4 to 7.8)."
        in read_effect(row).sentences
    )


@pytest.mark.parametrize(
    ("estimate", "text"),
    [(0.10, "54th"), (-0.10, "46th"), (0.31, "62nd"), (0.03, "51st"), (0.08, "53rd"), (-1.2, "12th")],
)
def test_a_difference_is_put_as_the_way_from_the_middle_student(estimate: float, text: str) -> None:
    row = with_interval(estimate, 0.001, 24, 0.01)
    assert f"from the 50th to the {text} percentile of students" in " ".join(read_effect(row).sentences)


@pytest.mark.parametrize(
    ("tier", "text"),
    [
        (None, "No tier reached"),
        (3, "Tier 3, promising (adjusted correlation)"),
        (1, "Tier 1, strong (well-run experiment)"),
    ],
)
def test_the_tier_travels_with_the_number(tier: int | None, text: str) -> None:
    assert read_effect(effect_row(essa_tier=tier)).tier == text


def star_rows() -> list[EffectRow]:
    shared = {
        "pd_type": "workshop_single",
        "n_participants": 54,
        "n_participant_schools": 13,
        "essa_tier": None,
    }
    return [
        effect_row(**shared, academic_subject="ela", estimate_sd=0.026, ci_low=-0.12, ci_high=0.17),
        effect_row(**shared, academic_subject="mathematics", estimate_sd=0.079, ci_low=-0.10, ci_high=0.26),
    ]


def test_the_star_study_says_who_carries_it_and_that_it_is_no_evidence_of_an_effect() -> None:
    assert three_sentences(star_rows()) == (
        "Single workshops cannot be told apart from no difference in student growth, in reading or in"
        " mathematics.",
        "For single workshops the estimates are +0.03 SD in reading (95% interval −0.12 to 0.17) and +0.08 SD"
        " in mathematics (95% interval −0.10 to 0.26); 54 trained teachers in 13 schools carry this.",
        "Teachers were not assigned to professional development (PD) at random, so these are associations;"
        " they are no evidence of an effect, and no proof that there is none.",
    )


def test_a_district_names_what_is_clear_and_counts_what_is_not() -> None:
    rows = [
        effect_row(),
        with_interval(-0.06, 0.01, 24, 0.01, pd_type="workshop_single"),
        with_interval(0.01, 0.05, 24, 0.9, pd_type="conference"),
    ]
    first, second, third = three_sentences(rows)
    assert first == (
        "Coaching in mathematics goes with higher student growth and single workshops in mathematics go with"
        " lower growth; one other comparison cannot be told apart from no difference."
    )
    assert second == (
        "The largest clear difference is +0.08 SD for coaching in mathematics (95% interval 0.02 to 0.14),"
        " about the distance from the 50th to the 53rd percentile of students; 212 coached teachers in 31"
        " schools carry this."
    )
    assert third.endswith("so these are associations: they show where to look, not what caused the growth.")


def test_when_nothing_could_be_compared_the_commonest_reason_is_said() -> None:
    refused = {"estimate_sd": None, "ci_low": None, "ci_high": None}
    rows = [
        effect_row(**refused, note="3 schools are too few"),
        effect_row(**refused, note="3 schools are too few"),
    ]
    assert three_sentences(rows)[1] == "The reason: 3 schools are too few."
    assert three_sentences([])[1] == "The reason: there was nothing to compare."


def test_the_comparison_named_in_advance_is_told_before_a_larger_one() -> None:
    named = with_interval(0.01, 0.05, 24, 0.9, pd_type="conference", is_primary=True)
    assert leading_rows([effect_row(), named]) == [named]
    assert three_sentences([effect_row(), named])[1].startswith(
        "The estimate named in advance: +0.01 SD for conferences"
    )


def test_the_first_screen_keeps_to_one_design_one_contrast_and_the_whole_population() -> None:
    kept = effect_row()
    others = [
        effect_row(contrast="per_10_hours"),
        effect_row(subgroup="novice"),
        effect_row(design="within_teacher", estimate_sd=None),
    ]
    assert main_comparisons([*others, kept]) == (kept,)
    assert main_comparisons([]) == ()


def empty_report() -> Report:
    return Report(None, *((),) * 14)  # type: ignore[arg-type]


def test_cautions_name_the_design_the_few_schools_and_the_missing_tier_first() -> None:
    titles = [caution.said(catalogue("en"))[0] for caution in cautions(empty_report(), star_rows())]
    assert titles[:3] == ["Not assigned at random", "Few schools took part", "No evidence tier"]


def test_few_degrees_of_freedom_are_a_caution_of_their_own() -> None:
    found = cautions(empty_report(), [with_interval(0.3, 0.05, 3.0, 0.01)])
    named = "Fewer than four degrees of freedom stand behind coaching in mathematics"
    said = found[1].said(catalogue("en"), "coaching in mathematics")[1]
    assert said == f"{named}: the intervals are unreliable."


def test_an_interval_that_only_touches_zero_holds_it() -> None:
    assert verdict(effect_row(ci_low=0.0, ci_high=0.1)) is Verdict.NOT_TOLD_APART
