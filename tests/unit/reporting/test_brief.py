"""The brief: three findings, decisions and cautions by rule, in two languages that say the same."""

from __future__ import annotations

import itertools
import re
import string

import duckdb
import pytest

from tests.unit.reporting.made_up_build import BUILD_ID, EFFECT, empty_build, estimate, insert
from tests.unit.reporting.made_up_district import district_build, hostile_build
from transforms.reporting.brief import Brief, brief
from transforms.reporting.brief_charts import IntervalMark, intervals_picture
from transforms.reporting.catalogue import LANGUAGES, catalogue
from transforms.reporting.certainty import CERTAINTY_WORDS, certainty_word
from transforms.reporting.view import read_report

CAUSAL = {
    "en": re.compile(r"\b(effects?|impacts?|improv\w*|boost\w*|rais\w+|led to|leads to)\b", re.IGNORECASE),
    "es": re.compile(r"\b(efectos?|impactos?|mejor\w*|aument\w*|caus\w+|gracias a|logr\w+)\b", re.IGNORECASE),
}
ALLOWED = ("no evidence of an effect",)


def made(connection: duckdb.DuckDBPyConnection, language: str = "en") -> Brief:
    return brief(connection, read_report(connection, BUILD_ID), language)


def recommend(pd_type: str, action: str, above: float | None, **more: object) -> dict[str, object]:
    known = above is not None
    return {
        "pd_type": pd_type,
        "action": action,
        "rule": "a rule",
        "rule_number": 5,
        "expected_effect_sd": 0.05 if known else None,
        "ci_low": 0.01 if known else None,
        "ci_high": 0.09 if known else None,
        "effect_threshold_sd": 0.02,
        "probability_positive": 0.97 if known else None,
        "probability_above_threshold": above,
        "reasons": "because",
        "evidence": "adjusted: mathematics",
        **more,
    }


@pytest.fixture(scope="module")
def district() -> duckdb.DuckDBPyConnection:
    connection = district_build(["Alder Creek", "Birch Hill"])
    insert(
        connection,
        "report.recommendation",
        [
            recommend("coaching", "scale", 0.96, evidence_tier=3),
            recommend("conference", "stop", 0.04),
            recommend("online_course", "stop", 0.09),
            recommend("workshop_single", "sustain", 0.6),
            recommend("action_research", "study", None),
        ],
    )
    insert(
        connection,
        "report.indicator",
        [
            {
                "idea": "connected_learning",
                "indicator": "one_off_hours_share",
                "label": "x",
                "unit": "share",
                "school_year": 2025,
                "category": "all",
                "value": 0.45,
                "comparison_value": 0.49,
                "status": "typical",
                "is_suppressed": False,
            }
        ],
    )
    return connection


def words_of(found: Brief) -> list[str]:
    """Every text of a brief, those in pictures and their alternatives included."""
    items = [*found.findings, *found.decisions, *found.cautions]
    said = [text for item in items for text in (item.title, *item.sentences, item.note)]
    drawn = [item.picture.svg.alternative_text for item in items if item.picture]
    return [*found.answer, *said, *drawn]


def test_the_answer_names_what_is_clear_and_counts_the_rest(district: duckdb.DuckDBPyConnection) -> None:
    assert made(district).answer == (
        "Coaching in mathematics goes with higher student growth. Single workshops in mathematics go with"
        " lower"
        " student growth. 7 other comparisons cannot be told apart from no difference.",
        "Teachers were not assigned at random: these are associations. They show where to look, not what"
        " caused"
        " the growth.",
    )


def test_growth_comes_first_then_what_other_pages_find_each_topic_once(
    district: duckdb.DuckDBPyConnection,
) -> None:
    found = made(district).findings
    assert [item.tone for item in found[:2]] == ["higher", "lower"]
    assert found[2].title == "45% of PD hours went into one-off events"
    assert len({item.href for item in found[1:]}) == 2


def test_a_finding_carries_its_interval_tier_and_what_it_rests_on(
    district: duckdb.DuckDBPyConnection,
) -> None:
    (sentence,) = made(district).findings[0].sentences
    assert sentence == (
        "Largest: coaching in mathematics, +0.09 SD (95% interval 0.05 to 0.14; evidence tier 3, promising);"
        " 212 teachers in 31 schools carry it."
    )


def test_what_looks_clear_alone_is_said_to_be_one_of_many() -> None:
    connection = empty_build()
    rows = [
        {**EFFECT, **estimate("coaching", "mathematics", 0.13, 0.05, 90, 12)},
        {**EFFECT, **estimate("online_course", "mathematics", 0.01, 0.05, 90, 12)},
    ]
    insert(connection, "estimates.effect", rows)
    (finding, *_) = made(connection).findings
    assert finding.title == "None of 2 comparisons can be told from zero"
    assert finding.sentences[-1] == "1 comparison looks clear alone, but not once all 2 are counted."
    assert "1 comparación parece clara por sí sola" in made(connection, "es").findings[0].sentences[-1]


def test_names_with_one_beginning_have_a_row_each_and_are_whole() -> None:
    names = (
        "Acompañamiento pedagógico (coaching) en lectura",
        "Acompañamiento pedagógico (coaching) en ciencias",
    )
    marks = [IntervalMark(name, 0.1, 0.0, 0.2, False) for name in names]
    drawn = intervals_picture(marks, "p", "SD", "alt").wide
    said = " ".join(re.findall(r">([^<>]+)</text>", drawn))
    assert said.count("Acompañamiento pedagógico") == 2
    assert "lectura" in said
    assert "ciencias" in said
    circles = re.findall(r'transform="translate\(([\d.]+),([\d.]+)\)"[^>]*stroke-width="2"', drawn)
    assert len({y for _, y in circles}) == len(circles) == 2


def test_decisions_begin_with_what_changes_most_and_name_the_surest_first(
    district: duckdb.DuckDBPyConnection,
) -> None:
    titles = [item.title for item in made(district).decisions]
    assert titles == [
        "Do more: coaching",
        "End: conferences and online courses",
        "Find out first: action research",
    ]


def test_a_decision_says_the_chance_of_a_difference_that_matters_and_its_rule(
    district: duckdb.DuckDBPyConnection,
) -> None:
    first, second, third = made(district).decisions
    assert first.sentences[0] == (
        "Coaching: +0.05 SD (95% interval 0.01 to 0.09). A difference of 0.02 SD or more is very likely (96"
        " in"
        " 100)."
    )
    assert first.note == "By rule 5 of the report, not by opinion; evidence tier 3, promising."
    assert "very unlikely (4 in 100)" in second.sentences[0]
    assert third.sentences == ("Action research: no estimate.",)
    assert third.picture is None


def test_cautions_count_in_dots_what_they_say(district: duckdb.DuckDBPyConnection) -> None:
    found = made(district).cautions
    assert len(found) == 3
    for item in found:
        assert item.tone == "caution"
        assert item.picture is None or re.search(r"\d+", item.picture.svg.alternative_text)


def test_without_any_comparison_the_brief_says_so_and_stands() -> None:
    found = made(empty_build())
    assert found.answer == (
        "No kind of professional development (PD) could be compared with student growth.",
    )
    assert found.findings == found.decisions == ()
    assert found.groups == ()


def test_names_of_the_study_are_no_markup_in_pictures() -> None:
    found = made(hostile_build())
    for item in (*found.findings, *found.decisions, *found.cautions):
        assert item.picture is None or not re.search(r"<(script|img|b|i)\b", item.picture.svg)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_association_is_never_called_an_effect(district: duckdb.DuckDBPyConnection, language: str) -> None:
    for text in words_of(made(district, language)):
        bare = text
        for phrase in ALLOWED:
            bare = bare.replace(phrase, "")
        assert not CAUSAL[language].search(bare), text


def test_both_languages_give_the_same_numbers(district: duckdb.DuckDBPyConnection) -> None:
    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"\d+(?:\.\d+)?", text))

    english, spanish = made(district, "en"), made(district, "es")
    for one, other in zip(words_of(english), words_of(spanish), strict=True):
        assert figures(one) == figures(other), (one, other)


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_languages_have_the_same_messages_with_the_same_fields() -> None:
    english, *others = (catalogue(language).messages for language in LANGUAGES)
    for other in others:
        assert set(other) == set(english)
        assert [name for name in english if fields(other[name]) != fields(english[name])] == []


def test_a_message_that_is_missing_or_lacks_a_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        catalogue("en").text("no.such.message")
    with pytest.raises(KeyError):
        catalogue("en").text("answer.rest")
    with pytest.raises(FileNotFoundError):
        catalogue("xx")


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1.0, "certain"), (0.99, "certain"), (0.95, "very_likely"), (0.9, "very_likely"), (0.7, "likely"),
        (0.66, "as_likely_as_not"), (0.33, "as_likely_as_not"), (0.3, "unlikely"), (0.1, "very_unlikely"),
        (0.01, "exceptionally_unlikely"), (0.0, "exceptionally_unlikely"),
    ],
)  # fmt: skip
def test_a_chance_has_one_word(probability: float, word: str) -> None:
    assert certainty_word(probability) == word


def test_the_words_cover_all_chances_without_a_gap() -> None:
    ends = [(low, high) for _, low, high in reversed(CERTAINTY_WORDS)]
    assert ends[0][0] == 0.0
    assert ends[-1][1] == 1.0
    assert all(one[1] == other[0] for one, other in itertools.pairwise(ends))
