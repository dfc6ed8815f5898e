"""The job that the bare script and every peer do: which records, which addresses, which fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


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
    """Gives the id and the five mapped fields of a record, None where its address is not valid."""
    validated = validation()

    def mapped(record: dict[str, Any]) -> dict[str, Any] | None:
        email = validated(record["Email"])
        return None if email is None else {
            "id": record["id"], "email": email, "first": record["First_Name"], "last": record["Last_Name"],
            "city": record["City"], "phone": record["Mobile"],
        }  # fmt: skip

    return mapped
