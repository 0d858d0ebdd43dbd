"""What is left behind when the workbench ends without being closed, and found at the next start."""

import faulthandler
import logging
import os
from pathlib import Path

import psutil

_KEPT_BYTES = 2**20


class CrashLog:
    """A log of this run that is removed when it ends well.

    Parameters
    ----------
    folder : Path
        Where logs are kept; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.path = folder / f"run-{os.getpid()}.log"
        self._file = self.path.open("w", encoding="utf-8")
        self._handler = logging.StreamHandler(self._file)
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logging.getLogger().addHandler(self._handler)
        # Python's own word on a crash in Qt, VTK or OpenGL.
        faulthandler.enable(self._file)

    def left_behind(self) -> list[Path]:
        """Return the logs of runs that crashed, oldest first.

        An empty one says that somebody ended the run from outside: it is removed.
        """
        ended = [path for path in self._folder.glob("run-*.log") if not _runs(path)]
        logs = [path for path in ended if path.stat().st_size]
        for path in set(ended) - set(logs):
            path.unlink(missing_ok=True)
        return sorted(logs, key=lambda path: path.stat().st_mtime)

    def close(self) -> None:
        """Remove this run's log: it ended well."""
        faulthandler.disable()
        logging.getLogger().removeHandler(self._handler)
        self._file.close()
        self.path.unlink(missing_ok=True)


def tail(path: Path) -> str:
    """Return the end of a log, whatever bytes are in it."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _KEPT_BYTES, 0))
        return file.read().decode("utf-8", "replace")


def _runs(path: Path) -> bool:
    number = path.stem.removeprefix("run-")
    return number.isdecimal() and psutil.pid_exists(int(number))
