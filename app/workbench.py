"""What every action needs at hand."""

from dataclasses import dataclass

from app.jobs.worker import Worker
from app.notifications import Notifications
from app.people import People
from app.retraining import Retraining
from app.session import Session
from app.settings import Settings
from app.store_door import StoreDoor
from cmdiad_core.workflows.inspection_log import InspectionLog


@dataclass(frozen=True)
class Workbench:
    """State, worker, memory, voice, store, log, people and retraining of one window."""

    session: Session
    worker: Worker
    settings: Settings
    notifications: Notifications
    store: StoreDoor
    log: InspectionLog
    people: People
    retraining: Retraining
