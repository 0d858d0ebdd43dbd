"""How long-running work tells how far it is, and how it is stopped."""

from typing import Protocol


class Cancelled(Exception):  # noqa: N818  (an outcome, not an error)
    """Raised out of a workflow by a `Progress` whose user wants it to stop."""


class Progress(Protocol):
    """Called by a workflow after each step; raises `Cancelled` to stop it."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` steps of `stage` are done."""


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""
