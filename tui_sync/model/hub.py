"""What a hub hands out and takes: lists, members, and the calls that change them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

CALLS, WINDOW = 475, 300.0
"""Calls of one endpoint that are made at Marketing Automation within so many seconds, 5 % below what it allows: its clock and its
counting are not ours."""


def waiting(calls: int) -> float:
    """Seconds that so many calls of one endpoint wait for the limit at least: the first ones go at once."""
    return max(0, calls - 1) // CALLS * WINDOW


class HubList(msgspec.Struct, frozen=True, kw_only=True):
    """A mailing list. `noted`: only the workspace knows it; the first delivery creates it at the hub."""

    key: str
    name: str
    members: int = 0
    unsubscribed: int = 0
    bounced: int = 0
    public: bool = False
    """Has a public sign-up form: people must confirm, and leads cannot be updated."""
    noted: bool = False


class MemberState(StrEnum):
    """The states in which a hub lists the members of a list."""

    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"


class Member(msgspec.Struct, frozen=True):
    """A lead in a list, as the hub names it; `email` is lower-cased and trimmed."""

    email: str
    first_name: str = ""
    last_name: str = ""
    fields: dict[str, str] = {}
    """All fields by display name, where the hub tells them with the list: the embedded one does."""


class Subscribe(msgspec.Struct, frozen=True, gc=False):
    """Make `email` a lead and a member of the list, and set these fields (by hub field name, without the address)."""

    list_key: str
    email: str
    fields: dict[str, str]


class Unsubscribe(msgspec.Struct, frozen=True):
    """Take `email` out of the list."""

    list_key: str
    email: str


class Remove(msgspec.Struct, frozen=True):
    """Take `email` out of the whole hub: the embedded hub deletes the lead, Marketing Automation sets Do-Not-Mail."""

    email: str


HubCall = Subscribe | Unsubscribe | Remove


class Lead(msgspec.Struct, frozen=True, gc=False):
    """A lead of the embedded hub: its address, its other fields by display name, and where it stands.

    `standing` is one word for each list that the lead is or was in, in order: its state and the list's key.
    """

    email: str
    fields: dict[str, str]
    standing: str = ""

    def placed(self, list_key: str, state: MemberState) -> str:
        """The standing once the lead has `state` in the list."""
        words = [word for word in self.standing.split() if not word.endswith(f"/{list_key}")]
        return " ".join(sorted([*words, standing(list_key, state)]))


def standing(list_key: str, state: MemberState) -> str:
    """One word of a standing. Keys of lists have no spaces and no slashes."""
    return f"{state}/{list_key}"


class EmbeddedHub(msgspec.Struct, frozen=True):
    """The embedded hub's own definition: its lists by key, and the names of its lead fields beside the address."""

    lists: dict[str, str] = {}
    fields: dict[str, str] = {}
