"""The page of the leadership pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from transforms.improvement.leadership_indicators import READY_RULE
from transforms.improvement.leadership_steps import BROKEN_RULE
from transforms.reporting import leadership_tables as tables
from transforms.reporting import leadership_words as words
from transforms.reporting import terms
from transforms.reporting.indicator_rows import IndicatorRow, missing_reasons, read_indicators
from transforms.reporting.leadership_charts import (
    Bar,
    Dot,
    changes_picture,
    curves_picture,
    dots_picture,
    funnel_picture,
)
from transforms.reporting.leadership_rows import (
    AccessRow,
    ChangeRow,
    CurvePoint,
    LeadershipReport,
    StepRow,
    SuccessorRow,
    read_leadership,
)
from transforms.reporting.numerals import capitalised, counted, percent, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import Build
from transforms.reporting.sections import Section, SectionPage

_STEPS = ("identified_to_in_training", "in_training_to_completed", "completed_to_placed")
_LEVELS = ("classroom", "school", "district")
_ROLES = ("principal", "assistant_principal", "instructional_coach")
_SHORT_STEPS = {
    "identified_to_in_training": "into training",
    "in_training_to_completed": "to completion",
    "completed_to_placed": "into a role",
}
_STAGES = ("Identified", "In training", "Completed", "Placed")
_SOURCES = (
    "Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the"
    " American Statistical Association 53(282).",
    "Cox, D. R. (1972). Regression models and life-tables. Journal of the Royal Statistical Society B 34(2).",
    "Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time periods. Journal of"
    " Econometrics 225(2).",
    "Gates, S. M., Baird, M. D., Master, B. K. and Chavez-Herrerias, E. R. (2019). Principal pipelines: a feasible,"
    " affordable, and effective way for districts to improve schools. RAND.",
)


def leadership_page(connection: duckdb.DuckDBPyConnection, build: Build) -> SectionPage:
    """Values of the page."""
    year = build.report_year
    report = read_leadership(connection, year)
    indicators = [
        row for row in read_indicators(connection, "leadership_pipeline") if row.school_year <= year
    ]
    now = [row for row in report.successors if row.school_year == year]
    return SectionPage(
        kicker="Leadership pipeline",
        study_name=build.study_name,
        year=school_year(year),
        sentences=page_sentences(report, now),
        stands_out=standing_out(report, now),
        sections=tuple(
            section
            for section in (
                _funnel_section(_in_order(report.steps)),
                _time_section(report),
                _retention_section(report, indicators),
                _successor_section(now, indicators),
                _access_section(report.access),
                _change_section(report.changes),
            )
            if section is not None
        ),
        missing=missing_reasons(tuple(row for row in indicators if row.category == "all")),
        sources=_SOURCES,
    )


def page_sentences(report: LeadershipReport, now: Sequence[SuccessorRow]) -> tuple[str, ...]:
    """The answer of the page: where the pathway breaks, who stays, where nobody is ready."""
    roles = [row for row in report.horizons if row.process == "in_role_at_school"]
    first = words.funnel_sentence(_in_order(report.steps))
    if not report.steps:
        first = "There is no record of staff on a leadership pathway."
    found = (first, words.retention_sentence(roles), words.successor_sentence(now))
    return tuple(sentence for sentence in found if sentence)


def standing_out(report: LeadershipReport, now: Sequence[SuccessorRow]) -> tuple[str, ...]:
    """Broken steps, schools without a successor, unequal access, clear changes in growth."""
    broken = [words.broken_sentence(row) for row in _in_order(report.steps) if row.is_broken]
    access = [words.access_sentence(row, report.access) for row in words.unequal(report.access)]
    changes = [
        words.change_sentence(rows) for rows in _by_subject(report.changes) if words.is_clear_change(rows)
    ]
    return tuple(text for text in (*broken, words.successors_stand_out(now), *access, *changes) if text)


def _in_order(rows: Sequence[StepRow]) -> list[StepRow]:
    known = [row for row in rows if row.step in _STEPS and row.pathway_level in _LEVELS]
    return sorted(known, key=lambda row: (_LEVELS.index(row.pathway_level), _STEPS.index(row.step)))


def funnels(steps: Sequence[StepRow]) -> dict[str, list[Bar]]:
    """Bars of each pathway whose steps may be shown, as shares of those identified."""
    found: dict[str, list[Bar]] = {}
    for level in _LEVELS:
        rows = {row.step: row for row in steps if row.pathway_level == level and not row.is_suppressed}
        first = rows.get(_STEPS[0])
        if first is None or not first.n_reached:
            continue
        bars = [Bar(_STAGES[0], 1.0, counted(first.n_reached, "person", "people"))]
        for stage, step in zip(_STAGES[1:], _STEPS, strict=True):
            row = rows.get(step)
            if row is None or row.n_converted is None:
                break
            figures = f"{row.n_converted} ({percent(row.conversion)} of {row.n_reached})"
            bars.append(Bar(stage, row.n_converted / first.n_reached, figures, row.is_broken))
        found[capitalised(words.level_name(level))] = bars
    return found


def _funnel_section(steps: Sequence[StepRow]) -> Section | None:
    if not steps:
        return None
    broken = [row for row in steps if row.is_broken]
    title = "No step clearly falls behind"
    if broken:
        row = broken[0]
        title = (
            f"{capitalised(words.level_name(row.pathway_level))}: {row.n_converted} of {row.n_reached} go on"
            f" {words.STEP_NAMES[row.step]}"
        )
    return Section(
        id="funnel",
        title="From identified to placed",
        paragraphs=(
            "Staff are identified for a pathway, trained, complete the training, and are placed in a role. Who has a"
            " record of a later stage counts as having passed the earlier ones. People who began recently have had"
            " little time: the second picture therefore shows the share that goes on within two years, as estimated"
            " from everybody for as long as each could be followed (Kaplan-Meier). Who left the district without"
            " going on counts as not gone on.",
        ),
        pictures=(
            Picture(
                "funnel",
                title,
                funnel_picture(funnels(steps), "funnel"),
                "Bars: people who have reached a stage, as a share of those identified; in brackets the share of"
                " those who reached the stage before. ▼ marks the step at which a pathway breaks by the rule below.",
            ),
            Picture(
                "steps",
                "Who goes on within two years, step by step",
                dots_picture(
                    [_step_dot(row) for row in steps if not row.is_suppressed],
                    "steps",
                    "Share that goes on within two years, with 95% interval: "
                    + "; ".join(f"{_step_label(row)} {percent(row.conversion_2y)}" for row in steps)
                    + ".",
                    "share that goes on within two years",
                ),
                "Mark: estimate; line: its 95% interval. ▼ a step at which the pathway breaks; ● any other.",
            ),
        ),
        tables=(tables.steps_table(steps),),
        note=f"Rule: {BROKEN_RULE}. The log-rank test compares how soon people go on, for as long as each is followed.",
    )


def _step_label(row: StepRow) -> str:
    return f"{terms.plain(row.pathway_level)}: {_SHORT_STEPS[row.step]}"


def _step_dot(row: StepRow) -> Dot:
    return Dot(
        _step_label(row),
        row.conversion_2y,
        row.conversion_2y_ci_low,
        row.conversion_2y_ci_high,
        "too soon to say" if row.conversion_2y is None else percent(row.conversion_2y),
        row.is_broken,
    )


def _groups(
    points: Sequence[CurvePoint], process: str, categories: Mapping[str, str]
) -> dict[str, list[CurvePoint]]:
    found = {
        name: [point for point in points if point.process == process and point.category == category]
        for category, name in categories.items()
    }
    return {name: rows for name, rows in found.items() if rows}


def _time_section(report: LeadershipReport) -> Section | None:
    levels = {level: capitalised(words.level_name(level)) for level in _LEVELS}
    medians = [row for row in report.medians if row.process == "completed_to_placed"]
    if not medians:
        return None
    model = tables.chosen_model(report.models)
    refused = [row.note for row in report.models if row.term == "all" and row.note and not model]
    return Section(
        id="placement",
        title="How long until a role",
        paragraphs=(
            "Counted from completing the training. Who still waits, or has left, is not dropped: each counts for as"
            " long as a placement could have been seen.",
            "A hazard ratio compares how fast groups are placed: 2 means twice the chance at any moment among those"
            " still waiting, 1 no difference, below 1 slower. It describes; it does not say why."
            if model
            else "Who is placed sooner could not be compared"
            + (f": {refused[0].removeprefix('refused: ')}." if refused and refused[0] else "."),
        ),
        pictures=(
            Picture(
                "placement-curves",
                words.half_placed(sorted(medians, key=lambda row: _LEVELS.index(row.category))),
                curves_picture(
                    _groups(report.curves, "completed_to_placed", levels),
                    "placement-curves",
                    True,
                    "share placed",
                ),
                "Line: estimated share placed by then (Kaplan-Meier); band: 95% interval at each point. A curve ends"
                " where fewer than five people are still waiting.",
            ),
        ),
        tables=(
            tables.placement_table(report.medians, report.horizons),
            *((tables.model_table(report.models),) if model else ()),
        ),
        note=_model_note(report, bool(model)),
    )


def _model_note(report: LeadershipReport, has_model: bool) -> str:
    notes = [row.note for row in tables.chosen_model(report.models) if row.term == "all" and row.note]
    if not has_model:
        return ""
    return (
        "Hazard ratios by Cox's model, errors by person. ‘Same at all times’ tests whether a ratio holds for short"
        " and long waits alike; a small p says that it is an average of different ones."
        + "".join(f" {capitalised(note)}." for note in notes)
    )


def _retention_section(report: LeadershipReport, indicators: Sequence[IndicatorRow]) -> Section | None:
    horizons = [row for row in report.horizons if row.process in ("in_role_at_school", "placed_to_left_role")]
    if not horizons:
        return None
    roles = {role: words.category_name(role) for role in _ROLES}
    returning = [row for row in indicators if row.indicator == "leaders_returning" and row.value is not None]
    sentence = words.retention_sentence([row for row in horizons if row.process == "in_role_at_school"])
    return Section(
        id="retention",
        title="Staying in role",
        paragraphs=(
            "A leader counts as still in role while assigned to the same role at the same school in the next year."
            " Spells under way in the first year of the records count from that year, since nobody knows here how long"
            " they had lasted; ‘new in role’ are those whose first year was seen. Of the last year it is not known who"
            " comes back. Who was placed on a pathway counts as staying until a record of leaving the role, or until"
            " no longer on the staff.",
        ),
        pictures=(
            Picture(
                "retention-curves",
                sentence.rstrip(".") or "Leaders still in role",
                curves_picture(
                    _groups(report.curves, "in_role_at_school", roles),
                    "retention-curves",
                    False,
                    "share still in role",
                ),
                "Line: estimated share still in the role at the same school (Kaplan-Meier); band: 95% interval at"
                " each point.",
            ),
        ),
        tables=(
            tables.retention_table(horizons),
            *((tables.returning_table(returning),) if returning else ()),
        ),
    )


def _successor_section(now: Sequence[SuccessorRow], indicators: Sequence[IndicatorRow]) -> Section | None:
    if not now:
        return None
    of_district = [
        row for row in indicators if row.indicator == "schools_with_successor" and row.school_id is None
    ]
    return Section(
        id="successors",
        title="Ready to follow the principal",
        paragraphs=(
            words.successor_sentence(now),
            f"{READY_RULE} Somebody of another school may follow too; the list shows where the district would have to"
            " look elsewhere. How many are ready in a school is not shown, since it would point to persons.",
        ),
        open_tables=(tables.successors_table(now),),
        tables=(tables.successor_years_table(of_district),),
        note="Records of the pathway that begin late make early years look worse than they were.",
    )


def _access_section(access: Sequence[AccessRow]) -> Section | None:
    access = sorted(access, key=_place_of_group)
    identified = [row for row in access if row.stage == "identified"]
    if not identified:
        return None
    unequal = words.unequal(identified)
    shown = [row for row in identified if not row.is_suppressed]
    reach = min(1.0, 1.15 * max((row.ci_high or 0.0 for row in shown), default=1.0))
    title = words.access_headline(unequal[0], access) if unequal else "No group is clearly behind another"
    return Section(
        id="access",
        title="Who gets on the pathway",
        paragraphs=(
            "Of staff who had not reached a stage before a year, the share that reached it in that year, on any"
            " pathway, over up to three years. A group is marked where its rate is less than four fifths or more than"
            " five fourths of that of the group it is compared with, and chance alone would rarely do so, counting"
            " all comparisons. Sex and race of staff are not among the data that districts are asked for, so that"
            " access by them cannot be shown.",
        ),
        pictures=(
            Picture(
                "access",
                title,
                dots_picture(
                    [_access_dot(row, row in unequal) for row in shown],
                    "access",
                    "Share of staff identified for a pathway in a year, with 95% interval: "
                    + "; ".join(
                        f"{words.group_name(row.group_kind, row.group_name)} {percent(row.rate)}" for row in shown
                    )
                    + ".",
                    "share identified in a year",
                    reach,
                ),
                "Mark: share of the group; line: its 95% interval. ▼ differs from the group it is compared with by the"
                " rule; ● any other.",
            ),
        ),
        tables=(tables.access_table(access),),
    )


_SHORT_GROUPS = {
    "novice": "Novice (under 3 years)",
    "experienced": "Experienced",
    "master's or higher": "Master's degree or higher",
    "below master's": "Lower degree",
    "lowest third": "Schools with least poverty",
    "middle third": "Middle third of schools",
    "highest third": "Schools with most poverty",
}


def _place_of_group(row: AccessRow) -> tuple[str, str, bool, int, str]:
    """By stage and kind; the group that others are compared with first, thirds from lowest to highest."""
    thirds = {"middle third": 1, "highest third": 2}
    is_compared = row.group_name != row.reference_group
    return (row.stage, row.group_kind, is_compared, thirds.get(row.group_name, 0), row.group_name)


def _access_dot(row: AccessRow, is_marked: bool) -> Dot:
    label = (
        f"{terms.plain(row.group_name)} {'sites' if row.group_name == 'other' else 'schools'}"
        if row.group_kind == "school_level"
        else _SHORT_GROUPS.get(row.group_name, terms.plain(row.group_name))
    )
    figures = f"{percent(row.rate)} · {counted(row.n_reached, 'person', 'people')}"
    return Dot(label, row.rate, row.ci_low, row.ci_high, figures, is_marked)


def _by_subject(rows: Sequence[ChangeRow]) -> list[list[ChangeRow]]:
    subjects = dict.fromkeys(row.academic_subject for row in rows)
    return [[row for row in rows if row.academic_subject == subject] for subject in subjects]


def _change_section(changes: Sequence[ChangeRow]) -> Section | None:
    if not changes:
        return None
    by_subject = _by_subject(changes)
    clear = [rows for rows in by_subject if words.is_clear_change(rows)]
    title = "Growth around a change of principal: nothing that can be told apart from no change"
    if clear:
        title = words.change_sentence(clear[0]).rstrip(".")
    return Section(
        id="change",
        title="Growth before and after a new principal",
        paragraphs=(
            "Schools are followed from before their first change of principal that was seen; their change in student"
            " growth is compared with that of schools that have not changed by then. Every school counts once. Years"
            " before the change (left of the dashed line) show whether the schools moved alike before; if not, what"
            " follows cannot be laid to the change. Principals are not changed by lot: this describes what went with"
            " a change.",
        ),
        points=tuple(words.change_sentence(rows) for rows in by_subject),
        pictures=(
            Picture(
                "change",
                title,
                changes_picture(changes, "change"),
                "Mark: difference in growth against the year before the change (✚, zero by definition); line: 95%"
                " interval, by school. □ before, ● after. Years with fewer than five changed schools are left out.",
            ),
        ),
        tables=(tables.changes_table(changes),),
    )
