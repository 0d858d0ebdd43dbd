"""From a part to the features of its modalities."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.detector.recipe import Recipe
from cmdiad_core.encoders import Encoder, foreground
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modality
from cmdiad_core.sample import Sample

Map = NDArray[np.float32]
#: Height and width in pixels by modality.
Shapes = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Encoded:
    """A part as its encoders see it.

    Parameters
    ----------
    features : mapping of str to array (h, w, channels)
        By modality.
    masks : mapping of str to bool array (h, w)
        Foreground, for the modalities it was asked of.
    shapes : mapping of str to tuple of int
        Pixels by modality.
    """

    features: Mapping[str, Map]
    masks: Mapping[str, NDArray[np.bool_]]
    shapes: Shapes

    def before(self, background: Collection[str]) -> dict[str, Map]:
        """Return the features, NaN on the background in the modalities that show one."""
        return {
            name: np.where(self.masks[name][..., None], values, np.float32(np.nan))
            if name in background
            else values
            for name, values in self.features.items()
        }


def encode(
    encoders: Mapping[str, Encoder], sample: Sample, recipe: Recipe, background: Collection[str]
) -> Encoded:
    """Encode the modalities of a part that there are encoders for.

    Raises
    ------
    InputError
        Modalities whose pixels do not correspond, for a model that needs them to.
    """
    values = {name: sample.measured[name] for name in encoders if name in sample.measured}
    if recipe.registered and not sample.registered and len(values) > 1:
        raise InputError(
            sample.id,
            f"has {' and '.join(values)} that are not registered, as the model needs them; "
            "choose one of them (--using)",
        )
    with ThreadPoolExecutor() as pool:
        features = pool.map(lambda name: encoders[name].encode(values[name]), values)
    return Encoded(
        features=dict(zip(values, features, strict=True)),
        masks={n: foreground(v, modality(n).kind) for n, v in values.items() if n in background},
        shapes={name: (one.shape[0], one.shape[1]) for name, one in values.items()},
    )
