"""The status line: what the worker does, how far the queue is, model and device."""

from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from app.session import Session
from app.text import text


class StatusLine(QStatusBar):
    """Shows job, progress, model and device.

    Parameters
    ----------
    session : Session
        What it reads.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setSizeGripEnabled(False)
        self.job = QLabel()
        self.progress = QProgressBar()
        self.progress.setFixedWidth(190)
        self.progress.setFormat(text("status.progress"))
        self.progress.setAccessibleName(text("status.progress.name"))
        self.model = QLabel()
        self.device = QLabel()
        self.addWidget(self.job, 1)
        for widget in (self.progress, self.model, self.device):
            self.addPermanentWidget(widget)
        session.job_changed.connect(self._show_job)
        session.model_changed.connect(self._show_model)
        session.parts_changed.connect(self._show_progress)
        session.entry_changed.connect(self._show_progress)
        self._show_job()
        self._show_model()
        self._show_progress()

    def _show_job(self) -> None:
        self.job.setText(self._session.job or text("status.ready"))

    def _show_model(self) -> None:
        detector = self._session.detector
        if detector is None:
            self.model.setText(text("status.no_model"))
            self.device.setText("")
        else:
            self.model.setText(text("status.model", name=detector.name or detector.id))
            self.device.setText(text("status.device", name=detector.device))

    def _show_progress(self) -> None:
        total, left = len(self._session.entries), self._session.remaining
        self.progress.setVisible(self._session.detector is not None and left > 0)
        self.progress.setMaximum(max(total, 1))
        self.progress.setValue(total - left)
