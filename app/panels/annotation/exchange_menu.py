"""The entries of the file menu for annotations."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QMessageBox

from app import actions
from app.text import text
from app.workbench import Workbench

_FORMATS = ("mvtec", "coco", "labelme")


def exchange_menus(window: QMainWindow, bench: Workbench) -> tuple[QMenu, QMenu]:
    """Return the menus "Export annotations" and "Import annotations"."""

    def menu(way: str, ask: Callable[[QMainWindow, Workbench, str], None]) -> QMenu:
        menu = QMenu(text(f"menu.{way}_annotations"), window)
        menu.setToolTipsVisible(True)
        for name in _FORMATS:
            action = menu.addAction(text(f"format.{name}"), partial(ask, window, bench, name))
            action.setToolTip(text(f"format.{name}.tip"))
        return menu

    return menu("export", _export), menu("import", _import)


def _export(window: QMainWindow, bench: Workbench, name: str) -> None:
    if folder := QFileDialog.getExistingDirectory(window, text("ask.export_annotations")):
        actions.export_annotations(bench, name, Path(folder))


def _import(window: QMainWindow, bench: Workbench, name: str) -> None:
    if folder := QFileDialog.getExistingDirectory(window, text("ask.import_annotations")):
        actions.import_annotations(bench, name, Path(folder), partial(_offer_types, window))


def _offer_types(window: QMainWindow, names: list[str]) -> bool:
    answer = QMessageBox.question(
        window, text("ask.add_types"), text("ask.add_types.names", names=", ".join(names))
    )
    return answer == QMessageBox.StandardButton.Yes
