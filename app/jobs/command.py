"""A command of `cmdiad` as a process of its own, so that the window stays fluid."""

import json
import sys
from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from app.text import text
from cmdiad_core.people import PASSWORD

#: The module that is the command line.
PROGRAM = "cmdiad_core"
#: How long the process may take to tidy up before it is killed.
_PATIENCE_MS = 4000
#: Exit status of the command line where one sentence says what cannot be used.
_BAD_INPUT = 2


class Command(QObject):
    """Runs once; exactly one of `succeeded`, `failed` and `cancelled` tells its end.

    Parameters
    ----------
    arguments : sequence of str
        As on the command line, with ``--progress json`` among them.
    password : str or None
        Of whoever the command acts for; None where it acts for nobody.

    Attributes
    ----------
    progressed : Signal(str, int, int, object)
        Stage, steps done, all steps, and the seconds that the rest of the stage will take; None
        while that cannot be said.
    logged : Signal(str)
        A line for people, as on the terminal.
    succeeded : Signal(object)
        The event ``result`` as a dict; parts may have been left out, which `logged` told.
    failed : Signal(str)
        One sentence.
    cancelled : Signal()
        By `cancel`; nothing half written is left.
    """

    progressed = Signal(str, int, int, object)
    logged = Signal(str)
    succeeded = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        arguments: Sequence[str],
        parent: QObject | None = None,
        *,
        password: str | None = None,
    ) -> None:
        super().__init__(parent)
        self._result: dict[str, object] | None = None
        self._last_line = ""
        self._is_cancelled = False
        self._stage, self._begun = "", 0.0
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUTF8", "1")
        if password is not None:
            environment.insert(PASSWORD, password)
        self._process.setProcessEnvironment(environment)
        self._process.setProgram(sys.executable)
        # A frozen program is the command line itself. -P: modules come from no working folder.
        itself = [] if getattr(sys, "frozen", False) else ["-P", "-m", PROGRAM]
        self._process.setArguments([*itself, *arguments])
        self._process.readyReadStandardOutput.connect(self._read_events)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail_to_start)

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Start the process; call once."""
        self._process.start()

    def cancel(self) -> None:
        """Ask the process to tidy up and end; it is killed if that takes too long."""
        self._is_cancelled = True
        self._process.terminate()
        QTimer.singleShot(_PATIENCE_MS, self._process, self._process.kill)

    def end(self) -> None:
        """Cancel, and wait until the process is gone: for a window that is closed."""
        if self.is_running:
            self.cancel()
            if not self._process.waitForFinished(_PATIENCE_MS):
                self._process.kill()
                self._process.waitForFinished()

    def _read_events(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data()).decode("utf-8", "replace").rstrip()
            try:
                event = json.loads(line)
            except ValueError:
                self._log(line)
                continue
            if event["event"] == "progress":
                self._tell(event["stage"], event["done"], event["total"])
            else:
                self._result = event

    def _read_log(self) -> None:
        self._process.setReadChannel(QProcess.ProcessChannel.StandardError)
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data()).decode("utf-8", "replace").rstrip()
            self._log(line)
        self._process.setReadChannel(QProcess.ProcessChannel.StandardOutput)

    def _log(self, line: str) -> None:
        if line:
            self._last_line = line
            self.logged.emit(line)

    def _tell(self, stage: str, done: int, total: int) -> None:
        now = monotonic()
        if stage != self._stage:
            self._stage, self._begun = stage, now
        remaining = (now - self._begun) / done * (total - done) if done else None
        self.progressed.emit(stage, done, total, remaining)

    def _finish(self, status: int) -> None:
        self._read_events()
        self._read_log()
        if self._is_cancelled:
            self.cancelled.emit()
        elif self._result is not None:
            self.succeeded.emit(self._result)
        elif status == _BAD_INPUT and self._last_line:
            self.failed.emit(self._last_line)
        else:
            self.failed.emit(text("error.command", status=status, line=self._last_line))

    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.failed.emit(text("error.command", status="–", line=self._process.errorString()))
