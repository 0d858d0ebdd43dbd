"""Models remember which weights their encoders were trained with."""

import json

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from cmdiad_core import encoders
from cmdiad_core.detector import Detector
from cmdiad_core.encoders import Pretrained
from cmdiad_core.encoders._pretrained import load_published
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Sample
from cmdiad_core.weights import PublishedWeights


class _Small(Pretrained):
    """Three colours by a trained matrix, on the patch grid."""

    name = "small"
    kinds = frozenset({Kind.IMAGE})
    weights = PublishedWeights("small", "http://127.0.0.1:9", None, "MIT", lambda: nn.Linear(3, 5))

    def encode(self, values):
        from cmdiad_core.encoders._image_network import on_patch_grid

        planes = self._network(torch.from_numpy(values).to(self._type)).permute(2, 0, 1)[None]
        return on_patch_grid(planes, values.shape[:2])

    def _load(self, source):
        return load_published(self.weights, source)


@pytest.fixture
def weights(tmp_path, monkeypatch):
    known = encoders.encoder_class
    monkeypatch.setattr(
        encoders, "encoder_class", lambda name: _Small if name == "small" else known(name)
    )
    torch.manual_seed(1)
    save_file(nn.Linear(3, 5).state_dict(), tmp_path / "small.safetensors")
    return tmp_path / "small.safetensors"


@pytest.fixture
def model(weights, part, recipe, tmp_path):
    quick = recipe.model_copy(update={"encoders": {"rgb": f"small:{weights}"}, "components": 5})
    parts = [part(n, ("rgb",)) for n in range(4)]
    return Detector.fit(parts, recipe=quick, device="cpu").save(tmp_path / "model")


def test_the_digest_of_the_weights_is_in_the_model(model, tmp_path):
    card = json.loads((tmp_path / "model" / "model.json").read_text("utf-8"))
    assert card["encoder_weights"] == {"rgb": model.encoders["rgb"].weights_sha256}
    loaded = Detector.load(tmp_path / "model", "cpu")
    assert loaded.encoders["rgb"].weights_sha256 == model.encoders["rgb"].weights_sha256


def test_a_model_does_not_load_with_other_weights(model, weights, tmp_path):
    save_file(nn.Linear(3, 5).state_dict(), weights)
    with pytest.raises(InputError, match=r"other weights of small.* for rgb than those here"):
        Detector.load(tmp_path / "model", "cpu")


def test_a_model_does_not_load_without_its_weights(model, weights, tmp_path):
    weights.unlink()
    with pytest.raises(InputError, match=r"small\.safetensors: cannot be read"):
        Detector.load(tmp_path / "model", "cpu")


def test_weights_are_found_from_another_folder(weights, monkeypatch):
    monkeypatch.chdir(weights.parent)
    assert encoders.resolved("small:small.safetensors") == f"small:{weights}"
    assert encoders.resolved("filter_bank") == "filter_bank"
    assert encoders.resolved("huggingface:facebook/dinov2") == "huggingface:facebook/dinov2"


def test_parts_with_holes_are_learned_from_and_inspected(part, recipe):
    """FPFH says nothing where a cloud has no points."""
    import numpy as np

    parts = []
    for number in range(8):
        whole = part(number, ("rgb", "cloud"))
        cloud = whole.measured["cloud"].copy()
        cloud[5:15, 10 + number : 30] = np.nan
        parts.append(Sample(whole.id, {**whole.measured, "cloud": cloud}, metric=True))
    chosen = {"rgb": "filter_bank", "cloud": "fpfh"}
    quick = recipe.model_copy(update={"encoders": chosen, "bank_size": 100, "steps": 20})
    detector = Detector.fit(parts[:5], parts[5:7], recipe=quick, device="cpu")
    for names in (("rgb", "cloud"), ("rgb",), ("cloud",)):
        result = detector.inspect(parts[7].using(names))
        assert np.isfinite(result.map).all()
        assert np.isfinite(result.score)
