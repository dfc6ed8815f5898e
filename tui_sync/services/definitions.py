"""Definitions as code: what a file would change, applying it whole, and writing the workspace's syncs as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from tui_sync.engine.related import fields_by_module
from tui_sync.model.applied import Applied
from tui_sync.model.definitions import (
    Catalogue,
    Change,
    Definition,
    changes,
    frozen_changes,
    parse,
    refusal,
    render,
    resolve,
    state_after_edit,
)
from tui_sync.model.errors import DefinitionError, UsageError
from tui_sync.model.records import Field, View
from tui_sync.model.related import modules_of
from tui_sync.model.sync import Sync, SyncState, taken_up
from tui_sync.model.text import as_read, command_line, full_stop, unfit_name, visible
from tui_sync.services import limits
from tui_sync.services.desk import Desk, Quiet
from tui_sync.services.log import edit_words
from tui_sync.services.syncs import initiate, mended_by_edit, new_id
from tui_sync.store.log import user


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """What applying one definition does. `old` is None for a new sync; `new_list` names a list that is created."""

    sync: Sync
    old: Sync | None
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]
    new_list: str
    initiate: bool
    applied: Applied | None = None
    """What a file gave the sync last."""
    drift: tuple[Change, ...] = ()
    """What was changed in the workspace since."""


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """A file beside the workspace: what applying does to each sync, which syncs the file does not have, what it costs."""

    items: tuple[Planned, ...]
    absent: tuple[Planned, ...]
    """Syncs that are in the workspace only; applying leaves them as they are."""
    quota: limits.Quota
    initiated: int
    """Syncs that applying initiates."""

    @property
    def differs(self) -> bool:
        """Whether applying would change anything."""
        return any(item.old is None or item.changes for item in self.items)


def read(path: Path) -> tuple[Definition, ...]:
    """The definitions of a file. Raises DefinitionError naming the place, UsageError where it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        hint = "Give the path of a definition file; tui-sync export prints the syncs of a workspace as one."
        raise UsageError(f"There is no file {visible(str(path))}.", hint) from error
    except OSError as error:
        raise UsageError(f"{visible(str(path))} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DefinitionError(f"byte {error.start} is not UTF-8", file=visible(str(path))) from error
    return parse(text, visible(str(path)))


async def plan(desk: Desk, path: Path) -> list[Planned]:
    """What `apply` would do; nothing is written. Raises what `apply` raises."""
    definitions = read(path)
    catalogue, missing = await _catalogue(desk, definitions)
    return _planned(desk, definitions, catalogue, missing, visible(str(path)))


async def survey(desk: Desk, path: Path) -> Survey:
    """The whole comparison of a file with the workspace; nothing is written. Raises what `apply` raises, but LimitRefused."""
    items = await plan(desk, path)
    named = {item.old.id for item in items if item.old is not None}
    absent = [
        Planned(sync=sync, old=sync, changes=(), warnings=(), new_list="", initiate=False, **_since(desk, sync))
        for sync in desk.workspace.syncs.all()
        if sync.id not in named
    ]
    initiated = sum(item.old is None and item.initiate for item in items)
    return Survey(items=tuple(items), absent=tuple(absent), quota=limits.quota(desk), initiated=initiated)


def _since(desk: Desk, sync: Sync) -> dict[str, Any]:
    """What a file gave the sync last, and what was changed in the workspace since."""
    applied = desk.workspace.applied.get(sync.id)
    return {"applied": applied, "drift": () if applied is None else changes(applied.definition, sync)}


async def apply(desk: Desk, path: Path, seen: Sequence[Planned] | None = None, *, remember: bool = True) -> list[Planned]:
    """Initiate new syncs and edit existing ones, all or nothing; starts no run. Gives what it has changed.

    `remember`: what the file gave them is kept, so that later changes are told as such.

    Raises DefinitionError naming file, sync and key of a mistake, UsageError where an edit is not allowed, or where it would
    come to something else than what was `seen`.
    """
    definitions = read(path)
    catalogue, missing = await _catalogue(desk, definitions)
    hub = desk.connect.hub(Quiet(desk.clock, desk.tell))
    with desk.workspace.db.batch():
        # Judged within the commit: since the connection was asked, others may have changed, made or deleted what it names.
        planned = _planned(desk, definitions, catalogue, missing, visible(str(path)))
        if seen is not None and _effects(planned) != _effects(seen):
            raise UsageError(f"{visible(path.name)} or the workspace was changed meanwhile.", "Look at the difference again.")
        for name in missing:
            key = (await hub.create_list(name)).key
            catalogue = msgspec.structs.replace(catalogue, lists={**catalogue.lists, as_read(name): key, name: key})
        if missing:
            planned = _planned(desk, definitions, catalogue, missing, visible(str(path)))
        written = [_write(desk, item) for item in planned]
        for item in written if remember else ():
            desk.workspace.applied.put(
                Applied(
                    sync=item.sync.id, definition=item.sync, file=str(path), at=desk.clock.now(), who=user(),
                )
            )  # fmt: skip
    return written


def _effects(planned: Iterable[Planned]) -> list[tuple[str, bool, tuple[Change, ...]]]:
    """What applying changes, as far as it is shown."""
    return [(item.sync.name, item.old is None, item.changes) for item in planned]


def write_export(desk: Desk, path: Path) -> int:
    """Write all syncs as a definition file that did not exist before; gives their number. Raises UsageError, and leaves none."""
    text = export(desk)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        if not isinstance(error, FileExistsError):
            with suppress(OSError):  # where none could be begun
                path.unlink()
        raise UsageError(f"{visible(str(path))} cannot be written: {error.strerror}.", "Name another file.") from error
    return len(desk.workspace.syncs.all())


def export(desk: Desk) -> str:
    """All syncs as a definition file."""
    return render(desk.workspace.syncs.all(), desk.workspace.zone.key)


def _write(desk: Desk, item: Planned) -> Planned:
    """Give the item with the sync as it was stored. Raises LimitRefused."""
    if item.old is None:
        sync = msgspec.structs.replace(item.sync, id=new_id(desk))
        desk.workspace.syncs.put(sync)
        desk.log(f"created {item.sync.name}")
        if item.initiate:
            sync = initiate(desk, sync)
        return msgspec.structs.replace(item, sync=sync)
    if item.changes:
        sync = taken_up(item.old, item.sync, desk.clock.now())
        limits.take_place(desk, item.old, sync)
        desk.log(f"changed {item.sync.name}: {edit_words(item.old, sync, desk.workspace.zone)}")
        sync = mended_by_edit(desk, sync)
        return msgspec.structs.replace(item, sync=sync)
    return item


async def _catalogue(desk: Desk, definitions: Iterable[Definition]) -> tuple[Catalogue, list[str]]:
    """What the definitions are resolved against, and the lists that `apply` creates (on the embedded hub only)."""
    monitor = Quiet(desk.clock, desk.tell)
    recruit, hub = desk.connect.recruit(monitor), desk.connect.hub(monitor)
    definitions = list(definitions)
    modules = await recruit.modules()
    wanted = {d.module.strip().casefold() for d in definitions}
    fields: dict[str, tuple[Field, ...]] = {}
    views: dict[str, tuple[View, ...]] = {}
    for module in modules:
        if module.available and wanted & {module.name.casefold(), module.label.casefold()}:
            fields[module.name] = await recruit.fields(module.name)
            if any(d.view for d in definitions):
                views[module.name] = await recruit.views(module.name)
    rows = (row for definition in definitions for row in definition.conditions or ())
    fields |= await fields_by_module(recruit, modules_of(rows))
    known = await hub.lists()
    # Of names that read alike the file's means the exact one first.
    lists = {as_read(each.name): each.key for each in reversed(known)}
    lists |= {each.name.strip(): each.key for each in reversed(known)} | {each.name: each.key for each in reversed(known)}
    missing = _missing(desk, definitions, lists) if hub.transactional else []
    lists.update((spelt, f"new:{name}") for name in missing for spelt in (as_read(name), name))
    catalogue = Catalogue(
        modules=modules, fields=fields, views=views, lists=lists, hub_fields=await hub.fields(),
        default_zone=desk.workspace.zone.key,
    )  # fmt: skip
    return catalogue, missing


def _missing(desk: Desk, definitions: Iterable[Definition], lists: Mapping[str, str]) -> list[str]:
    """The names of lists that are not there, and that no sync of the file is bound to under another name."""
    keys = set(lists.values())
    known = (sync for sync in desk.workspace.syncs.all() if sync.list_key in keys or sync.state is not SyncState.DRAFT)
    bound = {(as_read(sync.name), as_read(sync.list_name)) for sync in known}
    wanted = (d.list_name.strip() for d in definitions if (as_read(d.name), as_read(d.list_name)) not in bound)
    named = {as_read(name): name for name in wanted if name and name not in lists and as_read(name) not in lists}
    return list(named.values())


def _planned(
    desk: Desk, definitions: Iterable[Definition], catalogue: Catalogue, missing: list[str], file: str
) -> list[Planned]:
    return [_plan_one(desk, definition, catalogue, missing, file) for definition in definitions]


def _plan_one(desk: Desk, definition: Definition, catalogue: Catalogue, missing: list[str], file: str) -> Planned:
    old = desk.workspace.syncs.named(definition.name)
    sync_id, created = ("", desk.clock.now()) if old is None else (old.id, old.created)
    try:
        resolved = resolve(definition, catalogue, sync_id=sync_id, created=created, file=file, old=old)
    except DefinitionError as wrong:
        if old is None or not _says_what_is_there(definition, old):
            raise
        return _left_alone(desk, old, wrong)
    new_list = resolved.sync.list_name if resolved.sync.list_name in missing else ""
    made = (("name", definition.name if old is None else ""), ("list", new_list))
    for key, why in ((key, unfit_name(name)) for key, name in made):
        if why:
            raise DefinitionError(why, file=file, sync=visible(definition.name), key=key)
    sync = resolved.sync if old is None else _edited(old, resolved.sync, file)
    changed = () if old is None else tuple(changes(old, sync))
    return Planned(
        sync=sync, old=old, changes=changed, warnings=tuple(resolved.warnings), new_list=new_list,
        initiate=definition.initiate, **({} if old is None else _since(desk, old)),
    )  # fmt: skip


def _says_what_is_there(definition: Definition, old: Sync) -> bool:
    """Whether the definition is that of the sync as it stands, as `export` writes it."""
    [stored] = parse(render([old], ""), "")
    return msgspec.structs.replace(stored, name=definition.name, initiate=definition.initiate) == definition


def _left_alone(desk: Desk, old: Sync, wrong: DefinitionError) -> Planned:
    """A sync that the file does not change: what has gone at Zoho meanwhile breaks the sync and not the file, and is told."""
    why, mend = full_stop(wrong.problem), command_line("repair", old.name)
    warning = f"unchanged, but it cannot run like this: {wrong.key}: {why} Mend it: {mend}"
    return Planned(
        sync=old, old=old, changes=(), warnings=(warning,), new_list="", initiate=False, **_since(desk, old)
    )  # fmt: skip


def _edited(old: Sync, new: Sync, file: str) -> Sync:
    """The sync `old` with the definition of `new`, under its own name, which may be composed otherwise. Raises DefinitionError
    for what an initiated sync refuses to change."""
    if old.state is not SyncState.DRAFT:
        for change in frozen_changes(old, new):
            raise DefinitionError(
                refusal(change), file=file, sync=old.name, key=change.key,
                hint=f"Duplicate it instead: {command_line('duplicate', old.name, 'NEW')}",
            )  # fmt: skip
    state = state_after_edit(old, new)
    return msgspec.structs.replace(
        new, name=old.name, state=state, reason=old.reason, trouble=old.trouble, initiated=old.initiated, deleted=old.deleted
    )
