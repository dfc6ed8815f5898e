"""The one HTTP client of a connection, and the addresses it may call."""

from __future__ import annotations

import ipaddress
import re
from urllib.request import getproxies

import httpx

from tui_sync import __version__
from tui_sync.model.errors import RunError, UsageError
from tui_sync.model.text import visible
from tui_sync.net import body

HOST = re.compile(rb"[A-Za-z0-9._:-]+")
"""A host as it is called: a name (of punycode where it is international) or an address, an IPv6 one without brackets."""
PORTS = 65_536
"""Ports are below this number."""
USER_AGENT = f"tui-sync/{__version__}"
CERTIFICATES = "Look at SSL_CERT_FILE and SSL_CERT_DIR, or unset them."
PROXIES = "Name an http or https one, and valid hosts: look at HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, or unset them."
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0


def open_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client without automatic redirects; the caller closes it. `transport` replaces the network (the demo).

    Proxies of the environment are used for https alone: plain http goes to loopback addresses only, and a proxy would
    carry the token off the machine. Raises RunError where the environment names a proxy or certificates that cannot be
    used; what stands there is not repeated, since it may be a password.
    """
    unusable = RunError("The proxy that the environment names cannot be used.", PROXIES)
    if transport is None and not all(_is_proxy(getproxies().get(scheme, "")) for scheme in ("https", "all")):
        raise unusable
    try:
        return httpx.AsyncClient(
            transport=transport,
            mounts={"http://": None},
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30.0),
            headers={"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": body.ACCEPTED},
            follow_redirects=False,
        )
    except OSError:  # ssl's errors are some
        raise RunError("The certificates that the environment names cannot be read.", CERTIFICATES) from None
    except (ImportError, ValueError, httpx.InvalidURL):
        raise unusable from None


def _is_proxy(named: str) -> bool:
    """Whether the port of a proxy, which httpx does not look at, is one; where none is named, that is no fault."""
    url = read_url(named if "://" in named else f"http://{named}")
    return url is not None and (url.port is None or 0 < url.port < PORTS)


def read_url(text: str) -> httpx.URL | None:
    """The address; None where it is none."""
    try:
        url = httpx.URL(text)
        _ = url.host  # only then is punycode read, by a library that answers some of it with an IndexError
    except (httpx.InvalidURL, ValueError, IndexError):
        return None
    return url


def checked_origin(address: str) -> str:
    """The address as `scheme://host[:port]`. Raises UsageError for anything else, and for http to another machine."""
    form = "An address is an origin such as https://recruit.zoho.com, without a path."
    url = read_url(address.strip())
    if url is None:
        raise UsageError("An address of the connection is not valid.", form)
    if url.userinfo:
        raise UsageError(f"The address of {visible(url.host)} must not carry a user name or password.", form)
    named = url.scheme in ("http", "https") and HOST.fullmatch(url.raw_host) and (url.port is None or 0 < url.port < PORTS)
    if not named or url.path not in ("", "/") or url.query or url.fragment:
        raise UsageError(f'"{visible(address, 100)}" is not an address of the form https://host.', form)
    if url.scheme == "http" and not _is_loopback(url.host):
        raise UsageError(
            f"{visible(url.host)} would get the token over plain http.",
            "Use https; http is accepted for loopback addresses (127.0.0.1, ::1, localhost) only.",
        )
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
