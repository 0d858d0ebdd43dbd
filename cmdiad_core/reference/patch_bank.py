"""The paper's memory bank: standardised patches, image score and anomaly map."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from torch import Tensor
from torch.nn import functional

from cmdiad_core.distillation.networks import PIXELS
from cmdiad_core.memory_bank import greedy_k_centre

Map = NDArray[np.float32]

_BLUR = 4
_REWEIGHTED = 3
#: Queries compared with a bank at a time; a full bank of the paper has 75,000 entries.
_QUERIES = 512


@dataclass(frozen=True)
class Standard:
    """One mean and one standard deviation for all channels of all patches of a source."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, patches: Tensor) -> "Standard":
        """Return the statistics of patches (n, channels)."""
        deviation, mean = torch.std_mean(patches)
        return cls(float(mean), float(deviation))


@dataclass(frozen=True)
class PatchBank:
    """Standardised patches of normal parts (CMDIAD, section 3; PatchCore, CVPR 2022).

    Parameters
    ----------
    entries : Tensor (n, channels)
        On the device that searches.
    standard : Standard
        Applied to what is compared with it.
    eight_bits : bool
        Round maps to 8 bits before they are blurred: the oddity R2.
    """

    entries: Tensor
    standard: Standard
    eight_bits: bool

    @classmethod
    def fit(
        cls,
        patches: Tensor,
        standard: Standard,
        *,
        share: float,
        seed: int,
        device: str,
        eight_bits: bool,
    ) -> "PatchBank":
        """Keep a share of the patches (n, channels): all, or a greedy k-centre of them.

        The centres are chosen on a sparse random projection (eps 0.9), as in the paper.
        """
        entries = (patches - standard.mean) / standard.deviation
        if share < 1:
            from sklearn.random_projection import SparseRandomProjection

            projection = SparseRandomProjection(eps=0.9, random_state=seed)
            thinned = np.asarray(projection.fit_transform(entries.numpy()), np.float32)
            count = max(1, int(share * len(entries)))
            entries = entries[torch.from_numpy(greedy_k_centre(thinned, count))]
        return cls(entries.to(device), standard, eight_bits)

    def compare(self, features: Tensor) -> tuple[float, Map]:
        """Return image score and blurred map (224, 224) of a feature map (channels, h, w)."""
        patches = features.flatten(1).T.to(self.entries)
        patches = (patches - self.standard.mean) / self.standard.deviation
        distance, index = self.nearest(patches)
        worst = int(distance.argmax())
        score = self._reweighted(patches[worst], distance[worst], int(index[worst]))
        plane = distance.view(1, 1, *features.shape[1:])
        plane = functional.interpolate(plane, (PIXELS, PIXELS), mode="bilinear")
        return score, _blurred(plane[0, 0].cpu().numpy(), self.eight_bits)

    def nearest(self, patches: Tensor) -> tuple[Tensor, Tensor]:
        """Return distance and index (n,) of the nearest entry to standardised patches."""
        found = [torch.cdist(part, self.entries).min(1) for part in torch.split(patches, _QUERIES)]
        distances, indices = zip(*found, strict=True)
        return torch.cat(distances), torch.cat(indices)

    def _reweighted(self, patch: Tensor, distance: Tensor, nearest: int) -> float:
        """Return the largest patch distance, less where the bank is sparse (PatchCore, eq. 7)."""
        around = torch.cdist(self.entries[nearest : nearest + 1], self.entries)[0]
        count = min(_REWEIGHTED, len(around))
        neighbours = around.topk(count, largest=False).indices[1:]
        if not len(neighbours):
            return float(distance)
        scale = len(patch) ** 0.5
        beside = (patch - self.entries[neighbours]).norm(dim=1)
        weight = 1 - torch.exp(distance / scale) / torch.exp(beside / scale).sum()
        return float(weight * distance)


def _blurred(plane: Map, eight_bits: bool) -> Map:
    if not eight_bits:
        from scipy import ndimage

        return np.asarray(ndimage.gaussian_filter(plane, _BLUR, mode="nearest"), np.float32)
    largest = np.float32(max(float(plane.max()), 1e-30))
    image = Image.fromarray((plane / largest * 255).astype(np.uint8))
    blurred = np.asarray(image.filter(ImageFilter.GaussianBlur(_BLUR)), np.float32)
    return np.asarray(blurred / np.float32(255) * largest)
