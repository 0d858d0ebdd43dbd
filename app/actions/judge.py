"""Judge the queue by other limits; no inference."""

from app.workbench import Workbench
from cmdiad_core.inspection import OperatingPoint


def set_operating_point(bench: Workbench, accept_below: float, reject_from: float) -> None:
    """Set both limits; the lower one never passes the upper one."""
    limits = OperatingPoint(min(accept_below, reject_from), reject_from)
    bench.session.set_operating_point(limits)


def reset_operating_point(bench: Workbench) -> None:
    """Return to the limits that came with the model."""
    if bench.session.detector is not None:
        bench.session.set_operating_point(bench.session.detector.operating_point)
