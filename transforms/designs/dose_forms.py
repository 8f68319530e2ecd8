"""Forms in which the hours of a PD type can stand in a model, and what each asks of the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from transforms.designs.exposure import Exposure
from transforms.designs.panel import BoolArray, FloatArray
from transforms.designs.sample import DesignSample
from transforms.designs.settings import DesignSettings

# Yoon et al. (2007): studies of more than 14 hours found effects, those of 5 to 14 none.
KNOT_HOURS = 14.0


@dataclass(frozen=True)
class DoseForm:
    """One way in which hours stand in a model.

    ``terms`` are what is reported, each as weights of columns by their prefix. ``contrast`` is the one whose
    refusals hold here too; ``baseline`` the prefix of the column of a type that cannot bear the form.
    ``columns`` gives those of a type (units, by name), ``refusal`` says why there are none.
    """

    contrast: str
    baseline: str
    terms: Mapping[str, Mapping[str, float]]
    columns: Callable[[DesignSample, int], dict[str, FloatArray]]
    refusal: Callable[[DesignSample, int, DesignSettings], str]
    note: str = ""
    has_other_hours: bool = False


def without_other_hours(sample: DesignSample) -> DesignSample:
    """The sample without its control for hours in other subjects, which is the sum of those by type."""
    kept = [name for name in sample.sums.names[1:-1] if name != "other_hours"]
    controls = tuple(name for name in sample.controls if name != "other_hours")
    return replace(sample, sums=sample.sums.select(kept), controls=controls)


def year_kinds(exposure: Exposure, at: int) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Whether a unit's year with hours is a person's first, a later one, or cannot be told (units each).

    It cannot be told in the first school year in which the study sees the person, unless there were hours in
    the window before: then it is a later one.
    """
    took_part = exposure.participated[:, at]
    first_seen = np.full(int(exposure.staff.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first_seen, exposure.staff, exposure.school_year)
    sustained = exposure.sustained[:, at] | (took_part & (exposure.lagged_hours[:, at] > 0.0))
    unknown = took_part & ~sustained & (exposure.school_year == first_seen[exposure.staff])
    return took_part & ~sustained & ~unknown, sustained, unknown


def _knot_columns(sample: DesignSample, at: int) -> dict[str, FloatArray]:
    hours = sample.exposure.aligned_hours[:, at]
    name = sample.exposure.types[at]
    return {
        f"hours:{name}": hours / 10.0,
        f"above_14:{name}": np.maximum(hours - KNOT_HOURS, 0.0) / 10.0,
    }


def _knot_refusal(sample: DesignSample, at: int, settings: DesignSettings) -> str:
    hours = sample.exposure.aligned_hours[:, at]
    above = _persons(sample, hours > KNOT_HOURS)
    below = _persons(sample, (hours > 0.0) & (hours <= KNOT_HOURS))
    least = settings.minimum_teachers
    if above < least:
        return f"{above} teachers with more than 14 hours, fewer than {least}"
    return f"{below} teachers with hours up to 14, fewer than {least}" if below < least else ""


def _year_columns(sample: DesignSample, at: int) -> dict[str, FloatArray]:
    name = sample.exposure.types[at]
    first, sustained, unknown = year_kinds(sample.exposure, at)
    columns = {f"first:{name}": first.astype(float), f"sustained:{name}": sustained.astype(float)}
    if unknown[_present(sample)].any():
        columns[f"untold:{name}"] = unknown.astype(float)
    return columns


def _year_refusal(sample: DesignSample, at: int, settings: DesignSettings) -> str:
    first, sustained, _ = year_kinds(sample.exposure, at)
    least = settings.minimum_teachers
    if (n_first := _persons(sample, first)) < least:
        return f"{n_first} teachers whose first year with hours is known, fewer than {least}"
    n_sustained = _persons(sample, sustained)
    return (
        f"{n_sustained} teachers with hours in a later year, fewer than {least}"
        if n_sustained < least
        else ""
    )


def _other_columns(sample: DesignSample, at: int) -> dict[str, FloatArray]:
    name = sample.exposure.types[at]
    return {
        f"hours:{name}": sample.exposure.aligned_hours[:, at] / 10.0,
        f"other:{name}": sample.exposure.other_hours[:, at] / 10.0,
    }


def _other_refusal(sample: DesignSample, at: int, settings: DesignSettings) -> str:
    return _second_refusal(sample, sample.exposure.other_hours[:, at], "in other subjects", settings)


def _lagged_columns(sample: DesignSample, at: int) -> dict[str, FloatArray]:
    name = sample.exposure.types[at]
    return {
        f"hours:{name}": sample.exposure.aligned_hours[:, at] / 10.0,
        f"lagged:{name}": sample.exposure.lagged_hours[:, at] / 10.0,
    }


def _lagged_refusal(sample: DesignSample, at: int, settings: DesignSettings) -> str:
    return _second_refusal(sample, sample.exposure.lagged_hours[:, at], "in the window before", settings)


def _second_refusal(sample: DesignSample, hours: FloatArray, where: str, settings: DesignSettings) -> str:
    if not hours[_present(sample)].any():
        return f"no hours {where}"
    n_persons = _persons(sample, hours > 0.0)
    least = settings.minimum_teachers
    return f"{n_persons} teachers with hours {where}, fewer than {least}" if n_persons < least else ""


def _present(sample: DesignSample) -> FloatArray:
    """Positions of the units that taught somebody of the sample."""
    return np.unique(sample.exposure.mixture.indices)


def _persons(sample: DesignSample, of_units: BoolArray) -> int:
    present = _present(sample)
    return len(np.unique(sample.exposure.staff[present][of_units[present]]))


FORMS = (
    DoseForm(
        "per_10_hours",
        "hours",
        {
            "per_10_hours_below_14": {"hours": 1.0},
            "per_10_hours_above_14": {"hours": 1.0, "above_14": 1.0},
            "change_at_14": {"above_14": 1.0},
        },
        _knot_columns,
        _knot_refusal,
    ),
    DoseForm(
        "participated",
        "participated",
        {
            "first_year": {"first": 1.0},
            "sustained_year": {"sustained": 1.0},
            "sustained_less_first": {"sustained": 1.0, "first": -1.0},
        },
        _year_columns,
        _year_refusal,
        note="a teacher's first year in the study is neither where nothing is known of the time before",
    ),
    DoseForm(
        "per_10_hours",
        "hours",
        {
            "aligned_hours": {"hours": 1.0},
            "other_subject_hours": {"other": 1.0},
            "aligned_less_other": {"hours": 1.0, "other": -1.0},
        },
        _other_columns,
        _other_refusal,
        has_other_hours=True,
    ),
    DoseForm(
        "per_10_hours",
        "hours",
        {"lagged_hours": {"lagged": 1.0}},
        _lagged_columns,
        _lagged_refusal,
        note="beside the hours of this window",
    ),
)
