"""What could have been found with one PD type: the smallest difference that each design would not miss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import say
from transforms.reporting.chart_parts import (
    Panel,
    chart_of,
    draw_both,
    growth_axis,
    row_axis,
    row_texts,
    sized,
    vconcat,
    zero_line,
)
from transforms.reporting.evidence_rows import CalibrationRow
from transforms.reporting.kind_rows import Kind
from transforms.reporting.numerals import decimal, listed, signed
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.rows import EffectRow

Tried = tuple[EffectRow, float]


def tried(rows: Sequence[EffectRow], trials: Sequence[CalibrationRow]) -> list[Tried]:
    """Each estimate with the smallest difference that its design finds with a power of 80 %."""
    smallest = {
        (row.design, row.academic_subject, row.contrast): row.minimum_detectable_sd
        for row in trials
        if row.minimum_detectable_sd is not None
    }
    found = []
    for row in rows:
        least = smallest.get((row.design, row.academic_subject, row.contrast))
        if least is not None and not row.is_refused:
            found.append((row, least))
    return found


def findable_title(kind: Kind) -> str:
    """What the design that answers first would have found."""
    found = tried(kind.main, kind.evidence.calibrations)
    if not found:
        return say("What could have been found")
    said = [
        say(
            "{least} SD in {subject_in_sentence}",
            least=decimal(least),
            subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
        )
        for row, least in found
    ]
    return say("A difference below {said} would often have been missed", said=listed(said))


def findable_picture(rows: Sequence[EffectRow], trials: Sequence[CalibrationRow], picture_id: str) -> Drawing:
    """Draw what each design would miss beside what it found, a panel a subject; empty without trials."""
    found = tried(rows, trials)
    if not found:
        return NO_DRAWING
    said = "; ".join(
        say(
            "{design_name} in {subject_in_sentence} {figures}",
            design_name=terms.design_name(row.design).lower(),
            subject_in_sentence=terms.subject_in_sentence(row.academic_subject),
            figures=_figures(row, least),
        )
        for row, least in found
    )
    text = say(
        "Differences found, and the smallest that each way to compare finds 4 times in 5: {said}.", said=said
    )
    return draw_both(lambda is_narrow: _panels(found, is_narrow), picture_id, text)


def _figures(row: EffectRow, least: float) -> str:
    return say("{estimate_sd} (needs {least})", estimate_sd=signed(row.estimate_sd), least=decimal(least))


def _panels(found: Sequence[Tried], is_narrow: bool) -> Panel:
    reach = max(0.1, 1.1 * max(max(abs(row.estimate_sd or 0.0), least) for row, least in found))
    subjects = list(dict.fromkeys(row.academic_subject for row, _ in found))
    panels = [
        _panel(
            [pair for pair in found if pair[0].academic_subject == subject],
            reach,
            is_narrow,
            subject == subjects[-1],
        ).properties(title=terms.subject_name(subject))
        for subject in subjects
    ]
    return vconcat(*panels, spacing=12)


def _panel(found: Sequence[Tried], reach: float, is_narrow: bool, is_last: bool) -> Panel:
    import altair as alt

    base, y = chart_of([_datum(row, least) for row, least in found]), row_axis(is_narrow)
    x = growth_axis(reach, is_narrow, is_last)
    missed = base.mark_bar(height=11, color=style.BAND_SMALL, stroke=style.NEUTRAL, strokeWidth=0.75).encode(
        x=x("low:Q"), x2=alt.X2("high:Q"), y=y
    )
    point = base.mark_point(shape="circle", size=70, filled=True, color=style.ACCENT, opacity=1).encode(
        x=x("estimate:Q"), y=y
    )
    return sized([missed, zero_line(x), point, *row_texts(base, y, is_narrow)], is_narrow, row=26)


def _datum(row: EffectRow, least: float) -> dict[str, Any]:
    return {
        "label": terms.design_name(row.design),
        "estimate": row.estimate_sd,
        "low": -least,
        "high": least,
        "figures": _figures(row, least),
    }
