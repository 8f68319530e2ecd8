"""The restricted folder kept closed: what others could open is shut, and what is not ours is refused."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from transforms.errors import UsageError

RESTRICTED_FOLDER_MODE = 0o700
RESTRICTED_FILE_MODE = 0o600
WARNINGS_SHOWN = 5
KEY_NAME = "pseudonym.key"
KEY_ADVICE = "; the pseudonym key may have been read: pdeval key rotate makes another"


def closed_tree(folder: Path, emptied: Path) -> tuple[str, ...]:
    """Close ``folder`` and everything below it to other accounts; return a warning for each that was open.

    UsageError for a link, for anything that is neither file nor folder, and for what another account owns:
    through each of these the records could be read, or written, elsewhere. A run that is at work may remove
    files meanwhile. What lies in the folder ``emptied`` is removed before each run, unread: a killed run
    leaves links to source files there.
    """
    warnings = sorted(_closed(folder, emptied), key=lambda warning: not warning.endswith(KEY_ADVICE))
    if len(warnings) > WARNINGS_SHOWN:
        warnings[WARNINGS_SHOWN:] = [f"{folder}: {len(warnings) - WARNINGS_SHOWN} more were open; corrected"]
    return tuple(warnings)


def _closed(path: Path, emptied: Path) -> Iterator[str]:
    # From the top: once a folder is closed nobody else can put a link in the place of what it holds.
    with suppress(FileNotFoundError):
        status = path.lstat()
        _refuse_foreign(path, status)
        is_folder = stat.S_ISDIR(status.st_mode)
        yield from _corrected(path, status, RESTRICTED_FOLDER_MODE if is_folder else RESTRICTED_FILE_MODE)
        if is_folder and path != emptied:
            for name in sorted(os.listdir(path)):
                yield from _closed(path / name, emptied)


def _refuse_foreign(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        problem = "is a symbolic link; what is restricted must lie in the folder itself: remove the link"
    elif not (stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)):
        problem = "is neither a file nor a folder; remove it"
    elif status.st_uid != os.geteuid():
        problem = (
            f"belongs to account {status.st_uid}, and this is account {os.geteuid()};"
            " run pdeval as the owner of the warehouse, or give it the files (chown)"
        )
    else:
        return
    raise UsageError(f"{path}: {problem}")


def _corrected(path: Path, status: os.stat_result, mode: int) -> Iterator[str]:
    found = stat.S_IMODE(status.st_mode)
    if found & ~mode:
        path.chmod(mode)
        advice = KEY_ADVICE if path.name == KEY_NAME else ""
        yield f"{path}: mode was {found:04o}, open to other accounts; corrected to {mode:04o}{advice}"
