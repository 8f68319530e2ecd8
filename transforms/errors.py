"""The errors that a user can act on: one clear line and an exit code each."""

from __future__ import annotations

from collections.abc import Sequence


class PdevalError(Exception):
    """An expected failure. ``str(error)`` is the one line for the user: what, where, what to do.

    ``build_id`` names the run that it ended; it is empty where there was none.
    """

    exit_code = 1
    build_id = ""


class UsageError(PdevalError):
    """The command or study.toml is not usable as written."""

    exit_code = 2


class InputError(PdevalError):
    """A source file was turned away as a whole."""

    exit_code = 3

    def __init__(self, file: str, problem: str, *, line: int | None = None, column: str = "") -> None:
        place = f"{file}:{line}" if line is not None else file
        super().__init__(f"{place}: {f'column {column}: ' if column else ''}{problem}")


class InputErrors(PdevalError):  # noqa: N818 (the plural is the point)
    """Several source files were turned away; one line each."""

    exit_code = 3

    def __init__(self, problems: Sequence[InputError]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))


class ValidationBlockedError(PdevalError):
    """The gate refused to publish; the published build is unchanged."""

    exit_code = 4


class DisclosureBlockedError(PdevalError):
    """A release would disclose what it must not; nothing was released."""

    exit_code = 5


class LockedError(PdevalError):
    """Another run holds the warehouse."""

    exit_code = 6
