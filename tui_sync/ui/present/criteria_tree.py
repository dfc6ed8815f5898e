"""The pattern as a tree; for one person with their values, with yes and no at every part, and the rows that decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace
from rich.cells import cell_len

from tui_sync.model.criteria import Explanation, Join, Node, NodeTruth, Row, describe
from tui_sync.model.labels import labels_of
from tui_sync.model.records import Field
from tui_sync.model.sync import Condition
from tui_sync.present.syncs import condition_words
from tui_sync.ui.present.criteria_edits import Criteria
from tui_sync.ui.present.lines import Line, Span, Tone, clip, clip_line, line, pad, spread, width_of, wrapped

MARGIN = "   "
VERDICT = 12
"""Cells of the answer: `decides  yes`."""
DEEP = 3
"""The tree is drawn narrower where its branches would take more than one of so many parts of the width."""
STEMS = (("├─ ", "└─ ", "│  "), ("├ ", "└ ", "│ "), ("├", "└", "│"))
"""How a branch is drawn, from wide to narrow: one in between, the last one, and what goes past it."""


class TreeLine(NamedTuple):
    """A line of the tree, and the number of the row that stands in it; 0 for a part of the pattern."""

    line: Line
    number: int


class _Part(NamedTuple):
    """A part of the pattern and what is joined in it; `matched` for one person."""

    node: Node
    matched: bool | None
    parts: tuple[_Part, ...]

    @property
    def depth(self) -> int:
        return 1 + max((part.depth for part in self.parts), default=0)


def tree(
    edited: Criteria, fields: Mapping[str, Field], width: int, truth: Explanation | None = None, current: int = 0,
    labels: Mapping[str, str] = {},
) -> list[TreeLine]:
    """The tree in lines of `width` cells; the row `current` stands out. Fields that are not among `fields` may be in `labels`."""
    if edited.node is None:
        return []
    whole = _part(edited.node, None if truth is None else truth.root)
    branches = whole.depth - 1
    stems = next((stems for stems in STEMS if branches * len(stems[0]) * DEEP <= width), STEMS[-1])
    drawn: list[tuple[Line, _Part, int]] = []
    labels = {**labels, **labels_of(fields.values())}
    for stem, part in _drawn(whole, stems, "", ""):
        number = part.node.number if isinstance(part.node, Row) else 0
        said = part.node.operator if isinstance(part.node, Join) else _said(edited.conditions[number - 1], number, fields, labels)
        lit = Tone.STRONG if number and number == current else Tone.PLAIN
        drawn.append(((Span(MARGIN), Span(stem, Tone.DIM), Span(said, lit)), part, number))
    if truth is None:
        return [TreeLine(_cut(left, width - 1), number) for left, _, number in drawn]
    values = min(max(8, *(cell_len(row.shown) for row in truth.rows)), width * 3 // 10)
    room = min(width - values - VERDICT - 4, max(width_of(left) for left, _, _ in drawn) + 1)
    return [TreeLine(_answered(left, part, truth, number, room, width), number) for left, part, number in drawn]


def _part(node: Node, truth: NodeTruth | None) -> _Part:
    """The part of a node. A row joined to what is joined alike stands beside it, so that a run of rows is one part and
    not a staircase; what stands in parentheses of its own stays together."""
    if isinstance(node, Row):
        return _Part(node, None if truth is None else truth.matched, ())
    left, right = (_part(node.left, None), _part(node.right, None)) if truth is None else map(
        _part, (node.left, node.right), truth.children
    )
    run = isinstance(node.right, Row) and isinstance(node.left, Join) and node.left.operator == node.operator
    return _Part(node, None if truth is None else truth.matched, (*left.parts, right) if run else (left, right))


def _drawn(part: _Part, stems: tuple[str, str, str], here: str, below: str) -> Iterator[tuple[str, _Part]]:
    yield here, part
    for place, inner in enumerate(part.parts):
        last = place == len(part.parts) - 1
        past = " " * len(stems[2]) if last else stems[2]
        yield from _drawn(inner, stems, below + (stems[1] if last else stems[0]), below + past)


def _said(condition: Condition, number: int, fields: Mapping[str, Field], labels: Mapping[str, str]) -> str:
    field = fields.get(condition.field)
    if field is None:
        return f"{number} {condition_words(condition, labels)}"
    return f"{number} {describe(condition, replace(field, label=labels.get(field.name, field.name)))}"


def _answered(left: Line, part: _Part, truth: Explanation, number: int, room: int, width: int) -> Line:
    """The part in `room` cells, the person's value, and the answer on the right."""
    cut = _cut(left, room)
    value = truth.rows[number - 1].shown if number else ""
    decides = number in truth.deciding
    answer = f"{'yes' if part.matched else 'no':>4} "
    return (
        *cut, Span(" " * (room - width_of(cut) + 1)), Span(pad(value, width - room - VERDICT - 3)), Span(" "),
        Span(pad("decides" if decides else "", VERDICT - 4), Tone.ACCENT),
        Span(answer, Tone.STRONG if decides else Tone.PLAIN if part.matched else Tone.DIM),
    )  # fmt: skip


def _cut(left: Line, width: int) -> Line:
    """The line in that many cells; what is said is cut, the branches stay."""
    *stem, said = left
    room = width - width_of(stem)
    if width_of((said,)) <= room:
        return left
    closing = '"' if said.text.endswith('"') else ""
    return (*stem, said._replace(text=clip(said.text.removesuffix('"') if closing else said.text, room - len(closing)) + closing))


def person_lines(name: str, email: str, said: str, width: int) -> list[Line]:
    """Who the answers are about, and the sentence about the deciding rows."""
    who = line(MARGIN, Span(name, Tone.STRONG), Span(f"  {email}" if email and email != name else "", Tone.DIM))
    answer = line(Span(said), " ")
    if width_of(who) + width_of(answer) + 2 <= width:
        return [spread(who, (), answer, width)]
    return [clip_line(who, width - 1), *wrapped(said, width - len(MARGIN) - 1, Tone.PLAIN, MARGIN)]


def nobody_chosen(width: int) -> list[Line]:
    """What stands over the tree before a person is chosen."""
    told = "The pattern as a tree. t chooses a person of the sample: their values, and which row decides."
    return [*wrapped(told, width - 1, Tone.DIM, MARGIN)]
