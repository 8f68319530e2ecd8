"""Thresholds of the survey tables, said once."""

from __future__ import annotations

# Reliability: below the first a scale is not reported; the others are adequate, good, excellent.
NOT_REPORTED_BELOW = 0.50
ADEQUATE, GOOD, EXCELLENT = 0.70, 0.80, 0.90

# Complete answers that alpha and omega need: below them their intervals span most of what is possible.
MINIMUM_FOR_ALPHA = 10
MINIMUM_FOR_OMEGA = 30

# An item below this correlation with the rest of its scale is flagged, if so many answered (Kline 1986).
WEAK_ITEM_REST = 0.20
MINIMUM_FOR_FLAG = 30

# School means: reliability of means (Bliese 2000), agreement within schools (James, Demaree and Wolf 1984).
ICC2_CLEAR, ICC2_CAUTION = 0.70, 0.50
AGREEMENT = 0.70
MINIMUM_IN_SCHOOL = 5

# Cells of non-response weights.
MINIMUM_INVITED_IN_CELL = 20
MINIMUM_ANSWERS_IN_CELL = 10

# The invited are known when the staff found differ from n_invited by no more than this share.
INVITED_TOLERANCE = 0.10

ITEM_RULE = (
    f"An item is flagged where {MINIMUM_FOR_FLAG} or more people answered the whole scale and its correlation"
    f" with the other items of the scale is below {WEAK_ITEM_REST:.2f}. It is taken to be worded against"
    " its scale"
    f" where that correlation is \u2212{WEAK_ITEM_REST:.2f} or lower and turning the item round helps the"
    " scale most."
)
SCHOOL_RULE = (
    f"School means may be shown where the scale is reported, the reliability of school means, ICC(2), is"
    f" {ICC2_CAUTION:.2f} or more ({ICC2_CLEAR:.2f}: clear) and the median agreement within schools, r_wg, is"
    f" {AGREEMENT:.2f} or more."
)


def rating(alpha: float | None) -> str:
    """Word for a reliability: not_reported, low, adequate, good, excellent; unknown without one."""
    if alpha is None:
        return "unknown"
    if alpha < NOT_REPORTED_BELOW:
        return "not_reported"
    steps = ((EXCELLENT, "excellent"), (GOOD, "good"), (ADEQUATE, "adequate"))
    return next((word for least, word in steps if alpha >= least), "low")


def is_reported(alpha: float | None) -> bool:
    """Whether a scale may be reported: one whose alpha is not known is, with that said beside it."""
    return alpha is None or alpha >= NOT_REPORTED_BELOW
