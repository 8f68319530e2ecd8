"""The contract in code: what every table of the project is called, holds and means.

Said once. Staging casts, core keys, reference checks, DDL, COMMENTs, the Great Expectations
suites, the data dictionary and the mapping checks of study.toml all derive from the values below
and from ``expectations.entities`` (what comes in) and ``expectations.outputs`` (what goes out).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The type of a column: how text is read into it and how it is stored."""

    ID = "id"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    SCHOOL_YEAR = "school_year"
    GRADE = "grade"

    @property
    def sql_type(self) -> str:
        """The DuckDB type that stores the column."""
        return _SQL_TYPES[self]


_SQL_TYPES = {
    Kind.ID: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.SCHOOL_YEAR: "SMALLINT",
    Kind.GRADE: "TINYINT",
}


@dataclass(frozen=True)
class Column:
    """One column of an entity or output table.

    ``references`` names the entity whose ids the column carries (see ``DECLARED_BY``).
    ``is_direct_identifier`` marks what never leaves the restricted files: names, e-mail
    addresses, birth dates and unscrubbed free text. ``minimum`` and ``maximum`` are inclusive.
    """

    name: str
    kind: Kind
    description: str
    is_required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    references: str = ""
    default: str = ""
    is_direct_identifier: bool = False

    @property
    def comment(self) -> str:
        """The COMMENT of the column: meaning, unit, permitted values."""
        parts = [self.description]
        if self.unit:
            parts.append(f"Unit: {self.unit}.")
        if self.allowed:
            parts.append(f"One of: {', '.join(self.allowed)}.")
        if self.minimum is not None and self.maximum is not None:
            parts.append(f"From {self.minimum:g} to {self.maximum:g}.")
        if self.default:
            parts.append(f"Default: {self.default}.")
        return " ".join(parts)


@dataclass(frozen=True)
class Table:
    """A table with a declared grain: an input entity (schema ``core``) or an output table."""

    schema: str
    name: str
    grain: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column called ``name``; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.qualified_name} has no column {name}")

    @property
    def qualified_name(self) -> str:
        """``schema.name``."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns in order."""
        return tuple(column.name for column in self.columns)

    @property
    def published_columns(self) -> tuple[Column, ...]:
        """The columns that may enter the published database."""
        return tuple(column for column in self.columns if not column.is_direct_identifier)

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Names of the columns that a source must fill in every row."""
        return tuple(column.name for column in self.columns if column.is_required)

    @property
    def comment(self) -> str:
        """The COMMENT of the table; it begins with the grain."""
        return f"{self.grain}. {self.description}"


# Who declares an id: the first tier with a configured source; all sources within it count.
DECLARED_BY: dict[str, tuple[tuple[str, ...], ...]] = {
    "school": (("school",), ("staff_assignment", "student_enrollment", "section")),
    "staff": (("staff", "staff_assignment"), ("section_staff",)),
    "student": (("student", "student_enrollment"), ("section_student",)),
    "section": (("section",), ("section_staff", "section_student")),
    "pd_activity": (("pd_activity",),),
    "pd_session": (("pd_session",),),
    "priority": (("priority",),),
    "survey": (("survey",),),
    "survey_response": (("survey_response",), ("survey_answer",)),
    "observation": (("observation",),),
}

# Ids of persons, and of records that name or single out one person.
PSEUDONYMISED = ("student", "staff", "section", "survey_response", "observation")

# Each inner tuple is one alternative; a study needs a source for at least one of each.
REQUIRED_ENTITIES: tuple[tuple[str, ...], ...] = (
    ("staff_assignment", "section_staff"),
    ("student_enrollment", "section_student"),
    ("pd_activity",),
    ("pd_participation",),
    ("assessment_result",),
)

PD_TYPES: dict[str, bool] = {  # pd_type → connected (job-embedded and sustained)
    "coaching": True,
    "collaborative_planning": True,
    "curriculum_based": True,
    "feedback_cycle": True,
    "mentoring_induction": True,
    "workshop_single": False,
    "workshop_series": False,
    "online_course": False,
    "conference": False,
    "leadership_development": False,
    "micro_credential": False,
    "action_research": False,
    "other": False,
}


def by_name(tables: Iterable[Table]) -> dict[str, Table]:
    """Index tables by name; ValueError on a repeated name or a key that is not a column."""
    index: dict[str, Table] = {}
    for table in tables:
        if table.name in index:
            raise ValueError(f"{table.name} is declared twice")
        missing = set(table.key) - set(table.column_names)
        if missing:
            raise ValueError(f"{table.name}: key columns {sorted(missing)} are not declared")
        index[table.name] = table
    return index
