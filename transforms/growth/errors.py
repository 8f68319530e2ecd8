"""What growth cannot tell, as one line for the user."""

from __future__ import annotations

from transforms.errors import PdevalError


class GrowthError(PdevalError):
    """Scores from which no growth number can be computed honestly."""
