"""Output tables of this part of the improvement loop."""

from __future__ import annotations

from expectations.contract import Table

VOICE_ESTIMATES: tuple[Table, ...] = ()
VOICE_REPORT: tuple[Table, ...] = ()
