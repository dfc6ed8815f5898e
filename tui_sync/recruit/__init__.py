"""Zoho Recruit's REST API, version 2, as the engine's source of records."""
