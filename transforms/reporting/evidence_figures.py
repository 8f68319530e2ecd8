"""How to read the pictures of evidence; said once for the pages that show them."""

from __future__ import annotations

from transforms.reporting import terms

DESIGNS_CAPTION = (
    "Difference in growth between students whose teachers took part and others, with its 95% interval, by"
    " what is compared. ▲ higher growth, ▼ lower growth, ○ not clear, alone or once all comparisons are"
    " counted; ✚ struck out. Beside each number stands its tier of evidence, 1 the strongest. Designs that"
    " agree support each other; where they differ, trust the upper one more."
)
EVENT_CAPTION = (
    "Difference in growth (SD) from teachers who have not started, by years since the first year of"
    " taking part, with 95% intervals. ○ before the start: should lie near 0. ● from the start on."
)
SPECIFICATIONS_CAPTION = (
    "Above: each estimate with its 95% interval, in order; ▲ higher and ▼ lower growth where it"
    " stands apart alone, ○ where it does not. Below: a tick under it for each choice that it made."
)
LOVE_CAPTION = (
    "Standardised difference between teachers who start and their comparison, before (○) and after"
    " (◆) weighting. Tints: within 0.05 SD they count as alike, within 0.25 with adjustment"
    " (What Works Clearinghouse)."
)


def dose_caption(design: str) -> str:
    """How to read the curve of hours."""
    return (
        f"Growth (SD) against no hours: {terms.design_name(design).lower()}. The band is the 95%"
        " interval at each point. The mark at 14 hours is where a review (Yoon and others 2007) found"
        " that longer PD begins to show."
    )
