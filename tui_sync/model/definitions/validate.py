"""Everything wrong with a sync's definition at once, in the order of the wizard: what the wizard and the editors show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tui_sync.model.criteria import pattern
from tui_sync.model.definitions.checks import (
    Flaw,
    condition_check,
    module_flaw,
    opt_out_flaw,
    quoted,
    row_count_flaw,
    schedule_flaws,
)
from tui_sync.model.labels import labels_of
from tui_sync.model.mapping import HubField, check_mapping
from tui_sync.model.records import Field, Module
from tui_sync.model.related import module_of
from tui_sync.model.sync import LONGEST_NAME, Frequency, Schedule, Selection, SelectionKind, Sync
from tui_sync.model.text import visible


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong: the key of the definition (`conditions[2]`, `mapping.City`), and a sentence for people.

    `part` tells of a criteria row which of its cells is meant: `field`, `operator` or `value`.
    """

    key: str
    sentence: str
    part: str = ""


def problems(
    sync: Sync, *, module: Module | None, fields: Sequence[Field], hub_fields: Sequence[HubField]
) -> list[Problem]:
    """Every mistake of the definition: module, selection, name, list, policies, schedule, mapping.

    `module` is the sync's as the connection reports it (None: it reports none), `fields` are the module's, those of a
    related one under names such as `Clients.Industry`. What the selection's kind or the frequency does not use is not
    looked at. Whether the name is free and the list still there is not known here.
    """
    sync = tidied(sync)
    found = list(_of_module(sync, module))
    known = None if found else module
    found += _of_selection(sync.selection, known, fields, sync.labels)
    if not sync.name:
        found.append(Problem("name", "A sync needs a name that is not empty."))
    elif len(sync.name) > LONGEST_NAME:
        found.append(Problem("name", f"The name has {len(sync.name)} characters; at most {LONGEST_NAME} are kept."))
    if not sync.list_key:
        found.append(Problem("list", "No list is chosen. Choose one, or create one."))
    opt_out = None if known is None else opt_out_flaw(sync.policies.on_opt_out, known)
    if opt_out is not None:
        found.append(_told(opt_out))
    found += _of_schedule(sync.schedule)
    if known is not None:
        found += _of_mapping(sync, fields, hub_fields)
    return found


def tidied(sync: Sync) -> Sync:
    """The sync without what its selection's kind and its frequency do not use, its name trimmed."""
    replace, chosen, schedule = msgspec.structs.replace, sync.selection, sync.schedule
    if chosen.kind is not SelectionKind.VIEW:
        chosen = replace(chosen, view_id="", view_name="")
    if chosen.kind is not SelectionKind.CRITERIA:
        chosen = replace(chosen, conditions=(), pattern="")
    if schedule.frequency is not Frequency.WEEKLY:
        schedule = replace(schedule, on="")
    if schedule.frequency is not Frequency.MONTHLY:
        schedule = replace(schedule, day=0)
    return replace(sync, name=sync.name.strip(), selection=chosen, schedule=schedule)


def _told(flaw: Flaw, key: str = "", part: str = "") -> Problem:
    """A flaw as a sentence: it begins with a capital letter, and the way out follows."""
    sentence = visible(flaw.problem[:1].upper() + flaw.problem[1:])
    ended = sentence if sentence.endswith((".", "?")) else f"{sentence}."
    return Problem(key or flaw.key, f"{ended} {visible(flaw.hint)}".rstrip(), part)


def _of_module(sync: Sync, module: Module | None) -> Iterator[Problem]:
    if not sync.module:
        yield Problem("module", "No module is chosen. Choose one.")
    elif module is None or module.name != sync.module:
        yield Problem("module", f'The connection has no module "{visible(sync.module_shown)}". Choose another.')
    elif (flaw := module_flaw(module)) is not None:
        yield _told(flaw)


def _of_selection(
    chosen: Selection, module: Module | None, fields: Sequence[Field], labels: Mapping[str, str]
) -> Iterator[Problem]:
    if chosen.kind is SelectionKind.VIEW and not chosen.view_id:
        yield Problem("view", "No view is chosen. Choose one, or take all records.")
    if chosen.kind is not SelectionKind.CRITERIA:
        return
    rows = len(chosen.conditions)
    if not rows:
        yield Problem("conditions", "Criteria need at least one row. Add one, or take all records.")
        return
    too_many = row_count_flaw(rows)
    if too_many is not None:
        yield Problem("conditions", f"The criteria {too_many.problem}.")
    if module is not None:
        yield from _of_rows(chosen, module, fields, labels)
    try:
        pattern.parse(chosen.pattern, rows)
    except pattern.PatternError as error:
        yield _told(Flaw("pattern", error.sentence, error.hint))


def _of_rows(
    chosen: Selection, module: Module, fields: Sequence[Field], labels: Mapping[str, str]
) -> Iterator[Problem]:
    known = {field.name for field in fields}
    by_module: dict[str, list[Field]] = {}
    for field in fields:
        related, dot, inner = field.name.rpartition(".")
        plain = msgspec.structs.replace(field, name=inner) if dot else field
        by_module.setdefault(related or module.name, []).append(plain)
    for number, condition in enumerate(chosen.conditions, start=1):
        key = f"conditions[{number}]"
        there = (module_of(condition.field) or module.name) in by_module
        if there and condition.field in labels and condition.field not in known:  # it was there once: nobody has mistyped it
            yield _told(Flaw(key, f"{module.label} has no field {quoted(labels[condition.field])}"), part="field")
            continue
        checked = condition_check(condition, key, module, by_module)
        if isinstance(checked, Flaw):
            yield _told(checked, key, checked.key.rpartition(".")[2])


def _of_schedule(schedule: Schedule) -> Iterator[Problem]:
    flaws = schedule_flaws(
        schedule.frequency, on=schedule.on or None, day=schedule.day or None, at=schedule.at or None,
        timezone=schedule.timezone or None,
    )  # fmt: skip
    yield from map(_told, flaws)


def _of_mapping(sync: Sync, fields: Sequence[Field], hub_fields: Sequence[HubField]) -> Iterator[Problem]:
    own = [field for field in fields if "." not in field.name]
    for mistake in check_mapping(sync.mapping, own, hub_fields, {**sync.labels, **labels_of(own)}):
        yield _told(Flaw(f"mapping.{mistake.target}", mistake.sentence))
