"""Reporting an alert to a webhook: one small JSON object, posted to an address that was looked at first.

The name is resolved here, every address that it has is checked, and the call goes to one of those, so that a name which
resolves otherwise a moment later leads nowhere else. No proxy is asked, no redirect followed.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address

import httpx

from tui_sync.engine.ports import Clock
from tui_sync.model.health import Alert
from tui_sync.model.webhook import PRIVATE_HINT, check_webhook, is_public
from tui_sync.net.answers import cause_of
from tui_sync.net.client import USER_AGENT, read_url

SECONDS = 10.0
"""Time that one attempt may take."""
PAUSE = 2.0
"""Seconds before the one repetition."""


class RefusedError(Exception):
    """Why the address may not be used, one sentence; a repetition would not help."""


async def post_alert(url: str, private: bool, workspace: str, alert: Alert, clock: Clock) -> str:
    """Post an alert; gives why it did not arrive, one sentence, empty where the webhook took it. Never raises."""
    why = check_webhook(url, private)
    if why:
        return why
    body = {
        "workspace": workspace,
        "sync": alert.sync,
        "before": alert.before.value,
        "after": alert.after.value,
        "sentence": alert.sentence,
        "run": alert.run or None,
        "time": alert.at.isoformat(timespec="seconds"),
    }
    try:
        why = await _attempt(url, private, body)
        if why:
            await clock.sleep(PAUSE)
            why = await _attempt(url, private, body)
    except RefusedError as refused:
        return str(refused)
    return why


async def _attempt(url: str, private: bool, body: dict[str, str | None]) -> str:
    """Why one attempt failed; empty where it did not. Raises RefusedError where a repetition would not help."""
    target = read_url(url)
    if target is None:
        raise RefusedError("The webhook is no address of the form https://host/path.")
    try:
        async with asyncio.timeout(SECONDS):
            address = await _resolved(target, private)
            client = httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=SECONDS)
            call = client.build_request(
                "POST", target.copy_with(host=address), json=body,
                headers={"Host": target.netloc.decode("ascii"), "User-Agent": USER_AGENT},
                extensions={"sni_hostname": target.raw_host.decode("ascii")},
            )  # fmt: skip
            async with client:
                # The body of the answer is not read: it may be endless.
                response = await client.send(call, stream=True)
                await response.aclose()
    except (TimeoutError, httpx.TimeoutException):
        return "The webhook does not answer in time."
    except (httpx.HTTPError, OSError) as error:
        return f"The webhook cannot be reached: {cause_of(error)}."
    except (httpx.InvalidURL, ValueError, IndexError):  # httpx reads the target of a redirect that it does not follow
        return "The webhook redirects to an address that is not valid."
    if response.is_redirect:
        return f"The webhook answered {response.status_code}, a redirect, which is not followed."
    return "" if response.is_success else f"The webhook answered {response.status_code}."


async def _resolved(target: httpx.URL, private: bool) -> str:
    """An address of the host. Raises RefusedError where one of its addresses may not be called, OSError for an unknown name."""
    port = target.port or (443 if target.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(target.host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise RefusedError("The webhook's name is not valid: a part of it is empty or longer than 63 characters.") from None
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not private and not all(is_public(address) for address in addresses):
        raise RefusedError(f"The webhook's name leads to this machine or a private network. {PRIVATE_HINT}")
    if target.scheme == "http" and not all(address.is_loopback for address in addresses):
        raise RefusedError("The webhook must be an https address: alerts are not sent over plain http.")
    return str(addresses[0])
