"""How the report's figures hang together, as far as persons could be told from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

TOO_FEW = "of too few people to be shown"
# Where a study sets no others. A school has few teachers: with 10 for them too, a table of its professional
# development would be empty.
MINIMUM_STUDENTS, MINIMUM_STAFF = 10, 5
MINIMUM_FOR_THE_PUBLIC = 10  # of students and staff alike


class Persons(StrEnum):
    """Whose records a count is of; each kind has a minimum of its own."""

    STUDENTS = "students"
    STAFF = "staff"


@dataclass(frozen=True)
class Counted:
    """A count of persons in a table of the report, and the columns that are emptied with it.

    ``key`` names a row, ``count`` is SQL over the table's columns (``counted``) and may name parameters of
    the report; a row where it is null has none. ``hides`` are empty where the count is hidden and only there;
    ``with_it`` are emptied too, though other counts stand behind them as well. ``flag`` is set where the
    count is hidden, ``words`` take the place of a text. A row that ``is_dropped`` goes as a whole. ``loss``
    is SQL for how dear the row is, 1 as a rule. ``beside``: names for SQL over the row, for margins.
    ``is_personal`` is SQL for whether the figures beside the count are made of what persons answered, how
    they were rated or what they reached; otherwise they are on record: who took part, how long, at what cost.
    """

    name: str
    table: str
    key: tuple[str, ...]
    count: str
    persons: Persons
    hides: tuple[str, ...]
    flag: str | None = "is_suppressed"
    words: Mapping[str, object] = field(default_factory=dict)
    loss: str = "1"
    with_it: tuple[str, ...] = ()
    is_dropped: bool = False
    beside: Mapping[str, str] = field(default_factory=dict)
    is_personal: str = "false"


@dataclass(frozen=True)
class Margin:
    """Counts of ``parts``, and those of ``also``, are parts of a count of ``total`` with the same ``on``.

    ``where_part`` and ``where_total`` are SQL over the keys and what is ``beside`` them. Parts with the same
    value of ``per`` (SQL over the same) do not overlap, or ``may_overlap``: a student of two schools.
    Who is in no part is as a rule protected like a cell; ``is_rest_known`` says that readers may know how
    many: staff of no school, of what is on record.
    Without ``total`` no table shows the whole: the parts of each ``per`` make it up, so that one grouping
    tells the whole of another.
    """

    parts: str
    total: str | None
    on: tuple[str, ...]
    where_part: str = "true"
    where_total: str = "true"
    per: str = "''"
    may_overlap: bool = False
    also: tuple[str, ...] = ()
    is_rest_known: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The counts that it is about."""
        return frozenset((self.parts, *self.also, self.total or self.parts))


@dataclass(frozen=True)
class Same:
    """A count of ``one`` and a count of ``other`` are of the same persons where ``on`` holds and both agree.

    ``on`` is SQL over ``one`` and ``other``. Where ``is_loose`` what to hide is sought on either side by
    itself, and again where one side hides what the other shows: as one problem it would take too long. The
    attack is on both as one.
    """

    one: str
    other: str
    on: str
    is_loose: bool = False


@dataclass(frozen=True)
class Comparison:
    """Figures of a row that tell of another row of ``table``: ``hides`` are empty where ``shown`` of it is.

    ``on`` is SQL over ``counted`` and the ``other`` row. A ratio beside one of two rates gives the other.
    """

    table: str
    hides: tuple[str, ...]
    on: str
    shown: str
