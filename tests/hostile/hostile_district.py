"""A small simulated district whose every text, id, unmapped header and some file names are attacks.

What the run must understand stays: numbers, dates, choices, the codes that study.toml translates, known
constructs. Ids are changed alike wherever they stand.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from expectations.contract import Kind
from expectations.entities import CONSTRUCTS, ENTITIES
from tests.hostile.hostile_strings import HOSTILE
from transforms.simulate import DistrictPlan, simulate_district

STRINGS = tuple(HOSTILE.values())
# Lines and control signs stand in ids as in any text; ten thousand letters would fill every key of them.
_OF_IDS = tuple(text for name, text in HOSTILE.items() if name != "long")
_MEANT = {("survey_answer", "value"), ("self_assessment", "practice")}
# headers that the query of a source reads
_OF_QUERIES = {
    "self_assessment": {"school_id": "School", "respondent_role": "Completed By", "evidence": "Notes"}
}
_ENCODINGS = {"exports/hr/staff.csv": "cp1252"}

Row = dict[str, object]


@dataclass
class Poison:
    """Which attack takes the place of which text: the next one for each new text of a field."""

    used: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # field -> attack -> texts
    _chosen: dict[tuple[str, str], str] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)

    def id(self, domain: str, value: str) -> str:
        """An id: the attack with the old id, so that it stays one of a kind."""
        return self._taken(domain, value, _OF_IDS, lambda attack: attack + value)

    def text(self, domain: str, value: str) -> str:
        """A text: the attack alone."""
        return self._taken(domain, value, STRINGS, lambda attack: attack)

    def _taken(self, domain: str, value: str, attacks: tuple[str, ...], made: Callable[[str], str]) -> str:
        key = (domain, value)
        if key not in self._chosen:
            # fields begin at different attacks, or the first ones would be all that short fields get
            place = self._next.setdefault(domain, 7 * len(self._next))
            self._next[domain] = place + 1
            attack = attacks[place % len(attacks)]
            self._chosen[key] = made(attack)
            self.used.setdefault(domain, {}).setdefault(attack, set()).add(self._chosen[key])
        return self._chosen[key]


def hostile_district(folder: Path) -> Poison:
    """Write the district to ``folder``; return which attacks stand in which fields."""
    simulate_district(DistrictPlan(n_students=300, n_years=3), folder)
    poison = Poison()
    study = tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))
    for source in study["source"]:
        for path in sorted(folder.glob(source["path"])):
            _poison_file(path, source, poison, _ENCODINGS.get(str(path.relative_to(folder)), "utf-8"))
    _poison_settings(folder / "study.toml", study, poison)
    _rename_files(folder)
    return poison


def _poison_file(path: Path, source: dict, poison: Poison, encoding: str) -> None:
    rows = list(_rows(path, encoding))
    entity = source["entity"]
    headers = source.get("columns", {}) | _OF_QUERIES.get(entity, {})
    for column in ENTITIES[entity].columns:
        header = headers.get(column.name, column.name)
        if column.name in source.get("values", {}) or (entity, column.name) in _MEANT or column.allowed:
            continue
        if column.kind not in (Kind.TEXT, Kind.ID):
            continue
        is_id = column.kind is Kind.ID or column.name in ("assessment_id", "item_id", "decision_id")
        # levels of performance link two entities as ids do
        domain = column.references or (
            column.name if is_id or "level" in column.name else f"{entity}.{column.name}"
        )
        change = poison.id if is_id else poison.text
        for row in rows:
            value = row.get(header)
            if isinstance(value, str) and value and value not in CONSTRUCTS:
                row[header] = change(domain, value)
    # headers that the study maps to nothing, and their values
    for place in range(4):
        for number, row in enumerate(rows):
            header = poison.text("header", f"{path.name}{place}")
            row.setdefault(header, poison.text("unmapped", str(number % 50)))
    _write(path, rows, encoding)


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    if path.suffix == ".parquet":
        yield from pyarrow.parquet.read_table(path).to_pylist()
    elif path.suffix == ".jsonl":
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
    else:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        delimiter = "\t" if path.suffix == ".tsv" else ","
        reader = csv.DictReader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter)
        # lines that the simulation broke have more cells than the header; they stay out
        yield from ({name: value or "" for name, value in row.items()} for row in reader if None not in row)


def _write(path: Path, rows: list[Row], encoding: str) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    if path.suffix == ".parquet":
        columns = {name: [row.get(name) for row in rows] for name in names}
        pyarrow.parquet.write_table(pa.table(columns), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        made = io.StringIO(newline="")
        delimiter = "\t" if path.suffix == ".tsv" else ","
        writer = csv.DictWriter(made, names, delimiter=delimiter, quoting=csv.QUOTE_ALL, restval="")
        writer.writeheader()
        writer.writerows(rows)
        content = made.getvalue().encode(encoding, errors="ignore")
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def _poison_settings(path: Path, study: dict, poison: Poison) -> None:
    text = path.read_text(encoding="utf-8")
    names = {study["study"]["name"]: " ".join(STRINGS[place] for place in (0, 2, 8, 19, 27, 41))}
    for source in study["source"]:
        for name, value in source.get("constants", {}).items():
            if name == "assessment_id":
                names[value] = poison.id(name, value)
            elif name in ("lea_id", "cohort"):
                names[value] = poison.text(f"{source['entity']}.{name}", value)
    for old, new in names.items():
        text = text.replace(f'= "{old}"', f"= {json.dumps(new)}")
    path.write_text(text, encoding="utf-8")


def _rename_files(folder: Path) -> None:
    """Files below a folder are found by a pattern: their names may be anything that has no slash."""
    for path in (folder / "exports" / "surveys").rglob("*.csv"):
        path.rename(path.with_name(f"<img src=x onerror=window.__pwned=1>{{{{7*7}}}}'\"&%s\n{path.name}"))
