"""The ZSC key (Zoho Service Communication key): pasted, masked and, in the demo organisation, issued anew.

Only the demo organisation checks it. A connection to Zoho keeps it, and never sends it: version 2 of the API does not use it.
"""

from __future__ import annotations

from tui_sync.model.errors import CredentialsRejected, UsageError
from tui_sync.services.desk import Desk, Quiet

NAME = "zsc_key"
WHERE = "Recruit: Settings > Setup > Extensions & APIs > APIs > ZSC Key"
SHOWN = 4
"""Characters of the key that are shown, where it has more than twice as many."""
UNUSED = "not used by API v2, never sent"


def masked(desk: Desk) -> str:
    """The key as it may be shown: its last characters; empty where there is none."""
    key = desk.workspace.secrets.get(NAME) or ""
    if not key:
        return ""
    return "****" + (key[-SHOWN:] if len(key) > 2 * SHOWN else "")


def problem(key: str) -> str:
    """What is wrong with a text that is to be the key, in one sentence; empty where nothing is."""
    key = key.strip()
    if not key:
        return "Paste the key."
    return "" if key.isascii() and key.isprintable() and " " not in key else "The text has characters that no ZSC key has."


async def paste(desk: Desk, key: str) -> str:
    """Keep another key, where the connection checks keys only after trying it; gives a sentence.

    Raises UsageError for a text that is no key or where there is no connection, CredentialsRejected where Recruit does not
    accept it, RunError where it cannot be asked; then the old key stays.
    """
    wrong = problem(key)
    if wrong:
        raise UsageError(wrong, f"Copy it from {WHERE}.")
    key, account = key.strip(), desk.connect
    if account.checks_zsc_key:
        try:
            await account.try_zsc_key(key, Quiet(desk.clock, desk.tell))
        except CredentialsRejected:
            raise CredentialsRejected(
                "Recruit does not accept this ZSC key; the one before stays in place.", f"Copy it from {WHERE}."
            ) from None
    if key == desk.workspace.secrets.get(NAME):
        return "This ZSC key is the one in place already."
    desk.workspace.secrets.renew(NAME, key)
    desk.log("pasted another ZSC key")
    if account.checks_zsc_key:
        return "Recruit accepts the new ZSC key; runs use it from now on."
    return f"The ZSC key is kept: {UNUSED}."


def regenerate(desk: Desk) -> str:
    """Issue a new key in the demo organisation, as an administrator does in Recruit, and give it: it is shown once.

    The workspace keeps the old one, so runs fail until the new one is pasted. Raises UsageError for another connection.
    """
    key = desk.connect.issue_zsc_key()
    desk.log("regenerated the ZSC key of the demo organisation")
    return key
