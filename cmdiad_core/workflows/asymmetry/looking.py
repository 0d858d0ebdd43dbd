"""What the study keeps of one test part: everything is encoded once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.loading import load_mask
from cmdiad_core.detector import Detector
from cmdiad_core.detector.sources import Evidence
from cmdiad_core.encoders import foreground
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, modality
from cmdiad_core.sample import PartFiles, Sample
from cmdiad_core.scoring import surroundings
from cmdiad_core.scoring.surroundings import COMPONENTS
from cmdiad_core.workflows.asymmetry.errors import ErrorSum
from cmdiad_core.workflows.asymmetry.results import View

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Look:
    """One test part on the patch grid.

    Parameters
    ----------
    defective : bool
        The truth.
    defect_type : str
        Empty for good parts.
    shape : tuple of int
        Height and width in pixels.
    truth : array (h, w) or None
        Patches that a defect touches; None where that is not known.
    evidence : mapping of str to Evidence
        Distances of all patches to the banks, without any mask.
    features : mapping of str to array (h, w, n)
        Those that make surroundings, by modality, without any mask.
    masks : mapping of str to array (h, w)
        Foreground found in each modality itself.
    cloud_mask : array (h, w) or None
        Foreground found in the cloud, whether or not the model knows clouds.
    """

    defective: bool
    defect_type: str
    shape: tuple[int, int]
    truth: Mask | None
    evidence: Mapping[str, Evidence]
    features: Mapping[str, Map]
    masks: Mapping[str, Mask]
    cloud_mask: Mask | None

    def seen(self, view: View, before_background: Collection[str]) -> dict[str, Evidence]:
        """Return the evidence by bank as it is where features are hidden that are not looked at.

        A patch is encoded from the whole picture and searched for on its own, so that its distance
        is merely hidden; what surrounds it is made from the patches that are left.
        """
        found = {}
        for name, one in self.evidence.items():
            measured = name.partition(">")[0]
            mask = self._mask(measured, view, before_background)
            if mask is not None:
                left = np.where(mask[..., None], self.features[measured], np.float32(np.nan))
                hidden = np.where(mask, one.distance, np.float32(np.nan))
                one = replace(one, distance=hidden, surroundings=surroundings(left))
            found[name] = one
        return found

    def _mask(self, measured: str, view: View, before_background: Collection[str]) -> Mask | None:
        if view is View.CLOUD:
            return self.cloud_mask
        if view is View.OWN or (view is View.MODEL and measured in before_background):
            return self.masks[measured]
        return None


def look(
    detector: Detector,
    part: PartFiles,
    sample: Sample,
    pairs: Sequence[Pair],
    errors: Mapping[Pair, ErrorSum],
) -> Look:
    """Encode, predict and search one part; add what predictions miss on good parts to `errors`.

    Raises
    ------
    InputError
        When the part cannot be compared patch by patch, or its mask not be read.
    """
    if not sample.registered:
        raise InputError(sample.id, "is not registered, so that nothing can be predicted for it")
    known = {n: values for n, values in sample.measured.items() if n in detector.encoders}
    encoded = {name: detector.encoders[name].encode(values) for name, values in known.items()}
    for name, values in encoded.items():
        if not np.isfinite(values).any():
            raise InputError(sample.files.get(name, sample.id), f"has no valid {name} data")
    features = detector.sources.project(encoded)
    predicted = detector.sources.predictions(features)
    predictions = {pair: predicted[pair] for pair in pairs if pair in predicted}
    own = {n: foreground(v, modality(n).kind) for n, v in sample.measured.items()}
    clouds = [mask for name, mask in own.items() if modality(name).kind is Kind.CLOUD]
    cloud_mask = clouds[0] if clouds else None
    truth = _truth(part, sample, next(iter(own.values())).shape)
    for pair, prediction in predictions.items():
        if pair[1] in features and not part.defective:
            errors[pair].add(prediction.features, features[pair[1]], own[pair[0]], cloud_mask)
    return Look(
        defective=bool(part.defective),
        defect_type=part.defect_type if part.defective else "",
        shape=sample.shape,
        truth=truth,
        evidence=detector.sources.evidence(features, predictions),
        features={name: values[..., :COMPONENTS].copy() for name, values in features.items()},
        masks={name: own[name] for name in known},
        cloud_mask=cloud_mask,
    )


def _truth(part: PartFiles, sample: Sample, grid: tuple[int, ...]) -> Mask | None:
    if part.defective and part.mask is None:
        return None
    rows, columns = np.nonzero(load_mask(part, sample.shape))
    truth = np.zeros(grid, bool)
    height, width = sample.shape
    truth[rows * grid[0] // height, columns * grid[1] // width] = True
    return truth
