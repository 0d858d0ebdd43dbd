"""What each user sets once: name, colours, size of words, language."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.settings import Settings
from app.text import LANGUAGES, text
from app.widgets.pane import heading

_TEXT_PERCENTS = (80, 200)


class Preferences(QDialog):
    """Takes effect at once and is kept at once; only the language waits for the next start.

    Parameters
    ----------
    settings : Settings
        What is shown and changed.
    """

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(text("preferences.title"))
        self._settings = settings
        self.reviewer = QLineEdit(settings.reviewer)
        # Who signed in works under that name.
        is_own = settings.signed_in is None
        self.reviewer.setReadOnly(not is_own)
        tip = "preferences.reviewer.tip" if is_own else "preferences.signed_in.tip"
        self.reviewer.setToolTip(text(tip))
        self.reviewer.editingFinished.connect(self._change_reviewer)
        # A name that was typed counts, even if the field never lost the focus.
        self.finished.connect(self._change_reviewer)
        look = settings.look
        self.scheme = QComboBox()
        for scheme in theme.Scheme:
            self.scheme.addItem(text(f"preferences.scheme.{scheme}"), scheme)
        self.scheme.setCurrentIndex(self.scheme.findData(look.scheme))
        self.scheme.currentIndexChanged.connect(self._change_look)
        self.text_percent = QSpinBox()
        self.text_percent.setRange(*_TEXT_PERCENTS)
        self.text_percent.setSingleStep(10)
        self.text_percent.setSuffix(" %")
        self.text_percent.setValue(look.text_percent)
        self.text_percent.setKeyboardTracking(False)
        self.text_percent.valueChanged.connect(self._change_look)
        self.language = QComboBox()
        self.language.addItem(text("preferences.language.system"), "")
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(self.language.findData(settings.language), 0))
        self.language.currentIndexChanged.connect(self._change_language)
        self.later = heading(text("preferences.language.later"), "faint")
        self.later.setWordWrap(True)
        self.later.hide()
        form = QFormLayout()
        self._add(form, text("preferences.reviewer"), self.reviewer)
        self._add(form, text("preferences.scheme"), self.scheme)
        self._add(form, text("preferences.text"), self.text_percent)
        self._add(form, text("preferences.language"), self.language)
        buttons = QDialogButtonBox()
        close = buttons.addButton(text("dialog.close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        # Larger words and the note of the language need a larger dialog at once.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        column.addLayout(form)
        column.addWidget(self.later)
        column.addWidget(buttons)

    def _add(self, form: QFormLayout, name: str, widget: QWidget) -> None:
        label = QLabel(name)
        label.setBuddy(widget)
        widget.setAccessibleName(name)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        form.addRow(label, widget)

    def _change_reviewer(self) -> None:
        if not self.reviewer.isReadOnly():
            self._settings.reviewer = self.reviewer.text()
        # Without a name verdicts are given under the system's.
        self.reviewer.setText(self._settings.reviewer)

    def _change_look(self) -> None:
        scheme, percent = theme.Scheme(self.scheme.currentData()), self.text_percent.value()
        self._settings.look = theme.Look(scheme, percent)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.choose(application, self._settings.look)

    def _change_language(self) -> None:
        self._settings.language = str(self.language.currentData())
        self.later.show()
