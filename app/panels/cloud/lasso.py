"""A loop around points of the cloud marks their pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from app import actions
from app.annotating import Tool
from app.panels.annotation.model import lasso_area
from app.panels.annotation.mouse import ToolMouse
from app.panels.cloud.loop_overlay import LoopOverlay
from app.panels.cloud.model import Surface
from app.workbench import Workbench

if TYPE_CHECKING:
    from app.panels.cloud.picture_view import PictureView
    from app.panels.cloud.screen_view import ScreenView


class Lasso:
    """Draws the loop while the tool is in use.

    Parameters
    ----------
    bench : Workbench
        Its state.
    space : ScreenView or PictureView
        The 3D view.
    modality : str
        Whose points it shows.
    surface : callable
        The points that are shown now, if any.
    """

    def __init__(
        self,
        bench: Workbench,
        space: ScreenView | PictureView,
        modality: str,
        surface: Callable[[], Surface | None],
    ) -> None:
        self._bench = bench
        self._space = space
        self._modality = modality
        self._surface = surface
        self.overlay = LoopOverlay(space.drawing)
        self.mouse = ToolMouse(space.drawing, self._is_used)
        self.mouse.pressed.connect(self.overlay.begin)
        self.mouse.dragged.connect(self.overlay.extend)
        self.mouse.released.connect(self._finish)

    def _is_used(self) -> bool:
        in_use = self._bench.session.annotating.tool is Tool.LASSO
        return in_use and self._surface() is not None

    def _finish(self, position: QPointF) -> None:
        self.overlay.hide()
        surface, sample = self._surface(), self._bench.session.sample
        grid = None if sample is None else sample.grid_of(self._modality)
        if surface is None or grid is None:
            return
        wide, high = self._space.drawing.width(), self._space.drawing.height()
        loop = [(point.x() / wide, point.y() / high) for point in self.overlay.points]
        area = lasso_area(self._space.scene.places(), loop, surface.valid)
        actions.mark_area(self._bench, grid, area)
