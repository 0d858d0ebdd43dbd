"""From nothing to a trained model on demo parts."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from cmdiad_core import __version__
from cmdiad_core.data.demo import generate
from cmdiad_core.detector.saving import SCHEMA
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress
from cmdiad_core.workflows.reading import Skipped
from cmdiad_core.workflows.train import train
from cmdiad_core.writing import write_file

_NOTE = "demo.json"
_DATA, _MODEL, _REPORT = "parts", "model", "report"


@dataclass(frozen=True)
class Demo:
    """Where a demo lies.

    Parameters
    ----------
    folder : Path
        All of it.
    reused : bool
        Nothing was made: an earlier demo was found complete.
    """

    folder: Path
    reused: bool

    @property
    def data(self) -> Path:
        """The data set."""
        return self.folder / _DATA

    @property
    def model(self) -> Path:
        """The model folder."""
        return self.folder / _MODEL

    @property
    def report(self) -> Path:
        """Where the results of its test parts belong; not made here."""
        return self.folder / _REPORT


def default_folder(seed: int) -> Path:
    """Return where the demo of this seed is kept."""
    from platformdirs import user_data_path

    return user_data_path("cmdiad") / f"demo-{seed}"


def prepare_demo(folder: Path, seed: int, *, progress: Progress, skipped: Skipped) -> Demo:
    """Make the demo parts and train a model on them, as far as that was not done before.

    Parameters
    ----------
    folder : Path
        Where the demo is kept. A demo of another seed, software version or model schema in
        it is replaced.
    seed : int
        Of the parts and of the training.
    progress : Progress
        Told of the stage ``"demo"`` and those of `train`.
    skipped : callable
        Told of each part that cannot be read.

    Raises
    ------
    InputError
        When `folder` holds something else or cannot be written.
    """
    _claim(folder, seed)
    # Both appear when they are complete, so an interrupted demo is continued.
    data, model = folder / _DATA, folder / _MODEL
    reused = data.is_dir() and model.is_dir()
    if not data.is_dir():
        generate(data, seed, progress=progress)
    if not model.is_dir():
        train(
            data,
            model,
            wanted=None,
            encoders={},
            seed=seed,
            device="auto",
            progress=progress,
            skipped=skipped,
        )
    return Demo(folder, reused)


def _claim(folder: Path, seed: int) -> None:
    """Make `folder` the place of the demo of this seed: empty, or with what there is of it."""
    kind = {"seed": seed, "software": __version__, "schema": SCHEMA}
    note = folder / _NOTE
    try:
        if not note.exists() and folder.exists() and any(folder.iterdir()):
            raise InputError(folder, "is neither empty nor a demo; name another folder")
        if _noted(note) == kind:
            return
        for name in (_DATA, _MODEL, _REPORT):
            if (folder / name).exists():
                shutil.rmtree(folder / name)
    except OSError as error:
        raise InputError(folder, f"cannot be used ({error.strerror or error})") from error
    write_file(note, json.dumps(kind, indent=2).encode())


def _noted(note: Path) -> object:
    try:
        return json.loads(note.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
