from pathlib import Path

import numpy as np
import pytest
import tifffile

from cmdiad_core.data.readers import modalities_in, read_file

XYZ = np.random.default_rng(3).uniform(0.1, 1, (9, 14, 3)).astype(np.float32)


@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "zstd"])
@pytest.mark.parametrize("photometric", ["rgb", "minisblack"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_coordinates_keep_their_values(
    tmp_path: Path, compression: str | None, photometric: str, dtype: type
) -> None:
    path = tmp_path / "part.tiff"
    # Without a colour model every image row becomes a page of its own.
    tifffile.imwrite(path, XYZ.astype(dtype), photometric=photometric, compression=compression)
    cloud = read_file(path, "cloud")["cloud"]
    assert cloud.dtype == np.float32
    np.testing.assert_array_equal(cloud, XYZ)
    assert modalities_in(path) == ("cloud",)


def test_zero_and_infinite_points_become_nan_as_a_whole(tmp_path: Path) -> None:
    xyz = XYZ.astype(np.float64)
    xyz[0, 0] = 0
    xyz[1, 1, 2] = np.nan
    xyz[2, 2, 0] = np.inf
    xyz[3, 3, 1] = 1e300
    xyz[4, 4] = 0, 0, 0.5
    tifffile.imwrite(tmp_path / "part.tif", xyz, photometric="rgb")
    cloud = read_file(tmp_path / "part.tif", "cloud")["cloud"]
    invalid = np.isnan(cloud)
    assert {tuple(place) for place in np.argwhere(invalid.any(axis=2))} == {
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
    }
    np.testing.assert_array_equal(invalid.any(axis=2), invalid.all(axis=2))


def test_one_row_of_points(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "line.tif", XYZ[:1], photometric="rgb")
    assert read_file(tmp_path / "line.tif", "cloud")["cloud"].shape == (1, 14, 3)


def test_real_recording_is_what_tifffile_reads(recordings: Path) -> None:
    path = recordings / "foreign_object" / "test" / "object" / "xyz" / "000.tiff"
    expected = tifffile.imread(path)
    cloud = read_file(path, "cloud")["cloud"]
    holes = (expected == 0).all(axis=2)
    assert holes.any()
    np.testing.assert_array_equal(np.isnan(cloud[..., 0]), holes)
    np.testing.assert_array_equal(cloud[~holes], expected[~holes])
