import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from layout_files import image, points, text

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.readers import read_file
from cmdiad_core.errors import InputError


def sample(root: Path, kind: str, number: int, plain: bool = False) -> dict[str, str]:
    """Write the files of a part as they are published and return its entry in the list."""
    place = f"{kind}/S{number:04}"
    stem = f"{root.name}_{number:04}_{kind}"
    image(root / place / f"{stem}_RGBL05_00.jpg", size=(30, 40))
    image(root / place / f"{stem}_PS_00.jpg", size=(30, 40))
    xyz = np.zeros((30, 40, 3), np.float32)
    # What gives the label away: x and y are constants.
    xyz[..., 0] = 0.166 if kind == "OK" else 0.2
    tifffile.imwrite(root / place / f"{stem}_XYZ_00.tiff", xyz, photometric="rgb")
    points(root / place / (f"{stem}_XYZ_00.pcd" if plain else f"{stem}_PCD_00.pcd"))
    entry = {
        "image_path": f"{place}/{stem}_RGBL05_00.jpg",
        "ps_path": f"{place}/{stem}_PS_00.jpg",
        "xyz_path": f"{place}/{stem}_XYZ_00.tiff",
        "anomaly_class": kind,
    }
    if kind != "OK":
        image(root / place / f"{stem}_mask.png", size=(30, 40))
        entry["mask_path"] = f"{place}/{stem}_mask.png"
    return entry


@pytest.fixture
def fuse(tmp_path: Path) -> Path:
    root = tmp_path / "realiad_d3_raw" / "fuse_holder"
    content = {
        "meta": {"prefix": "fuse_holder/"},
        "train": [sample(root, "OK", 1)],
        "validation": [sample(root, "OK", 2, plain=True)],
        "test": [sample(root, "OK", 3), sample(root, "scratch", 4)],
    }
    text(tmp_path / "realiad_d3_jsons" / "fuse_holder.json", json.dumps(content))
    return root


def rewrite(fuse: Path, change) -> Path:
    file = fuse.parent.parent / "realiad_d3_jsons" / "fuse_holder.json"
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))
    return file


def test_parts_come_from_the_list(fuse: Path) -> None:
    dataset = open_dataset(fuse)
    assert dataset.layout == "real_iad_d3"
    good, scratch = dataset.split("test")
    assert (good.defective, good.defect_type, dict(good.masks)) == (False, "", {})
    assert (scratch.defective, scratch.defect_type) == (True, "scratch")
    assert scratch.masks == {"rgb": fuse / "scratch/S0004/fuse_holder_0004_scratch_mask.png"}
    assert scratch.id == "test/scratch/S0004/fuse_holder_0004_scratch_RGBL05_00"
    assert not any(part.registered for part in dataset.parts)
    assert [len(dataset.split(name)) for name in ("train", "validation", "test")] == [1, 1, 2]


def test_geometry_comes_from_the_points_and_never_from_the_tiff(fuse: Path) -> None:
    for part in open_dataset(fuse).parts:
        assert part.files["cloud"].suffix == ".pcd"
        cloud = read_file(part.files["cloud"], "cloud")["cloud"]
        assert np.nanmax(cloud[..., 0]) - np.nanmin(cloud[..., 0]) == 4
    next(fuse.glob("OK/S0003/*.pcd")).unlink()
    lacking = open_dataset(fuse).missing()
    assert list(lacking.values()) == [("cloud",)]
    assert "S0003" in next(iter(lacking))


@pytest.mark.parametrize("place", ["fuse_holder/fuse_holder.json", "fuse_holder.json"])
def test_other_places_of_the_list(fuse: Path, place: str) -> None:
    file = fuse.parent.parent / "realiad_d3_jsons" / "fuse_holder.json"
    file.replace(fuse.parent / place)
    assert len(open_dataset(fuse).parts) == 4


def test_without_its_list_a_class_says_what_was_expected(fuse: Path) -> None:
    (fuse.parent.parent / "realiad_d3_jsons" / "fuse_holder.json").unlink()
    with pytest.raises(InputError, match=r"its list fuse_holder\.json is neither.*expected"):
        open_dataset(fuse)


@pytest.mark.parametrize("path", ["../../secret.jpg", "/etc/passwd", "", "OK/../../x.jpg"])
def test_paths_out_of_the_class(fuse: Path, path: str) -> None:
    file = rewrite(fuse, lambda content: content["train"][0].update(xyz_path=path or "OK/.."))
    with pytest.raises(InputError, match="does not lie below") as refused:
        open_dataset(fuse)
    assert refused.value.where == file


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda content: content["test"][0].pop("anomaly_class"), r"test\.0\.anomaly_class"),
        (lambda content: content["test"][0].update(image_path=7), r"test\.0\.image_path"),
        (lambda content: content.update(train={}), "not one of a part: train"),
        (lambda content: content["test"].append(content["test"][0]), "twice in test"),
        (lambda content: content["test"].append({"anomaly_class": "OK"}), "without image_path"),
    ],
)
def test_spoilt_entries(fuse: Path, change, problem: str) -> None:
    file = rewrite(fuse, change)
    with pytest.raises(InputError, match=problem) as refused:
        open_dataset(fuse)
    assert refused.value.where == file


@pytest.mark.parametrize("content", ["", "[1, 2]", "[" * 100_000, "{", "\xff"])
def test_a_list_that_is_none(fuse: Path, content: str) -> None:
    text(fuse.parent.parent / "realiad_d3_jsons" / "fuse_holder.json", content, "latin-1")
    with pytest.raises(InputError, match="cannot be read as the list"):
        open_dataset(fuse)
