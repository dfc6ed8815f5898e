"""What people call the fields of Recruit: syncs carry the labels of those that they name, so that every place that shows one can
say them without asking anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from tui_sync.model.records import Field
from tui_sync.model.sync import Sync


def labels_of(fields: Iterable[Field]) -> dict[str, str]:
    """API name -> what people call the field; with the API name where another field is called the same."""
    fields = [field for field in fields if field.label.strip()]
    count = Counter(field.label.strip().casefold() for field in fields)
    return {
        field.name: field.label if count[field.label.strip().casefold()] == 1 else f"{field.label} ({field.name})"
        for field in fields
    }


def labelled(sync: Sync, fields: Iterable[Field]) -> Sync:
    """The sync with what people call the fields that it names. One that is not among `fields` keeps the label that it had."""
    return with_labels(sync, labels_of(fields))


def with_labels(sync: Sync, labels: Mapping[str, str]) -> Sync:
    """The sync with those of its own and these labels that belong to fields that it names; these are newer."""
    known = {**sync.labels, **labels}
    names = [*(condition.field for condition in sync.selection.conditions), *(row.source for row in sync.mapping)]
    return msgspec.structs.replace(sync, labels={name: known[name] for name in names if name in known})
