"""Small files of every kind, for tests that lay out data sets."""

import struct
from pathlib import Path

import numpy as np
from PIL import Image


def image(path: Path, value: int = 90, size: tuple[int, int] = (6, 8)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full(size, value, np.uint8)).save(path)
    return path


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode(encoding))
    return path


def mesh(path: Path) -> Path:
    """A tilted square of two triangles, 30 wide and 20 deep."""
    corners = np.float32([[0, 0, 0], [30, 0, 1], [30, 20, 2], [0, 20, 1]])
    rows = np.zeros(2, [("n", "<f4", 3), ("c", "<f4", (3, 3)), ("s", "<u2")])
    rows["c"] = corners[[[0, 1, 2], [0, 2, 3]]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(80) + struct.pack("<I", 2) + rows.tobytes())
    return path


def points(path: Path, width: int = 5, height: int = 4) -> Path:
    """An unorganised PCD of a plane."""
    rows = [f"{x} {y} {100 + x}" for x in range(width) for y in range(height)]
    count = len(rows)
    head = "VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n"
    head += f"WIDTH {count}\nHEIGHT 1\nPOINTS {count}\nDATA ascii\n"
    return text(path, head + "\n".join(rows))
