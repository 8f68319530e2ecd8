"""The visual language keeps its contrast."""

from __future__ import annotations

import pytest

from transforms.reporting import style
from transforms.reporting.style import contrast


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("behind", [style.PAPER, style.BAND_SMALL, style.BAND_MEDIUM])
@pytest.mark.parametrize("mark", [style.ACCENT, style.LOWER, style.NEUTRAL, style.INK])
def test_marks_stand_out_3_to_1_from_what_is_behind_them(mark: str, behind: str) -> None:
    assert contrast(mark, behind) >= 3


def test_the_dose_band_and_its_line_stand_apart() -> None:
    assert contrast(style.ACCENT, style.REACH_STEPS[1]) >= 3


@pytest.mark.parametrize(
    ("ink", "behind"),
    [
        (style.INK, style.PAPER),
        (style.MUTED, style.PAPER),
        (style.ACCENT, style.PAPER),
        (style.CAUTION, style.PAPER),
        (style.CAUTION, style.CAUTION_TINT),
        (style.LOWER, style.PAPER),
        (style.INK, style.BAND_SMALL),
        (style.INK, style.BAND_MEDIUM),
        (style.MUTED, style.BAND_SMALL),
        (style.MUTED, style.CANVAS),
    ],
)
def test_text_stands_out_4_5_to_1(ink: str, behind: str) -> None:
    assert contrast(ink, behind) >= 4.5


def test_text_in_every_step_of_the_heat_table_stands_out_4_5_to_1() -> None:
    for step, colour in enumerate(style.REACH_STEPS):
        ink = style.PAPER if step >= style.REACH_LIGHT_TEXT_FROM_STEP else style.INK
        assert contrast(ink, colour) >= 4.5, colour


@pytest.mark.parametrize(
    ("share", "step"), [(0.0, 0), (0.099, 0), (0.1, 1), (0.25, 2), (0.5, 3), (0.75, 4), (1.0, 4)]
)
def test_a_share_falls_in_the_step_that_begins_at_or_below_it(share: float, step: int) -> None:
    assert style.reach_step(share) == step
