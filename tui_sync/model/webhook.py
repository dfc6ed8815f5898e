"""Where changes of condition may be reported to: the rules for the address of a webhook. Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

LOCAL = "localhost"
NAT64 = IPv6Network("64:ff9b::/96")
"""Addresses of this network stand for the IPv4 address in their last 32 bits."""
INTERNET = IPv6Network("2000::/3")
"""All of IPv6 that is given out for the internet; the rest is private, reserved, or another disguise of IPv4."""
PRIVATE_HINT = "To report to an own machine all the same: tui-sync settings set webhook-private yes"


def check_webhook(url: str, private: bool) -> str:
    """Why this cannot be the address of a webhook, one sentence; empty where it can, or where it is empty (no webhook).

    `private` permits addresses of private networks, and plain http to this machine. What a name resolves to is looked at
    when it is used (`is_public`).
    """
    if not url:
        return ""
    parts = _split(url)
    if parts is None or not parts.hostname:
        return "The webhook is no address of the form https://host/path."
    if parts.username is not None or parts.password is not None:
        return "The address of the webhook must not carry a user name or password; use one with a secret path."
    literal = address_of(parts.hostname)
    here = parts.hostname == LOCAL or (literal is not None and literal.is_loopback)
    if parts.scheme == "http" and not (here and private):
        return "The webhook must be an https address: alerts are not sent over plain http."
    if parts.scheme not in ("http", "https"):
        return "The webhook is no address of the form https://host/path."
    if (here or (literal is not None and not is_public(literal))) and not private:
        return f"The webhook is an address of this machine or of a private network. {PRIVATE_HINT}"
    return ""


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """The host as an IP address; None where it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is one of the internet: neither loopback, link-local, private nor reserved, in any disguise."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address not in INTERNET:
            return False
    return address.is_global and not address.is_multicast


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None where it is none. Blanks and control characters are in no address."""
    if not url.isascii() or any(character <= " " or character == "\x7f" for character in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
