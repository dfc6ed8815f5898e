"""What an HTTP answer, or the lack of one, tells beside its data. Pure."""

from __future__ import annotations

import html
import re
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from tui_sync.model.text import visible
from tui_sync.net.body import SECONDS

LONGEST_PAUSE = 900.0
"""Seconds that a server may ask to wait; a longer Retry-After is cut to this."""
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})</title", re.IGNORECASE)


def answered_at(headers: httpx.Headers) -> datetime | None:
    """The server's own time of the answer (its last Date header), aware UTC; None where there is none that is valid."""
    dates = headers.get_list("date")
    return _http_date(dates[-1]) if dates else None


def pause_asked(headers: httpx.Headers, now: datetime) -> float | None:
    """Seconds to wait by Retry-After, given as seconds or as a date; None where there is none that is valid.

    A date is read against the server's own Date, so that clocks which differ do no harm; without one against `now`.
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(float(asked), LONGEST_PAUSE)
    until = _http_date(asked) if asked else None
    if until is None:
        return None
    return min(max((until - (answered_at(headers) or now)).total_seconds(), 0.0), LONGEST_PAUSE)


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def is_page(headers: httpx.Headers, body: bytes) -> bool:
    """Whether the answer is a web page (or XML) instead of data."""
    return "text/html" in headers.get("content-type", "") or body[:1000].lstrip()[:1] == b"<"


def page_title(body: bytes) -> str:
    """A short page's title in quotation marks with a space before it, made visible; empty where there is none."""
    found = _TITLE.search(body[:20_000])
    title = html.unescape(found[1].decode("utf-8", "replace")).strip() if found else ""
    return f' "{visible(title, 80)}"' if title else ""


def cause_of(error: BaseException) -> str:
    """Why a call failed, in words of our own: texts of the library may quote headers, and with them secrets."""
    if isinstance(error, httpx.ConnectTimeout):
        return "it does not take the connection in time"
    if isinstance(error, httpx.TimeoutException):
        return "it does not answer in time"
    if isinstance(error, TimeoutError):
        return f"its answer was not whole after {SECONDS:g} seconds"
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, ssl.SSLCertVerificationError):
            return f"its certificate is not accepted ({visible(link.verify_message, 80)})"
        if isinstance(link, ssl.SSLError):
            return "no secure connection comes about"
        if isinstance(link, socket.gaierror):
            return "its name is not known"
        if isinstance(link, ConnectionRefusedError):
            return "it refuses the connection"
        link = link.__cause__ or link.__context__
    if isinstance(error, httpx.ProxyError):
        return "the proxy does not pass the call on"
    if isinstance(error, httpx.ConnectError):
        return "no connection comes about"
    return "the connection broke before the answer was whole"
