"""Where Zoho's data centres are.

Hosts are chosen from this table, never from the `api_domain` of a token answer, which names the CRM's hosts. Marketing
Automation lists no hosts of its own for China and Japan; its older name answers there.
"""

from __future__ import annotations

import msgspec

from tui_sync.model.errors import UsageError
from tui_sync.model.text import visible
from tui_sync.net.client import checked_origin

RECRUIT_PREFIX = "/recruit/v2"
HUB_PREFIX = "/api/v1"


class DataCentre(msgspec.Struct, frozen=True, kw_only=True):
    """The origins of one data centre; `console` is the page where clients and grant codes are made."""

    accounts: str
    recruit: str
    hub: str
    console: str


def _of(domain: str, hub: str = "marketingautomation") -> DataCentre:
    return DataCentre(
        accounts=f"https://accounts.{domain}",
        recruit=f"https://recruit.{domain}",
        hub=f"https://{hub}.{domain}",
        console=f"https://api-console.{domain}",
    )


DATA_CENTRES = {
    "us": _of("zoho.com"),
    "eu": _of("zoho.eu"),
    "in": _of("zoho.in"),
    "au": _of("zoho.com.au"),
    "cn": _of("zoho.com.cn", "marketinghub"),
    "jp": _of("zoho.jp", "marketinghub"),
}


def data_centre(name: str, *, accounts: str = "", recruit: str = "", hub: str = "") -> DataCentre:
    """The data centre of that name, with the given origins in place of its own.

    Raises UsageError for an unknown name, and for an origin that is none or is plain http to another machine.
    """
    known = DATA_CENTRES.get(name)
    if known is None:
        raise UsageError(f'There is no data centre "{visible(name, 40)}".', f"There are: {', '.join(DATA_CENTRES)}.")
    return DataCentre(
        accounts=checked_origin(accounts or known.accounts),
        recruit=checked_origin(recruit or known.recruit),
        hub=checked_origin(hub or known.hub),
        console=known.console,
    )
