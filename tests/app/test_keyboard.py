"""Every widget can be reached by the keyboard and has a name for who cannot see it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QScrollBar,
    QSlider,
    QTabBar,
    QToolBar,
    QWidget,
)

from app import actions
from app.annotating import Tool
from app.dialogs.crash_report import CrashReport
from app.dialogs.decision import Decision
from app.dialogs.method import MethodHelp
from app.dialogs.nearline_imports import ImportsDialog
from app.dialogs.new_password import NewPassword
from app.dialogs.people import People
from app.dialogs.preferences import Preferences
from app.dialogs.shortcuts import Shortcuts
from app.dialogs.sign_in import SignIn
from app.panels.operating_point.chooser import Chooser
from app.panels.presentation.chooser import TourChooser
from app.panels.quality.view import QualityView
from app.panels.retraining.dialog import RetrainingDialog
from app.panels.send_list.view import SendListView
from app.panels.study.chooser import StudyChooser

OPERATED = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QSlider,
    QTabBar,
)


def test_the_first_page(window):
    assert problems(window) == []


@pytest.mark.parametrize("part", ["part_accept", "part_reject", "part_rgb_only", "part_cloud_only"])
def test_the_tabs_of_a_part(inspected, show, part):
    show(part)
    for tab in range(inspected.tabs.count()):
        inspected.tabs.setCurrentIndex(tab)
        assert problems(inspected) == []


def test_the_tools(inspected, bench, show):
    show("part_accept")
    for tool in Tool:
        actions.choose_tool(bench, tool)
        assert problems(inspected) == [], tool


def test_the_pictures_of_the_queue(inspected):
    inspected.queue.view.pictures.setChecked(True)
    assert problems(inspected) == []


def test_the_dialogues(inspected, bench, qtbot):
    menus, settings = inspected.menus, bench.settings
    for dialog in (
        Preferences(settings, inspected),
        Shortcuts(menus.actions, menus.standard_keys, settings, inspected),
        MethodHelp(inspected),
        CrashReport([], inspected),
        Chooser(inspected),
        Decision("Title", "Why", parent=inspected),
        NewPassword("somebody", inspected),
        SignIn(bench, inspected),
        People(bench, inspected),
        ImportsDialog(bench.people, inspected),
        SendListView(inspected),
        TourChooser(bench, inspected),
        QualityView("", inspected),
        RetrainingDialog(inspected),
        StudyChooser(3, "", "", inspected),
    ):
        qtbot.addWidget(dialog)
        dialog.show()
        assert problems(dialog) == [], type(dialog).__name__
        dialog.close()


def problems(root):
    """Return what of a window cannot be reached, or has no name."""
    QApplication.processEvents()
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not _counts(widget):
            continue
        policy = widget.focusPolicy()
        if isinstance(widget, OPERATED) and widget.isEnabled() and not _reachable(widget):
            found.append(f"cannot be reached: {_where(widget)}")
        if policy & Qt.FocusPolicy.TabFocus and not _name(widget):
            found.append(f"has no name: {_where(widget)}")
    return found


def _counts(widget):
    parent = widget.parentWidget()
    # The parts of one widget, of which Qt makes several.
    inside = (QComboBox, QAbstractSpinBox, QAbstractItemView, QTabBar, QLineEdit, QKeySequenceEdit)
    if widget.focusProxy() is not None:
        return False
    return not isinstance(parent, inside) and not isinstance(widget, QHeaderView | QScrollBar)


def _reachable(widget):
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return True
    parent = widget.parentWidget()
    # The menus have the same as the toolbar, and close docks.
    return isinstance(parent, QToolBar | QDockWidget)


def _name(widget):
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else widget.accessibleName()


def _where(widget):
    names = []
    while widget is not None:
        names.append(f"{type(widget).__name__}({widget.accessibleName()})")
        widget = widget.parentWidget()
    return " < ".join(names[:5])
