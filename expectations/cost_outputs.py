"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

COST_ESTIMATES: tuple[Table, ...] = ()
COST_REPORT: tuple[Table, ...] = ()
