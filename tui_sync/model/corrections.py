"""Corrections: misspelt addresses of Recruit, and the right ones that every sync takes instead. Nothing is written to Recruit."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted correction; both addresses in their normal form."""

    wrong: str
    right: str
    since: datetime
