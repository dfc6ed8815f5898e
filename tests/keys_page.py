"""The page of all keys, made from the registry: `python -m tests.keys_page` writes `docs/keys.md`."""

from __future__ import annotations

from pathlib import Path

from tui_sync.ui.actions import SHOWN
from tui_sync.ui.keymap import FIXED
from tui_sync.ui.keys import ACTIONS, TITLES, shown_keys

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"
HEAD = """# Keys

`?` shows those of the screen you are on, with the command line that does the same; `:` finds any of them by what it does. A key
that cannot act at present says why. The mouse works too: click a row, a title, a tab, or a key in the last line.

Other keys are named in `keys.toml` in your folder of settings (`~/.config/tui-sync/` on Linux; `TUI_SYNC_KEYS` names another
file), a line an action, by its id:

```toml
"syncs.people" = "f6 f7"
"syncs.run" = "d"
"syncs.dry_run" = "r"
```

What is named takes the place of the keys here, in the key line, help and palette too; blanks part several. An entry that cannot
be is told at the start, and that action keeps its own: no such action or key, a key of another action of the same screen. Keys
that answer questions, end the program or that terminals keep always stay with their actions, and no other action gets them:
{fixed}. Where several entries are wrong the log (`5`) has all of them.
"""


def page() -> str:
    """The whole page."""
    fixed = [f"`{SHOWN.get(key, key)}`" for key in sorted(FIXED)]
    parts = [HEAD.replace("{fixed}", f"{', '.join(fixed[:-1])} and {fixed[-1]}")]
    for place, actions in ACTIONS.items():
        parts.append(f"\n## {TITLES[place]}\n\n| Key | What it does | Same as | Id |\n|---|---|---|---|\n")
        for action in actions:
            keys = " ".join(f"`{key}`" for key in shown_keys(action).split(", "))
            twin = f"`{action.twin}`".replace("|", "\\|") if action.twin else ""
            own = f"`{place}.{action.name}`" if action.keys else ""
            parts.append(f"| {keys} | {action.says} | {twin} | {own} |\n")
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
