"""Small parts on disk."""

from pathlib import Path

import numpy as np
import tifffile
from fake_detector import SIZE
from PIL import Image

#: Milliseconds that a test waits for the window before it fails.
WAIT = 20_000


def write_part(root: Path, stem: str, names: tuple[str, ...]) -> None:
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE
    bump = np.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) * 12)
    for name in names:
        (root / name).mkdir(parents=True, exist_ok=True)
        if name == "cloud":
            points = np.stack([x * 0.1, y * 0.1, 0.4 - bump * 0.01], axis=-1)
            path = root / name / f"{stem}.tiff"
            tifffile.imwrite(path, points.astype(np.float32), photometric="rgb")
        else:
            grey = (bump * 200 + 30).astype(np.uint8)
            pixels = np.stack([grey, grey, 255 - grey], axis=-1) if name == "rgb" else grey
            Image.fromarray(pixels).save(root / name / f"{stem}.png")
