from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_mask, load_sample
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

XYZ = np.random.default_rng(1).uniform(0.1, 0.6, (6, 8, 3)).astype(np.float32)


def part(tmp_path: Path, xyz: np.ndarray, size: tuple[int, int] = (6, 8)) -> PartFiles:
    Image.fromarray(np.full(size, 90, np.uint8)).save(tmp_path / "1.png")
    tifffile.imwrite(tmp_path / "1.tiff", xyz, photometric="rgb")
    return PartFiles("1", {"rgb": tmp_path / "1.png", "cloud": tmp_path / "1.tiff"})


def test_a_sample_on_one_grid_in_metres(tmp_path: Path) -> None:
    sample = load_sample(part(tmp_path, XYZ))
    assert set(sample.measured) == {"rgb", "cloud"}
    assert sample.shape == (6, 8)
    assert sample.metric
    assert sample.files["cloud"] == tmp_path / "1.tiff"


def test_a_scan_in_millimetres_is_not_called_metric(tmp_path: Path) -> None:
    assert not load_sample(part(tmp_path, XYZ * 1000)).metric


def test_an_image_alone_has_no_metres(tmp_path: Path) -> None:
    files = {"rgb": part(tmp_path, XYZ).files["rgb"]}
    assert not load_sample(PartFiles("1", files)).metric


def test_different_grids_name_both_files_and_sizes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"1\.tiff: has 8 x 6 .*1\.png has 9 x 5"):
        load_sample(part(tmp_path, XYZ, size=(5, 9)))


def test_a_single_row_of_pixels_is_no_measurement(tmp_path: Path) -> None:
    files = part(tmp_path, XYZ, size=(1, 500)).files
    with pytest.raises(InputError, match=r"1\.png: has 500 x 1 pixels"):
        load_sample(PartFiles("1", {"rgb": files["rgb"]}))


def test_a_part_without_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no measurement"):
        load_sample(PartFiles("1", {}))


def test_masks(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    mask = np.zeros((6, 8), np.uint8)
    mask[2, 3:5] = 1, 255
    Image.fromarray(mask).save(path)
    found = load_mask(PartFiles("1", {}, defective=True, mask=path), (6, 8))
    assert found.dtype == np.bool_
    np.testing.assert_array_equal(found, mask > 0)
    with pytest.raises(InputError, match=r"8 x 6 .* 9 x 6"):
        load_mask(PartFiles("1", {}, defective=True, mask=path), (6, 9))


def test_only_good_parts_need_no_mask() -> None:
    assert not load_mask(PartFiles("1", {}, defective=False), (6, 8)).any()
    for truth in (True, None):
        with pytest.raises(InputError, match="no ground truth"):
            load_mask(PartFiles("1", {}, defective=truth), (6, 8))


def test_real_parts(recordings: Path) -> None:
    for entry in open_dataset(recordings / "foreign_object").split("test")[:3]:
        sample = load_sample(entry)
        assert sample.metric
        assert sample.shape == (160, 160)
        assert load_mask(entry, sample.shape).any() == entry.defective
    scene = load_sample(open_dataset(recordings / "organized_pcd").parts[0])
    assert (scene.shape, scene.metric) == ((480, 640), True)
