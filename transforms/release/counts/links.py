"""The same persons counted in tables of two topics."""

from __future__ import annotations

from transforms.release.cells import Declared
from transforms.release.counted import Same

LINKS = Declared(
    (),
    same=(
        Same(
            "driver_scores",
            "indicators",
            "other.indicator = 'driver_' || one.driver and other.category = one.role"
            " and one.school_id is not distinct from other.school_id and one.school_year = other.school_year",
        ),
    ),
)
