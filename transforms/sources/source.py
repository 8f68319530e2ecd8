"""One ``[[source]]`` of study.toml."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

# Formats that are read, and the entity that each feeds.
FORMAT_ENTITIES = {"self_assessment_form": "self_assessment"}


class Source(BaseModel):
    """Where rows of an entity come from and how its columns are filled.

    ``columns`` maps canonical name to file header (omitted where equal), ``values`` vendor value to
    canonical value by canonical column, ``constants`` one value for every row, ``templates`` text
    built from the file's headers. Exactly one of ``entity`` and ``format`` is set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    entity: str | None = None
    format: Literal["oneroster", "edfi", "qualtrics", "google_forms", "self_assessment_form"] | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    constants: dict[str, str | int | float | bool] = Field(default_factory=dict)
    templates: dict[str, str] = Field(default_factory=dict)
    skip_if_missing: tuple[str, ...] = ()
    query: str | None = None
    on_conflict: Literal["quarantine", "latest"] = "quarantine"
    order_column: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal_sign: Literal[".", ","] | None = None
    date_format: str | None = None
    sheet: str | None = None

    def as_loaded(self) -> Source:
        """This source as it is loaded: a form feeds its entity, and what nobody rated is left out."""
        if self.format != "self_assessment_form":
            return self
        changes = {"entity": FORMAT_ENTITIES[self.format], "skip_if_missing": ("rating",)}
        return self.model_copy(update=changes)
