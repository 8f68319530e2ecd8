"""The tables of the page of a system that learns."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.learning_rows import (
    ROLE_NAMES,
    AdoptionRow,
    AssociationRow,
    ChangeRow,
    GapRow,
    Learning,
    SchoolAdoptionRow,
    ScoreRow,
    SpreadRow,
    driver_name,
)
from transforms.reporting.learning_spread_words import half_text
from transforms.reporting.numerals import (
    capitalised,
    count,
    decimal,
    interval,
    listed,
    p_value,
    percent,
    school_year,
    signed,
)
from transforms.reporting.tables import DataTable, make_table

HIDDEN = noted("too few people")
_READS = {"strength": noted("higher"), "concern": noted("lower")}
_FEW_NAMES = 8


def roles_table(rows: Sequence[ScoreRow]) -> DataTable:
    """Mean answers of the district by driver, year and role; hidden ones say so."""
    return make_table(
        say("Mean answers on the four drivers, from 1 to 5, by role and year"),
        "Driver|Year|Role|Mean (95% interval) #|People #|Schools #",
        [
            (
                driver_name(row.driver),
                school_year(row.school_year),
                say("Everybody") if row.role == "all" else capitalised(say(ROLE_NAMES[row.role])),
                say(HIDDEN)
                if row.is_suppressed
                else f"{decimal(row.mean_score)} ({interval(row.ci_low, row.ci_high, 2)})",
                say(HIDDEN) if row.is_suppressed else count(row.n_persons),
                say(HIDDEN) if row.is_suppressed else count(row.n_schools),
            )
            for row in rows
            if row.school_id is None
        ],
    )


def schools_table(indicators: Sequence[IndicatorRow], year: int) -> DataTable:
    """Schools whose teachers answer clearly higher or lower than those of the other schools of the level."""
    rows = [
        row
        for row in indicators
        if row.indicator.startswith("driver_") and row.school_id and row.school_year == year
        if row.status in _READS and row.value is not None
    ]
    return make_table(
        say(
            "Schools whose teachers answer higher or lower than those of the level's other schools, {year}",
            year=school_year(year),
        ),
        "School|Driver|Teachers' mean (95% interval) #|Other schools #|Teachers #|Reads as",
        [
            (
                row.school_name or row.school_id or "",
                row.label,
                f"{decimal(row.value)} ({interval(row.ci_low, row.ci_high, 2)})",
                decimal(row.comparison_value),
                count(row.n_persons),
                say(_READS[row.status]),
            )
            for row in sorted(rows, key=lambda row: (row.status, row.school_name or "", row.indicator))
        ],
    )


def gaps_table(rows: Sequence[GapRow]) -> DataTable:
    """Gaps between roles and the teachers of the same schools, by driver and year."""
    return make_table(
        say("How much higher leaders answer than the teachers of their own schools, in points"),
        "Driver|Year|Who|Where|Gap (95% interval) #|Leaders #|Teachers #|Schools #",
        [
            (
                driver_name(row.driver),
                school_year(row.school_year),
                capitalised(say(ROLE_NAMES[row.role])),
                say("District") if row.school_id is None else row.school_name or row.school_id,
                (row.note or say(HIDDEN))
                if row.gap is None
                else f"{signed(row.gap)} ({interval(row.ci_low, row.ci_high)})",
                count(row.n_role),
                count(row.n_teachers),
                count(row.n_schools),
            )
            for row in rows
        ],
    )


def furthest_table(learning: Learning) -> DataTable:
    """For each driver the schools whose teachers answer furthest below the leaders of the whole district."""
    year = learning.report_year
    leaders = {row.driver: row for row in learning.district("principal", year)}
    rows = []
    for driver, leader in leaders.items():
        schools = [
            row
            for row in learning.scores
            if (row.driver, row.role, row.school_year) == (driver, "teacher", year)
            if row.school_id is not None and row.mean_score is not None
        ]
        lowest = sorted(schools, key=lambda row: (row.mean_score or 0, row.school_name or ""))[:3]
        rows += [
            (
                driver_name(driver),
                row.school_name or row.school_id or "",
                f"{decimal(row.mean_score)} ({interval(row.ci_low, row.ci_high, 2)})",
                decimal(leader.mean_score),
                signed((row.mean_score or 0) - (leader.mean_score or 0)),
                count(row.n_persons),
            )
            for row in lowest
        ]
    return make_table(
        say(
            "Schools whose teachers are furthest below what the district's principals see, {year}",
            year=school_year(year),
        ),
        "Driver|School|Its teachers' mean (95% interval) #|All principals of the district #|Difference"
        " #|Teachers #",
        rows,
    )


def changes_table(rows: Sequence[ChangeRow]) -> DataTable:
    """Changes per year by driver and role."""
    return make_table(
        say("Change per year within the same schools and roles, in points"),
        "Driver|Role|Years|Change a year (95% interval) #|p, adjusted #|Schools #|Remark",
        [
            (
                driver_name(row.driver),
                say("Everybody") if row.role == "all" else capitalised(say(ROLE_NAMES[row.role])),
                say(
                    "{first_year} to {last_year}",
                    first_year=school_year(row.first_year or 0),
                    last_year=school_year(row.last_year or 0),
                ),
                say(HIDDEN)
                if row.is_suppressed
                else f"{signed(row.change_per_year, 3)} ({interval(row.ci_low, row.ci_high, 3)})",
                p_value(row.p_value_bh),
                count(row.n_schools),
                row.note or "",
            )
            for row in rows
        ],
    )


def associations_table(rows: Sequence[AssociationRow]) -> DataTable:
    """How teachers' answers go with growth, with what the means are worth."""
    return make_table(
        say("Growth of students that goes with one standard deviation (SD) of schools' mean answers"),
        "Driver|Subject|Growth, SD (95% interval) #|p, adjusted #|Correlation #|Without error of the means #"
        "|ICC(1) #|ICC(2) #|Schools #|School years #|Remark",
        [
            (
                driver_name(row.driver),
                terms.subject_name(row.academic_subject),
                f"{signed(row.slope_sd, 3)} ({interval(row.ci_low, row.ci_high, 3)})",
                p_value(row.p_value_bh),
                signed(row.correlation),
                signed(row.slope_disattenuated_sd, 3),
                decimal(row.icc1),
                decimal(row.icc2),
                count(row.n_schools),
                count(row.n_school_years),
                row.note or "",
            )
            for row in rows
        ],
    )


def spread_table(rows: Sequence[SpreadRow], adoption: Sequence[AdoptionRow], year: int) -> DataTable:
    """How far each kind of PD has spread, and when it had reached half."""
    practising = {row.pd_type: row for row in adoption if row.school_year == year}
    return make_table(
        say("Spread of each kind of PD over schools"),
        f"PD|Schools that took it up #|In the first year on record #|Half of the schools"
        f"|{say('Live it in {year}', year=school_year(year))} #|Hours of a teacher who takes part (median) #",
        [
            (
                terms.pd_type_name(row.pd_type),
                say(
                    "{n_adopted} of {n_schools} ({n_adopted_2})",
                    n_adopted=row.n_adopted,
                    n_schools=row.n_schools,
                    n_adopted_2=percent(row.n_adopted / row.n_schools),
                ),
                count(row.n_left_censored),
                half_text(row),
                count(practising[row.pd_type].n_practising) if row.pd_type in practising else "n/a",
                decimal(row.median_hours, 1),
            )
            for row in sorted(rows, key=lambda row: (-row.n_adopted / row.n_schools, row.pd_type))
        ],
    )


def adoption_table(rows: Sequence[AdoptionRow]) -> DataTable:
    """The numbers behind the curves."""
    return make_table(
        say("Schools that took up each kind of PD, by year"),
        "PD|Year|Took it up by then #|Share #|New #|Live it in the year #|Schools #",
        [
            (
                terms.pd_type_name(row.pd_type),
                school_year(row.school_year),
                count(row.n_adopted),
                percent(row.share),
                count(row.n_new),
                count(row.n_practising),
                count(row.n_schools),
            )
            for row in rows
        ],
    )


def waiting_table(rows: Sequence[SchoolAdoptionRow], spreads: Sequence[SpreadRow]) -> DataTable:
    """Schools that have not taken up a kind of PD that at least half of the schools have."""
    waiting = []
    for spread in spreads:
        if spread.half_status == "not_reached":
            continue
        names = [
            row.school_name
            for row in rows
            if row.pd_type == spread.pd_type and not row.is_suppressed and row.adoption_year is None
        ]
        if names:
            more = (
                say(" and {n_names} more", n_names=len(names) - _FEW_NAMES) if len(names) > _FEW_NAMES else ""
            )
            shown = names[:_FEW_NAMES]
            text = f"{', '.join(shown)}{more}" if more else listed(shown)
            waiting.append((terms.pd_type_name(spread.pd_type), count(len(names)), text))
    return make_table(
        say("Schools that have not yet taken up what at least half of the schools have"),
        "PD|Schools #|Which",
        waiting,
    )


def neighbours_table(rows: Sequence[SpreadRow]) -> DataTable:
    """Whether schools take a kind of PD up after their neighbours did."""
    return make_table(
        say("Odds of taking a kind of PD up for one further tenth of neighbours that had it the year before"),
        "PD|Odds ratio (95% interval) #|p by shuffling #|p, adjusted #|Schools that took it up meanwhile"
        " #|Remark",
        [
            (
                terms.pd_type_name(row.pd_type),
                "n/a"
                if row.odds_ratio is None
                else f"{decimal(row.odds_ratio)} ({interval(row.ci_low, row.ci_high)})",
                p_value(row.p_value),
                p_value(row.p_value_bh),
                count(row.n_events),
                row.note or "",
            )
            for row in rows
        ],
    )
