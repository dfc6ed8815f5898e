"""The steps of the wizard, and what stands in its tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len

from tui_sync.model.criteria import PatternError
from tui_sync.model.hub import HubList
from tui_sync.model.labels import labels_of
from tui_sync.model.mapping import LEAD_EMAIL, HubField, Suggestion, same_name
from tui_sync.model.records import Field, Module, View
from tui_sync.model.sync import MappingRow, SelectionKind, Sync
from tui_sync.present.syncs import condition_words, shown_pattern
from tui_sync.present.words import counted, grouped
from tui_sync.ui.present.columns import GAP, Cell, Column
from tui_sync.ui.present.frame import rule
from tui_sync.ui.present.lines import BLANK, Line, Span, Tone, clip, line, span, spread, width_of, wrapped

STEPS = ("module", "records", "name and list", "policies", "schedule", "mapping", "review")
"""The steps in their order, as a draft names them."""

_OF_KEYS = {
    "module": "module", "view": "records", "conditions": "records", "pattern": "records", "name": "name and list",
    "list": "name and list", "on_opt_out": "policies", "on_delete": "policies", "on_convert": "policies", "mapping": "mapping",
}  # fmt: skip

MODULES = (Column("   Module", 14, 30), Column("API name", 10, 24, spare=2), Column("", 12, 60, grow=True))
RECORDS = (Column("   Records", 16, 44), Column("", 12, 60, grow=True))
LISTS = (Column("   List", 14, 40), Column("Members", 7, 9, right=True), Column("", 8, 60, grow=True))
ROWS = (Column("Hub field", 12, 30), Column("Recruit field", 12, 36), Column("A blank in Recruit", 12, 30, spare=1, grow=True))

Row = View | SelectionKind
"""One way to select records: all, criteria, or a custom view."""


def step_of(key: str) -> str:
    """The step in which the definition's key is set, for keys such as `conditions[2]` or `mapping.City`."""
    return _OF_KEYS.get(key.partition("[")[0].partition(".")[0], "schedule")


def title(where: str, here: str, reached: int, wrong: Collection[str], width: int, *, low: bool = False) -> list[Line]:
    """What is made on the left, the steps on the right, over as many lines as they need, in a `low` terminal only the present
    one; a rule below.

    `reached` is the place of the farthest step seen, `wrong` are the steps in which something is wrong.
    """
    name = f" {clip(where, max(8, width // 3))}"
    if low:
        step = f"{here.capitalize()}, step {STEPS.index(here) + 1} of {len(STEPS)} "
        return [spread((Span(name, Tone.STRONG),), BLANK, (Span(step),), width), rule(width)]
    rows = _flowed(list(_marks(here, reached, wrong)), width - cell_len(name) - 3)
    block = max(width_of(row) for row in rows)
    left = [Span(name, Tone.STRONG), *(Span("") for _ in rows[1:])]
    gaps = [Span(" " * max(1, width - 1 - block - cell_len(part.text))) for part in left]
    return [*((part, gap, *row) for part, gap, row in zip(left, gaps, rows, strict=True)), rule(width)]


def _marks(here: str, reached: int, wrong: Collection[str]) -> Iterator[Line]:
    for place, step in enumerate(STEPS):
        action = f"step({place + 1})"
        if step == here:
            yield Span("▌ ", Tone.ACCENT, action), Span(step.capitalize(), Tone.STRONG, action)
        elif place > reached:
            yield (Span(f"  {step.capitalize()}", Tone.DIM, action),)
        else:
            mark = Span("! ", Tone.WARN, action) if step in wrong else Span("✓ ", Tone.GOOD, action)
            yield mark, Span(step.capitalize(), Tone.PLAIN, action)


def _flowed(parts: Sequence[Line], room: int) -> list[Line]:
    """The parts in as few rows as there is room for, the rows about equally long."""
    rows = _rows_of(parts, room)
    fewest = next((less for less in range(1, room) if len(_rows_of(parts, less)) == len(rows)), room)
    return _rows_of(parts, fewest)


def _rows_of(parts: Sequence[Line], room: int) -> list[Line]:
    rows: list[Line] = []
    for part in parts:
        if rows and width_of(rows[-1]) + GAP + width_of(part) <= room:
            rows[-1] = (*rows[-1], Span(" " * GAP), *part)
        else:
            rows.append(part)
    return rows


def chosen(text: str, tone: Tone, *, is_it: bool) -> Line:
    """A cell with the mark of the row that was chosen."""
    return Span(" ● " if is_it else "   ", Tone.ACCENT), span(text, Tone.STRONG if is_it else tone)


def module_cells(module: Module, sync: Sync) -> Sequence[Cell]:
    """A row under `MODULES`."""
    kind = "custom module" if module.custom else "standard module"
    if not module.available:
        return chosen(module.label, Tone.DIM, is_it=False), span(module.name, Tone.DIM), span(module.reason, Tone.DIM)
    return chosen(module.label, Tone.PLAIN, is_it=module.name == sync.module), span(module.name, Tone.DIM), span(kind, Tone.DIM)


def module_lines(module: Module, width: int) -> Iterator[Line]:
    """What one must know of a module before it is chosen."""
    if not module.available:
        yield from wrapped(f"{module.label} cannot be synced. {module.reason}", width, Tone.WARN, " ")
        return
    yield from wrapped(f"People are known by their address in the field {module.email_label}.", width, Tone.DIM, " ")
    if not module.has_opt_out:
        yield from wrapped("It has no field Email Opt Out, so opted-out people cannot be told from others.", width, Tone.DIM, " ")


def record_cells(row: Row, sync: Sync) -> Sequence[Cell]:
    """A row under `RECORDS`."""
    selected = sync.selection
    if isinstance(row, View):
        is_it = selected.kind is SelectionKind.VIEW and selected.view_id == row.id
        return chosen(row.name, Tone.PLAIN, is_it=is_it), span("custom view of Recruit", Tone.DIM)
    is_it = selected.kind is row
    if row is SelectionKind.ALL:
        return chosen("All records", Tone.PLAIN, is_it=is_it), span(f"everybody in {sync.module_shown}", Tone.DIM)
    told = where_words(sync) if selected.conditions else "by fields and values; enter opens the editor"
    return chosen("Criteria", Tone.PLAIN, is_it=is_it), span(told, Tone.DIM)


def where_words(sync: Sync) -> str:
    """Criteria in words: the one row itself, or the pattern of several, as it stands where it is wrong."""
    rows = sync.selection.conditions
    if len(rows) == 1:
        return f"where {condition_words(rows[0], sync.labels)}"
    try:
        return f"where {shown_pattern(sync)}"
    except PatternError:
        return f"where {sync.selection.pattern}"


def criteria_lines(sync: Sync, width: int, most: int) -> Iterator[Line]:
    """The pattern and its rows in words, on at most `most` lines."""
    rows = sync.selection.conditions
    if len(rows) <= 1:
        return
    yield line(Span(" Pattern  ", Tone.DIM), clip(where_words(sync).removeprefix("where "), width - 12))
    shown = rows if len(rows) < most else rows[: most - 2]
    for number, row in enumerate(shown, 1):
        yield line(Span(f" {number:7}  ", Tone.DIM), clip(condition_words(row, sync.labels), width - 12))
    if len(shown) < len(rows):
        yield line(Span(f" {counted(len(rows) - len(shown), 'more row')}: press e to see all.", Tone.DIM))


def list_words(known: HubList) -> str:
    """What one must know of a list, in a few words."""
    if known.noted:
        return "to be created, private, with its first person"
    return "public: people must confirm" if known.public else "private"


def list_cells(known: HubList, sync: Sync) -> Sequence[Cell]:
    """A row under `LISTS`; a list without a key is the row that makes a new one."""
    if not known.key:
        return chosen("+ create a list", Tone.ACCENT, is_it=False), "", ""
    tone = Tone.WARN if known.public else Tone.DIM
    return (
        chosen(known.name, Tone.PLAIN, is_it=known.key == sync.list_key),
        span("-" if known.noted else grouped(known.members), Tone.DIM), span(list_words(known), tone),
    )  # fmt: skip


def list_lines(known: HubList | None, sync: Sync, width: int) -> Iterator[Line]:
    """The list that was chosen and what follows from that; `known` is None where the hub was not asked."""
    if not sync.list_key:
        yield line(Span(" List     ", Tone.DIM), Span("none yet: choose one below, with tab and enter", Tone.WARN))
        return
    told = ""
    if known is not None:
        told = f"   {list_words(known)}" if known.noted else f"   {counted(known.members, 'member')}, {list_words(known)}"
    yield line(Span(" List     ", Tone.DIM), Span(clip(sync.list_name, width // 2), Tone.STRONG), Span(told, Tone.DIM))
    if known is not None and known.public:
        yield from wrapped("This list is public: people must confirm before they are members, and the hub does not update them. "
                           "A private list has neither.", width, Tone.WARN, " " * 10)  # fmt: skip


def mapping_cells(row: MappingRow, fields: Sequence[Field]) -> Sequence[Cell]:
    """A row under `ROWS`."""
    source = labels_of(fields).get(row.source, row.source)
    blank = "empties the field" if row.overwrite_blank else "keeps what the hub has"
    if same_name(row.target, LEAD_EMAIL):
        blank = "the person is ignored"
    return span(row.target), span(source), span(blank, Tone.WARN if row.overwrite_blank else Tone.DIM)


def mapping_lines(
    rows: Sequence[MappingRow], suggestions: Sequence[Suggestion], fields: Sequence[Field], hub_fields: Sequence[HubField],
    width: int,
) -> Iterator[Line]:
    """How much of the hub is filled, and what could be filled as well."""
    filled = sum(any(same_name(row.target, field.name) for row in rows) for field in hub_fields)
    yield line(f" {filled} of {len(hub_fields)} hub fields are filled. ", Span("e", Tone.KEY, "edit"), " opens the mapping.")
    if suggestions:
        first = suggestions[0].row
        source = labels_of(fields).get(first.source, first.source)
        count = "One more row is" if len(suggestions) == 1 else f"{len(suggestions)} more rows are"
        yield from wrapped(f"{count} suggested there, such as {first.target} from {source}.", width, Tone.DIM, " ")


def waiting_lines(reading: str, fault: str, width: int) -> list[Line]:
    """What stands where something is still read, or could not be read."""
    if not fault:
        return [line(Span(f"   Reading {reading} ...", Tone.DIM))]
    return [*wrapped(fault, width - 4, Tone.WARN, "   "), line("   Press ", Span("f5", Tone.KEY, "again"), " to read again.")]
