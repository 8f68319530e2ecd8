"""Where each canonical column of a source comes from: a header, a constant or a template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from expectations.contract import Table
from transforms.errors import InputError
from transforms.loading.parameters import Parameters
from transforms.sources.delimiters import CANDIDATES
from transforms.sources.source import Source

# Any header that merely contains the name is found too: "sex" in somebody's "Sexton".
_NEAR = 60
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def trimmed_sql(position: int) -> str:
    """Text of the file's column at ``position`` without surrounding white space; empty is null."""
    return f"nullif(trim(c{position}, ' \t\r\n\u00a0'), '')"


@dataclass(frozen=True)
class Headers:
    """The headers of one file and how a name of study.toml finds its position among them.

    ``expected`` are the names that study.toml and the contract would look for.
    """

    file: str
    names: tuple[str, ...]
    expected: tuple[str, ...]

    def position(self, name: str) -> int | None:
        """Position of ``name``: exact, else the only one equal but for case and outer spaces."""
        if name in self.names:
            return self.names.index(name)
        folded = [
            i for i, header in enumerate(self.names) if header.strip().casefold() == name.strip().casefold()
        ]
        return folded[0] if len(folded) == 1 else None

    def required_position(self, name: str, column: str) -> int:
        """Position of ``name``; InputError that names the nearest header where there is none."""
        position = self.position(name)
        if position is None:
            raise InputError(
                self.file, f"the file has no header {name!r}{self.suggestion(name)}", line=1, column=column
            )
        return position

    def suggestion(self, name: str) -> str:
        """``; the nearest is 'x'``, the list of headers, or what may be wrong with the header line."""
        if len(self.names) == 1 and any(sign in self.names[0] for sign in CANDIDATES):
            return "; it has one header only: is delimiter right?"
        nearest = process.extractOne(name, self.names, score_cutoff=70)
        if nearest and fuzz.ratio(name.casefold(), nearest[0].casefold()) >= _NEAR:
            return f"; the nearest is {nearest[0]!r}"
        if not any(self.position(expected) is not None for expected in self.expected):
            # The first record of a file without a header line would be somebody's data.
            return f"; none of the {len(self.names)} headers is known: has the file a header line?"
        # A sheet with a column for each person has their names there.
        return f"; none of its {len(self.names)} headers is near that: look at the first line of the file"


def expected_headers(table: Table, source: Source) -> tuple[str, ...]:
    """The headers that a file of ``source`` may be hoped to have."""
    in_templates = [name for text in source.templates.values() for name in _PLACEHOLDER.findall(text)]
    return (*table.column_names, *source.columns.values(), *in_templates)


def text_sql_by_column(
    table: Table, source: Source, headers: Headers, parameters: Parameters
) -> dict[str, str | None]:
    """SQL text expression of each column of ``table``; None for a column that the source does not have.

    Errors: InputError for a header that study.toml names and the file lacks, and for a required
    column that nothing fills.
    """
    texts: dict[str, str | None] = {}
    for column in table.columns:
        text = _text_sql(column.name, source, headers, parameters)
        if text is None and column.is_required:
            raise InputError(
                headers.file,
                f"nothing fills this required column of {table.name}; name its header in [source.columns]"
                f"{headers.suggestion(column.name)}",
                line=1,
                column=column.name,
            )
        texts[column.name] = _with_values(text, source.values.get(column.name), parameters)
    return texts


def _text_sql(name: str, source: Source, headers: Headers, parameters: Parameters) -> str | None:
    if name in source.constants:
        return parameters.add(_constant_text(source.constants[name])) + "::varchar"
    if name in source.templates:
        return template_sql(source.templates[name], headers, name, parameters)
    if name in source.columns:
        return trimmed_sql(headers.required_position(source.columns[name], name))
    position = headers.position(name)
    return None if position is None else trimmed_sql(position)


def _constant_text(value: str | int | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def template_sql(template: str, headers: Headers, column: str, parameters: Parameters) -> str:
    """Text built from headers, such as ``{Course}-{Section}``; null where one of them is empty."""
    parts: list[str] = []
    end = 0
    for match in _PLACEHOLDER.finditer(template):
        if match.start() > end:
            parts.append(parameters.add(template[end : match.start()]))
        parts.append(trimmed_sql(headers.required_position(match.group(1), column)))
        end = match.end()
    if end < len(template):
        parts.append(parameters.add(template[end:]))
    return "(" + " || ".join(parts) + ")::varchar"


def _with_values(text: str | None, values: Mapping[str, str] | None, parameters: Parameters) -> str | None:
    if text is None or not values:
        return text
    vendor = parameters.add(list(values))
    canonical = parameters.add(list(values.values()))
    found = f"list_position(cast({vendor} as varchar[]), {text})"
    mapped = f"nullif(list_extract(cast({canonical} as varchar[]), {found}), '')"
    return f"case when {found} > 0 then {mapped} else {text} end"


def skip_columns(source: Source, texts: Mapping[str, str | None], file: str) -> Sequence[str]:
    """The canonical columns whose emptiness makes the study leave a row out."""
    for name in source.skip_if_missing:
        if texts.get(name) is None:
            raise InputError(file, "skip_if_missing names it, but nothing fills it", line=1, column=name)
    return source.skip_if_missing
