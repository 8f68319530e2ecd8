"""What is said of a statement that ran into a limit; DuckDB is not needed to say it."""

from __future__ import annotations


def time_problem(seconds: float) -> str:
    """The line for a statement that takes longer than it may."""
    return f"SQL: not done after {seconds:g} seconds; filter or group first, or allow more with --time-limit"


def crash_problem(signal_name: str) -> str:
    """The line for a statement that brought the engine down."""
    return (
        f"SQL: the engine ended by {signal_name} on this statement, most likely for want of memory; filter or"
        " group first. The published database is as it was"
    )
