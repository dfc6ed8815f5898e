"""One person in lines: what a run did and why, the values before and after, the lists, the history, the live record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from tui_sync.model.criteria import Explanation, display
from tui_sync.model.criteria.explain import EMPTY
from tui_sync.model.ledger import Membership, MembershipState
from tui_sync.model.outcomes import LABELS, Outcome
from tui_sync.model.text import visible
from tui_sync.present.people import person_sentences
from tui_sync.present.syncs import condition_words
from tui_sync.services import people
from tui_sync.services.people import Person
from tui_sync.ui.present.columns import GAP
from tui_sync.ui.present.lines import Line, Span, Tone, clip, line, pad, width_of, wrapped
from tui_sync.ui.present.outcomes import why_label
from tui_sync.ui.present.states import STATUS_TONES

LABEL = 20
"""Cells that a field's name has at least; a longer one gets up to a third of the line."""
LEAST = 14
"""Cells that a value has beside a long condition."""
MARGIN = 3
BLANK = "(blank)"
APPROVING = "a in the details of run {run}"


def outcome_lines(outcome: Outcome, run_id: str, width: int) -> Iterator[Line]:
    """What the run did with the person, and the sentence that says why."""
    label = why_label(outcome)
    why = f", {label}" if label not in ("", LABELS[outcome.status]) else ""
    run = f" Run {run_id}: " if run_id else " "
    status = Span(LABELS[outcome.status], STATUS_TONES[outcome.status])
    record = Span(f"   record {outcome.record_id}", Tone.DIM)
    whole = line(run, status, why, record)
    yield from (whole,) if width_of(whole) <= width else (line(run, status, why), line(record))
    if outcome.detail:
        yield from wrapped(outcome.detail, width - MARGIN, Tone.PLAIN, " " * MARGIN)


def known_lines(known: people.Explanation, names: Mapping[str, str], zone: ZoneInfo, width: int) -> Iterator[Line]:
    """Everything that the workspace knows of the address: records and history, lists, bars, marks, pending removals."""
    for sentence in person_sentences(known, names, zone, APPROVING):
        text = sentence.strip()
        if not text:
            continue  # a person without an address
        depth = (len(sentence) - len(sentence.lstrip())) // 2
        indent = " " * (1 + 2 * max(0, depth - 1))
        yield from wrapped(text, width - 2, Tone.STRONG if not depth else Tone.DIM if depth > 1 else Tone.PLAIN, indent)


def live_lines(person: Person, width: int) -> Iterator[Line]:
    """What the record says at this moment: which criteria decide, what would be sent, every field."""
    if person.problem:
        yield from section("Criteria")
        yield from wrapped(person.problem, width - MARGIN, Tone.WARN, " " * MARGIN)
    if person.truth is not None:
        yield from section("Criteria, by the record as it is now")
        yield from truth_lines(person.truth, person.labels, width)
    if person.before is not None or person.after:
        after = None if person.gone else person.after
        yield from section(values_title(person.before, after))
        yield from value_lines(person.before, after, width)
    yield from section("Record in Recruit")
    if person.gone:
        yield line(Span("   Recruit has no such record any more.", Tone.WARN))
    else:
        yield from field_lines(person.fields, width)


def section(title: str) -> Iterator[Line]:
    """A blank line and a heading."""
    yield ()
    yield line(Span(f" {title}", Tone.STRONG))


def truth_lines(truth: Explanation, labels: Mapping[str, str], width: int) -> Iterator[Line]:
    """The pattern, each row with the value that it looked at, and which of them decided; `labels` are those of fields."""
    pattern, tone = display(truth.root.node), Tone.GOOD if truth.matched else Tone.WARN
    whole = line(f"   {pattern}: ", Span(truth.sentence, tone))
    if width_of(whole) < width:
        yield whole
    else:
        yield from wrapped(pattern, width - MARGIN, Tone.PLAIN, " " * MARGIN)
        yield from wrapped(truth.sentence, width - MARGIN, tone, " " * MARGIN)
    mark = "  decides"
    room = max(20, width - MARGIN - 4 - 5 - len(mark) - 2 * GAP)
    told = [visible(condition_words(row.condition, labels)) for row in truth.rows]
    words = min(max(map(cell_len, told), default=8), room - LEAST)
    for row, condition in zip(truth.rows, told, strict=True):
        yield line(
            f"   {row.number:>2}  ", pad(condition, words), "  ", pad(visible(row.shown), room - words),
            "  ", Span("yes" if row.matched else "no ", Tone.GOOD if row.matched else Tone.PLAIN),
            Span(mark if row.decisive else "", Tone.ACCENT),
        )  # fmt: skip


def values_title(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> str:
    """What stands under the heading: both values where they differ, else the one there is."""
    if before is None:
        return "Mapped values, as they would be sent"
    if after is None:
        return "Mapped values, as they were delivered last"
    same = all(before.get(target, "") == after.get(target, "") for target in {*before, *after})
    return "Mapped values, the same as delivered last" if same else "Mapped values: delivered last -> as they are now"


def value_lines(before: Mapping[str, str] | None, after: Mapping[str, str] | None, width: int) -> Iterator[Line]:
    """Hub fields with what was delivered last and what the mapping gives now; None for neither known. What changed says so."""
    label = _labels([*(before or {}), *(after or {})], width)
    room = max(8, (width - MARGIN - label - GAP - len(" -> ") - 2) // 2)
    if before is None:
        yield line(Span("   This sync has delivered nothing of this record.", Tone.DIM))
    for target in dict.fromkeys([*(before or {}), *(after or {})]):
        old, new = (before or {}).get(target, ""), None if after is None else after.get(target, "")
        name = Span(pad(visible(target), label), Tone.DIM)
        if before is None or new is None or old == new:
            yield line("   ", name, "  ", _value(old if new is None else new, 2 * room))
        else:
            yield line("   ", name, "  ", _value(old, room), Span(" -> ", Tone.ACCENT), _value(new, room, Tone.WARN))


def _labels(names: Iterable[str], width: int) -> int:
    """Cells that the names of fields get on lines of that width."""
    return max(LABEL, min(width // 3, max((cell_len(visible(name)) for name in names), default=0)))


def _value(raw: str, width: int, tone: Tone = Tone.PLAIN) -> Span:
    return Span(clip(visible(raw), width), tone) if raw else Span(BLANK, Tone.DIM)


def field_lines(fields: Iterable[tuple[str, str]], width: int) -> Iterator[Line]:
    """The fields that have a value, then the names of those that have none."""
    empty: list[str] = []
    fields = list(fields)
    wide = _labels((label for label, _ in fields), width)
    for label, text in fields:
        if text == EMPTY:
            empty.append(label)
            continue
        rows = list(wrapped(text, width - MARGIN - wide - GAP))
        for number, row in enumerate(rows):
            yield line("   ", Span(pad(visible(label) if not number else "", wide), Tone.DIM), "  ", *row)
    if empty:
        yield from wrapped("Empty: " + ", ".join(empty), width - MARGIN, Tone.DIM, " " * MARGIN)


def lists_in(memberships: Sequence[tuple[str, Membership]]) -> list[str]:
    """The names of the lists that the person is in."""
    return [name for name, place in memberships if place.state is MembershipState.ACTIVE]


def taking_out(email: str, list_name: str, *, marketing: bool) -> tuple[str, list[str]]:
    """The question before somebody is taken out of a list by hand, and what it means."""
    told = ["No sync brings them back into this list, whatever Recruit says, until it is lifted: L on their screen."]
    if marketing:
        told.append("At Marketing Automation it is an unsubscribe, and the hub may write to them about it.")
    return f"Take {email} out of {list_name}?", told
