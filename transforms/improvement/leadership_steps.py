"""Where people stop on the way to a role, and the step at which a pathway breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from transforms.improvement.leadership_processes import (
    STEPS,
    Process,
    closing_day,
    day_number,
    years_in_days,
)
from transforms.improvement.survival import (
    Share,
    Waiting,
    kaplan_meier,
    log_rank,
    survival_at,
    wilson,
)
from transforms.standards.multiplicity import adjusted_p_values

HORIZON_YEARS = 2
MINIMUM_FOLLOWED = 5
MINIMUM_REACHED = 10
FLOOR = 0.25
ALPHA = 0.05
BROKEN_RULE = (
    f"concern where at least {MINIMUM_REACHED} people reached the step and either fewer go on within"
    f" {HORIZON_YEARS} years than at the same step of the other pathways, with p < {ALPHA} by the log-rank"
    " test"
    " after Benjamini and Hochberg over all steps, or the upper end of the 95% interval of the share that"
    " goes"
    f" on within {HORIZON_YEARS} years is below {FLOOR}; described otherwise"
)


@dataclass(frozen=True)
class Step:
    """One row of estimates.leadership_step; numbers as its columns of the same name."""

    pathway_level: str
    step: str
    school_year: int
    as_of: date
    n_reached: int
    n_converted: int
    n_left: int | None
    n_waiting: int
    conversion: Share
    within: Share | None
    others_within: Share | None
    p_value: float | None
    p_value_bh: float | None = None
    note: str | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Which parts of the rule say that the pathway breaks here."""
        if self.within is None or self.n_reached < MINIMUM_REACHED:
            return ()
        is_below_others = (
            self.others_within is not None
            and self.p_value_bh is not None
            and self.p_value_bh < ALPHA
            and self.within.value < self.others_within.value
        )
        is_below_floor = self.within.high < FLOOR
        return ("below the other pathways",) * is_below_others + ("below the floor",) * is_below_floor

    @property
    def record(self) -> dict[str, object]:
        """Its row."""
        return {
            "pathway_level": self.pathway_level,
            "step": self.step,
            "school_year": self.school_year,
            "as_of": self.as_of,
            "n_reached": self.n_reached,
            "n_converted": self.n_converted,
            "n_left": self.n_left,
            "n_waiting": self.n_waiting,
            "conversion": self.conversion.value,
            "ci_low": self.conversion.low,
            "ci_high": self.conversion.high,
            **({} if self.within is None else _within(self.within)),
            "others_conversion_2y": None if self.others_within is None else self.others_within.value,
            "p_value": self.p_value,
            "p_value_bh": self.p_value_bh,
            "is_broken": bool(self.reasons),
            "reason": "; ".join(self.reasons) or None,
            "note": self.note,
        }


def _within(share: Share) -> dict[str, object]:
    return {
        "conversion_2y": share.value,
        "conversion_2y_ci_low": share.low,
        "conversion_2y_ci_high": share.high,
    }


def steps_of_year(
    processes: Sequence[Process], school_year: int, last_event: date, staff_years: Sequence[int]
) -> tuple[Step, ...]:
    """All steps of all pathways as they were known at the end of ``school_year``.

    ``staff_years`` are the school years for which it is known who is on the staff.
    """
    day = closing_day(school_year, last_event)
    found: list[Step] = []
    for name in STEPS:
        of_step = [process for process in processes if process.name == name]
        waits = {process.category: process.as_of(day_number(day)) for process in of_step}
        for process in of_step:
            step = _step(process, waits, school_year, day, school_year in staff_years)
            found += [] if step is None else [step]
    return _adjusted(found)


def _step(
    process: Process, waits: dict[str, Waiting], school_year: int, day: date, is_staff_known: bool
) -> Step | None:
    reached = process.started_by <= day_number(day)
    n_reached = int(reached.sum())
    if n_reached == 0:
        return None
    converted = reached & (process.reached_by <= day_number(day))
    gone = reached & ~converted & (process.last_school_year < school_year)
    n_converted, n_left = int(converted.sum()), int(gone.sum()) if is_staff_known else None
    own = waits[process.category]
    others = [wait for level, wait in waits.items() if level != process.category and wait.n]
    rest = None
    for wait in others:
        rest = wait if rest is None else rest.joined(wait)
    within = converted_within(own)
    return Step(
        pathway_level=process.category,
        step=process.name,
        school_year=school_year,
        as_of=day,
        n_reached=n_reached,
        n_converted=n_converted,
        n_left=n_left,
        n_waiting=n_reached - n_converted - (n_left or 0),
        conversion=wilson(n_converted, n_reached),
        within=within,
        others_within=None if rest is None else converted_within(rest),
        p_value=None if rest is None or own.n == 0 else log_rank(own, rest),
        note=_note(n_reached - own.n, within),
    )


def converted_within(waiting: Waiting) -> Share | None:
    """Share that goes on within two years; None where fewer than five people started so long ago."""
    days = years_in_days(HORIZON_YEARS)
    if (waiting.followed >= days).sum() < MINIMUM_FOLLOWED:
        return None
    stays = survival_at(waiting, kaplan_meier(waiting), days)
    return None if stays is None else Share(1.0 - stays.value, 1.0 - stays.high, 1.0 - stays.low)


def _note(n_without_start: int, within: Share | None) -> str | None:
    notes = []
    if n_without_start:
        notes.append(f"{n_without_start} without a record of the first stage: counted, not timed")
    if within is None:
        notes.append(
            f"fewer than {MINIMUM_FOLLOWED} people reached the step {HORIZON_YEARS} years ago or earlier"
        )
    return "; ".join(notes) or None


def _adjusted(steps: Sequence[Step]) -> tuple[Step, ...]:
    adjusted = adjusted_p_values([step.p_value for step in steps])
    return tuple(replace(step, p_value_bh=value) for step, value in zip(steps, adjusted, strict=True))
