"""The status line: what the worker does, how far the queue is, who works, model and device."""

from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from app.people import People
from app.session import Session
from app.text import text


class StatusLine(QStatusBar):
    """Shows job, progress, person, model and device.

    Parameters
    ----------
    session, people
        What it reads.
    """

    def __init__(self, session: Session, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._people = session, people
        self.setSizeGripEnabled(False)
        self.job = QLabel()
        self.progress = QProgressBar()
        self.progress.setFixedWidth(190)
        self.progress.setFormat(text("status.progress"))
        self.progress.setAccessibleName(text("status.progress.name"))
        self.person = QLabel()
        self.person.setToolTip(text("status.person.tip"))
        self.model = QLabel()
        self.device = QLabel()
        self.addWidget(self.job, 1)
        for widget in (self.progress, self.person, self.model, self.device):
            self.addPermanentWidget(widget)
        session.job_changed.connect(self._show_job)
        session.model_changed.connect(self._show_model)
        session.parts_changed.connect(self._show_progress)
        session.entry_changed.connect(self._show_progress)
        people.changed.connect(self._show_person)
        self._show_job()
        self._show_person()
        self._show_model()
        self._show_progress()

    def _show_job(self) -> None:
        self.job.setText(self._session.job or text("status.ready"))

    def _show_person(self) -> None:
        user = self._people.user
        self.person.setVisible(bool(self._people.users))
        if user is None:
            self.person.setText(text("status.nobody"))
        else:
            self.person.setText(
                text("status.person", name=user.name, role=text(f"role.{user.role}"))
            )

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
