"""What a page keeps of one part: the inspection, without its maps, and small pictures."""

import base64
import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from cmdiad_core.inspection import Inspection, Region
from cmdiad_core.report import _words
from cmdiad_core.report._colour_strip import ColourStrip
from cmdiad_core.report._colours import Scale
from cmdiad_core.report._drawing import MOST_REGIONS, fitted
from cmdiad_core.report._picture import picture
from cmdiad_core.report.overlay import overlays
from cmdiad_core.sample import Sample

#: Longest sides in pixels.
_FIGURE = 420
_THUMBNAIL = 96

_QUALITY = 82


@dataclass(frozen=True)
class Figure:
    """A picture with the words below it.

    Parameters
    ----------
    data : str
        The picture as a data URI.
    size : (int, int)
        Width and height in pixels.
    title, note : str
        What it shows.
    predicted : bool
        It shows the map of a modality that was not measured.
    """

    data: str
    size: tuple[int, int]
    title: str
    note: str
    predicted: bool = False


@dataclass(frozen=True)
class Entry:
    """One part on the page.

    Parameters
    ----------
    inspection : Inspection
        Without maps and features, which would fill the memory.
    strip : ColourStrip
        The colour bar with the operating point of this inspection.
    thumbnail : str
        The fused map as a data URI.
    figures : tuple of Figure
        The part, the fused map and the maps of the modalities; may be empty.
    """

    inspection: Inspection
    strip: ColourStrip
    thumbnail: str
    figures: tuple[Figure, ...]

    @property
    def regions(self) -> tuple[tuple[int, Region], ...]:
        """The regions that are numbered in the figures, with their numbers."""
        return tuple(enumerate(self.inspection.regions[:MOST_REGIONS], start=1))


def make_entry(sample: Sample, inspection: Inspection, scale: Scale) -> Entry:
    """Draw what the page shows of a part and let go of its arrays."""
    limits = inspection.operating_point
    part = picture(sample)
    plain = fitted(part.pixels, _FIGURE)
    figures = [Figure(_data_uri(plain), plain.size, "The part", part.title)]
    drawn = list(overlays(sample, inspection, scale, _FIGURE))
    for overlay in drawn:
        note = f"highest {_words.score(overlay.highest, limits)}, over the {overlay.under}"
        if overlay.dashed:
            note += f"; {_words.DASHED}"
        predicted = overlay.source in inspection.predicting
        size = overlay.image.size
        figures.append(Figure(_data_uri(overlay.image), size, overlay.title, note, predicted))
    small = drawn[0].image.copy()
    small.thumbnail((_THUMBNAIL, _THUMBNAIL), Image.Resampling.LANCZOS)
    return Entry(
        inspection=_without_arrays(inspection),
        strip=ColourStrip(scale, limits),
        thumbnail=_data_uri(small),
        figures=tuple(figures),
    )


def _without_arrays(inspection: Inspection) -> Inspection:
    # What is None says that nothing was fused place by place.
    nothing = None if inspection.map is None else np.empty((0, 0), np.float32)
    bare = {
        name: replace(result, map=None, measured_features=None, predicted_features=None)
        for name, result in inspection.modalities.items()
    }
    return replace(inspection, map=nothing, modalities=bare)


def _data_uri(image: Image.Image) -> str:
    stream = io.BytesIO()
    # Full colour resolution: the colours of a map are its numbers.
    image.save(stream, "JPEG", quality=_QUALITY, subsampling=0)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
