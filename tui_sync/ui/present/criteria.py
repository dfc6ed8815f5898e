"""The criteria editor as lines: its rows, its pattern with the mistake under it, and what its dialogs say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui_sync.model import criteria
from tui_sync.model.criteria import CriteriaError, Family, Operand, PatternError
from tui_sync.model.criteria import values as wire
from tui_sync.model.definitions.read import WIDEST
from tui_sync.model.labels import labels_of
from tui_sync.model.records import Field, FieldType, Record, Scalar
from tui_sync.model.related import LABELS, RELATED, module_of
from tui_sync.model.sync import Condition
from tui_sync.model.text import visible
from tui_sync.present.words import grouped
from tui_sync.services import sampling
from tui_sync.services.sampling import Sample, SampleCounts
from tui_sync.ui.keymap import actions
from tui_sync.ui.keys import first_key
from tui_sync.ui.present.columns import Cell, Column
from tui_sync.ui.present.criteria_edits import Criteria
from tui_sync.ui.present.lines import Line, Span, Tone, clip, line, span, wrapped

COLUMNS = (
    Column("", 5, 6, right=True),
    Column("Field", 8, 30),
    Column("Operator", 8, 16),
    Column("Value", 8, 60, grow=True),
    Column("matches", 7, 9, right=True),
)
INDENT = "   "
PATTERN_LINES = 3
"""Lines of a pattern that is not being edited; the rest of a longer one is seen while it is."""
OFTEN = 8
"""Values of the sample that a hint names."""
MEANING: dict[str, str] = {
    "between": "both ends belong to it",
    "before": "earlier than the day",
    "after": "later than the day",
    criteria.operators.IN_THE_LAST: "today and the N days before it",
    "isn't": "also those without a value",
    "!=": "also those without a value",
    "doesn't contain": "also those without a value",
    "not between": "also those without a value",
    "is not selected": "also those without a value",
}
"""What one may not expect of an operator."""


class ShownRow(NamedTuple):
    """One row of the editor. `note` says what is wrong (`wrong`) or may be meant otherwise."""

    number: int
    connector: str
    label: str
    operator: str
    value: str
    matches: int | None
    note: str
    wrong: bool


def fields_by_name(sample: Sample | None) -> dict[str, Field]:
    """The fields of the sample's module by API name; none without a sample."""
    return {} if sample is None else {field.name: field for field in sample.fields}


def problem(condition: Condition, sample: Sample, labels: Mapping[str, str] = {}) -> str:
    """Why a row cannot be evaluated, a sentence; empty where it can. One that is gone is called as in `labels`."""
    field = fields_by_name(sample).get(condition.field)
    if field is None:
        unknown = sample.related.get(module_of(condition.field))
        if unknown:
            return f"{visible(unknown)} Choose another field, or delete the row."
        called = visible(labels.get(condition.field, condition.field), 60)
        return f"{sample.module.label} has no field {called}. Choose another, or delete the row."
    today = sample.now.astimezone(sample.zone).date()
    try:
        criteria.compile_condition(condition, field, 0, sample.zone, today)
    except CriteriaError as error:
        return visible(str(error))
    return ""


def shown_rows(
    edited: Criteria, sample: Sample | None, counts: SampleCounts | None, labels: Mapping[str, str] = {}
) -> list[ShownRow]:
    """The rows as they stand in the table; without a sample under those `labels` of fields that are known, else the API names,
    without counts and notes."""
    fields = fields_by_name(sample)
    labels = {**labels, **labels_of(fields.values())}
    known = () if edited.node is None else criteria.connectors(edited.node)
    rows: list[ShownRow] = []
    for number, condition in enumerate(edited.conditions, start=1):
        field = fields.get(condition.field)
        wrong = "" if sample is None else problem(condition, sample, labels)
        doubt = criteria.warn(condition, field) if field is not None and not wrong else None
        unknown = "" if sample is None or wrong else sample.related.get(module_of(condition.field), "")
        operator, value = operator_and_value(condition)
        rows.append(
            ShownRow(
                number=number,
                connector="" if number == 1 else known[number - 2] or "",
                label=visible(labels.get(condition.field, condition.field)),
                operator=operator,
                value=value,
                matches=None if counts is None else counts.rows[number - 1],
                note=wrong or doubt or unknown,
                wrong=bool(wrong),
            )
        )
    return rows


def operator_and_value(condition: Condition) -> tuple[str, str]:
    """The two cells of a row: `between` and `2 and 5`, `in the last` and `7 days`."""
    operator, value = visible(condition.operator, 40), condition.value
    if condition.operator == criteria.operators.IN_THE_LAST:
        count = visible(wire.as_text(value), 20)
        return "in the last", f"{count} day" if count == "1" else f"{count} days"
    if isinstance(value, (tuple, list)):
        return operator, " and ".join(visible(wire.as_text(part), 100) for part in value)
    return operator, visible(wire.as_text(value), 200)


def cells(row: ShownRow) -> Sequence[Cell]:
    """A row of the table."""
    number = line(Span(f"{row.connector} ", Tone.DIM), Span(str(row.number)))
    value = line(Span("! ", Tone.BAD if row.wrong else Tone.WARN), row.value) if row.note else span(row.value)
    matches = Span("-", Tone.DIM) if row.matches is None else Span(grouped(row.matches), Tone.PLAIN if row.matches else Tone.DIM)
    return number, row.label, row.operator, value, matches


def no_rows() -> list[Line]:
    """What stands where there is no row yet."""
    return [
        line(Span(INDENT + "Criteria choose who is taken.", Tone.STRONG)),
        line(INDENT + "Each row compares one field with a value, the pattern"),
        line(INDENT + "joins the rows, and how many real records match is"),
        line(INDENT + "counted at once."),
        (),
        line(INDENT, Span("a", Tone.KEY, "add"), Span(" adds the first row.", Tone.PLAIN, "add")),
        (),
    ]


def boxes(module: str, ticked: Collection[str]) -> Line:
    """Which related modules' fields are offered, as boxes to tick with their keys; empty where the module has none."""
    spans: list[Span] = []
    for related in RELATED.get(module, ()):
        box, tone = ("[x] ", Tone.ACCENT) if related in ticked else ("[ ] ", Tone.DIM)
        way, key = _ticking(related)
        spans += [Span("  " if spans else ""), Span(f"{key} ", Tone.KEY, way), Span(box + LABELS[related], tone, way)]
    return (*spans, Span(" fields ", Tone.DIM)) if spans else ()


def not_offered(module: str, ticked: Collection[str]) -> str:
    """Which related modules have fields that are not among those offered, and the keys that offer them; empty where none has."""
    absent = [related for related in RELATED.get(module, ()) if related not in ticked]
    named, keys = (" and ".join(words) for words in ([LABELS[one] for one in absent], [_ticking(one)[1] for one in absent]))
    return f"For fields of {named}: esc, then {keys}." if absent else ""


def _ticking(related: str) -> tuple[str, str]:
    """The action that ticks the box of a related module, and its key."""
    way = f"related('{related}')"
    return way, next(first_key(action) for action in actions("criteria") if action.name == way)


def sample_words(sample: Sample) -> str:
    """How much the counts are counted over."""
    size = grouped(len(sample.records))
    return f"sample: all {size}" if sample.whole else f"sample: the first {size}"


def whole_count(counts: SampleCounts | None) -> Line:
    """How many of the sample the pattern selects."""
    if counts is None:
        return ()
    if counts.whole is None:
        return line(Span(f"- of {grouped(counts.of)} ", Tone.DIM))
    return line(Span(grouped(counts.whole), Tone.STRONG), f" of {grouped(counts.of)} ")


def pattern_lines(edited: Criteria, width: int, most: int = PATTERN_LINES) -> list[Line]:
    """The pattern, not being edited, in at most so many lines."""
    if edited.node is None:
        return [line(Span("none yet", Tone.DIM))]
    found = list(wrapped(edited.shown, width))
    if len(found) <= most:
        return found
    return [*found[: most - 1], line(clip(found[most - 1][0].text + " " * width, width))]


def mistake_lines(error: PatternError, start: int, text: str, first: int, width: int) -> list[Line]:
    """The marks under the mistake and the sentence beside them, in lines of `width` cells.

    `start` is the cell where the text begins, `first` the cell of the text that stands there (a long text is scrolled).
    The sentence stands right of the marks, or left of them where it has no room there, or below them where it has none
    either. Where the mistake itself is out of sight, an arrow tells on which side.
    """
    place = start + cell_len(text[: error.position - 1]) - first
    at = min(max(place, start), max(start, width - 2))
    marks = "^" * max(1, min(error.length, width - at)) if at == place else "<" if place < at else ">"
    short = visible(error.problem)
    told = f"{short}. {visible(error.hint)}" if error.hint else short
    for sentence in (told, short):
        if at + len(marks) + 1 + cell_len(sentence) <= width:
            return [line(" " * at, Span(f"{marks} {sentence}", Tone.BAD))]
        if cell_len(sentence) + 2 <= at:
            return [line(" " * (at - cell_len(sentence) - 1), Span(f"{sentence} {marks}", Tone.BAD))]
    return [line(" " * at, Span(marks, Tone.BAD)), *wrapped(short, width, Tone.BAD, INDENT)]


def table_height(rows: int, tree: int, room: int) -> int:
    """How many of `room` lines the table gets, its titles included; the tree below has the rest."""
    wanted = (rows or len(no_rows())) + 1
    if wanted + tree <= room:
        return wanted
    return max(1, min(wanted, max(4, room - min(tree, max(3, room * 2 // 5)))))


def operand_from(text: str, field: Field, operator: str) -> Scalar:
    """The value that a typed text means: a number where one is asked for and the text is one, else the text, trimmed. One of more
    than 64 bits stays its text, which compares alike: no definition file could hold it."""
    plain = text.strip()
    if criteria.operand_of(operator) is Operand.COUNT or criteria.family(field.type) is Family.NUMBER:
        number = wire.number(plain)
        return plain if number is None or abs(number) >= WIDEST else number
    return plain


def hint(sample: Sample, field: Field, operator: str) -> str:
    """What to write as the value, and what the sample holds."""
    if criteria.operand_of(operator) is Operand.COUNT:
        return "Today and so many days before it count."
    known = sampling.choices(sample, field.name, OFTEN if criteria.family(field.type) is Family.TEXT else len(sample.records))
    match criteria.family(field.type):
        case Family.NUMBER:
            numbers = sorted(number for text in known if (number := wire.number(text)) is not None)
            return _between(wire.as_text(numbers[0]), wire.as_text(numbers[-1])) if numbers else _none(field)
        case Family.DATE:
            how = "Write it as 2026-01-31, or with a time as 2026-01-31T09:00." if _takes_time(field, operator) else (
                "Write it as 2026-01-31.")  # fmt: skip
            days = sorted(text[:10] for text in known if wire.day(text, sample.zone) is not None)
            return f"{how} {_between(days[0], days[-1]) if days else _none(field)}"
        case _:
            return f"Often in the sample: {', '.join(visible(text, 30) for text in known)}." if known else _none(field)


def _takes_time(field: Field, operator: str) -> bool:
    return field.type is FieldType.DATETIME and operator not in ("is", "isn't")


def _between(low: str, high: str) -> str:
    return f"In the sample: {visible(low)} to {visible(high)}." if low != high else f"In the sample: {visible(low)} only."


def _none(field: Field) -> str:
    return f"Nobody in the sample has a value in {visible(field.label, 60)}."


def email_of(sample: Sample, record: Record) -> str:
    """The e-mail address of a record, harmless to show; empty where it has none."""
    if sample.module.email not in sample.columns.names:
        return ""
    return visible(wire.as_text(record.values[sample.columns.index(sample.module.email)]), 200)


def matching(edited: Criteria, sample: Sample) -> Mapping[str, bool]:
    """By record id, whether it matches; empty where a row is wrong or there is none."""
    unsure = (problem(one, sample) or sample.related.get(module_of(one.field)) for one in edited.conditions)
    if edited.node is None or any(unsure):
        return {}
    today = sample.now.astimezone(sample.zone).date()
    test = criteria.compile_criteria(
        edited.conditions, edited.node, fields_by_name(sample), sample.columns, sample.zone, today
    )
    return {record.id: test(record.values) for record in sample.records}
