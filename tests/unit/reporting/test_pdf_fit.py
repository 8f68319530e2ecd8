"""What is done to make tables and pictures fit paper."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from transforms.reporting.pdf_pictures import picture_parts, picture_values
from transforms.reporting.pdf_press import printable
from transforms.reporting.pdf_tables import GAP, SIZES, fitted
from transforms.reporting.picture import Drawing, Picture
from transforms.reporting.tables import make_table

ROOM = 504.0


def tall_picture(n_rows: int) -> Picture:
    """Rows of text 40 pixels apart, after every tenth a gap of 80."""
    heights = [40 * at + 40 * (at // 10) + 20 for at in range(n_rows)]
    rows = "".join(f'<g transform="translate(0,{y})"><text y="0">Row</text></g>' for y in heights)
    box = f'viewBox="0 0 800 {heights[-1] + 20}"'
    svg = Markup(f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{rows}</svg>')
    return Picture("p", "Title", Drawing.of(svg, Markup(""), "Rows."), "Caption.")


@pytest.mark.parametrize("n_columns", [1, 3, 8, 14])
def test_a_table_is_as_wide_as_the_text(n_columns: int) -> None:
    cells = ("Mentoring and induction", "−0.01 (−0.05 to 0.03)", "not told apart from the usual") * 5
    titles = "|".join(["School", "Growth (95% interval) #", "Reads as"] * 5)
    titles = "|".join(titles.split("|")[:n_columns])
    fit = fitted(make_table("t", titles, [cells[:n_columns]] * 3), ROOM)
    assert sum(fit.widths) + GAP * (n_columns - 1) == pytest.approx(ROOM, abs=0.01)
    assert fit.is_hyphenated == (n_columns == 14)
    assert fit.size == (SIZES[-1] if n_columns == 14 else SIZES[0])


def test_an_interval_stays_on_one_line_where_there_is_room() -> None:
    fit = fitted(make_table("t", "PD|Growth #|Note", [("Coaching", "0.1 (0.0 to 0.2)", "a (b c)")]), ROOM)
    assert fit.rows[0][1:] == ("0.1 (0.0\u00a0to\u00a00.2)", "a (b c)")


def test_a_column_with_more_words_is_wider() -> None:
    fit = fitted(make_table("t", "PD|Remark", [("Coaching", "a long remark " * 20)]), ROOM)
    assert fit.widths[1] > 4 * fit.widths[0]


def test_a_picture_that_fits_a_page_is_whole() -> None:
    assert picture_parts(tall_picture(20), ROOM) == [picture_values(tall_picture(20))]


def test_a_picture_too_tall_for_a_page_is_cut_at_its_widest_gaps_between_texts() -> None:
    parts = picture_parts(tall_picture(40), ROOM)
    windows = [re.search(r'viewBox="([^"]+)"', str(part["svg"]))[1].split() for part in parts]  # type: ignore[index]
    tops = [float(window[1]) for window in windows]
    # twenty rows and two gaps lie above the middle: rows 19 and 20 stand at 820 and 900
    assert tops == [0.0, pytest.approx(860, abs=5)]
    assert sum(float(window[3]) for window in windows) == pytest.approx(1720, abs=1)
    assert [part["title"] for part in parts] == ["Title (part 1 of 2)", "Title (part 2 of 2)"]
    assert [part["alternative_text"] for part in parts] == ["Rows.", "Title (part 2 of 2)"]
    assert [part["caption"] for part in parts] == ["", "Caption."]


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("build 20261125T223903Z-49e275", "build 20261125T223903Z-49e275"),
        ("exports/sis/students_new.csv", "exports/\u200bsis/\u200bstudents_\u200bnew.\u200bcsv"),
        ("x" * 40, "\u200b".join(["x" * 18, "x" * 18, "x" * 4])),
        ("n\u0303", "ñ"),
        ("a\nb\tc\x00\u202e", "a b c"),
        ({"a": ["学", 1, None]}, {"a": ["□", 1, None]}),
    ],
)
def test_long_words_may_break_and_every_character_prints(text: object, set_as: object) -> None:
    assert printable(text) == set_as
