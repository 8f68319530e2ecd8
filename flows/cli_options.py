"""Arguments and options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StudyArgument = Annotated[Path, typer.Argument(metavar="STUDY", help="Study folder, or its study.toml.")]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Folder that source paths are relative to; else PDEVAL_DATA, else STUDY.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout instead of text.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress and no summary; only errors.")]
NoInputOption = Annotated[bool, typer.Option("--no-input", help="Never ask; refuse instead.")]
