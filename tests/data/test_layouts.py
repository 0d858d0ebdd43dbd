from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.errors import InputError

COLOURED_PLY = "ply\nformat ascii 1.0\nelement vertex 3\n" + "".join(
    f"property {kind} {name}\n"
    for kind, names in (("float", "xyz"), ("uchar", ("red", "green", "blue")))
    for name in names
)


def image(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((6, 8), 90, np.uint8)).save(path)
    return path


def cloud(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, np.full((6, 8, 3), 0.5, np.float32), photometric="rgb")
    return path


def coloured_ply(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = "0 0 1 9 9 9\n1 0 1 9 9 9\n0 1 1 9 9 9\n"
    path.write_text(f"{COLOURED_PLY}end_header\n{rows}")
    return path


@pytest.fixture
def tire(tmp_path: Path) -> Path:
    """A data set in the layout of MVTec 3D-AD with holes: 001 has no cloud, 002 no image."""
    root = tmp_path / "tire"
    for stem in ("000", "001"):
        image(root / "train" / "good" / "rgb" / f"{stem}.png")
    cloud(root / "train" / "good" / "xyz" / "000.tiff")
    cloud(root / "train" / "good" / "xyz" / "002.tiff")
    image(root / "validation" / "good" / "rgb" / "000.png")
    for kind in ("good", "dent"):
        for folder in ("rgb", "gt", "ir"):
            image(root / "test" / kind / folder / "003.png")
    image(root / "calibration" / "camera.png").with_name("camera_parameters.json").write_text("{}")
    image(root / "train" / "good" / "rgb" / ".hidden.png")
    return root


def test_mvtec3d_pairs_by_stem_and_says_what_is_missing(tire: Path) -> None:
    dataset = open_dataset(tire)
    assert dataset.layout == "mvtec3d"
    assert dataset.modalities == ("rgb", "cloud", "infrared")
    files = {part.id: {n: p.name for n, p in part.files.items()} for part in dataset.parts}
    assert files == {
        "train/good/000": {"rgb": "000.png", "cloud": "000.tiff"},
        "train/good/001": {"rgb": "001.png"},
        "train/good/002": {"cloud": "002.tiff"},
        "validation/good/000": {"rgb": "000.png"},
        "test/dent/003": {"rgb": "003.png", "infrared": "003.png"},
        "test/good/003": {"rgb": "003.png", "infrared": "003.png"},
    }
    assert dataset.missing() == {
        "train/good/000": ("infrared",),
        "train/good/001": ("cloud", "infrared"),
        "train/good/002": ("rgb", "infrared"),
        "validation/good/000": ("cloud", "infrared"),
        "test/dent/003": ("cloud",),
        "test/good/003": ("cloud",),
    }


def test_mvtec3d_knows_the_truth(tire: Path) -> None:
    dataset = open_dataset(tire)
    dent, good = dataset.split("test")
    assert (dent.defective, dent.defect_type) == (True, "dent")
    assert dent.mask == tire / "test" / "dent" / "gt" / "003.png"
    assert (good.defective, good.defect_type, good.mask) == (False, "", None)
    assert dent.camera == tire / "calibration" / "camera_parameters.json"
    assert [part.defective for part in dataset.split("train")] == [False] * 3


def test_a_folder_of_classes_names_them(tire: Path) -> None:
    image(tire.parent / "rope" / "train" / "good" / "rgb" / "000.png")
    with pytest.raises(InputError, match=r"rope, tire; name one of them, for example .*rope"):
        open_dataset(tire.parent)


def test_two_files_of_one_measurement_are_refused(tire: Path) -> None:
    image(tire / "train" / "good" / "rgb" / "000.jpg")
    with pytest.raises(InputError, match=r"000\.jpg: and|000\.png: and"):
        open_dataset(tire)


def test_a_coloured_cloud_stands_in_for_a_missing_image(tmp_path: Path) -> None:
    for stem in ("1", "2"):
        coloured_ply(tmp_path / "train" / "good" / "xyz" / f"{stem}.ply")
    image(tmp_path / "train" / "good" / "rgb" / "1.png")
    first, second = open_dataset(tmp_path).parts
    assert [path.suffix for path in first.files.values()] == [".png", ".ply"]
    assert second.files["rgb"] == second.files["cloud"]


def test_a_damaged_cloud_does_not_hide_the_other_parts(tmp_path: Path) -> None:
    coloured_ply(tmp_path / "train" / "good" / "xyz" / "1.ply")
    (tmp_path / "train" / "good" / "xyz" / "2.ply").write_bytes(b"rubbish")
    assert [sorted(part.files) for part in open_dataset(tmp_path).parts] == [
        ["cloud", "rgb"],
        ["cloud"],
    ]


def test_folder_with_a_subfolder_for_each_modality(tmp_path: Path) -> None:
    image(tmp_path / "rgb" / "a.png")
    image(tmp_path / "rgb" / "b.png")
    cloud(tmp_path / "cloud" / "b.tiff")
    dataset = open_dataset(tmp_path)
    assert dataset.layout == "folder"
    assert [(part.id, tuple(part.files)) for part in dataset.parts] == [
        ("a", ("rgb",)),
        ("b", ("rgb", "cloud")),
    ]
    assert {(part.split, part.defective) for part in dataset.parts} == {("", None)}


def test_folder_of_files_that_name_their_modality(tmp_path: Path) -> None:
    image(tmp_path / "cell 10_RGB.png")
    cloud(tmp_path / "cell 10_xyz.tiff")
    image(tmp_path / "cell 10_infrared.tif")
    coloured_ply(tmp_path / "cell 9_cloud.ply")
    (tmp_path / "notes.txt").write_text("nothing")
    nine, ten = open_dataset(tmp_path).parts
    assert (nine.id, tuple(nine.files)) == ("cell 9", ("rgb", "cloud"))
    assert (ten.id, tuple(ten.files)) == ("cell 10", ("rgb", "cloud", "infrared"))


def test_folder_of_files_that_show_their_modality(tmp_path: Path) -> None:
    image(tmp_path / "front_side.png")
    image(tmp_path / "grey.tif")
    cloud(tmp_path / "scan.tif")
    coloured_ply(tmp_path / "model.ply")
    assert {part.id: tuple(part.files) for part in open_dataset(tmp_path).parts} == {
        "front_side": ("rgb",),
        "grey": ("rgb",),
        "model": ("rgb", "cloud"),
        "scan": ("cloud",),
    }


def test_a_folder_called_like_a_modality_holds_it(tmp_path: Path) -> None:
    image(tmp_path / "thermal" / "1.png")
    assert open_dataset(tmp_path / "thermal").modalities == ("infrared",)


def test_folders_without_partners_name_examples(tmp_path: Path) -> None:
    image(tmp_path / "rgb" / "a.png")
    cloud(tmp_path / "cloud" / "b.tif")
    with pytest.raises(InputError, match=r"rgb/a\.png and cloud/b\.tif"):
        open_dataset(tmp_path)


def test_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no measurement.*\.png"):
        open_dataset(tmp_path)
    (tmp_path / "rgb").mkdir()
    with pytest.raises(InputError, match="no measurement"):
        open_dataset(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        open_dataset(tmp_path / "gone")
    with pytest.raises(InputError, match="not a folder"):
        open_dataset(image(tmp_path / "a.png"))


def test_real_data_sets(recordings: Path) -> None:
    tire = open_dataset(recordings / "mvtec_3d_rgb" / "tire")
    assert tire.modalities == ("rgb",)
    assert tire.missing() == {}
    assert all((part.mask is not None) == part.defective for part in tire.parts)
    objects = open_dataset(recordings / "foreign_object")
    assert objects.modalities == ("rgb", "cloud")
    assert len(objects.parts) == sum(len(objects.split(s)) for s in ("train", "validation", "test"))
    assert {part.defect_type for part in objects.split("test")} == {"", "object"}
    scenes = open_dataset(recordings / "organized_pcd")
    assert (scenes.layout, scenes.modalities, len(scenes.parts)) == ("folder", ("rgb", "cloud"), 3)
