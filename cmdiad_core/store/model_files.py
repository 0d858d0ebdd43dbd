"""Whether the files of a model are those that were registered."""

from pathlib import Path

from cmdiad_core.content import content_hash, file_digest
from cmdiad_core.errors import InputError
from cmdiad_core.models import ARRAYS, CARD, MODEL_FILES, RegisteredModel, is_model


def folder_digest(folder: Path) -> str:
    """Return the SHA-256 over the files of a model.

    Raises
    ------
    InputError
        A file that belongs to every model is missing or cannot be read.
    """
    if not is_model(folder):
        raise InputError(folder, f"is no complete model; it needs {CARD} and {ARRAYS}")
    there = [name for name in MODEL_FILES if (folder / name).is_file()]
    return content_hash({name: file_digest(folder / name) for name in there})


def require_intact(model: RegisteredModel) -> None:
    """Raise `InputError` where the files of a model are gone or not those that were registered."""
    if not model.folder.is_dir():
        raise InputError(
            model.folder,
            f"is gone, with it the model {model.name}; put it back, or register the model again "
            "where it lies now",
        )
    if folder_digest(model.folder) != model.digest:
        raise InputError(
            model.folder,
            f"holds other files than the model {model.name} that was registered; put those back, "
            "or register what lies there as another model",
        )
