"""Sections of the page of the leadership pipeline: the funnel, and how long until a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.improvement.leadership_steps import BROKEN_RULE
from transforms.reporting import leadership_tables as tables
from transforms.reporting import leadership_words as words
from transforms.reporting import terms
from transforms.reporting.catalogue import noted, say, say_each
from transforms.reporting.leadership_charts import Bar, Dot, dots_picture, funnel_picture
from transforms.reporting.leadership_curves import curves_picture
from transforms.reporting.leadership_rows import CurvePoint, LeadershipReport, StepRow
from transforms.reporting.numerals import capitalised, counted, percent
from transforms.reporting.picture import Picture
from transforms.reporting.sections import Section

_STEPS = ("identified_to_in_training", "in_training_to_completed", "completed_to_placed")
_LEVELS = ("classroom", "school", "district")
_SHORT_STEPS = {
    "identified_to_in_training": noted("into training"),
    "in_training_to_completed": noted("to completion"),
    "completed_to_placed": noted("into a role"),
}
_STAGES = (noted("Identified"), noted("In training"), noted("Completed"), noted("Placed"))


def in_order(rows: Sequence[StepRow]) -> list[StepRow]:
    """Steps that the page knows, pathway by pathway in the order in which they are taken."""
    known = [row for row in rows if row.step in _STEPS and row.pathway_level in _LEVELS]
    return sorted(known, key=lambda row: (_LEVELS.index(row.pathway_level), _STEPS.index(row.step)))


def funnels(steps: Sequence[StepRow]) -> dict[str, list[Bar]]:
    """Bars of each pathway whose steps may be shown, as shares of those identified."""
    found: dict[str, list[Bar]] = {}
    for level in _LEVELS:
        rows = {row.step: row for row in steps if row.pathway_level == level and not row.is_suppressed}
        first = rows.get(_STEPS[0])
        if first is None or not first.n_reached:
            continue
        bars = [Bar(say_each(_STAGES)[0], 1.0, counted(first.n_reached, "person", "people"))]
        for stage, step in zip(say_each(_STAGES)[1:], _STEPS, strict=True):
            row = rows.get(step)
            if row is None or row.n_converted is None:
                break
            figures = say(
                "{n_converted} ({conversion} of {n_reached})",
                n_converted=row.n_converted,
                conversion=percent(row.conversion),
                n_reached=row.n_reached,
            )
            bars.append(Bar(stage, row.n_converted / first.n_reached, figures, row.is_broken))
        found[capitalised(words.level_name(level))] = bars
    return found


def funnel_section(steps: Sequence[StepRow]) -> Section | None:
    """From identified to placed, and where it breaks; None without any step."""
    if not steps:
        return None
    broken = [row for row in steps if row.is_broken and row.n_converted is not None]
    shown = [row for row in steps if not row.is_suppressed]
    title = say("No step clearly falls behind")
    if broken:
        row = broken[0]
        title = say(
            "{level_name}: {n_converted} of {n_reached} go on {step_names}",
            level_name=capitalised(words.level_name(row.pathway_level)),
            n_converted=row.n_converted,
            n_reached=row.n_reached,
            step_names=say(words.STEP_NAMES[row.step]),
        )
    return Section(
        id="funnel",
        title=say("From identified to placed"),
        paragraphs=(
            say(
                "Staff are identified for a pathway, trained, complete the training, and are"
                " placed in a role. Who has a record of a later stage counts as having passed the"
                " earlier ones. People who began recently have had little time: the second"
                " picture therefore shows the share that goes on within two years, as estimated"
                " from everybody for as long as each could be followed (Kaplan-Meier). Who left"
                " the district without going on counts as not gone on."
            ),
        ),
        pictures=(
            Picture(
                "funnel",
                title,
                funnel_picture(funnels(steps), "funnel"),
                say(
                    "Bars: people who have reached a stage, as a share of those identified; in"
                    " brackets the share of those who reached the stage before. ▼ marks the step"
                    " at which a pathway breaks by the rule below."
                ),
            ),
            Picture(
                "steps",
                _steps_title(shown),
                dots_picture(
                    [_step_dot(row) for row in shown],
                    "steps",
                    say("Share that goes on within two years, with 95% interval: ")
                    + "; ".join(f"{_step_label(row)} {_step_figure(row)}" for row in shown)
                    + ".",
                    say("share that goes on within two years"),
                ),
                say(
                    "Mark: estimate; line: its 95% interval. ▼ a step at which the pathway"
                    " breaks; ● any other."
                ),
            ),
        ),
        tables=(tables.steps_table(steps),),
        note=say(
            "Rule: {broken_rule}. The log-rank test compares how soon people go on, for as long"
            " as each is followed.",
            broken_rule=BROKEN_RULE,
        ),
    )


def _steps_title(rows: Sequence[StepRow]) -> str:
    """At which step fewest go on within two years."""
    told = [row for row in rows if row.conversion_2y is not None]
    if not told:
        return say("It is too soon to say who goes on within two years")
    least = min(told, key=lambda row: row.conversion_2y or 0.0)
    rank = say(", the fewest") if len(told) > 1 else ""
    return say(
        "{step_label}: {conversion_2y} go on within two years{rank}",
        step_label=_step_label(least),
        conversion_2y=percent(least.conversion_2y),
        rank=rank,
    )


def _step_label(row: StepRow) -> str:
    return f"{terms.plain(row.pathway_level)}: {say(_SHORT_STEPS[row.step])}"


def _step_dot(row: StepRow) -> Dot:
    return Dot(
        _step_label(row),
        row.conversion_2y,
        row.conversion_2y_ci_low,
        row.conversion_2y_ci_high,
        _step_figure(row),
        row.is_broken,
    )


def _step_figure(row: StepRow) -> str:
    if row.n_converted is None:
        return say(tables.TOO_FEW)
    return say("too soon to say") if row.conversion_2y is None else percent(row.conversion_2y)


def groups(
    points: Sequence[CurvePoint], process: str, categories: Mapping[str, str]
) -> dict[str, list[CurvePoint]]:
    """Points of each curve that has any, by the name of its group."""
    found = {
        name: [point for point in points if point.process == process and point.category == category]
        for category, name in categories.items()
    }
    return {name: rows for name, rows in found.items() if rows}


def time_section(report: LeadershipReport) -> Section | None:
    """How long until a role, and who gets one sooner; None without anybody who completed."""
    levels = {level: capitalised(words.level_name(level)) for level in _LEVELS}
    medians = [row for row in report.medians if row.process == "completed_to_placed"]
    if not medians:
        return None
    model = tables.chosen_model(report.models)
    refused = [row.note for row in report.models if row.term == "all" and row.note and not model]
    return Section(
        id="placement",
        title=say("How long until a role"),
        paragraphs=(
            say(
                "Counted from completing the training. Who still waits, or has left, is not"
                " dropped: each counts for as long as a placement could have been seen."
            ),
            say(
                "A hazard ratio compares how fast groups are placed: 2 means twice the chance at"
                " any moment among those still waiting, 1 no difference, below 1 slower. It"
                " describes; it does not say why."
            )
            if model
            else say("Who is placed sooner could not be compared")
            + (f": {refused[0].removeprefix('refused: ')}." if refused and refused[0] else "."),
        ),
        pictures=(
            Picture(
                "placement-curves",
                words.half_placed(sorted(medians, key=lambda row: _LEVELS.index(row.category))),
                curves_picture(
                    groups(report.curves, "completed_to_placed", levels),
                    "placement-curves",
                    True,
                    say("share placed"),
                ),
                say(
                    "Line: estimated share placed by then (Kaplan-Meier); band: 95% interval at"
                    " each point. A curve ends where too few people are still waiting."
                ),
            ),
        ),
        tables=(
            tables.placement_table(report.medians, report.horizons),
            *((tables.model_table(report.models),) if model else ()),
        ),
        note=_model_note(report, bool(model)),
    )


def _model_note(report: LeadershipReport, has_model: bool) -> str:
    notes = [row.note for row in tables.chosen_model(report.models) if row.term == "all" and row.note]
    if not has_model:
        return ""
    return say(
        "Hazard ratios by Cox's model, errors by person. ‘Same at all times’ tests whether a"
        " ratio holds for short and long waits alike; a small p says that it is an average of"
        " different ones."
    ) + "".join(f" {capitalised(note)}." for note in notes)
