"""The values of the page of evidence: what each design finds, and what speaks for and against it."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from transforms.reporting import evidence_words, terms
from transforms.reporting.catalogue import noted, say
from transforms.reporting.evidence_charts import DESIGNS
from transforms.reporting.evidence_figures import (
    calibration_figures,
    design_figures,
    dose_figures,
    event_figures,
    love_figures,
    specification_figures,
)
from transforms.reporting.evidence_rows import EvidenceReport
from transforms.reporting.evidence_tables import (
    balance_table,
    calibration_table,
    designs_table,
    differences_table,
    dose_points_table,
    dose_terms_table,
    event_checks_table,
    periods_table,
    ratings_table,
    sensitivity_table,
    specifications_table,
)
from transforms.reporting.numerals import decimal, school_year
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow, Report
from transforms.reporting.sections import Section, SectionPage
from transforms.reporting.words import ALPHA
from transforms.standards.effect_sizes import COACHING_ON_ACHIEVEMENT

_STRUCK = noted(" Struck out: its intervals failed on this study's own data.")
_GROUP_CONTRASTS = ("participated", "offered")


COMPARES = {
    "lottery": noted(
        "Where places were drawn by lot: teachers who were offered the PD with those who were not."
        " The strongest evidence there is; whom the offer reached is counted in."
    ),
    "event_study": noted(
        "Teachers before and after they first took part, with teachers who have not started as the"
        " comparison. It fails where those who start were already changing: the years before say"
        " so."
    ),
    "matched": noted(
        "Teachers who start with teachers who do not, weighted so that both had the same earlier"
        " growth, scores, experience and school. It fails where they differ in what was not"
        " recorded, and one year's growth tells of a teacher only roughly."
    ),
    "within_teacher": noted(
        "The same teacher in years with and without the PD. What is lasting about a teacher does"
        " not matter; what changes together with the PD does."
    ),
    "adjusted": noted(
        "Teachers of the same school in the same model, allowing for what is known of students."
        " Better teachers who take part more often make the PD look better than it is."
    ),
}


def evidence_page(_connection: duckdb.DuckDBPyConnection, report: Report) -> SectionPage:
    """What each design finds, and what speaks for and against it."""
    whole = [row for row in report.effects if row.subgroup == "all"]
    groups = [row for row in whole if row.contrast in _GROUP_CONTRASTS]
    evidence = report.evidence
    designs = design_figures(groups)
    first = "; ".join(picture.title for picture in designs) or say("No design gave a number")
    sections = (
        _designs_section(whole, designs),
        _ratings_section(groups),
        _starting_section(evidence, whole, groups),
        _dose_section(evidence, groups),
        _balance_section(evidence, groups),
        _specifications_section(evidence, groups),
        _sensitivity_section(evidence, whole),
        _subgroups_section(evidence),
        _calibration_section(evidence),
    )
    return SectionPage(
        title=say("Evidence behind the comparisons"),
        study_name=report.build.study_name,
        year=school_year(report.build.report_year),
        sentences=(
            f"{first}.",
            say(
                "No single way to compare settles whether professional development (PD) helps."
                " This page asks each question in up to five ways, from the same records, and"
                " shows what speaks against each answer."
            ),
        ),
        sections=tuple(section for section in sections if section is not None),
    )


def _designs_section(whole: Sequence[EffectRow], pictures: Sequence[Picture]) -> Section:
    return Section(
        "designs",
        say("Five ways to compare"),
        paragraphs=(evidence_words.placebo_sentence(whole),),
        facts=tuple(_designs(whole)),
        pictures=tuple(pictures),
        tables=(designs_table(whole),),
    )


def _ratings_section(groups: Sequence[EffectRow]) -> Section:
    rated = [row for row in groups if not row.is_refused]
    return Section(
        "ratings",
        say("What a reviewer would say"),
        paragraphs=(
            say(
                "The What Works Clearinghouse (WWC) asks whether a study's groups can be"
                " compared; the Every Student Succeeds Act (ESSA) sorts evidence into tiers, 1"
                " strong to 4 a rationale. Both judge the study, not the PD. For size: below 0.05"
                " SD counts as small, from 0.20 as large (Kraft 2020); the mean of randomised"
                " studies of coaching is {coaching_on_achievement} SD (Kraft, Blazar and Hogan"
                " 2018).",
                coaching_on_achievement=decimal(COACHING_ON_ACHIEVEMENT),
            ),
            *(() if rated else (say("There is no estimate to rate."),)),
        ),
        tables=(ratings_table(rated),),
    )


def _starting_section(
    evidence: EvidenceReport, whole: Sequence[EffectRow], groups: Sequence[EffectRow]
) -> Section | None:
    pictures = event_figures(evidence, groups)
    if not pictures:
        return None
    differing = [
        row for row in evidence.checks if row.check_name == "pre_trend" and (row.p_value or 1.0) < ALPHA
    ]
    return Section(
        "before",
        say("Before and after starting"),
        paragraphs=(
            say(
                "If teachers who start were already gaining on others before, the PD is not what"
                " made the difference. {pre_trends_sentence}",
                pre_trends_sentence=evidence_words.pre_trends_sentence(evidence.checks),
            ),
        ),
        points=tuple(evidence_words.pre_trend_sentence(differing, whole)),
        pictures=tuple(pictures),
        tables=(periods_table(evidence.periods), event_checks_table(evidence.checks, whole)),
        note=say(
            "Breakdown: trends may differ by this many times the largest step between years"
            " before the start until the interval of the mean of the years after it holds 0"
            " (Rambachan and Roth 2023)."
        ),
    )


def _dose_section(evidence: EvidenceReport, groups: Sequence[EffectRow]) -> Section | None:
    pictures = dose_figures(evidence, groups)
    if not pictures:
        return None
    return Section(
        "dose",
        say("How many hours"),
        pictures=tuple(pictures),
        tables=(dose_points_table(evidence.dose_points), dose_terms_table(evidence.dose_terms)),
    )


def _balance_section(evidence: EvidenceReport, groups: Sequence[EffectRow]) -> Section | None:
    pictures = love_figures(evidence, groups)
    if not pictures:
        return None
    return Section(
        "balance",
        say("Alike before the PD"),
        paragraphs=(
            say(
                "Matched teachers are compared only after weights have made both groups alike in"
                " what is known of the time before."
            ),
        ),
        pictures=tuple(pictures),
        tables=(balance_table(evidence.baselines),),
    )


def _specifications_section(evidence: EvidenceReport, groups: Sequence[EffectRow]) -> Section | None:
    pictures = specification_figures(evidence, groups)
    if not pictures:
        return None
    return Section(
        "specifications",
        say("Other ways to fit the same question"),
        paragraphs=(
            say(
                "Analysts choose covariates, the form of the hours, and what is compared. Each"
                " point is one defensible set of choices."
            ),
        ),
        pictures=tuple(pictures),
        tables=(specifications_table(evidence.specifications),),
    )


def _sensitivity_section(evidence: EvidenceReport, whole: Sequence[EffectRow]) -> Section | None:
    table = sensitivity_table(evidence.sensitivities, whole)
    if not table.rows:
        return None
    return Section(
        "sensitivity",
        say("What would have to be wrong"),
        paragraphs=(
            say(
                "The robustness value is the share of what is left of both hours and growth that"
                " something unrecorded would have to explain to bring the estimate to zero."
                " Beside it stands the control that explains most, as a yardstick."
            ),
        ),
        tables=(table,),
    )


def _subgroups_section(evidence: EvidenceReport) -> Section | None:
    table = differences_table(evidence.differences)
    if not table.rows:
        return None
    return Section(
        "subgroups",
        say("For whom"),
        paragraphs=(
            say(
                "“It works for these and not for those” needs a test of the difference; a clear"
                " estimate in one group and an unclear one in another is none."
            ),
        ),
        tables=(table,),
    )


def _calibration_section(evidence: EvidenceReport) -> Section | None:
    lines = evidence_words.calibration_sentence(evidence.calibrations)
    if not lines:
        return None
    return Section(
        "calibration",
        say("Could an effect be found at all"),
        paragraphs=(
            say(
                "Who took part was exchanged at random among the teachers of each school, and"
                " known effects were planted. A design whose 95% intervals hold the planted"
                " effect in fewer than 90% of draws is struck out. This tests the width of"
                " intervals; it cannot tell whether those who took part differ from others."
            ),
        ),
        points=tuple(lines),
        pictures=tuple(calibration_figures(evidence)),
        tables=(calibration_table([row for row in evidence.calibrations if row.pd_type == "all"]),),
    )


def _designs(rows: Sequence[EffectRow]) -> list[tuple[str, str]]:
    """What each design compares, and how many comparisons it gave a number for, or why none."""
    notes = []
    for design in DESIGNS:
        of_design = [row for row in rows if row.design == design]
        estimated = [row for row in of_design if not row.is_refused]
        struck = say(_STRUCK) if _is_struck(estimated) else ""
        number = (
            say(
                " {n_estimated} of {n_of_design} comparisons have a number.",
                n_estimated=len(estimated),
                n_of_design=len(of_design),
            )
            if of_design
            else ""
        )
        reasons = list(dict.fromkeys(_reason(row) for row in of_design if row.is_refused))[:3]
        why = say(" Not run: {listed}.", listed="; ".join(reasons)) if reasons and not estimated else ""
        notes.append((terms.design_name(design), f"{say(COMPARES[design])}{number}{struck}{why}"))
    return notes


def _is_struck(rows: Sequence[EffectRow]) -> bool:
    return bool(rows) and all(row.is_struck_out for row in rows)


def _reason(row: EffectRow) -> str:
    return (row.note or "").removeprefix("refused:").strip()
