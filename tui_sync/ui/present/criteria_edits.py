"""Criteria while they are edited: rows and pattern as one value that is right at every moment."""

from __future__ import annotations

import msgspec

from tui_sync.model import criteria
from tui_sync.model.criteria import MAX_ROWS, Node, Operator, PatternError
from tui_sync.model.sync import Condition, Selection, SelectionKind, Sync
from tui_sync.model.text import visible


class Criteria(msgspec.Struct, frozen=True):
    """The rows, and the pattern over exactly these rows; None where there is no row. Every change gives another value."""

    conditions: tuple[Condition, ...] = ()
    node: Node | None = None

    @classmethod
    def of(cls, selection: Selection) -> tuple[Criteria, str]:
        """The criteria of a selection. The second is a sentence where its pattern could not be read: then all rows are
        joined by and."""
        rows = len(selection.conditions)
        if not rows:
            return cls(), ""
        operators: list[Operator] = ["and"] * (rows - 1)
        plain = criteria.default(operators)
        if not selection.pattern:
            return cls(selection.conditions, plain), ""
        try:
            return cls(selection.conditions, criteria.parse(selection.pattern, rows)), ""
        except PatternError as error:
            told = f"The saved pattern {visible(selection.pattern, 60)} cannot be read: {error.problem}."
            return cls(selection.conditions, plain), f"{told} All rows are joined by and instead, until you edit it."

    @property
    def pattern(self) -> str:
        """The pattern in the form in which it is saved; empty without rows."""
        return "" if self.node is None else criteria.normal(self.node)

    @property
    def shown(self) -> str:
        """The pattern in the form in which it is shown."""
        return "" if self.node is None else criteria.display(self.node)

    @property
    def is_full(self) -> bool:
        """Whether there are as many rows as there may be."""
        return len(self.conditions) >= MAX_ROWS

    def connector(self, number: int) -> Operator | None:
        """The operator before a row; None for the first row, and where only the pattern tells."""
        if self.node is None or not 1 < number <= len(self.conditions):
            return None
        return criteria.connectors(self.node)[number - 2]

    def added(self, condition: Condition) -> Criteria:
        """With one row more, joined by and to all that is there. Raises ValueError where there are 25 already."""
        if self.is_full:
            raise ValueError(f"there are {MAX_ROWS} rows")
        return Criteria((*self.conditions, condition), criteria.add_row(self.node, "and"))

    def changed(self, number: int, condition: Condition) -> Criteria:
        """With another condition in a row."""
        before, after = self.conditions[: number - 1], self.conditions[number:]
        return Criteria((*before, condition, *after), self.node)

    def without(self, number: int) -> Criteria:
        """Without a row; later rows move up."""
        node = None if self.node is None else criteria.delete_row(self.node, number)
        return Criteria((*self.conditions[: number - 1], *self.conditions[number:]), node)

    def toggled(self, number: int) -> Criteria:
        """With or for and before a row, and the other way round; as it is where the row has no connector of its own."""
        now = self.connector(number)
        if self.node is None or now is None:
            return self
        return Criteria(self.conditions, criteria.with_connector(self.node, number, "or" if now == "and" else "and"))

    def joined(self, node: Node) -> Criteria:
        """Under another pattern over the same rows."""
        return Criteria(self.conditions, node)

    def into(self, sync: Sync) -> Sync:
        """The sync with these criteria."""
        selection = msgspec.structs.replace(
            sync.selection, kind=SelectionKind.CRITERIA, conditions=self.conditions, pattern=self.pattern
        )
        return msgspec.structs.replace(sync, selection=selection)
