"""The few words that a PDF has of its own, by language."""

from __future__ import annotations

PDF_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "contents": "Contents",
        "school": "School",
        "page": "Page",
        "of": "of",
        "stands_out": "What stands out",
        "missing": "What could not be looked at",
        "sources": "Sources",
        "left_out": "Not on this page for want of room",
        "find_all": "All of it, with every number:",
        "site": "in the report’s web pages",
        "full_report": "in the full report, report.pdf",
        "schools_apart": "Each school has a PDF of its own, in the folder pdf/schools of this report.",

        "replacement": "stands for a character that the fonts of this document do not have.",
        "pictures": "pictures",
        "details": "details",
        "items": "further points",
    },
    "es": {
        "contents": "Contenido",
        "school": "Escuela",
        "page": "Página",
        "of": "de",
        "stands_out": "Lo que destaca",
        "missing": "Lo que no se pudo examinar",
        "sources": "Fuentes",
        "left_out": "No cupo en esta página",
        "find_all": "Todo ello, con cada cifra:",
        "site": "en las páginas web del informe",
        "full_report": "en el informe completo, report.pdf (en inglés)",
        "schools_apart": "Cada escuela tiene su propio PDF, en la carpeta pdf/schools de este informe.",

        "replacement": "ocupa el lugar de un carácter que las fuentes de este documento no tienen.",
        "pictures": "gráficos",
        "details": "detalles",
        "items": "otros puntos",
    },
}

def pdf_words(language: str) -> dict[str, str]:
    """The words in ``language``; LookupError where there are none."""
    return PDF_WORDS[language]
