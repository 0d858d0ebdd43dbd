from collections.abc import Callable
from dataclasses import dataclass

from torch import nn


@dataclass(frozen=True)
class PublishedWeights:
    """Weights that somebody has published for a network.

    Parameters
    ----------
    name : str
        What commands call them.
    address : str
        Where their authors offer them.
    sha256 : str or None
        Of the file at `address`; None where nobody is known to have stated it.
    licence : str
        Licence of the weights.
    network : callable
        Makes the network. Names and shapes of its state dict are those of the weights.
    """

    name: str
    address: str
    sha256: str | None
    licence: str
    network: Callable[[], nn.Module]


@dataclass(frozen=True)
class Record:
    """What is known about weights in the cache.

    Parameters
    ----------
    sha256 : str
        Digest of names, shapes and values, whatever file they came in.
    source : str
        Name of the file or address they came from.
    source_sha256 : str
        Of that file.
    """

    sha256: str
    source: str
    source_sha256: str
