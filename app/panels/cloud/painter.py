"""Colours of a cloud that follow the limits without being mixed anew."""

import numpy as np
from numpy.typing import NDArray

from app.colour_scale import Colours, ColourScale
from app.panels.cloud.model import Paint, Surface, bare, outlined


class Painter:
    """Paints a surface with a map; remembers what it mixed last."""

    def __init__(self) -> None:
        self._made_of: tuple[Surface, NDArray[np.float32], float] | None = None
        self._paint: Paint | None = None

    def colours(
        self,
        shape: Surface,
        values: NDArray[np.float32] | None,
        scale: ColourScale | None,
        opacity: float,
        with_outline: bool,
    ) -> Colours:
        """Return a colour per point (N, 3): grey surface, anomaly map (H, W) over it."""
        if values is None or scale is None:
            return bare(shape)
        if not self._is_of(shape, values, scale, opacity):
            self._paint = Paint.mix(shape, values, scale, opacity)
            self._made_of = (shape, values, opacity)
        assert self._paint is not None  # noqa: S101  (narrows the type)
        colours = self._paint.colours(scale)
        return outlined(colours, shape, values, scale) if with_outline else colours

    def _is_of(
        self, shape: Surface, values: NDArray[np.float32], scale: ColourScale, opacity: float
    ) -> bool:
        if self._paint is None or self._made_of is None:
            return False
        last_shape, last_values, last_opacity = self._made_of
        same_part = last_shape is shape and last_values is values and last_opacity == opacity
        return same_part and scale.colours_as(self._paint.scale)
