"""How the sample of an estimate came about: what is left after each exclusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from sql import render_sql
from transforms.designs.exposure import Exposure
from transforms.designs.panel import BoolArray, DesignEstimate, IntArray
from transforms.designs.sample import DesignSample
from transforms.estimation.sums.grouping import summed_by_group

Step = Mapping[str, object]


@dataclass(frozen=True, eq=False)
class SampleFlow:
    """Steps from results to design rows of one sample (``steps``), to which those of a design are added."""

    sample: DesignSample
    steps: tuple[Step, ...]

    def of_regression(self, design: str, at: int) -> list[Step]:
        """Rows of estimates.effect_sample for a regression design and the type at position ``at``."""
        exposure = self.sample.exposure
        took_part = exposure.participated[:, at]
        marks: list[tuple[str, BoolArray]] = []
        if design == "within_teacher":
            several = _any_by(exposure.teacher, exposure.school_year != _first_years(exposure))
            marks.append(("of teachers seen in several years at one school", several))
            both = _any_by(exposure.teacher, took_part) & _any_by(exposure.teacher, ~took_part)
            marks.append(("of teachers who took part in some years and not in others", both))
        marks.append(("of teachers in years in which they took part", took_part))
        return self._records(design, exposure.types[at], [(step, self._rows(units)) for step, units in marks])

    def of_panel(self, design: str, at: int, found: DesignEstimate) -> list[Step]:
        """Rows of estimates.effect_sample for a design that compares teacher-years."""
        marks = [
            ("of teacher-years that are compared", found.used),
            ("of those that took part", found.used & found.treated),
        ]
        return self._records(design, self.sample.exposure.types[at], marks)

    def _rows(self, units: BoolArray) -> BoolArray:
        """The groups teacher_year that hold a marked unit."""
        marked = np.zeros(self.sample.sums.n_groups[1], dtype=bool)
        marked[self.sample.sums.codes("teacher_year")[units[self.sample.units]]] = True
        return marked

    def _records(self, design: str, pd_type: str, marks: Iterable[tuple[str, BoolArray]]) -> list[Step]:
        added = [
            {"step_number": len(self.steps) + i, "step": step, **self._counts(rows)}
            for i, (step, rows) in enumerate(marks, start=1)
        ]
        key = {"design": design, "academic_subject": self.sample.academic_subject, "pd_type": pd_type}
        return [{**key, **step} for step in (*self.steps, *added)]

    def _counts(self, rows: BoolArray) -> dict[str, int]:
        sums, exposure = self.sample.sums, self.sample.exposure
        results = summed_by_group([sums.counts], [sums.codes("teacher_year")], len(rows))
        units = self.sample.units[rows[sums.codes("teacher_year")]]
        return {
            "n_rows": int(results[rows].sum()),
            "n_students": self.sample.n_students_of(rows),
            "n_staff": len(np.unique(exposure.staff[units])),
            "n_schools": len(np.unique(exposure.school[units])),
        }


def read_sample_flow(connection: duckdb.DuckDBPyConnection, sample: DesignSample) -> SampleFlow:
    """Count the steps up to the design rows, which ``make_design_rows`` has made."""
    found = connection.execute(
        render_sql("designs/sample_flow.sql"), {"academic_subject": sample.academic_subject}
    )
    names: Sequence[str] = [column[0] for column in found.description or ()]
    return SampleFlow(sample, tuple(dict(zip(names, row, strict=True)) for row in found.fetchall()))


def _first_years(exposure: Exposure) -> IntArray:
    """First school year of the teacher of each unit (units)."""
    first = np.full(int(exposure.teacher.max()) + 1, 9999)
    np.minimum.at(first, exposure.teacher, exposure.school_year)
    return first[exposure.teacher]


def _any_by(codes: IntArray, marks: BoolArray) -> BoolArray:
    """For each unit whether any unit of the same code is marked (units)."""
    found = np.zeros(int(codes.max()) + 1, dtype=bool)
    np.logical_or.at(found, codes, marks)
    return found[codes]
