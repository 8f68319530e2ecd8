"""Drawing many pictures on all processors.

The renderer draws on one thread whoever calls it, so threads gain nothing and processes do. A worker is a
fresh interpreter that reads pictures and writes drawings: it does not import the program that started it,
so a flow, a notebook or a script without a main guard can draw as well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FEWEST_A_WORKER = 100  # starting a worker takes as long as drawing this many
_WORKER = Path(__file__).with_name("drawing_worker.py")


def drawn(pictures: Sequence[str], n_workers: int | None = None) -> list[str]:
    """SVG of each picture, a Vega specification as JSON text, in their order.

    ``n_workers`` processes draw, none below 2; by default as many as there are processors and pictures
    enough for. ChildProcessError with what a worker said where it fails.
    """
    workers = min(_processors(), len(pictures) // FEWEST_A_WORKER) if n_workers is None else n_workers
    if workers < 2:
        import vl_convert

        return [vl_convert.vega_to_svg(picture) for picture in pictures]
    size = -(-len(pictures) // workers)
    parts = [pictures[start : start + size] for start in range(0, len(pictures), size)]
    with ThreadPoolExecutor(workers) as waiting:
        return [svg for part in waiting.map(_drawn_elsewhere, parts) for svg in part]


def _drawn_elsewhere(pictures: Sequence[str]) -> list[str]:
    # -P: the folder of this file is not a place to import from, its modules have names that others have too
    done = subprocess.run(  # noqa: S603 - our own file, by our own interpreter
        [sys.executable, "-P", str(_WORKER)],
        input="\n".join(pictures),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise ChildProcessError(f"drawing ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _processors() -> int:
    """Processors that this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
