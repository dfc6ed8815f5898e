"""The demo organisation of a workspace: found or made, and its sample syncs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tui_sync import bootstrap
from tui_sync.cli.progress import ProgressLine
from tui_sync.cli.scope import Scope
from tui_sync.services import definitions
from tui_sync.services.desk import Desk


def demo_desk(scope: Scope, where: str, *, records: int | None = None, seed: int | None = None) -> Desk:
    """Open the demo organisation in the folder given, else in one of its own; it is made on first use.

    Raises UsageError on a workspace with another connection, or where the organisation exists with other sizes.
    """
    folder = scope.folder = scope.given or bootstrap.demo_folder()
    progress = ProgressLine("Demo organisation")

    def made(done: int, total: int) -> None:
        if not done:
            progress.begin("making people", total)
        progress.advance(done)

    try:
        return bootstrap.open_demo(folder, where, records=records, seed=seed, progress=made)
    finally:
        progress.close()


async def apply_samples(desk: Desk) -> None:
    """Create the sample syncs."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "samples.toml"
        path.write_text(bootstrap.sample_definitions(), encoding="utf-8")
        await definitions.apply(desk, path, remember=False)
