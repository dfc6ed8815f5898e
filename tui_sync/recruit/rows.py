"""Records out of JSON: the path that every record of a fetch takes.

For each set of columns msgspec builds a struct of exactly the fields asked for; its attributes are numbered, so that no
field name of an account can clash with anything. A record's values are taken from it in one step.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol, cast

import msgspec

from tui_sync.model.criteria.values import is_selected
from tui_sync.model.errors import UsageError
from tui_sync.model.records import LOOKUP_ID, Columns, Record, Scalar, Value
from tui_sync.model.text import visible

OPT_OUT = "Email_Opt_Out"
CONVERTED = "$converted"

OLD_NAMES: Mapping[str, tuple[str, ...]] = {
    "Posting_Title": ("Job_Opening_Name", "Potential_Name"),
    "Job_Opening_Name": ("Posting_Title", "Potential_Name"),
    "Client_Name": ("Account_Name",),
    "Skill_Set": ("Skillset",),
}
"""Fields that the associate call still gives under names of CRM, by today's name."""

_API_NAME = re.compile(r"\$?[A-Za-z0-9_]+(?:\.id)?")
_PLAIN = frozenset({str, int, float, bool, type(None)})


class Info(msgspec.Struct):
    """What a listing says of its own paging."""

    more_records: bool = False


class _RowPage(Protocol):
    """The shape of the pages that `_page_decoder` decodes."""

    data: list[object]
    info: Info | None


class RowReader:
    """Reads pages of records with certain columns. `names` are the fields to ask for, `id` not among them.

    A column such as `Client_Name.id` holds the id of what a lookup points to.
    """

    def __init__(self, columns: Columns, stamp: str, *, old_names: bool = False) -> None:
        wrong = next((name for name in columns.names if not _API_NAME.fullmatch(name)), None)
        if wrong is not None:
            raise UsageError(f'Recruit can have no field "{visible(wrong, 80)}".', "See: tui-sync fields MODULE")
        sources = [name.removesuffix(LOOKUP_ID) for name in columns.names]
        self.names = tuple(name for name in dict.fromkeys((stamp, OPT_OUT, CONVERTED, *sources)) if name != "id")
        others = {name: OLD_NAMES[name] for name in columns.names if old_names and name in OLD_NAMES}
        attributes = _attributes((*self.names, *(old for olds in others.values() for old in olds)))
        self._decoder = _page_decoder(attributes)
        self._row = operator.attrgetter(attributes["id"], *(attributes[name] for name in (stamp, OPT_OUT, CONVERTED)))
        self._values = _taker([attributes[name] for name in sources])
        self._settled = _settler(columns)
        self._others = [
            (columns.index(name), operator.attrgetter(*(attributes[old] for old in (name, *olds))))
            for name, olds in others.items()
        ]

    def page(self, body: bytes) -> tuple[list[Record], bool | None]:
        """The records of a page, and whether more follow (None: it does not say). Raises msgspec's errors."""
        page = self._decoder.decode(body)
        row, values, plain, settle = self._row, self._values, _PLAIN, self._settled
        records = []
        for found in page.data:
            ident, stamp, opted_out, converted = row(found)
            taken = values(found)
            if not plain.issuperset(map(type, taken)):
                taken = settle(taken)
            if self._others:
                taken = self._completed(found, taken)
            records.append(
                Record(
                    ident if type(ident) is str else str(ident),
                    stamp if type(stamp) is str else "",
                    opted_out is True or (type(opted_out) is str and is_selected(opted_out)),
                    converted is True or (type(converted) is str and is_selected(converted)),
                    taken,
                )
            )
        return records, None if page.info is None else page.info.more_records

    def _completed(self, found: object, taken: tuple[Value, ...]) -> tuple[Value, ...]:
        """The values with those under their old names in the places that are empty."""
        values = list(taken)
        for place, get in self._others:
            values[place] = next((settled(value) for value in get(found) if value is not None), None)
        return tuple(values)


@lru_cache(maxsize=64)
def row_reader(columns: Columns, stamp: str, *, old_names: bool = False) -> RowReader:
    """The reader for these columns, made once. Raises UsageError for a name that no field can have."""
    return RowReader(columns, stamp, old_names=old_names)


def settled(value: object) -> Value:
    """A JSON value as a record holds it: a lookup's name, a tuple of texts; of any other shape its JSON text."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, dict) and "name" in value:
        name = value["name"]
        return name if name is None or isinstance(name, str) else _text(name)
    if isinstance(value, list):
        return tuple(_item(item) for item in value)
    return _text(value)


def lookup_id(value: object) -> Value:
    """The id of what a lookup points to; one that came as a plain value is taken as it is."""
    if isinstance(value, dict):
        found = value.get("id")
        return None if found is None else str(found)
    return settled(value)


def _settler(columns: Columns) -> Callable[[tuple[Any, ...]], tuple[Value, ...]]:
    """Turns the JSON values of a row into those of a record."""
    if not any(name.endswith(LOOKUP_ID) for name in columns.names):
        return lambda taken: tuple(map(settled, taken))
    readers = [lookup_id if name.endswith(LOOKUP_ID) else settled for name in columns.names]
    return lambda taken: tuple(read(value) for read, value in zip(readers, taken, strict=True))


def _item(item: object) -> Scalar:
    value = settled(item)
    return value if isinstance(value, str) else _text(item)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _attributes(names: tuple[str, ...]) -> dict[str, str]:
    """A numbered attribute for `id` and each distinct field."""
    return {name: f"f{number}" for number, name in enumerate(dict.fromkeys(("id", *names)))}


def _page_decoder(attributes: Mapping[str, str]) -> msgspec.json.Decoder[_RowPage]:
    """Decodes a page whose rows have these fields; a missing field is None, a missing id is an error."""
    fields: list[Any] = [
        (attribute, str | int) if name == "id" else (attribute, Any, None) for name, attribute in attributes.items()
    ]
    renamed = {attribute: name for name, attribute in attributes.items()}
    row = msgspec.defstruct("Row", fields, rename=renamed, gc=False)
    page = msgspec.defstruct("RowPage", [("data", list[row]), ("info", Info | None, None)])  # type: ignore[valid-type]
    return cast("msgspec.json.Decoder[_RowPage]", msgspec.json.Decoder(page))


def _taker(attributes: list[str]) -> Callable[[object], tuple[Any, ...]]:
    """Takes the attributes of a row as a tuple; attrgetter gives one only for two attributes or more."""
    if len(attributes) > 1:
        return operator.attrgetter(*attributes)
    return lambda row: tuple(getattr(row, attribute) for attribute in attributes)
