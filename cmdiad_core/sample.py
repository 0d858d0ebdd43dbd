"""The part: where its files lie (`PartFiles`) and what was measured (`Sample`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Measurement = NDArray[np.float32]


def is_grey(image: Measurement) -> bool:
    """Return whether an image with room for colours (H, W, 3) has none."""
    return image.ndim == 3 and bool((image == image[..., :1]).all())


@dataclass(frozen=True, slots=True)
class PartFiles:
    """One part of a data set, not yet read.

    Parameters
    ----------
    id : str
        Unique in its data set, e.g. ``"test/dent/003"``.
    files : mapping of str to Path
        File of each modality that exists for this part. One file may serve several modalities
        (a coloured PLY is both ``cloud`` and ``rgb``).
    split : str
        ``"train"``, ``"validation"``, ``"test"`` or ``""`` where the data set has no splits.
    defective : bool or None
        The known truth; None where nobody said.
    defect_type : str
        Name of the defect, empty for good and unknown parts.
    mask : Path or None
        Image of the ground truth, non-zero on the defect. None for good and unmasked parts.
    camera : Path or None
        Camera parameters that depth images of this part need.
    registered : bool
        Whether pixels of the modalities correspond. If not, the modalities have grids of their
        own and are judged together only as to the part.
    masks : mapping of str to Path or None
        Ground truth by modality of a part that is not registered, in place of `mask`: an image,
        or a list of points (``.txt``) for a cloud. None where the modality shows no defect.
    serial : str
        Serial number; empty where unknown.
    """

    id: str
    files: Mapping[str, Path]
    split: str = ""
    defective: bool | None = None
    defect_type: str = ""
    mask: Path | None = None
    camera: Path | None = None
    registered: bool = True
    masks: Mapping[str, Path | None] = field(default_factory=dict)
    serial: str = ""


@dataclass(frozen=True)
class Sample:
    """One part as measured: any non-empty subset of the modalities.

    Parameters
    ----------
    id : str
        Name of the part.
    measured : mapping of str to array
        By modality name: images float32 (H, W) or (H, W, 3) in 0..1 of the file's full scale,
        clouds float32 (H, W, 3) with NaN at invalid points.
    files : mapping of str to Path
        Where each modality was read from; empty for samples made in memory.
    metric : bool
        True when the cloud is in metres, so that sizes can be given in millimetres.
    registered : bool
        True when all modalities lie on one pixel grid. If not, each has a grid of its own, and
        pixels of different modalities have nothing to do with each other.
    camera : Path or None
        Camera parameters that depth images of this part were read with.
    """

    id: str
    measured: Mapping[str, Measurement]
    files: Mapping[str, Path] = field(default_factory=dict)
    metric: bool = False
    registered: bool = True
    camera: Path | None = None

    def __post_init__(self) -> None:
        shapes = {values.shape[:2] for values in self.measured.values()}
        if not shapes or (self.registered and len(shapes) > 1):
            raise ValueError(f"a sample needs one pixel grid, got {sorted(shapes)}")

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the pixel grid; the first modality's where each has its own."""
        height, width = next(iter(self.measured.values())).shape[:2]
        return int(height), int(width)

    @property
    def grids(self) -> dict[str, tuple[int, int]]:
        """Height and width of each pixel grid.

        That of all modalities, or of the first one where each has its own, is called ``""``; the
        others are called by their modality.
        """
        others = {} if self.registered else dict(list(self.measured.items())[1:])
        return {"": self.shape, **{name: (len(m), m.shape[1]) for name, m in others.items()}}

    def grid_of(self, modality: str) -> str | None:
        """Return the name of the grid that a modality lies on; None where it was not measured."""
        if self.registered or modality == next(iter(self.measured)):
            return ""
        return modality if modality in self.measured else None

    def using(self, names: tuple[str, ...]) -> "Sample":
        """Return this sample with only the modalities `names`, as if the rest was never taken."""
        kept = {name: self.measured[name] for name in names}
        return replace(self, measured=kept)
