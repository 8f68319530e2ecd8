"""The visual language keeps its contrast."""

from __future__ import annotations

import pytest

from transforms.reporting import style


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2), 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("behind", [style.PAPER, style.BAND_SMALL, style.BAND_MEDIUM])
@pytest.mark.parametrize("mark", [style.ACCENT, style.LOWER, style.NEUTRAL, style.INK])
def test_marks_stand_out_3_to_1_from_what_is_behind_them(mark: str, behind: str) -> None:
    assert contrast(mark, behind) >= 3


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
