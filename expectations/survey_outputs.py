"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

SURVEY_ESTIMATES: tuple[Table, ...] = ()
SURVEY_REPORT: tuple[Table, ...] = ()
