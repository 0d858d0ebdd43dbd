"""Go to a part of the queue."""

from app.actions.inspect_queue import bring_up
from app.workbench import Workbench


def show_part(bench: Workbench, part_id: str) -> None:
    """Show a part; what is not at hand is read and inspected before all others."""
    session = bench.session
    if part_id == session.current or part_id not in session.entries:
        return
    bring_up(bench, part_id)


def show_next(bench: Workbench) -> None:
    """Show the next part in the order of the queue."""
    _step(bench, 1)


def show_previous(bench: Workbench) -> None:
    """Show the part before in the order of the queue."""
    _step(bench, -1)


def _step(bench: Workbench, step: int) -> None:
    ordered = bench.session.ordered
    if not ordered:
        return
    if bench.session.current not in ordered:
        show_part(bench, ordered[0])
        return
    place = ordered.index(bench.session.current) + step
    show_part(bench, ordered[min(max(place, 0), len(ordered) - 1)])
