"""Chances in words that always mean the same; the glossary prints the scale.

Mastrandrea et al. (2010), guidance of the IPCC on the consistent treatment of uncertainties, table 1.
"""

from __future__ import annotations

# Name of the word in the catalogue, and the chances from and to which it is used, the surest first.
CERTAINTY_WORDS: tuple[tuple[str, float, float], ...] = (
    ("certain", 0.99, 1.0),
    ("very_likely", 0.90, 0.99),
    ("likely", 0.66, 0.90),
    ("as_likely_as_not", 0.33, 0.66),
    ("unlikely", 0.10, 0.33),
    ("very_unlikely", 0.01, 0.10),
    ("exceptionally_unlikely", 0.0, 0.01),
)


def certainty_word(probability: float) -> str:
    """Name of the word for a probability of 0 to 1; an end belongs to the more certain word, 0.33 and 0.66 to
    "about as likely as not"."""
    if 0.33 <= probability <= 0.66:
        return "as_likely_as_not"
    for name, low, _ in CERTAINTY_WORDS:
        if probability >= low and (low >= 0.66 or probability > low):
            return name
    return "exceptionally_unlikely"
