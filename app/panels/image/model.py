"""Which measured image can be shown under the map, and its pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.colour_scale import Colours
from app.text import inside, modality_title, text
from cmdiad_core.inspection import Provenance
from cmdiad_core.modalities import Kind, Modality, modalities
from cmdiad_core.sample import Measurement, Sample, is_grey

_STRIPE = 128
# Pixels between two that are looked at for colours.
_SKIPPED = 8


@dataclass(frozen=True)
class Source:
    """A modality as something that can be shown in the image pane."""

    modality: Modality

    @property
    def name(self) -> str:
        """Identifier of the modality."""
        return self.modality.name

    @property
    def title(self) -> str:
        """Name in the list of images."""
        title = modality_title(self.name)
        if self.modality.kind is Kind.CLOUD:
            return text("image.height", modality=inside(title))
        return title

    def provenance(self, sample: Sample) -> Provenance:
        """Return whether this part has it; an image is never shown predicted."""
        there = self.name in sample.measured
        return Provenance.MEASURED if there else Provenance.ABSENT

    def is_grey(self, sample: Sample) -> bool:
        """Return whether it is an image for colours without any; a look at some pixels tells."""
        values = sample.measured[self.name][::_SKIPPED, ::_SKIPPED]
        return self.modality.kind is Kind.IMAGE and is_grey(values)

    def pixels(self, sample: Sample) -> Colours:
        """Return grey or colour pixels for the screen."""
        values = sample.measured[self.name]
        if self.modality.kind is Kind.CLOUD:
            return height_as_grey(values)
        if self.modality.channels == 1:
            return stretched(values)
        pixels = np.empty(values.shape, np.uint8)
        # In stripes: the numbers between would take eight times the memory of a large image.
        for top in range(0, len(values), _STRIPE):
            stripe = np.clip(values[top : top + _STRIPE], 0, 1)
            stripe *= 255
            pixels[top : top + _STRIPE] = stripe
        return pixels


def sources() -> list[Source]:
    """Return everything the image pane can show, in the order of preference.

    Images come before height maps: a height map stands in where no image was taken.
    """
    known = [Source(entry) for entry in modalities().values()]
    return sorted(known, key=lambda source: source.modality.kind is Kind.CLOUD)


def choose(sample: Sample, wanted: str) -> Source:
    """Return the wanted source if the part has it, else the first one it has."""
    there = [s for s in sources() if s.provenance(sample) is Provenance.MEASURED]
    return next((source for source in there if source.name == wanted), there[0])


def stretched(values: Measurement) -> Colours:
    """Return values (H, W) as grey from their 0.5th to their 99.5th percentile; NaN is black."""
    grey = values.reshape(values.shape[:2])
    finite = grey[np.isfinite(grey)]
    low, high = np.percentile(finite, (0.5, 99.5)) if finite.size else (0.0, 1.0)
    share = (grey - low) / max(float(high - low), 1e-12)
    return np.asarray(np.nan_to_num(np.clip(share, 0, 1)) * 255, np.uint8)


def height_as_grey(points: Measurement) -> Colours:
    """Return the height of a cloud (H, W, 3) as grey, near the camera bright, unmeasured black."""
    nearness = -points[..., 2]
    grey = stretched(nearness)
    visible = np.asarray(48 + grey * (207 / 255), np.uint8)
    return np.where(np.isfinite(nearness), visible, np.uint8(0))
