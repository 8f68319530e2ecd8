"""The tables of reach and growth, where the disclosure rule may withhold a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transforms.reporting import style, terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import (
    NO_NUMBER,
    capitalised,
    count,
    counted,
    decimal,
    listed,
    percent,
    school_year,
    signed,
)
from transforms.reporting.rows import DistrictReachRow, GrowthRow, ReachRow
from transforms.reporting.tables import DataTable, make_table

TOO_FEW = noted("too few")  # a cell that the disclosure rule withholds


@dataclass(frozen=True)
class HeatCell:
    """A cell whose tint repeats the share that its text gives."""

    text: str
    css_class: str


@dataclass(frozen=True)
class HeatTable:
    """Schools by PD types, tinted by the share of teachers reached."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]


def district_reach_table(rows: Sequence[DistrictReachRow]) -> DataTable:
    """Share and number of teachers reached, one row a type and one column a year."""
    years = sorted({row.school_year for row in rows})
    cells = {(row.pd_type, row.school_year): row for row in rows}
    types = sorted({pd_type for pd_type, _ in cells}, key=terms.pd_type_name)
    headers = "|".join(f"{school_year(year)} #" for year in years)
    return make_table(
        say("Share and number of teachers reached, by year"),
        f"PD|{headers}|Hours, last year #|Hours each #",
        [
            (
                terms.pd_type_name(pd_type),
                *(_district_reach_cell(cells.get((pd_type, year))) for year in years),
                *_hours_cells(cells.get((pd_type, years[-1]))),
            )
            for pd_type in types
        ],
    )


def reach_of_year_table(rows: Sequence[DistrictReachRow], report_year: int) -> DataTable:
    """Reach and hours of each kind of PD in one year, with the share of the year before."""
    before = {row.pd_type: row for row in rows if row.school_year == report_year - 1}
    return make_table(
        say("Teachers reached and hours, {report_year}", report_year=school_year(report_year)),
        f"PD|Share (teachers) #|{school_year(report_year - 1)} #|Hours of all staff #|Hours each #",
        [
            (
                terms.pd_type_name(row.pd_type),
                _district_reach_cell(row),
                _district_reach_cell(before.get(row.pd_type)) if before else say(NO_NUMBER),
                *_hours_cells(row),
            )
            for row in sorted(rows, key=lambda row: terms.pd_type_name(row.pd_type))
            if row.school_year == report_year
        ],
    )


def _district_reach_cell(row: DistrictReachRow | None) -> str:
    if row is None:
        return "0%"
    return say(TOO_FEW) if row.is_suppressed else f"{percent(row.share)} ({count(row.n_participants)})"


def _hours_cells(row: DistrictReachRow | None) -> tuple[str, str]:
    if row is None:
        return "0", say(NO_NUMBER)
    shown = _withholding(row.is_suppressed)
    return shown(decimal(row.hours, 0)), shown(decimal(row.hours_per_participant, 1))


def growth_table(rows: Sequence[GrowthRow], report_year: int) -> DataTable:
    """Mean gain and students, one row a school and one column a subject; withheld numbers as words."""
    subjects = list(dict.fromkeys(row.academic_subject for row in rows))
    cells = {(row.school, row.academic_subject): row for row in rows}
    headers = "|".join(f"{terms.subject_name(subject)} #" for subject in subjects)
    return make_table(
        say(
            "Mean gain in SD and number of students, by school, {report_year}",
            report_year=school_year(report_year),
        ),
        f"School|{headers}",
        [
            (school, *(_growth_cell(cells.get((school, subject))) for subject in subjects))
            for school in sorted({row.school for row in rows})
        ],
    )


def _growth_cell(row: GrowthRow | None) -> str:
    if row is None:
        return say(NO_NUMBER)
    return say(TOO_FEW) if row.is_suppressed else f"{signed(row.mean_gain_sd)} ({count(row.n_students)})"


def _withholding(is_suppressed: bool) -> Callable[[str], str]:
    return lambda text: say(TOO_FEW) if is_suppressed and text == say(NO_NUMBER) else text


def reach_heat(rows: Sequence[ReachRow], report_year: int) -> HeatTable:
    """Schools with most teachers first, PD types by their largest share first.

    Types and schools of which no cell may be shown are left out; ``left_out_of_heat`` names them.
    """
    shown = [row for row in rows if row.share is not None]
    types = sorted(
        {row.pd_type for row in shown}, key=lambda pd_type: (-_largest_share(shown, pd_type), pd_type)
    )
    size: dict[str, int] = {}
    for row in shown:
        size[row.school] = max(size.get(row.school, 0), row.n_teachers or 0)
    cells = {(row.school, row.pd_type): heat_cell(None if row.is_suppressed else row.share) for row in rows}
    absent = HeatCell("0%", "reach-0")
    ordered = sorted(size, key=lambda school: (-size[school], school))
    return HeatTable(
        say("Share of each school's teachers reached, {report_year}", report_year=school_year(report_year)),
        tuple(terms.pd_type_name(pd_type) for pd_type in types),
        tuple(
            (school, tuple(cells.get((school, pd_type), absent) for pd_type in types)) for school in ordered
        ),
    )


def _largest_share(rows: Sequence[ReachRow], pd_type: str) -> float:
    return max(row.share or 0.0 for row in rows if row.pd_type == pd_type)


def left_out_of_heat(rows: Sequence[ReachRow]) -> str:
    """What the heat table leaves out because too few teachers took part to show it; empty if nothing."""
    shown_types = {row.pd_type for row in rows if row.share is not None}
    shown_schools = {row.school for row in rows if row.share is not None}
    hidden_types = sorted({row.pd_type for row in rows} - shown_types, key=terms.pd_type_name)
    n_hidden = len({row.school for row in rows} - shown_schools)
    parts = []
    if hidden_types:
        names = listed([terms.pd_type_in_sentence(pd_type) for pd_type in hidden_types])
        parts.append(say("{names}: too few teachers in every school to show.", names=capitalised(names)))
    if n_hidden and shown_schools:
        parts.append(
            say(
                "{n_schools} with too few teachers in every kind of PD not shown.",
                n_schools=counted(n_hidden, "school"),
            )
        )
    return " ".join(parts)


def heat_cell(share: float | None) -> HeatCell:
    """The cell of a share, which is None where it is hidden."""
    if share is None:
        return HeatCell(say(TOO_FEW), "few")
    return HeatCell(percent(share), f"reach-{style.reach_step(share)}")
