"""The page from reaction to growth: answer, sentences by rule, pictures, what is hidden and missing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, empty_build, insert
from tests.unit.reporting.made_up_chain import add_chain, add_observation, add_theme
from tests.unit.reporting.page_reader import elements, text
from transforms.reporting.chain_page import observed_title
from transforms.reporting.chain_rows import BreakRow, LinkRow, read_chain
from transforms.reporting.chain_words import answer, sentence, stands_out, with_interval
from transforms.reporting.site import render_report

WHOLE = {"outcome": "whole", "n_levels_held": 6}
AT_OBSERVED = {
    "level": "use_observed", "outcome": "no", "n_levels_held": 4, "later_levels": "student_outcomes",
}  # fmt: skip
HOSTILE = "<script>alert(1)</script>"


def build_of() -> duckdb.DuckDBPyConnection:
    """Coaching is whole; workshops break at observed use though growth holds; conferences are unclear."""
    connection = empty_build()
    add_chain(connection, "coaching", WHOLE)
    add_chain(
        connection,
        "workshop_single",
        AT_OBSERVED,
        use_observed={"value": 0.01, "ci_low": -0.02, "ci_high": 0.04, "holds": "no"},
    )
    add_chain(
        connection,
        "conference",
        {"level": "reaction", "outcome": "unclear", "n_levels_held": 0, "later_levels": "learning"},
        reaction={"value": 0.61, "ci_low": 0.58, "ci_high": 0.64, "holds": "unclear"},
        student_outcomes={"value": 0.0, "ci_low": -0.01, "ci_high": 0.01, "holds": "no"},
        use_observed={
            "value": None,
            "ci_low": None,
            "ci_high": None,
            "n_persons": None,
            "holds": "not shown",
        },
    )
    for name, difference, p in (
        ("coaching", 0.08, 0.001),
        ("workshop_single", 0.01, 0.6),
        ("conference", None, 1),
    ):
        add_observation(connection, name, difference, p)
    add_theme(connection, 1, 40, quote="More time to plan, please.")
    add_theme(connection, 2, 20, top_words=HOSTILE)
    add_theme(connection, 0, None, note="of too few people to be shown")
    add_theme(connection, 1, 12, school_year=2025)
    return connection


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = render_report(build_of(), tmp_path_factory.mktemp("chain"), BUILD_ID)
    return index.with_name("chain.html")


def test_the_answer_counts_whole_chains_and_where_the_others_break(page: Path) -> None:
    said = text(page)
    assert "Of 3 kinds of professional development (PD), the chain" in said
    assert "is whole for coaching." in said
    assert "It breaks or stops at reaction for 1 and at observed use for 1." in said


def test_every_kind_has_its_sentence_with_numbers(page: Path) -> None:
    said = text(page)
    assert (
        "Single workshops: reaction (0.70), learning (0.70), organization support (0.70) and reported use"
        " (0.70) hold, but ratings of lessons changed too little to matter, compared with teachers not in"
        " it (+0.01, 95% interval −0.02 to 0.04): the chain breaks at observed use. Student growth is"
        " higher nevertheless (+0.08 SD in reading and +0.08 SD in mathematics): an association that the"
        " links before it do not explain."
    ) in said
    assert (
        "Conferences: reaction cannot be told to be above 0.60 of the scale (0.61, 95% interval 0.58 to"
        " 0.64): the chain stops at reaction."
    ) in said
    assert (
        "student growth (+0.08 SD in reading and +0.08 SD in mathematics) hold: the chain holds from" in said
    )


def test_what_stands_out_names_kinds_with_the_same_break_together(page: Path) -> None:
    said = text(page)
    stands = said[said.index("What stands out") : said.index("How far the evidence goes")]
    assert (
        "Single workshops: all links before hold, but ratings of lessons changed too little to matter"
        in stands
    )
    assert "Student growth is higher with single workshops (+0.08 SD in reading" in stands
    assert "40% wrote about word1, other: “More time to plan, please.”" in stands
    assert "Conferences" not in stands  # unclear is no finding


def test_pictures_have_alternative_text_and_numbers(page: Path) -> None:
    pictures = [element for element in elements(page) if element.name == "svg"]
    assert len(pictures) == 6  # chains, ratings and themes, each wide and narrow
    labels = [picture.attributes["aria-label"] for picture in pictures]
    assert "Single workshops: no at use, observed" in labels[0]
    assert "Coaching +0.08 (0.05 to 0.11)" in labels[2]
    assert "word1, other 40%" in labels[4]
    names = [element.name for element in elements(page)]
    # criteria, links (none by year), ratings, themes (none by kind of PD)
    assert names.count("caption") == 4
    assert names.count("details") == 5  # and the menu


def test_the_rules_are_printed_with_what_each_link_asks(page: Path) -> None:
    assert "the rule of use_observed" in text(page)


def test_hidden_counts_are_not_shown(page: Path) -> None:
    said = text(page)
    assert "no theme hidden hidden" in said
    assert "not shown n/a n/a" in said  # ratings of conferences


def test_a_hostile_theme_never_becomes_markup(page: Path) -> None:
    assert {element.name for element in elements(page)}.isdisjoint({"script", "img", "iframe"})
    assert HOSTILE in text(page)


def test_ids_and_links_of_the_page_hold(page: Path) -> None:
    ids = [element.attributes["id"] for element in elements(page) if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in (element.attributes["href"] for element in elements(page) if element.name == "a"):
        name, _, fragment = link.partition("#")
        assert (page.parent / name).is_file() if name else fragment in ids, link


def test_without_anything_the_page_says_why(tmp_path: Path) -> None:
    connection = empty_build()
    reason = "not available: no survey_answer source"
    insert(connection, "meta.unavailable", [{"topic": "themes of open answers", "reason": reason}])
    page = render_report(connection, tmp_path, BUILD_ID).with_name("chain.html")
    said = text(page)
    assert "No activity of any kind of professional development (PD) is on record" in said
    assert f"themes of open answers: {reason}" in said
    assert not [element for element in elements(page) if element.name == "svg"]


def test_missing_sources_stand_once_on_the_page(tmp_path: Path) -> None:
    connection = empty_build()
    nothing = {
        "value": None, "ci_low": None, "ci_high": None, "n_persons": None, "holds": "not shown",
        "note": "not available: no observation source",
    }  # fmt: skip
    for name in ("coaching", "conference"):
        broken = {"level": "use_observed", "outcome": "not shown", "n_levels_held": 4}
        add_chain(connection, name, broken, use_observed=nothing)
    page = render_report(connection, tmp_path, BUILD_ID).with_name("chain.html")
    said = text(page)
    assert said.count("Use, observed: not available: no observation source") == 1
    assert (
        "but nothing can be said of observed use (not available: no observation source): the chain stops"
        " at observed use."
    ) in said


def link(
    level: str, value: float | None, low: float | None, high: float | None, holds: str, **more: object
) -> LinkRow:
    usual: dict[str, object] = {
        "pd_type": "coaching", "school_year": None, "level": level, "academic_subject": "all", "basis": None,
        "value": value, "unit": "u", "ci_low": low, "ci_high": high, "n_persons": 9, "n_surveys": 1,
        "criterion": "c", "holds": holds, "note": None, "is_suppressed": False,
    }  # fmt: skip
    return LinkRow(**{**usual, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.55, 0.59, "0.57, 95% interval 0.55 to 0.59"),
        (0.55, 0.5996, "0.57, 95% interval 0.550 to 0.600"),
        (None, None, "0.57, no interval"),
    ],
)
def test_an_interval_that_rounds_onto_the_line_has_a_third_decimal(low, high, told):
    assert with_interval(link("reaction", 0.57, low, high, "no")) == told


def test_growth_after_a_draw_by_lot_is_not_called_an_association():
    links = [
        link("reaction", 0.5, 0.45, 0.55, "no"),
        link("student_outcomes", 0.1, 0.05, 0.15, "yes", academic_subject="ela", basis="lottery, offered"),
    ]
    broken = BreakRow("coaching", "reaction", "no", 0, "student_outcomes")
    assert sentence(broken, links) == (
        "Coaching: reaction is below 0.60 of the scale (0.50, 95% interval 0.45 to 0.55): the chain"
        " breaks at reaction. Student growth is higher nevertheless (+0.10 SD in reading)."
    )


def test_an_interval_with_zero_in_it_is_never_a_change():
    links = [link("use_observed", 0.03, -0.02, 0.08, "unclear")]
    told = sentence(BreakRow("coaching", "use_observed", "unclear", 0, None), links)
    assert "cannot be told (+0.03, 95% interval −0.02 to 0.08): the chain stops at observed use" in told
    assert stands_out([BreakRow("coaching", "use_observed", "unclear", 0, None)], links) == ()


def test_without_a_whole_chain_the_answer_says_none():
    assert answer([BreakRow("coaching", "reaction", "no", 0, None)])[0].endswith("is whole for none.")


def test_the_title_of_ratings_judges_among_all_kinds() -> None:
    connection = build_of()
    rows = read_chain(connection).observations
    assert observed_title(rows) == "Ratings rose more after coaching, against teachers not in it"
    still = [row for row in rows if row.pd_type != "coaching"]
    assert observed_title(still).startswith("For no kind of PD did ratings change clearly")
