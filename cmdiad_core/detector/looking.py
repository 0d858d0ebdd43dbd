"""A part as a detector sees it, before it is compared with what is normal."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.detector.encoding import Shapes
from cmdiad_core.detector.sources import PartFeatures
from cmdiad_core.sample import PartFiles


@dataclass(frozen=True)
class Look:
    """A part in the feature spaces of a detector: encoded once, scored and learned from.

    Parameters
    ----------
    part : PartFiles
        Where it lies.
    features : mapping of str to array (h, w, channels)
        By measured modality; NaN where nothing was measured, and on the background.
    shapes : mapping of str to tuple of int
        Pixels by modality.
    masks : mapping of str to bool array (h, w)
        Foreground, of the modalities in which good parts lie on a background.
    """

    part: PartFiles
    features: PartFeatures
    shapes: Shapes
    masks: Mapping[str, NDArray[np.bool_]]
