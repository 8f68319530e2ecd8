"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

STANDARD_ESTIMATES: tuple[Table, ...] = ()
STANDARD_REPORT: tuple[Table, ...] = ()
