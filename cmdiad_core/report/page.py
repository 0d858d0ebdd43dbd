"""Pages from templates, complete in one file."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cmdiad_core import __version__
from cmdiad_core.resources import resource
from cmdiad_core.text import spoken, text


def render(template: str, number: Callable[[Any], str], **content: object) -> str:
    """Return a page.

    Parameters
    ----------
    template : str
        Name of its file, e.g. ``"report.html"``.
    number : callable
        How the page writes numbers: its filter ``number``.
    **content : object
        What it shows; besides, it has ``version`` of the software, ``made``, the time, and the
        functions `text` and `spoken`.
    """
    environment = Environment(
        loader=FileSystemLoader([resource("report"), resource("benchmark")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = number
    environment.globals |= {"text": text, "spoken": spoken}
    return environment.get_template(template).render(
        version=__version__, made=datetime.now(UTC), **content
    )
