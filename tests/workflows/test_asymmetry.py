"""The study of a small model, against slow computations of the same numbers."""

import base64
import dataclasses
import json
import shutil
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.distance import cdist
from sklearn.metrics import r2_score, roc_auc_score

from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_mask, load_sample
from cmdiad_core.detector import Detector, Pattern
from cmdiad_core.encoders import foreground
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modality
from cmdiad_core.progress import Cancelled, silent
from cmdiad_core.workflows.asymmetry import results, study_asymmetry
from cmdiad_core.workflows.asymmetry.errors import ErrorSum
from cmdiad_core.workflows.asymmetry.findings import sentences
from cmdiad_core.workflows.asymmetry.looking import look
from cmdiad_core.workflows.asymmetry.results import View

PAIRS = [("rgb", "cloud"), ("cloud", "rgb")]


@pytest.fixture(scope="module")
def detector(demo_model):
    return Detector.load(demo_model, "cpu")


@pytest.fixture(scope="module")
def written(detector, demo_data, tmp_path_factory):
    """The folder that the study was written to, and how often an encoder was asked."""
    out = tmp_path_factory.mktemp("study") / "new" / "Größe"
    asked = []

    class Counting:
        def __init__(self, name):
            self.name = name

        def encode(self, values):
            asked.append(self.name)
            return detector.encoders[self.name].encode(values)

    counting = dataclasses.replace(detector, encoders={n: Counting(n) for n in detector.encoders})
    study_asymmetry(counting, demo_data, out, progress=silent, skipped=pytest.fail)
    return out, asked


@pytest.fixture(scope="module")
def study(written):
    return json.loads((written[0] / "asymmetry.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def parts(detector, demo_data):
    """Every test part with its features, predictions, distances and truth, the slow way."""
    found = []
    for part in open_dataset(demo_data).split("test"):
        sample = load_sample(part)
        features, confidence = {}, {}
        for name in ("rgb", "cloud"):
            encoded = detector.encoders[name].encode(sample.measured[name])
            space = detector.sources.spaces[name]
            features[name] = (encoded - space.mean) @ space.projection
        for source, target in PAIRS:
            distiller = detector.sources.distillers[source, target]
            predicted, sure = distiller(features[source])
            features[f"{source}>{target}"] = predicted
            confidence[f"{source}>{target}"] = sure
        distances = {"confidence": confidence, "features": features}
        for bank, values in features.items():
            distances[bank] = _distances(detector.sources.banks[bank], values)
        mask = load_mask(part, sample.shape)
        grid = features["rgb"].shape[:2]
        truth = np.zeros(grid, bool)
        for row, column in np.argwhere(mask):
            truth[row * grid[0] // mask.shape[0], column * grid[1] // mask.shape[1]] = True
        masks = {n: foreground(sample.measured[n], modality(n).kind) for n in ("rgb", "cloud")}
        found.append((part, features, distances, truth, masks))
    return found


def _distances(bank, values):
    flat = values.reshape(-1, values.shape[-1]).astype(np.float64)
    nearest = cdist(flat, bank.entries).argmin(1)
    apart = flat - bank.entries[nearest]
    along = np.einsum("nrc,nc->nr", bank.planes[nearest].astype(np.float64), apart)
    squared = np.square(apart).sum(1) - np.square(along).sum(1)
    return np.sqrt(squared).reshape(values.shape[:2])


def one(entries, **wanted):
    (found,) = (entry for entry in entries if wanted.items() <= entry.items())
    return found


def peak(values):
    """The highest value on the pixels, of which there are 4 x 4 to a patch."""
    return ndimage.zoom(values, 4, order=1, mode="nearest", grid_mode=True).max()


def expected(parts, maps):
    """Image and patch AUROC of scikit-learn."""
    truth = np.concatenate([truth.ravel() for *_, truth, _ in parts])
    return {
        "image_auroc": roc_auc_score([p[0].defective for p in parts], [peak(m) for m in maps]),
        "patch_auroc": roc_auc_score(truth, np.concatenate([m.ravel() for m in maps])),
    }


def around_of(features, seen):
    """The mean of what is seen nearby, by hand."""
    seen = np.ones(features.shape[:2], bool) if seen is None else seen
    total, count = (
        ndimage.gaussian_filter(np.where(seen[..., None], values, 0.0), (1.5, 1.5, 0))
        for values in (features[..., :8], np.ones((*seen.shape, 1)))
    )
    return total / np.maximum(count, 1e-3)


def fused(detector, distances, banks, weights, seen=None):
    """The power mean (3) of calibrated deviations, large ones less, smoothed, by hand."""
    total, count = 0, 0
    for bank, weight in zip(banks, weights, strict=True):
        normal = detector.calibration.maps[bank]
        weight = weight * np.maximum(distances["confidence"].get(bank, 1), 0.01)
        deviations = (distances[bank] - normal.location) / normal.scale
        around = detector.calibration.surroundings[bank]
        measured = around_of(distances["features"][bank.split(">")[0]], seen)
        terms = np.clip((measured - around.centre) / around.spread, -3, 3)
        square = around.slopes[0] + terms @ around.slopes[1:]
        deviations = deviations / np.sqrt((np.maximum(square, 0.02) + 0.5) / 1.5)
        total = total + weight * (3 * np.arcsinh(deviations / 3)) ** 3
        count = count + weight
    mean = np.cbrt(total / count)
    return ndimage.gaussian_filter(
        mean if seen is None else np.where(seen, mean, 0), 0.8, mode="nearest"
    )


@pytest.mark.parametrize("bank", ["rgb", "cloud", "rgb>cloud", "cloud>rgb"])
def test_distances_are_those_of_a_slow_search(study, parts, bank):
    *source, target = bank.split(">")
    found = one(study["banks"], modality=target, predicted_from=source[0] if source else None)
    groups = {
        "good": [d[bank].ravel() for part, _, d, _, _ in parts if not part.defective],
        "defective": [d[bank].ravel() for part, _, d, _, _ in parts if part.defective],
        "defect": [d[bank][truth] for _, _, d, truth, _ in parts],
    }
    for group, values in groups.items():
        wanted = np.percentile(np.concatenate(values), (5, 25, 50, 75, 95))
        np.testing.assert_allclose(found["percentiles"][group], wanted, rtol=1e-3)
    wanted = expected(parts, [d[bank] for _, _, d, _, _ in parts])
    assert found["separation"] == pytest.approx(wanted, abs=1e-3)
    assert (found["n_good"], found["n_defective"]) == (2, 9)


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(
    "region",
    ["everywhere", "foreground", "background", "cloud foreground", "cloud background"],
)
def test_prediction_errors_are_against_the_mean_of_the_region(study, parts, pair, region):
    direction = one(study["directions"], source=pair[0], target=pair[1])
    predicted, measured = [], []
    for part, features, _, _, masks in parts:
        if part.defective:
            continue
        inside = masks["cloud" if region.startswith("cloud") else pair[0]]
        if region == "everywhere":
            inside = np.ones_like(inside)
        elif region.endswith("background"):
            inside = ~inside
        predicted.append(features[">".join(pair)][inside])
        measured.append(features[pair[1]][inside])
    predicted, measured = np.concatenate(predicted), np.concatenate(measured)
    found = one(direction["errors"], region=region)
    share = r2_score(measured, predicted, multioutput="variance_weighted")
    assert found["explained"] == pytest.approx(share, abs=1e-4)
    assert found["error"] == pytest.approx(
        np.sqrt(np.mean([np.sum((p - m) ** 2) for p, m in zip(predicted, measured, strict=True)])),
        rel=1e-4,
    )
    spread = np.linalg.norm(measured - measured.mean(0), axis=1)
    assert found["error_of_mean"] == pytest.approx(np.sqrt(np.mean(spread**2)), rel=1e-4)
    assert found["patches"] == len(measured)
    if region == "everywhere":
        assert direction["explained"] == found["explained"]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_direction_is_compared_with_doing_without_and_with_measuring_both(
    study, parts, detector, pair
):
    direction = one(study["directions"], source=pair[0], target=pair[1])
    bank = ">".join(pair)
    weight = detector.calibration.weights[bank]
    assert direction["weight"] == weight
    banks = {
        "single": ([pair[0]], [1]),
        "prediction": ([bank], [weight]),
        "together": ([pair[0], bank], [1, weight]),
        "complete": ([*pair], [1, 1]),
    }
    for name, (used, weights) in banks.items():
        maps = [fused(detector, distances, used, weights) for _, _, distances, _, _ in parts]
        found = direction["comparisons"]["everything"][name]
        assert found == pytest.approx(expected(parts, maps), abs=1e-3)
    # The model's data has no background, so that it looks everywhere.
    assert direction["comparisons"]["model"] == direction["comparisons"]["everything"]


@pytest.mark.parametrize("pair", PAIRS)
def test_parts_are_ranked_as_their_inspections_are(study, parts, detector, pair):
    direction = one(study["directions"], source=pair[0], target=pair[1])
    samples = [load_sample(part) for part, *_ in parts]
    truth = [part.defective for part, *_ in parts]
    for name, predict in (("single", False), ("together", True)):
        scores = [detector.inspect(sample, pair[:1], predict).score for sample in samples]
        found = direction["comparisons"]["model"][name]["image_auroc"]
        assert found == pytest.approx(roc_auc_score(truth, scores))


def test_masks_hide_what_is_not_looked_at(study, parts, detector):
    for view, name in (("own", "rgb"), ("cloud", "cloud")):
        direction = one(study["directions"], source="rgb")
        maps = [fused(detector, d, ["rgb"], [1], masks[name]) for _, _, d, _, masks in parts]
        found = direction["comparisons"][view]["single"]
        assert found == pytest.approx(expected(parts, maps), abs=1e-3)
        assert found != direction["comparisons"]["everything"]["single"]
    covered = [masks["rgb"].mean() for part, *_, masks in parts if not part.defective]
    assert study["masks"]["rgb"] == {
        "covered": pytest.approx(np.mean(covered)),
        "agreed": False,
        "used": False,
    }


def test_a_model_that_knows_a_background_is_compared_on_the_foreground(
    detector, demo_data, tmp_path, study
):
    masked = dataclasses.replace(detector, before_background=("rgb",))
    found = study_asymmetry(masked, demo_data, tmp_path, progress=silent, skipped=pytest.fail)
    direction = next(one for one in found.directions if one.source == "rgb")
    before = one(study["directions"], source="rgb")
    single = direction.comparison.single.model_dump()
    assert single == before["comparisons"]["own"]["single"]
    assert direction.explained == one(before["errors"], region="foreground")["explained"]
    assert found.masks["rgb"].used


def test_parts_on_a_background_are_scored_as_their_inspections(detector, parts):
    masked = dataclasses.replace(detector, before_background=("cloud", "rgb"))
    for source, target in PAIRS:
        for part, *_ in parts:
            sample = load_sample(part)
            looked = look(masked, part, sample, PAIRS, {pair: ErrorSum() for pair in PAIRS})
            seen = looked.seen(View.MODEL, masked.before_background)
            for pattern, asked in (
                (Pattern((source,)), ((source,), False)),
                (Pattern((source,), (target,)), ((source,), True)),
                (Pattern(("cloud", "rgb")), (None, True)),
            ):
                shapes = dict.fromkeys(("cloud", "rgb"), sample.shape)
                judged = masked.calibration.judged(seen)
                raw = masked.calibration.raw_map(pattern, judged, shapes, PAIRS)
                found = masked.calibration.scores[pattern].score(raw).max()
                assert found == pytest.approx(masked.inspect(sample, *asked).score, abs=1e-4)


@pytest.mark.parametrize("pair", PAIRS)
def test_weights_of_calibrated_and_raw_fusion(study, parts, detector, pair):
    direction = one(study["directions"], source=pair[0], target=pair[1])
    tried = [effect["weight"] for effect in direction["weights"]]
    assert (tried[0], tried[-1]) == (0.01, 10)
    assert np.allclose(np.diff(np.log10(tried)), 0.25, atol=0.01)
    bank = ">".join(pair)
    for effect in (direction["weights"][0], direction["weights"][7], direction["weights"][-1]):
        weights = [1, effect["weight"]]
        maps = [fused(detector, d, [pair[0], bank], weights) for _, _, d, _, _ in parts]
        assert effect["calibrated"] == pytest.approx(expected(parts, maps), abs=1e-3)
        raw = []
        for _, _, distances, _, _ in parts:
            total = distances[pair[0]] ** 3 + effect["weight"] * distances[bank] ** 3
            mean = np.cbrt(total / sum(weights))
            raw.append(ndimage.gaussian_filter(mean, 0.8, mode="nearest"))
        assert effect["raw"] == pytest.approx(expected(parts, raw), abs=1e-3)


def test_a_type_of_defect_is_compared_with_all_good_parts(study, parts, detector):
    direction = one(study["directions"], source="rgb")
    kinds = {part.defect_type for part, *_ in parts if part.defective}
    assert set(direction["defect_types"]) == kinds
    some = [p for p in parts if not p[0].defective or p[0].defect_type == "dent"]
    maps = [fused(detector, distances, ["rgb"], [1]) for _, _, distances, _, _ in some]
    dent = direction["defect_types"]["dent"]
    assert dent["n_defective"] == 1
    assert dent["comparison"]["single"] == pytest.approx(expected(some, maps), abs=1e-3)


def test_the_asymmetry_is_the_difference_of_the_gains(study, parts, detector):
    (found,) = study["asymmetries"]
    gains, scores = {}, {}
    truth = np.array([part.defective for part, *_ in parts])
    for direction in study["directions"]:
        comparison = direction["comparisons"]["model"]
        pair = (direction["source"], direction["target"])
        gains[pair] = {
            measure: comparison["together"][measure] - comparison["single"][measure]
            for measure in ("image_auroc", "patch_auroc")
        }
        bank, weight = ">".join(pair), direction["weight"]
        scores[pair] = [
            [peak(fused(detector, d, banks, weights)) for _, _, d, _, _ in parts]
            for banks, weights in (([pair[0], bank], [1, weight]), ([pair[0]], [1]))
        ]
    better, other = tuple(found["better"]), tuple(found["other"])
    assert {better, other} == set(PAIRS)
    assert found["image_auroc"] >= 0
    for measure in ("image_auroc", "patch_auroc"):
        difference = gains[better][measure] - gains[other][measure]
        assert found[measure] == pytest.approx(difference)
    rng = np.random.default_rng(5)
    differences = []
    for _ in range(300):
        drawn = np.concatenate(
            [
                rng.choice(np.flatnonzero(truth == kind), sum(truth == kind))
                for kind in (False, True)
            ]
        )
        area = [
            roc_auc_score(truth[drawn], np.array(one)[drawn])
            for pair in (better, other)
            for one in scores[pair]
        ]
        differences.append(area[0] - area[1] - area[2] + area[3])
    low, high = found["interval"]
    # With two good parts the differences are few: a limit may hold more than its share.
    for beyond, at in (
        (np.less(differences, low), np.less_equal(differences, low)),
        (np.greater(differences, high), np.greater_equal(differences, high)),
    ):
        assert beyond.mean() <= 0.05
        assert at.mean() >= 0.01


def test_every_part_is_encoded_once(written, parts):
    assert sorted(written[1]) == sorted(["rgb", "cloud"] * len(parts))


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.pictures, self.links, self.words = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.links += [v for n, v in attrs if n in {"src", "href"}]
        if tag == "img":
            self.pictures.append(attributes)

    def handle_data(self, data):
        self.words += data


def test_the_page_is_complete_in_itself_and_begins_with_the_findings(written, study):
    text = (written[0] / "asymmetry.html").read_text("utf-8")
    page = Page(text)
    assert len(page.pictures) == 6
    head = "data:image/svg+xml;base64,"
    for picture in page.pictures:
        assert picture["alt"]
        svg = ElementTree.fromstring(base64.b64decode(picture["src"].removeprefix(head)))
        assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert all(link.startswith(head) for link in page.links)
    assert "@import" not in text
    assert "url(" not in text
    shown = " ".join(page.words.split())
    assert study["findings"]
    said = " ".join(study["findings"])
    assert 0 < shown.index(said) < shown.index("Directions")
    for direction in study["directions"]:
        auroc = direction["comparisons"]["model"]["together"]["image_auroc"]
        assert f"{auroc:.3f}" in shown


def test_the_findings_name_the_better_direction_and_what_goes_with_it(study):
    (found,) = study["asymmetries"]
    better, other = (
        one(study["directions"], source=pair[0], target=pair[1])
        for pair in (found["better"], found["other"])
    )
    titles = {"rgb": "RGB image", "cloud": "point cloud"}
    said = study["findings"][0]
    source, target = (titles[name] for name in found["better"])
    assert said.startswith(f"Prediction of the {target} from the {source} ")
    explained = (
        f"explains {better['explained']:.0%} of the variation, the other {other['explained']:.0%}"
    )
    assert explained in said
    larger = found["image_auroc"] >= 0.0005 and better["explained"] > other["explained"]
    assert ("the larger share of variation explained" in said) is larger


def _copied(demo_data, root, folders):
    for folder in folders:
        shutil.copytree(demo_data / folder, root / folder)
    return root


def _refused(detector, data, tmp_path):
    out = tmp_path / "study"
    with pytest.raises(InputError) as caught:
        study_asymmetry(detector, data, out, progress=silent, skipped=pytest.fail)
    assert not out.exists()
    return caught.value


def test_a_model_that_predicts_nothing(detector, demo_data, tmp_path):
    sources = dataclasses.replace(detector.sources, distillers={})
    error = _refused(dataclasses.replace(detector, sources=sources), demo_data, tmp_path)
    assert "predicts no modality" in error.problem


@pytest.mark.parametrize(("folder", "lacking"), [("good", "defective"), ("dent", "good")])
def test_data_without_one_of_the_classes(detector, demo_data, tmp_path, folder, lacking):
    data = _copied(demo_data, tmp_path / "data", [f"test/{folder}"])
    error = _refused(detector, data, tmp_path)
    assert error.where == data
    assert f"no {lacking} parts" in error.problem


def test_data_with_a_single_modality(detector, demo_data, tmp_path):
    folders = [f"test/{folder}/rgb" for folder in ("good", "dent")]
    error = _refused(detector, _copied(demo_data, tmp_path / "data", folders), tmp_path)
    assert "rgb and cloud" in error.problem


def _listed(demo_data, root, registered):
    """A table of a defective part and good ones, registered or not."""
    rows = ["id,split,label,rgb,cloud,registered"]
    for number, answer in enumerate(registered):
        kind = "good" if number else "dent"
        for name, suffix in (("rgb", "png"), ("xyz", "tiff")):
            shutil.copy(
                demo_data / "test" / kind / name / f"000.{suffix}",
                root / f"{number}.{suffix}",
            )
        rows.append(f"part {number},test,{kind},{number}.png,{number}.tiff,{answer}")
    (root / "manifest.csv").write_text("\n".join(rows))
    return root


def test_data_that_is_not_registered(detector, demo_data, tmp_path):
    (tmp_path / "data").mkdir()
    data = _listed(demo_data, tmp_path / "data", ["no", "no"])
    assert "not registered" in _refused(detector, data, tmp_path).problem


def test_single_parts_that_are_not_registered_are_left_out(detector, demo_data, tmp_path):
    (tmp_path / "data").mkdir()
    data = _listed(demo_data, tmp_path / "data", ["yes", "yes", "no"])
    left_out = []
    study = study_asymmetry(
        detector, data, tmp_path / "study", progress=silent, skipped=left_out.append
    )
    assert [error.where for error in left_out] == ["part 2"]
    assert (study.n_good, study.n_defective) == (1, 1)


def test_data_the_model_knows_nothing_of(detector, demo_data, tmp_path):
    folders = [f"test/{folder}/infrared" for folder in ("good", "dent")]
    error = _refused(detector, _copied(demo_data, tmp_path / "data", folders), tmp_path)
    assert "rgb or cloud" in error.problem


def test_data_without_masks_is_compared_by_parts_only(detector, demo_data, tmp_path):
    folders = [f"test/{kind}/{name}" for kind in ("good", "dent") for name in ("rgb", "xyz")]
    data = _copied(demo_data, tmp_path / "data", folders)
    out = tmp_path / "study"
    study = study_asymmetry(detector, data, out, progress=silent, skipped=pytest.fail)
    comparison = study.directions[0].comparison
    assert comparison.single.patch_auroc is None
    assert 0 <= comparison.single.image_auroc <= 1
    assert study.asymmetries[0].interval is None
    assert any("mask" in sentence for sentence in study.missing)
    assert len(Page((out / "asymmetry.html").read_text("utf-8")).pictures) == 5


def test_parts_that_lack_a_modality_are_left_out_of_the_directions(detector, demo_data, tmp_path):
    data = _copied(demo_data, tmp_path / "data", ["test/good", "test/dent", "test/scratch"])
    (data / "test" / "scratch" / "xyz" / "000.tiff").unlink()
    study = study_asymmetry(
        detector, data, tmp_path / "study", progress=silent, skipped=pytest.fail
    )
    assert (study.n_good, study.n_defective) == (2, 2)
    assert {one.n_defective for one in study.directions} == {1}
    assert {(b.modality, b.predicted_from): b.n_defective for b in study.banks} == {
        ("rgb", None): 2,
        ("cloud", None): 1,
        ("cloud", "rgb"): 2,
        ("rgb", "cloud"): 1,
    }
    assert all("cloud" in one.comparisons for one in study.directions)
    assert study.missing == ()


def test_a_pair_that_no_part_has_is_named(detector, demo_data, tmp_path):
    sources, calibration = detector.sources, detector.calibration
    wider = dataclasses.replace(
        detector,
        sources=dataclasses.replace(
            sources,
            distillers=sources.distillers
            | {("rgb", "infrared"): sources.distillers["rgb", "cloud"]},
            banks=sources.banks | {"rgb>infrared": sources.banks["rgb>cloud"]},
        ),
        calibration=dataclasses.replace(
            calibration,
            maps=calibration.maps
            | {
                "rgb>infrared": calibration.maps["rgb>cloud"],
                "infrared": calibration.maps["cloud"],
            },
        ),
    )
    data = _copied(demo_data, tmp_path / "data", ["test/good", "test/dent"])
    study = study_asymmetry(wider, data, tmp_path / "study", progress=silent, skipped=pytest.fail)
    assert {(one.source, one.target) for one in study.directions} == set(PAIRS)
    assert study.missing == (
        "Infrared image and RGB image are not compared: no good and defective parts have both.",
    )


def test_cancelling_writes_nothing(detector, demo_data, tmp_path):
    def stop(stage, done, total):
        if stage == "compare":
            raise Cancelled

    data = _copied(demo_data, tmp_path / "data", ["test/good", "test/dent"])
    with pytest.raises(Cancelled):
        study_asymmetry(detector, data, tmp_path / "study", progress=stop, skipped=pytest.fail)
    assert list((tmp_path / "study").iterdir()) == []


def _direction(source, target, explained, single, together):
    def separation(value):
        return results.Separation(image_auroc=value, patch_auroc=None)

    comparison = results.Comparison(
        single=separation(single),
        prediction=separation(explained),
        together=separation(together),
        complete=separation(0.95),
    )
    effect = results.WeightEffect(
        weight=1, calibrated=separation(together), raw=separation(together)
    )
    return results.Direction(
        source=source,
        target=target,
        n_good=9,
        n_defective=9,
        weight=1,
        comparisons={results.View.MODEL: comparison, results.View.EVERYTHING: comparison},
        errors=(),
        explained=explained,
        weights=(effect,),
        defect_types={},
    )


@pytest.mark.parametrize(
    ("together", "opening"),
    [
        (0.85, "Prediction of the point cloud from the RGB image helps more "),
        (0.79, "Prediction of the point cloud from the RGB image does less harm "),
        (0.7, "Prediction of the point cloud from the RGB image helps as much as "),
    ],
)
def test_findings_on_crafted_numbers(together, opening):
    better = _direction("rgb", "cloud", 0.6, 0.8, together)
    other = _direction("cloud", "rgb", 0.4, 0.8, 0.7)
    asymmetry = results.Asymmetry(
        better=("rgb", "cloud"),
        other=("cloud", "rgb"),
        image_auroc=together - 0.7,
        interval=(0.01, 0.2),
        patch_auroc=None,
    )
    first, *_ = sentences([better, other], [asymmetry])
    assert first.startswith(opening)
    assert "9 good and 9 defective parts tell it from chance" in first
    explained = "this direction has the larger share of variation explained and the better"
    assert (explained in first) is (together > 0.7)
    assert "the larger room" not in first
