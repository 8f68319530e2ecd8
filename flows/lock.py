"""One run at a time writes a warehouse."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flows.folders import Warehouse
from flows.restricted import RESTRICTED_FILE_MODE
from transforms.errors import LockedError, UsageError


def is_running(warehouse: Warehouse) -> bool:
    """Whether the process that last took the lock is alive.

    Asking for the lock itself would make a run fail that starts in the same moment.
    """
    try:
        holder = int(warehouse.lock.read_text("utf-8").split()[1])
        os.kill(holder, 0)
    except PermissionError:
        return True
    except (OSError, ValueError, IndexError):
        return False
    return True


@contextmanager
def run_lock(warehouse: Warehouse) -> Iterator[None]:
    """Hold the warehouse for this process; LockedError names the process that has it.

    The kernel drops the lock when its holder ends, however it ends: a killed run blocks nobody, and
    the text in the file is only there to be read.
    """
    if warehouse.lock.is_symlink():
        raise UsageError(f"{warehouse.lock}: is a symbolic link; remove it")
    descriptor = os.open(warehouse.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, RESTRICTED_FILE_MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another process"
            raise LockedError(
                f"{warehouse.folder}: locked by {holder}; wait for that run to end, or end it"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"pid {os.getpid()} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
