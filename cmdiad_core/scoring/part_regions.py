"""The defect regions of a part, under the limits of the model or under others."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from cmdiad_core.inspection import Inspection, Map, ModalityResult, OperatingPoint, Region
from cmdiad_core.modalities import Kind, modalities
from cmdiad_core.sample import Sample
from cmdiad_core.scoring.regions import find_regions


def find_part_regions(
    fused: Map | None, results: Mapping[str, ModalityResult], sample: Sample, limit: float
) -> tuple[Region, ...]:
    """Return the regions of the fused map, else those of the map of every modality.

    Parameters
    ----------
    fused : array (H, W) or None
        Fused anomaly map; None where the modalities are not registered.
    results : mapping of str to ModalityResult
        What was found in each modality.
    sample : Sample
        The part with the modalities that were used; a metric cloud gives sizes.
    limit : float
        Lowest value inside a region.
    """
    seen = {n: (r.provenance, r.map) for n, r in results.items() if r.map is not None}
    if fused is not None:
        return find_regions(fused, limit, seen, _cloud(sample))
    found = [
        find_regions(entry[1], limit, {name: entry}, _cloud(sample.using((name,))))
        for name, entry in seen.items()
    ]
    return tuple(sorted(chain.from_iterable(found), key=lambda region: -region.score))


def judged_at(sample: Sample, inspection: Inspection, limits: OperatingPoint) -> Inspection:
    """Return the same inspection under other limits, with the regions that these give."""
    judged = inspection.judged_at(limits)
    if limits.accept_below == inspection.operating_point.accept_below:
        return judged
    used = sample.using(inspection.using)
    regions = find_part_regions(inspection.map, inspection.modalities, used, limits.accept_below)
    return replace(judged, regions=regions)


def _cloud(sample: Sample) -> Map | None:
    """Return the metric cloud of the part, if it has one."""
    known = modalities()
    clouds = [v for n, v in sample.measured.items() if n in known and known[n].kind is Kind.CLOUD]
    return clouds[0] if clouds and sample.metric else None
