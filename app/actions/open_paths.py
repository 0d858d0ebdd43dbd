"""Open whatever was dropped on the window or named on the command line."""

from collections.abc import Sequence
from pathlib import Path

from app.actions.open_model import open_model
from app.actions.open_parts import open_parts
from app.workbench import Workbench

MODEL_FILE = "model.json"


def open_paths(bench: Workbench, paths: Sequence[Path]) -> None:
    """Open model folders as models and everything else as parts."""
    models = [path for path in paths if (path / MODEL_FILE).is_file()]
    parts = [path for path in paths if path not in models]
    if models:
        open_model(bench, models[-1])
    if parts:
        open_parts(bench, parts)
