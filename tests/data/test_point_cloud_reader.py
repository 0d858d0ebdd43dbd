from pathlib import Path

import numpy as np
import open3d
import pytest

from cmdiad_core.data.readers import _grid, modalities_in, read_file

RNG = np.random.default_rng(11)
GRID_XYZ = np.stack(
    [*np.meshgrid(np.arange(21) * 0.002, np.arange(13) * 0.002), RNG.uniform(0.4, 0.5, (13, 21))],
    axis=2,
).astype(np.float32)
GRID_COLOURS = RNG.integers(0, 256, (13, 21, 3), np.uint8)

SMALL_PCD = """# .PCD v0.7 - Point Cloud Data file format
VERSION 0.7
FIELDS label x y z {name}
SIZE 4 4 4 4 4
TYPE U F F F {type}
COUNT 1 1 1 1 1
WIDTH 2
HEIGHT 2
VIEWPOINT 0 0 0 1 0 0 0
POINTS 4
DATA {data}
"""
SMALL = np.array(
    [
        (1, 0.1, 0.2, 0.5, 0xFF0A141E),
        (1, 0.3, 0.2, 0.5, 0xFFFF0000),
        (0, np.nan, np.nan, np.nan, 0),
        (1, 0.3, 0.4, 0.6, 0xFF0000FF),
    ],
    dtype=[("label", "<u4"), ("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("c", "<u4")],
)
SMALL_COLOURS = [[[10, 20, 30], [255, 0, 0]], [[0, 0, 0], [0, 0, 255]]]


def open3d_cloud() -> open3d.geometry.PointCloud:
    points = open3d.utility.Vector3dVector(GRID_XYZ.reshape(-1, 3))
    cloud = open3d.geometry.PointCloud(points)
    cloud.colors = open3d.utility.Vector3dVector(GRID_COLOURS.reshape(-1, 3) / 255)
    return cloud


@pytest.mark.parametrize("suffix", ["pcd", "ply"])
@pytest.mark.parametrize("options", [{"write_ascii": True}, {}, {"compressed": True}])
def test_a_scan_on_a_grid_written_by_open3d_comes_back_as_that_grid(
    tmp_path: Path, suffix: str, options: dict[str, bool]
) -> None:
    path = tmp_path / f"part.{suffix}"
    open3d.io.write_point_cloud(str(path), open3d_cloud(), **options)
    found = read_file(path, "cloud")
    # open3d writes six digits into text files.
    np.testing.assert_allclose(found["cloud"], GRID_XYZ, atol=1e-6)
    np.testing.assert_allclose(found["rgb"], GRID_COLOURS / 255, atol=0.5 / 255)
    assert modalities_in(path) == ("cloud", "rgb")


@pytest.mark.parametrize("suffix", ["pcd", "ply"])
def test_a_cloud_without_colours(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"part.{suffix}"
    cloud = open3d_cloud()
    cloud.colors = open3d.utility.Vector3dVector()
    open3d.io.write_point_cloud(str(path), cloud)
    assert set(read_file(path, "cloud")) == {"cloud"}
    assert modalities_in(path) == ("cloud",)


@pytest.mark.parametrize(("name", "kind"), [("rgb", "F"), ("rgb", "U"), ("rgba", "U")])
def test_packed_colours_of_an_organised_binary_pcd(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / "part.pcd"
    header = SMALL_PCD.format(name=name, type=kind, data="binary").encode()
    path.write_bytes(header + SMALL.tobytes())
    check_small(read_file(path, "rgb"))


def test_an_organised_ascii_pcd(tmp_path: Path) -> None:
    path = tmp_path / "part.pcd"
    rows = "\n".join(" ".join(map(str, row)) for row in SMALL.tolist())
    path.write_text(SMALL_PCD.format(name="rgba", type="U", data="ascii") + rows)
    check_small(read_file(path, "rgb"))


def test_an_ascii_pcd_with_colours_packed_into_floats(tmp_path: Path) -> None:
    path = tmp_path / "part.pcd"
    opaque = SMALL["c"] & 0xFFFFFF
    rows = [(*row[:4], repr(c)) for row, c in zip(SMALL.tolist(), opaque.view("<f4"), strict=True)]
    text = "\n".join(
        " ".join(str(v).replace("np.float32", "").strip("()") for v in r) for r in rows
    )
    path.write_text(SMALL_PCD.format(name="rgb", type="F", data="ascii") + text)
    check_small(read_file(path, "rgb"))


def check_small(found: dict[str, np.ndarray]) -> None:
    assert np.isnan(found["cloud"][1, 0]).all()
    np.testing.assert_allclose(found["cloud"][1, 1], [0.3, 0.4, 0.6], atol=1e-6)
    np.testing.assert_allclose(found["rgb"] * 255, SMALL_COLOURS, atol=1e-4)


def test_big_endian_ply_with_faces_and_spare_properties(tmp_path: Path) -> None:
    path = tmp_path / "part.ply"
    header = (
        "ply\nformat binary_big_endian 1.0\ncomment made by hand\nelement vertex 4\n"
        "property double x\nproperty double y\nproperty double z\nproperty float quality\n"
        "property ushort red\nproperty ushort green\nproperty ushort blue\n"
        "element face 1\nproperty list uchar int vertex_indices\nend_header\n"
    )
    kinds = [(n, ">f8") for n in "xyz"] + [("q", ">f4")] + [(n, ">u2") for n in "rgb"]
    corners = [(0.0, 0.0, 1.0), (1.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.0, 1.0, 1.0)]
    vertices = np.array([(*c, 0.5, 65535, 0, 13107) for c in corners], dtype=kinds)
    path.write_bytes(header.encode() + vertices.tobytes() + b"\3\0\0\0\0")
    found = read_file(path, "cloud")
    np.testing.assert_allclose(found["cloud"].reshape(-1, 3), corners)
    np.testing.assert_allclose(found["rgb"][0, 0], [1, 0, 0.2], atol=1e-6)


def test_the_point_nearest_to_the_camera_covers_those_behind(tmp_path: Path) -> None:
    front = GRID_XYZ.reshape(-1, 3)
    behind = front[:100] + np.float32([0, 0, 0.3])
    cloud = open3d.geometry.PointCloud(
        open3d.utility.Vector3dVector(np.concatenate([front, behind]))
    )
    open3d.io.write_point_cloud(str(tmp_path / "part.ply"), cloud)
    np.testing.assert_allclose(read_file(tmp_path / "part.ply", "cloud")["cloud"], GRID_XYZ)


def test_random_points_fill_most_of_a_grid_of_their_spacing(tmp_path: Path) -> None:
    points = RNG.uniform(0, 1, (20_000, 3)) * [0.2, 0.1, 0.01] + [0, 0, 0.5]
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points))
    open3d.io.write_point_cloud(str(tmp_path / "part.ply"), cloud)
    grid = read_file(tmp_path / "part.ply", "cloud")["cloud"]
    height, width = grid.shape[:2]
    assert 0.45 < height / width < 0.55
    assert 0.6 < np.isfinite(grid[..., 0]).mean() < 0.85


def test_many_unordered_points_keep_a_cell_each(monkeypatch) -> None:
    monkeypatch.setattr(_grid, "_MAX_SIDE_OF_FEW", 64)
    monkeypatch.setattr(_grid, "_SPACING_POINTS", 20_000)
    y, x = np.mgrid[0:300, 0:500] * 1e-4
    points = np.stack([x, y, 0.5 + x], axis=-1).reshape(-1, 3).astype(np.float32)
    shuffled = np.random.default_rng(3).permutation(points)
    cloud, _ = _grid.rasterise(shuffled, None)
    np.testing.assert_array_equal(cloud, points.reshape(300, 500, 3))
    # Not more, however narrow the part is: 3 rows of 50,000 points.
    narrow = np.stack([np.arange(150_000) // 3 * 1e-4, np.arange(150_000) % 3 * 1e-4], axis=-1)
    narrow = np.concatenate([narrow, np.ones((150_000, 1))], axis=1).astype(np.float32)
    assert _grid.rasterise(narrow, None)[0].shape[1] == 2 * int(150_000**0.5)


def test_a_stray_point_does_not_make_an_endless_grid(tmp_path: Path) -> None:
    points = np.concatenate([GRID_XYZ.reshape(-1, 3), [[1e6, 1e6, 1.0]]])
    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points))
    open3d.io.write_point_cloud(str(tmp_path / "part.ply"), cloud)
    assert max(read_file(tmp_path / "part.ply", "cloud")["cloud"].shape) <= 2048


def test_real_scene_has_the_points_and_colours_that_open3d_finds(recordings: Path) -> None:
    path = recordings / "organized_pcd" / "test14.pcd"
    found = read_file(path, "cloud")
    assert found["cloud"].shape == found["rgb"].shape == (480, 640, 3)
    reference = open3d.io.read_point_cloud(str(path), remove_nan_points=False)
    expected = np.asarray(reference.points).reshape(480, 640, 3)
    np.testing.assert_allclose(found["cloud"], expected, rtol=1e-6)
    # The part's colours are those of a photograph: smooth, unlike a wrong byte order's.
    rgb = found["rgb"]
    assert np.abs(np.diff(rgb, axis=1)).mean() < 0.05
    assert 0.1 < rgb.mean() < 0.9
