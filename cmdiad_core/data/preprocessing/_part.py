from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cmdiad_core.data.preprocessing._cluster import largest_cluster
from cmdiad_core.data.preprocessing._distances import PAPER, Distances
from cmdiad_core.data.preprocessing._plane import heights_over_plane
from cmdiad_core.data.preprocessing._square import squared
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, modality
from cmdiad_core.sample import Measurement, Sample

Mask = NDArray[np.bool_]

#: Share of the distance to the plane within which points agree with it, as in 3D-ADS.
_AGREEING = 0.8


def preprocessed(sample: Sample, distances: Distances = PAPER) -> tuple[Sample, Mask]:
    """Return a part without its background, as the paper's experiments see it.

    The plane along the border of the cloud is taken away, of what is left the largest cluster is
    the part, everything else is blanked in all modalities, and the grid is padded to a square.
    As in 3D-ADS (Horwitz and Hoshen, 2023, preprocessing of MVTec 3D-AD), but for images where
    the cloud has no point: those are blanked too, except in holes of the part.

    Parameters
    ----------
    sample : Sample
        A registered part with a cloud in metres; it stays as it is.
    distances : Distances
        What counts as near.

    Returns
    -------
    sample : Sample
        Images 0 and cloud NaN outside of the part.
    mask : array (side, side) of bool
        Where the part is.

    Raises
    ------
    InputError
        The part has no cloud, one that is not in metres, or is not registered; no plane is
        found, or nothing on it.
    """
    name = next((n for n in sample.measured if modality(n).kind is Kind.CLOUD), None)
    if name is None:
        raise InputError(sample.id, "has no cloud that shows what is background")
    if not sample.registered:
        raise InputError(sample.id, "is not registered, so its cloud says nothing of its images")
    where = sample.files.get(name, sample.id)
    if not sample.metric:
        raise InputError(where, "is not in metres, as the distances that tell the part are")
    mask = _part_in(sample.measured[name], distances, where)
    return blanked(sample, dict.fromkeys(sample.measured, mask)), squared(mask, empty=False)


def blanked(sample: Sample, masks: Mapping[str, Mask]) -> Sample:
    """Return a sample on a square grid, without what is outside of the masks.

    Parameters
    ----------
    sample : Sample
        A registered part; it stays as it is.
    masks : mapping of str to array (H, W) of bool
        By modality, what to keep; of others, everything.
    """
    return replace(
        sample,
        measured={
            name: _blanked(values, masks.get(name), np.nan if _is_cloud(name) else 0.0)
            for name, values in sample.measured.items()
        },
    )


def _blanked(values: Measurement, mask: Mask | None, empty: float) -> Measurement:
    if mask is not None:
        kept = mask if values.ndim == 2 else mask[..., None]
        values = np.where(kept, values, np.float32(empty))
    return squared(values, empty)


def _part_in(cloud: Measurement, distances: Distances, where: Path | str) -> Mask:
    heights = heights_over_plane(cloud, _AGREEING * distances.plane, where)
    # Comparing with NaN is false: what was not measured is no part.
    part = np.asarray(heights >= distances.plane)
    if not part.any():
        raise InputError(
            where,
            f"shows nothing that is {1000 * distances.plane:g} mm or more off its background; thin "
            "parts need a smaller plane distance",
        )
    part[part] = largest_cluster(cloud[part], distances.cluster)
    if not part.any():
        raise InputError(
            where,
            f"has no surface with 30 points within {1000 * distances.cluster:g} mm; coarse scans "
            "need a larger cluster distance",
        )
    return np.asarray(part | (ndimage.binary_fill_holes(part) & np.isnan(cloud[..., 2])))


def _is_cloud(name: str) -> bool:
    return modality(name).kind is Kind.CLOUD
