"""What stands out about a kind of PD, and which reasons may count people."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tests.unit.reporting.effect_rows import effect_row
from tests.unit.reporting.made_up_build import BUILD_ID, empty_build
from transforms.reporting.evidence_rows import CheckRow, DifferenceRow, PeriodRow
from transforms.reporting.kind_differences import contrast
from transforms.reporting.kind_rows import Kind, kind_of, read_kinds
from transforms.reporting.kind_words import growth_title, leads_title, pre_trend_points, stands_out
from transforms.reporting.rows import EffectRow
from transforms.reporting.view import read_report
from transforms.reporting.words import refusal_reason

CLEAR = {"ci_low": 0.02, "ci_high": 0.10, "estimate_sd": 0.06, "p_value_bh": 0.001}
LOWER = {"ci_low": -0.10, "ci_high": -0.02, "estimate_sd": -0.06, "p_value_bh": 0.001}


@cache
def _nothing() -> Kind:
    connection = empty_build()
    return kind_of(read_kinds(connection, read_report(connection, BUILD_ID)), "coaching")


def kind(*effects: EffectRow, main: tuple[EffectRow, ...] = ()) -> Kind:
    return replace(_nothing(), effects=effects, main=main)


def placebos(n_failed: int, n: int) -> list[EffectRow]:
    values = [0.01] * n_failed + [0.5] * (n - n_failed)
    return [effect_row(effect_id=f"e{i}", placebo_p_value=value) for i, value in enumerate(values)]


@pytest.mark.parametrize(("n_failed", "is_said"), [(0, False), (1, False), (2, True)])
def test_growth_before_stands_out_where_it_is_more_than_chance_gives(n_failed: int, is_said: bool) -> None:
    # 10 tested: 0.05 × 10 is less than one, so one failure is what chance gives
    said = " ".join(stands_out(kind(*placebos(n_failed, 10))))
    assert ("Growth differed already in the year before" in said) is is_said


def test_growth_before_stands_out_where_it_is_in_the_comparison_that_answers_first() -> None:
    rows = placebos(1, 10)
    assert "already in the year before" in " ".join(stands_out(kind(*rows, main=(rows[0],))))


def test_clear_designs_that_contradict_each_other_stand_out() -> None:
    rows = (effect_row(design="matched", **CLEAR), effect_row(design="adjusted", **LOWER))
    assert "do not rely on one" in " ".join(stands_out(kind(*rows)))
    other = replace(rows[1], academic_subject="science")
    assert not stands_out(kind(rows[0], other))


def test_verdicts_of_subjects_stand_in_the_title() -> None:
    clear = effect_row(academic_subject="ela", **CLEAR)
    unclear = effect_row(academic_subject="mathematics", ci_low=-0.1, ci_high=0.1, estimate_sd=0.0)
    assert growth_title(kind(main=(clear, unclear))) == "clearly higher in reading, not clear in mathematics"
    assert growth_title(kind(main=(unclear,))) == "no clear difference in mathematics"


def test_a_head_start_is_said_with_its_test() -> None:
    row = effect_row(effect_id="x", academic_subject="ela", design="event_study")
    check = CheckRow("x", "pre_trend", 0.0, None, None, None, 0.02, None)
    found = kind(row)
    found = replace(found, evidence=replace(found.evidence, checks=(check,)))
    assert "do not rely on this comparison" in pre_trend_points(found)[0]
    assert "In reading those who started stood apart before they did" in " ".join(stands_out(found))


def test_years_before_the_start_are_judged_by_their_intervals() -> None:
    before = PeriodRow("x", "coaching", "ela", -2, 0.05, 0.01, 0.09, 80)
    assert leads_title([before]) == "In reading teachers stood apart before they started"
    assert leads_title([replace(before, ci_low=-0.01)]).startswith("No sign")
    assert leads_title([replace(before, event_time=0)]).startswith("No year before")


def difference(largest: str, smallest: str, n_subgroups: int = 2) -> DifferenceRow:
    key = ("adjusted", "coaching", "ela", "participated", "d")
    return DifferenceRow(*key, n_subgroups, largest, smallest, 0.1, 0.05, 0.05, 0.2, None)


def test_a_difference_has_a_fixed_sign_whichever_group_is_larger() -> None:
    for largest, smallest, expected in (
        ("is_swd=true", "is_swd=false", 0.1),
        ("is_swd=false", "is_swd=true", -0.1),
        ("school_level=middle", "school_level=elementary", -0.1),
        ("school_level=elementary", "school_level=middle", 0.1),
    ):
        found = contrast(difference(largest, smallest))
        assert found is not None
        assert found.estimate == expected
        # without degrees of freedom the normal quantile: 1.96 × 0.05
        assert found.high - found.estimate == pytest.approx(0.098, abs=1e-3)


def test_the_largest_of_many_groups_gets_no_interval() -> None:
    assert contrast(difference("school_level=high", "school_level=middle", n_subgroups=3)) is None


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (
            "refused: 2 teachers with hours up to 14, fewer than 10",
            "fewer than 10 teachers with hours up to 14",
        ),
        ("refused: 5 teachers with hours, fewer than 10", "fewer than 10 teachers with hours"),
        ("refused: no hours in other subjects", "no hours in other subjects"),
    ],
)
def test_a_reason_does_not_count_fewer_people_than_may_be_shown(note: str, said: str) -> None:
    assert refusal_reason(effect_row(estimate_sd=None, note=note)) == said
