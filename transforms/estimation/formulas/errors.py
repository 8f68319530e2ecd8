"""The one error of a formula, in a module that every part of the compiler can import."""

from __future__ import annotations

from transforms.estimation.errors import EstimationError


class FormulaError(EstimationError):
    """A formula that cannot be compiled for these rows; the message is one line and names the part."""

    def __init__(self, message: str) -> None:
        # A formula may go over several lines.
        super().__init__(" ".join(message.split()))
