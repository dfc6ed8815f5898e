"""What Recruit hands out: modules, their fields, and records as rows of plain values."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeAlias

import msgspec

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = Scalar | tuple[Scalar, ...]
"""One field of one record: a JSON scalar; a multi-select is a tuple of strings; a lookup arrives as its name."""


class FieldType(StrEnum):
    """The kinds of field, as Recruit's metadata names them (`data_type`), folded to what matters here."""

    TEXT = "text"
    TEXTAREA = "textarea"
    EMAIL = "email"
    PHONE = "phone"
    URL = "website"
    PICKLIST = "picklist"
    MULTISELECT = "multiselectpicklist"
    LOOKUP = "lookup"
    INTEGER = "integer"
    DECIMAL = "double"
    CURRENCY = "currency"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    AUTONUMBER = "autonumber"
    FORMULA = "formula"
    OWNER = "ownerlookup"
    LAYOUT = "layout"
    IMAGE = "profileimage"
    FILE = "fileupload"
    SUBFORM = "subform"
    OTHER = "other"

    @classmethod
    def of(cls, data_type: str) -> FieldType:
        """The kind for a `data_type` of the wire; one that is not known here is OTHER."""
        if data_type in ("bigint", "number"):
            return cls.INTEGER
        if data_type in ("userlookup", "multiuserlookup"):
            return cls.OWNER
        if data_type == "imageupload":
            return cls.IMAGE
        try:
            return cls(data_type)
        except ValueError:
            return cls.OTHER


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a module: `name` is the API name that definitions and the wire use, `label` what people see."""

    name: str
    label: str
    type: FieldType
    choices: tuple[str, ...] = ()
    custom: bool = False


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """One module of the connection. `available` is false where it cannot be synced; `reason` then says why."""

    name: str
    label: str
    custom: bool = False
    available: bool = True
    reason: str = ""
    has_opt_out: bool = True
    stamp: str = "Modified_Time"
    """The field that carries the time of the last modification (Candidates: Updated_On)."""
    email: str = "Email"
    """The module's own e-mail field, the default source of the hub's e-mail."""
    email_label: str = "Email"
    """What people call it."""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A custom view of a module, bound by `id`, shown by `name`."""

    id: str
    name: str


LOOKUP_ID = ".id"
"""What follows a lookup's name in a column that holds the id of the record it points to, not its name."""


class Columns(msgspec.Struct, frozen=True):
    """The fields a fetch asks for, in the order in which a `Record` holds their values.

    `Client_Name` is the name of what a lookup points to, `Client_Name.id` its id.
    """

    names: tuple[str, ...]

    def index(self, name: str) -> int:
        """Where `name` stands in `Record.values`; ValueError where it was not asked for."""
        return self.names.index(name)


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One record as fetched: `values` stand in the order of the fetch's `Columns`; `modified` is the wire's stamp."""

    id: str
    modified: str
    opted_out: bool
    converted: bool
    values: Sequence[Value]


class DeletedRecord(msgspec.Struct, frozen=True):
    """One row of a module's deleted list: the id, and when it was deleted (the wire's stamp)."""

    id: str
    deleted: str
