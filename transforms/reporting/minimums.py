"""The smallest numbers of students and staff that a report shows."""

from __future__ import annotations

import json
from dataclasses import dataclass

from transforms.release.counted import MINIMUM_STAFF, MINIMUM_STUDENTS
from transforms.reporting.rows import Build


@dataclass(frozen=True)
class Minimums:
    """Numbers of persons; what rests on fewer is hidden."""

    students: int
    staff: int


def minimums(build: Build) -> Minimums:
    """Those that the study of ``build`` sets, or the usual ones."""
    of_study = json.loads(build.settings).get("disclosure", {})
    return Minimums(
        of_study.get("minimum_students", MINIMUM_STUDENTS), of_study.get("minimum_staff", MINIMUM_STAFF)
    )
