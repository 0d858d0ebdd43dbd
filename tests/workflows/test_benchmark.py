"""The benchmark as a whole, on tiny classes and with stand-ins for the encoders."""

import csv
import json
import shutil
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import tifffile
import torch
from PIL import Image
from safetensors.torch import load_file, save
from torch import nn
from torch.nn import functional

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.detector import Recipe
from cmdiad_core.distillation.checkpoints import save_network
from cmdiad_core.distillation.map_training import Schedule
from cmdiad_core.distillation.networks import networks
from cmdiad_core.errors import InputError
from cmdiad_core.progress import silent
from cmdiad_core.reference import Backbones
from cmdiad_core.reference.backbones import GRID
from cmdiad_core.sample import PartFiles
from cmdiad_core.workflows import benchmark as workflow
from cmdiad_core.workflows.benchmark import Options, benchmark, known_methods
from cmdiad_core.workflows.class_benchmark import load_masks
from cmdiad_core.workflows.class_parts import ClassParts
from cmdiad_core.workflows.distil import distil_classes

METHODS = ("rgb_only", "dual", "f2f_main_rgb", "ours_rgb")


class StandIns(Backbones):
    """Mean colour or place of a patch, in 768 mixtures."""

    def features(self, modality, values):
        mix = torch.randn(768, 3, generator=torch.Generator().manual_seed(0))
        scale = 1 if modality == "rgb" else 30
        pooled = functional.adaptive_avg_pool2d(values * scale, GRID[modality])
        return torch.einsum("ck,khw->chw", mix, pooled)


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch, small_recipes):
    def load(image, cloud, *, device, reference):
        return StandIns(nn.Identity(), nn.Identity(), f"{reference}", device, reference)

    monkeypatch.setattr(Backbones, "load", load)
    monkeypatch.setattr("cmdiad_core.distillation.networks.f2f._HIDDEN", 8)


def _write_part(folder, stem, rng, defective=False):
    rows, columns = np.mgrid[:32, :32].astype(np.float32)
    image = np.full((32, 32, 3), 120.0) + rng.normal(0, 3, (32, 32, 3))
    cloud = np.stack([columns * 1e-3 + 0.01, rows * 1e-3 + 0.01, np.full((32, 32), 0.5)], -1)
    cloud[..., 2] += rng.normal(0, 1e-4, (32, 32))
    for name in ("rgb", "xyz", *(["gt"] if defective else [])):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if defective:
        image[8:16, 12:20] = (250, 20, 20)
        cloud[8:16, 12:20, 2] -= 5e-3
        mask = np.zeros((32, 32), np.uint8)
        mask[8:16, 12:20] = 255
        Image.fromarray(mask).save(folder / "gt" / f"{stem}.png")
    Image.fromarray(image.clip(0, 255).astype(np.uint8)).save(folder / "rgb" / f"{stem}.png")
    tifffile.imwrite(folder / "xyz" / f"{stem}.tiff", cloud.astype(np.float32))


def _write_class(folder, train, validation, seed=0):
    rng = np.random.default_rng(seed)
    splits = [("train/good", train), ("validation/good", validation), ("test/good", 2)]
    for split, count in splits:
        for index in range(count):
            _write_part(folder / split, f"{index:03d}", rng)
    for index in range(2):
        _write_part(folder / "test" / "hole", f"{index:03d}", rng, defective=True)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return the folder of one class; tests must not change it."""
    folder = tmp_path_factory.mktemp("classes")
    _write_class(folder / "bagel", train=3, validation=2)
    return folder


@pytest.fixture
def root(data, tmp_path):
    """Return a copy of it to change."""
    return shutil.copytree(data, tmp_path / "data")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("features")


@pytest.fixture
def run(cache):
    def measured(root, out, said=None, **changes):
        quick = {"methods": METHODS, "schedule": Schedule(epochs=1), "device": "cpu", "share": 0.02}
        options = Options(cache=cache, **(quick | changes))
        skipped = (said if said is not None else []).append
        return benchmark(root, out, options, progress=silent, skipped=skipped)

    return measured


def test_every_form_tells_the_same(run, data, tmp_path):
    said = []
    table = run(data, tmp_path / "out", said)
    assert said == []
    assert [(r.class_name, r.method) for r in table.results] == [
        ("bagel", m) for m in ("ours_rgb", "rgb_only", "dual", "f2f_main_rgb")
    ]
    for result in table.results:
        assert (result.n_train, result.n_validation) == (3, 2)
        assert (result.summary.n_good, result.summary.n_defective) == (2, 2)
    found = {r.method: r.summary for r in table.results}
    # The defects are glaring.
    assert found["rgb_only"].image_auroc == 1
    assert found["dual"].image_auroc == 1
    assert found["rgb_only"].pixel_auroc > 0.95
    assert found["rgb_only"].aupro_30 > 0.8
    out = tmp_path / "out"
    with (out / "benchmark.csv").open() as file:
        lines = {line["method"]: line for line in csv.DictReader(file)}
    content = json.loads((out / "benchmark.json").read_text("utf-8"))
    assert list(lines) == list(METHODS)
    for stored in content["results"]:
        assert stored["summary"] == found[stored["method"]].model_dump()
        assert float(lines[stored["method"]]["aupro_01"]) == stored["summary"]["aupro_01"]
    markdown = (out / "benchmark.md").read_text("utf-8")
    page = (out / "benchmark.html").read_text("utf-8")
    aupro = f"{found['dual'].aupro_30:.3f}"
    assert f"| dual | {aupro} | {aupro} |" in markdown
    assert aupro in page
    for text in (markdown, page):
        # Published numbers stand beside; those of the paper itself are not known.
        assert "G2SF" in text
        assert "0.468" in text
        assert "CMDIAD, RGB + predicted cloud" in text


def test_a_rerun_measures_only_what_is_missing(run, data, tmp_path, monkeypatch):
    first = run(data, tmp_path / "out", methods=("rgb_only", "ours_rgb"))

    def never(*_):
        raise AssertionError("measured again")

    monkeypatch.setattr(workflow, "our_results", never)
    measured = []
    found = workflow.PaperRun.result

    def result(run, pipeline, *rest):
        measured.append(pipeline.name)
        return found(run, pipeline, *rest)

    monkeypatch.setattr(workflow.PaperRun, "result", result)
    again = run(data, tmp_path / "out", methods=("rgb_only", "xyz_only", "ours_rgb"))
    assert measured == ["xyz_only"]
    assert {r.method: r for r in first.results}.items() <= {
        r.method: r for r in again.results
    }.items()
    # What was found in another way is no result of this one, and stays.
    run(data, tmp_path / "out", methods=("rgb_only",), reference=True)
    run(data, tmp_path / "out", methods=("rgb_only",), limit=2)
    assert measured == ["xyz_only", "rgb_only", "rgb_only"]
    run(data, tmp_path / "out", methods=("rgb_only",))
    assert measured == ["xyz_only", "rgb_only", "rgb_only"]


def test_a_rerun_says_again_which_parts_could_not_be_used(run, root, tmp_path):
    image = root / "bagel" / "test" / "good" / "rgb" / "001.png"
    content = image.read_bytes()
    image.write_bytes(b"no image")
    first, again = [], []
    methods = ("rgb_only", "ours_rgb")
    run(root, tmp_path / "out", first, methods=methods)
    table = run(root, tmp_path / "out", again, methods=methods)
    assert [result.summary.n_good for result in table.results] == [1, 1]
    assert [str(error) for error in again] == [str(error) for error in first]
    assert len(again) == 1
    assert "001.png" in str(again[0])
    # Once the part is repaired, no table mixes test sets.
    image.write_bytes(content)
    table = run(root, tmp_path / "out", again, methods=("rgb_only", "xyz_only", "ours_rgb"))
    assert [result.summary.n_good for result in table.results] == [2, 2, 2]
    assert len(again) == 1


def test_other_parts_in_the_same_place_are_measured(run, root, tmp_path):
    methods = ("f2f_main_rgb", "ours_rgb")
    run(root, tmp_path / "out", methods=methods)
    shutil.rmtree(root / "bagel")
    _write_class(root / "bagel", train=4, validation=2, seed=1)
    table = run(root, tmp_path / "out", methods=methods)
    assert [result.n_train for result in table.results] == [4, 4]
    # Nor is the distiller that of the parts before.
    assert len(list((tmp_path / "out" / "distillers").rglob("f2f.safetensors"))) == 2


@pytest.mark.parametrize(
    "change",
    [("benchmark.__version__", "99"), ("class_benchmark.Recipe", partial(Recipe, bank_size=200))],
)
def test_other_software_measures_again(run, data, tmp_path, monkeypatch, change):
    run(data, tmp_path / "out", methods=("ours_rgb",))
    monkeypatch.setattr(f"cmdiad_core.workflows.{change[0]}", change[1])
    run(data, tmp_path / "out", methods=("ours_rgb",))
    assert len(list((tmp_path / "out" / "results").rglob("*.json"))) == 2


def test_an_interrupted_run_keeps_what_it_has(run, data, tmp_path, monkeypatch):
    class Interrupted(BaseException):
        pass

    def interrupt(*_, **__):
        raise Interrupted

    methods = ("rgb_only", "f2f_main_rgb")
    with monkeypatch.context() as patched:
        patched.setattr("cmdiad_core.workflows.class_benchmark.distil", interrupt)
        with pytest.raises(Interrupted):
            run(data, tmp_path / "out", methods=methods)
    (kept,) = (tmp_path / "out" / "results").rglob("*.json")
    before = kept.stat().st_mtime_ns
    assert len(run(data, tmp_path / "out", methods=methods).results) == 2
    assert kept.stat().st_mtime_ns == before


def test_a_class_that_cannot_be_measured_does_not_stop_the_others(run, root, tmp_path):
    _write_class(root / "apple", train=1, validation=0)
    said = []
    table = run(root, tmp_path / "out", said, methods=("rgb_only", "ours_rgb"))
    assert {r.class_name for r in table.results} == {"bagel"}
    sentences = sorted(str(error) for error in said)
    assert len(sentences) == 2
    assert "at least 2 good parts" in sentences[0]
    assert "apple: has no validation parts" in sentences[1]
    # The published decision layer needs none.
    reference = run(root, tmp_path / "out", methods=("rgb_only",), reference=True)
    assert {r.class_name for r in reference.results} == {"apple", "bagel"}


def test_parts_that_cannot_be_used_are_named_and_left_out(run, root, tmp_path):
    (root / "bagel" / "train" / "good" / "xyz" / "000.tiff").unlink()
    (root / "bagel" / "test" / "good" / "rgb" / "001.png").write_bytes(b"no image")
    (root / "bagel" / "test" / "hole" / "gt" / "001.png").unlink()
    said = []
    table = run(root, tmp_path / "out", said, methods=("rgb_only",))
    sentences = [str(error) for error in said]
    assert any("train/good/000: has no cloud" in sentence for sentence in sentences)
    assert any("001.png" in sentence for sentence in sentences)
    assert any("test/hole/001: has no ground truth mask" in sentence for sentence in sentences)
    (result,) = table.results
    assert result.n_train == 2
    assert (result.summary.n_good, result.summary.n_defective) == (1, 2)


@pytest.mark.parametrize("shape", [(32, 32), (400, 400), (800, 800), (500, 333), (448, 97)])
def test_masks_lie_where_the_published_ones_do(tmp_path, shape):
    mask = np.random.default_rng(0).random(shape) < 0.5
    drawn = Image.fromarray(np.where(mask, 255, 0).astype(np.uint8))
    drawn.save(tmp_path / "mask.png")
    Image.fromarray(np.zeros((*shape, 3), np.uint8)).save(tmp_path / "rgb.png")
    files = {"rgb": tmp_path / "rgb.png"}
    part = PartFiles("part", files, defective=True, mask=tmp_path / "mask.png")
    parts = ClassParts("class", (), (), (part,))
    found = load_masks(parts, pytest.fail)["part"]
    resized = drawn.resize((224, 224), Image.Resampling.NEAREST)
    np.testing.assert_array_equal(found, np.asarray(resized) > 0)
    rows, columns = ((np.arange(224) + 0.5) * side / 224 for side in shape)
    np.testing.assert_array_equal(found, mask[np.ix_(rows.astype(int), columns.astype(int))])


def test_what_is_named_twice_is_measured_once(run, data, tmp_path):
    twice = {"classes": ("bagel", "bagel"), "methods": ("rgb_only", "rgb_only")}
    table = run(data, tmp_path / "out", **twice)
    assert [(r.class_name, r.method) for r in table.results] == [("bagel", "rgb_only")]
    assert len((tmp_path / "out" / "benchmark.csv").read_text("utf-8").splitlines()) == 2
    assert [row[0] for row in table.rows("image_auroc")] == ["rgb_only"]


def test_limit_keeps_good_and_defective_parts(run, data, tmp_path):
    (result,) = run(data, tmp_path / "out", methods=("rgb_only",), limit=2).results
    assert (result.n_train, result.summary.n_good, result.summary.n_defective) == (2, 1, 1)


def test_given_distillers_are_used(run, data, tmp_path):
    with pytest.raises(InputError, match="no class that could be measured"):
        run(data, tmp_path / "out", methods=("f2f_main_rgb",), distillers=tmp_path)
    run(data, tmp_path / "out", methods=("f2f_main_rgb",))
    (trained,) = (tmp_path / "out" / "distillers").rglob("f2f.safetensors")
    own = run(data, tmp_path / "out", methods=("f2f_main_rgb",))
    given = run(data, tmp_path / "new", methods=("f2f_main_rgb",), distillers=trained.parent)
    assert given.results[0].summary == own.results[0].summary
    assert not (tmp_path / "new" / "distillers").exists()
    torch.manual_seed(1)
    save_network(networks()["f2f"](), trained, "")
    other = run(data, tmp_path / "new", methods=("f2f_main_rgb",), distillers=trained.parent)
    assert other.results[0].summary != own.results[0].summary


def test_a_distiller_of_the_main_modality_is_preferred(run, data, tmp_path):
    for seed, name in enumerate(("f2f", "f2f_cloud")):
        torch.manual_seed(seed)
        save_network(networks()["f2f"](), tmp_path / "both" / f"{name}.safetensors", "")
    for name, known in (("f2f_cloud", "f2f_cloud"), ("f2f", "f2f_rgb")):
        (tmp_path / "each").mkdir(exist_ok=True)
        given = tmp_path / "both" / f"{name}.safetensors"
        shutil.copy(given, tmp_path / "each" / f"{known}.safetensors")
    methods = ("f2f_main_rgb", "f2f_main_xyz")
    both, each = (
        run(data, tmp_path / "out", methods=methods, distillers=tmp_path / folder, limit=2)
        for folder in ("both", "each")
    )
    assert [r.summary for r in both.results] == [r.summary for r in each.results]
    assert len(list((tmp_path / "out").rglob("f2f_main_*.json"))) == 2


def test_a_distiller_that_lacks_stops_its_pipeline_only(run, data, tmp_path):
    torch.manual_seed(0)
    save_network(networks()["f2f"](), tmp_path / "f2f.safetensors", "")
    (tmp_path / "f2i_rgb.pth").write_bytes(b"no checkpoint")
    said = []
    methods = ("i2f_main_rgb", "f2i_main_rgb", "f2f_main_rgb", "rgb_only")
    table = run(data, tmp_path / "out", said, methods=methods, distillers=tmp_path)
    assert {result.method for result in table.results} == {"rgb_only", "f2f_main_rgb"}
    damaged, lacking = sorted(map(str, said))
    assert "bagel: cannot be measured by f2i_main_rgb: " in damaged
    assert f"bagel: cannot be measured by i2f_main_rgb: {tmp_path}: holds no" in lacking


def test_a_distiller_of_several_classes_serves_each_of_them(run, root, tmp_path):
    _write_class(root / "rope", train=2, validation=1, seed=1)
    said = []
    cache = ArrayCache(tmp_path / "features", 10**9, said.append)
    path = distil_classes(
        "f2f",
        "rgb",
        [root / "bagel", root / "rope"],
        tmp_path / "together",
        Backbones.load(None, None, device="cpu", reference=False),
        cache,
        schedule=Schedule(epochs=1),
        progress=silent,
        skipped=said.append,
    )
    assert said == []
    assert list(path.parent.iterdir()) == [path]
    methods = ("f2f_main_rgb", "f2f_main_xyz")
    table = run(root, tmp_path / "out", said, methods=methods, distillers=path.parent)
    assert said == []
    assert len(table.results) == 4


@pytest.fixture
def distilled(root, tmp_path):
    """Return a function that trains a distiller; it is called with what differs."""
    (root / "rope").symlink_to(root / "bagel")

    def train(classes=("bagel",), name="A", progress=silent, **changes):
        cache = ArrayCache(tmp_path / "features", 10**9, pytest.fail)
        return distil_classes(
            "f2f",
            "rgb",
            [root / one for one in classes],
            tmp_path / "distillers",
            StandIns(nn.Identity(), nn.Identity(), name, "cpu", reference=False),
            cache,
            schedule=Schedule(**({"epochs": 2} | changes)),
            progress=progress,
            skipped=pytest.fail,
        )

    return train


def test_a_distiller_of_something_else_is_refused(root, distilled):
    path = distilled()
    before = path.stat().st_mtime_ns
    assert distilled() == path
    for changes in ({"epochs": 3}, {"seed": 1}, {"name": "B"}, {"classes": ("bagel", "rope")}):
        with pytest.raises(InputError, match="was not trained with these parts, weights and opt"):
            distilled(**changes)
    _write_part(root / "bagel" / "validation" / "good", "000", np.random.default_rng(9))
    with pytest.raises(InputError, match="was not trained with these parts"):
        distilled()
    assert path.stat().st_mtime_ns == before
    # Nobody knows what this one was trained with.
    path.write_bytes(save(load_file(path)))
    with pytest.raises(InputError, match="was not trained with these parts"):
        distilled()


def test_a_distiller_has_no_use_for_test_parts(root, distilled, tmp_path):
    (root / "bagel" / "test" / "good" / "rgb" / "000.png").write_text("damaged")
    (root / "bagel" / "test" / "good" / "xyz" / "001.tiff").unlink()
    assert distilled().is_file()
    # A measurement is kept by modality: of 3 parts to learn from and 2 to validate on.
    assert len(list((tmp_path / "features").rglob("*.npy"))) % 5 == 0


def test_a_place_that_cannot_be_written_is_said_before_the_work(run, distilled, data, tmp_path):
    (tmp_path / "distillers").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        distilled(progress=lambda *_: pytest.fail("works"))
    with pytest.raises(InputError, match="cannot be written"):
        run(data, tmp_path / "distillers")


def test_modalities_that_are_not_registered_are_not_distilled(distilled, monkeypatch):
    def apart(folder):
        dataset = open_dataset(folder)
        return replace(dataset, parts=[replace(p, registered=False) for p in dataset.parts])

    monkeypatch.setattr("cmdiad_core.workflows.class_parts.open_dataset", apart)
    with pytest.raises(InputError, match="not registered pixel by pixel"):
        distilled()


def test_a_training_with_other_weights_is_not_continued(distilled):
    class Killed(BaseException):
        pass

    def kill(stage, done, _):
        if (stage, done) == ("distil", 1):
            raise Killed

    epochs = []

    def note(stage, done, _):
        if stage == "distil":
            epochs.append(done)

    with pytest.raises(Killed):
        distilled(progress=kill)
    distilled(name="B", progress=note)
    assert epochs == [0, 1, 2]


def test_options_that_make_no_sense_are_explained(run, data, tmp_path):
    with pytest.raises(InputError, match=r"pipeline tripel: is not known; there are rgb_only, "):
        run(data, tmp_path / "out", methods=("tripel",))
    with pytest.raises(InputError, match=r"has no class carrot; it has bagel"):
        run(data, tmp_path / "out", classes=("carrot",))
    with pytest.raises(InputError, match="holds no class"):
        run(tmp_path, tmp_path / "out")
    assert len(known_methods()) == 14
