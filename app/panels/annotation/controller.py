"""Marks defects with the tools and shows them over every view."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from app import actions
from app.annotating import Tool
from app.panels.annotation.keys import ToolKeys
from app.panels.annotation.model import Offer, polygon_area
from app.panels.annotation.mouse import ToolMouse
from app.panels.annotation.sketch import Sketch
from app.panels.annotation.view import AnnotationView, hint
from app.refusal import refusal
from app.text import text
from app.widgets.image_canvas import ImageCanvas
from app.workbench import Workbench
from cmdiad_core.people import Right

if TYPE_CHECKING:
    from cmdiad_core.annotation import Area

_SIZE_STEP = 1.25


class AnnotationController:
    """Owns the tools above the image and what they do on it.

    Parameters
    ----------
    bench : Workbench
        Its state.
    canvas : ImageCanvas
        What the tools are used on.
    modality : callable
        Tells whose image the canvas shows; None where it shows none.
    """

    def __init__(
        self, bench: Workbench, canvas: ImageCanvas, modality: Callable[[], str | None]
    ) -> None:
        self._bench = bench
        self._session = bench.session
        self._state = bench.session.annotating
        self._canvas = canvas
        self._modality = modality
        self._offer = Offer(bench.session)
        self._sketch = Sketch(canvas)
        self._corners: list[tuple[float, float]] = []
        self._corners_on: str | None = None
        self._last: tuple[float, float] | None = None
        self._hovered: tuple[float, float] | None = None
        self.view = AnnotationView()
        self.view.tool_chosen.connect(self._choose)
        self.view.type_chosen.connect(self._state.set_type)
        self.view.radius_chosen.connect(self._state.set_radius)
        self.view.level_chosen.connect(self._state.set_level)
        self.view.undo_asked.connect(self._undo)
        self.view.redo_asked.connect(self._redo)
        self.mouse = ToolMouse(canvas.viewport, self._is_drawing)
        self.mouse.pressed.connect(self._press)
        self.mouse.dragged.connect(self._drag)
        self.mouse.released.connect(self._release)
        self.mouse.hovered.connect(self._hover)
        self.mouse.doubled.connect(lambda _: self._confirm())
        self.keys = ToolKeys(lambda: self._state.tool is not Tool.LOOK, self._keys(), canvas)
        for widget in (canvas.focusProxy() or canvas, self.view):
            self.take_keys_of(widget)
        self._session.shown_changed.connect(self._read)
        self._session.reviews.changed.connect(self._follow_reviews)
        self._state.loaded.connect(self._show_types)
        self._state.kept.connect(self._show_types)
        self._state.tool_changed.connect(self._show_tool)
        self._state.tool_changed.connect(self._remark_hint)
        bench.people.changed.connect(self._follow_person)
        self._read_for: object = None
        self._show_tool()
        self._show_types()

    def take_keys_of(self, widget: QWidget) -> None:
        """Let the keys of the tools work while a widget has the focus."""
        widget.installEventFilter(self.keys)

    def _keys(self) -> dict[str, Callable[[], object]]:
        keys: dict[str, Callable[[], object]] = {
            "[": lambda: self._state.set_radius(self._state.radius / _SIZE_STEP),
            "]": lambda: self._state.set_radius(self._state.radius * _SIZE_STEP),
            "Ctrl+Z": self._undo,
            "Ctrl+Shift+Z": self._redo,
            "Esc": self._escape,
            "Backspace": self._remove_corner,
            "Delete": self._delete,
            "Return": self._confirm,
            "Enter": self._confirm,
        }
        return {
            **keys,
            **{str(digit): partial(self._choose_digit, digit) for digit in range(1, 10)},
        }

    def _is_drawing(self) -> bool:
        tool = self._state.tool
        return tool.marks and tool is not Tool.LASSO and self._canvas.shows_labels

    def _choose(self, tool: Tool) -> None:
        actions.choose_tool(self._bench, tool)
        self._canvas.setFocus()

    def _choose_digit(self, digit: int) -> None:
        for one in self._state.types:
            if one.digit == digit:
                self._state.set_type(one.id)

    @property
    def _grid(self) -> str | None:
        """The pixel grid of the shown image."""
        sample, modality = self._session.sample, self._modality()
        return None if sample is None or modality is None else sample.grid_of(modality)

    def _keep_to_grid(self) -> None:
        """Forget corners that were clicked on an image with other pixels."""
        if self._corners_on != self._grid:
            self._corners_on = self._grid
            self._corners.clear()

    # The mouse

    def _press(self, position: QPointF) -> None:
        self._canvas.setFocus()
        self._keep_to_grid()
        place = self._canvas.place_at(position)
        match self._state.tool:
            case Tool.BRUSH | Tool.ERASER:
                if (grid := self._grid) is not None and actions.begin_stroke(self._bench, grid):
                    self._last = place
                    self._brush_to(place)
            case Tool.POLYGON:
                self._corners.append(place)
                self._sketch.show_line(self._corners)
            case Tool.WAND | Tool.REGION:
                self._take(*place)

    def _drag(self, position: QPointF) -> None:
        if self._last is not None:
            self._brush_to(self._canvas.place_at(position))

    def _release(self, position: QPointF) -> None:
        if self._last is not None:
            self._last = None
            actions.finish_stroke(self._bench)

    def _hover(self, position: QPointF) -> None:
        self._hovered = self._canvas.place_at(position)
        self._show_sketch()

    def _brush_to(self, place: tuple[float, float]) -> None:
        from cmdiad_core.annotation.shapes import brush

        sample, grid = self._session.sample, self._grid
        if sample is not None and grid is not None and self._last is not None:
            area = brush(self._last, place, self._state.radius, sample.grids[grid])
            actions.paint(self._bench, grid, area)
            self._last = place
            self._sketch.show_circle(*place, self._state.radius)

    def _take(self, row: float, column: float) -> None:
        area, grid = self._area_at(row, column), self._grid
        if area is None or grid is None:
            self._bench.notifications.remark(text("annotation.nothing_here"))
        else:
            actions.mark_area(self._bench, grid, area)

    def _area_at(self, row: float, column: float) -> Area | None:
        modality = self._modality()
        if modality is None:
            return None
        return self._offer.area_at(modality, row, column, self._level())

    def _level(self) -> float | None:
        wand = self._state.tool is Tool.WAND
        return self._offer.level if wand else self._offer.region_level

    # The keys

    def _escape(self) -> None:
        """Leave what is begun or was measured last, then the tool."""
        if self._delete():
            return
        if self._corners:
            self._corners.clear()
            self._sketch.clear()
        else:
            self._last = None
            actions.choose_tool(self._bench, Tool.LOOK)

    def _remove_corner(self) -> None:
        del self._corners[-1:]
        self._show_sketch()

    def _delete(self) -> bool:
        measures = self._state.tool is Tool.MEASURE
        return measures and actions.remove_measurement(self._bench)

    def _undo(self) -> None:
        measures = self._state.tool is Tool.MEASURE
        (actions.undo_measurement if measures else actions.undo_stroke)(self._bench)

    def _redo(self) -> None:
        measures = self._state.tool is Tool.MEASURE
        (actions.redo_measurement if measures else actions.redo_stroke)(self._bench)

    def _confirm(self) -> None:
        sample, grid, tool = self._session.sample, self._grid, self._state.tool
        if sample is None or grid is None:
            return
        self._keep_to_grid()
        if tool is Tool.POLYGON and len(self._corners) > 2:
            corners, self._corners = self._corners, []
            self._sketch.clear()
            actions.mark_area(self._bench, grid, polygon_area(corners, sample.grids[grid]))
        elif tool is Tool.REGION and (region := self._session.region) is not None:
            self._take(*region.peak)
        elif tool is Tool.MEASURE and self._session.cursor is not None:
            actions.measure_to(self._bench, self._session.cursor)

    # The screen

    def _read(self) -> None:
        sample = self._session.sample
        # A part is shown twice, with its measurements and again with its result.
        if sample is None or self._read_for is not sample.measured:
            self._read_for = None if sample is None else sample.measured
            self._last = None
            self._corners.clear()
            self._sketch.clear()
            self._state.load({})
            actions.read_annotation(self._bench)
        self._show_tool()

    def _follow_reviews(self, part_ids: frozenset[str]) -> None:
        if self._session.current in part_ids and not self._state.begun:
            actions.read_annotation(self._bench)

    def _show_tool(self) -> None:
        state = self._state
        if state.tool is not Tool.POLYGON:
            self._corners.clear()
        self.view.show_tool(state.tool, state.radius, self._offer.level)
        self.view.list_types(state.types, state.defect_type)
        self._show_sketch()

    def _remark_hint(self) -> None:
        words = hint(self._state.tool)
        if words and not self.view.has_room:
            self._bench.notifications.remark(words)

    def _show_sketch(self) -> None:
        tool, place = self._state.tool, self._hovered
        self._keep_to_grid()
        self._sketch.show_area(None, "")
        if tool is Tool.POLYGON:
            self._sketch.show_line([*self._corners, *([place] if self._corners and place else [])])
        elif tool in (Tool.BRUSH, Tool.ERASER) and place is not None:
            self._sketch.show_circle(*place, self._state.radius)
        else:
            self._sketch.show_line([])
        if tool in (Tool.WAND, Tool.REGION) and place is not None:
            chosen = self._state.defect_type
            colour = "#ffffff" if chosen is None else chosen.colour
            self._sketch.show_area(self._area_at(*place), colour)

    def _show_types(self) -> None:
        state = self._state
        self.view.list_types(state.types, state.defect_type)
        refused = refusal(self._bench.people, Right.LABEL)
        self.view.let_mark(refused, bool(state.annotations))
        self.view.show_legend(state.used_types)

    def _follow_person(self) -> None:
        if self._state.tool.marks and not self._bench.people.may(Right.LABEL):
            actions.choose_tool(self._bench, Tool.LOOK)
        self._show_types()
