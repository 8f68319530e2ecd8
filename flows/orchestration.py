"""Prefect made ready: where it keeps its things, which server it talks to, where its log goes.

Importing this module imports no Prefect; the variables below must be set before that happens.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from flows.folders import Warehouse
from flows.restricted import RESTRICTED_FILE_MODE
from transforms.errors import UsageError

SERVER_PROGRAM = Path(__file__).with_name("prefect_server.py")
START_SECONDS = 120
STOP_SECONDS = 10

SILENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(START_SECONDS),
    # Its warnings are of its own housekeeping, as of events still to be sent; what fails raises.
    "PREFECT_LOGGING_LEVEL": "ERROR",
}
# Of a server that lives as long as one run: no user interface, no catalogue of block types.
TEMPORARY_SERVER = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_UI_ENABLED": "0",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
}


@dataclass(frozen=True)
class Server:
    """The Prefect API of a run. ``process`` is None for a server that was running already."""

    url: str
    credentials: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process of a temporary server lives."""
        return self.process is not None and self.process.poll() is None


_started: list[Server] = []


@contextmanager
def orchestrated(warehouse: Warehouse, build_id: str) -> Iterator[Callable[[], None]]:
    """Within it flows run against PREFECT_API_URL, or a temporary server where that is not set.

    Gives a function that waits until the server answers, so that imports can go on meanwhile; it
    raises UsageError when there is no answer. What Prefect logs goes to the run's file in
    ``restricted/logs``, never to the terminal: its tracebacks are for whoever looks after the machine.
    """
    for name, value in SILENT.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(warehouse.prefect_home))
    with _log_file(warehouse.log(build_id)) as log:
        url = os.environ.get("PREFECT_API_URL", "")
        server = Server(url) if url else _temporary_server(log)
        with _settings_for(server), _logging_to(log):
            yield partial(wait_for, server)


def _temporary_server(log: int) -> Server:
    """The server of this process, started when there is none.

    It stays until the process ends: Prefect hands over the last events of a run only then. Its stop
    is registered before Prefect registers that, and so comes after it.
    """
    if _started and _started[-1].is_running:
        return _started[-1]
    server = _start_server(log)
    atexit.register(_end, server)
    _started.append(server)
    return server


def _start_server(log: int) -> Server:
    """Start a server that only this process can talk to, by its random password."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # The socket listens before the process starts: no port can be lost to another, and the first
        # request simply waits until the server takes it.
        credentials = f"pdeval:{secrets.token_urlsafe(24)}"
        environment = {**os.environ, **TEMPORARY_SERVER, "PREFECT_SERVER_API_AUTH_STRING": credentials}
        environment.pop("PDEVAL_PSEUDONYM_KEY", None)
        process = subprocess.Popen(  # noqa: S603 - this interpreter and a file of this package
            [sys.executable, "-P", str(SERVER_PROGRAM), str(listener.fileno())],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            pass_fds=(listener.fileno(),),
        )
        return Server(f"http://127.0.0.1:{listener.getsockname()[1]}/api", credentials, process)


def _settings_for(server: Server) -> AbstractContextManager[object]:
    from prefect import settings

    values: dict[settings.Setting, object] = {settings.PREFECT_API_URL: server.url}
    if server.process is not None:
        values[settings.PREFECT_API_AUTH_STRING] = server.credentials
        # It has no page that would show logs, and nobody to miss a run that stopped beating.
        values[settings.PREFECT_LOGGING_TO_API_ENABLED] = False
        values[settings.PREFECT_FLOWS_HEARTBEAT_FREQUENCY] = None
    return settings.temporary_settings(values)


def wait_for(server: Server) -> None:
    """Wait until ``server`` answers; UsageError for one that was named, RuntimeError for our own."""
    place = urlsplit(server.url)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    try:
        connection = kind(place.hostname or "", place.port, timeout=START_SECONDS)
        connection.request("GET", f"{place.path.rstrip('/')}/health")
        status = connection.getresponse().status
        connection.close()
    except (OSError, HTTPException) as error:
        raise _no_answer(server, str(error)) from None
    if status >= 500:
        raise _no_answer(server, f"it answered {status}")


def _no_answer(server: Server, problem: str) -> Exception:
    if server.process is None:
        return UsageError(
            f"PREFECT_API_URL: no Prefect server answers at {server.url} ({problem});"
            " start it, or unset the variable"
        )
    return RuntimeError(f"the temporary Prefect server did not start ({problem}); see restricted/logs")


def _end(server: Server) -> None:
    """Stop the server at the end of this process."""
    if server.process is None or server.process.stdin is None:
        return
    with suppress(BrokenPipeError):
        server.process.stdin.close()
    try:
        server.process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@contextmanager
def _log_file(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, RESTRICTED_FILE_MODE)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _logging_to(log: int) -> Iterator[None]:
    """Send the console output of Prefect's loggers to ``log`` instead."""
    from prefect.logging.configuration import setup_logging
    from prefect.logging.handlers import PrefectConsoleHandler

    setup_logging()  # else the first flow does it, and puts the console back
    handler = logging.StreamHandler(os.fdopen(os.dup(log), "w", encoding="utf-8"))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    replaced = [
        (logger, console)
        for logger in loggers
        for console in logger.handlers
        if isinstance(console, PrefectConsoleHandler)
    ]
    for logger, console in replaced:
        logger.removeHandler(console)
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger, console in replaced:
            logger.removeHandler(handler)
            logger.addHandler(console)
        handler.stream.close()
