"""Let the limits of now count for the model from now on."""

from app.text import text
from app.workbench import Workbench
from cmdiad_core.errors import InputError


def keep_limits(bench: Workbench, reason: str) -> None:
    """Keep the limits in the store, with who and why; they are back when the model is opened."""
    from cmdiad_core.store.operating_points import OperatingPoints

    session = bench.session
    detector, limits = session.detector, session.operating_point
    if detector is None or limits is None:
        bench.notifications.remark(text("limits.no_model"))
        return
    try:
        OperatingPoints(bench.store.open().database).keep(
            detector.id, limits, detector.operating_point, bench.settings.reviewer, reason
        )
    except InputError as error:
        bench.notifications.report(error)
    else:
        bench.notifications.remark(text("limits.kept"))
