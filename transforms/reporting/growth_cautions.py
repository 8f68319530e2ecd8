"""What limits the growth percentiles of a report: one caution a topic, the lines behind it as a table."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.growth_rows import GrowthCautionRow, subjects_of
from transforms.reporting.numerals import counted, listed
from transforms.reporting.sections import Card
from transforms.reporting.tables import DataTable, make_table

# topic: title, what it means for the reader
_TOPICS = {
    "no_prior": (
        noted("No earlier score"),
        noted("Students without an earlier score have no growth percentile."),
    ),
    "small_norm_group": (
        noted("Unusual paths"),
        noted("Students whose path through grades few others took have no percentile of the same year."),
    ),
    "not_linked": (
        noted("Another test before"),
        noted("Growth begins anew where a test was replaced and the two were not linked."),
    ),
    "linked": (
        noted("A linked test"),
        noted(
            "Earlier scores of another test were translated by equal ranks, which adds an error of its own."
        ),
    ),
    "ceiling": (
        noted("Scores at the top"),
        noted("Where many students have the highest score, growth beyond it is not seen."),
    ),
    "floor": (
        noted("Scores at the bottom"),
        noted("Where many students have the lowest score, growth below it is not seen."),
    ),
    "fit": (
        noted("Curves that do not fit everywhere"),
        noted(
            "Percentiles are not equally likely at every earlier score; differences there can be the curves'."
        ),
    ),
}
ALWAYS = (
    Card(
        noted("A comparison, not a cause"),
        (
            noted(
                "A growth percentile says how a student moved against others with the same earlier"
                " scores, not why. Nothing here allows for who the students are or what they were taught."
            ),
        ),
        tone="caution",
    ),
    Card(
        noted("A ranking within the year"),
        (noted("Half of all students are below 50 in every year, however much all of them learned."),),
        tone="caution",
    ),
)


def growth_cautions(rows: Sequence[GrowthCautionRow]) -> tuple[Card, ...]:
    """What always limits growth percentiles, then what does in this study, a caution a topic."""
    topics = [*say_each(_TOPICS), *sorted({row.topic for row in rows} - set(_TOPICS))]
    found = [[row for row in rows if row.topic == topic] for topic in topics]
    return (*say_each(ALWAYS), *(_caution(of_topic) for of_topic in found if of_topic))


def _caution(rows: Sequence[GrowthCautionRow]) -> Card:
    title, meaning = say_each(_TOPICS).get(rows[0].topic) or (terms.plain(rows[0].topic), "")
    named = [row.n_students for row in rows if row.n_students is not None]
    subjects = listed([terms.subject_in_sentence(subject) for subject in subjects_of(rows)])
    # students of two subjects are largely the same persons: their numbers are not added up
    most = say(", up to {n_students} at a time", n_students=counted(max(named), "student")) if named else ""
    said = say(
        "{meaning} Here: {n_groups} in {subjects}{most}.",
        meaning=meaning,
        n_groups=counted(len(rows), "group"),
        subjects=subjects,
        most=most,
    ).strip()
    return Card(title, (said,), tone="caution")


def cautions_table(rows: Sequence[GrowthCautionRow]) -> DataTable:
    """Every caution of the report year as its line of text."""
    return make_table(
        say("What limits growth percentiles, group by group"),
        "Subject|What is to be known|Group",
        [(terms.subject_name(row.academic_subject), row.text, row.group_name) for row in rows],
        is_prose=True,
    )
