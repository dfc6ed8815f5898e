"""The checks that definition files and the wizard share: each names the key, the problem, and the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from zoneinfo import ZoneInfo

import msgspec

from tui_sync.model.criteria import operators
from tui_sync.model.criteria.pattern import MAX_ROWS
from tui_sync.model.records import Field, Module
from tui_sync.model.related import RELATED
from tui_sync.model.sync import WEEKDAYS, Condition, Frequency, Removal
from tui_sync.model.text import visible

ECHO = 60
"""How many characters of a wrong text a sentence repeats."""

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


class Flaw(msgspec.Struct, frozen=True):
    """What is wrong with one key; `hint` is empty where the problem says the way out itself."""

    key: str
    problem: str
    hint: str = ""


def quoted(text: str) -> str:
    """A text of the definition, short, in quotation marks."""
    return f'"{visible(text, ECHO)}"'


def nearest(word: str, known: Iterable[str]) -> str:
    """The way out of a misspelt name: the nearest one that is known, or none."""
    close = get_close_matches(word[:ECHO], tuple(known), n=1)
    return f"Did you mean {quoted(close[0])}?" if close else ""


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name, None where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # KeyError: unknown; ValueError: no possible name; OSError: the name of a folder of zones, such as "America".
        return None


def module_flaw(module: Module) -> Flaw | None:
    """Why a module of the connection cannot be synced."""
    if module.available:
        return None
    return Flaw("module", f"{module.name} cannot be synced: {module.reason}")


def opt_out_flaw(on_opt_out: Removal, module: Module) -> Flaw | None:
    """A policy about opted-out people needs the field that tells them."""
    if on_opt_out is Removal.KEEP or module.has_opt_out:
        return None
    return Flaw(
        "on_opt_out", f"{module.name} has no field Email_Opt_Out that tells who opted out", 'Leave it at "keep".'
    )


def row_count_flaw(rows: int) -> Flaw | None:
    """More criteria rows than there may be."""
    return Flaw("conditions", f"has {rows} rows; at most {MAX_ROWS} are possible") if rows > MAX_ROWS else None


def condition_field(
    name: str, key: str, module: Module, fields: Mapping[str, Sequence[Field]]
) -> Field | Flaw:
    """The field that a criteria row names, of the module or of a related one; `fields` by module name."""
    related, dot, inner = name.rpartition(".")
    if not dot:
        return _known_field(name, module.name, fields.get(module.name, ()), key)
    possible = RELATED.get(module.name, ())
    if related not in possible:
        hint = f"Related modules: {', '.join(possible)}." if possible else "Use fields of the module itself."
        return Flaw(key, f"{module.name} has no related module {quoted(related)}", hint)
    if related not in fields:
        return Flaw(key, f"related fields of {related} are not available on this connection")
    return _known_field(inner, related, fields[related], key)


def _known_field(name: str, module: str, fields: Sequence[Field], key: str) -> Field | Flaw:
    for field in fields:
        if field.name == name:
            return field
    by_label = next((field.name for field in fields if field.label.casefold() == name.casefold()), None)
    hint = f"Did you mean {quoted(by_label)}?" if by_label else nearest(name, (field.name for field in fields))
    return Flaw(key, f"{module} has no field {quoted(name)}", hint)


def condition_check(
    condition: Condition, key: str, module: Module, fields: Mapping[str, Sequence[Field]]
) -> Field | Flaw:
    """The field of a criteria row that is right, or what is wrong with the row; the flaw's key begins with `key`."""
    field = condition_field(condition.field, f"{key}.field", module, fields)
    if isinstance(field, Flaw):
        return field
    mistake = operators.check(condition, field)
    return field if mistake is None else Flaw(f"{key}.{mistake.key}", mistake.sentence)


def schedule_flaws(
    frequency: Frequency, *, on: str | None, day: int | None, at: str | None, timezone: str | None
) -> Iterator[Flaw]:
    """Everything wrong with a schedule; None stands for a key that is absent."""
    if (on is not None) != (frequency is Frequency.WEEKLY):
        if on is None:
            yield Flaw("on", f"a weekly sync needs its week day: {', '.join(WEEKDAYS)}")
        else:
            yield Flaw("on", 'a week day needs frequency = "weekly"')
    elif on is not None and on not in WEEKDAYS:
        yield Flaw("on", f"{quoted(on)} is none of {', '.join(WEEKDAYS)}", nearest(on, WEEKDAYS))
    if (day is not None) != (frequency is Frequency.MONTHLY):
        if day is None:
            yield Flaw("day", "a monthly sync needs its day, 1 to 31")
        else:
            yield Flaw("day", 'a day of the month needs frequency = "monthly"')
    elif day is not None and not 1 <= day <= 31:
        yield Flaw("day", f"{day} is not a day of a month, 1 to 31")
    if at is not None and not _CLOCK.fullmatch(at):
        yield Flaw("at", f"{quoted(at)} is not a time of day", 'Write HH:MM, such as "09:00".')
    if timezone is not None and zone_of(timezone) is None:
        yield Flaw("timezone", f"{quoted(timezone)} is not a time zone", "Use an IANA name such as Asia/Kolkata.")
