"""What the connection has to say before a definition can be edited or saved."""

from __future__ import annotations

from typing import NamedTuple

from tui_sync.model.mapping import HubField
from tui_sync.model.records import Field, Module
from tui_sync.model.related import modules_of
from tui_sync.model.sync import Sync
from tui_sync.services import catalogue
from tui_sync.services.desk import Desk


class Parts(NamedTuple):
    """The module of a sync, its fields, the fields of the hub, and those of related modules that the criteria name."""

    module: Module
    fields: tuple[Field, ...]
    hub_fields: tuple[HubField, ...]
    related: tuple[Field, ...] = ()

    @property
    def every_field(self) -> tuple[Field, ...]:
        """What the definition is judged by."""
        return (*self.fields, *self.related)


async def parts_of(desk: Desk, sync: Sync) -> Parts:
    """Ask Recruit and the hub. Raises UsageError for an unknown module, RunError where one of them cannot be asked."""
    module, fields = await catalogue.module(desk, sync.module), await catalogue.fields(desk, sync.module)
    related = await catalogue.related_fields(desk, modules_of(sync.selection.conditions))
    return Parts(module, fields, await catalogue.hub_fields(desk), related)
