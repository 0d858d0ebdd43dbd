"""The demo data set on disk: MVTec's folders, and one more for the thermograms."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tifffile
from PIL import Image

from cmdiad_core.data.demo.camera import CAMERA
from cmdiad_core.data.demo.defects import DEFECTS
from cmdiad_core.data.demo.recipe import Flaw, draw_part
from cmdiad_core.data.demo.render import Rendering, render
from cmdiad_core.data.demo.sensor import THERMAL_SPAN
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress, silent


@dataclass(frozen=True)
class _Order:
    folder: str
    name: str
    seed: tuple[int, int]
    flaw: Flaw | None


def generate(
    root: Path,
    seed: int = 0,
    *,
    train: int = 40,
    validation: int = 20,
    test_good: int = 16,
    test_defective: int = 36,
    progress: Progress = silent,
) -> None:
    """Write a data set of pouch cells; the same seed always writes the same bytes.

    Parameters
    ----------
    root : Path
        Folder to be made. It appears when all is written, not before.
    seed : int
        Decides everything, 0 or above.
    train, validation, test_good : int
        Numbers of good parts in each split.
    test_defective : int
        Number of defective parts, spread evenly over `DEFECTS`.
    progress : Progress
        Called after each part.

    Raises
    ------
    InputError
        When `root` holds something already or cannot be written.
    """
    try:
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise InputError(root, "is not empty; name a folder that does not exist yet")
        root.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{root.name}-", dir=root.parent) as workshop:
            made = Path(workshop) / root.name
            orders = list(_orders(seed, train, validation, test_good, test_defective))
            _write_notes(made, orders)
            _write_parts(made, orders, progress)
            if root.exists():
                root.rmdir()
            made.rename(root)
    except OSError as error:
        raise InputError(root, f"cannot be written ({error.strerror or error})") from error


def _orders(
    seed: int, train: int, validation: int, test_good: int, test_defective: int
) -> Iterator[_Order]:
    good = {"train/good": train, "validation/good": validation, "test/good": test_good}
    number = 0
    for folder, count in good.items():
        for index in range(count):
            yield _Order(folder, f"{index:03d}", (seed, number), None)
            number += 1
    kinds = list(DEFECTS)
    rounds = -(-test_defective // len(kinds))
    for index in range(test_defective):
        turn, place = divmod(index, len(kinds))
        kind = kinds[place]
        rng = np.random.default_rng([seed, number, 1])
        severity = (turn + float(rng.uniform(0, 1))) / rounds
        flaw = Flaw(kind, round(severity, 3), int(rng.integers(2**31)))
        yield _Order(f"test/{kind}", f"{turn:03d}", (seed, number), flaw)
        number += 1


def _write_notes(root: Path, orders: list[_Order]) -> None:
    """Write the camera's parameters, the thermograms' scale and the truth on each defect."""
    flaws = {
        f"{order.folder}/{order.name}": {
            "type": order.flaw.kind,
            "severity": order.flaw.severity,
            "seen_by": DEFECTS[order.flaw.kind].seen_by,
        }
        for order in orders
        if order.flaw is not None
    }
    low, high = THERMAL_SPAN
    notes = {
        "defects.json": flaws,
        "calibration/camera_parameters.json": CAMERA.parameters(),
        "calibration/infrared_parameters.json": {"celsius_at_0": low, "celsius_at_65535": high},
    }
    (root / "calibration").mkdir(parents=True)
    for name, content in notes.items():
        (root / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _write_parts(root: Path, orders: list[_Order], progress: Progress) -> None:
    for folder in sorted({order.folder for order in orders}):
        kinds = ("rgb", "xyz", "infrared") + (("gt",) if folder.startswith("test/") else ())
        for kind in kinds:
            (root / folder / kind).mkdir(parents=True)
    # NumPy, SciPy and zlib let go of the interpreter, so threads share the work well.
    pool = ThreadPoolExecutor(min(8, os.cpu_count() or 1))
    try:
        jobs = [pool.submit(_write_part, root / order.folder, order) for order in orders]
        for done, job in enumerate(as_completed(jobs), 1):
            job.result()
            progress("demo", done, len(jobs))
    finally:
        pool.shutdown(cancel_futures=True)


def _write_part(folder: Path, order: _Order) -> None:
    rng = np.random.default_rng(order.seed)
    recording: Rendering = render(draw_part(rng, order.flaw), rng)
    Image.fromarray(recording.rgb).save(folder / "rgb" / f"{order.name}.png")
    Image.fromarray(recording.infrared).save(folder / "infrared" / f"{order.name}.png")
    tifffile.imwrite(
        folder / "xyz" / f"{order.name}.tiff",
        recording.cloud,
        photometric="minisblack",
        planarconfig="contig",
        compression="zlib",
        compressionargs={"level": 2},
        metadata=None,
        software="",
    )
    if (folder / "gt").is_dir():
        mask = recording.mask.astype(np.uint8) * np.uint8(255)
        Image.fromarray(mask).save(folder / "gt" / f"{order.name}.png")
