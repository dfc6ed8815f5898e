"""The scopes that a connection needs, Zoho's word for privileges, and which of them are not granted."""

from __future__ import annotations

from collections.abc import Iterable

RECRUIT_SCOPES = ("ZohoRecruit.modules.ALL", "ZohoRecruit.settings.ALL", "ZohoRecruit.setup.operation.READ")
HUB_SCOPES = (
    "ZohoMarketingAutomation.lead.READ",
    "ZohoMarketingAutomation.lead.CREATE",
    "ZohoMarketingAutomation.lead.UPDATE",
)
ALL, READ = "all", "read"


def lacking(granted: Iterable[str], needed: Iterable[str]) -> tuple[str, ...]:
    """The needed scopes that none of the granted ones covers, in their order; names compare without case.

    At Recruit reading is enough: nothing is ever written there.
    """
    known = {scope.casefold() for scope in granted}
    return tuple(scope for scope in needed if not _ways(scope) & known)


def _ways(scope: str) -> set[str]:
    """The granted scopes each of which covers this one."""
    what, _, operation = scope.casefold().rpartition(".")
    enough = {operation, ALL, READ} if operation == ALL else {operation, ALL}
    return {f"{what}.{one}" for one in enough}
