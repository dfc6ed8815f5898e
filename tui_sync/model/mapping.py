"""The mapping: which Recruit field fills which hub field, what fits, and what has to be sent.

The e-mail row names the person and is never a value to send: all that speaks of mapped values leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from tui_sync.model.records import Columns, Field, FieldType, Scalar, Value
from tui_sync.model.sync import MappingRow

LEAD_EMAIL = "Lead Email"
FIRST_NAME = "First Name"
LAST_NAME = "Last Name"

JOINT = "; "
"""Stands between the values of a multi-select that becomes one text."""


class HubField(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the hub: `name` as people and the hub's calls write it, `kind` the hub's own word for its type."""

    name: str
    kind: str = "Text"


class Suggestion(msgspec.Struct, frozen=True):
    """A row that would fit, for the user to confirm; `why` is the ground for it."""

    row: MappingRow
    why: str


class Mistake(msgspec.Struct, frozen=True):
    """What is wrong with the row of `target`."""

    target: str
    sentence: str


def same_name(first: str, second: str) -> bool:
    """Whether two hub field names mean one field: the hub itself writes both `Lead Email` and `lead Email`."""
    return first.strip().casefold() == second.strip().casefold()


def full_name(values: Mapping[str, str]) -> str:
    """First and last name among mapped values by hub field, raw; empty where neither is there."""
    return " ".join(filter(None, (values.get(FIRST_NAME), values.get(LAST_NAME))))


def value_rows(rows: Iterable[MappingRow]) -> tuple[MappingRow, ...]:
    """The rows that carry values: all but the e-mail row, in their order."""
    return tuple(row for row in rows if row.target != LEAD_EMAIL)


def default_rows(fields: Sequence[Field], email: str = "Email") -> tuple[MappingRow, ...]:
    """The rows a new sync starts with: e-mail, first and last name, as far as the module has them.

    The e-mail comes from the field `email`, or where the module lacks it (custom modules) from its first e-mail field.
    """
    names = {field.name for field in fields}
    source = email if email in names else next((f.name for f in fields if f.type is FieldType.EMAIL), "")
    pairs = ((LEAD_EMAIL, source), (FIRST_NAME, "First_Name"), (LAST_NAME, "Last_Name"))
    return tuple(MappingRow(target=target, source=name) for target, name in pairs if name in names)


_NOT_MAPPABLE = {
    FieldType.OWNER: "a user of Recruit",
    FieldType.LAYOUT: "a layout",
    FieldType.IMAGE: "an image",
    FieldType.FILE: "a file",
    FieldType.SUBFORM: "a subform",
}
_BY_USERS = ("Created_By", "Modified_By")
_TEXTS = frozenset({FieldType.TEXT, FieldType.TEXTAREA})
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.CURRENCY, FieldType.PERCENT})
_SOURCES: dict[str, frozenset[FieldType]] = {
    "integer": frozenset({FieldType.INTEGER}),
    "longinteger": frozenset({FieldType.INTEGER}),
    "decimal": _NUMBERS,
    "percent": _NUMBERS,
    "phone": _TEXTS | {FieldType.PHONE},
    "email": _TEXTS | {FieldType.EMAIL},
    "url": _TEXTS | {FieldType.URL},
    "date": frozenset({FieldType.DATE}),
    "datetime": frozenset({FieldType.DATETIME}),
    "checkbox": frozenset({FieldType.BOOLEAN}),
    "picklist": frozenset({FieldType.PICKLIST}),
    "radiooption": frozenset({FieldType.PICKLIST}),
    "multiselect": frozenset({FieldType.MULTISELECT, FieldType.PICKLIST}),
}
"""Which Recruit types a hub field takes, by its kind; a text field, and a kind not known here, takes every type."""

_TYPE_NAMES = {
    FieldType.TEXT: "text",
    FieldType.TEXTAREA: "text",
    FieldType.EMAIL: "an e-mail address",
    FieldType.PHONE: "a phone number",
    FieldType.URL: "a web address",
    FieldType.PICKLIST: "a choice",
    FieldType.MULTISELECT: "several choices",
    FieldType.LOOKUP: "the name of a related record",
    FieldType.INTEGER: "a whole number",
    FieldType.DECIMAL: "a number",
    FieldType.CURRENCY: "an amount of money",
    FieldType.PERCENT: "a percentage",
    FieldType.DATE: "a date",
    FieldType.DATETIME: "a date with a time",
    FieldType.BOOLEAN: "a check box",
    FieldType.AUTONUMBER: "a running number",
    FieldType.FORMULA: "the result of a formula",
}


def why_not_mappable(field: Field, called: str = "") -> str | None:
    """Why no mapping may use the field, with the way out; None where it may (a lookup gives its name).

    The sentence names it as `called`, without that by its API name.
    """
    what = "a user of Recruit" if field.name in _BY_USERS else _NOT_MAPPABLE.get(field.type)
    if what is None:
        return None
    return f"{called or field.name} holds {what} and cannot be mapped: make a custom field in Recruit with the value as text"


def _fits(field: Field, hub_field: HubField) -> bool:
    accepted = _SOURCES.get(hub_field.kind.replace(" ", "").casefold())
    return accepted is None or field.type in accepted


def check_row(
    row: MappingRow, field: Field | None, hub_field: HubField | None, labels: Mapping[str, str] = {}
) -> str | None:
    """What is wrong with a row whose names stand for these fields (None: there is none); None where it is right.

    The sentence calls a field of Recruit as `labels` do, one that they do not have by its API name.
    """
    called = labels.get(row.source, row.source)
    if field is None:
        return f"the module has no field {called}"
    reason = why_not_mappable(field, called)
    if reason is not None:
        return reason
    if same_name(row.target, LEAD_EMAIL):
        if field.type in _TEXTS or field.type is FieldType.EMAIL:
            return None
        return f"{called} holds {_type_name(field)}; the e-mail address must come from an e-mail or text field"
    if hub_field is None:
        return f"the hub has no field {row.target}; create it there, or choose another"
    if not _fits(field, hub_field):
        kind = f"a field of type {hub_field.kind}"
        return f"{called} holds {_type_name(field)}, which does not fit {row.target}, {kind} of the hub"
    return None


def _type_name(field: Field) -> str:
    return _TYPE_NAMES.get(field.type, "another type of value")


def check_mapping(
    rows: Sequence[MappingRow], fields: Iterable[Field], hub_fields: Iterable[HubField], labels: Mapping[str, str] = {}
) -> list[Mistake]:
    """Every mistake of a mapping, in the order of its rows, told under `labels`; an empty list where it can be used."""
    sources = {field.name: field for field in fields}
    targets = {hub_field.name.strip().casefold(): hub_field for hub_field in hub_fields}
    mistakes: list[Mistake] = []
    seen: set[str] = set()
    for row in rows:
        name = row.target.strip().casefold()
        if name in seen:
            mistakes.append(Mistake(row.target, f"{row.target} is filled twice; remove one of the rows"))
            continue
        seen.add(name)
        sentence = check_row(row, sources.get(row.source), targets.get(name), labels)
        if sentence is not None:
            mistakes.append(Mistake(row.target, sentence))
    if LEAD_EMAIL.casefold() not in seen:
        mistakes.append(Mistake(LEAD_EMAIL, f"{LEAD_EMAIL} must be mapped, from an e-mail or text field of the module"))
    return mistakes


_ALIASES = {
    "phone": ("mobile", "workphone", "contactnumber"),
    "mobile": ("phone",),
    "company": ("currentemployer", "clientname"),
    "companyname": ("currentemployer", "clientname"),
    "jobtitle": ("currentjobtitle", "designation"),
    "postalcode": ("zipcode", "mailingzip"),
    "zip": ("zipcode", "mailingzip"),
    "url": ("website",),
}
"""Other names for a hub field's name, the likeliest first; letters and digits only, in lower case."""


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _likeness(field: Field, hub_field: HubField) -> int | None:
    """How like the names are, 0 the most; None where they have nothing in common."""
    wanted = _letters(hub_field.name)
    names = (_letters(field.name), _letters(field.label))
    if not wanted:
        return None
    if wanted in names:
        return 0
    for place, alias in enumerate(_ALIASES.get(wanted, ()), start=1):
        if alias in names:
            return place
    ending = " " + hub_field.name.casefold()
    spoken = (field.name.replace("_", " ").casefold(), field.label.casefold())
    return 100 if any(name.endswith(ending) for name in spoken) else None


def suggest(
    fields: Sequence[Field], hub_fields: Iterable[HubField], rows: Sequence[MappingRow]
) -> list[Suggestion]:
    """Rows for hub fields that have none yet: the mappable field of a fitting type whose name is likest.

    Nothing is guessed beyond the name: a field that is in use already is left out, and the user confirms each row.
    """
    taken = {row.target.strip().casefold() for row in rows} | {LEAD_EMAIL.casefold()}
    used = {row.source for row in rows}
    found: list[Suggestion] = []
    for hub_field in hub_fields:
        if hub_field.name.strip().casefold() in taken:
            continue
        ranked = [
            (rank, place)
            for place, field in enumerate(fields)
            if field.name not in used
            and why_not_mappable(field) is None
            and _fits(field, hub_field)
            and (rank := _likeness(field, hub_field)) is not None
        ]
        if ranked:
            rank, place = min(ranked)
            field = fields[place]
            used.add(field.name)
            why = "the same name" if rank == 0 else "a similar name"
            row = MappingRow(target=hub_field.name, source=field.name)
            found.append(Suggestion(row, f"{why}, and {_type_name(field)} fits"))
    return found


def _scalar_text(value: Scalar) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    return str(value)


def as_text(value: Value) -> str:
    """A value as the hub gets it: trimmed text, 3.0 as 3, true or false, several choices joined, None as ""."""
    if isinstance(value, tuple):
        return JOINT.join(text for text in map(_scalar_text, value) if text)
    return _scalar_text(value)


def compile_mapping(rows: Iterable[MappingRow], columns: Columns) -> Callable[[Sequence[Value]], tuple[str, ...]]:
    """A function from a record's values to its mapped values, in the order of `value_rows(rows)`.

    Called for every record. Raises ValueError here where a source was not fetched.
    """
    places = tuple(columns.index(row.source) for row in value_rows(rows))

    def mapped(values: Sequence[Value]) -> tuple[str, ...]:
        return tuple(
            [value.strip() if isinstance(value := values[place], str) else as_text(value) for place in places]
        )

    return mapped


def differences(
    mapped: Sequence[str], delivered: Mapping[str, str] | None, rows: Sequence[MappingRow]
) -> dict[str, str]:
    """The fields to send: those whose value differs from what was delivered last (None: nothing yet).

    `rows` are the `value_rows` that `mapped` stands in the order of. A blank value is sent only where its row says that
    blanks overwrite and a value was delivered before: it may empty what this sync filled, never what others filled.
    """
    if not delivered:
        return {row.target: value for row, value in zip(rows, mapped, strict=True) if value}
    return {
        row.target: value
        for row, value in zip(rows, mapped, strict=True)
        if value != delivered.get(row.target, "") and (value or row.overwrite_blank)
    }
