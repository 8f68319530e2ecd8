"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

CONNECTED_ESTIMATES: tuple[Table, ...] = ()
CONNECTED_REPORT: tuple[Table, ...] = ()
