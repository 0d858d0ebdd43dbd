import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from cmdiad_core.distillation import FeatureToFeature
from cmdiad_core.distillation.training import train


def _pairs(count=4000, seed=0):
    rng = np.random.default_rng(seed)
    source = rng.normal(size=(count, 6)).astype(np.float32)
    wanted = np.stack([np.sin(source[:, 0] * 2), source[:, 1] * source[:, 2]], 1)
    return source, wanted.astype(np.float32)


def _trained(seed=0, steps=600):
    return train(
        *_pairs(),
        hidden=32,
        steps=steps,
        batch=256,
        rate=5e-3,
        seed=seed,
        device="cpu",
        step_done=lambda step: None,
    )


@pytest.fixture(scope="module")
def distiller():
    return _trained()


def test_the_rate_rises_over_a_tenth_of_the_steps_and_decays_to_zero(monkeypatch):
    rates, step = [], torch.optim.Adam.step

    def watched(self, *args, **options):
        rates.append(self.param_groups[0]["lr"] / 5e-3)
        return step(self, *args, **options)

    monkeypatch.setattr(torch.optim.Adam, "step", watched)
    _trained(steps=100)
    steps = np.arange(100)
    rising, falling = 0.01 + 0.099 * steps, (1 + np.cos(np.pi * (steps - 10) / 90)) / 2
    np.testing.assert_allclose(rates, np.where(steps < 10, rising, falling), atol=1e-9)
    assert rates[-1] < 1e-3


def test_a_relation_that_is_no_line_is_learned(distiller):
    source, wanted = _pairs(seed=1)
    error = np.square(distiller(source)[0] - wanted).mean()
    assert error < 0.1 * np.square(wanted).mean()


def test_predictions_are_those_of_the_same_network_in_torch(distiller):
    layers = []
    for weight, bias in zip(distiller.weights, distiller.biases, strict=True):
        layer = nn.Linear(*weight.shape[::-1])
        layer.load_state_dict({"weight": torch.tensor(weight), "bias": torch.tensor(bias)})
        layers += [layer, nn.GELU("tanh")]
    maps = np.random.default_rng(2).normal(size=(5, 7, 6)).astype(np.float32) * 3
    with torch.inference_mode():
        expected = nn.Sequential(*layers[:-1])(torch.from_numpy(maps)).numpy()
    np.testing.assert_allclose(distiller(maps)[0], expected[..., :-1], atol=1e-5)


def test_confidence_is_the_share_of_the_variation_that_is_explained(distiller):
    source, wanted = _pairs(seed=1)
    predicted, confidence = distiller(source)
    explained = 1 - np.square(predicted - wanted).sum() / np.square(wanted - wanted.mean(0)).sum()
    assert confidence.mean() == pytest.approx(explained, abs=0.1)
    assert confidence.min() >= 0
    assert confidence.max() <= 1


def test_confidence_is_low_where_the_other_modality_is_undetermined():
    rng = np.random.default_rng(0)
    source = rng.normal(size=(6000, 2)).astype(np.float32)
    # Where the first channel is positive the target follows the second, elsewhere it is noise.
    known = source[:, :1] > 0
    wanted = np.where(known, source[:, 1:], rng.normal(size=(6000, 1))).astype(np.float32)
    learned = train(
        source,
        wanted,
        hidden=32,
        steps=500,
        batch=256,
        rate=5e-3,
        seed=0,
        device="cpu",
        step_done=lambda step: None,
    )
    _, confidence = learned(source)
    assert confidence[known[:, 0]].mean() > 0.7
    assert confidence[~known[:, 0]].mean() < 0.3


def test_places_where_nothing_was_measured_have_no_prediction(distiller):
    maps = np.zeros((3, 6), np.float32)
    maps[1] = np.nan
    assert np.isnan(distiller(maps)[0]).all(1).tolist() == [False, True, False]


def test_the_seed_decides_what_is_learned():
    first, again, other = (_trained(seed, steps=5).weights[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_arrays_of_a_distiller_make_it_again(distiller):
    maps = np.ones((2, 6), np.float32)
    np.testing.assert_array_equal(
        FeatureToFeature.of(distiller.arrays)(maps)[0], distiller(maps)[0]
    )


def test_arrays_that_do_not_fit_together_are_refused(distiller):
    with pytest.raises(ValueError, match="layer 1"):
        FeatureToFeature.of(distiller.arrays | {"1.weight": np.ones((4, 4), np.float32)})


def test_inspecting_with_encoders_that_need_no_network_loads_no_torch(demo_model, demo_data):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from cmdiad_core.data.layouts import open_dataset\n"
        "from cmdiad_core.data.loading import load_sample\n"
        "from cmdiad_core.detector import Detector\n"
        "part = open_dataset(Path(sys.argv[2])).split('test')[0]\n"
        "Detector.load(Path(sys.argv[1])).inspect(load_sample(part), ['rgb'])\n"
        "sys.exit('torch' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(demo_model), str(demo_data)]
    done = subprocess.run(command, capture_output=True, text=True)
    if "+cpu" in torch.__version__:
        assert done.returncode == 0, done.stderr
