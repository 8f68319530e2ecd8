"""The values of the page of all comparisons, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from transforms.designs.main_design import main_comparisons
from transforms.reporting import school_tables, tables, terms, titles
from transforms.reporting.catalogue import catalogue
from transforms.reporting.cautions import Caution, cautions, rows_quarantined, rows_read
from transforms.reporting.charts import (
    LARGEST_SCHOOLS,
    comparisons_picture,
    growth_picture,
    largest_schools,
    reach_picture,
)
from transforms.reporting.findings import three_sentences
from transforms.reporting.growth_page import growth_on_first_page
from transforms.reporting.method import design_sentence, model_sentences
from transforms.reporting.numerals import capitalised, count, counted, listed, percent, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow, Report, failed
from transforms.reporting.sections import Card
from transforms.reporting.validation import checks_sentence
from transforms.reporting.words import Reading, Verdict, comparison_name, read_effect, refusal_reason

FIRST_CAUTIONS = 3


def report_page(report: Report) -> dict[str, object]:
    """Values for comparisons.html.j2."""
    main = main_comparisons(report.effects)
    found = [_caution(caution) for caution in cautions(report, main)]
    return {
        "build": report.build,
        "year": school_year(report.build.report_year),
        "made_on": _date(report.build.started_at),
        "n_read": count(rows_read(report)),
        "sentences": three_sentences(main),
        "first_cautions": found[:FIRST_CAUTIONS],
        "later_cautions": found[FIRST_CAUTIONS:],
        "unavailable": [(terms.plain(row.topic), row.reason) for row in report.unavailable],
        "facts": _facts(report),
        **_warnings(report),
        **_comparisons(report, main),
        **_reach(report),
        **_growth(report),
        **growth_on_first_page(report),
        **_intake(report),
        "design_sentence": design_sentence(main[0].design if main else ""),
        "model_sentences": model_sentences(report.build.settings),
        "variance_table": tables.variance_table(report.variances),
        "packages": ", ".join(f"{name} {version}" for name, version in report.packages),
    }


def _caution(caution: Caution) -> Card:
    """A caution in words; the comparisons that it is about by name."""
    names = listed([comparison_name(row) for row in caution.rows]) if caution.rows else ""
    title, text = caution.said(catalogue("en"), names)
    return Card(title, (text,), tone="caution")


def _facts(report: Report) -> list[tuple[str, str]]:
    subjects = dict.fromkeys(row.academic_subject for row in report.effects)
    years = sorted({row.school_year for row in report.district_reach})
    titles_by_type: dict[str, list[str]] = {}
    for pd_type, title in report.activity_titles:
        titles_by_type.setdefault(pd_type, []).append(title)
    names = [terms.subject_in_sentence(subject) for subject in subjects]
    facts = [("Subjects", capitalised(listed(names)))] if names else []
    if years:
        span = (
            school_year(years[0])
            if len(years) == 1
            else f"{school_year(years[0])} to {school_year(years[-1])}"
        )
        facts.append(("Years with PD", span))
    facts += [
        (terms.pd_type_name(pd_type), f"such as {listed([f'“{title}”' for title in of_type])}")
        for pd_type, of_type in titles_by_type.items()
    ]
    return facts


def _warnings(report: Report) -> dict[str, object]:
    warnings = failed(report.validation, "warning")
    meanings = "; ".join(warning.meaning.rstrip(".") for warning in warnings[:2])
    return {
        "warnings": warnings,
        "warnings_text": f"{counted(len(warnings), 'data check')} gave a warning. Not held: {meanings}."
        if warnings
        else "",
        "checks_sentence": checks_sentence(report.validation),
    }


def _comparisons(report: Report, main: Sequence[EffectRow]) -> dict[str, object]:
    others = [row for row in report.effects if row not in main]
    whole_others = [row for row in others if row.subgroup == "all" and main and row.design == main[0].design]
    return {
        "comparisons": comparison_picture(main, "comparisons-main"),
        "other_comparisons": comparison_picture(whole_others, "comparisons-other"),
        "refused": _refusals(main),
        "other_refused": _refusals(whole_others),
        "readings": _readings(main),
        "effects_tables": tables.effects_tables([*main, *whole_others]),
        "notes": _notes([*main, *whole_others]),
    }


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
        "Difference in growth that goes with 10 more hours of PD"
        if is_dose
        else "Difference in growth between students whose teachers took part and others"
    )
    bands = "" if is_dose else " Tints: up to 0.05 SD counts as small, up to 0.20 as medium (Kraft 2020)."
    return (
        f"{what}, with its 95% interval. ▲ higher growth, ▼ lower growth, ○ not clear, alone or once all"
        f" comparisons are counted.{bands} An arrow marks an interval that runs on beyond the picture."
    )


def _refusals(rows: Sequence[EffectRow]) -> list[str]:
    """One line a reason, so that twenty types with one reason do not fill the page."""
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        if row.is_refused:
            dose = " (per 10 hours)" if row.contrast == "per_10_hours" else ""
            by_reason.setdefault(refusal_reason(row), []).append(comparison_name(row) + dose)
    return [f"{capitalised(listed(names))}: not available: {reason}." for reason, names in by_reason.items()]


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
    everywhere = [("All estimates", "; ".join(shared))] if shared else []
    return [(name, capitalised(text)) for name, text in [*everywhere, *own] if text]


def _reach(report: Report) -> dict[str, object]:
    year = report.build.report_year
    picture = Picture(
        "reach",
        titles.district_reach_title(report.district_reach, year),
        reach_picture(report.district_reach, year, "reach"),
        _reach_caption(report, year),
    )
    return {
        "district_reach": picture,
        "heat_title": titles.school_reach_title(report.reach),
        "heat": school_tables.reach_heat(report.reach, year),
        "heat_left_out": school_tables.left_out_of_heat(report.reach),
        "district_table": school_tables.district_reach_table(report.district_reach),
    }


def _reach_caption(report: Report, year: int) -> str:
    has_before = any(row.school_year == year - 1 and row.share is not None for row in report.district_reach)
    tick = " The dark tick is the year before." if has_before else ""
    figures = "Figures: share, teachers, mean hours of a participant."
    return f"Share of all teachers with attended hours in {school_year(year)}.{tick} {figures}"


def _growth(report: Report) -> dict[str, object]:
    subjects = dict.fromkeys(row.academic_subject for row in report.growth if row.mean_gain_sd is not None)
    return {
        "growths": [_growth_figure(report, subject) for subject in subjects],
        "growth_table": school_tables.growth_table(report.growth, report.build.report_year),
    }


def _growth_figure(report: Report, subject: str) -> Picture:
    of_subject = [row for row in report.growth if row.academic_subject == subject]
    shown = [row for row in of_subject if row.mean_gain_sd is not None]
    withheld = len(of_subject) - len(shown)
    caption = "A larger dot stands for more students."
    if len(shown) > LARGEST_SCHOOLS:
        caption += f" {counted(len(shown), 'school')} in all; the table has them."
    if withheld:
        caption += f" {counted(withheld, 'school')} with too few students not shown."
    picture_id = f"growth-{list(dict.fromkeys(row.academic_subject for row in report.growth)).index(subject)}"
    return Picture(
        picture_id,
        titles.growth_title(largest_schools(report.growth, subject), subject, len(shown)),
        growth_picture(report.growth, subject, picture_id),
        caption,
    )


def _intake(report: Report) -> dict[str, object]:
    read, away = rows_read(report), rows_quarantined(report)
    share = f" ({percent(away / read)})" if read else ""
    sentence = f"{counted(read, 'row')} were read; {count(away)}{share} were turned away, each with a reason."
    return {
        "intake_sentence": sentence,
        "intake_table": tables.intake_table(report.intake),
        "rejected_table": tables.rejected_table(report.rejected),
        "sample_table": tables.sample_table(report.sample_flow),
    }


def _date(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year}"
