"""The page of all comparisons of the design that answers first."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.designs.main_design import main_comparisons
from transforms.reporting import tables, terms, titles
from transforms.reporting.catalogue import noted, say, spoken
from transforms.reporting.cautions import Caution, cautions
from transforms.reporting.charts import comparisons_picture
from transforms.reporting.findings import three_sentences
from transforms.reporting.numerals import capitalised, counted, listed, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow, Report, failed
from transforms.reporting.sections import Card, Section, SectionPage
from transforms.reporting.words import Reading, Verdict, comparison_name, read_effect, refusal_reason

_WORDS = noted(
    "SD: standard deviations of student scores. SE: standard error. p, adjusted: after"
    " Benjamini and Hochberg, for all comparisons of one kind."
)
_TONES = {Verdict.HIGHER: "higher", Verdict.LOWER: "lower"}
_SOURCES = (
    "Kraft, M. A. (2020). Interpreting effect sizes of education interventions. Educational Researcher"
    " 49(4).",
    "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal"
    " Statistical Society B 57(1).",
)


def comparisons_page(_connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """Every comparison of the design that answers first, in words, as a picture and as numbers."""
    main = main_comparisons(report.effects)
    others = [
        row
        for row in report.effects
        if row not in main and row.subgroup == "all" and main and row.design == main[0].design
    ]
    return SectionPage(
        title=say("Each comparison"),
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=three_sentences(main),
        stands_out=_warnings(report),
        sections=tuple(
            section
            for section in (
                _picture_section(main),
                _words_section(main),
                _others_section(others),
                _cautions_section(report, main),
                _asked_section(report),
                _notes_section([*main, *others]),
            )
            if section is not None
        ),
        sources=_SOURCES,
    )


def _picture_section(rows: Sequence[EffectRow]) -> Section | None:
    if not rows:
        return None
    return Section(
        "comparisons",
        say("All comparisons"),
        pictures=(comparison_picture(rows, "comparisons-main"),),
        tables=tuple(tables.effects_tables(rows)),
        points=tuple(_refusals(rows)),
        note=say(_WORDS),
    )


def _words_section(rows: Sequence[EffectRow]) -> Section | None:
    readings = _readings(rows)
    if not readings:
        return None
    return Section(
        "words", say("Each comparison in words"), cards=tuple(reading_card(one) for one in readings)
    )


def reading_card(reading: Reading) -> Card:
    """A comparison in words, with its tier."""
    tier = reading.tier if reading.tier != "No tier reached" else say("no tier reached")
    return Card(
        reading.headline,
        (" ".join(reading.sentences),) if reading.sentences else (),
        note=say("Evidence: {tier}.", tier=tier) if reading.tier else "",
        tone=_TONES.get(reading.verdict, ""),
    )


def _others_section(rows: Sequence[EffectRow]) -> Section | None:
    if not rows:
        return None
    return Section(
        "by-hours",
        say("The same teachers, {contrast_name}", contrast_name=terms.contrast_name(rows[0].contrast)),
        points=tuple(_refusals(rows)),
        pictures=(comparison_picture(rows, "comparisons-other"),),
        tables=tuple(tables.effects_tables(rows)),
    )


def _cautions_section(report: Report, rows: Sequence[EffectRow]) -> Section | None:
    found = tuple(_caution(caution) for caution in cautions(report, rows))
    return Section("cautions", say("Before you use these numbers"), cards=found) if found else None


def _asked_section(report: Report) -> Section:
    return Section(
        "asked",
        say("What was asked"),
        paragraphs=(
            say(
                "Which kinds of professional development (PD) go with student growth in"
                " {study_name}, and how sure can we be? For each kind of PD and each subject,"
                " students whose teachers took part are compared with students of other teachers,"
                " allowing for what the students scored before and who they are.",
                study_name=report.build.study_name,
            ),
        ),
        facts=tuple(_facts(report)),
    )


def _notes_section(rows: Sequence[EffectRow]) -> Section | None:
    notes = _notes(rows)
    return Section("notes", say("Notes of the models"), facts=tuple(notes)) if notes else None


def _caution(caution: Caution) -> Card:
    """A caution in words; the comparisons that it is about by name."""
    names = listed([comparison_name(row) for row in caution.rows]) if caution.rows else ""
    title, text = caution.said(spoken(), names)
    return Card(title, (text,), tone="caution")


def _facts(report: Report) -> list[tuple[str, str]]:
    subjects = dict.fromkeys(row.academic_subject for row in report.effects)
    years = sorted({row.school_year for row in report.district_reach})
    titles_by_type: dict[str, list[str]] = {}
    for pd_type, title in report.activity_titles:
        titles_by_type.setdefault(pd_type, []).append(title)
    names = [terms.subject_in_sentence(subject) for subject in subjects]
    facts = [(say("Subjects"), capitalised(listed(names)))] if names else []
    if years:
        span = (
            school_year(years[0])
            if len(years) == 1
            else say("{years} to {years_2}", years=school_year(years[0]), years_2=school_year(years[-1]))
        )
        facts.append((say("Years with PD"), span))
    facts += [
        (
            terms.pd_type_name(pd_type),
            say("such as {value}", value=listed([f"“{title}”" for title in of_type])),
        )
        for pd_type, of_type in titles_by_type.items()
    ]
    return facts


def _warnings(report: Report) -> tuple[str, ...]:
    """That the build was published with warnings, and the first of them."""
    warnings = failed(report.validation, "warning")
    if not warnings:
        return ()
    meanings = "; ".join(warning.meaning.rstrip(".") for warning in warnings[:2])
    return (
        say(
            "Published with warnings: {n_data_checks} gave one. Not held: {meanings}.",
            n_data_checks=counted(len(warnings), "data check"),
            meanings=meanings,
        ),
    )


def _readings(rows: Sequence[EffectRow]) -> list[Reading]:
    """Clear comparisons first, then those that are not clear among all, then the rest as they stand."""
    order = (Verdict.HIGHER, Verdict.LOWER, Verdict.NOT_AMONG_ALL)
    readings = [read_effect(row) for row in rows if not row.is_refused]
    return sorted(
        readings,
        key=lambda reading: order.index(reading.verdict) if reading.verdict in order else len(order),
    )


def comparison_picture(rows: Sequence[EffectRow], picture_id: str) -> Picture:
    """The picture of comparisons of one design and contrast."""
    return Picture(
        picture_id,
        titles.comparisons_title(rows),
        comparisons_picture(rows, picture_id),
        _comparison_caption(rows),
    )


def _comparison_caption(rows: Sequence[EffectRow]) -> str:
    is_dose = bool(rows) and rows[0].contrast == "per_10_hours"
    what = (
        say("Difference in growth that goes with 10 more hours of PD")
        if is_dose
        else say("Difference in growth between students whose teachers took part and others")
    )
    bands = (
        "" if is_dose else say(" Tints: up to 0.05 SD counts as small, up to 0.20 as medium (Kraft 2020).")
    )
    return say(
        "{what}, with its 95% interval. ▲ higher growth, ▼ lower growth, ○ not clear, alone"
        " or once all comparisons are counted. Beside each number stands its tier of"
        " evidence, 1 the strongest; “no tier” where none is reached.{bands} An arrow marks"
        " an interval that runs on beyond the picture.",
        what=what,
        bands=bands,
    )


def _refusals(rows: Sequence[EffectRow]) -> list[str]:
    """One line a reason, so that twenty types with one reason do not fill the page."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        if row.is_refused:
            dose = say(" (per 10 hours)") if row.contrast == "per_10_hours" else ""
            by_reason.setdefault(refusal_reason(row), []).append(comparison_name(row) + dose)
    return [
        say("{names}: not available: {reason}.", names=capitalised(listed(names)), reason=reason)
        for reason, names in by_reason.items()
    ]


def _notes(rows: Sequence[EffectRow]) -> list[tuple[str, str]]:
    """What the models noted: first what holds for every estimate, then the rest by comparison."""
    noted = [
        (capitalised(f"{comparison_name(row)}, {terms.contrast_name(row.contrast)}"), row.note.split("; "))
        for row in rows
        if row.note and not row.is_refused
    ]
    if not noted:
        return []
    shared = [part for part in noted[0][1] if all(part in parts for _, parts in noted)]
    own = [(name, "; ".join(part for part in parts if part not in shared)) for name, parts in noted]
    everywhere = [(say("All estimates"), "; ".join(shared))] if shared else []
    return [(name, capitalised(text)) for name, text in [*everywhere, *own] if text]
