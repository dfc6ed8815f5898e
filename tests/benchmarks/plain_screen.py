"""The baseline of the first paint: the least that a program with Textual's own parts shows, a head, fifty rows and a foot.

python tests/benchmarks/plain_screen.py
"""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import DataTable, Footer, Header

ROWS = 50


class Plain(App[None]):
    """Nothing that is read, nothing that is kept."""

    BINDINGS = [("q", "quit", "Quit"), ("n", "nothing", "New"), ("r", "nothing", "Run")]  # noqa: RUF012 - textual declares it so

    def compose(self) -> ComposeResult:
        yield Header()
        yield from self._body()
        yield Footer()

    def _body(self) -> Iterator[Widget]:
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("Name", "Module", "List", "State", "Last", "Next")
        table.add_rows((f"Sync {n}", "Candidates", f"List {n}", "active", "12 new", "tomorrow") for n in range(ROWS))


if __name__ == "__main__":
    Plain().run()
