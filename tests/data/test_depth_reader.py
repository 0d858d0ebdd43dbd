import json
from pathlib import Path

import numpy as np
import open3d
import pytest
import tifffile
from PIL import Image

from cmdiad_core.data.readers import find_camera, read_file
from cmdiad_core.errors import InputError

DEPTH = np.random.default_rng(5).integers(400, 900, (24, 32), np.uint16)
DEPTH[3, 4] = 0
PINHOLE = {"fx": 40.0, "fy": 42.0, "cx": 15.5, "cy": 11.0}


def write(tmp_path: Path, depth: np.ndarray, camera: object, name: str = "depth.png") -> Path:
    if name.endswith("png"):
        Image.fromarray(depth).save(tmp_path / name)
    else:
        tifffile.imwrite(tmp_path / name, depth)
    text = camera if isinstance(camera, str) else json.dumps(camera)
    (tmp_path / "camera.json").write_text(text)
    return tmp_path / name


def cloud_of(path: Path) -> np.ndarray:
    return read_file(path, "cloud", path.with_name("camera.json"))["cloud"]


@pytest.mark.parametrize("name", ["depth.png", "depth.tif"])
def test_agrees_with_open3d(tmp_path: Path, name: str) -> None:
    cloud = cloud_of(write(tmp_path, DEPTH, PINHOLE, name))
    camera = open3d.camera.PinholeCameraIntrinsic(32, 24, 40.0, 42.0, 15.5, 11.0)
    reference = open3d.geometry.PointCloud.create_from_depth_image(
        open3d.geometry.Image(DEPTH), camera, depth_scale=1000.0
    )
    valid = np.isfinite(cloud[..., 0])
    assert not valid[3, 4]
    np.testing.assert_allclose(cloud[valid], np.asarray(reference.points), atol=1e-6)


def test_scale_of_the_camera_file_and_metres_of_float_depth(tmp_path: Path) -> None:
    scaled = cloud_of(write(tmp_path, DEPTH, {**PINHOLE, "depth_scale": 0.0001}))
    np.testing.assert_allclose(scaled[0, 0, 2], DEPTH[0, 0] / 10_000, rtol=1e-6)
    metres = (DEPTH / 1000).astype(np.float32)
    cloud = cloud_of(write(tmp_path, metres, PINHOLE, "depth.tiff"))
    np.testing.assert_allclose(cloud[0, 0, 2], metres[0, 0], rtol=1e-6)


def test_mvtec_camera_projects_back_onto_its_pixels(tmp_path: Path) -> None:
    camera = {
        "camera_type": "area_scan_division",
        "focus": 0.01,
        "kappa": -2000.0,
        "sx": 2.5e-4,
        "sy": 2.4e-4,
        "cx": 15.5,
        "cy": 11.0,
        "image_width": 32,
        "image_height": 24,
    }
    cloud = cloud_of(write(tmp_path, DEPTH, camera)).astype(np.float64)
    u, v = (0.01 * cloud[..., axis] / cloud[..., 2] for axis in (0, 1))
    # The division model, from ideal to distorted coordinates.
    stretch = 2 / (1 + np.sqrt(1 + 4 * 2000.0 * (u**2 + v**2)))
    valid = np.isfinite(u)
    columns, rows = np.meshgrid(np.arange(32), np.arange(24))
    np.testing.assert_allclose((u * stretch / 2.5e-4 + 15.5)[valid], columns[valid], atol=1e-3)
    np.testing.assert_allclose((v * stretch / 2.4e-4 + 11.0)[valid], rows[valid], atol=1e-3)


def test_a_missing_camera_says_what_is_needed_and_where(tmp_path: Path) -> None:
    path = write(tmp_path, DEPTH, PINHOLE)
    with pytest.raises(InputError, match=r"fx, fy, cx, cy.*calibration/camera_parameters\.json"):
        read_file(path, "cloud")


def test_the_camera_is_found_in_the_folder_of_the_data_set(tmp_path: Path) -> None:
    assert find_camera(tmp_path) is None
    (tmp_path / "calibration").mkdir()
    expected = tmp_path / "calibration" / "camera_parameters.json"
    expected.write_text("{}")
    assert find_camera(tmp_path) == expected


@pytest.mark.parametrize(
    ("camera", "problem"),
    [
        ("", "cannot be read"),
        ("[1, 2]", "no camera parameters"),
        ("[" * 100_000, "cannot be read"),
        ({"fx": 40.0}, "'cx'"),
        ({**PINHOLE, "fx": 0}, "above zero"),
        ({**PINHOLE, "fx": -3.0}, "above zero"),
        ({**PINHOLE, "fy": "forty"}, "number for 'fy'"),
        ('{"fx": NaN, "fy": 1, "cx": 1, "cy": 1}', "number for 'fx'"),
        ({**PINHOLE, "image_width": 64, "image_height": 48}, "32 x 24"),
        ({"focus": 0.01, "sx": 0, "sy": 1, "cx": 1, "cy": 1}, "'sx'"),
        (" " * 1_000_001, "too large"),
    ],
)
def test_bad_cameras(tmp_path: Path, camera: object, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        cloud_of(write(tmp_path, DEPTH, camera))


@pytest.mark.parametrize(
    ("depth", "problem"),
    [
        (np.zeros((4, 4), np.uint16), "no valid point"),
        (np.ones((4, 4), np.uint8), "8 bits"),
        (np.ones((4, 4, 3), np.uint8), "colour image"),
    ],
    ids=["all zero", "8 bit", "colours"],
)
def test_bad_depths(tmp_path: Path, depth: np.ndarray, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        cloud_of(write(tmp_path, depth, PINHOLE))
