"""Encoders for parts that are looked at in several ways, one after the other."""

from dataclasses import replace
from typing import cast

from cmdiad_core.detector import Detector
from cmdiad_core.encoders import Encoder, FeatureMap
from cmdiad_core.sample import Measurement


class _Remembering:
    """An encoder that keeps what it made of the last measurement."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._values: Measurement | None = None
        self._features: FeatureMap | None = None

    def encode(self, values: Measurement) -> FeatureMap:
        if self._features is None or self._values is not values:
            self._values, self._features = values, self._encoder.encode(values)
        return self._features


def remembering(detector: Detector) -> Detector:
    """Return a detector that encodes a part once, however many of its modalities it looks at."""
    encoders = {name: cast("Encoder", _Remembering(one)) for name, one in detector.encoders.items()}
    return replace(detector, encoders=encoders)
