"""Pages from templates, complete in one file."""

from datetime import UTC, datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cmdiad_core import __version__
from cmdiad_core.report import _words
from cmdiad_core.resources import resource


def render(template: str, **content: object) -> bytes:
    """Return a page in UTF-8.

    Parameters
    ----------
    template : str
        File in the resources' folder of templates, e.g. ``"report.html"``.
    **content : object
        What it shows; besides, it has ``version`` of the software and ``made``, the time.
    """
    environment = Environment(
        loader=FileSystemLoader(resource("report")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = _words.number
    page = environment.get_template(template).render(
        version=__version__, made=datetime.now(UTC), **content
    )
    return page.encode("utf-8", "replace")
