"""Asks what becomes of work under way when the window is closed."""

from PySide6.QtWidgets import QMessageBox, QWidget

from app.text import text


def ask_to_close(window: QWidget, title: str, words: str, cancel: str) -> bool:
    """Ask, and return whether the work may be cancelled and the window closed.

    Parameters
    ----------
    window : QWidget
        That is closed.
    title, words, cancel : str
        Of the question; of the button that gives the work up.
    """
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(title)
    box.setText(words)
    given_up = box.addButton(cancel, QMessageBox.ButtonRole.AcceptRole)
    stay = box.addButton(text("closing.stay"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    wanted = box.clickedButton() is given_up
    box.deleteLater()
    return wanted
