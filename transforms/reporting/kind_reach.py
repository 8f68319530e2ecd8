"""Sections of a PD type's page on what it is and whom it reached."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.improvement.adoption import AdoptionRule
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.decision_rows import RecommendationRow
from transforms.reporting.decision_tables import GROUP_NAMES
from transforms.reporting.kind_charts import (
    reach_by_school_picture,
    reach_by_year_picture,
    started,
    started_picture,
)
from transforms.reporting.kind_rows import Kind, ProfileRow
from transforms.reporting.kind_tables import adoption_table, profile_table, schools_table
from transforms.reporting.learning_curves import adoption_picture
from transforms.reporting.numerals import (
    capitalised,
    count,
    counted,
    decimal,
    interval,
    listed,
    percent,
    school_year,
)
from transforms.reporting.picture import Picture
from transforms.reporting.rows import DistrictReachRow, ReachRow
from transforms.reporting.school_tables import district_reach_table
from transforms.reporting.sections import Section

_STARTERS = (noted("the district"), noted("schools"), noted("teachers"))


def what_section(kind: Kind) -> Section:
    """What the type is in this study: activities, hours, who started it, what it rests on."""
    profile = kind.profile
    facts = [(say("Such as"), listed([f"“{title}”" for title in kind.titles]))] if kind.titles else []
    if profile is not None:
        facts += _profile_facts(profile)
    nothing = (
        ()
        if profile
        else (
            say(
                "No attended hours are on record in {report_year}.", report_year=school_year(kind.report_year)
            ),
        )
    )
    return Section(
        "what",
        say("What it is here{what_title}", what_title=_what_title(profile)),
        paragraphs=nothing,
        facts=tuple(facts),
        pictures=(
            Picture(
                "kind-started",
                _started_title(kind.profiles),
                started_picture(kind.profiles, "kind-started"),
                say(
                    "Shares of hours started by the district, by schools and by teachers, by"
                    " school year. Where a part is of too few people, or not on record, the"
                    " year has no bar."
                ),
            ),
        ),
        tables=(profile_table(kind.profiles),),
    )


def _what_title(row: ProfileRow | None) -> str:
    if row is None or row.hours is None:
        return ""
    return say(
        ": {n_activities}, {hours} hours",
        n_activities=counted(row.n_activities, "activity", "activities"),
        hours=decimal(row.hours, 0),
    )


def _started_title(rows: Sequence[ProfileRow]) -> str:
    shown = [row for row in rows if any(started(row))]
    if not shown:
        return ""
    last = max(shown, key=lambda row: row.school_year)
    share, name = max(zip(started(last), say_each(_STARTERS), strict=True))
    return say(
        "{name} started {share} of its hours in {school_year}",
        name=capitalised(name),
        share=percent(share),
        school_year=school_year(last.school_year),
    )


def _profile_facts(row: ProfileRow) -> list[tuple[str, str]]:
    if row.is_suppressed:
        return [(say("Hours"), say("too few people took part to show them"))]
    shares = zip(started(row), say_each(_STARTERS), strict=True)
    said = [say("{share} by {name}", share=percent(share), name=name) for share, name in shares if share]
    each = None if not row.hours or not row.n_people else row.hours / row.n_people
    facts = [
        (say("People"), count(row.n_people)),
        (say("Activities"), count(row.n_activities)),
        (
            say("Hours"),
            say(
                "{hours} of all people together, {each} each{planned}",
                hours=decimal(row.hours, 0),
                each=decimal(each, 1),
                planned=_planned(row.planned_hours),
            ),
        ),
        (say("Started"), say("{said} (shares of hours)", said=listed(said)) if said else _unknown(row)),
        (say("Linked to the curriculum"), _share(row.curriculum_linked_share, row)),
        (say("Mandatory"), _share(row.mandatory_share, row)),
        (say("Research base strong or moderate"), _share(row.research_based_share, row)),
    ]
    if row.is_connected is not None:
        facts.append((say("Connected learning"), _connected(row.is_connected)))
    return facts


def _planned(hours: float | None) -> str:
    return (
        say("; planned hours are not on record")
        if hours is None
        else say("; an activity plans {hours}", hours=decimal(hours, 1))
    )


def _connected(is_connected: bool) -> str:
    if is_connected:
        return say("yes: the study counts it as part of the job and sustained")
    return say("no: the study does not count it as part of the job and sustained")


def _share(value: float | None, row: ProfileRow) -> str:
    return _unknown(row) if value is None else say("{value} of hours", value=percent(value))


def _unknown(row: ProfileRow) -> str:
    return (
        say("not on record, or a part is of too few people to show")
        if row.has_small_part
        else say("not on record")
    )


def reach_section(kind: Kind) -> Section:
    """Whom it reached by year and by school, and how it spread."""
    if not kind.district_reach:
        return Section(
            "reach", say("Whom it reached"), paragraphs=(say("No attended hours of it are on record."),)
        )
    rule = AdoptionRule()
    return Section(
        "reach",
        say("Whom it reached{reach_title}", reach_title=_reach_title(kind)),
        points=_groups(kind.decisions.recommendations),
        pictures=(
            Picture(
                "kind-years",
                _years_title(kind.district_reach),
                reach_by_year_picture(kind.district_reach, "kind-years"),
                say("Share of all teachers with attended hours, by school year."),
            ),
            Picture(
                "kind-schools",
                _schools_title(kind.reach),
                reach_by_school_picture(kind.reach, "kind-schools"),
                say(
                    "Each mark is a school, {report_year}; further right, more of its teachers"
                    " took part. {hidden_schools}",
                    report_year=school_year(kind.report_year),
                    hidden_schools=_hidden_schools(kind.reach),
                ),
            ),
            Picture(
                "kind-adoption",
                _adoption_title(kind),
                adoption_picture(kind.adoption, "kind-adoption"),
                say(
                    "Solid: schools where it has taken hold, that is where at least {share} of"
                    " teachers had {hours:g} hours or more in a year; dashed: schools where that"
                    " is so in the year itself.",
                    share=percent(rule.share),
                    hours=rule.hours,
                ),
            ),
        ),
        tables=(
            district_reach_table(kind.district_reach),
            schools_table(kind.reach),
            adoption_table(kind.adoption),
        ),
    )


def _reach_title(kind: Kind) -> str:
    now = next((row for row in kind.district_reach if row.school_year == kind.report_year), None)
    if now is None:
        return say(": nobody in {report_year}", report_year=school_year(kind.report_year))
    return (
        say(": too few to show")
        if now.share is None
        else say(": {share} of teachers", share=percent(now.share))
    )


def _groups(rows: Sequence[RecommendationRow]) -> tuple[str, ...]:
    """Reach of the group that it reached least, against the other teachers."""
    points = []
    for row in rows:
        if row.equity_ratio is None or row.less_reached_group is None:
            continue
        group = say(GROUP_NAMES.get(row.less_reached_group, row.less_reached_group))
        ends = interval(row.equity_ratio_low, row.equity_ratio_high, 2)
        is_open = row.equity_ratio_low is None or row.equity_ratio_high is None
        is_clear = not is_open and not (row.equity_ratio_low or 0.0) <= 1 <= (row.equity_ratio_high or 0.0)
        reading = "" if is_clear else say(": no difference from the others can be told")
        points.append(
            say(
                "{group} were reached {equity_ratio} times as often as others (95% interval"
                " {ends}){reading}.",
                group=capitalised(group),
                equity_ratio=decimal(row.equity_ratio),
                ends=ends,
                reading=reading,
            )
        )
    return tuple(points)


def _years_title(rows: Sequence[DistrictReachRow]) -> str:
    shown = sorted((row for row in rows if row.share is not None), key=lambda row: row.school_year)
    if not shown:
        return ""
    last = shown[-1]
    title = say(
        "It reached {share} of teachers in {school_year}",
        share=percent(last.share),
        school_year=school_year(last.school_year),
    )
    if len(shown) > 1:
        title += say(
            ", {share} in {school_year}",
            share=percent(shown[0].share),
            school_year=school_year(shown[0].school_year),
        )
    return title


def _schools_title(rows: Sequence[ReachRow]) -> str:
    shares = [row.share for row in rows if row.share is not None]
    if len(shares) < 2:
        return ""
    low, high = percent(min(shares)), percent(max(shares))
    return say(
        "In {n_shares} schools it reached from {low} to {high} of teachers",
        n_shares=len(shares),
        low=low,
        high=high,
    )


def _hidden_schools(rows: Sequence[ReachRow]) -> str:
    hidden = sum(row.share is None for row in rows)
    if not hidden:
        return say("Schools that it did not reach are not drawn.")
    return say(
        "Not drawn: {n_schools} where too few took part to show, and those that it did not reach.",
        n_schools=counted(hidden, "school"),
    )


def _adoption_title(kind: Kind) -> str:
    if not kind.adoption:
        return ""
    last = max(kind.adoption, key=lambda row: row.school_year)
    schools = say("{n_adopted} of {n_schools} schools", n_adopted=last.n_adopted, n_schools=last.n_schools)
    return say(
        "By {school_year} it had taken hold in {schools}",
        school_year=school_year(last.school_year),
        schools=schools,
    )
