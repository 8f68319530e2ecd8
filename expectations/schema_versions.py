"""The versions of the published tables: which there were, since when, and what changed.

The rule for raising it stands in docs/reference/schema-versions.md; a test compares tables and columns with
those of the newest version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SchemaVersion:
    """A version ``major.minor``, the day from which builds have it, and what changed for a reader."""

    version: str
    since: date
    changes: str

    @property
    def kind(self) -> str:
        """``major`` where a query of before may fail or mean something else, else ``minor``."""
        return "major" if self.version.endswith(".0") else "minor"


# Oldest first.
SCHEMA_VERSIONS = (
    SchemaVersion(
        "1.0", date(2026, 11, 21), "First tables: core, quarantine, frames, estimates, report, meta."
    ),
    SchemaVersion(
        "1.1",
        date(2026, 11, 25),
        "Added: growth percentiles, norms, projections, value-added and links between assessments; errors of"
        " measurement of score and prior in frames.student_growth.",
    ),
    SchemaVersion(
        "1.2",
        date(2026, 11, 25),
        "Added: frames of staff, hours and survey scores; surveys, indicators, balance, learning, leadership,"
        " cost, decisions and the standard; the checks beside each estimate; later in the same version the"
        " schema history and report.pd_flow, pd_type_profile and school_reach.",
    ),
    SchemaVersion(
        "1.3",
        date(2026, 11, 26),
        "Added: meta.schema_version, meta.schema_description, meta.disclosure and table macros in the"
        " schema main; core.pd_type is declared, as all other tables are. Later in the same version the"
        " minimums of report.* may be set by the study, and the comments no longer say 5 and 10.",
    ),
)
SCHEMA_VERSION = SCHEMA_VERSIONS[-1].version
