"""Differences between subgroups of one PD type that were tested: picture and words.

A difference is drawn, never one subgroup beside the other: that one is clear and the other is not says
nothing of whether they differ (Gelman and Stern 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from transforms.reporting import style, terms
from transforms.reporting.catalogue import noted, say
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
from transforms.reporting.evidence_rows import DifferenceRow
from transforms.reporting.numerals import (
    capitalised,
    counted,
    decimal,
    interval,
    interval_decimals,
    p_value,
    signed,
)
from transforms.reporting.picture import NO_DRAWING, Drawing
from transforms.reporting.words import ALPHA

_GROUPS = {
    "is_novice": noted("novice teachers"),
    "is_english_learner": noted("English learners"),
    "is_swd": noted("students with disabilities"),
    "is_economically_disadvantaged": noted("economically disadvantaged"),
}
_SHORT = {"economically disadvantaged": noted("econ. disadvantaged")}


@dataclass(frozen=True)
class Contrast:
    """One tested difference: growth of ``group`` less that of ``others``, with its 95 % interval."""

    row: DifferenceRow
    group: str
    others: str
    estimate: float
    low: float
    high: float

    @property
    def label(self) -> str:
        """The difference in words."""
        return say("{group} less {others}", group=self.group, others=self.others)


def contrast(row: DifferenceRow) -> Contrast | None:
    """The difference with a fixed sign, whichever group is larger; None for more groups or no number.

    Of more than two groups the largest less the smallest is large by construction: an interval about it
    would mislead, and the table has its test.
    """
    if row.n_subgroups != 2 or row.difference_sd is None or row.std_error is None:
        return None
    largest, smallest = row.largest_subgroup or "", row.smallest_subgroup or ""
    is_turned = largest.endswith("=false") or (not largest.endswith("=true") and largest > smallest)
    estimate = -row.difference_sd if is_turned else row.difference_sd
    half = _quantile(row.df_denominator) * row.std_error
    first, second = (smallest, largest) if is_turned else (largest, smallest)
    group = say(_GROUPS.get(row.dimension) or _plain(first))
    others = say("others") if second.endswith("=false") else _plain(second)
    return Contrast(row, group, others, estimate, estimate - half, estimate + half)


def _plain(subgroup: str) -> str:
    name, _, value = subgroup.partition("=")
    if name == "academic_subject":
        return terms.subject_in_sentence(value)
    return terms.plain(name if value == "true" else value or name).lower()


def _quantile(df: float | None) -> float:
    from scipy.stats import norm, t

    return float(norm.ppf(0.975) if df is None else t.ppf(0.975, df))


def differences_picture(rows: Sequence[DifferenceRow], picture_id: str) -> Drawing:
    """Draw the differences of two groups with 95 % intervals, a panel a subject; empty without any."""
    found = [drawn for row in rows if (drawn := contrast(row)) is not None]
    if not found:
        return NO_DRAWING
    said = "; ".join(
        say(
            "{label} in {subject_in_sentence} {figures}",
            label=one.label,
            subject_in_sentence=terms.subject_in_sentence(one.row.academic_subject),
            figures=_figures(one),
        )
        for one in found
    )
    text = say("Differences between groups, with 95% intervals: {said}.", said=said)
    return draw_both(lambda is_narrow: _panels(found, is_narrow), picture_id, text)


def _figures(one: Contrast) -> str:
    places = interval_decimals(one.low, one.high)
    return f"{signed(one.estimate, places)} ({interval(one.low, one.high, places)})"


def _panels(found: Sequence[Contrast], is_narrow: bool) -> Panel:
    reach = max(0.1, 1.05 * max(abs(end) for one in found for end in (one.low, one.high)))
    subjects = sorted(
        dict.fromkeys(one.row.academic_subject for one in found), key=lambda name: name == "all"
    )
    panels = [
        _panel(
            [one for one in found if one.row.academic_subject == subject],
            reach,
            is_narrow,
            subject == subjects[-1],
        ).properties(title=say("Between subjects") if subject == "all" else terms.subject_name(subject))
        for subject in subjects
    ]
    return vconcat(*panels, spacing=12)


def _panel(found: Sequence[Contrast], reach: float, is_narrow: bool, is_last: bool) -> Panel:
    import altair as alt

    base, y = chart_of([_datum(one, is_narrow) for one in found]), row_axis(is_narrow)
    x = growth_axis(reach, is_narrow, is_last)
    span = base.mark_rule(strokeWidth=2.5, color=style.NEUTRAL).encode(x=x("low:Q"), x2=alt.X2("high:Q"), y=y)
    point = base.mark_point(size=90, strokeWidth=2, opacity=1, stroke=style.NEUTRAL).encode(
        x=x("estimate:Q"),
        y=y,
        shape=alt.Shape("shape:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
    )
    return sized([zero_line(x), span, point, *row_texts(base, y, is_narrow)], is_narrow, row=26)


def _datum(one: Contrast, is_narrow: bool) -> dict[str, Any]:
    is_clear = is_told_apart(one.row)
    group = say(_SHORT.get(one.group, one.group)) if is_narrow else one.group
    label = group if one.others == "others" else say("{group} less {others}", group=group, others=one.others)
    return {
        "label": capitalised(label),
        "estimate": one.estimate,
        "low": one.low,
        "high": one.high,
        "figures": _figures(one),
        "shape": "diamond" if is_clear else "circle",
        "fill": style.NEUTRAL if is_clear else style.PAPER,
    }


def is_told_apart(row: DifferenceRow) -> bool:
    """Whether groups differ once all tested differences are counted."""
    return row.p_value_bh is not None and row.p_value_bh < ALPHA


def differences_title(rows: Sequence[DifferenceRow]) -> str:
    """How many of the drawn differences, all of one design, can be told from zero."""
    if not rows:
        return ""
    how = terms.design_name(rows[0].design)
    clear = sum(is_told_apart(row) for row in rows)
    if not clear:
        return say(
            "{how}: no group is told apart from the others, in {n_tests}",
            how=how,
            n_tests=counted(len(rows), "test"),
        )
    return say(
        "{how}: {clear} of {n_differences} between groups can be told from zero",
        how=how,
        clear=clear,
        n_differences=counted(len(rows), "difference"),
    )


def clearest_sentence(rows: Sequence[DifferenceRow]) -> str:
    """The tested difference with the smallest adjusted p, by name; empty where none can be told apart."""
    clear = [row for row in rows if is_told_apart(row) and contrast(row) is not None]
    if not clear:
        return ""
    row = min(clear, key=lambda row: row.p_value_bh or 1.0)
    one = contrast(row)
    if one is None:
        return ""
    where = (
        ""
        if row.academic_subject == "all"
        else say(
            " in {subject_in_sentence}", subject_in_sentence=terms.subject_in_sentence(row.academic_subject)
        )
    )
    return say(
        "The clearest: {label}{where}, {design_name}: {figures} SD (adjusted p {p_value_bh},"
        " standard error {std_error}).",
        label=one.label,
        where=where,
        design_name=terms.design_name(row.design).lower(),
        figures=_figures(one),
        p_value_bh=p_value(row.p_value_bh),
        std_error=decimal(row.std_error),
    )
