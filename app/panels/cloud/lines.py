"""Measured lines in the 3D scene, always in front."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

#: Width in pixels and colour of a line that is seen on any ground.
_PENS = ((5, (0.06, 0.08, 0.09)), (2, (1.0, 0.835, 0.29)))
_GROUND_OPACITY = 0.85
_FONT_SIZE = 13

Place = NDArray[np.float32]


class Lines:
    """Lines with their words.

    Parameters
    ----------
    plotter : pyvista.BasePlotter
        On the screen or off it.
    """

    def __init__(self, plotter: Any) -> None:
        self._plotter = plotter
        self._mesh = pv.PolyData()
        self._shown: list[tuple[tuple[float, ...], str]] = []
        self._words: list[Any] = []
        for width, colour in _PENS:
            plotter.renderer.AddViewProp(_strokes(self._mesh, width, colour))

    @property
    def words(self) -> list[str]:
        """What stands beside the lines."""
        return [actor.GetInput() for actor in self._words]

    def show(self, lines: Sequence[tuple[Place, Place, str]]) -> bool:
        """Show lines, two points (3,) and words each; return whether anything changed."""
        wanted = [((*map(float, begin), *map(float, end)), words) for begin, end, words in lines]
        if wanted == self._shown:
            return False
        self._shown = wanted
        points = np.array([ends for ends, _ in wanted], np.float32).reshape(-1, 3)
        self._mesh.copy_from(pv.line_segments_from_points(points) if len(points) else pv.PolyData())
        for actor in self._words:
            self._plotter.renderer.RemoveViewProp(actor)
        self._words = [_label(words, ends[3:]) for ends, words in wanted]
        for actor in self._words:
            self._plotter.renderer.AddViewProp(actor)
        return True


def _strokes(mesh: Any, width: int, colour: tuple[float, float, float]) -> Any:
    from vtkmodules.vtkRenderingCore import vtkActor2D, vtkCoordinate, vtkPolyDataMapper2D

    in_world = vtkCoordinate()
    in_world.SetCoordinateSystemToWorld()
    mapper = vtkPolyDataMapper2D()
    mapper.SetInputData(mesh)
    mapper.SetTransformCoordinate(in_world)
    actor = vtkActor2D()
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(*colour)
    actor.GetProperty().SetLineWidth(width)
    return actor


def _label(words: str, place: tuple[float, ...]) -> Any:
    from vtkmodules.vtkRenderingCore import vtkTextActor

    actor = vtkTextActor()
    actor.SetInput(words)
    actor.GetPositionCoordinate().SetCoordinateSystemToWorld()
    actor.GetPositionCoordinate().SetValue(*place)
    look = actor.GetTextProperty()
    look.SetFontSize(_FONT_SIZE)
    look.SetColor(*_PENS[1][1])
    look.SetBackgroundColor(*_PENS[0][1])
    look.SetBackgroundOpacity(_GROUND_OPACITY)
    look.SetJustificationToCentered()
    look.SetVerticalJustificationToTop()
    return actor
