"""The nine pipelines against numbers of the published implementation (see `parity`).

The published decision layer is fitted on parts that are in the bank (R3). With the whole bank
their patch distances are zero, and what the parity numbers hold of them is the rounding of one
processor's matrix products (about the square root of float32's resolution times the squared
length of a patch). What follows from it, coefficients and with them the size of final scores, is
therefore compared by feeding in the numbers that were found there.
"""

import numpy as np
import pytest
import torch

from cmdiad_core.reference import Settings, fit_pipeline, pipelines
from cmdiad_core.reference.patch_bank import PatchBank, Standard
from cmdiad_core.scoring import OneClassSVM

NAMES = {"cloud": "xyz", "rgb": "rgb", "predicted": "fusion"}
WEIGHTS = {"cloud": 1.0, "rgb": 0.1, "predicted": 1.0}
TESTS = ("test0", "test1")


@pytest.fixture(scope="module")
def wanted(parity):
    return np.load(parity / "pipelines.npz")


@pytest.fixture(scope="module", params=pipelines())
def fitted(request, published_parts, distillers, backbones):
    train = published_parts("train0", "train1", "train2")
    pipeline = pipelines()[request.param]
    network = distillers.get(pipeline.network)
    settings = Settings(reference=True, share=1)
    return fit_pipeline(pipeline, train, train, network, backbones, settings, lambda: None)


def test_statistics(fitted, wanted):
    key = f"{fitted.pipeline.name}/stats_xyzmean_xyzstd_rgbmean_rgbstd_fusmean_fusstd"
    places = {"cloud": 0, "rgb": 2, "predicted": 4}
    for source, bank in fitted.banks.items():
        found = (bank.standard.mean, bank.standard.deviation)
        expected = wanted[key][places[source] : places[source] + 2]
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)


def test_scores_and_maps_of_every_bank(fitted, wanted, published_parts, parity, monkeypatch):
    searched = []

    def nearest(bank, patches):
        searched.append((patches, *found(bank, patches)))
        return searched[-1][1:]

    found = PatchBank.nearest
    monkeypatch.setattr(PatchBank, "nearest", nearest)
    parts = published_parts(*TESTS)
    for index, part in enumerate(TESTS):
        for source, bank in fitted.banks.items():
            key = f"{fitted.pipeline.name}/{part}/{NAMES[source]}"
            if (fitted.pipeline.name, part, source) == ("f2i_main_rgb", "test1", "predicted"):
                # Farthest points of this predicted cloud tie to the last digit: the published
                # prediction itself is taken.
                cloud = torch.from_numpy(np.load(parity / "modules.npz")["f2i_xyz_from_rgb"])
                features = fitted.sources[source].backbones.features("cloud", cloud)
            else:
                features = fitted.sources[source](parts, index)
            score, plane = bank.compare(features)
            assert score == pytest.approx(float(wanted[f"{key}/s"]), rel=1e-3)
            patches, distance, _ = searched[-1]
            published = wanted[f"{key}/min_dist"]
            # Squares: what a matrix product rounds is the square of a distance.
            rounding = 4e-6 * float(patches.square().sum(1).max())
            np.testing.assert_allclose(distance**2, published**2, rtol=4e-3, atol=rounding)
            # A distance next to a step of the 8 bits may fall on either side of it.
            steps = np.abs(plane[::4, ::4] - wanted[f"{key}/s_map_every4"]) / published.max() * 255
            assert steps.max() < 4
            assert steps.mean() < 1


def test_maps_are_the_published_ones_for_the_published_distances(fitted, wanted, monkeypatch):
    for part in TESTS:
        for source, bank in fitted.banks.items():
            key = f"{fitted.pipeline.name}/{part}/{NAMES[source]}"
            distance = torch.from_numpy(wanted[f"{key}/min_dist"])
            found = (distance, torch.zeros(len(distance), dtype=torch.int64))
            monkeypatch.setattr(PatchBank, "nearest", lambda *_, found=found: found)
            side = round(len(distance) ** 0.5)
            _, plane = bank.compare(torch.zeros(768, side, side))
            published = wanted[f"{key}/s_map_every4"]
            assert np.abs(plane[::4, ::4] - published).max() < published.max() / 255


def test_training_scores_are_as_small_as_the_published_ones(fitted, wanted):
    # Rounding, see above: of the same order on every processor.
    assert np.all(fitted.score_layer.coefficients > 0)
    published = wanted[f"{fitted.pipeline.name}/ocsvm_s_coef_offset"][:-1]
    ratio = fitted.score_layer.coefficients / published
    assert np.all((ratio > 0.3) & (ratio < 3))


def test_final_scores_and_maps_from_the_published_training_scores(fitted, wanted):
    name = fitted.pipeline.name
    sources = list(fitted.banks)
    layer = OneClassSVM.fit(wanted[f"{name}/train_s"])
    published = wanted[f"{name}/ocsvm_s_coef_offset"]
    np.testing.assert_allclose(layer.coefficients, published[:-1], rtol=1e-3)
    assert layer.offset == pytest.approx(published[-1], rel=1e-3)
    of_maps = wanted[f"{name}/ocsvm_map_coef_offset"]
    map_layer = OneClassSVM(of_maps[:-1], of_maps[-1])
    for part in TESTS:
        keys = [f"{name}/{part}/{NAMES[source]}" for source in sources]
        weights = np.array([WEIGHTS[source] for source in sources])
        scores = np.array([float(wanted[f"{key}/s"]) for key in keys]) * weights
        assert layer(scores) == pytest.approx(float(wanted[f"{name}/{part}/score"][0]), rel=1e-3)
        planes = np.stack([wanted[f"{key}/s_map_every4"] for key in keys], -1) * weights
        final = wanted[f"{name}/{part}/map_every4"]
        assert np.abs(map_layer(planes) - final).max() < final.max() / 255


def test_a_bank_compares_as_its_definition_says():
    rng = np.random.default_rng(0)
    entries = torch.from_numpy(rng.normal(size=(40, 9)).astype(np.float32))
    features = torch.from_numpy(rng.normal(size=(9, 4, 4)).astype(np.float32))
    bank = PatchBank.fit(
        entries, Standard(0.5, 2.0), share=1, seed=0, device="cpu", eight_bits=False
    )
    kept = (entries.numpy() - 0.5) / 2
    rows = (features.flatten(1).T.numpy() - 0.5) / 2
    distance = np.linalg.norm(rows[:, None] - kept[None], axis=-1)
    worst = distance.min(1).argmax()
    nearest = distance[worst].argmin()
    around = np.argsort(np.linalg.norm(kept - kept[nearest], axis=1))[1:3]
    beside = np.linalg.norm(rows[worst] - kept[around], axis=1)
    largest = distance.min(1).max()
    expected = (1 - np.exp(largest / 3) / np.exp(beside / 3).sum()) * largest
    score, plane = bank.compare(features)
    assert score == pytest.approx(expected, rel=1e-4)
    assert plane.shape == (224, 224)
    row, column = np.unravel_index(plane.argmax(), plane.shape)
    assert (row // 56, column // 56) == np.unravel_index(worst, (4, 4))


def test_mended_pipelines_neither_mix_statistics_nor_invent_resolution(
    published_parts, distillers, backbones
):
    train, calibration = published_parts("train0", "train1"), published_parts("train2")
    pipeline = pipelines()["f2f_main_rgb"]
    fitted = fit_pipeline(
        pipeline,
        train,
        calibration,
        distillers["f2f"],
        backbones,
        Settings(reference=False, share=1),
        lambda: None,
    )
    assert fitted.sources["predicted"](train, 0).shape == (768, 28, 28)
    for source, bank in fitted.banks.items():
        rows = torch.cat([fitted.sources[source](train, i).flatten(1).T for i in range(2)])
        assert bank.standard.mean == pytest.approx(float(rows.mean()), abs=1e-6)
        assert bank.standard.deviation == pytest.approx(float(rows.std()), rel=1e-5)
    # Every source counts the same on parts like those it was calibrated on.
    coefficients = fitted.score_layer.coefficients
    assert coefficients[0] == pytest.approx(coefficients[1], rel=1e-3)
    seen = [bank.compare(fitted.sources[s](calibration, 0))[0] for s, bank in fitted.banks.items()]
    assert [s * w for s, w in zip(seen, fitted.weights.values(), strict=True)] == pytest.approx(
        [1, 1], rel=1e-4
    )
