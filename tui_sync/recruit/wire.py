"""Recruit's JSON beside records: metadata rows, deleted rows, and errors.

Errors stand at the top level or in the rows of `data`, and some come with HTTP 200; both places are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import httpx
import msgspec

from tui_sync.model.errors import INVALID_MODULE, BadAnswer, CallRejected, CredentialsRejected
from tui_sync.model.text import visible
from tui_sync.net.sending import TokenRejectedError
from tui_sync.recruit.rows import Info

T = TypeVar("T")

_TOKEN = frozenset({"INVALID_TOKEN", "AUTHENTICATION_FAILURE"})


class ModuleRow(msgspec.Struct, frozen=True):
    """One module of the account."""

    api_name: str
    plural_label: str | None = None
    generated_type: str | None = None
    api_supported: bool = True


class ModulesAnswer(msgspec.Struct, frozen=True):
    """The answer of /settings/modules."""

    modules: list[ModuleRow]


class Choice(msgspec.Struct, frozen=True):
    """One value of a pick list: what records hold is the actual value."""

    actual_value: str | None = None
    display_value: str | None = None


class FieldRow(msgspec.Struct, frozen=True):
    """One field of a module."""

    api_name: str
    field_label: str | None = None
    display_label: str | None = None
    data_type: str = ""
    custom_field: bool | None = None
    pick_list_values: list[Choice] | None = None


class FieldsAnswer(msgspec.Struct, frozen=True):
    """The answer of /settings/fields."""

    fields: list[FieldRow]


class ViewRow(msgspec.Struct, frozen=True):
    """One custom view; its name as people see it is the display value."""

    id: str | int
    name: str | None = None
    display_value: str | None = None


class ViewsAnswer(msgspec.Struct, frozen=True):
    """One page of /settings/custom_views."""

    custom_views: list[ViewRow]
    info: Info | None = None


class DeletedRow(msgspec.Struct, frozen=True):
    """One row of a deleted list."""

    id: str | int
    deleted_time: str | None = None


class DeletedAnswer(msgspec.Struct, frozen=True):
    """One page of a deleted list."""

    data: list[DeletedRow]
    info: Info | None = None


read_modules = msgspec.json.Decoder(ModulesAnswer).decode
read_fields = msgspec.json.Decoder(FieldsAnswer).decode
read_views = msgspec.json.Decoder(ViewsAnswer).decode
read_deleted = msgspec.json.Decoder(DeletedAnswer).decode


class Problem(msgspec.Struct, frozen=True):
    """An error that Recruit reports."""

    code: str
    message: str


class Asked(msgspec.Struct, frozen=True):
    """What a call asks for, in words, and the scope it needs, for the sentences of its errors."""

    what: str
    scope: str


def problem(body: bytes) -> Problem | None:
    """The error in a body, at the top level or in the first row that is one; None where it holds none."""
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    rows = answer.get("data") if isinstance(answer, dict) else None
    for found in (answer, *(rows if isinstance(rows, list) else ())):
        if isinstance(found, dict) and found.get("status") == "error":
            return Problem(str(found.get("code", "")), str(found.get("message", "")))
    return None


def read_checked(read: Callable[[bytes], T], host: str, status: int, body: bytes, asked: Asked) -> T:
    """The answer's value, or the error that it reports. One of another shape is looked at for an error first."""
    if status >= httpx.codes.BAD_REQUEST:
        raise _rejection(host, status, problem(body), asked)
    try:
        return read(body)
    except msgspec.ValidationError:
        found = problem(body)
        if found is None:
            raise
        raise _rejection(host, status, found, asked) from None


def _rejection(host: str, status: int, found: Problem | None, asked: Asked) -> Exception:
    """The error for what Recruit reports; matched on its code."""
    code, message = (found.code, found.message) if found else ("", "")
    if code == "INVALID_ZSC_KEY":
        return CredentialsRejected(
            "Recruit does not accept the ZSC key any more: a new one was generated.",
            "Copy it from Recruit (Settings > Setup > Extensions & APIs > APIs > ZSC Key), then paste it: "
            "tui-sync zsc-key, or in the screens Settings (8), z",
        )
    if code == "OAUTH_SCOPE_MISMATCH":
        return CredentialsRejected(
            f"The connection's privileges do not cover {asked.what}: the scope {asked.scope} is missing.",
            "Connect again with the scopes that it prints: tui-sync connect",
        )
    if code in _TOKEN or (status == httpx.codes.UNAUTHORIZED and not code):
        return TokenRejectedError()
    if code == INVALID_MODULE:
        return CallRejected(
            f"Recruit no longer has {asked.what}, or the connection's user may not see it.",
            "See: tui-sync modules",
            code=code,
            status=status,
        )
    if found is None and status < httpx.codes.INTERNAL_SERVER_ERROR:
        return BadAnswer(f"{host} answered {status} for {asked.what} without saying why.", "See: tui-sync doctor")
    said = f": {visible(message, 200)}" if message else ""
    sentence = f"Recruit refused {asked.what} with {visible(code, 60)}{said}."
    return CallRejected(sentence, "See: tui-sync doctor", code=code, status=status)
