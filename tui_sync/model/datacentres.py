"""Zoho's data centres and their hosts.

Hosts are chosen from this table, never from the `api_domain` of a token answer, which names the CRM's hosts. Marketing
Automation lists no hosts of its own for China and Japan; its older name answers there.
"""

from __future__ import annotations

import msgspec


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
