"""Training on whole maps, with a network small enough to be quick."""

import hashlib
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pytest
import torch
from torch import nn

from cmdiad_core.distillation.map_training import Schedule, train_network
from cmdiad_core.distillation.networks import Level, Network
from cmdiad_core.errors import InputError


class Mixing(Network):
    """One linear map per direction."""

    name: ClassVar[str] = "mixing"
    reads: ClassVar[Level] = Level.FEATURES
    predicts: ClassVar[Level] = Level.FEATURES
    both_ways: ClassVar[bool] = True
    rates: ClassVar[Mapping[str, float]] = {"rgb": 0.05, "cloud": 0.05}

    def __init__(self):
        super().__init__()
        self.rgb, self.cloud = nn.Conv2d(4, 4, 1), nn.Conv2d(4, 4, 1)

    def forward(self, given, source):
        return getattr(self, source)(given)


class Turned:
    """Parts whose cloud features are their image features in reverse order."""

    def __init__(self, count, seed=0):
        rng = np.random.default_rng(seed)
        self.maps = torch.from_numpy(rng.normal(size=(count, 4, 6, 6)).astype(np.float32))

    def __len__(self):
        return len(self.maps)

    def read(self, index, modality, level):
        assert level is Level.FEATURES
        return self.maps[index] if modality == "rgb" else self.maps[index].flip(0)


class Killed(BaseException):
    pass


def _train(tmp_path, *, train=None, validation=None, stop=None, about="parts", **changes):
    options = {"epochs": 60, "warm_up": 5, "batch": 4, "portion": 4, **changes}
    epochs = []

    def epoch_done(done):
        epochs.append(done)
        if done == stop:
            raise Killed

    said = []
    network = train_network(
        Mixing,
        ("rgb", "cloud"),
        train or Turned(8),
        validation,
        schedule=Schedule(**options),
        device="cpu",
        checkpoint=tmp_path / "mixing.training",
        about=about,
        epoch_done=epoch_done,
        unusable=said.append,
    )
    return network, epochs, said


def _same(one, other, tolerance=0.0):
    return all(
        torch.allclose(a, b, rtol=0, atol=tolerance)
        for a, b in zip(one.parameters(), other.parameters(), strict=True)
    )


@pytest.fixture(autouse=True)
def exact(monkeypatch):
    # Half precision would hide small differences.
    monkeypatch.setattr("cmdiad_core.distillation.map_training.fast_type", lambda _: torch.float32)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_both_directions_are_learned(tmp_path):
    network, epochs, _ = _train(tmp_path, epochs=80)
    reversal = torch.eye(4).flip(0)
    assert (network.rgb.weight[..., 0, 0] - reversal).abs().max() < 0.05
    assert (network.cloud.weight[..., 0, 0] - reversal).abs().max() < 0.05
    assert not network.training
    assert epochs == list(range(1, 81))


def test_lower_precision_learns_as_well(tmp_path, monkeypatch):
    kind = "cmdiad_core.distillation.map_training.fast_type"
    monkeypatch.setattr(kind, lambda _: torch.bfloat16)
    network, _, _ = _train(tmp_path, epochs=80)
    assert (network.rgb.weight[..., 0, 0] - torch.eye(4).flip(0)).abs().max() < 0.1
    assert network.rgb.weight.dtype == torch.float32


def test_portions_add_up_to_the_batch(tmp_path):
    whole, _, _ = _train(tmp_path / "a", epochs=5, batch=3, portion=3)
    portions, _, _ = _train(tmp_path / "b", epochs=5, batch=3, portion=2)
    assert _same(whole, portions, 1e-5)
    smaller, _, _ = _train(tmp_path / "c", epochs=5, batch=2)
    assert not _same(whole, smaller, 1e-5)


@pytest.mark.parametrize("validation", [None, Turned(2, seed=1)])
def test_a_killed_training_goes_on_as_if_nothing_had_happened(tmp_path, validation):
    through, _, _ = _train(tmp_path / "a", validation=validation, epochs=12)
    with pytest.raises(Killed):
        _train(tmp_path / "b", validation=validation, epochs=12, stop=7)
    continued, epochs, _ = _train(tmp_path / "b", validation=validation, epochs=12)
    assert epochs == [8, 9, 10, 11, 12]
    assert _same(through, continued)


def test_a_checkpoint_of_something_else_is_not_continued(tmp_path):
    with pytest.raises(Killed):
        _train(tmp_path, stop=3)
    assert _train(tmp_path, about="other parts", epochs=4)[1] == [1, 2, 3, 4]


def test_a_damaged_checkpoint_is_not_continued(tmp_path):
    with pytest.raises(Killed):
        _train(tmp_path, epochs=2, stop=1)
    checkpoint = tmp_path / "mixing.training"
    content = checkpoint.read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(60):
        damaged = bytearray(content)
        damaged[rng.integers(len(content))] ^= rng.integers(1, 256)
        for stored in (bytes(damaged), content[: rng.integers(len(content))]):
            checkpoint.write_bytes(stored)
            assert _train(tmp_path, epochs=2)[1] == [1, 2]


def test_a_hostile_checkpoint_is_not_run(tmp_path):
    class Hostile:
        def __reduce__(self):
            return (open, (str(tmp_path / "harm"), "w"))

    torch.save({"about": Hostile()}, tmp_path / "hostile")
    content = (tmp_path / "hostile").read_bytes()
    stored = hashlib.sha256(content).digest() + content
    (tmp_path / "mixing.training").write_bytes(stored)
    assert _train(tmp_path, epochs=2)[1] == [1, 2]
    assert not (tmp_path / "harm").exists()


def test_training_ends_when_validation_parts_gain_nothing_more(tmp_path):
    class Unrelated(Turned):
        def read(self, index, modality, level):
            return self.maps[index] if modality == "rgb" else self.maps[index - 1] * 5

    validation = Unrelated(4, seed=3)
    network, epochs, _ = _train(tmp_path, validation=validation, epochs=300, patience=4)
    assert len(epochs) < 300
    # The best weights are returned, not the last: those of a training cut short at that epoch.
    best, _, _ = _train(tmp_path / "short", validation=validation, epochs=len(epochs) - 4)
    assert _same(network, best)


def test_a_loss_that_is_no_number_is_said(tmp_path):
    broken = Turned(4)
    broken.maps[2, 0, 0, 0] = torch.nan
    with pytest.raises(InputError, match=r"distiller mixing: .*no number"):
        _train(tmp_path, train=broken, epochs=2)


def test_a_full_disk_does_not_end_the_training(tmp_path, monkeypatch):
    def full(path, content):
        raise InputError(path, "cannot be written (No space left on device)")

    monkeypatch.setattr("cmdiad_core.distillation.map_training.write_file", full)
    _, epochs, said = _train(tmp_path, epochs=3)
    assert epochs == [1, 2, 3]
    assert len(said) == 1
