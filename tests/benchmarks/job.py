"""The job that tui-sync, the bare script and every peer do: which records, which addresses, which fields.

Five fields are mapped, or as many as the environment variable MAPPED says, at most eleven.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

FIELDS = dict((
    ("Lead Email", "Email"), ("First Name", "First_Name"), ("Last Name", "Last_Name"), ("City", "City"), ("Phone", "Mobile"),
    ("Status", "Candidate_Status"), ("Street", "Street"), ("Rating", "Rating"), ("Company", "Current_Employer"),
    ("Title", "Current_Job_Title"), ("Since", "Created_Time"),
)[: int(os.environ.get("MAPPED", "5"))])  # fmt: skip
"""Recruit's field for each of the hub's."""
COLUMNS = ("id", *(name.lower().replace(" ", "_") for name in FIELDS))
"""What the bare script and the peers call the id and the mapped fields."""


def matches(record: dict[str, Any]) -> bool:
    """(1 and 2) and (3 or 4)."""
    return (record["Country"] == "Germany" and bool(record["City"])) and (
        record["Experience_in_Years"] >= 2 or "python" in record["Skill_Set"].lower()
    )


def believed(address: str | None) -> str:
    """An address as it comes."""
    return (address or "").strip().lower()


def validation() -> Callable[[str | None], str | None]:
    """Gives the normal form of an address, None where it is not valid; email-validator is imported only for those who ask."""
    from email_validator import EmailNotValidError, validate_email

    def validated(address: str | None) -> str | None:
        try:
            return validate_email((address or "").strip(), check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            return None

    return validated


def mapping() -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """Gives the id and the mapped fields of a record by column, None where its address is not valid."""
    validated = validation()
    sources = tuple(FIELDS.values())[1:]

    def mapped(record: dict[str, Any]) -> dict[str, Any] | None:
        email = validated(record["Email"])
        if email is None:
            return None
        return dict(zip(COLUMNS, (record["id"], email, *(record[source] for source in sources)), strict=True))

    return mapped
