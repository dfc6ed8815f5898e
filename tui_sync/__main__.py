"""`python -m tui_sync` is `tui-sync`."""

from tui_sync.cli.main import run

run()
