from pathlib import Path

import numpy as np
import pytest
from layout_files import image, mesh, text

from cmdiad_core.data.layouts import open_dataset, parts_from_paths
from cmdiad_core.data.loading import load_own_mask, load_sample
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

LABELS = "object,RGB,infrared,pointcloud\n0,1,0,1\n1,0,1,0\n10,0,0,0\n"


def scan(root: Path, place: str, number: int) -> None:
    image(root / "RGB" / place / f"{number}.png", size=(30, 40))
    image(root / "Infrared" / place / f"{number}.png", size=(12, 16))
    mesh(root / "Pointcloud" / place / f"{number}.stl")


def shown(part: PartFiles) -> list[str]:
    return sorted(name for name, path in part.masks.items() if path)


@pytest.fixture
def capsule(tmp_path: Path) -> Path:
    """A class whose defects are seen by some sensors only."""
    root = tmp_path / "capsule"
    for number in (0, 2, 10):
        scan(root, "train", number)
    scan(root, "test/good", 0)
    for number in (0, 1, 10):
        scan(root, "test/hole", number)
    truth = "GT/hole"
    text(root / "RGB" / truth / "data.csv", LABELS)
    image(root / "RGB" / truth / "0.png", size=(30, 40))
    image(root / "Infrared" / truth / "1.png", size=(12, 16))
    text(root / "Pointcloud" / truth / "0.txt", "1,2,3,255,0,0\n4,5,6,255,0,0\n")
    return root


def test_parts_are_paired_by_number_and_not_registered(capsule: Path) -> None:
    dataset = open_dataset(capsule)
    assert dataset.layout == "mulsen_ad"
    assert dataset.modalities == ("rgb", "cloud", "infrared")
    assert [part.id for part in dataset.split("train")] == ["train/0", "train/2", "train/10"]
    assert not any(part.registered for part in dataset.parts)
    for part in dataset.parts:
        assert {path.stem for path in part.files.values()} == {part.id.rsplit("/", 1)[1]}
    assert parts_from_paths([capsule / "Pointcloud" / "test" / "hole" / "1.stl"]) == [
        part for part in dataset.parts if part.id == "test/hole/1"
    ]


def test_labels_say_which_sensor_shows_a_defect(capsule: Path) -> None:
    parts = {part.id: part for part in open_dataset(capsule).split("test")}
    truth = {name: (p.defective, p.defect_type, shown(p)) for name, p in parts.items()}
    assert truth == {
        "test/good/0": (False, "", []),
        "test/hole/0": (True, "hole", ["cloud", "rgb"]),
        "test/hole/1": (True, "hole", ["infrared"]),
        # In the folder of a defect that no sensor shows.
        "test/hole/10": (False, "hole", []),
    }
    assert parts["test/hole/1"].masks["rgb"] is None
    assert parts["test/hole/0"].masks["cloud"] == capsule / "Pointcloud" / "GT" / "hole" / "0.txt"


def test_without_labels_the_folder_tells_and_masks_are_unknown(capsule: Path) -> None:
    (capsule / "RGB" / "GT" / "hole" / "data.csv").unlink()
    holes = [part for part in open_dataset(capsule).parts if part.defect_type]
    assert [(part.defective, dict(part.masks)) for part in holes] == [(True, {})] * 3
    sample = load_sample(holes[0])
    with pytest.raises(InputError, match="no ground truth mask for rgb"):
        load_own_mask(holes[0], "rgb", sample.measured["rgb"])


def test_every_modality_keeps_its_own_grid_and_mask(capsule: Path) -> None:
    (hole,) = parts_from_paths([capsule / "RGB" / "test" / "hole" / "0.png"])
    sample = load_sample(hole)
    assert not sample.registered
    assert not sample.metric
    shapes = {name: values.shape[:2] for name, values in sample.measured.items()}
    assert shapes == {"rgb": (30, 40), "infrared": (12, 16), "cloud": (341, 512)}
    masks = {name: load_own_mask(hole, name, values) for name, values in sample.measured.items()}
    assert {name: mask.shape for name, mask in masks.items()} == shapes
    assert masks["rgb"].all()
    assert not masks["infrared"].any()


def test_points_of_the_truth_mark_the_surface_around_them(capsule: Path) -> None:
    """A dense patch of corners between x 5 and 10, y 2 and 6; and far below, one stray."""
    x, y = np.meshgrid(np.arange(5, 10.1, 0.5), np.arange(2, 6.1, 0.5))
    z = x / 30 + y / 20
    rows = np.stack([x, y, z, z * 0 + 255], -1).reshape(-1, 4)
    rows = np.concatenate([rows, [[20, 10, -50, 0]]])
    file = capsule / "Pointcloud" / "GT" / "hole" / "0.txt"
    np.savetxt(file, rows, delimiter=",")
    (hole,) = parts_from_paths([capsule / "Pointcloud" / "test" / "hole" / "0.stl"])
    cloud = load_sample(hole).measured["cloud"].astype(np.float64)
    mask = load_own_mask(hole, "cloud", cloud)
    right, up = cloud[..., 0], -cloud[..., 1]
    assert mask[(right > 5) & (right < 10) & (up > 2) & (up < 6)].all()
    assert not mask[(right < 4.4) | (right > 10.6) | (up < 1.4) | (up > 6.6)].any()
    for content, problem in (("1,2\n", "no list of points"), ("a,b,c\n", "no list of points")):
        text(file, content)
        with pytest.raises(InputError, match=problem):
            load_own_mask(hole, "cloud", cloud)
    text(file, "")
    assert not load_own_mask(hole, "cloud", cloud).any()
    file.unlink()
    with pytest.raises(InputError, match="cannot be opened"):
        load_own_mask(hole, "cloud", cloud)


def test_a_part_of_which_a_sensor_is_missing(capsule: Path) -> None:
    (capsule / "Infrared" / "train" / "2.png").unlink()
    (capsule / "RGB" / "test" / "good" / "0.png").unlink()
    assert open_dataset(capsule).missing() == {
        "train/2": ("infrared",),
        "test/good/0": ("rgb",),
    }


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ("object,RGB,infrared\n0,1,0\n", "pointcloud"),
        ("object,RGB,infrared,pointcloud\n0,1,0\n", "pointcloud"),
        ("object,RGB,infrared,pointcloud\n0,1,0,2\n", "other than 0 and 1 for object 0"),
        ("object,RGB,infrared,pointcloud\n0,1,0,\xff\n", "as a table"),
    ],
)
def test_spoilt_labels(capsule: Path, labels: str, problem: str) -> None:
    file = text(capsule / "RGB" / "GT" / "hole" / "data.csv", labels, "latin-1")
    with pytest.raises(InputError, match=problem) as refused:
        open_dataset(capsule)
    assert refused.value.where == file


def test_labels_from_a_spreadsheet(capsule: Path) -> None:
    file = capsule / "RGB" / "GT" / "hole" / "data.csv"
    text(file, LABELS.replace("\n", "\r\n").replace("0,1,0,1", " 0 ,1, 0,1,,"), "utf-8-sig")
    (hole,) = parts_from_paths([capsule / "RGB" / "test" / "hole" / "0.png"])
    assert shown(hole) == ["cloud", "rgb"]


def test_a_class_without_any_file_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "RGB" / "train").mkdir(parents=True)
    with pytest.raises(InputError, match=r"looks like the layout mulsen_ad.*Pointcloud"):
        open_dataset(tmp_path)
