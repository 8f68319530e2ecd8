"""The bound values of a statement that is put together from parts."""

from __future__ import annotations


class Parameters:
    """Collects bound values of one statement and hands out their placeholders."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def add(self, value: object) -> str:
        """Bind ``value``; return its placeholder, such as ``$p3``."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"${name}"
