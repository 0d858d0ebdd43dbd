"""What this machine offers the product, and how to get what it lacks."""

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from cmdiad_core import __version__
from cmdiad_core._display import display_problem, opengl_problem


class State(StrEnum):
    """How things stand with the subject of a finding."""

    OK = "ok"
    NOTE = "note"
    MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    subject : str
        What was looked at, e.g. ``"OpenGL"``.
    state : State
        Fine, worth knowing, or missing.
    text : str
        What was found.
    remedy : str
        What to do about it; empty where nothing needs to be done.
    """

    subject: str
    state: State
    text: str
    remedy: str = ""


#: Distribution and module of what the product is built on.
_PACKAGES = {
    "numpy": "numpy",
    "scipy": "scipy",
    "scikit-learn": "sklearn",
    "torch": "torch",
    "faiss-cpu": "faiss",
    "pyvista": "pyvista",
    "vtk": "vtkmodules",
    "PySide6_Essentials": "PySide6",
    "pyqtgraph": "pyqtgraph",
    "pyvistaqt": "pyvistaqt",
}

#: Library and the Debian package that has it. The last ones are needed for windows only.
_LIBRARIES = {
    "glib-2.0": "libglib2.0-0",
    "GL": "libgl1",
    "EGL": "libegl1",
    "xkbcommon": "libxkbcommon0",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
    "gomp": "libgomp1",
    "usb-1.0": "libusb-1.0-0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}

_OLDEST_PYTHON = (3, 11)
_LITTLE_DISK = 5e9
_LITTLE_MEMORY = 2e9


def examine() -> list[Finding]:
    """Look at versions, devices, display, OpenGL, weights, space and system libraries.

    Takes some seconds: torch is imported, and a picture is rendered in a process of its own.
    Never raises: what cannot be found out is a finding too.
    """
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _software,
        _packages,
        _devices,
        _display,
        _opengl,
        _weights,
        _space,
        _libraries,
    )
    findings: list[Finding] = []
    for look in looks:
        try:
            findings += look()
        except Exception as error:  # A broken installation is what this is for.
            subject = look.__name__.strip("_").capitalize()
            findings.append(Finding(subject, State.MISSING, f"cannot be examined ({error})"))
    return findings


def _software() -> Iterator[Finding]:
    yield Finding("cmdiad", State.OK, __version__)
    text = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info >= _OLDEST_PYTHON:
        yield Finding("Python", State.OK, text)
    else:
        yield Finding("Python", State.MISSING, text, "Install Python 3.11 or later.")


def _packages() -> Iterator[Finding]:
    for distribution, module in _PACKAGES.items():
        try:
            found = version(distribution)
        except PackageNotFoundError:
            # conda and some distributions install modules under other names.
            found = "version unknown" if find_spec(module) else ""
        if found:
            yield Finding(distribution, State.OK, found)
        else:
            remedy = f"Run: {sys.executable} -m pip install {distribution}"
            yield Finding(distribution, State.MISSING, "is not installed", remedy)


def _devices() -> Iterator[Finding]:
    import torch

    for index in range(torch.cuda.device_count()):
        properties = torch.cuda.get_device_properties(index)
        text = f"{properties.name}, {_gigabytes(properties.total_memory)}"
        yield Finding(f"Device cuda:{index}", State.OK, text)
    if torch.backends.mps.is_available():
        yield Finding("Device mps", State.OK, "Apple GPU")
    threads = torch.get_num_threads()
    yield Finding("Device cpu", State.OK, f"{threads} thread{'s' * (threads > 1)}")


def _display() -> Iterator[Finding]:
    problem = display_problem()
    if problem:
        remedy = 'Log in to a desktop, or use "cmdiad inspect --out DIR", which needs no window.'
        yield Finding("Display", State.NOTE, problem, remedy)
    else:
        yield Finding("Display", State.OK, "windows can be opened")


def _opengl() -> Iterator[Finding]:
    problem = opengl_problem()
    if problem:
        remedy = "Install the graphics driver; without one the 3D view says that it cannot draw."
        yield Finding("OpenGL", State.MISSING, problem, remedy)
    else:
        yield Finding("OpenGL", State.OK, "a picture was rendered off the screen")


def _weights() -> Iterator[Finding]:
    from cmdiad_core.weights import cache_folder

    folder = cache_folder()
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    if files:
        size = _gigabytes(sum(path.stat().st_size for path in files))
        yield Finding("Cached weights", State.OK, f"{len(files)} files, {size}, in {folder}")
    else:
        text = f"none in {folder}; the default encoders need none"
        yield Finding("Cached weights", State.OK, text)


def _space() -> Iterator[Finding]:
    import platformdirs
    import psutil

    place = platformdirs.user_data_path("cmdiad")
    place = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    little = (
        "Free some: models, reports and demo parts are written there."
        if (free < _LITTLE_DISK)
        else ""
    )
    yield Finding("Free disk space", _noted(little), f"{_gigabytes(free)} at {place}", little)
    memory = psutil.virtual_memory()
    little = "Close other programs before training." if memory.available < _LITTLE_MEMORY else ""
    text = f"{_gigabytes(memory.available)} of {_gigabytes(memory.total)} free"
    yield Finding("Memory", _noted(little), text, little)


def _libraries() -> Iterator[Finding]:
    if platform.system() != "Linux":
        return
    missing = [package for name, package in _LIBRARIES.items() if find_library(name) is None]
    if missing:
        remedy = f"Run: sudo apt-get install {' '.join(missing)}"
        text = f"{len(missing)} not found: {', '.join(missing)}"
        yield Finding("System libraries", State.MISSING, text, remedy)
    else:
        yield Finding("System libraries", State.OK, f"all {len(_LIBRARIES)} found")


def _noted(remedy: str) -> State:
    return State.NOTE if remedy else State.OK


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:.1f} GB"
