"""One picture of what a model says of a part."""

from cmdiad_core.inspection import Inspection
from cmdiad_core.report._entry import data_uri, jpeg
from cmdiad_core.report.colour_scale import ColourScale
from cmdiad_core.report.overlay import overlays
from cmdiad_core.sample import Sample

#: Longest side in pixels.
_LONGEST = 360


def drawn(sample: Sample, inspection: Inspection, scale: ColourScale) -> str:
    """Return the first map of an inspection over its part, for a page that needs no other file."""
    overlay = next(overlays(sample, inspection, scale, _LONGEST))
    return data_uri(jpeg(overlay.image))
