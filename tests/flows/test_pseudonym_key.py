"""The pseudonym key: made once, readable by its owner only, never replaced without a word."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.folders import Warehouse, prepare_folders
from flows.pseudonym_key import key_id, pseudonym_key
from flows.settings import StudySettings
from tests.flows.light_stages import write_study
from transforms.errors import UsageError


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StudySettings:
    monkeypatch.delenv("PDEVAL_PSEUDONYM_KEY", raising=False)
    return write_study(tmp_path)


@pytest.fixture
def warehouse(settings: StudySettings) -> Warehouse:
    warehouse = Warehouse(settings.warehouse_folder)
    prepare_folders(warehouse)
    return warehouse


def test_key_file_is_made_once_for_its_owner_only(warehouse: Warehouse, settings: StudySettings) -> None:
    key = pseudonym_key(warehouse, settings)
    assert len(key) == 32
    assert stat.S_IMODE(warehouse.key_file.stat().st_mode) == 0o600
    assert pseudonym_key(warehouse, settings) == key


def test_environment_wins_and_makes_no_file(warehouse: Warehouse, settings: StudySettings) -> None:
    secret = "k" * 32
    given = settings.model_copy(update={"pseudonym_key": SecretStr(secret)})
    assert pseudonym_key(warehouse, given) == secret.encode()
    assert not warehouse.key_file.exists()


@pytest.mark.parametrize("content", ["", "not hex", "abcd"])
def test_spoilt_key_file_is_an_error_not_a_new_key(
    warehouse: Warehouse, settings: StudySettings, content: str
) -> None:
    warehouse.key_file.write_text(content)
    with pytest.raises(UsageError, match=r"pseudonym\.key: does not hold 32 bytes"):
        pseudonym_key(warehouse, settings)
    assert warehouse.key_file.read_text() == content


def test_key_id_tells_keys_apart_and_not_the_key() -> None:
    assert key_id(b"a" * 32) == key_id(b"a" * 32) != key_id(b"b" * 32)
    assert len(key_id(b"a" * 32)) == 8
