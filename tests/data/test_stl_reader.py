import struct
from pathlib import Path

import numpy as np
import open3d
import pytest

from cmdiad_core.data.readers import modalities_in, read_file
from cmdiad_core.errors import InputError

#: A roof over 4 x 2 with its ridge along x at height 1, and a floor at 0 below it.
ROOF = np.float32(
    [
        [[0, 0, 0], [4, 0, 0], [4, 1, 1]],
        [[0, 0, 0], [4, 1, 1], [0, 1, 1]],
        [[0, 1, 1], [4, 1, 1], [4, 2, 0]],
        [[0, 1, 1], [4, 2, 0], [0, 2, 0]],
        [[0, 0, 0], [4, 0, 0], [4, 2, 0]],
        [[0, 0, 0], [4, 2, 0], [0, 2, 0]],
    ]
)


def binary(triangles: np.ndarray, header: bytes = b"scanner", count: int | None = None) -> bytes:
    rows = np.zeros(len(triangles), [("n", "<f4", 3), ("c", "<f4", (3, 3)), ("s", "<u2")])
    rows["c"] = triangles
    number = len(triangles) if count is None else count
    return header.ljust(80) + struct.pack("<I", number) + rows.tobytes()


def text(triangles: np.ndarray) -> bytes:
    lines = ["solid part"]
    for corners in triangles:
        lines += ["facet normal 0 0 0", " outer loop"]
        lines += ["  vertex {} {} {}".format(*corner) for corner in corners]
        lines += [" endloop", "endfacet"]
    return "\n".join([*lines, "endsolid part"]).encode()


def cloud(tmp_path: Path, content: bytes) -> np.ndarray:
    path = tmp_path / "part.stl"
    path.write_bytes(content)
    return read_file(path, "cloud")["cloud"]


@pytest.mark.parametrize("write", [binary, text, lambda roof: binary(roof, b"solid part")])
def test_the_upper_side_is_seen_from_above(tmp_path: Path, write) -> None:
    seen = cloud(tmp_path, write(ROOF + np.float32([10, 20, 30])))
    assert seen.shape == (256, 512, 3)
    assert seen.dtype == np.float32
    x, y, z = np.moveaxis(seen.astype(np.float64), -1, 0) * [[[1]], [[-1]], [[-1]]]
    np.testing.assert_allclose(x[0, [0, -1]], [10 + 4 / 1024, 14 - 4 / 1024], atol=1e-5)
    # The first row is the far side: an image's y points down.
    np.testing.assert_allclose(y[[0, -1], 0], [22 - 4 / 1024, 20 + 4 / 1024], atol=1e-5)
    np.testing.assert_allclose(z, 31 - np.abs(y - 21), atol=1e-5)


def test_a_mesh_written_by_open3d_has_the_points_of_its_shape(tmp_path: Path) -> None:
    ball = open3d.geometry.TriangleMesh.create_sphere(3.0, resolution=120)
    ball.compute_triangle_normals()
    open3d.io.write_triangle_mesh(str(tmp_path / "part.stl"), ball)
    seen = read_file(tmp_path / "part.stl", "cloud")["cloud"]
    valid = np.isfinite(seen[..., 0])
    assert abs(valid.mean() - np.pi / 4) < 0.01
    np.testing.assert_allclose(np.linalg.norm(seen[valid], axis=-1), 3.0, atol=0.005)
    assert seen[valid][:, 2].max() <= 0.01
    assert modalities_in(tmp_path / "part.stl") == ("cloud",)


def test_triangles_that_are_not_numbers_are_left_out(tmp_path: Path) -> None:
    spoilt = np.concatenate([ROOF, ROOF[:1] * np.nan, ROOF[:1] + np.inf])
    np.testing.assert_array_equal(cloud(tmp_path, binary(spoilt)), cloud(tmp_path, binary(ROOF)))


def test_size_and_place_cost_no_precision(tmp_path: Path) -> None:
    plain = cloud(tmp_path, binary(ROOF))
    large = cloud(tmp_path, binary(ROOF * np.float32(1e8)))
    np.testing.assert_allclose(large / np.float32(1e8), plain, atol=1e-5)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (binary(ROOF, count=4_000_000_000), "4000000000 triangles announced in 384 bytes"),
        (binary(ROOF)[:-30], "cut short"),
        (b"short", "cut short"),
        (binary(ROOF[:0]), "no triangle"),
        (binary(ROOF * np.float32(np.nan)), "no triangle"),
        (b"solid part\nendsolid part", "no triangle"),
        (text(ROOF)[:-90], "does not end in endsolid"),
        (text(ROOF).replace(b"  vertex 0.0 2.0 0.0\n", b"", 1), "without three corners"),
        (text(ROOF).replace(b"4.0 1.0 1.0", b"4.0 1.0"), "damaged"),
        (text(ROOF).replace(b"4.0 1.0 1.0", b"4.0 1.0 one"), "damaged"),
        (binary(ROOF[..., [0, 0, 2]]), "no valid point"),
        (binary(ROOF * np.float32([0, 1, 1])), "no surface from above"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "holds PNG data"),
    ],
)
def test_spoilt_files(tmp_path: Path, content: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        cloud(tmp_path, content)
    assert refused.value.where == tmp_path / "part.stl"


def test_more_triangles_than_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmdiad_core.data.readers.stl.MAX_TRIANGLES", 5)
    for content in (binary(ROOF), text(ROOF)):
        with pytest.raises(InputError, match="has 6 triangles, more than the 5"):
            cloud(tmp_path, content)
