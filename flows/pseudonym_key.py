"""The key of the pseudonyms: from the environment, else a file that only its owner can read."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flows.folders import Warehouse, write_atomically
from flows.restricted import RESTRICTED_FILE_MODE
from flows.settings import StudySettings
from transforms.errors import UsageError

KEY_BYTES = 32


def pseudonym_key(warehouse: Warehouse, settings: StudySettings) -> bytes:
    """Return the key of HMAC-SHA256: PDEVAL_PSEUDONYM_KEY, else the key file, made on the first run.

    To be called under the run lock, so that no two runs make a key each. UsageError when the key file
    does not hold what this function writes: a new key in its place would give everybody a new pseudonym
    without a word.
    """
    if settings.pseudonym_key is None and not warehouse.key_file.exists():
        write_new_key(warehouse)
    return existing_key(warehouse, settings)


def existing_key(warehouse: Warehouse, settings: StudySettings) -> bytes:
    """The same, and UsageError where the first run has not made one yet."""
    if settings.pseudonym_key is not None:
        return settings.pseudonym_key.get_secret_value().encode()
    if not warehouse.key_file.exists():
        raise UsageError(f"{warehouse.key_file}: there is no key yet; the first run makes one")
    return _read_key_file(warehouse)


def key_id(key: bytes) -> str:
    """Fingerprint of a key, 8 hex digits: equal ids mean comparable pseudonyms."""
    return hmac.new(key, b"pdeval key id", hashlib.sha256).hexdigest()[:8]


def write_new_key(warehouse: Warehouse) -> None:
    """Put a random key into the key file, in one rename."""
    key = secrets.token_hex(KEY_BYTES).encode("ascii")
    write_atomically(warehouse.key_file, key, RESTRICTED_FILE_MODE)


def _read_key_file(warehouse: Warehouse) -> bytes:
    text = warehouse.key_file.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise UsageError(
            f"{warehouse.key_file}: does not hold {KEY_BYTES} bytes as hex; restore it from a backup,"
            " or delete it to start with new pseudonyms"
        )
    return key
