"""Freed memory goes back to the system."""

import ctypes
import sys

# There is no malloc_trim but in glibc; other systems give memory back by themselves.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def give_back() -> None:
    """Give back what was freed between blocks that are in use, which takes some milliseconds.

    glibc keeps it. Work on several threads scatters it, so that a window would grow by a tenth
    over a shift although no more is in use.
    """
    if _trim is not None:
        _trim(0)
