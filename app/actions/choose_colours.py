"""Show anomaly maps in other colours."""

from app.workbench import Workbench


def choose_colours(bench: Workbench, name: str) -> None:
    """Use a colour map for all anomaly maps from now on."""
    bench.settings.colour_map = name
    bench.session.set_colour_map(name)
