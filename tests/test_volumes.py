"""Volumes read back voxel by voxel; what is wrong with a file is said in one sentence."""

import gzip

import nrrd
import numpy as np
import pytest
import tifffile

from cmdiad_core.data.volumes import is_volume, read_volume, volume_of
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

SHAPE = (5, 6, 7)


def voxels(kind):
    values = np.random.default_rng(3).normal(1000, 400, SHAPE)
    return values.astype(kind)


@pytest.mark.parametrize("kind", ["u1", "u2", "i2", "f4", ">u2"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_tiff_stack(tmp_path, kind, compression):
    expected, path = voxels(kind), tmp_path / "a.tif"
    byte_order = ">" if kind.startswith(">") else "<"
    tifffile.imwrite(
        path, expected, photometric="minisblack", compression=compression, byteorder=byte_order
    )
    assert is_volume(path)
    volume = read_volume(path)
    np.testing.assert_array_equal(volume.values, expected)
    assert isinstance(volume.values, np.memmap)
    assert volume.spacing is None


def test_imagej_notes_the_spacing(tmp_path):
    tifffile.imwrite(
        tmp_path / "a.tif",
        voxels("u2"),
        imagej=True,
        resolution=(1 / 40, 1 / 50),
        metadata={"spacing": 60.0, "unit": "micron", "axes": "ZYX"},
    )
    assert read_volume(tmp_path / "a.tif").spacing == pytest.approx((0.06, 0.05, 0.04))


@pytest.mark.parametrize("kind", ["u1", "i2", "u2", "f4", "f8"])
@pytest.mark.parametrize("encoding", ["raw", "gzip", "bzip2"])
def test_nrrd(tmp_path, kind, encoding):
    expected, path = voxels(kind), tmp_path / "a.nrrd"
    header = {
        "encoding": encoding,
        "space": "left-posterior-superior",
        "space directions": np.diag([0.1, 0.2, 0.3]),
    }
    nrrd.write(str(path), expected, header, index_order="C")
    volume = read_volume(path)
    np.testing.assert_array_equal(volume.values, expected)
    assert volume.spacing == pytest.approx((0.3, 0.2, 0.1))


def test_nrrd_with_its_data_beside_it(tmp_path):
    nrrd.write(str(tmp_path / "a.nhdr"), voxels("u2"), {"encoding": "raw"}, index_order="C")
    volume = read_volume(tmp_path / "a.nhdr")
    np.testing.assert_array_equal(volume.values, voxels("u2"))
    assert volume.spacing is None


def _write(path, sizes="7 6 5", kind="uint16", encoding="raw", data=b"", more=""):
    head = f"NRRD0004\ntype: {kind}\ndimension: 3\nsizes: {sizes}\nendian: little\n"
    path.write_bytes(f"{head}{more}encoding: {encoding}\n\n".encode() + data)


BYTES = voxels("u2").tobytes()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"data": BYTES[:-1]}, "cut short"),
        ({"data": BYTES, "sizes": "7 6 50000000"}, "cut short"),
        ({"data": BYTES, "sizes": "7 -6 5"}, "a volume has columns, rows and slices"),
        ({"data": BYTES, "kind": "block"}, "not shown"),
        ({"data": gzip.compress(BYTES)[:-20], "encoding": "gzip"}, "cut short"),
        ({"data": gzip.compress(bytes(10**8)), "encoding": "gzip"}, "unpacks to more"),
        ({"data": b"no gzip at all", "encoding": "gzip"}, "damaged"),
        ({"sizes": "9000000 9000000 9000000", "encoding": "gzip"}, "GB free"),
        ({"data": b"1 2 3", "encoding": "ascii"}, "save it raw"),
        ({"more": "data file: ../../secret.raw\n"}, "beside it"),
        ({"more": "byte skip: -99\n", "data": BYTES}, "cut short"),
    ],
)
def test_hostile_nrrd(tmp_path, written, words):
    path = tmp_path / "bad.nrrd"
    _write(path, **written)
    with pytest.raises(InputError, match=words) as caught:
        read_volume(path)
    assert "bad.nrrd" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_hostile_tiffs(tmp_path):
    path = tmp_path / "bad.tif"
    tifffile.imwrite(path, voxels("u2"), photometric="minisblack")
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(InputError, match=r"bad\.tif"):
        read_volume(path)
    with tifffile.TiffWriter(path) as file:
        file.write(np.zeros((4, 4), np.uint8))
        file.write(np.zeros((4, 5), np.uint8))
    with pytest.raises(InputError, match="different sizes"):
        read_volume(path)
    for flat in (np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3), np.uint8)):
        tifffile.imwrite(path, flat)
        assert not is_volume(path)
        with pytest.raises(InputError, match="no stack"):
            read_volume(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_volume(tmp_path / "none.nrrd")
    assert not is_volume(tmp_path / "none.tif")


def test_the_volume_of_a_part_lies_beside_its_images(tmp_path):
    for folder, stem in (("ct", "007"), ("rgb", "007"), ("rgb", "008")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{stem}.tif").touch()
    part = PartFiles("007", {"rgb": tmp_path / "rgb" / "007.tif"})
    assert volume_of(part) == tmp_path / "ct" / "007.tif"
    assert volume_of(PartFiles("008", {"rgb": tmp_path / "rgb" / "008.tif"})) is None
    loose = PartFiles("007", {"rgb": tmp_path / "007_rgb.png"})
    assert volume_of(loose) == tmp_path / "ct" / "007.tif"
