"""The counts behind a release, kept for the next one: they name no person, but they are what was hidden."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transforms.disclosure import Cell, LinkedCells, Publication, Relation
from transforms.history.recall import Study
from transforms.release.counted import Persons
from transforms.release.earlier import LastRelease, Told

OF_ANOTHER_VERSION = "not held against the last release, whose tables are of schema version"
NOT_AT_HAND = "not held against the last release, whose counts are not at hand"


@dataclass(frozen=True)
class KeptCounts:
    """What the report and the release for the public told, and of which study and version of the tables."""

    study: Study
    schema_version: str
    report: Mapping[Persons, Told]
    public: Mapping[Persons, Told]

    def as_json(self) -> bytes:
        """For a file that only its owner reads."""
        content = {
            "study": vars(self.study),
            "schema_version": self.schema_version,
            "report": _as_values(self.report),
            "public": _as_values(self.public),
        }
        return json.dumps(content, ensure_ascii=False).encode()


@dataclass(frozen=True)
class LastReleases:
    """The last report and the last release for the public."""

    report: LastRelease
    public: LastRelease


NOTHING_BEFORE = LastReleases(LastRelease(), LastRelease())


def last_releases(content: bytes | None, study: Study, schema_version: str) -> LastReleases:
    """What the next release of ``study`` is held against.

    ``content`` is what ``as_json`` gave, None where it is lost. What cannot be used says why.
    """
    if content is None:
        return _not_compared(NOT_AT_HAND)
    try:
        kept = json.loads(content)
        if not study.is_same(Study(**kept["study"])):
            return NOTHING_BEFORE
        if kept["schema_version"] != schema_version:
            return _not_compared(f"{OF_ANOTHER_VERSION} {kept['schema_version']}")
        return LastReleases(LastRelease(_told(kept["report"])), LastRelease(_told(kept["public"])))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return _not_compared(NOT_AT_HAND)


def _not_compared(reason: str) -> LastReleases:
    return LastReleases(LastRelease(not_compared=reason), LastRelease(not_compared=reason))


def _as_values(told: Mapping[Persons, Told]) -> dict[str, object]:
    return {persons.value: _of_persons(one) for persons, one in told.items()}


def _of_persons(told: Told) -> dict[str, object]:
    position = told.cells.position
    return {
        "minimum": told.minimum,
        "cells": [
            [
                cell.name,
                int(cell.value),
                cell.publication.value,
                cell.name in told.hidden,
                cell.must_cover is not None,  # a remainder that readers may know
            ]
            for cell in told.cells.cells
        ],
        "relations": [
            [relation.sense, relation.constant, [[position[name], c] for name, c in relation.terms]]
            for relation in told.cells.relations
        ],
        "former": dict(told.former),
    }


def _told(content: Mapping[str, Any]) -> dict[Persons, Told]:
    return {Persons(persons): _read(one) for persons, one in content.items()}


def _read(content: Mapping[str, Any]) -> Told:
    rows = content["cells"]
    names = [name for name, *_ in rows]
    return Told(
        LinkedCells(
            tuple(
                Cell(
                    name,
                    value,
                    publication=Publication(kind),
                    must_cover=(value, value) if is_known else None,
                )
                for name, value, kind, _, is_known in rows
            ),
            tuple(
                Relation(tuple((names[i], c) for i, c in terms), sense, constant)
                for sense, constant, terms in content["relations"]
            ),
        ),
        frozenset(name for name, _, _, is_hidden, _ in rows if is_hidden),
        content["minimum"],
        content["former"],
    )
