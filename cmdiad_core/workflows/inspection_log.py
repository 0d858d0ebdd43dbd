"""Keep in a store what a model said of every part, without making inspection wait for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from cmdiad_core.errors import InputError

if TYPE_CHECKING:
    from cmdiad_core.inspection import Inspection, OperatingPoint
    from cmdiad_core.sample import PartFiles
    from cmdiad_core.store import Store
    from cmdiad_core.store.inspections import Inspected

#: Inspections are written together, so often at most; a crash loses no more.
PERIOD_S = 2.0
#: A store that could not be written is tried again after this.
RETRY_S = 60.0
#: So many inspections wait for it, the newest ones.
MOST = 100_000


class InspectionLog:
    """Collects inspections and writes them together.

    Only one thread at a time may use it. Where the store cannot be written it says so once, and
    tries again now and then; inspection goes on.

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
        self._waiting: deque[Inspected] = deque(maxlen=MOST)
        self._came_with: dict[str, OperatingPoint] = {}
        self._written = self._failed = float("-inf")

    def identify_and_add(self, part: PartFiles, model: str, inspection: Inspection) -> None:
        """Take what a model said of a part that the store need not know yet."""
        if self._rests:
            return
        try:
            content = self._open_store().identify(part)
        except InputError as error:
            self._fail(error)
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

        self._came_with[model] = inspection.operating_point
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

        if not self._waiting or self._rests:
            return
        try:
            Inspections(self._open_store().database).add(self._waiting, self._came_with)
        except InputError as error:
            self._fail(error)
        else:
            self._waiting.clear()
            self._written, self._failed = monotonic(), float("-inf")

    @property
    def _rests(self) -> bool:
        """Whether the store could not be written a moment ago; a busy one lets everybody wait."""
        return monotonic() - self._failed < RETRY_S

    def _fail(self, error: InputError) -> None:
        if self._failed == float("-inf"):
            self._complain(error)
        self._failed = monotonic()
