"""The page of all keys, made from the registry: `python -m tests.keys_page` writes `docs/keys.md`."""

from __future__ import annotations

from pathlib import Path

from tui_sync.ui.keys import ACTIONS, TITLES, shown_keys

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"
HEAD = """# Keys

`?` shows those of the screen you are on, with the command line that does the same; `:` finds any of them by what it does. A key
that cannot act at present says why. The mouse works too: click a row, a title, a tab, or a key in the last line.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for place, actions in ACTIONS.items():
        parts.append(f"\n## {TITLES[place]}\n\n| Key | What it does | Same as |\n|---|---|---|\n")
        for action in actions:
            keys = " ".join(f"`{key}`" for key in shown_keys(action).split(", "))
            twin = f"`{action.twin}`".replace("|", "\\|") if action.twin else ""
            parts.append(f"| {keys} | {action.says} | {twin} |\n")
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
