"""The defects marked on the shown part, and the tool they are marked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from psygnal import Signal

from cmdiad_core.edits import Box, DefectType

if TYPE_CHECKING:
    from cmdiad_core.annotation import Annotation
    from cmdiad_core.annotation.changes import Labels
    from cmdiad_core.sample import Sample

RADII = (0.5, 200.0)


class Tool(StrEnum):
    """What the mouse does in the views."""

    LOOK = "look"
    POLYGON = "polygon"
    BRUSH = "brush"
    ERASER = "eraser"
    WAND = "wand"
    REGION = "region"
    LASSO = "lasso"
    MEASURE = "measure"

    @property
    def marks(self) -> bool:
        """Whether it changes the mask."""
        return self not in (Tool.LOOK, Tool.MEASURE)


class Annotating:
    """Evented state without Qt.

    Attributes
    ----------
    loaded : Signal
        The annotation of another part is there, or none.
    painted : Signal
        The mask on a grid changed in this box; more may follow at once.
    kept : Signal
        A stroke was finished, undone or redone.
    tool_changed : Signal
        The tool, the defect type, the size of the brush or the level of the wand.
    annotations : mapping of str to Annotation
        Of the shown part by the name of the pixel grid, as `Sample.grids` has them; empty until
        they were read.
    types : tuple of DefectType
        What can be marked.
    tool : Tool
        In use.
    radius : float
        Of brush and eraser, pixels.
    level : float or None
        Score from which the wand takes pixels; None for the accept limit.
    """

    loaded = Signal()
    painted = Signal(str, tuple)
    kept = Signal()
    tool_changed = Signal()

    def __init__(self) -> None:
        self.annotations: Mapping[str, Annotation] = {}
        self.types: tuple[DefectType, ...] = ()
        self.tool = Tool.LOOK
        self.radius = 4.0
        self.level: float | None = None
        self._type_id = 0

    @property
    def defect_type(self) -> DefectType | None:
        """The type that is marked."""
        return next((one for one in self.types if one.id == self._type_id), None)

    @property
    def colours(self) -> dict[int, str]:
        """Colours ``"#rrggbb"`` by value in the mask."""
        return {one.id: one.colour for one in self.types}

    @property
    def used_types(self) -> list[DefectType]:
        """The types that are marked on the part."""
        used = {value for one in self.annotations.values() for value in one.types_in_use()}
        return [one for one in self.types if one.id in used]

    @property
    def begun(self) -> bool:
        """Whether a stroke is not finished."""
        return any(one.open_box is not None for one in self.annotations.values())

    def mask_over(self, sample: Sample, modality: str) -> Labels | None:
        """Return the mask on the pixels of a modality; None where there is none, or not yet."""
        grid = sample.grid_of(modality)
        if grid is None or grid not in self.annotations:
            return None
        return self.annotations[grid].mask

    def load(self, annotations: Mapping[str, Annotation], types: Sequence[DefectType] = ()) -> None:
        """Take the annotations of the part that is shown now."""
        self.annotations = annotations
        self.types = tuple(types) or self.types
        if self.defect_type is None and self.types:
            self._type_id = self.types[0].id
        self.loaded.emit()

    def show_painted(self, grid: str, box: Box | None) -> None:
        """Tell that the mask on a grid changed in a box."""
        if box is not None:
            self.painted.emit(grid, box)

    def show_kept(self) -> None:
        """Tell that the mask is as it stays."""
        self.kept.emit()

    def set_tool(self, tool: Tool) -> None:
        """Use another tool."""
        self.tool = tool
        self.tool_changed.emit()

    def set_type(self, type_id: int) -> None:
        """Mark another defect type."""
        self._type_id = type_id
        self.tool_changed.emit()

    def set_radius(self, radius: float) -> None:
        """Use a brush of another size."""
        self.radius = min(max(radius, RADII[0]), RADII[1])
        self.tool_changed.emit()

    def set_level(self, level: float | None) -> None:
        """Let the wand take pixels from another score on."""
        self.level = level
        self.tool_changed.emit()
