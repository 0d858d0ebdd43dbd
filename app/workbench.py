"""What every action needs at hand."""

from dataclasses import dataclass

from app.jobs.worker import Worker
from app.notifications import Notifications
from app.session import Session
from app.settings import Settings


@dataclass(frozen=True)
class Workbench:
    """State, worker, memory and voice of one window."""

    session: Session
    worker: Worker
    settings: Settings
    notifications: Notifications
