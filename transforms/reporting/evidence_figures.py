"""The pictures of evidence with their titles and captions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transforms.reporting import evidence_words, terms
from transforms.reporting.calibration_chart import CoverageRow, calibration_picture
from transforms.reporting.catalogue import noted, say
from transforms.reporting.evidence_charts import (
    designs_picture,
    dose_picture,
    event_study_picture,
    love_picture,
)
from transforms.reporting.evidence_rows import EvidenceReport
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow
from transforms.reporting.specification_chart import specification_picture
from transforms.reporting.words import verdict

_MOST_TYPES = 6
_MOST_LOVE_PLOTS = 2
_MOST_CURVES = 3
DESIGNS_CAPTION = noted(
    "Difference in growth between students whose teachers took part and others, with its 95%"
    " interval, by what is compared. ▲ higher growth, ▼ lower growth, ○ not clear, alone or"
    " once all comparisons are counted; ✚ struck out. Beside each number stands its tier of"
    " evidence, 1 the strongest. Designs that agree support each other; where they differ,"
    " trust the upper one more."
)
EVENT_CAPTION = noted(
    "Difference in growth (SD) from teachers who have not started, by years since the first"
    " year of taking part, with 95% intervals. ○ before the start: should lie near 0. ● from"
    " the start on. Years seen for too few people are left out."
)
SPECIFICATIONS_CAPTION = noted(
    "Above: each estimate with its 95% interval, in order; ▲ higher and ▼ lower growth where"
    " it stands apart alone, ○ where it does not. Below: a tick under it for each choice that"
    " it made."
)
LOVE_CAPTION = noted(
    "Standardised difference between teachers who start and their comparison, before (○) and"
    " after (◆) weighting. Tints: within 0.05 SD they count as alike, within 0.25 with"
    " adjustment (What Works Clearinghouse)."
)


def dose_caption(design: str) -> str:
    """How to read the curve of hours."""
    return say(
        "Growth (SD) against no hours: {design_name}. The band is the 95% interval at each"
        " point. The mark at 14 hours is where a review (Yoon and others 2007) found that"
        " longer PD begins to show.",
        design_name=terms.design_name(design).lower(),
    )


def design_figures(rows: Sequence[EffectRow]) -> list[Picture]:
    """What each design finds, a picture a subject."""
    return _by_subject(rows, _design_figure)


def _by_subject(
    rows: Sequence[EffectRow], figure: Callable[[list[EffectRow], str, str], Picture]
) -> list[Picture]:
    subjects = dict.fromkeys(row.academic_subject for row in rows if not row.is_refused)
    return [
        figure([row for row in rows if row.academic_subject == subject], subject, str(index))
        for index, subject in enumerate(subjects)
    ]


def _design_figure(rows: list[EffectRow], subject: str, index: str) -> Picture:
    picture_id = f"designs-{index}"
    return Picture(
        picture_id,
        evidence_words.designs_title(rows, subject),
        designs_picture(rows, picture_id),
        say(DESIGNS_CAPTION),
    )


def _leading_types(rows: Sequence[EffectRow], subject: str) -> list[str]:
    """The PD types to draw: clear ones first, then those that most teachers took part in."""
    by_type: dict[str, tuple[bool, int]] = {}
    for row in rows:
        if row.academic_subject != subject or row.is_refused:
            continue
        is_clear, n_participants = by_type.get(row.pd_type, (False, 0))
        by_type[row.pd_type] = (
            is_clear or verdict(row).is_clear,
            max(n_participants, row.n_participants or 0),
        )
    ordered = sorted(by_type, key=lambda name: (not by_type[name][0], -by_type[name][1], name))
    return ordered[:_MOST_TYPES]


def event_figures(evidence: EvidenceReport, effects: Sequence[EffectRow]) -> list[Picture]:
    figures = []
    for index, subject in enumerate(dict.fromkeys(row.academic_subject for row in evidence.periods)):
        types = _leading_types(effects, subject)
        rows = [row for row in evidence.periods if row.academic_subject == subject and row.pd_type in types]
        picture_id = f"event-{index}"
        figures.append(
            Picture(
                picture_id,
                evidence_words.leads_title(rows, subject),
                event_study_picture(rows, picture_id),
                say(EVENT_CAPTION),
            )
        )
    return figures


def dose_figures(evidence: EvidenceReport, effects: Sequence[EffectRow]) -> list[Picture]:
    points = [row for row in evidence.dose_points if row.design == "within_teacher"]
    points = points or list(evidence.dose_points)
    figures = []
    for index, subject in enumerate(dict.fromkeys(row.academic_subject for row in points)):
        types = _leading_types(effects, subject)
        rows = [
            row
            for pd_type in types
            for row in points
            if (row.academic_subject, row.pd_type) == (subject, pd_type)
        ]
        picture_id = f"dose-{index}"
        figures.append(
            Picture(
                picture_id,
                evidence_words.dose_title(rows, subject),
                dose_picture(rows, picture_id),
                dose_caption(rows[0].design) if rows else "",
            )
        )
    return [figure for figure in figures if figure.svg]


def specification_figures(evidence: EvidenceReport, effects: Sequence[EffectRow]) -> list[Picture]:
    """The curves of the types that are clear, or most attended, in each subject: for taking part or not."""
    figures: list[Picture] = []
    for subject in dict.fromkeys(row.academic_subject for row in evidence.specifications):
        for pd_type in _leading_types(effects, subject)[:_MOST_CURVES]:
            rows = [
                row
                for row in evidence.specifications
                if (row.academic_subject, row.pd_type, row.contrast) == (subject, pd_type, "participated")
            ]
            if not rows:
                continue
            picture_id = f"specifications-{len(figures)}"
            figures.append(
                Picture(
                    picture_id,
                    evidence_words.specifications_title(rows),
                    specification_picture(rows, picture_id),
                    say(SPECIFICATIONS_CAPTION),
                )
            )
    return figures


def calibration_figures(evidence: EvidenceReport) -> list[Picture]:
    """The picture of coverage; none where no design was tried."""
    rows = [
        CoverageRow(
            row.design,
            row.academic_subject,
            row.contrast,
            row.coverage,
            row.coverage_ci_low or 0.0,
            row.coverage_ci_high or 1.0,
            row.is_struck_out,
        )
        for row in evidence.calibrations
        if row.pd_type == "all" and row.planted_sd == 0.0 and row.coverage is not None
    ]
    if not rows:
        return []
    return [
        Picture(
            "calibration-coverage",
            evidence_words.calibration_title(rows),
            calibration_picture(rows, "calibration-coverage"),
            say(
                "Share of 95% intervals that hold the planted effect, with its own 95% interval."
                " It should lie near 95%; below 90% a design is struck out."
            ),
        )
    ]


def love_figures(evidence: EvidenceReport, effects: Sequence[EffectRow]) -> list[Picture]:
    figures: list[Picture] = []
    for subject in dict.fromkeys(row.academic_subject for row in evidence.baselines):
        drawn = 0
        for pd_type in _leading_types(effects, subject):
            rows = [
                row
                for row in evidence.baselines
                if (row.design, row.academic_subject, row.pd_type) == ("matched", subject, pd_type)
            ]
            if not rows or drawn == _MOST_LOVE_PLOTS:
                continue
            drawn += 1
            picture_id = f"balance-{len(figures)}"
            figures.append(
                Picture(
                    picture_id,
                    evidence_words.balance_title(rows),
                    love_picture(rows, picture_id),
                    say(LOVE_CAPTION),
                )
            )
    return figures
