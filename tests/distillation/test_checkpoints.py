"""Files of distillers: those of the authors are pickles with entries of published names."""

import argparse

import pytest
import torch

from cmdiad_core.distillation.checkpoints import load_network, save_network
from cmdiad_core.distillation.networks import networks
from cmdiad_core.errors import InputError

KIND = networks()["f2i"]


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return KIND().eval()


@pytest.fixture
def write(tmp_path):
    def written(content):
        torch.save(content, tmp_path / "f2i.pth")
        return tmp_path / "f2i.pth"

    return written


def _same(one, other):
    pairs = zip(one.state_dict().items(), other.state_dict().items(), strict=True)
    return all(name == key and torch.equal(a, b) for (name, a), (key, b) in pairs)


def test_what_was_saved_is_read(network, tmp_path):
    save_network(network, tmp_path / "f2i.safetensors", "origin")
    read = load_network(KIND, tmp_path / "f2i.safetensors", "cpu")
    assert _same(read, network)
    assert not read.training


@pytest.mark.parametrize("prefix", ["", "module."])
def test_training_checkpoints_of_the_authors_are_read(network, write, prefix):
    state = {f"{prefix}{name}": value for name, value in network.state_dict().items()}
    path = write({"model": state, "epoch": 99, "args": argparse.Namespace(lr=5e-4)})
    assert _same(load_network(KIND, path, "cpu"), network)


def test_entries_that_do_not_fit_are_named(network, write):
    state = network.state_dict()
    lacking = {name: value for name, value in state.items() if name != "conv3.bias"}
    with pytest.raises(InputError, match=r"lacks conv3\.bias"):
        load_network(KIND, write(lacking), "cpu")
    with pytest.raises(InputError, match=r"also has conv5\.bias"):
        load_network(KIND, write({**state, "conv5.bias": torch.zeros(3)}), "cpu")
    with pytest.raises(InputError, match=r"conv4\.bias is 4 instead of 3"):
        load_network(KIND, write({**state, "conv4.bias": torch.zeros(4)}), "cpu")
    with pytest.raises(InputError, match=r"conv4\.bias holds values that are no numbers"):
        load_network(KIND, write({**state, "conv4.bias": torch.full((3,), torch.nan)}), "cpu")


def test_a_hostile_pickle_is_refused(write, tmp_path):
    class Hostile:
        def __reduce__(self):
            return (open, (str(tmp_path / "harm"), "w"))

    with pytest.raises(InputError, match="is refused"):
        load_network(KIND, write({"model": Hostile()}), "cpu")
    assert not (tmp_path / "harm").exists()
