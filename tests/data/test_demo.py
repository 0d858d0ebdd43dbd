import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from cmdiad_core.data.demo import DEFECTS, Flaw, Part, Rendering, draw_part, generate, render
from cmdiad_core.data.demo.sensor import DEPTH_NOISE, depth_noise
from cmdiad_core.errors import InputError
from cmdiad_core.progress import Cancelled

COUNTS = {"train": 2, "validation": 1, "test_good": 1, "test_defective": len(DEFECTS)}
SHAPE = (224, 256)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("demo") / "pouch_cell"
    generate(root, 5, **COUNTS)
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def clouds(root: Path) -> list[np.ndarray]:
    return [tifffile.imread(path) for path in sorted(root.rglob("*.tiff"))]


@cache
def recorded(kind: str, severity: float = 0.6, part: int = 11, noise: int = 1) -> Rendering:
    return render(cell(kind, severity, part), np.random.default_rng(noise))


def cell(kind: str, severity: float, seed: int) -> Part:
    flaw = Flaw(kind, severity, seed) if kind else None
    return replace(draw_part(np.random.default_rng(seed)), flaw=flaw)


def measured(recording: Rendering, modality: str) -> np.ndarray:
    if modality == "cloud":
        return np.where(recording.cloud[..., 2] == 0, np.nan, recording.cloud[..., 2])
    return getattr(recording, modality).astype(np.float64)


def change(one: Rendering, other: Rendering, modality: str) -> np.ndarray:
    difference = np.abs(measured(one, modality) - measured(other, modality))
    return difference.max(axis=-1) if difference.ndim == 3 else difference


def test_layout_is_mvtecs_with_an_infrared_folder(made):
    parts = {f"train/good/{i:03d}" for i in range(2)} | {"validation/good/000", "test/good/000"}
    parts |= {f"test/{kind}/000" for kind in DEFECTS}
    expected = {
        "defects.json",
        "calibration/camera_parameters.json",
        "calibration/infrared_parameters.json",
    }
    for part in parts:
        folder, stem = part.rsplit("/", 1)
        expected |= {f"{folder}/{kind}/{stem}.png" for kind in ("rgb", "infrared")}
        expected.add(f"{folder}/xyz/{stem}.tiff")
        if folder.startswith("test/"):
            expected.add(f"{folder}/gt/{stem}.png")
    assert set(contents(made)) == expected


def test_files_have_their_types_and_one_pixel_grid(made):
    for path in made.rglob("*.png"):
        image = np.asarray(Image.open(path))
        kind = path.parent.name
        assert image.shape == ((*SHAPE, 3) if kind == "rgb" else SHAPE)
        assert image.dtype == (np.uint16 if kind == "infrared" else np.uint8)
        if kind == "gt":
            assert set(np.unique(image)) == ({0} if "good" in path.parts else {0, 255})
    for cloud in clouds(made):
        assert cloud.shape == (*SHAPE, 3)
        assert cloud.dtype == np.float32


def test_same_seed_same_bytes(made, tmp_path):
    generate(tmp_path / "again", 5, **COUNTS)
    assert contents(tmp_path / "again") == contents(made)


def test_other_seed_other_parts(made, tmp_path):
    generate(tmp_path / "other", 6, train=1, validation=0, test_good=0, test_defective=0)
    name = "train/good/{}/000.{}"
    for kind, ending in (("rgb", "png"), ("xyz", "tiff"), ("infrared", "png")):
        file = name.format(kind, ending)
        assert (tmp_path / "other" / file).read_bytes() != (made / file).read_bytes()


def test_points_project_back_to_their_pixels(made):
    camera = json.loads((made / "calibration/camera_parameters.json").read_text())
    assert (camera["image_height"], camera["image_width"]) == SHAPE
    rows, columns = np.indices(SHAPE)
    for cloud in clouds(made):
        seen = cloud[..., 2] != 0
        x, y, z = cloud[seen].T
        u = camera["focus"] / camera["sx"] * x / z + camera["cx"]
        v = camera["focus"] / camera["sy"] * y / z + camera["cy"]
        assert np.abs(u - columns[seen]).max() < 0.5
        assert np.abs(v - rows[seen]).max() < 0.5


def test_holes_are_exactly_zero_and_all_else_is_finite(made):
    for cloud in clouds(made):
        assert np.isfinite(cloud).all()
        hole = cloud[..., 2] == 0
        assert 0.002 < hole.mean() < 0.15
        assert not cloud[hole].any()
        assert ((cloud[~hole][:, 2] > 0.28) & (cloud[~hole][:, 2] < 0.31)).all()


def test_notes_name_every_defective_part(made):
    notes = json.loads((made / "defects.json").read_text())
    assert set(notes) == {f"test/{kind}/000" for kind in DEFECTS}
    for part, note in notes.items():
        assert note["type"] == part.split("/")[1]
        assert tuple(note["seen_by"]) == DEFECTS[note["type"]].seen_by
        assert 0 <= note["severity"] <= 1


@pytest.mark.parametrize("kind", DEFECTS)
@pytest.mark.parametrize("severity", [0.0, 0.5, 1.0])
def test_masks_lie_on_the_part(kind, severity):
    for seed in (11, 12):
        recording = recorded(kind, severity, seed)
        assert recording.mask.sum() >= 4
        assert not (recording.mask & ~recording.covered).any()
        assert recording.mask.sum() < 0.3 * recording.covered.sum()


@pytest.mark.parametrize("kind", DEFECTS)
def test_defect_shows_in_the_modalities_it_names_and_in_no_other(kind):
    bad, good, again = recorded(kind), recorded(""), recorded("", noise=2)
    for modality in ("rgb", "cloud", "infrared"):
        difference = change(bad, good, modality)
        if modality not in DEFECTS[kind].seen_by:
            assert np.nanmax(difference) == 0
            continue
        noise = np.nanmean(change(again, good, modality)[bad.mask])
        lost = np.isnan(difference[bad.mask]).mean()
        assert lost > 0.5 or np.nanquantile(difference[bad.mask], 0.9) > 2 * noise


@pytest.mark.parametrize("kind", DEFECTS)
def test_severity_makes_a_defect_more_obvious(kind):
    def effect(severity: float) -> float:
        bad = recorded(kind, severity)
        total = 0.0
        for modality in DEFECTS[kind].seen_by:
            difference = change(bad, recorded(""), modality)
            total += np.nansum(difference) / np.nanmean(measured(bad, modality))
        return total

    assert effect(1.0) > effect(0.0)


def test_good_parts_have_no_mask():
    assert not recorded("").mask.any()


def test_depth_noise_grows_with_slope_and_distance():
    level = depth_noise(np.float32(300), np.float32(0))
    assert level == pytest.approx(DEPTH_NOISE)
    assert depth_noise(np.float32(300), np.float32(1)) > 2 * level
    assert depth_noise(np.float32(400), np.float32(0)) > 1.5 * level


def test_recorded_depth_is_noisier_on_the_slope_of_the_pocket():
    part = cell("", 0, 11)
    takes = [render(part, np.random.default_rng(seed)) for seed in range(12)]
    depth = np.stack([1000 * measured(take, "cloud") for take in takes])
    usable = np.isfinite(depth).all(axis=0)
    noise, surface = depth.std(axis=0), depth.mean(axis=0)
    slope = np.hypot(*np.gradient(surface)) / 0.3
    flat, steep = usable & (slope < 0.1), usable & (slope > 0.6) & (slope < 1.1)
    assert noise[flat].mean() == pytest.approx(DEPTH_NOISE, rel=0.3)
    assert noise[steep].mean() > 1.5 * noise[flat].mean()


def test_does_not_touch_a_folder_with_something_in_it(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        generate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_accepts_an_empty_folder(tmp_path):
    root = tmp_path / "empty"
    root.mkdir()
    generate(root, train=1, validation=0, test_good=0, test_defective=0)
    assert (root / "train/good/rgb/000.png").is_file()


def test_says_where_it_cannot_write(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        generate(tmp_path / "file" / "set")


def test_leaves_nothing_behind_when_cancelled(tmp_path):
    def stop(stage: str, done: int, total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        generate(tmp_path / "set", **COUNTS, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_reports_every_part(tmp_path):
    steps = []
    generate(
        tmp_path / "set",
        train=2,
        validation=1,
        test_good=0,
        test_defective=0,
        progress=lambda stage, done, total: steps.append((done, total)),
    )
    assert steps == [(1, 3), (2, 3), (3, 3)]
