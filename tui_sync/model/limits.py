"""The limits of the service for one organisation, as Zoho's sync service sets them (product rule 7)."""

from __future__ import annotations

import msgspec

MONTH = 50
"""Syncs initiated in one month of the organisation's time zone."""
DAY = 10
"""Different syncs initiated or run on one of its days."""
ACTIVE = 10
"""Syncs active or queued at one time."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the organisation's plan allows: syncs initiated a month, initiated or run a day, active at a time."""

    month: int = MONTH
    day: int = DAY
    active: int = ACTIVE
