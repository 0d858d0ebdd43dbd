from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from cmdiad_core.data.layouts import parts_from_paths
from cmdiad_core.errors import InputError


def image(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((6, 8), 90, np.uint8)).save(path)
    return path


def cloud(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, np.full((6, 8, 3), 0.5, np.float32), photometric="rgb")
    return path


@pytest.fixture
def tire(tmp_path: Path) -> Path:
    root = tmp_path / "tire"
    image(root / "train" / "good" / "rgb" / "000.png")
    for kind in ("dent", "good"):
        for stem in ("000", "001"):
            image(root / "test" / kind / "rgb" / f"{stem}.png")
            image(root / "test" / kind / "gt" / f"{stem}.png")
            cloud(root / "test" / kind / "xyz" / f"{stem}.tiff")
    return root


def ids(*paths: Path) -> list[str]:
    return [part.id for part in parts_from_paths(paths)]


def test_a_data_set_means_its_test_parts(tire: Path) -> None:
    assert ids(tire) == ["test/dent/000", "test/dent/001", "test/good/000", "test/good/001"]


def test_a_folder_in_a_data_set_means_the_parts_below(tire: Path) -> None:
    assert ids(tire / "test" / "good") == ["test/good/000", "test/good/001"]
    assert ids(tire / "test" / "good" / "rgb") == ["test/good/000", "test/good/001"]
    assert ids(tire / "train") == ["train/good/000"]


@pytest.mark.parametrize("place", ["rgb/001.png", "xyz/001.tiff", "gt/001.png"])
def test_any_file_of_a_part_means_the_part_with_its_truth(tire: Path, place: str) -> None:
    (part,) = parts_from_paths([tire / "test" / "dent" / place])
    assert (part.id, tuple(part.files), part.defect_type) == (
        "test/dent/001",
        ("rgb", "cloud"),
        "dent",
    )


def test_each_part_comes_once(tire: Path) -> None:
    dent = tire / "test" / "dent"
    assert ids(dent / "xyz" / "001.tiff", dent, dent / "rgb" / "001.png") == [
        "test/dent/001",
        "test/dent/000",
    ]


def test_relative_paths(tire: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tire / "test" / "dent" / "rgb")
    (part,) = parts_from_paths([Path("001.png")])
    assert part.id == "test/dent/001"


def test_a_list_above_that_is_no_list_of_parts_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "some other program"}')
    given = image(tmp_path / "new" / "a.png")
    assert ids(given) == ids(given.parent) == ["a"]
    with pytest.raises(InputError, match=r"manifest\.json: cannot be read"):
        ids(tmp_path)


def test_siblings_in_modality_folders_outside_of_a_data_set(tmp_path: Path) -> None:
    given = image(tmp_path / "rgb" / "a.png")
    image(tmp_path / "rgb" / "b.png")
    cloud(tmp_path / "xyz" / "a.tiff")
    (part,) = parts_from_paths([given])
    assert (part.id, tuple(part.files)) == ("a", ("rgb", "cloud"))


def test_loose_files_of_one_stem_are_one_part(tmp_path: Path) -> None:
    paths = [
        image(tmp_path / "p_rgb.png"),
        image(tmp_path / "q.png"),
        cloud(tmp_path / "p_xyz.tif"),
    ]
    image(tmp_path / "q_infrared.png")
    found = parts_from_paths(paths)
    assert [(part.id, tuple(part.files)) for part in found] == [
        ("p", ("rgb", "cloud")),
        ("q", ("rgb",)),
    ]


def test_a_plain_folder_beside_the_splits_of_a_data_set(tire: Path) -> None:
    image(tire / "new" / "x.png")
    assert ids(tire / "new") == ["x"]


def test_equal_ids_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    days = [image(tmp_path / day / "1.png").parent for day in ("monday", "tuesday")]
    image(tmp_path / "tuesday" / "2.png")
    assert ids(*days) == ["monday/1", "tuesday/1", "2"]


def test_paths_that_mean_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        parts_from_paths([tmp_path / "gone"])
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(InputError, match=r"notes\.txt: is no image"):
        parts_from_paths([image(tmp_path / "a.png"), tmp_path / "notes.txt"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no measurement"):
        parts_from_paths([tmp_path / "empty"])
    assert parts_from_paths([]) == []


def test_a_damaged_file_becomes_a_part_that_explains_itself_when_read(tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_bytes(b"rubbish")
    assert ids(tmp_path / "a.ply") == ["a"]


def test_real_recordings(recordings: Path) -> None:
    folder = recordings / "foreign_object" / "test" / "object"
    (part,) = parts_from_paths([folder / "xyz" / "003.tiff"])
    assert (part.id, sorted(part.files)) == ("test/object/003", ["cloud", "rgb"])
    (scene,) = parts_from_paths([recordings / "organized_pcd" / "test14.pcd"])
    assert sorted(scene.files) == ["cloud", "rgb"]
