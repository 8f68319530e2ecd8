"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

BALANCE_ESTIMATES: tuple[Table, ...] = ()
BALANCE_REPORT: tuple[Table, ...] = ()
