"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

LEARNING_ESTIMATES: tuple[Table, ...] = ()
LEARNING_REPORT: tuple[Table, ...] = ()
