"""``pdeval audit``: the log as a table, newest last, a line a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flows.audit import Trail, read_trail
from flows.console import plain, shown_path
from flows.folders import Warehouse
from transforms.errors import UsageError

_HASH_SHOWN = 12


def trail_of(warehouse: Warehouse) -> Trail:
    """The log of a warehouse; UsageError where this account may not read it."""
    try:
        return read_trail(warehouse)
    except OSError as error:
        raise UsageError(
            f"{shown_path(warehouse.audit_log)}: cannot be read: {error.strerror}; it belongs to the account"
            " that runs the study"
        ) from None


def trail_text(trail: Trail) -> str:
    """A line a command, then the head of the chain."""
    if not trail.entries:
        return "nothing is recorded yet"
    lines = [
        f"{'BEGAN':<20} {'ACCOUNT':<18} {'COMMAND':<8} {'BUILD':<24} {'ENDED':<14} {'ROWS':>10} FILES AND SQL"
    ]
    endings = {entry.get("began"): entry for entry in trail.entries if entry.get("event") == "ended"}
    for entry in trail.entries:
        if entry.get("event") == "began":
            lines += _command_lines(entry, endings.get(entry["number"], {}))
    verdict = "does not hold" if trail.problem else "holds"
    lines.append(f"{trail.head.number} lines; the chain {verdict}; head {trail.head.sha256}")
    return "\n".join(lines)


def _command_lines(began: Mapping[str, Any], ended: Mapping[str, Any]) -> list[str]:
    account = f"{began.get('account')} ({began.get('uid')})"
    ending = f"exit code {ended.get('exit_code')}" if ended else "no end"
    build = ended.get("build_id") or "-"
    rows = ended.get("rows")
    sql = began.get("sql_sha256")
    told = [f"sql {str(sql)[:_HASH_SHOWN]}"] if sql else []
    files: Sequence[Any] = ended.get("files") or []
    told += [_file_text(file) for file in files]
    first = (
        f"{began.get('at')!s:<20} {account:<18} {began.get('command')!s:<8} {build:<24}"
        f" {ending:<14} {'-' if rows is None else f'{rows:,}':>10} {told[0] if told else ''}"
    )
    # plain() would draw the columns together
    return [
        "".join(sign if sign.isprintable() else " " for sign in line).rstrip()
        for line in [first, *(f"{'':<100}{text}" for text in told[1:])]
    ]


def _file_text(file: object) -> str:
    if not isinstance(file, Mapping):
        return plain(str(file))
    return f"{file.get('name')} {str(file.get('sha256'))[:_HASH_SHOWN]}"


def trail_facts(trail: Trail) -> dict[str, Any]:
    """The entries as they stand in the log, and what was found of the chain."""
    return {
        "entries": list(trail.entries),
        "head": {"number": trail.head.number, "sha256": trail.head.sha256},
        "problem": str(trail.problem) if trail.problem else None,
    }
