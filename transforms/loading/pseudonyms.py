"""Pseudonyms: HMAC-SHA256 of the kind and id of a person or person-bound record (RFC 2104)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

PSEUDONYM_HEX_DIGITS = 32  # 128 bits: RFC 2104 allows truncation to half of the output


def pseudonym(key: bytes, kind: str, identifier: str) -> str:
    """Return the pseudonym of ``identifier`` (32 hex digits); equal inputs give equal pseudonyms.

    ``kind`` separates domains: student 17 and staff 17 share nothing.
    """
    return hmac.digest(key, f"{kind}:{identifier}".encode(), "sha256").hex()[:PSEUDONYM_HEX_DIGITS]


def pseudonyms(key: bytes, kind: str, identifiers: Iterable[str]) -> list[str]:
    """Pseudonyms of many identifiers, in order."""
    return [pseudonym(key, kind, identifier) for identifier in identifiers]
