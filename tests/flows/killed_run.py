"""A run to be killed, slowed down where a kill could do harm. Arguments: study folder, content."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows import nightly, publish
from flows.nightly import run_study
from tests.flows import light_stages

PAUSE_SECONDS = 0.03


def slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same with a pause before and after."""

    def slow(*arguments: Any) -> Any:
        time.sleep(PAUSE_SECONDS)
        result = function(*arguments)
        time.sleep(PAUSE_SECONDS)
        return result

    return slow


def copy_in_pieces(source: Path, target: Path) -> None:
    """Copy so slowly that a kill can fall into the middle."""
    with source.open("rb") as whole, target.open("wb") as part:
        while piece := whole.read(65_536):
            part.write(piece)
            part.flush()
            time.sleep(PAUSE_SECONDS / 4)


def set_by_name(name: str, value: object) -> None:
    """Replace what ``name`` (module.attribute) stands for."""
    module, attribute = name.rsplit(".", 1)
    setattr(importlib.import_module(module), attribute, value)


def main(folder: Path, content: str, is_in_prefect: bool) -> None:
    """Run the study and say when the kill may come."""
    settings = light_stages.write_study(folder, content)
    os.replace = slowly(os.replace)
    shutil.copyfile = copy_in_pieces  # type: ignore[assignment]
    publish.sync_to_disk = slowly(publish.sync_to_disk)
    nightly.intake_fingerprint = light_stages.fingerprint
    if is_in_prefect:
        light_stages.lighten(set_by_name)
        set_by_name("flows.study_flow.build_candidate", wait_to_be_killed)
    else:
        nightly.run_flow = light_stages.run_stages
    print("begun", flush=True)
    run_study(settings, is_forced=True)


def wait_to_be_killed(*_arguments: object) -> None:
    """Say which process serves the run and wait."""
    from flows.orchestration import _started

    assert _started[-1].process is not None
    print(_started[-1].process.pid, flush=True)
    time.sleep(600)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], is_in_prefect=sys.argv[3:] == ["prefect"])
