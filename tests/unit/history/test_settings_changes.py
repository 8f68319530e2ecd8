"""Which settings count as set differently."""

from __future__ import annotations

import json

import pytest

from transforms.history.settings_changes import changed_settings

THEN = {
    "study": {"name": "A", "school_years": [2024], "report_year": 2024, "lea_id": "1"},
    "model": {"prior_degree": 3, "covariates": ["is_swd"]},
    "cost": {"price_index": {"2024": 1.0}},
    "source": [{"path": "a.csv"}],
    "warehouse": {"builds_kept": 5},
}


@pytest.mark.parametrize(
    ("table", "value", "expected"),
    [
        ("model", {"prior_degree": 2, "covariates": ["is_swd"]}, ("model.prior_degree",)),
        ("model", {"prior_degree": 3, "covariates": []}, ("model.covariates",)),
        ("cost", {"price_index": {"2024": 1.0, "2025": 1.1}}, ("cost.price_index.2025",)),
        ("growth", {"norms": "norms.json"}, ("growth.norms",)),
        ("growth", {"norms": None, "link": []}, ()),
        ("study", {"name": "B", "school_years": [2025], "report_year": 2025, "lea_id": "1"}, ()),
        ("source", [], ()),
        ("warehouse", {"builds_kept": 9}, ()),
    ],
)
def test_a_setting_counts_unless_every_year_changes_it(table, value, expected):
    assert changed_settings(json.dumps(THEN), json.dumps({**THEN, table: value})) == expected


def test_settings_that_cannot_be_read_count_as_none():
    assert changed_settings("not json", json.dumps({"model": {"prior_degree": 3}})) == ("model.prior_degree",)
    assert changed_settings(None, "[1]") == ()
