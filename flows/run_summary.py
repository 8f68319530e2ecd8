"""The summary of a run as markdown, for the page of its flow run: counts and states, no rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from flows.study_run import RunNotes

ROW_COUNTS = ("read", "loaded", "duplicate", "skipped", "quarantined")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-!|~>])")


def run_summary(study_name: str, build_id: str, notes: RunNotes) -> str:
    """What a run found: rows by entity, warnings, seconds by stage."""
    entities = sorted(notes.rows.items())
    lines = [f"# {literal(study_name)}", "", f"Build `{build_id}` has passed the gate.", ""]
    lines += _table(
        ("entity", *ROW_COUNTS),
        [(entity, *(f"{counts.get(name, 0):,}" for name in ROW_COUNTS)) for entity, counts in entities],
    )
    if notes.warnings:
        lines += ["## Warnings", "", *(f"- {literal(text)}" for text in notes.warnings), ""]
    seconds = [(name, f"{value:.1f}") for name, value in notes.stage_seconds.items()]
    lines += _table(("stage", "seconds"), seconds)
    return "\n".join(lines)


def literal(text: str) -> str:
    """Text from settings or data, so that it shows as it is: no markup of it is obeyed."""
    return _MARKUP.sub(r"\\\1", escape(" ".join(text.split()), quote=False))


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    rule = ["---"] + ["---:"] * (len(header) - 1)
    cells = [header, tuple(rule), *((literal(first), *others) for first, *others in rows)]
    return [*(f"| {' | '.join(row)} |" for row in cells), ""]
