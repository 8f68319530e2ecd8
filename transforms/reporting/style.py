"""The visual language: said once here, used by the pictures and, as custom properties, by the pages.

Marks stand out 3:1 and text 4.5:1 from what is behind them (WCAG 2.2, 1.4.11 and 1.4.3); a test
computes it. Nothing is told by colour alone: a direction is also a shape, a share also a number.
"""

from __future__ import annotations

PAPER = "#ffffff"
INK = "#17252f"
MUTED = "#52616b"
LINE = "#d8d4c9"
CANVAS = "#f4f1ea"
ACCENT = "#0c5c66"
LOWER = "#9c3a14"
NEUTRAL = "#5b6871"
CAUTION = "#8a5200"
CAUTION_TINT = "#fdf5e4"
BAND_SMALL = "#ebe6da"
BAND_MEDIUM = "#f5f2eb"

# Share of teachers reached, five steps of one hue; the last two carry light text.
REACH_STEPS = ("#f4f1ea", "#d5e6e4", "#a9cfcd", "#2f7d85", "#0c4a53")
REACH_STEP_FROM = (0.0, 0.10, 0.25, 0.50, 0.75)
REACH_LIGHT_TEXT_FROM_STEP = 3

SERIF = "Charter, 'Bitstream Charter', 'Sitka Text', Cambria, 'Liberation Serif', Georgia, serif"
SANS = "'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
CHART_FONT = "Liberation Sans, Arial, sans-serif"

FONT_SIZE = 13
SMALL_FONT_SIZE = 12

PAGE_COLOURS = {
    "paper": PAPER,
    "ink": INK,
    "muted": MUTED,
    "line": LINE,
    "canvas": CANVAS,
    "accent": ACCENT,
    "lower": LOWER,
    "neutral": NEUTRAL,
    "caution": CAUTION,
    "caution-tint": CAUTION_TINT,
}


def reach_step(share: float) -> int:
    """Index of the step of REACH_STEPS for a share of 0 to 1."""
    return max(index for index, start in enumerate(REACH_STEP_FROM) if share >= start)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours like "#0c5c66", 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def chart_config() -> dict[str, object]:
    """Vega-Lite configuration of every picture."""
    axis = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "labelFontSize": SMALL_FONT_SIZE,
        "titleFontSize": SMALL_FONT_SIZE,
        "titleFontWeight": "normal",
        "domainColor": LINE,
        "tickColor": LINE,
        "gridColor": LINE,
        "labelLimit": 400,
    }
    return {
        "aria": False,
        "font": CHART_FONT,
        "background": "transparent",
        "axis": axis,
        "axisY": {
            "labelColor": INK,
            "labelFontSize": FONT_SIZE,
            "domain": False,
            "ticks": False,
            "grid": False,
        },
        "view": {"stroke": None},
        "text": {"fontSize": FONT_SIZE, "color": INK},
        "title": {"anchor": "start", "color": INK, "fontSize": FONT_SIZE, "fontWeight": 600, "offset": 6},
        "legend": {"disable": True},
    }
