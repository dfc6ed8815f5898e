"""The limits of the service for one organisation, as Zoho's sync service sets them (product rule 7)."""

MONTH = 50
"""Syncs initiated in one month of the organisation's time zone."""
DAY = 10
"""Different syncs initiated or run on one of its days."""
ACTIVE = 10
"""Syncs active or queued at one time."""
