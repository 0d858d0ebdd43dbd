import pytest
import torch
from torch import nn

from cmdiad_core import encoders
from cmdiad_core.weights import PublishedWeights

ADDRESS = "http://127.0.0.1:9/small.pth"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache" / "weights"


@pytest.fixture
def checkpoint(tmp_path, monkeypatch):
    """Return a checkpoint of a small network, whose weights are the only published ones."""
    small = PublishedWeights("small", ADDRESS, None, "MIT", lambda: nn.Linear(3, 2))
    monkeypatch.setattr(encoders, "published_weights", lambda: [small])
    state = {f"module.{name}": value for name, value in nn.Linear(3, 2).state_dict().items()}
    torch.save({"state_dict": state, "epoch": 300}, tmp_path / "trained [b].pth")
    return tmp_path / "trained [b].pth"


def test_encoders_lists_every_encoder_and_what_it_takes_to_use_it(cmdiad):
    out = cmdiad("encoders").out
    for name in encoders.encoders():
        assert name in out
    assert "122 (rgb), 44 (infrared)" in out
    assert "Apache-2.0" in out
    assert "MIT" in out
    assert out.count("no: cmdiad weights get") == 2


def test_published_weights_are_listed_with_their_address_and_hash(cmdiad):
    out = cmdiad("weights", "list").out
    for one in encoders.published_weights():
        # On one line, so that it can be copied.
        assert one.address in out
        assert one.address in cmdiad("encoders").out
    assert "not known, recorded at first download" in out
    assert out.count("not here") == 2


def test_weights_are_imported_listed_and_verified(cmdiad, checkpoint, cache):
    assert "not here" in cmdiad("weights", "list").out
    assert cmdiad("weights", "verify").out == "small is not here\n"
    assert "holds small, which is here now" in cmdiad("weights", "import", checkpoint).out
    assert "trained [b].pth, SHA-256" in cmdiad("weights", "list").out
    assert cmdiad("weights", "get", "small").out == "small is here\n"
    assert cmdiad("weights", "verify").out == "small is as it came\n"


def test_damaged_weights_are_told_by_verify(refused, cmdiad, checkpoint, cache):
    cmdiad("weights", "import", checkpoint)
    path = cache / "small.safetensors"
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)
    refused("weights", "verify", naming=path)


def test_weights_that_cannot_be_had_are_refused(refused, checkpoint, tmp_path):
    refused("weights", "get", "small", naming=ADDRESS)
    refused("weights", "get", "resnet", naming="there are small")
    refused("weights", "import", tmp_path / "none.pth", naming="none.pth")
    torch.save({"a": torch.ones(2)}, tmp_path / "other.pth")
    assert "it has a" in refused("weights", "import", tmp_path / "other.pth", naming="small")


def test_training_without_the_weights_says_how_to_get_them(refused, demo_data, tmp_path):
    options = ("--out", tmp_path / "m", "--encoder", "rgb=dino_vitb8")
    refused("train", demo_data, *options, naming="cmdiad weights get dino_vitb8")
