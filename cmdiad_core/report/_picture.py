"""The picture of a part that its anomaly maps are drawn over."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cmdiad_core.modalities import Kind, modalities
from cmdiad_core.report import _words
from cmdiad_core.sample import Measurement, Sample
from cmdiad_core.text import inside, text

Pixels = NDArray[np.uint8]

#: Shown where a cloud has no point; bluish, so that it is taken for no height.
_NO_POINT = (38, 46, 54)
#: Percentiles of heights and temperatures that become black and white. Narrower ones would hide
#: a hot spot among what is warm anyway.
_SPAN = (0.1, 99.9)
#: Share of light from the side in the picture of a cloud: height alone hides a dent on a high
#: part, and light alone the height.
_RELIEF = 0.5
_LIGHT_SPAN = (2.0, 98.0)


@dataclass(frozen=True)
class Picture:
    """Something to look at.

    Parameters
    ----------
    pixels : array (H, W, 3) of uint8
        Red, green, blue.
    title : str
        What it shows, e.g. ``"RGB image"`` or ``"height of the point cloud"``.
    modality : str
        Which measurement it is.
    """

    pixels: Pixels
    title: str
    modality: str


def picture(sample: Sample, preferred: str | None = None) -> Picture:
    """Return what the part looks like.

    Parameters
    ----------
    sample : Sample
        The part.
    preferred : str, optional
        The modality to show where it was measured. Otherwise the first image in the order of
        the modalities, or the height of the cloud where the part has no image.
    """
    images = [m.name for m in modalities().values() if m.kind is Kind.IMAGE]
    names = [n for n in (preferred or "", *images, *modalities()) if n in sample.measured]
    entry = modalities()[names[0]]
    values = sample.measured[entry.name]
    if entry.kind is Kind.CLOUD:
        title = text("report.height", modality=inside(_words.title(entry.name)))
        return Picture(_height(values), title, entry.name)
    if entry.channels == 1:
        grey = _grey(_share(values.reshape(values.shape[:2]), _SPAN))
        return Picture(grey, _words.title(entry.name), entry.name)
    colour = (np.clip(values, 0, 1) * 255).round().astype(np.uint8)
    return Picture(colour, _words.title(entry.name), entry.name)


def _height(cloud: Measurement) -> Pixels:
    # The camera looks along z: what is nearer to it is higher.
    height = -cloud[..., 2]
    valid = np.isfinite(height)
    light = _share(_slope(height), _LIGHT_SPAN)
    pixels = _grey((1 - _RELIEF) * _share(height, _SPAN) + _RELIEF * light)
    pixels[~valid] = _NO_POINT
    return pixels


def _slope(height: Measurement) -> Measurement:
    """Return how steeply a surface rises to the lower right, NaN in holes."""
    valid = np.isfinite(height)
    weight = ndimage.gaussian_filter(valid.astype(np.float32), 1.0)
    smooth = ndimage.gaussian_filter(np.where(valid, height, 0), 1.0) / np.maximum(weight, 1e-6)
    down, right = np.gradient(smooth)
    return np.asarray(np.where(valid, down + right, np.nan), np.float32)


def _share(values: Measurement, span: tuple[float, float]) -> Measurement:
    """Return values as 0 to 1 between two of their percentiles; 0.5 where there is none."""
    measured = values[np.isfinite(values)]
    if not measured.size:
        return np.full(values.shape, 0.5, np.float32)
    low, high = np.percentile(measured, span)
    share = np.clip((values - low) / max(float(high - low), 1e-12), 0, 1)
    return np.asarray(np.nan_to_num(share, nan=0.5), np.float32)


def _grey(share: Measurement) -> Pixels:
    return np.repeat((share * 255).round().astype(np.uint8)[..., None], 3, axis=-1)
