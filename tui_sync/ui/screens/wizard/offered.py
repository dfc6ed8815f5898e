"""What the connection offers, asked for once while the wizard is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tui_sync.model.definitions import Problem, problems
from tui_sync.model.hub import HubList
from tui_sync.model.labels import labelled
from tui_sync.model.mapping import HubField
from tui_sync.model.records import Field, Module, View
from tui_sync.model.related import related_modules
from tui_sync.model.sync import SelectionKind, Sync
from tui_sync.model.text import visible
from tui_sync.services import catalogue, sampling
from tui_sync.services.desk import Desk
from tui_sync.services.relating import relate
from tui_sync.services.sampling import Sample
from tui_sync.ui.present.wizard import STEPS, step_of


class Known(NamedTuple):
    """What a definition is judged by: its module as the connection has it, the module's fields, the hub's fields, and the
    fields of the related modules that the criteria name."""

    module: Module | None
    fields: Sequence[Field]
    hub_fields: Sequence[HubField]
    related: Sequence[Field] = ()

    @property
    def every_field(self) -> Sequence[Field]:
        """The module's fields and the related ones."""
        return (*self.fields, *self.related)


class Offered:
    """Answers of the connection, each kept once it has come. The coroutines raise TuiSyncError where it gives none."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._modules: tuple[Module, ...] | None = None
        self._fields: dict[str, tuple[Field, ...]] = {}
        self._related: dict[str, tuple[Field, ...]] = {}
        self._views: dict[str, tuple[View, ...]] = {}
        self._lists: tuple[HubList, ...] | None = None
        self._hub_fields: tuple[HubField, ...] | None = None
        self._sample: Sample | None = None
        self._zone = ""

    async def modules(self) -> tuple[Module, ...]:
        """The modules of people, with those that cannot be synced."""
        if self._modules is None:
            self._modules = await catalogue.modules(self._desk)
        return self._modules

    async def views(self, module: str) -> tuple[View, ...]:
        """The custom views of a module."""
        if module not in self._views:
            self._views[module] = await catalogue.views(self._desk, module)
        return self._views[module]

    async def lists(self) -> tuple[HubList, ...]:
        """The hub's lists."""
        if self._lists is None:
            self._lists = await catalogue.lists(self._desk)
        return self._lists

    async def create_list(self, name: str) -> HubList:
        """A new list. Raises UsageError where the name is empty or taken."""
        created = await catalogue.create_list(self._desk, name)
        self._lists = None
        return created

    async def hub_fields(self) -> tuple[HubField, ...]:
        """The hub's lead fields."""
        if self._hub_fields is None:
            self._hub_fields = await catalogue.hub_fields(self._desk)
        return self._hub_fields

    async def about(self, sync: Sync) -> Known:
        """Everything that a definition is judged by."""
        name = sync.module
        modules = await self.modules()
        module = next((known for known in modules if known.name == name), None)
        if module is not None and name not in self._fields:
            self._fields[name] = await catalogue.fields(self._desk, name)
        for related in related_modules(sync):
            if related not in self._related:
                self._related[related] = await catalogue.related_fields(self._desk, [related])
        return Known(module, self._fields.get(name, ()), await self.hub_fields(), self._related_fields(sync))

    def _related_fields(self, sync: Sync) -> tuple[Field, ...]:
        return tuple(field for module in related_modules(sync) for field in self._related.get(module, ()))

    async def sample(self, sync: Sync, tell: Callable[[str], object] = str) -> Sample:
        """Some records of the sync's module or view, with the related records that its criteria need; `tell` is told how
        far the reading of those is."""
        view = sync.selection.view_id if sync.selection.kind is SelectionKind.VIEW else ""
        zone, have = sync.schedule.timezone, self._sample
        if have is None or (have.module.name, have.view_id, self._zone) != (sync.module, view, zone):
            have = await sampling.take(self._desk, sync.module, view_id=view, zone_name=zone)
        have = await relate(self._desk, have, related_modules(sync), tell)
        self._sample, self._zone = have, zone
        return have

    # without a call

    def module(self, name: str) -> Module | None:
        """The module of that name, as far as the modules were read."""
        return next((known for known in self._modules or () if known.name == name), None)

    @property
    def hub_fields_read(self) -> Sequence[HubField]:
        """The hub's lead fields, as far as they were read."""
        return self._hub_fields or ()

    def forget_hub_fields(self) -> None:
        """The hub may have other fields now."""
        self._hub_fields = None

    def fields(self, module: str) -> Sequence[Field]:
        """The fields of a module, as far as they were read."""
        return self._fields.get(module, ())

    def labelled(self, sync: Sync) -> Sync:
        """The sync with what people call the fields that it names, as far as that was read or is known from before."""
        return labelled(sync, (*self.fields(sync.module), *self._related_fields(sync)))

    def mailing_list(self, key: str) -> HubList | None:
        """The list of that key, as far as the lists were read."""
        return next((known for known in self._lists or () if known.key == key), None)

    def judges(self, sync: Sync) -> bool:
        """Whether everything was read that a definition is judged by."""
        unknown = self._modules is not None and self.module(sync.module) is None
        fields = unknown or (sync.module in self._fields and self._related.keys() >= set(related_modules(sync)))
        return fields and self._hub_fields is not None

    def problems(self, sync: Sync) -> list[Problem]:
        """What is wrong with a definition, as far as that can be told from what was read."""
        if not self.judges(sync):
            alone = problems(sync, module=None, fields=(), hub_fields=())
            return [problem for problem in alone if problem.key != "module" or not sync.module]
        found = problems(
            sync, module=self.module(sync.module), fields=(*self.fields(sync.module), *self._related_fields(sync)),
            hub_fields=self.hub_fields_read,
        )
        return sorted((*found, *self._gone(sync)), key=lambda problem: STEPS.index(step_of(problem.key)))

    def _gone(self, sync: Sync) -> list[Problem]:
        """What the definition names and the connection has no more."""
        gone: list[Problem] = []
        chosen, views = sync.selection, self._views.get(sync.module)
        viewed = chosen.kind is SelectionKind.VIEW and chosen.view_id
        if viewed and views is not None and all(view.id != chosen.view_id for view in views):
            gone.append(Problem("view", f'The view "{visible(chosen.view_name)}" is no longer there. Choose another.'))
        if sync.list_key and self._lists is not None and self.mailing_list(sync.list_key) is None:
            gone.append(Problem("list", f'The list "{visible(sync.list_name)}" is no longer there. Choose another.'))
        return gone
