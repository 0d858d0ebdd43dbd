"""Find the regions of the shown part again where the limits of now give other ones."""

from app.text import text
from app.workbench import Workbench
from cmdiad_core.inspection import Inspection

TOPIC = "regions"


def find_regions(bench: Workbench) -> None:
    """Look on the worker for the regions above the accept limit of now; no inference."""
    session = bench.session
    bench.worker.drop(TOPIC)
    sample, found, limits = session.sample, session.found_inspection, session.operating_point
    if sample is None or found is None or limits is None or not session.regions_are_due:
        return

    def work() -> Inspection:
        from cmdiad_core.scoring import judged_at

        return judged_at(sample, found, limits)

    bench.worker.submit(
        TOPIC,
        found.sample_id,
        work,
        lambda inspection: session.set_regions(found, inspection),
        bench.notifications.report,
        title=text("job.finding_regions", part=found.sample_id),
        urgent=True,
    )
