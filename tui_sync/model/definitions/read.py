"""The definition file as it is written: TOML text to `Definition`s, every mistake with file, sync and key.

What is wrong in itself is told here; what does not fit the connection (modules, fields, lists) is told by `resolve`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from math import isfinite

import msgspec

from tui_sync.model.definitions.checks import ECHO, Flaw, nearest, quoted, row_count_flaw, schedule_flaws
from tui_sync.model.errors import DefinitionError
from tui_sync.model.sync import LONGEST_NAME, WEEKDAYS, Condition, Frequency, Removal, SelectionKind
from tui_sync.model.text import as_read, visible

WIDEST = 2**63
"""Integers lie below this and not below its negative: TOML promises 64 bits, and the store keeps them."""


class Blank(StrEnum):
    """What a blank source value does to a filled hub field."""

    KEEP = "keep"
    OVERWRITE = "overwrite"


class Source(msgspec.Struct, frozen=True):
    """The long form of a mapping value: the Recruit field, and what its blanks do."""

    field: str
    blank: Blank = Blank.KEEP


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """One `[[sync]]` of a file, key by key; None stands for a key that is absent and has no default of its own."""

    name: str
    module: str
    list_name: str = msgspec.field(name="list")
    select: SelectionKind = SelectionKind.ALL
    view: str | None = None
    conditions: tuple[Condition, ...] | None = None
    pattern: str | None = None
    on_opt_out: Removal = Removal.KEEP
    on_delete: Removal | None = None
    on_convert: Removal = Removal.KEEP
    frequency: Frequency = Frequency.ONCE
    on: str | None = None
    day: int | None = None
    at: str | None = None
    timezone: str | None = None
    after: datetime | None = None
    """Naive where the file gives no offset: then it is in the sync's zone."""
    initiate: bool = True
    mapping: dict[str, str | Source] | None = None


class Place(msgspec.Struct, frozen=True):
    """Where in a file a mistake is."""

    file: str = ""
    sync: str = ""

    def mistake(self, key: str, problem: str, hint: str = "") -> DefinitionError:
        """The error for `key` of this sync, harmless to show."""
        file, sync, key = visible(self.file), visible(self.sync, ECHO), visible(key, ECHO)
        return DefinitionError(visible(problem), file=file, sync=sync, key=key, hint=visible(hint))

    def flawed(self, flaw: Flaw) -> DefinitionError:
        """The error for a flaw of this sync."""
        return self.mistake(flaw.key, flaw.problem, flaw.hint)


_KEYS = tuple(Definition.__struct_encode_fields__)
_CONDITION_KEYS = tuple(Condition.__struct_encode_fields__)
_SOURCE_KEYS = tuple(Source.__struct_encode_fields__)
_CHOICES: dict[str, tuple[str, ...]] = {
    "select": tuple(SelectionKind),
    "on_opt_out": tuple(Removal),
    "on_delete": tuple(Removal),
    "on_convert": tuple(Removal),
    "frequency": tuple(Frequency),
    "on": WEEKDAYS,
}


def parse(text: str, file: str) -> tuple[Definition, ...]:
    """The definitions of a file, in its order; `file` is its name for messages. Raises DefinitionError only."""
    place = Place(file)
    tables = _tables(_load(text, place), place)
    found: list[Definition] = []
    seen: set[str] = set()
    for number, table in enumerate(tables, start=1):
        name = table.get("name")
        known = isinstance(name, str) and name.strip()
        here = Place(file, name.strip()[:LONGEST_NAME] if isinstance(name, str) and known else f"number {number}")
        definition = _definition(table, here)
        if as_read(definition.name) in seen:
            raise here.mistake("name", "another sync of this file has the same name", "Rename one of them.")
        seen.add(as_read(definition.name))
        found.append(definition)
    return tuple(found)


def _load(text: str, place: Place) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise place.mistake("", f"not valid TOML: {error}") from error
    except (ValueError, RecursionError) as error:
        # tomllib lets these through for integers of thousands of digits and for brackets nested thousands deep.
        raise place.mistake("", "not valid TOML: a number is too long, or brackets are nested too deep") from error


def _tables(top: Mapping[str, object], place: Place) -> list[dict[str, object]]:
    for key in top:
        if key != "sync":
            raise place.mistake(key, "unknown key", nearest(key, ("sync",)) or "A file holds [[sync]] tables only.")
    tables = top.get("sync", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise place.mistake("", "there is no sync in it", "Begin each sync with a line [[sync]].")
    return tables


def _definition(table: dict[str, object], here: Place) -> Definition:
    _known_keys(table, _KEYS, "", here)
    raw = dict(table)
    for key in ("name", "module", "list", "view", "timezone"):
        value = raw.get(key)
        if isinstance(value, str):
            raw[key] = value.strip()
            if not raw[key]:
                raise here.mistake(key, "must not be empty")
    if isinstance(raw.get("name"), str) and len(str(raw["name"])) > LONGEST_NAME:
        raise here.mistake("name", f"must have at most {LONGEST_NAME} characters")
    for key, choices in _CHOICES.items():
        _one_of(key, raw.get(key), choices, here)
    if "conditions" in raw:
        raw["conditions"] = _conditions(raw["conditions"], here)
    if "mapping" in raw:
        _check_mapping(raw["mapping"], here)
    if "after" in raw:
        raw["after"] = _after(raw["after"], here)
    definition = _typed(raw, here)
    _check_selection(definition, here)
    _check_schedule(definition, here)
    return definition


def _known_keys(table: Mapping[str, object], known: tuple[str, ...], path: str, here: Place) -> None:
    for key in table:
        if key not in known:
            raise here.mistake(path + key, "unknown key", nearest(key, known) or f"Known keys: {', '.join(known)}.")


def _one_of(key: str, value: object, choices: tuple[str, ...], here: Place) -> None:
    if isinstance(value, str) and value not in choices:
        raise here.mistake(key, f"{quoted(value)} is none of {', '.join(choices)}", nearest(value, choices))


def _conditions(rows: object, here: Place) -> object:
    """The rows with dates as ISO strings; the rest is left to the type check."""
    if not isinstance(rows, list):
        return rows
    too_many = row_count_flaw(len(rows))
    if too_many is not None:
        raise here.flawed(too_many)
    plain: list[object] = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            path = f"conditions[{number}]."
            _known_keys(row, _CONDITION_KEYS, path, here)
            plain.append({key: _operand(value, path + key, here) for key, value in row.items()})
        else:
            plain.append(row)
    return plain


def _operand(value: object, key: str, here: Place) -> object:
    """A TOML value as conditions hold it; DefinitionError for one that no field can be compared with."""
    if isinstance(value, list):
        return [_operand(item, key, here) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, time):
        raise here.mistake(key, "a time of day alone cannot be compared with", "Give a date or a date-time.")
    if isinstance(value, float) and not isfinite(value):
        raise here.mistake(key, "must be a finite number")
    if isinstance(value, int) and not -WIDEST <= value < WIDEST:
        raise here.mistake(key, "the number has more than 64 bits")
    return value


def _check_mapping(mapping: object, here: Place) -> None:
    if not isinstance(mapping, dict):
        return
    for target, source in mapping.items():
        key = f'mapping."{target}"'
        if not isinstance(source, (str, dict)):
            raise here.mistake(key, 'must be the name of a field, or { field = "...", blank = "overwrite" }')
        if isinstance(source, dict):
            _known_keys(source, _SOURCE_KEYS, key + ".", here)
            _one_of(key + ".blank", source.get("blank"), tuple(Blank), here)
            if not isinstance(source.get("field"), str):
                raise here.mistake(key + ".field", "must be the name of a field")
            if not isinstance(source.get("blank", ""), str):
                raise here.mistake(key + ".blank", f"must be one of {', '.join(Blank)}")


def _after(value: object, here: Place) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    raise here.mistake("after", "must be a date-time or a date", "Write after = 2026-01-01T00:00:00Z, without quotes.")


_TYPE_ERROR = re.compile(r"(?P<problem>.*?)(?: - at `\$\.?(?P<path>.*)`)?", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(?P<wanted>.+)`, got `(?P<got>.+)`")
_MISSING = re.compile(r"Object missing required field `(?P<key>.+)`")
_WORDS = {
    "str": "text in quotes", "int": "a whole number", "float": "a number", "bool": "true or false", "object": "a table",
    "array": "an array", "null": "nothing", "datetime": "a date-time", "date": "a date",
}  # fmt: skip


def _typed(raw: dict[str, object], here: Place) -> Definition:
    try:
        return msgspec.convert(raw, Definition)
    except msgspec.ValidationError as error:
        match = _TYPE_ERROR.fullmatch(str(error))
        problem, path = (match["problem"], match["path"] or "") if match else (str(error), "")
        key = re.sub(r"\[(\d+)\]", lambda index: f"[{int(index[1]) + 1}]", path)
        missing = _MISSING.fullmatch(problem)
        if missing is not None:
            raise here.mistake(f"{key}.{missing['key']}".lstrip("."), "is missing") from error
        expected = _EXPECTED.fullmatch(problem)
        if expected is not None:
            problem = f"must be {_words(expected['wanted'])}, not {_words(expected['got'])}"
        raise here.mistake(key, problem) from error


def _words(types: str) -> str:
    names = [name for name in types.split(" | ") if name != "null"]
    return " or ".join(_WORDS.get(name, name) for name in names)


def _check_selection(definition: Definition, here: Place) -> None:
    select = definition.select
    if definition.view is not None and select is not SelectionKind.VIEW:
        raise here.mistake("view", 'a view needs select = "view"')
    if select is SelectionKind.VIEW and definition.view is None:
        raise here.mistake("view", 'select = "view" needs the name of a view')
    if definition.pattern is not None and not definition.conditions:
        raise here.mistake("pattern", "a pattern needs conditions")
    if definition.conditions is not None and select is not SelectionKind.CRITERIA:
        raise here.mistake("conditions", 'conditions need select = "criteria"')
    if select is SelectionKind.CRITERIA and not definition.conditions:
        raise here.mistake("conditions", 'select = "criteria" needs at least one condition')


def _check_schedule(definition: Definition, here: Place) -> None:
    flaws = schedule_flaws(
        definition.frequency, on=definition.on, day=definition.day, at=definition.at, timezone=definition.timezone
    )
    for flaw in flaws:
        raise here.flawed(flaw)
