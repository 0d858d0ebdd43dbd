"""Look at a CT volume."""

from pathlib import Path

from app.workbench import Workbench


def open_volume(bench: Workbench, path: Path) -> None:
    """Show a volume until another part is; it is read when its tab is looked at."""
    bench.session.set_volume(path)
