"""Rules of themes and quotes: how answers are grouped, which words may tell a theme, what may be quoted."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from transforms.surveys.answer_words import use_of_words, vocabulary_of
from transforms.surveys.quotes import Answer, QuoteRules, choose_quote, may_be_quoted
from transforms.surveys.survey_themes import OpenAnswer, theme_records
from transforms.surveys.themes import OTHER, ThemeRules, Themes, average_jaccard, find_themes

TOPICS = {
    "time": ("planning", "schedule", "hours", "calendar", "minutes"),
    "materials": ("handouts", "slides", "templates", "worksheets", "printouts"),
    "follow-up": ("coaching", "visits", "observe", "feedback", "debrief"),
}
FILLER = ("really", "quite", "helpful", "session", "today", "liked")
QUICK = ThemeRules(most_themes=5, n_refits=3)


def planted(n: int = 150, seed: int = 3) -> tuple[list[str], list[str]]:
    """Answers of three words of one topic and two of none, and the topic of each."""
    rng = np.random.default_rng(seed)
    topics = [list(TOPICS)[i] for i in rng.integers(0, len(TOPICS), n)]
    texts = [
        " ".join([*rng.choice(TOPICS[topic], 3, replace=False), *rng.choice(FILLER, 2)]) for topic in topics
    ]
    return texts, topics


@cache
def planted_themes() -> Themes:
    """The themes of the planted answers."""
    texts, _ = planted()
    return find_themes(texts, people(len(texts)), seed=1, rules=QUICK)


def people(n: int) -> list[str]:
    return [f"p{i}" for i in range(n)]


# themes


def test_planted_topics_come_back_as_themes_and_so_does_their_number():
    _, topics = planted()
    themes = planted_themes()
    assert len(themes.top_words) == len(TOPICS)
    by_topic = {topic: set() for topic in TOPICS}
    for topic, number in zip(topics, themes.theme_of_answer, strict=True):
        by_topic[topic].add(int(number))
    assert sorted(number for numbers in by_topic.values() for number in numbers) == [1, 2, 3]
    for topic, (number,) in by_topic.items():
        assert set(themes.top_words[number - 1]) <= set(TOPICS[topic])


def test_the_largest_theme_is_the_first():
    themes = planted_themes()
    sizes = np.bincount(themes.theme_of_answer)[1:]
    assert list(sizes) == sorted(sizes, reverse=True)


def test_the_order_of_the_answers_does_not_matter():
    texts, _ = planted()
    who = people(len(texts))
    turned = find_themes(texts[::-1], who[::-1], seed=1, rules=QUICK)
    straight = planted_themes()
    assert turned.top_words == straight.top_words
    assert list(turned.theme_of_answer[::-1]) == list(straight.theme_of_answer)


def test_an_answer_without_words_of_a_theme_belongs_to_none():
    texts, _ = planted()
    themes = find_themes([*texts, "zebra", ""], people(len(texts) + 2), seed=1, rules=QUICK)
    assert list(themes.theme_of_answer[-2:]) == [OTHER, OTHER]


def test_few_answers_are_not_grouped_and_say_so():
    texts, _ = planted(29)
    themes = find_themes(texts, people(29), seed=1)
    assert themes.top_words == ()
    assert themes.reason == "fewer than 30 answers: not grouped into themes"


def test_answers_without_words_in_common_are_not_grouped_and_say_so():
    texts = [f"unlike{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(40)]
    assert find_themes(texts, people(40), seed=1).reason == "too few words in common: not grouped into themes"


def test_agreement_is_highest_at_the_number_that_is_taken_or_nearly():
    themes = planted_themes()
    by_number = {found.n_themes: found.agreement for found in themes.agreements}
    assert set(by_number) == {2, 3, 4, 5}
    assert by_number[themes.n_fitted] >= max(by_number.values()) - QUICK.agreement_tolerance


@pytest.mark.parametrize(
    ("first", "second", "agreement"),
    [
        ([1, 2], [1, 2], 1.0),
        ([1, 2], [2, 1], 0.5),  # depth 1: 0 of 2; depth 2: 2 of 2
        ([1, 2], [1, 3], (1 + 1 / 3) / 2),
        ([1], [1, 2], (1 + 1 / 2) / 2),  # the shorter has no second word
        ([1], [2], 0.0),
        ([], [], 0.0),
    ],
)
def test_agreement_of_ranked_words_is_the_mean_overlap_by_depth(first, second, agreement):
    assert average_jaccard(first, second) == pytest.approx(agreement)


# words


def test_a_word_tells_a_theme_when_five_people_wrote_it():
    texts = ["coverage please"] * 5 + ["calendar please"] * 5
    who = [*people(5), "p1", "p1", "p2", "p3", "p4"]
    assert vocabulary_of(texts, who, 5) == ["coverage"]  # calendar: four people; please: says nothing


def test_a_word_that_is_only_ever_written_with_a_capital_is_taken_for_a_name():
    texts = [
        "I saw Jayden improve",
        "my student Jayden",
        "Improve the slides",
        "The Slides were late",
        "PLC time",
    ]
    everybody = vocabulary_of(texts, people(5), 1)
    assert "jayden" not in everybody
    assert {"improve", "slides", "plc", "late"} <= set(everybody)


def test_what_stands_for_a_name_is_no_word():
    assert vocabulary_of(["thank [name] at [contact]"] * 5, people(5), 5) == ["thank"]


# quotes

RULES = QuoteRules(least_answers=3, least_respondents=2, least_users=2, least_users_at_start=3)
CORPUS = [
    "More coverage for my class, please.",
    "more coverage for my class",
    "Coverage fell through again.",
    "Coverage fell through.",
    "Coverage again, and the PLC fell through.",
    "We met Jayden again.",
    "We met Jayden.",
    "met again",
]
USE = use_of_words(CORPUS, people(len(CORPUS)))


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("More coverage for my class, please.", True),
        ("Coverage fell through again.", True),
        ("Fell through again.", True),
        ("The PLC fell through.", False),  # one person alone wrote of the PLC
        ("We met Jayden again.", False),  # a capital inside a sentence that nobody writes small
        ("Jayden fell again.", False),  # at the beginning of one: two people, fewer than three
        ("We met [name] again.", False),
        ("We met at [contact] again.", False),
        ("We met in room 214 again.", False),
        ("We met zebra again.", False),  # a word that nobody else uses
        ("Coverage again.", False),  # two words
        (" ".join(["again"] * 41), False),
        ("", False),
    ],
)
def test_an_answer_is_quoted_only_where_nothing_in_it_may_tell_a_person(text, may):
    assert may_be_quoted(text, USE, RULES) == may


def answers(*texts: str) -> list[Answer]:
    return [Answer(text, f"p{place}", 0.5 + 0.1 * place) for place, text in enumerate(texts)]


def test_the_quote_is_what_most_people_wrote_whatever_its_case_and_points():
    found = choose_quote(
        answers("Coverage fell through again.", "More coverage for my class!", "more coverage for my class"),
        USE,
        RULES,
    )
    assert found.text == "more coverage for my class"  # of the two the closer to the centre


def test_of_wordings_as_frequent_the_closest_to_the_centre_is_quoted():
    texts = ("Coverage fell through again.", "More coverage for my class", "fell through again")
    assert choose_quote(answers(*texts), USE, RULES).text == "fell through again"


def test_one_person_who_repeats_an_answer_does_not_make_it_frequent():
    repeated = [Answer("fell through again", "p1", 0.1)] * 3
    two = [Answer("more coverage for my class", who, 0.1) for who in ("p2", "p3")]
    assert choose_quote([*repeated, *two], USE, RULES).text == "more coverage for my class"


@pytest.mark.parametrize("n_answers", [2, 5])
def test_themes_of_few_answers_or_few_people_are_not_quoted(n_answers):
    given = [Answer("more coverage for my class", "p1", 1.0)] * n_answers
    assert choose_quote(given, USE, RULES).reason == "no quote: fewer than 3 answers of 2 people"


def test_a_theme_whose_answers_all_name_somebody_is_not_quoted_and_says_so():
    found = choose_quote(answers("thank [name]", "[name] met again", "We met Jayden"), USE, RULES)
    assert found.text is None
    assert found.reason.startswith("no quote: every answer holds a name")


# counts by year and type


def test_answers_are_counted_by_year_and_type_within_themes_of_all_together():
    texts, topics = planted()
    given = [
        OpenAnswer(
            "What helps?", 2025 if place % 2 else 2024, "coaching" if place % 3 else None, f"p{place}", text
        )
        for place, text in enumerate(texts)
    ]
    rows, choices = theme_records(given, 1, QUICK)
    whole = {r["theme_number"]: r for r in rows if r["school_year"] is None and r["pd_type"] == "all"}
    assert sum(row["n_answers"] for row in whole.values()) == 150
    assert whole[0]["n_answers"] == 0
    assert whole[1]["share"] == max(topics.count(topic) for topic in TOPICS) / 150
    coached = [r for r in rows if r["school_year"] == 2025 and r["pd_type"] == "coaching"]
    # places 1, 5, 7, 11 …: odd and not divisible by three: 50 of 150
    assert sum(row["n_answers"] for row in coached) == 50
    assert {row["n_answers_in_all"] for row in coached} == {50}
    assert [choice["n_themes"] for choice in choices if choice["is_chosen"]] == [3]


def test_a_question_with_few_answers_has_one_row_a_group_that_says_why():
    given = [OpenAnswer("Why?", 2025, None, f"p{i}", "time") for i in range(3)]
    rows, choices = theme_records(given, 1)
    assert choices == []
    assert {(r["theme_number"], r["n_answers"], r["note"]) for r in rows} == {
        (0, 3, "fewer than 30 answers: not grouped into themes")
    }
