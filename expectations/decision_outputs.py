"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

DECISION_ESTIMATES: tuple[Table, ...] = ()
DECISION_REPORT: tuple[Table, ...] = ()
