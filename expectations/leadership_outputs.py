"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

LEADERSHIP_ESTIMATES: tuple[Table, ...] = ()
LEADERSHIP_REPORT: tuple[Table, ...] = ()
