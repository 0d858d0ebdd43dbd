"""A class of MulSen-AD from its files to the report: nothing in it is registered."""

import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage
from sklearn.metrics import roc_auc_score

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector
from cmdiad_core.detector.lineage import Depth
from cmdiad_core.progress import silent
from cmdiad_core.store import Store
from cmdiad_core.workflows.evaluate import evaluate
from cmdiad_core.workflows.inspect import inspect
from cmdiad_core.workflows.nearline import match, take_in
from cmdiad_core.workflows.retrain import retrain
from cmdiad_core.workflows.train import train

GRIDS = {"RGB": (48, 64), "Infrared": (30, 40), "Pointcloud": (30, 40)}


def refuse(error):
    raise error


def plate(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """A ribbed surface between 0 and 1, with a little noise."""
    columns = np.arange(shape[1]) / shape[1]
    noise = ndimage.gaussian_filter(rng.normal(size=shape), 1.5)
    return np.clip(0.5 + 0.2 * np.sin(columns * 30)[None] + 0.04 * noise, 0, 1)


def mesh(heights: np.ndarray) -> bytes:
    """An STL of millimetre squares."""
    rows, columns = np.mgrid[: heights.shape[0], : heights.shape[1]]
    corners = np.stack([columns, rows, 3 * heights], -1).astype(np.float32)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]
    triangles = np.concatenate(
        [np.stack([a, b, c], 2).reshape(-1, 3, 3), np.stack([a, c, d], 2).reshape(-1, 3, 3)]
    )
    stored = np.zeros(len(triangles), [("n", "<f4", 3), ("c", "<f4", (3, 3)), ("s", "<u2")])
    stored["c"] = triangles
    return bytes(80) + struct.pack("<I", len(triangles)) + stored.tobytes()


def scan(root: Path, place: str, number: int, seen_by: str = "") -> None:
    """Write a part; the sensor `seen_by` shows a defect in the middle, and so does its truth."""
    rng = np.random.default_rng([number, len(place)])
    for folder, shape in GRIDS.items():
        values = plate(shape, rng)
        truth = np.zeros(shape, bool)
        if folder == seen_by:
            truth[12:17, 15:20] = True
            values[truth] = 1
        target = root / folder / place
        target.mkdir(parents=True, exist_ok=True)
        if folder == "Pointcloud":
            (target / f"{number}.stl").write_bytes(mesh(values))
        else:
            Image.fromarray((values * 255).astype(np.uint8)).save(target / f"{number}.png")
        if truth.any():
            kept = root / folder / place.replace("test", "GT")
            kept.mkdir(parents=True, exist_ok=True)
            if folder == "Pointcloud":
                points = [(c, r, 3 * values[r, c]) for r, c in np.argwhere(truth)]
                np.savetxt(kept / f"{number}.txt", points, delimiter=",")
            else:
                Image.fromarray(truth).save(kept / f"{number}.png")


@pytest.fixture(scope="module", autouse=True)
def _small(small_recipes):
    """Keep grids and banks small, for speed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cmdiad_core.data.readers.stl.SIDE", 96)
        yield


@pytest.fixture(scope="module")
def nut(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("mulsen") / "nut"
    for number in range(16):
        scan(root, "train", number)
    for number in range(3):
        scan(root, "test/good", number)
        scan(root, "test/crack", number, list(GRIDS)[number])
    labels = root / "RGB" / "GT" / "crack" / "data.csv"
    labels.write_text("object,RGB,infrared,pointcloud\n0,1,0,0\n1,0,1,0\n2,0,0,1\n")
    return root


@pytest.fixture(scope="module")
def model(nut, tmp_path_factory) -> Detector:
    return train(
        nut,
        tmp_path_factory.mktemp("unregistered") / "model",
        wanted=None,
        encoders={},
        seed=0,
        device="cpu",
        progress=silent,
        skipped=refuse,
    )


def test_training_finds_out_that_nothing_is_registered(model):
    assert not model.recipe.registered
    assert not model.sources.distillers
    assert len(model.calibration_scores) == 7


def test_evaluation_measures_parts_together_and_pixels_alone(model, nut):
    found = evaluate(model, nut, progress=silent, skipped=refuse)
    results = {result.using: result for result in found.patterns}
    assert len(results) == 7
    for using, result in results.items():
        assert (result.n_good, result.n_defective, result.predicting) == (3, 3, ())
        assert (result.pixel_auroc is None) == (len(using) > 1)
    # Each sensor sees one of the three defects, all sensors see them all.
    assert results["cloud", "infrared", "rgb"].image_auroc == 1.0
    for name in ("cloud", "infrared", "rgb"):
        assert results[(name,)].pixel_auroc > 0.95
    # Good parts count, and defects that a sensor does not see are good to it.
    maps, truth = [], np.zeros((6, *GRIDS["RGB"]), bool)
    for number, part in enumerate(open_dataset(nut).split("test")):
        truth[number, 12:17, 15:20] = part.id == "test/crack/0"
        maps.append(model.inspect(load_sample(part), using=("rgb",)).map)
    expected = roc_auc_score(truth.ravel(), np.stack(maps).ravel())
    assert results[("rgb",)].pixel_auroc == pytest.approx(expected, abs=1e-6)


def test_the_report_shows_every_map_over_its_own_modality(model, nut, tmp_path):
    parts = [nut / "RGB" / "test" / "crack"]
    findings = inspect(model, parts, using=None, out=tmp_path, progress=silent, skipped=refuse)
    tops = {record["id"]: record["regions"][0]["modality"] for record in findings.records}
    assert tops == {"test/crack/0": "rgb", "test/crack/1": "infrared", "test/crack/2": "cloud"}
    written = sorted(path.name for path in tmp_path.glob("*.png"))
    assert written == [
        f"test_crack_{number}_{name}.png"
        for number in range(3)
        for name in ("cloud", "infrared", "rgb")
    ]
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count("fused by scores: the modalities are not registered") == 3


def test_parts_of_a_near_line_station_are_learned_from_with_all_their_grids(model, nut, tmp_path):
    line, station = tmp_path / "line", tmp_path / "station"
    for root, kind in ((line, "rgb"), (station, "infrared")):
        for part in [p for p in open_dataset(nut).split("test") if not p.defective][:2]:
            target = root / kind / f"{part.id.replace('/', '-')}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(part.files[kind], target)
    rows = [f"{p.stem},,good,infrared/{p.name}" for p in (station / "infrared").iterdir()]
    (station / "manifest.csv").write_text("\n".join(["id,split,label,infrared", *rows]))
    store = Store(tmp_path / "store.sqlite")
    pairs = match(open_dataset(station).parts, open_dataset(line).parts, refuse)
    taken = take_in(pairs, store, "ann", source="IR", origin=station, skipped=refuse)
    store.close()
    assert [one.registered for one in taken.taken] == [False, False]
    model.save(tmp_path / "model")
    candidate = retrain(
        tmp_path / "model",
        tmp_path / "candidate",
        depth=Depth.TEACH,
        labels=None,
        store=store.database.where,
        device="cpu",
        progress=silent,
        skipped=refuse,
    )
    taught = candidate.training_parts[-2:]
    assert [set(part.files) for part in taught] == [{"rgb", "infrared"}] * 2
