import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from cmdiad_core.errors import InputError
from cmdiad_core.progress import silent
from cmdiad_core.workflows.check import Check, check


def image(path: Path, value: int = 51, size: tuple[int, int] = (6, 8)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full(size, value, np.uint8)).save(path)
    return path


def cloud(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    xyz = np.full((6, 8, 3), 0.5, np.float32)
    xyz[0] = 0
    xyz[1, 0, 2] = 0.7
    tifffile.imwrite(path, xyz, photometric="rgb")
    return path


@pytest.fixture
def tire(tmp_path: Path) -> Path:
    root = tmp_path / "tire"
    for stem in ("000", "001", "002"):
        image(root / "train" / "good" / "rgb" / f"{stem}.png")
    cloud(root / "train" / "good" / "xyz" / "000.tiff")
    for stem in ("000", "001"):
        image(root / "test" / "cut" / "rgb" / f"{stem}.png", value=255)
        image(root / "test" / "cut" / "gt" / f"{stem}.png", value=255)
    return root


def checked(root: Path) -> Check:
    said: list[InputError] = []
    found = check(root, progress=silent, skipped=said.append)
    assert [(str(e.where), e.problem) for e in said] == [
        (one.file, one.problem) for one in found.unreadable
    ]
    return found


def test_what_is_there_and_what_is_missing(tire: Path) -> None:
    found = checked(tire)
    assert (found.layout, found.registered) == ("mvtec3d", True)
    train, cut = found.groups
    assert (train.split, train.kind, train.parts) == ("train", "good", 3)
    assert train.readable == {"rgb": 3, "cloud": 1}
    assert train.lacking == {"cloud": ["train/good/001", "train/good/002"]}
    assert (cut.split, cut.kind, cut.parts, cut.readable) == (
        "test",
        "cut",
        2,
        {"rgb": 2, "cloud": 0},
    )
    assert found.unreadable == found.notes == ()


def test_values(tire: Path) -> None:
    image(tire / "test" / "cut" / "rgb" / "001.png", value=255, size=(5, 9))
    image(tire / "test" / "cut" / "gt" / "001.png", value=255, size=(5, 9))
    found = checked(tire)
    rgb, points = found.values["rgb"], found.values["cloud"]
    assert rgb.sizes == {"8 x 6": 4, "9 x 5": 1}
    assert (rgb.lowest, rgb.highest, rgb.valid) == (pytest.approx(0.2), 1.0, (1.0, 1.0, 1.0))
    assert (rgb.grey, points.grey) == (5, 0)
    assert (points.lowest, points.highest) == (0.5, pytest.approx(0.7))
    assert points.valid == (40 / 48, 40 / 48, 40 / 48)


def test_every_file_that_cannot_be_read_is_named_and_the_rest_is_counted(tire: Path) -> None:
    spoilt = tire / "train" / "good" / "rgb" / "000.png"
    spoilt.write_bytes(spoilt.read_bytes()[:40])
    (tire / "train" / "good" / "xyz" / "000.tiff").write_bytes(b"II*\0")
    image(tire / "test" / "cut" / "gt" / "000.png", size=(7, 8))
    found = checked(tire)
    assert [(one.part, Path(one.file).name) for one in found.unreadable] == [
        ("train/good/000", "000.png"),
        ("train/good/000", "000.tiff"),
        ("test/cut/000", "000.png"),
    ]
    assert "8 x 7 pixels, but its part has 8 x 6" in found.unreadable[2].problem
    assert found.groups[0].readable == {"rgb": 2, "cloud": 0}


def test_modalities_on_different_grids(tire: Path) -> None:
    image(tire / "train" / "good" / "rgb" / "000.png", size=(5, 9))
    (problem,) = checked(tire).unreadable
    assert "8 x 6" in problem.problem
    assert "9 x 5" in problem.problem


def test_masks_that_do_not_fit_the_truth(tire: Path) -> None:
    (tire / "test" / "cut" / "gt" / "000.png").unlink()
    image(tire / "test" / "cut" / "gt" / "001.png", value=0)
    assert [(note.part, note.note) for note in checked(tire).notes] == [
        ("test/cut/000", "defective, but has no mask"),
        ("test/cut/001", "its mask shows no defect"),
    ]


def test_serial_numbers_and_masks_of_a_manifest(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        image(tmp_path / f"{name}.png")
    (tmp_path / "manifest.csv").write_text(
        "id,split,label,rgb,mask,serial\na,train,good,a.png,,SN1\nb,test,good,b.png,c.png,SN1\n"
        "c,test,,c.png,,\n"
    )
    found = checked(tmp_path)
    assert [group.kind for group in found.groups] == ["good", "good", "unknown"]
    assert {(note.part, note.note) for note in found.notes} == {
        ("a", "its serial number SN1 is in test too"),
        ("b", "its serial number SN1 is in train too"),
        ("b", "good, but its mask shows a defect"),
    }


def test_modalities_with_masks_of_their_own(tmp_path: Path) -> None:
    """MulSen-AD: images of different sizes, labels of which one lies about its mask."""
    root = tmp_path / "cube"
    for folder, size in (("RGB", (6, 8)), ("Infrared", (3, 4))):
        image(root / folder / "train" / "0.png", size=size)
        image(root / folder / "test" / "crack" / "0.png", size=size)
    labels = root / "RGB" / "GT" / "crack" / "data.csv"
    image(labels.with_name("0.png"), value=0)
    labels.write_text("object,RGB,infrared,pointcloud\n0,1,1,0\n")
    found = checked(root)
    assert not found.registered
    assert [note.note for note in found.notes] == []
    (missing,) = found.unreadable
    assert missing.file == str(root / "Infrared" / "GT" / "crack" / "0.png")
    image(root / "Infrared" / "GT" / "crack" / "0.png", size=(3, 4))
    assert [note.note for note in checked(root).notes] == ["its rgb mask shows no defect"]


def test_json_has_what_was_found(tire: Path) -> None:
    found = checked(tire)
    content = json.loads(found.to_json())
    assert content.pop("schema") == 1
    assert Check.model_validate(content) == found


def test_progress_may_stop_it(tire: Path) -> None:
    calls = []

    def stop(stage: str, done: int, total: int) -> None:
        calls.append((stage, done, total))
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        check(tire, progress=stop, skipped=lambda error: None)
    assert calls == [("read", 0, 5), ("read", 1, 5), ("read", 2, 5)]


def test_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no measurement"):
        checked(tmp_path)


def test_specks_in_a_mask_are_noted(tire: Path) -> None:
    mask = np.zeros((6, 8), np.uint8)
    mask[0, 0] = mask[1, 1] = mask[5, 7] = 255  # two at a corner are one area
    mask[2:4, 4:7] = 255
    Image.fromarray(mask).save(tire / "test" / "cut" / "gt" / "000.png")
    (note,) = checked(tire).notes
    assert note.part == "test/cut/000"
    assert "2 pieces of fewer than 5 pixels" in note.note


def test_files_that_are_passed_over_are_noted(tire: Path) -> None:
    folder = tire / "train" / "good" / "rgb"
    for name in ("007.webp", "008.gif", "notes.txt", "009.npy", ".DS_Store"):
        (folder / name).write_text("x")
    (note,) = [one for one in checked(tire).notes if one.part == str(Path("train/good/rgb"))]
    assert note.note.startswith("007.webp, 008.gif, 009.npy and 1 more not read; ")
    assert ".png" in note.note
