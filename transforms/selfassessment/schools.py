"""Schools that get a form, and the names of their files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")
_LONGEST = 60
_SCHOOLS = """
select school_id, coalesce(school_name, school_id) as school_name
from (
    select distinct school_id from frames.staff_year where is_teacher and school_id is not null
) left join core.school using (school_id)
order by school_id
"""


@dataclass(frozen=True)
class School:
    """A school that assesses itself for the school year named by its spring."""

    school_id: str
    school_name: str
    school_year: int

    def file_name(self, ending: str) -> str:
        """Name of its form; an id that is no plain name is told apart by a digest."""
        plain = _UNSAFE.sub("-", self.school_id).strip("-")[:_LONGEST]
        # Two ids that differ in case alone would be one file on some disks.
        if plain != self.school_id or plain != plain.lower():
            plain = f"{plain}-{hashlib.sha256(self.school_id.encode()).hexdigest()[:8]}".strip("-")
        return f"self-assessment-{self.school_year}-{plain}.{ending}"


def schools_with_teachers(connection: duckdb.DuckDBPyConnection, school_year: int) -> Sequence[School]:
    """Schools that have or had teachers in a build, by id."""
    rows = connection.execute(_SCHOOLS).fetchall()
    return [School(school_id, name, school_year) for school_id, name in rows]
