"""Fields of Recruit as people know them."""

from __future__ import annotations

from tui_sync.model.records import FieldType

_WORDS: dict[FieldType, str] = {
    FieldType.TEXTAREA: "long text",
    FieldType.EMAIL: "e-mail",
    FieldType.PICKLIST: "pick list",
    FieldType.MULTISELECT: "multi-select",
    FieldType.INTEGER: "number",
    FieldType.DECIMAL: "decimal number",
    FieldType.DATETIME: "date and time",
    FieldType.BOOLEAN: "check box",
    FieldType.AUTONUMBER: "auto-number",
    FieldType.OWNER: "user",
    FieldType.IMAGE: "image",
    FieldType.FILE: "file",
}


def type_word(kind: FieldType) -> str:
    """The type of a field in a word or two."""
    return _WORDS.get(kind, kind.value)
