"""A definition tied to what the connection holds: names become modules, fields, views and lists, or exact mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from tui_sync.model.criteria import operators, pattern
from tui_sync.model.definitions.checks import (
    Flaw,
    condition_check,
    module_flaw,
    nearest,
    opt_out_flaw,
    quoted,
    zone_of,
)
from tui_sync.model.definitions.read import Blank, Definition, Place, Source
from tui_sync.model.definitions.write import default_pattern
from tui_sync.model.labels import labelled
from tui_sync.model.mapping import LEAD_EMAIL, HubField, check_mapping, default_rows, same_name
from tui_sync.model.records import Field, Module, View
from tui_sync.model.related import modules_of, prefixed
from tui_sync.model.sync import (
    Condition,
    MappingRow,
    Policies,
    Schedule,
    Selection,
    SelectionKind,
    Sync,
    SyncState,
)
from tui_sync.model.text import alike, as_read, command_line


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """What the connection holds, as far as definitions name it.

    `fields` and `views` by module name (also of the related modules, where criteria may use them), `lists` the key of
    each list by its name, also by the name as it reads, `default_zone` the organisation's time zone.
    """

    modules: tuple[Module, ...]
    fields: Mapping[str, tuple[Field, ...]]
    views: Mapping[str, tuple[View, ...]] = {}
    lists: Mapping[str, str] = {}
    hub_fields: tuple[HubField, ...] = ()
    default_zone: str = "UTC"


class Resolved(msgspec.Struct, frozen=True):
    """The sync a definition stands for, as a draft, and what is odd about it without being wrong."""

    sync: Sync
    warnings: tuple[str, ...] = ()


def resolve(
    definition: Definition, catalogue: Catalogue, *, sync_id: str, created: datetime, file: str = "", old: Sync | None = None
) -> Resolved:
    """The sync a definition stands for, in state draft: whether to initiate it is the caller's decision.

    Names that the sync has already (`old`) mean the view and the list that it is bound to, also where they are called
    otherwise by now, or another has the same name.
    Raises DefinitionError for the first thing that does not fit the catalogue. A list must exist beforehand.
    """
    here = Place(file, definition.name)
    module = _module(definition.module, catalogue, here)
    fields = catalogue.fields.get(module.name, ())
    opt_out = opt_out_flaw(definition.on_opt_out, module)
    if opt_out is not None:
        raise here.flawed(opt_out)
    selection, warnings = _selection(definition, module, catalogue, here, old)
    list_key, list_name = _list(definition.list_name, catalogue, here, old)
    sync = Sync(
        id=sync_id,
        name=definition.name,
        module=module.name,
        module_label=module.label,
        list_key=list_key,
        list_name=list_name,
        selection=selection,
        policies=Policies(definition.on_opt_out, definition.on_delete, definition.on_convert),
        schedule=_schedule(definition, catalogue, here),
        mapping=_mapping(definition, module, fields, catalogue.hub_fields, here),
        state=SyncState.DRAFT,
        created=created,
    )
    related = (f for name in modules_of(selection.conditions) for f in prefixed(name, catalogue.fields.get(name, ())))
    return Resolved(labelled(sync, (*fields, *related)), warnings)


def _module(name: str, catalogue: Catalogue, here: Place) -> Module:
    """By API name, else by label; the case of either may differ."""
    wanted = name.casefold()
    by_name = {module.label.casefold(): module for module in reversed(catalogue.modules)}
    by_name |= {module.name.casefold(): module for module in catalogue.modules}
    module = by_name.get(wanted)
    if module is None:
        known = [module.name for module in catalogue.modules]
        hint = nearest(name, known) or f"Modules: {', '.join(known)}."
        raise here.mistake("module", f"there is no module {quoted(name)}", hint)
    flaw = module_flaw(module)
    if flaw is not None:
        raise here.mistake(flaw.key, flaw.problem, f"The modules that can be synced: {command_line('modules')}")
    return module


def _list(name: str, catalogue: Catalogue, here: Place, old: Sync | None) -> tuple[str, str]:
    """Key and name of the list."""
    if old is not None and alike(old.list_name, name) and (_is_fixed(old) or old.list_key in catalogue.lists.values()):
        return old.list_key, old.list_name
    key = catalogue.lists.get(name) or catalogue.lists.get(as_read(name))
    if key is None:
        hint = f"Create it with: {command_line('create-list', name)}"
        guess = nearest(name, catalogue.lists)
        raise here.mistake("list", f"there is no list {quoted(name)}", f"{guess} {hint}".strip())
    return key, name


def _is_fixed(old: Sync) -> bool:
    """Whether view and list stay as they are, even where they are gone: the sync is to be repaired, its file is right."""
    return old.state is not SyncState.DRAFT


def _selection(
    definition: Definition, module: Module, catalogue: Catalogue, here: Place, old: Sync | None
) -> tuple[Selection, tuple[str, ...]]:
    match definition.select:
        case SelectionKind.ALL:
            return Selection(), ()
        case SelectionKind.VIEW:
            view = _view(definition.view or "", module, catalogue, here, old)
            return Selection(kind=SelectionKind.VIEW, view_id=view.id, view_name=view.name), ()
        case SelectionKind.CRITERIA:
            return _criteria(definition, module, catalogue, here)


def _view(name: str, module: Module, catalogue: Catalogue, here: Place, old: Sync | None) -> View:
    views = catalogue.views.get(module.name, ())
    if old is not None and old.module == module.name and old.selection.view_name.strip() == name:
        chosen = old.selection
        if _is_fixed(old) or any(view.id == chosen.view_id for view in views):
            return View(id=chosen.view_id, name=chosen.view_name)
    found = [view for view in views if view.name.strip() == name]
    if not found:
        hint = nearest(name, (view.name for view in views)) or f"See: {command_line('views', module.name)}"
        raise here.mistake("view", f"{module.name} has no custom view {quoted(name)}", hint)
    if len(found) > 1:
        problem = f"{module.name} has {len(found)} custom views named {quoted(name)}"
        raise here.mistake("view", problem, "Rename one of them in Recruit.")
    return found[0]


def _criteria(
    definition: Definition, module: Module, catalogue: Catalogue, here: Place
) -> tuple[Selection, tuple[str, ...]]:
    conditions = definition.conditions or ()
    warnings: list[str] = []
    for number, condition in enumerate(conditions, start=1):
        warning = _check_condition(condition, f"conditions[{number}]", module, catalogue, here)
        if warning is not None:
            warnings.append(f"row {number}: {warning}")
    try:
        node = (
            default_pattern(len(conditions))
            if definition.pattern is None
            else pattern.parse(definition.pattern, len(conditions))
        )
    except pattern.PatternError as error:
        raise here.mistake("pattern", f"position {error.position}: {error.problem}", error.hint) from error
    selection = Selection(kind=SelectionKind.CRITERIA, conditions=conditions, pattern=pattern.normal(node))
    return selection, tuple(warnings)


def _check_condition(
    condition: Condition, key: str, module: Module, catalogue: Catalogue, here: Place
) -> str | None:
    """The warning about a row, if any; DefinitionError for a mistake in it."""
    checked = condition_check(condition, key, module, catalogue.fields)
    if isinstance(checked, Flaw):
        known = [field.name for field in catalogue.fields.get(module.name, ())]
        own = "." not in condition.field and condition.field not in known
        raise here.mistake(checked.key, checked.problem, _way_out(module, checked.hint) if own else checked.hint)
    return operators.warn(condition, checked)


def _way_out(module: Module, guess: str) -> str:
    """The way out of a row whose field is not there, or not any more."""
    return f"{guess} Take the row out, or name a field that is there: {command_line('fields', module.name)}".strip()


def _schedule(definition: Definition, catalogue: Catalogue, here: Place) -> Schedule:
    return Schedule(
        frequency=definition.frequency,
        on=definition.on or "",
        day=definition.day or 0,
        at=definition.at or "",
        timezone=definition.timezone or "",
        after=_after(definition, catalogue, here),
    )


def _after(definition: Definition, catalogue: Catalogue, here: Place) -> datetime | None:
    """The floor in UTC; without offset it is in the sync's zone."""
    after = definition.after
    if after is None:
        return None
    if after.tzinfo is None:
        after = after.replace(tzinfo=zone_of(definition.timezone or catalogue.default_zone) or UTC)
    try:
        return after.astimezone(UTC)
    except OverflowError as error:
        raise here.mistake("after", "lies outside the years 1 to 9999 in UTC") from error


def _mapping(
    definition: Definition, module: Module, fields: Sequence[Field], hub_fields: Sequence[HubField], here: Place
) -> tuple[MappingRow, ...]:
    if definition.mapping is None:
        rows = default_rows(fields, module.email)
    else:
        rows = tuple(_row(target, source, hub_fields) for target, source in definition.mapping.items())
    mistakes = check_mapping(rows, fields, hub_fields)
    if mistakes:
        first = mistakes[0]
        source = next((row.source for row in rows if row.target == first.target), "")
        known = [field.name for field in fields]
        hint = "" if source in known or not source else _way_out(module, nearest(source, known))
        if not any(same_name(first.target, hub_field.name) for hub_field in hub_fields):
            hint = hint or nearest(first.target, (hub_field.name for hub_field in hub_fields))
        raise here.mistake(f'mapping."{first.target}"', first.sentence, hint)
    return rows


def _row(target: str, source: str | Source, hub_fields: Sequence[HubField]) -> MappingRow:
    """The row with the target as the hub spells it: the file may differ in case."""
    spelled = next((f.name for f in hub_fields if same_name(f.name, target)), target.strip())
    name = LEAD_EMAIL if same_name(target, LEAD_EMAIL) else spelled
    if isinstance(source, str):
        return MappingRow(target=name, source=source.strip())
    return MappingRow(target=name, source=source.field.strip(), overwrite_blank=source.blank is Blank.OVERWRITE)
