"""From a sample to the inputs of the paper's encoders: the one place where that is decided."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from cmdiad_core.data.loading import load_sample
from cmdiad_core.distillation.networks import PIXELS
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles

#: Changed whenever `load_input` gives other values, so that nothing cached before is used.
VERSION = 1

_MEAN = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
_DEVIATION = torch.tensor([0.229, 0.224, 0.225])[:, None, None]


def load_input(part: PartFiles, modality: str) -> Tensor:
    """Return one modality of a part as its encoder takes it, (3, 224, 224).

    Images are resized bicubically and normalised with the statistics of ImageNet; clouds are
    resized by the nearest pixel, with zeros where nothing was measured.

    Raises
    ------
    InputError
        When the part lacks the modality or its file cannot be used.
    """
    if modality not in part.files:
        raise InputError(part.id, f"has no {modality}")
    sample = load_sample(replace(part, files={modality: part.files[modality]}))
    values = torch.from_numpy(np.ascontiguousarray(sample.measured[modality]))
    planes = torch.movedim(values, -1, 0)[None]
    if modality == "cloud":
        return functional.interpolate(planes.nan_to_num(0.0), (PIXELS, PIXELS))[0]
    resized = functional.interpolate(planes, (PIXELS, PIXELS), mode="bicubic", antialias=True)
    return (resized[0].clamp(0, 1) - _MEAN) / _DEVIATION
