"""Whether Qt can draw with OpenGL here."""

from functools import cache

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext


@cache
def can_draw() -> bool:
    """Return whether an OpenGL context can be had for a widget."""
    # Widgets of the off-screen platform come out blank even where a context exists.
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return False
    surface = QOffscreenSurface()
    surface.create()
    context = QOpenGLContext()
    if not (surface.isValid() and context.create() and context.makeCurrent(surface)):
        return False
    context.doneCurrent()
    return True
