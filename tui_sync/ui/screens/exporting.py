"""Where the rows that are shown are to be written: two questions, then the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_sync.present.words import counted
from tui_sync.ui import export
from tui_sync.ui.present.columns import Column
from tui_sync.ui.present.lines import Tone
from tui_sync.ui.screens.dialogs import Choice, Picker, Prompt
from tui_sync.ui.typed_path import here, located

if TYPE_CHECKING:
    from tui_sync.ui.app import TuiSync

FORMS = (
    Choice(export.CSV, "CSV", "for spreadsheets; no cell is taken for a formula"),
    Choice(export.JSON, "JSON lines", "for programs: one object a line"),
)
LEAD_FORMS = (
    Choice(export.CSV, "CSV", "in the columns of Marketing Automation's own import"),
    FORMS[1],
    Choice(export.TABLE, "Table", "for people: text in columns"),
)
COLUMNS = (Column("", 10, 12), Column("", 20, 50, grow=True))
NO_ROW = "There is nothing to export: no row is shown."


def ask_export(
    program: TuiSync, name: str, rows: Sequence[object], kind: export.Kind | None = None, forms: Sequence[Choice[str]] = FORMS
) -> None:
    """Ask for the form and for the file, then write the rows to it. `name` tells what they are, `kind` how they are
    written where the rows alone do not tell. There may be none: a filter may still have looked when it was asked for."""
    if not rows:
        program.explain(NO_ROW)
        return
    kind = kind or export.kind_of(program.desk, rows)
    folder = here()

    async def write(path: Path, form: str) -> None:
        try:
            number = await export.write(path, form, kind, rows)
        except OSError as fault:
            program.say(f"Nothing was written to {path}: {fault.strerror or fault}. Name another file.", Tone.BAD)
            return
        program.say(f"{counted(number, 'row')} written to {path}. Only you can read it.")

    def formed(form: str | None) -> None:
        if form is None:
            return

        def check(text: str) -> str:
            return export.refusal(text, folder, name, form)

        def named(text: str | None) -> None:
            if text is not None:
                program.run_worker(write(located(text, folder), form), group="export")

        program.push_screen(
            Prompt(f"Write {counted(len(rows), 'row')} to", export.suggested(folder, name, form).name,
                   hint=f"A new file in {folder}, or anywhere with its path.", check=check, go="write"), named,
        )  # fmt: skip

    program.push_screen(Picker(f"Export {counted(len(rows), 'row')} as", forms, columns=COLUMNS), formed)
