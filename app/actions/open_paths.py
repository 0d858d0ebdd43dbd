"""Open whatever was dropped on the window or named on the command line."""

from collections.abc import Sequence
from pathlib import Path

from app.actions.open_model import open_model
from app.actions.open_parts import open_parts
from app.actions.open_volume import open_volume
from app.workbench import Workbench
from cmdiad_core.data.volumes import is_volume

MODEL_FILE = "model.json"


def is_model(path: Path) -> bool:
    """Return whether a path is a model folder."""
    return (path / MODEL_FILE).is_file()


def open_paths(bench: Workbench, paths: Sequence[Path]) -> None:
    """Open model folders as models, CT volumes to be looked at, everything else as parts."""
    models = [path for path in paths if is_model(path)]
    volumes = [path for path in paths if is_volume(path)]
    parts = [path for path in paths if path not in models and path not in volumes]
    if models:
        open_model(bench, models[-1])
    if parts:
        open_parts(bench, parts)
    if volumes:
        open_volume(bench, volumes[-1])
