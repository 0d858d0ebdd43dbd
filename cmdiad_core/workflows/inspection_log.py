"""Keep in a store what a model said of every part, without making inspection wait for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.inspection import Inspection
    from cmdiad_core.sample import PartFiles
    from cmdiad_core.store import Store
    from cmdiad_core.store.inspections import Inspected

#: Inspections are written together, so often at most; a crash loses no more.
PERIOD_S = 2.0


class InspectionLog:
    """Collects inspections and writes them together.

    Only one thread at a time may use it. Where the store cannot be written it says so once, and
    inspection goes on without being kept.

    Parameters
    ----------
    open_store : callable
        Returns the store; called when there is something to write.
    complain : callable
        Told why nothing is kept.
    """

    def __init__(
        self, open_store: Callable[[], Store], complain: Callable[[InputError], None]
    ) -> None:
        self._open_store, self._complain = open_store, complain
        self._waiting: list[Inspected] = []
        self._written = float("-inf")
        self._gave_up = False

    def resume(self) -> None:
        """Try again, though the store could not be written before."""
        self._gave_up = False

    def identify_and_add(self, part: PartFiles, model: str, inspection: Inspection) -> None:
        """Take what a model said of a part that the store need not know yet."""
        if self._gave_up:
            return
        try:
            content = self._open_store().identify(part)
        except InputError as error:
            self._give_up(error)
        else:
            self.add(content, model, inspection)

    def add(self, content: str, model: str, inspection: Inspection) -> None:
        """Take what a model said of a part.

        Parameters
        ----------
        content : str
            Content hash of the part, which the store knows.
        model : str
            Digest of the files of the model.
        inspection : Inspection
            What it said.
        """
        from cmdiad_core.store.inspections import Inspected

        if self._gave_up:
            return
        self._waiting.append(
            Inspected(
                content,
                model,
                inspection.model_id,
                {name: one.provenance for name, one in inspection.modalities.items()},
                float(inspection.score),
                float(inspection.p_value),
                inspection.verdict,
                datetime.now(UTC),
            )
        )
        if monotonic() - self._written >= PERIOD_S:
            self.write()

    def write(self) -> None:
        """Write what was collected."""
        from cmdiad_core.store.inspections import Inspections

        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        try:
            Inspections(self._open_store().database).add(waiting)
        except InputError as error:
            self._give_up(error)
        self._written = monotonic()

    def _give_up(self, error: InputError) -> None:
        self._gave_up = True
        self._complain(error)
