"""Commands of pdeval as a test runs them in its own process."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Ended(NamedTuple):
    """What a command left behind."""

    exit_code: int
    out: str
    err: str


Run = Callable[..., Ended]
