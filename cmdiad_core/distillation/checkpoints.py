"""Distillers in files: ours, and those the authors have published."""

from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save

from cmdiad_core.distillation.networks import Network
from cmdiad_core.weights import PublishedWeights, read_checkpoint
from cmdiad_core.writing import write_file


def load_network(kind: type[Network], path: Path, device: str) -> Network:
    """Read a network, in evaluation mode, from a file of ours or of the authors.

    Raises
    ------
    InputError
        The file cannot be read, or its entries are not those of the network; see
        `weights.read_checkpoint`.
    """
    # The authors are said to offer theirs there; nobody has stated a digest or a licence.
    published = PublishedWeights(
        kind.name, "https://zenodo.org/records/18456013", None, "not known", kind
    )
    state = read_checkpoint(path, [published])[1]
    with torch.device("meta"):
        network = kind()
    network.load_state_dict(state, assign=True)
    return network.to(device).eval().requires_grad_(False)


def read_origin(path: Path) -> str:
    """Return what a distiller (safetensors) was trained with; empty where it does not say."""
    with safe_open(path, "pt") as stored:
        metadata: dict[str, str] = stored.metadata() or {}
    return metadata.get("origin", "")


def save_network(network: Network, path: Path, origin: str) -> None:
    """Write a network as safetensors, with its published names and what it was trained with."""
    state = {name: value.cpu().contiguous() for name, value in network.state_dict().items()}
    write_file(path, save(state, metadata={"network": network.name, "origin": origin}))
