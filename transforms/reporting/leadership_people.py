"""Sections of the page of the leadership pipeline: staying, successors, access, a change of principal."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.leadership_indicators import READY_RULE
from transforms.reporting import leadership_tables as tables
from transforms.reporting import leadership_words as words
from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.leadership_charts import Dot, dots_picture
from transforms.reporting.leadership_curves import changes_picture, curves_picture
from transforms.reporting.leadership_pathways import groups
from transforms.reporting.leadership_rows import AccessRow, ChangeRow, LeadershipReport, SuccessorRow
from transforms.reporting.numerals import counted, percent
from transforms.reporting.picture import Picture
from transforms.reporting.sections import Section

_ROLES = ("principal", "assistant_principal", "instructional_coach")


def retention_section(report: LeadershipReport, indicators: Sequence[IndicatorRow]) -> Section | None:
    """Who stays in role; None where nobody's time is known."""
    horizons = [row for row in report.horizons if row.process in ("in_role_at_school", "placed_to_left_role")]
    if not horizons:
        return None
    roles = {role: words.category_name(role) for role in _ROLES}
    returning = [row for row in indicators if row.indicator == "leaders_returning" and row.value is not None]
    sentence = words.retention_sentence([row for row in horizons if row.process == "in_role_at_school"])
    return Section(
        id="retention",
        title=say("Staying in role"),
        paragraphs=(
            say(
                "A leader counts as still in role while assigned to the same role at the same"
                " school in the next year. Spells under way in the first year of the records"
                " count from that year, since nobody knows here how long they had lasted; ‘new in"
                " role’ are those whose first year was seen. Of the last year it is not known who"
                " comes back. Who was placed on a pathway counts as staying until a record of"
                " leaving the role, or until no longer on the staff."
            ),
        ),
        pictures=(
            Picture(
                "retention-curves",
                sentence.rstrip(".") or say("Leaders still in role"),
                curves_picture(
                    groups(report.curves, "in_role_at_school", roles),
                    "retention-curves",
                    False,
                    say("share still in role"),
                ),
                say(
                    "Line: estimated share still in the role at the same school (Kaplan-Meier);"
                    " band: 95% interval at each point."
                ),
            ),
        ),
        tables=(
            tables.retention_table(horizons),
            *((tables.returning_table(returning),) if returning else ()),
        ),
    )


def successor_section(now: Sequence[SuccessorRow], indicators: Sequence[IndicatorRow]) -> Section | None:
    """Which schools have nobody ready to follow the principal; None without schools."""
    if not now:
        return None
    of_district = [
        row for row in indicators if row.indicator == "schools_with_successor" and row.school_id is None
    ]
    return Section(
        id="successors",
        title=say("Ready to follow the principal"),
        paragraphs=(
            words.successor_sentence(now),
            say(
                "{ready_rule} Somebody of another school may follow too; the list shows where the"
                " district would have to look elsewhere. How many are ready in a school is not"
                " shown, since it would point to persons.",
                ready_rule=READY_RULE,
            ),
        ),
        open_tables=(tables.successors_table(now),),
        tables=(tables.successor_years_table(of_district),),
        note=say("Records of the pathway that begin late make early years look worse than they were."),
    )


def access_section(access: Sequence[AccessRow]) -> Section | None:
    """Who gets on the pathway; None where staff are not known."""
    access = sorted(access, key=_place_of_group)
    identified = [row for row in access if row.stage == "identified"]
    if not identified:
        return None
    unequal = words.unequal(identified)
    shown = [row for row in identified if row.rate is not None]
    reach = min(1.0, 1.15 * max((row.ci_high or 0.0 for row in shown), default=1.0))
    title = (
        words.access_headline(unequal[0], access) if unequal else say("No group is clearly behind another")
    )
    return Section(
        id="access",
        title=say("Who gets on the pathway"),
        paragraphs=(
            say(
                "Of staff who had not reached a stage before a year, the share that reached it in"
                " that year, on any pathway, over up to three years. A group is marked where its"
                " rate is less than four fifths or more than five fourths of that of the group it"
                " is compared with, and chance alone would rarely do so, counting all"
                " comparisons. Sex and race of staff are not among the data that districts are"
                " asked for, so that access by them cannot be shown."
            ),
        ),
        pictures=(
            Picture(
                "access",
                title,
                dots_picture(
                    [_access_dot(row, row in unequal) for row in shown],
                    "access",
                    say("Share of staff identified for a pathway in a year, with 95% interval: ")
                    + "; ".join(
                        f"{words.group_name(row.group_kind, row.group_name)} {percent(row.rate)}"
                        for row in shown
                    )
                    + ".",
                    say("share identified in a year"),
                    reach,
                ),
                say(
                    "Mark: share of the group; line: its 95% interval. ▼ differs from the group"
                    " it is compared with by the rule; ● any other."
                ),
            ),
        ),
        tables=(tables.access_table(access),),
    )


_SHORT_GROUPS = {
    "novice": noted("Novice (under 3 years)"),
    "experienced": noted("Experienced"),
    "master's or higher": noted("Master's degree or higher"),
    "below master's": noted("Lower degree"),
    "lowest third": noted("Schools with least poverty"),
    "middle third": noted("Middle third of schools"),
    "highest third": noted("Schools with most poverty"),
}


def _place_of_group(row: AccessRow) -> tuple[str, str, bool, int, str]:
    """By stage and kind; the group that others are compared with first, thirds from lowest to highest."""
    thirds = {"middle third": 1, "highest third": 2}
    is_compared = row.group_name != row.reference_group
    return (row.stage, row.group_kind, is_compared, thirds.get(row.group_name, 0), row.group_name)


def _access_dot(row: AccessRow, is_marked: bool) -> Dot:
    label = (
        f"{terms.plain(row.group_name)} {(say('sites') if row.group_name == 'other' else say('schools'))}"
        if row.group_kind == "school_level"
        else say(_SHORT_GROUPS.get(row.group_name, terms.plain(row.group_name)))
    )
    figures = f"{percent(row.rate)} · {counted(row.n_reached, 'person', 'people')}"
    return Dot(label, row.rate, row.ci_low, row.ci_high, figures, is_marked)


def by_subject(rows: Sequence[ChangeRow]) -> list[list[ChangeRow]]:
    """Rows of each subject."""
    subjects = dict.fromkeys(row.academic_subject for row in rows)
    return [[row for row in rows if row.academic_subject == subject] for subject in subjects]


def change_section(changes: Sequence[ChangeRow]) -> Section | None:
    """Growth around a change of principal; None without any subject."""
    if not changes:
        return None
    subjects = by_subject(changes)
    clear = [rows for rows in subjects if words.is_clear_change(rows)]
    title = say("Growth around a change of principal: nothing that can be told apart from no change")
    if clear:
        title = words.change_sentence(clear[0]).rstrip(".")
    return Section(
        id="change",
        title=say("Growth before and after a new principal"),
        paragraphs=(
            say(
                "Schools are followed from before their first change of principal that was seen;"
                " their change in student growth is compared with that of schools that have not"
                " changed by then. Every school counts once. Years before the change (left of the"
                " dashed line) show whether the schools moved alike before; if not, what follows"
                " cannot be laid to the change. Principals are not changed by lot: this describes"
                " what went with a change."
            ),
        ),
        points=tuple(words.change_sentence(rows) for rows in subjects),
        pictures=(
            Picture(
                "change",
                title,
                changes_picture(changes, "change"),
                say(
                    "Mark: difference in growth against the year before the change (✚, zero by"
                    " definition); line: 95% interval, by school. □ before, ● after. Years with"
                    " fewer than five changed schools are left out."
                ),
            ),
        ),
        tables=(tables.changes_table(changes),),
    )
