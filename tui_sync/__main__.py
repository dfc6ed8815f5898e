"""Where the program starts: `tui-sync`, and `python -m tui_sync`."""

import sys
from typing import NoReturn


def run() -> NoReturn:
    """Load the program and run it; ctrl+c meanwhile ends it as quietly as later."""
    try:
        from tui_sync.cli import main
    except KeyboardInterrupt:
        sys.exit(130)
    main.run()


if __name__ == "__main__":
    run()
