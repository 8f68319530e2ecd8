"""What a command says and where: data to stdout, progress and errors to stderr, one exit code."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from transforms.errors import PdevalError

if TYPE_CHECKING:
    from rich.progress import Progress

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
INTERNAL_ERROR = 1


class Terminal:
    """The two streams of one command, and the place where its errors become one line and an exit code.

    A context manager: every command does its work inside it. ``stages`` are the names of the stages
    to come; on a terminal they make a progress bar, else each stage is one plain line.
    """

    def __init__(self, *, is_json: bool, is_quiet: bool, stages: Sequence[str] = ()) -> None:
        self.is_json = is_json
        self.is_quiet = is_quiet
        self.facts_of_failure: Mapping[str, Any] = {}
        self._stages = tuple(stages)
        self._stage = ""
        self._progress: Progress | None = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stop_progress()
        if error is None or isinstance(error, (typer.Exit, typer.Abort, BrokenPipeError, SystemExit)):
            return
        lines, exit_code = _lines_and_code(error)
        if os.environ.get("PDEVAL_DEBUG") == "1" and not isinstance(error, KeyboardInterrupt):
            traceback.print_exception(error, file=sys.stderr)
        if self.is_json:
            failure = {"type": type(error).__name__, "message": "\n".join(lines)}
            self._write({**self.facts_of_failure, "error": failure, "exit_code": exit_code})
        for line in lines:
            print(f"pdeval: {line}", file=sys.stderr)
        _release_frames(error)
        raise typer.Exit(exit_code) from None

    def report_progress(self, stage: str, detail: str = "") -> None:
        """Tell that ``stage`` has begun or got on; ``detail`` is what it is at."""
        if self.is_quiet:
            return
        if sys.stderr.isatty():
            self._move_bar(stage, detail)
        elif stage != self._stage:
            print(plain(f"{stage}: {detail}" if detail else stage), file=sys.stderr, flush=True)
        self._stage = stage

    def say(self, text: str) -> None:
        """Write text for people to stdout; nothing with ``--json`` or ``--quiet``."""
        self._stop_progress()
        if not (self.is_json or self.is_quiet):
            print(text)

    def give(self, data: Mapping[str, Any]) -> None:
        """Write the one JSON object of ``--json`` to stdout."""
        self._stop_progress()
        if self.is_json:
            self._write(data)

    @staticmethod
    def _write(data: Mapping[str, Any]) -> None:
        print(json.dumps(data, ensure_ascii=False, default=str))

    def _move_bar(self, stage: str, detail: str) -> None:
        if self._progress is None:
            self._progress = _new_progress(len(self._stages))
            self._progress.start()
        done = self._stages.index(stage) if stage in self._stages else None
        self._progress.update(
            self._progress.task_ids[0],
            completed=done,
            stage=stage,
            detail=plain(detail),
            refresh=stage != self._stage,  # a stage that is over within a frame is shown all the same
        )

    def _stop_progress(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def _new_progress(n_stages: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.fields[stage]}", markup=False),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[detail]}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )
    progress.add_task("", total=n_stages or None, stage="", detail="")
    return progress


def exit_code_of(error: BaseException) -> int:
    """The exit code of a command that ends by ``error``."""
    return error.exit_code if isinstance(error, typer.Exit) else _lines_and_code(error)[1]


def _lines_and_code(error: BaseException) -> tuple[list[str], int]:
    """One line; several only where several files were turned away."""
    if isinstance(error, KeyboardInterrupt):
        return ["interrupted"], INTERRUPTED
    if isinstance(error, PdevalError):
        return [plain(line) for line in str(error).splitlines()], error.exit_code
    hint = "run again with PDEVAL_DEBUG=1 for the traceback"
    return [f"internal error: {type(error).__name__}: {plain(str(error))}; {hint}"], INTERNAL_ERROR


def _release_frames(error: BaseException | None) -> None:
    """Drop the local values that the error holds on to.

    A database connection among them would live to the end of the process, where DuckDB complains of it
    in a hundred lines on stderr.
    """
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def plain(text: str) -> str:
    """One line without control characters: names from files must not steer the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))


def is_interactive() -> bool:
    """Whether somebody can answer: stdin and stderr are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def shown_path(path: Path) -> str:
    """``path`` as seen from the working folder where it lies below it, else absolute."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path.absolute())
