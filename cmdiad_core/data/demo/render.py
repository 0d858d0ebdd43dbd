"""One part, seen by all three cameras."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.data.demo.camera import Floats, to_pixels
from cmdiad_core.data.demo.defects import mark
from cmdiad_core.data.demo.geometry import build_scene
from cmdiad_core.data.demo.heat import apparent_temperature
from cmdiad_core.data.demo.recipe import Part
from cmdiad_core.data.demo.sensor import colour, points, thermogram
from cmdiad_core.data.demo.shading import shade
from cmdiad_core.data.demo.surface import cover


@dataclass(frozen=True)
class Rendering:
    """The recordings of one part, registered pixel by pixel.

    Parameters
    ----------
    rgb : array, (H, W, 3), uint8
        Photograph.
    cloud : array, (H, W, 3), float32
        Points in metres in the camera's frame, (0, 0, 0) where nothing was measured.
    infrared : array, (H, W), uint16
        Thermogram over `sensor.THERMAL_SPAN`.
    mask : array, (H, W), bool
        Where the defect is.
    covered : array, (H, W), bool
        Where the cell is.
    """

    rgb: NDArray[np.uint8]
    cloud: Floats
    infrared: NDArray[np.uint16]
    mask: NDArray[np.bool_]
    covered: NDArray[np.bool_]


def render(part: Part, rng: np.random.Generator) -> Rendering:
    """Record `part`.

    Parameters
    ----------
    part : Part
        The cell; all that is permanent about it follows from it.
    rng : Generator
        Noise of the cameras. The same draws are made with and without a flaw, so that two
        renderings can be compared.
    """
    scene = build_scene(part)
    marks = mark(scene, part.flaw)
    surface = cover(part, scene, marks)
    height = scene.height + marks.height * scene.part
    covered = to_pixels(scene.part) > 0.5
    return Rendering(
        rgb=colour(part, shade(part, height, surface), rng),
        cloud=points(scene, height, marks, rng),
        infrared=thermogram(apparent_temperature(part, scene, surface, marks), rng),
        mask=covered & (to_pixels((marks.mask > 0) * scene.part) > 0.3),
        covered=covered,
    )
