from pathlib import Path

import pytest
from layout_files import image, mesh, text

from cmdiad_core.data.layouts import open_dataset, parts_from_paths
from cmdiad_core.errors import InputError

LABELS = "object,RGB,infrared,pointcloud\n0,1,0,1\n1,0,1,0\n10,0,0,0\n"


def scan(root: Path, place: str, number: int) -> None:
    image(root / "RGB" / place / f"{number}.png", size=(30, 40))
    image(root / "Infrared" / place / f"{number}.png", size=(12, 16))
    mesh(root / "Pointcloud" / place / f"{number}.stl")


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
    truth = {name: (p.defective, p.defect_type, sorted(p.masks)) for name, p in parts.items()}
    assert truth == {
        "test/good/0": (False, "", []),
        "test/hole/0": (True, "hole", ["cloud", "rgb"]),
        "test/hole/1": (True, "hole", ["infrared"]),
        # In the folder of a defect that no sensor shows.
        "test/hole/10": (False, "hole", []),
    }
    assert parts["test/hole/0"].masks["cloud"] == capsule / "Pointcloud" / "GT" / "hole" / "0.txt"


def test_without_labels_the_folder_tells(capsule: Path) -> None:
    (capsule / "RGB" / "GT" / "hole" / "data.csv").unlink()
    assert all(part.defective for part in open_dataset(capsule).parts if part.defect_type)


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
    assert sorted(next(p for p in open_dataset(capsule).parts if p.id == "test/hole/0").masks) == [
        "cloud",
        "rgb",
    ]


def test_a_class_without_any_file_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "RGB" / "train").mkdir(parents=True)
    with pytest.raises(InputError, match=r"looks like the layout mulsen_ad.*Pointcloud"):
        open_dataset(tmp_path)
