"""The tables of the page of the leadership pipeline."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting import leadership_words as words
from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.indicator_rows import IndicatorRow
from transforms.reporting.leadership_rows import (
    AccessRow,
    ChangeRow,
    HorizonRow,
    MedianRow,
    ModelRow,
    StepRow,
    SuccessorRow,
)
from transforms.reporting.numerals import (
    NO_NUMBER,
    capitalised,
    count,
    decimal,
    interval,
    p_value,
    percent,
    school_year,
    signed,
)
from transforms.reporting.tables import DataTable, make_table

TOO_FEW = noted("too few")
_AFTER = (1, 3, 5)


def share_cell(value: float | None, low: float | None, high: float | None) -> str:
    """Share with its interval: 12% (6% to 23%)."""
    if value is None:
        return say(NO_NUMBER)
    return (
        percent(value)
        if low is None or high is None
        else say("{value} ({low} to {high})", value=percent(value), low=percent(low), high=percent(high))
    )


def steps_table(rows: Sequence[StepRow]) -> DataTable:
    """Each step of each pathway."""
    return make_table(
        say("Steps of the pathways"),
        "Pathway|Step|Reached the first stage #|Went on #|Left the district #|Still waiting #"
        "|Share that went on (95% interval) #|Within two years (95% interval) #|On the other pathways #"
        "|p, adjusted #|Reads as",
        [_step_cells(row) for row in rows],
    )


def _step_cells(row: StepRow) -> tuple[str, ...]:
    names = (
        capitalised(words.level_name(row.pathway_level)),
        capitalised(say(words.STEP_NAMES.get(row.step, terms.plain(row.step)))),
    )
    if row.is_suppressed:
        return (*names, *[say(TOO_FEW)] * 8, "")
    return (
        *names,
        count(row.n_reached),
        _people(row.n_converted),
        say(NO_NUMBER) if _is_left_unknown(row) else _people(row.n_left),
        _people(row.n_waiting),
        share_cell(row.conversion, row.ci_low, row.ci_high),
        share_cell(row.conversion_2y, row.conversion_2y_ci_low, row.conversion_2y_ci_high),
        percent(row.others_conversion_2y),
        p_value(row.p_value_bh),
        say("breaks here") if row.is_broken else (row.note or ""),
    )


def _is_left_unknown(row: StepRow) -> bool:
    """Without staff assignments all who did not go on are counted as waiting."""
    if row.n_reached is None or row.n_converted is None or row.n_left is not None:
        return False
    return row.n_waiting == row.n_reached - row.n_converted


def _people(n: int | None) -> str:
    return say(TOO_FEW) if n is None else count(n)


def placement_table(medians: Sequence[MedianRow], horizons: Sequence[HorizonRow]) -> DataTable:
    """Time to placement from completion and from being identified."""
    starts = {
        "completed_to_placed": say("completing training"),
        "identified_to_placed": say("being identified"),
    }
    by_key = {(row.process, row.category, row.horizon_years): row for row in horizons}
    rows = [row for row in medians if row.process in starts]
    return make_table(
        say("Time to placement"),
        "Pathway|Counted from|People #|Placed #|Half are placed after, months (95% interval) #"
        "|Placed within 1 year #|2 years #|3 years #",
        [
            (
                capitalised(words.level_name(row.category)),
                starts[row.process],
                _people(row.n_people),
                _people(row.n_events),
                words.median_text(row),
                *(_reached(by_key.get((row.process, row.category, years))) for years in (1, 2, 3)),
            )
            for row in rows
        ],
    )


def _reached(row: HorizonRow | None) -> str:
    if row is None or row.survival is None:
        return _why(row)
    low, high = (
        (None, None) if row.ci_low is None or row.ci_high is None else (1 - row.ci_high, 1 - row.ci_low)
    )
    return share_cell(1 - row.survival, low, high)


def _why(row: HorizonRow | None) -> str:
    return (
        say(NO_NUMBER)
        if row is None
        else say("followed too short")
        if not row.is_suppressed
        else say(TOO_FEW)
    )


def retention_table(horizons: Sequence[HorizonRow]) -> DataTable:
    """Who is still in role after 1, 3 and 5 years: roles at a school, and placements of the pathways."""
    kept = [row for row in horizons if row.process in ("in_role_at_school", "placed_to_left_role")]
    keys = list(dict.fromkeys((row.process, row.category) for row in kept))
    cells = {(row.process, row.category, row.horizon_years): row for row in kept}
    rows = []
    for process, category in sorted(keys):
        first = cells[process, category, 1]
        name = (
            words.category_name(category)
            if process == "in_role_at_school"
            else say("Placed on the pathway to {level_name}", level_name=words.level_name(category))
        )
        rows.append(
            (
                name,
                say(TOO_FEW) if first.is_suppressed else count(first.n_people),
                *(_stayed(cells.get((process, category, years))) for years in _AFTER),
            )
        )
    return make_table(
        say("Still in role (95% interval)"),
        "Role|People #|After 1 year #|After 3 years #|After 5 years #",
        rows,
    )


def _stayed(row: HorizonRow | None) -> str:
    if row is None or row.survival is None:
        return _why(row)
    return share_cell(row.survival, row.ci_low, row.ci_high)


def returning_table(rows: Sequence[IndicatorRow]) -> DataTable:
    """Leaders back in the same role at the same school, by year."""
    years = sorted({row.school_year for row in rows})
    roles = sorted({row.category for row in rows})
    cells = {(row.category, row.school_year): row for row in rows}
    return make_table(
        say("Back in the same role at the same school as the year before"),
        "Role|" + "|".join(f"{school_year(year)} #" for year in years) if years else "Role",
        [
            (words.category_name(role), *(_indicator(cells.get((role, year))) for year in years))
            for role in roles
        ],
    )


def _indicator(row: IndicatorRow | None) -> str:
    if row is None:
        return say(NO_NUMBER)
    return say(TOO_FEW) if row.is_suppressed else share_cell(row.value, row.ci_low, row.ci_high)


def model_table(rows: Sequence[ModelRow]) -> DataTable:
    """Hazard ratios of the fullest model that could be fitted."""
    terms_of = [row for row in chosen_model(rows) if row.term != "all"]
    return make_table(
        say("Who is placed sooner: hazard ratios"),
        "Group|Compared with|Hazard ratio (95% interval) #|p #|Same at all times, p #|Reads as",
        [
            (
                capitalised(row.term),
                row.compared_with or "",
                f"{decimal(row.hazard_ratio)} ({interval(row.ci_low, row.ci_high)})",
                p_value(row.p_value),
                p_value(row.proportional_p_value),
                words.ratio_words(row) + (f"; {row.note}" if row.note else ""),
            )
            for row in terms_of
        ],
    )


def chosen_model(rows: Sequence[ModelRow]) -> list[ModelRow]:
    """Rows of the full model, or where it was refused of that with the pathway alone."""
    for name in ("full", "level"):
        of_model = [row for row in rows if row.model == name]
        if any(row.hazard_ratio is not None for row in of_model):
            return of_model
    return []


def successors_table(rows: Sequence[SuccessorRow]) -> DataTable:
    """Schools without a ready successor; ``rows`` of one year."""
    names = [row.school_name for row in rows]
    without = [row for row in rows if not row.has_successor]
    return make_table(
        say("Schools where nobody on the staff is ready to follow the principal"),
        "School|Level|Principal now",
        [
            (
                f"{row.school_name} ({row.school_id})"
                if names.count(row.school_name) > 1
                else row.school_name,
                terms.plain(row.school_level) if row.school_level else "",
                "yes" if row.has_principal else say("none on record"),
            )
            for row in sorted(without, key=lambda row: (row.has_principal, row.school_name, row.school_id))
        ],
    )


def successor_years_table(rows: Sequence[IndicatorRow]) -> DataTable:
    """Share of schools with a ready successor by year."""
    return make_table(
        say("Schools with somebody ready, by year"),
        "School year|Schools #|With somebody ready #|Share (95% interval) #",
        [
            (
                school_year(row.school_year),
                count(int(row.denominator or 0)),
                count(int(row.numerator or 0)),
                share_cell(row.value, row.ci_low, row.ci_high),
            )
            for row in rows
            if row.value is not None
        ],
    )


def access_table(rows: Sequence[AccessRow]) -> DataTable:
    """Rates of every group and their ratios."""
    return make_table(
        say("Access to the pathways"),
        "Stage|Group|Staff-years #|Reached it #|Rate a year (95% interval) #|Against #"
        "|Ratio (95% interval) #|p, adjusted #|Reads as",
        [
            (
                terms.plain(row.stage),
                capitalised(words.group_name(row.group_kind, row.group_name)),
                _people(row.n_staff_years),
                _people(row.n_reached),
                say(TOO_FEW) if row.rate is None else share_cell(row.rate, row.ci_low, row.ci_high),
                row.reference_group,
                say(NO_NUMBER)
                if row.ratio is None
                else f"{decimal(row.ratio)} ({interval(row.ratio_ci_low, row.ratio_ci_high)})",
                p_value(row.p_value_bh),
                words.access_verdict(row),
            )
            for row in rows
        ],
    )


def changes_table(rows: Sequence[ChangeRow]) -> DataTable:
    """Every number of the event study."""
    return make_table(
        say("Growth around a change of principal, in SD"),
        "Subject|Years since|Difference (95% interval) #|p #|Schools that changed #|Remark",
        [
            (
                terms.subject_name(row.academic_subject),
                _period(row),
                say(NO_NUMBER)
                if row.ci_low is None
                else f"{signed(row.estimate_sd)} ({interval(row.ci_low, row.ci_high)})",
                p_value(row.p_value),
                count(row.n_schools),
                row.note or "",
            )
            for row in rows
        ],
    )


def _period(row: ChangeRow) -> str:
    if row.event_time is not None:
        return signed(float(row.event_time), 0)
    return {"average": say("all after"), "leads": say("all before, jointly")}.get(row.period, row.period)
