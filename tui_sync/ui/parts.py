"""What the connection has to say before a definition can be edited or saved."""

from __future__ import annotations

from typing import NamedTuple

from tui_sync.model.mapping import HubField
from tui_sync.model.records import Field, Module
from tui_sync.services import catalogue
from tui_sync.services.desk import Desk


class Parts(NamedTuple):
    """The module of a sync, its fields, and the fields of the hub."""

    module: Module
    fields: tuple[Field, ...]
    hub_fields: tuple[HubField, ...]


async def parts_of(desk: Desk, module: str) -> Parts:
    """Ask Recruit and the hub. Raises UsageError for an unknown module, RunError where one of them cannot be asked."""
    return Parts(await catalogue.module(desk, module), await catalogue.fields(desk, module), await catalogue.hub_fields(desk))
