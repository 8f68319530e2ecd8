"""The name by which a content security policy allows one inline script or style and no other."""

from __future__ import annotations

import base64
import hashlib


def content_hash(text: str) -> str:
    """``text`` as a source expression: ``sha256-`` and its digest in base64."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
