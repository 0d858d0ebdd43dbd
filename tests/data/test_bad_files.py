"""Whatever is wrong with a file ends in one `InputError` that names it."""

import os
import struct
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from cmdiad_core.data.readers import modalities_in, read_file
from cmdiad_core.errors import InputError

RNG = np.random.default_rng(2)
COLOURS = RNG.integers(0, 256, (20, 30, 3), np.uint8)
XYZ = RNG.uniform(0.1, 1, (20, 30, 3)).astype(np.float32)


def tiff(values: np.ndarray, **options: object) -> Callable[[Path], None]:
    return lambda path: tifffile.imwrite(path, values, **options)


def png(values: np.ndarray) -> Callable[[Path], None]:
    return lambda path: Image.fromarray(values).save(path, format="PNG")


def raw(data: bytes | str) -> Callable[[Path], None]:
    return lambda path: (
        path.write_bytes(data if isinstance(data, bytes) else data.encode()) and None
    )


def half(write: Callable[[Path], None]) -> Callable[[Path], None]:
    def cut(path: Path) -> None:
        write(path)
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])

    return cut


def pcd(rows: str = "", data: str = "ascii", **changes: str) -> str:
    entries = {
        "VERSION": "0.7",
        "FIELDS": "x y z",
        "SIZE": "4 4 4",
        "TYPE": "F F F",
        "COUNT": "1 1 1",
        "WIDTH": "3",
        "HEIGHT": "1",
        "POINTS": "3",
        **changes,
        "DATA": data,
    }
    return "\n".join(f"{key} {value}" for key, value in entries.items() if value) + "\n" + rows


def ply(rows: str = "", count: str = "3", kind: str = "ascii", more: str = "") -> str:
    coordinates = "".join(f"property float {axis}\n" for axis in "xyz")
    return f"ply\nformat {kind} 1.0\nelement vertex {count}\n{coordinates}{more}end_header\n{rows}"


def png_bomb(width: int = 15_000) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, 11_000, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def tiff_bomb(path: Path) -> None:
    tifffile.imwrite(path, np.zeros((16, 16, 3), np.uint8), compression="zlib", photometric="rgb")
    with tifffile.TiffFile(path, mode="r+") as file:
        for name in ("ImageWidth", "ImageLength"):
            file.pages[0].tags[name].overwrite(60_000)


ROWS = "0.1 0.1 0.5\n0.2 0.1 0.5\n0.1 0.2 0.5\n"
PACKED = struct.pack("<II", 8, 36) + b"\0" * 8
ZEROS = np.zeros((4, 4, 3), np.float32)
ONE_POINT = ZEROS.copy()
ONE_POINT[1, 1] = 0.1, 0.2, 0.5
SAME = np.full((4, 4, 3), 0.3, np.float32)
WITH_NAN = np.full((4, 4), np.nan, np.float32)

CASES = {
    "empty image": ("a.png", "rgb", raw(""), "is empty"),
    "empty cloud": ("a.ply", "cloud", raw(""), "is empty"),
    "unknown suffix": ("a.docx", "rgb", raw("x"), "no file type"),
    "no suffix": ("part", "cloud", raw("x"), "no file type"),
    "text named png": ("a.png", "rgb", raw("hello"), "is not a PNG file"),
    "png named tiff": ("a.tiff", "rgb", png(COLOURS), r"named like a TIFF .* PNG .*end in \.png"),
    "png named tiff, cloud": ("a.tiff", "cloud", png(COLOURS), "holds PNG data"),
    "tiff named png": ("a.png", "rgb", tiff(COLOURS), "holds TIFF data"),
    "ply named pcd": ("a.pcd", "cloud", raw(ply(ROWS)), "holds PLY data"),
    "half a png": ("a.png", "rgb", half(png(COLOURS)), "damaged or cut short"),
    "half a deep png": (
        "a.png",
        "rgb",
        half(raw(imagecodecs.png_encode(COLOURS.astype(np.uint16)))),
        "damaged or cut short",
    ),
    "half a bmp": ("a.bmp", "rgb", half(lambda p: Image.fromarray(COLOURS).save(p)), "damaged"),
    "half a jpeg": ("a.jpg", "rgb", half(lambda p: Image.fromarray(COLOURS).save(p)), "damaged"),
    "half a tiff": ("a.tif", "rgb", half(tiff(COLOURS)), "cut short"),
    "half an lzw tiff": (
        "a.tif",
        "cloud",
        half(tiff(XYZ, compression="lzw", photometric="rgb")),
        "cut short",
    ),
    "png bomb": ("a.png", "rgb", raw(png_bomb()), "15000 x 11000"),
    "larger png bomb": ("a.png", "rgb", raw(png_bomb(150_000)), "claims more than 150000000"),
    "tiff bomb": ("a.tif", "rgb", tiff_bomb, "60000 x 60000"),
    "five channels": (
        "a.tif",
        "rgb",
        tiff(np.zeros((4, 4, 5), np.uint8), planarconfig="contig", photometric="minisblack"),
        "5 channels",
    ),
    "two channels": (
        "a.tif",
        "rgb",
        tiff(np.zeros((4, 4, 2), np.uint8), planarconfig="contig", photometric="minisblack"),
        "2 channels",
    ),
    "32 bit image": ("a.tif", "rgb", tiff(np.zeros((4, 4), np.uint32)), "8 or 16 bit"),
    "float image": ("a.tif", "rgb", tiff(XYZ, photometric="rgb"), "floating-point"),
    "cmyk tiff": (
        "a.tif",
        "rgb",
        tiff(np.zeros((4, 4, 4), np.uint8), photometric="separated"),
        "RGB",
    ),
    "several pages": ("a.tif", "rgb", tiff(np.zeros((5, 8, 8), np.uint8)), "one image per TIFF"),
    "infrared with nan": ("a.tif", "infrared", tiff(WITH_NAN), "16 pixels that are not a number"),
    "two-channel cloud": (
        "a.tif",
        "cloud",
        tiff(XYZ[..., :2], planarconfig="contig", photometric="minisblack"),
        "2 channels",
    ),
    "four-channel cloud": (
        "a.tif",
        "cloud",
        tiff(np.ones((4, 4, 4), np.float32), planarconfig="contig", photometric="rgb"),
        "4 channels",
    ),
    "integer cloud": ("a.tif", "cloud", tiff(COLOURS, photometric="rgb"), "uint8 values"),
    "all points zero": ("a.tif", "cloud", tiff(ZEROS, photometric="rgb"), "no valid point"),
    "all points nan": ("a.tif", "cloud", tiff(ZEROS * np.nan, photometric="rgb"), "no valid point"),
    "single point": ("a.tif", "cloud", tiff(ONE_POINT, photometric="rgb"), "only 1 valid point"),
    "one point many times": ("a.tif", "cloud", tiff(SAME, photometric="rgb"), "one and the same"),
    "points too far": ("a.tif", "cloud", tiff(XYZ * 1e20, photometric="rgb"), "too large"),
    "pcd without points": ("a.pcd", "cloud", raw(pcd(WIDTH="0", POINTS="0")), "no points"),
    "pcd with one point": (
        "a.pcd",
        "cloud",
        raw(pcd("1 2 3\n", WIDTH="1", POINTS="1")),
        "only 1 valid point",
    ),
    "pcd all nan": ("a.pcd", "cloud", raw(pcd("nan nan nan\n" * 3)), "no valid point"),
    "pcd of absurd size": (
        "a.pcd",
        "cloud",
        raw(pcd(ROWS, WIDTH="999999999999", POINTS="999999999999")),
        "999999999999 points",
    ),
    "pcd announcing too much text": (
        "a.pcd",
        "cloud",
        raw(pcd(ROWS, WIDTH="90000000", POINTS="90000000")),
        "cut short",
    ),
    "pcd with a huge field": (
        "a.pcd",
        "cloud",
        raw(pcd(ROWS, "binary", COUNT="1 1 9999999999")),
        "cut",
    ),
    "pcd with fewer rows": ("a.pcd", "cloud", raw(pcd("0.123456 0.1 0.5\n" * 2)), "cut short"),
    "pcd with a bad row": ("a.pcd", "cloud", raw(pcd("0.1 zero 0.5\n" * 3)), "damaged"),
    "pcd without z": ("a.pcd", "cloud", raw(pcd(ROWS, FIELDS="x y q")), "no x, y and z"),
    "pcd of unequal header": ("a.pcd", "cloud", raw(pcd(ROWS, SIZE="4 4")), "contradicts"),
    "pcd of unknown type": ("a.pcd", "cloud", raw(pcd(ROWS, TYPE="F F Q")), "contradicts"),
    "pcd of odd width": ("a.pcd", "cloud", raw(pcd(ROWS, WIDTH="5")), "5 x 1 but 3 points"),
    "pcd of negative size": ("a.pcd", "cloud", raw(pcd(ROWS, WIDTH="-3", HEIGHT="-1")), "-3 x -1"),
    "pcd without width": ("a.pcd", "cloud", raw(pcd(ROWS, WIDTH="")), "damaged PCD header"),
    "pcd without end of header": ("a.pcd", "cloud", raw("# .PCD v0.7\n" * 300), "damaged PCD"),
    "short binary pcd": ("a.pcd", "cloud", raw(pcd("abc", "binary")), "cut short"),
    "short compressed pcd": ("a.pcd", "cloud", raw(pcd("abc", "binary_compressed")), "cut short"),
    "garbage compressed pcd": (
        "a.pcd",
        "cloud",
        raw(pcd("", "binary_compressed").encode() + PACKED),
        "damaged",
    ),
    "compressed pcd of other size": (
        "a.pcd",
        "cloud",
        raw(pcd("", "binary_compressed", WIDTH="9", POINTS="9").encode() + PACKED),
        "another size",
    ),
    "pcd with wide colours": (
        "a.pcd",
        "cloud",
        raw(pcd(ROWS, FIELDS="x y z rgb", SIZE="4 4 4 8", TYPE="F F F F", COUNT="1 1 1 1")),
        "four bytes",
    ),
    "pcd without colours as rgb": ("a.pcd", "rgb", raw(pcd(ROWS)), "no RGB image"),
    "ply with a property first": (
        "a.ply",
        "cloud",
        raw(ply(ROWS).replace("element vertex 3", "elemen\0 vertex 3")),
        "damaged PLY header",
    ),
    "ply without points": ("a.ply", "cloud", raw(ply(count="0")), "no points"),
    "ply of absurd size": ("a.ply", "cloud", raw(ply(ROWS, count="9" * 15)), "more than"),
    "ply announcing too much": ("a.ply", "cloud", raw(ply(ROWS, count="90000000")), "cut short"),
    "ply of negative size": ("a.ply", "cloud", raw(ply(ROWS, count="-4")), "-4 vertices"),
    "ply with fewer rows": ("a.ply", "cloud", raw(ply("0.123456 0.1 0.5\n" * 2)), "cut short"),
    "ply of unknown kind": ("a.ply", "cloud", raw(ply(ROWS, kind="morse")), "damaged PLY header"),
    "ply with lists": (
        "a.ply",
        "cloud",
        raw(ply(ROWS, more="property list uchar int rings\n")),
        "plain vertices",
    ),
    "ply with x twice": ("a.ply", "cloud", raw(ply(ROWS, more="property float x\n")), "no x, y"),
    "ply without end of header": ("a.ply", "cloud", raw("ply\n" * 2000), "without an end"),
    "ply with bright colours": (
        "a.ply",
        "cloud",
        raw(
            ply(
                "1 2 3 0 0 7\n" * 3,
                more="".join(f"property float {c}\n" for c in ("red", "green", "blue")),
            )
        ),
        "0..1",
    ),
}


@pytest.mark.parametrize(("name", "modality", "write", "problem"), CASES.values(), ids=CASES.keys())
def test_bad_file(
    tmp_path: Path, name: str, modality: str, write: Callable[[Path], None], problem: str
) -> None:
    path = tmp_path / name
    write(path)
    with pytest.raises(InputError, match=problem) as caught:
        read_file(path, modality)
    assert caught.value.where == path
    assert "\n" not in str(caught.value)


def test_a_fault_of_a_reader_is_no_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip(*_: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'shape'")

    Image.fromarray(COLOURS).save(tmp_path / "a.png")
    monkeypatch.setattr("cmdiad_core.data.readers.image.read_pixels", slip)
    with pytest.raises(AttributeError):
        read_file(tmp_path / "a.png", "rgb")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_file(tmp_path / "gone.png", "rgb")
    with pytest.raises(InputError, match="null byte"):
        read_file(tmp_path / "a\0.png", "rgb")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(InputError, match="directory"):
        modalities_in(tmp_path / "folder.png")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "away.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "circle.png").symlink_to("circle.png")
    os.mkfifo(tmp_path / "pipe.png")
    for name, problem in (("away", "link to .*gone"), ("circle", "link to"), ("pipe", "pipe")):
        with pytest.raises(InputError, match=problem) as caught:
            read_file(tmp_path / f"{name}.png", "rgb")
        assert caught.value.where == tmp_path / f"{name}.png"


def test_a_point_that_is_too_far_is_a_hole(tmp_path: Path) -> None:
    points = XYZ.copy()
    points[3, 4, 2] = np.finfo(np.float32).max
    points[5, 6, 0] = -1e10
    tifffile.imwrite(tmp_path / "part.tiff", points, photometric="rgb")
    cloud = read_file(tmp_path / "part.tiff", "cloud")["cloud"]
    assert np.argwhere(np.isnan(cloud).all(axis=2)).tolist() == [[3, 4], [5, 6]]
    assert np.isnan(cloud).sum() == 6


@pytest.mark.parametrize("compression", [None, "lzw", "zlib"])
def test_a_tiff_cut_anywhere_is_refused(tmp_path: Path, compression: str | None) -> None:
    path = tmp_path / "part.tiff"
    tifffile.imwrite(path, XYZ, photometric="rgb", compression=compression)
    data = path.read_bytes()
    for size in range(1, len(data), len(data) // 40):
        path.write_bytes(data[:size])
        with pytest.raises(InputError):
            read_file(path, "cloud")


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tif", "pcd", "ply"])
def test_flipped_bytes_raise_nothing_else(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"part.{suffix}"
    if suffix in ("pcd", "ply"):
        raw(pcd(ROWS) if suffix == "pcd" else ply(ROWS))(path)
        modality = "cloud"
    else:
        Image.fromarray(COLOURS).save(path)
        modality = "rgb"
    data = path.read_bytes()
    for _ in range(100):
        damaged = bytearray(data)
        for place in RNG.integers(0, min(len(data), 300), 3):
            damaged[place] = RNG.integers(0, 256)
        path.write_bytes(damaged)
        with suppress(InputError):
            read_file(path, modality)
