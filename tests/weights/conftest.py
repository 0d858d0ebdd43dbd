import pytest
import torch
from torch import nn

from cmdiad_core.weights import PublishedWeights


class Small(nn.Module):
    """Stands in for a network: two layers and a counter, like those with batch norms."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.blocks = nn.ModuleList([nn.Linear(3, 2)])


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Conv1d(4, 4, 1)


@pytest.fixture
def small():
    return PublishedWeights("small", "http://127.0.0.1:9/small.pth", None, "MIT", Small)


@pytest.fixture
def other():
    return PublishedWeights("other", "http://127.0.0.1:9/other.pth", None, "MIT", Other)


@pytest.fixture
def state():
    torch.manual_seed(7)
    return Small().state_dict()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Return the folder that weights are kept in, which is not there yet."""
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache" / "weights"
