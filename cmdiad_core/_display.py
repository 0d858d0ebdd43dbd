"""Whether there is a display, and whether OpenGL draws: found out without drawing in here."""

import os
import platform
import subprocess
import sys

#: A driver that needs longer than this to draw a sphere hangs.
_SECONDS = 60

_PROBE = """
import pyvista
plotter = pyvista.Plotter(off_screen=True, window_size=(64, 64))
plotter.set_background("black")
plotter.add_mesh(pyvista.Sphere(), color="white", lighting=False)
picture = plotter.screenshot(return_img=True)
plotter.close()
raise SystemExit(0 if picture.max() > 128 else "the picture is black")
"""


def display_problem() -> str:
    """Return why no window can be opened, empty where one can."""
    if platform.system() != "Linux":
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return "neither DISPLAY nor WAYLAND_DISPLAY is set"


def opengl_problem() -> str:
    """Return why nothing can be rendered off the screen, empty where it can.

    Tried in a process of its own: a bad driver may crash or hang.
    """
    environment = dict(os.environ)
    # Set but empty, it breaks VTK.
    if not environment.get("VTK_DEFAULT_OPENGL_WINDOW"):
        environment.pop("VTK_DEFAULT_OPENGL_WINDOW", None)
    try:
        done = subprocess.run(  # noqa: S603  (a constant program)
            [sys.executable, "-c", _PROBE],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no picture within {_SECONDS} seconds"
    except OSError as error:
        return f"cannot be tried ({error.strerror or error})"
    if done.returncode == 0:
        return ""
    if done.returncode < 0:
        return f"the driver crashed (signal {-done.returncode})"
    lines = done.stderr.strip().splitlines()
    return lines[-1].strip() if lines else f"rendering ended with status {done.returncode}"
