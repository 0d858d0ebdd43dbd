"""Measured and predicted feature maps as colours, and how far they lie apart."""

from dataclasses import dataclass

import numpy as np

from app.colour_scale import Colours
from cmdiad_core.inspection import Map, ModalityResult

_SAMPLED = 4096
_NOTHING = np.array([40, 46, 50], np.uint8)


@dataclass(frozen=True)
class Comparison:
    """What the features tab shows of one modality; None where there is nothing to show."""

    measured: Colours | None
    predicted: Colours | None
    distance: Map | None


def compare(result: ModalityResult) -> Comparison:
    """Return features as colours in one basis, and their distance per patch."""
    measured, predicted = result.measured_features, result.predicted_features
    first, second = principal_colours(measured, predicted)
    return Comparison(first, second, result.feature_distance())


def principal_colours(*features: Map | None) -> tuple[Colours | None, ...]:
    """Return each feature map (h, w, channels) as colours (h, w, 3).

    The first three principal components of all maps together are red, green and blue, so that
    equal features have equal colours in every map.
    """
    present = [values for values in features if values is not None]
    rows = [values[np.isfinite(values).all(axis=-1)] for values in present]
    pooled = np.concatenate(rows) if rows else np.empty((0, 0), np.float32)
    if len(pooled) == 0:
        return tuple(None if values is None else _blank(values) for values in features)
    mean = pooled.mean(axis=0)
    basis = _basis(pooled[:: max(1, len(pooled) // _SAMPLED)] - mean)
    low, high = np.percentile((pooled - mean) @ basis, (1, 99), axis=0)
    span = np.maximum(high - low, 1e-9)

    def colours(values: Map) -> Colours:
        share = np.clip(((values - mean) @ basis - low) / span, 0, 1)
        known = np.isfinite(share).all(axis=-1, keepdims=True)
        shown = np.asarray(np.nan_to_num(share) * 255, np.uint8)
        return np.where(known, shown, _NOTHING)

    return tuple(None if values is None else colours(values) for values in features)


def _basis(centred: Map) -> Map:
    _, vectors = np.linalg.eigh(centred.T @ centred)
    basis = vectors[:, ::-1][:, :3]
    # An eigenvector's sign is arbitrary; fixed, neighbouring parts keep their colours.
    largest = np.abs(basis).argmax(axis=0)
    basis = basis * np.sign(basis[largest, np.arange(basis.shape[1])])
    padded = np.zeros((len(basis), 3), np.float32)
    padded[:, : basis.shape[1]] = basis
    return padded


def _blank(values: Map) -> Colours:
    return np.broadcast_to(_NOTHING, (*values.shape[:2], 3)).copy()
