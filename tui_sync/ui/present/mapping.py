"""The mapping as rows of a table: what fills which field of the hub, real values, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace
from rich.cells import cell_len

from tui_sync.model.labels import labels_of
from tui_sync.model.mapping import (
    LEAD_EMAIL,
    HubField,
    Suggestion,
    check_mapping,
    check_row,
    same_name,
    suggest,
)
from tui_sync.model.records import Field
from tui_sync.model.sync import MappingRow
from tui_sync.model.text import visible
from tui_sync.services.sampling import BLANK
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.fields import type_word
from tui_sync.ui.present.lines import Line, Span, Tone, beside, line, wrapped

COLUMNS = (
    Column("Hub field", 10, 24),
    Column("Recruit field", 10, 24),
    Column("Type", 5, 12, spare=2),
    Column("Blanks", 7, 7, spare=1),
    Column("As it will arrive", 17, 24, grow=True),
)
HUB_COLUMNS = (Column("Field of the hub", 10, 40, grow=True), Column("Type", 6, 20))
FIELD_COLUMNS = (Column("Recruit field", 10, 34, grow=True), Column("Type", 6, 14), Column("API name", 8, 24, spare=1))
EMAIL_STAYS = "The e-mail names the person; its row cannot go."
EMAIL_BLANK = "The e-mail names the person; one without an e-mail is ignored."
UNKNOWN = "?"


class MapRow(NamedTuple):
    """A row of the mapping with what is known of it. `values` None: no sample was read yet; `mistake` empty: it is right."""

    target: str
    source: str
    label: str
    type: str
    overwrite: bool
    values: tuple[str, ...] | None
    mistake: str

    @property
    def is_email(self) -> bool:
        """Whether it is the row that names the person."""
        return same_name(self.target, LEAD_EMAIL)


def as_sentence(text: str) -> str:
    """A reason of the model as a sentence: a full stop, and a capital letter unless it begins with what a field is called."""
    shown = text[:1].upper() + text[1:] if text.startswith("the ") else text
    return visible(shown if shown.endswith((".", "?")) else f"{shown}.")


def rows_of(
    mapping: Sequence[MappingRow],
    fields: Sequence[Field],
    hub_fields: Sequence[HubField],
    arriving: Mapping[str, tuple[str, ...]],
    labels: Mapping[str, str] = {},
) -> list[MapRow]:
    """The rows as they are shown. `arriving` has sample values by Recruit field; without `fields` nothing is judged yet, and
    what is known of their labels is in `labels`."""
    known, labels = {field.name: field for field in fields}, {**labels, **labels_of(fields)}
    wrong: dict[str, str] = {}
    for mistake in check_mapping(mapping, fields, hub_fields, labels) if fields else ():
        wrong.setdefault(mistake.target, as_sentence(mistake.sentence))
    return [
        MapRow(
            target=row.target,
            source=row.source,
            label=labels.get(row.source, row.source),
            type=type_word(known[row.source].type) if row.source in known else UNKNOWN,
            overwrite=row.overwrite_blank,
            values=arriving.get(row.source),
            mistake=wrong.get(row.target, ""),
        )
        for row in mapping
    ]


def cells(row: MapRow) -> Sequence[Cell]:
    """The fields of a row; a mistake stands where the values would."""
    word = "-" if row.is_email else "empties" if row.overwrite else "keeps"
    blanks = Span(word, Tone.WARN if row.overwrite else Tone.DIM)
    return visible(row.target), visible(row.label), Span(row.type, Tone.DIM), blanks, _arriving(row)


def _arriving(row: MapRow) -> Cell:
    if row.mistake:
        return Span(f"! {row.mistake}", Tone.WARN)
    if row.values is None:
        return Span("reading", Tone.DIM)
    if not row.values:
        return Span("no record to show", Tone.DIM)
    spans: list[Span] = []
    for value in row.values:
        spans += [Span(" | ", Tone.DIM)] if spans else []
        spans.append(Span(visible(value), Tone.DIM if value == BLANK else Tone.PLAIN))
    return tuple(spans)


def next_suggestion(
    fields: Sequence[Field], hub_fields: Sequence[HubField], mapping: Sequence[MappingRow], skipped: Collection[str]
) -> Suggestion | None:
    """The first row that would fit and was not passed over (`skipped` by hub field); None where there is none."""
    return next((one for one in suggest(fields, hub_fields, mapping) if one.row.target not in skipped), None)


def told_below(row: MapRow | None, suggestion: Suggestion | None, fields: Sequence[Field], width: int) -> Iterator[Line]:
    """What is to be said below the rows: of the row under the cursor, and the suggestion to confirm."""
    if row is not None and row.mistake:
        yield from wrapped(row.mistake, width - 4, Tone.WARN, "   ")
    elif row is not None:
        values = row.values or ()
        if cell_len(visible(" | ".join(values))) > COLUMNS[-1].most:
            yield from beside(("It will arrive as:", *values), width - 4, indent="   ")
        yield from wrapped(_blank_words(row), width - 4, Tone.DIM, "   ")
    if suggestion is not None:
        source = labels_of(fields).get(suggestion.row.source, suggestion.row.source)
        yield line("   Suggested: ", Span(suggestion.row.target, Tone.STRONG), " <- ", Span(source, Tone.STRONG))
        yield line("   ", Span("y", Tone.KEY, "accept"), Span(" accept   ", Tone.PLAIN, "accept"), Span("N", Tone.KEY, "skip"),
                   Span(" skip   ", Tone.PLAIN, "skip"), Span(suggestion.why, Tone.DIM))  # fmt: skip


def _blank_words(row: MapRow) -> str:
    if row.is_email:
        return EMAIL_BLANK
    does = "empties what this sync filled" if row.overwrite else "keeps what the hub has"
    return f"A blank in Recruit {does}. b changes it for {row.target}."


def free_targets(mapping: Sequence[MappingRow], hub_fields: Sequence[HubField]) -> list[HubField]:
    """The hub's fields that nothing fills yet."""
    return [known for known in hub_fields if not any(same_name(row.target, known.name) for row in mapping)]


def sources_for(
    target: str, fields: Sequence[Field], hub_fields: Sequence[HubField]
) -> list[tuple[Field, str]]:
    """Every Recruit field with the reason why it cannot fill `target` (empty: it can); those that can come first."""
    hub_field = next((known for known in hub_fields if same_name(known.name, target)), None)
    labels, judged = labels_of(fields), []
    for field in fields:
        why = check_row(MappingRow(target=target, source=field.name), field, hub_field, labels)
        judged.append((field, as_sentence(why) if why else ""))
    return sorted(judged, key=lambda pair: bool(pair[1]))


def likeliest(
    target: str, fields: Sequence[Field], hub_fields: Sequence[HubField], mapping: Sequence[MappingRow]
) -> str:
    """The Recruit field of a fitting type whose name is likest a field of the hub; empty where none is like it."""
    own = [known for known in hub_fields if same_name(known.name, target)]
    return next((one.row.source for one in suggest(fields, own, mapping)), "")


def with_source(mapping: Sequence[MappingRow], target: str, source: str) -> tuple[MappingRow, ...]:
    """The mapping with `target` filled from `source`: in its row, or in a new one at the end."""
    row = MappingRow(target=target, source=source)
    if not any(same_name(one.target, target) for one in mapping):
        return (*mapping, row)
    return tuple(replace(one, source=source) if same_name(one.target, target) else one for one in mapping)


def without(mapping: Sequence[MappingRow], place: int) -> tuple[MappingRow, ...]:
    """The mapping without the row at `place`."""
    return tuple(row for number, row in enumerate(mapping) if number != place)


def with_blanks_turned(mapping: Sequence[MappingRow], place: int) -> tuple[MappingRow, ...]:
    """The mapping whose row at `place` treats blanks the other way."""
    return tuple(
        replace(row, overwrite_blank=not row.overwrite_blank) if number == place else row
        for number, row in enumerate(mapping)
    )
