"""What holds for every test."""

from __future__ import annotations

import os

import pytest

# Before numpy is imported: workers run side by side, and small matrices gain nothing from threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

WHOLE_RUNS = {"flows", "hostile", "browser"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of whole runs first: one that began last would keep a worker busy while the others are idle."""
    items.sort(key=lambda item: item.path.parent.name not in WHOLE_RUNS)
