from pathlib import Path

import numpy as np
import pytest
from layout_files import image, text
from PIL import Image

from cmdiad_core.data.layouts import open_dataset, parts_from_paths
from cmdiad_core.data.loading import load_mask, load_sample
from cmdiad_core.errors import InputError

FOCAL, SIDE = 711.11, 512
LABELS = "anomalous: {}\nbumps: {}\ncolors: 0\ndents: {}\nnormals: 0\n"


def part(folder: Path, number: str, low: float = 0.5, high: float = 2.0) -> None:
    """Write the files of one part, its depth rising along the rows from `low` to `high`."""
    for light in range(6):
        image(folder / f"{number}_image_{light}.png", value=light, size=(SIDE, SIDE))
    ramp = np.linspace(0, 65535, SIDE).round().astype(np.uint16)
    Image.fromarray(np.repeat(ramp[:, None], SIDE, axis=1)).save(folder / f"{number}_depth.png")
    text(folder / f"{number}_info_depth.yaml", f"normalization:\n  max: {high}\n  min: {low}\n")
    image(folder / f"{number}_normals.png", size=(SIDE, SIDE))
    text(folder / f"{number}_pose.txt", "1 0 0 0\n")


@pytest.fixture
def gummy(tmp_path: Path) -> Path:
    """A class: three digits in training, two in the public test, three in the private one."""
    root = tmp_path / "GummyBear"
    part(root / "train" / "data", "000")
    image(root / "train" / "data" / "000_mask.png", value=0, size=(SIDE, SIDE))
    part(root / "val" / "data", "000")
    public = root / "test_public" / "data"
    for number, labels in (("00", (0, 0, 0)), ("01", (1, 1, 1))):
        part(public, number)
        image(public / f"{number}_mask.png", value=labels[0], size=(SIDE, SIDE))
        text(public / f"{number}_metadata.yaml", LABELS.format(*labels))
    part(root / "test_private" / "data", "000")
    return root


def test_parts_of_every_split(gummy: Path) -> None:
    dataset = open_dataset(gummy)
    assert dataset.layout == "eyecandies"
    assert dataset.missing() == {}
    found = {p.id: (p.split, p.defective, p.defect_type, p.mask is None) for p in dataset.parts}
    assert found == {
        "train/000": ("train", False, "", True),
        "val/000": ("validation", False, "", True),
        "test_public/00": ("test", False, "", True),
        "test_public/01": ("test", True, "bumps+dents", False),
        "test_private/000": ("test", None, "", True),
    }


def test_depth_becomes_points_of_the_data_sets_camera(gummy: Path) -> None:
    bear = next(p for p in open_dataset(gummy).parts if p.id == "test_public/01")
    sample = load_sample(bear)
    assert sample.metric
    cloud = sample.measured["cloud"].astype(np.float64)
    # Nothing is invalid: the value 0 is the nearest depth.
    assert np.isfinite(cloud).all()
    for row, column in ((0, 0), (100, 400), (511, 256)):
        png = round(row * 65535 / 511)
        z = png / 65535 * (2.0 - 0.5) + 0.5
        expected = [(column - 256) / FOCAL * z, (row - 256) / FOCAL * z, z]
        np.testing.assert_allclose(cloud[row, column], expected, atol=1e-6)
    # Of the six illuminations, the fifth.
    assert round(float(sample.measured["rgb"].max()) * 255) == 4
    assert load_mask(bear, sample.shape).all()


def test_a_file_of_a_part_means_the_part(gummy: Path) -> None:
    (found,) = parts_from_paths([gummy / "test_public" / "data" / "01_depth.png"])
    assert (found.id, tuple(found.files)) == ("test_public/01", ("rgb", "cloud"))


def test_a_part_without_depth_lacks_the_cloud(gummy: Path) -> None:
    (gummy / "val" / "data" / "000_depth.png").unlink()
    assert open_dataset(gummy).missing() == {"val/000": ("cloud",)}


@pytest.mark.parametrize(
    ("labels", "problem"),
    [("bumps: 1\n", "anomalous"), ("anomalous: maybe\n", "anomalous"), ("\xff", "YAML")],
)
def test_labels_that_say_nothing(gummy: Path, labels: str, problem: str) -> None:
    file = gummy / "test_public" / "data" / "01_metadata.yaml"
    text(file, labels, "latin-1")
    with pytest.raises(InputError, match=problem) as refused:
        open_dataset(gummy)
    assert refused.value.where == file


@pytest.mark.parametrize("flow", ["{normalization: {min: 1e0, max: +2.5}}", "min: 1\nmax: 2.5"])
def test_ways_to_write_the_range(gummy: Path, flow: str) -> None:
    (gummy / "train" / "data" / "000_info_depth.yaml").write_text(flow)
    cloud = load_sample(open_dataset(gummy).parts[0]).measured["cloud"]
    np.testing.assert_allclose(cloud[[0, 511], 0, 2], [1.0, 2.5], rtol=1e-6)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("normalization:\n  max: 2.0\n", "'min'"),
        ("normalization:\n  min: 0.5\n  max: far\n", "'max'"),
        ("normalization:\n  min: 2\n  max: 1\n", "0 <= min <= max"),
        ("normalization:\n  min: -1\n  max: 1\n", "0 <= min <= max"),
        ("x" * 200_000, "larger than"),
        (None, "cannot be opened"),
    ],
)
def test_a_spoilt_range_names_its_file(gummy: Path, content: str | None, problem: str) -> None:
    file = gummy / "train" / "data" / "000_info_depth.yaml"
    file.unlink()
    if content is not None:
        file.write_text(content)
    with pytest.raises(InputError, match=problem) as refused:
        load_sample(open_dataset(gummy).parts[0])
    assert refused.value.where == file


def test_depth_of_another_camera_or_with_too_few_bits(gummy: Path) -> None:
    depth = gummy / "train" / "data" / "000_depth.png"
    Image.fromarray(np.ones((256, 256), np.uint16)).save(depth)
    with pytest.raises(InputError, match="256 x 256 pixels, but its camera"):
        load_sample(open_dataset(gummy).parts[0])
    image(depth, size=(SIDE, SIDE))
    with pytest.raises(InputError, match="8 bits"):
        load_sample(open_dataset(gummy).parts[0])


def test_a_class_without_any_file_says_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "train" / "data").mkdir(parents=True)
    with pytest.raises(InputError, match=r"looks like the layout eyecandies.*image_4\.png"):
        open_dataset(tmp_path)
