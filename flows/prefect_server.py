"""A Prefect server for one run, in a process of its own that ends with the run.

Started by ``flows.orchestration`` by its path and imports nothing of this project: it serves on the
listening socket that it inherits and stops when its standard input ends. A killed run closes that pipe
too, so no server outlives its run.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
from importlib import metadata
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uvicorn import Server

SCHEMA = Path(__file__).with_name("prefect_server.sql")
SCHEMA_OF = "3.8.8"


def prepare_database(home: Path) -> None:
    """Make the server's database in ``home`` from the packaged schema, unless there is one.

    With another version of Prefect nothing is made: the server then runs its own migrations.
    """
    database = home / "prefect.db"
    if database.exists() or metadata.version("prefect") != SCHEMA_OF:
        return
    temporary = home / f".prefect.{os.getpid()}.tmp"
    connection = sqlite3.connect(temporary)
    connection.executescript(SCHEMA.read_text("utf-8"))
    connection.close()
    os.replace(temporary, database)


def _stop_at_end_of_input(server: Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


def main(descriptor: int) -> None:
    """Serve on the inherited socket until standard input ends."""
    os.umask(0o077)
    prepare_database(Path(os.environ["PREFECT_HOME"]))
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app, factory=True, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    Thread(target=_stop_at_end_of_input, args=(server,), daemon=True).start()
    server.run(sockets=[socket.socket(fileno=descriptor)])
    os._exit(0)  # all is written and closed; taking the interpreter apart would take two more seconds


if __name__ == "__main__":
    main(int(sys.argv[1]))
