"""The tables of the pages as text, cell by cell; the templates only lay them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.numerals import (
    NO_NUMBER,
    count,
    decimal,
    p_value,
    percent,
)
from transforms.reporting.rows import (
    EffectRow,
    IntakeRow,
    RejectedRow,
    SampleStep,
    VarianceRow,
)
from transforms.reporting.words import Verdict, estimate_with_interval, verdict


@dataclass(frozen=True)
class Column:
    """A column of a table on the page."""

    title: str
    is_number: bool = False


@dataclass(frozen=True)
class DataTable:
    """A table on the page; the first cell of a row is its header, set as text where ``is_prose``.

    ``links`` are pages that the headers of the rows lead to, from the root of the site; none where it is
    empty.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    is_prose: bool = False
    links: tuple[str, ...] = ()


def make_table(
    caption: str, titles: str, rows: Sequence[tuple[str, ...]], is_prose: bool = False
) -> DataTable:
    """A table with columns ``Title|Title #``, where # marks a column of numbers."""
    columns = tuple(
        Column(say(title.removesuffix("#").strip()), title.endswith("#")) for title in titles.split("|")
    )
    return DataTable(caption, columns, tuple(rows), is_prose)


READS_AS = {
    Verdict.HIGHER: noted("higher growth"),
    Verdict.LOWER: noted("lower growth"),
    Verdict.NOT_TOLD_APART: noted("not told apart"),
    Verdict.NOT_AMONG_ALL: noted("not clear among all"),
    Verdict.TOO_FEW_SCHOOLS: noted("too few schools"),
}


def effects_tables(rows: Sequence[EffectRow]) -> list[DataTable]:
    """One table a contrast: each estimate, its interval, what carries it, its tier and its p-value."""
    estimated = [row for row in rows if not row.is_refused]
    contrasts = dict.fromkeys((row.design, row.contrast) for row in estimated)
    return [
        _effects_table([row for row in estimated if (row.design, row.contrast) == contrast])
        for contrast in contrasts
    ]


def _effects_table(rows: Sequence[EffectRow]) -> DataTable:
    has_points = any(row.estimate_scale_points is not None for row in rows)
    points = noted("Test points (SE; model SE) #|") if has_points else ""
    return make_table(
        say("All estimates: {contrast_name}", contrast_name=terms.contrast_name(rows[0].contrast)),
        f"PD|Subject|Estimate, SD (95% interval) #|{points}Teachers in PD #|Their schools #|Students #"
        "|Evidence tier|p, adjusted #|Reads as",
        [_effect_cells(row, has_points) for row in rows],
    )


def _effect_cells(row: EffectRow, has_points: bool) -> tuple[str, ...]:
    subject = terms.subject_name(row.academic_subject)
    return (
        terms.pd_type_name(row.pd_type),
        subject if row.subgroup == "all" else f"{subject}, {terms.plain(row.subgroup).lower()}",
        estimate_with_interval(row),
        *([_scale_points(row)] if has_points else []),
        count(row.n_participants),
        count(row.n_participant_schools),
        count(row.n_students),
        say("none") if row.essa_tier is None else say("Tier {essa_tier}", essa_tier=row.essa_tier),
        p_value(row.p_value_bh),
        say(READS_AS[verdict(row)]),
    )


def _scale_points(row: EffectRow) -> str:
    if row.estimate_scale_points is None:
        return say(NO_NUMBER)
    model = row.std_error_model_scale_points
    errors = decimal(row.std_error_scale_points, 1) + ("" if model is None else f"; {decimal(model, 1)}")
    return f"{decimal(row.estimate_scale_points, 1)} ({errors})"


def variance_table(rows: Sequence[VarianceRow]) -> DataTable:
    """Where the differences between students lie, by the model."""
    has_remark = any(row.is_boundary for row in rows)
    return make_table(
        say("Where differences in growth lie"),
        f"Subject|Compared|Level|Variance (SD²) #|Share #|Groups #{'|Remark' if has_remark else ''}",
        [
            (
                terms.subject_name(row.academic_subject),
                terms.contrast_name(row.contrast),
                terms.group_name(row.group_name),
                decimal(row.variance_sd2, 3),
                percent(row.icc),
                count(row.n_groups),
                *([say("estimated at zero") if row.is_boundary else ""] if has_remark else []),
            )
            for row in rows
        ],
    )


def intake_table(rows: Sequence[IntakeRow]) -> DataTable:
    """What came in, by entity; the four numbers at the right add up to the rows read."""
    return make_table(
        say("Rows read and what became of them"),
        "What|Read #|Went in #|Repeated #|Left out by the study's rule #|Turned away #",
        [
            (
                terms.plain(row.entity),
                count(row.rows_read),
                count(row.rows_loaded),
                count(row.rows_duplicate),
                count(row.rows_skipped),
                count(row.rows_quarantined),
            )
            for row in rows
        ],
    )


def rejected_table(rows: Sequence[RejectedRow]) -> DataTable:
    """What was turned away or lost a value, by entity, file and rule."""
    return make_table(
        say("Rows turned away, by file and rule"),
        "What|File|Rule|Rows #|First at line #|Reason",
        [
            (
                terms.plain(row.entity),
                row.source_file,
                terms.plain(row.rule),
                count(row.n_rows),
                count(row.first_line),
                row.reason,
            )
            for row in rows
        ],
    )


def sample_table(rows: Sequence[SampleStep]) -> DataTable:
    """From all scores to the scores that the comparison rests on."""
    return make_table(
        say("From all scores to those analysed"),
        "Subject|Step|Students #|Rows #",
        [
            (
                terms.subject_name(row.academic_subject),
                terms.sample_step(row.step),
                count(row.n_students),
                count(row.n_rows),
            )
            for row in rows
        ],
    )
