"""The picture of coverage by design."""

from __future__ import annotations

from transforms.reporting import style
from transforms.reporting.calibration_chart import CoverageRow, calibration_picture

GOOD = CoverageRow("adjusted", "mathematics", "per_10_hours", 0.954, 0.915, 0.976, is_struck_out=False)
BAD = CoverageRow("event_study", "mathematics", "participated", 0.72, 0.65, 0.78, is_struck_out=True)


def test_a_struck_out_design_is_told_by_words_and_shape_and_colour() -> None:
    good, bad = (str(calibration_picture([row], "p")) for row in (GOOD, BAD))
    assert "Before and after starting in mathematics 72% [65%, 78%], struck out" in bad
    assert bad.count("], struck out</text>") == 2  # wide and narrow
    assert "struck out</text>" not in good
    assert f'fill="{style.ACCENT}"' in good
    assert f'fill="{style.ACCENT}"' not in bad
    assert "rotate(45)" in bad


def test_the_axis_reaches_as_low_as_the_lowest_interval() -> None:
    assert ">80%</text>" in calibration_picture([GOOD], "p")
    assert ">70%</text>" in calibration_picture([GOOD, BAD], "p")


def test_without_rows_there_is_no_picture() -> None:
    assert calibration_picture([], "p") == ""
