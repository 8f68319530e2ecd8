"""Pictures: what is drawn, what is left out, and what may not come in."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.unit.reporting.effect_rows import effect_row
from transforms.reporting.chart_parts import chart_of, draw_once, layer
from transforms.reporting.charts import comparisons_picture, growth_picture, reach_picture
from transforms.reporting.rows import DistrictReachRow, GrowthRow
from transforms.reporting.svg import UnsafePictureError, embed

SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
HEAD = f'<svg {SPACES} width="10" height="5">'


def test_a_picture_keeps_its_shapes_and_loses_handlers_links_and_styles() -> None:
    drawn = HEAD + '<g onload="alert(1)" style="x" class="mark"><a/></g></svg>'.replace(
        "<a/>", '<path d="M0,0" xlink:href="x"/>'
    )
    assert embed(drawn, "p", "said", "wide") == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5" role="img" aria-label="said" class="wide"'
        ' style="max-width:10px"><g><path d="M0,0" /></g></svg>'
    )


@pytest.mark.parametrize("element", ["script", "image", "foreignObject", "use", "a", "style", "animate"])
def test_an_element_that_no_picture_has_is_refused(element: str) -> None:
    with pytest.raises(UnsafePictureError, match=element):
        embed(f"{HEAD}<{element}/></svg>", "p", "said", "wide")


def test_ids_carry_the_name_of_their_picture_and_references_follow() -> None:
    drawn = HEAD + '<clipPath id="clip1"/><g clip-path="url(#clip1)"/></svg>'
    embedded = embed(drawn, "growth-1", "said", "wide")
    assert 'id="growth-1-clip1"' in embedded
    assert 'clip-path="url(#growth-1-clip1)"' in embedded


def test_alternative_text_from_data_is_escaped() -> None:
    assert 'aria-label="&quot; onload=&quot;x&lt;"' in embed(HEAD + "</svg>", "p", '" onload="x<', "wide")


def test_comparisons_are_drawn_with_their_figures_and_refused_ones_are_not() -> None:
    refused = effect_row(pd_type="conference", estimate_sd=None)
    drawn = comparisons_picture([effect_row(), refused], "main")
    assert drawn.count("+0.08 (0.02 to 0.14)") >= 2  # wide and narrow
    assert "Coaching" in drawn
    assert "Conferences" not in drawn
    assert comparisons_picture([refused], "main") == ""


def test_the_tier_of_evidence_stands_beside_every_number() -> None:
    rows = [
        effect_row(essa_tier=2),
        effect_row(pd_type="conference", essa_tier=None),
        effect_row(pd_type="mentoring_induction", essa_tier=2, is_struck_out=True),
    ]
    drawn = comparisons_picture(rows, "main")
    for words in ("+0.08 (0.02 to 0.14) · Tier 2", "0.14) · no tier", "0.14) · struck out"):
        assert words in drawn.wide
        assert words in drawn.narrow
    assert "Coaching in mathematics +0.08 (0.02 to 0.14), higher growth, Tier 2" in drawn.alternative_text


def test_the_direction_of_a_clear_comparison_is_a_shape_too() -> None:
    up = comparisons_picture([effect_row()], "main")
    unclear = comparisons_picture([effect_row(ci_low=-0.02)], "main")
    assert up.count("A") < unclear.count("A")  # a circle is drawn with arcs, a triangle without


def test_an_interval_beyond_the_axis_is_marked_as_running_on() -> None:
    rows = [effect_row(pd_type=name) for name in ("coaching", "conference", "other", "online_course")]
    wide = effect_row(pd_type="workshop_single", ci_low=-3.0, ci_high=3.2)
    assert "▸" not in comparisons_picture(rows, "main")
    drawn = comparisons_picture([*rows, wide], "main")
    assert "▸" in drawn
    assert "◂" in drawn


def growth_row(school: str, gain: float | None) -> GrowthRow:
    return GrowthRow(school, "mathematics", 2025, None if gain is None else 120, gain, gain is None)


def test_schools_that_the_disclosure_rule_withholds_are_not_drawn() -> None:
    drawn = growth_picture(
        [growth_row("Alder Creek", 0.1), growth_row("Birch Hill", None)], "mathematics", "growth"
    )
    assert "Alder Creek" in drawn
    assert "Birch Hill" not in drawn
    assert growth_picture([growth_row("Birch Hill", None)], "mathematics", "growth") == ""


def test_a_type_without_a_shown_share_is_not_drawn() -> None:
    reached = DistrictReachRow(2025, "coaching", 40, 100, 0.4, 600.0, 15.0, False)
    withheld = DistrictReachRow(2025, "conference", None, 100, None, None, None, True)
    drawn = reach_picture([reached, withheld], 2025, "reach")
    assert "40% · 40 teachers, 15 h each" in drawn
    assert "Conferences" not in drawn


def test_signs_that_a_picture_cannot_hold_are_drawn_as_symbols_that_tell_names_apart() -> None:
    names = [f"Alder{sign}Creek" for sign in "\x00\x01\x0b\x1b\x1f\uffff"]
    marks = chart_of([{"name": name} for name in names]).mark_text().encode(y="name:N", text="name:N")
    drawn = draw_once(lambda: layer(marks), "p", "Names").wide
    texts = {text.text for text in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")}
    assert {f"Alder{symbol}Creek" for symbol in "\u2400\u2401\u240b\u241b\u241f\u2426"} <= texts
