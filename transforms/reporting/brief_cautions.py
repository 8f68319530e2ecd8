"""The cautions of the brief, each with its count as dots."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.reporting.brief_charts import dots_picture
from transforms.reporting.brief_item import BriefItem, comparison_name
from transforms.reporting.catalogue import Catalogue
from transforms.reporting.cautions import Caution, cautions
from transforms.reporting.picture import Picture
from transforms.reporting.rows import EffectRow, Report

_MOST_DOTS = 100
_HREF = {
    "design": "methods.html",
    "rejected": "quality.html",
    "refused": "comparisons.html",
    "many": "comparisons.html",
    "tier": "evidence.html",
}


def caution_items(report: Report, rows: Sequence[EffectRow], texts: Catalogue) -> tuple[BriefItem, ...]:
    """What to know before the numbers are used, the weightiest first."""
    return tuple(_item(caution, texts) for caution in cautions(report, rows))


def _item(caution: Caution, texts: Catalogue) -> BriefItem:
    names = texts.listed([comparison_name(row, texts) for row in caution.rows]) if caution.rows else ""
    title, text = caution.said(texts, names)
    return BriefItem(
        title, (text,), _picture(caution, title, texts), href=_HREF.get(caution.kind, ""), tone="caution"
    )


def _picture(caution: Caution, title: str, texts: Catalogue) -> Picture | None:
    """Dots for each that is concerned among all; in hundredths where they are too many to count."""
    n, of = caution.n, caution.of
    if caution.kind == "rejected" or of > _MOST_DOTS:
        n, of = (max(1, round(100 * n / of)) if n else 0, 100)
    key = f"caution.{caution.kind}"
    name = texts.text(f"{key}.picture")
    words = (texts.text(f"{key}.differs"), texts.text(f"{key}.same"))
    picture_id = f"brief-caution-{caution.kind}"
    alt = f"{name}: {n} {words[0]}" + (f", {of - n} {words[1]}." if words[1] else ".")
    drawing = dots_picture(n, of - n, words, picture_id, name, alt)
    return Picture(picture_id, title, drawing, "") if drawing else None
