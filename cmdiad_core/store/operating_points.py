"""The limits that people kept for models."""

import sqlalchemy as sa

from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.people import Right
from cmdiad_core.store import audit
from cmdiad_core.store.database import Database
from cmdiad_core.store.schema import operating_points
from cmdiad_core.store.users import require

_LIMITS = operating_points.c.accept_below, operating_points.c.reject_from


class OperatingPoints:
    """Which limits count for a model, where a person kept others than those it came with.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, model_id: str, came_with: OperatingPoint) -> OperatingPoint | None:
        """Return the limits that were kept last for a model, if any were.

        A model that was taught defects alone has the id of the one it was made from, and limits
        of its own: what was kept for the other does not count for it.
        """
        with self._database.reading() as connection:
            return newest_limits(connection, model_id, came_with)

    def keep(
        self, model_id: str, limits: OperatingPoint, came_with: OperatingPoint, by: str, reason: str
    ) -> None:
        """Let other limits count for a model from now on.

        Parameters
        ----------
        model_id : str
            Which.
        limits, came_with : OperatingPoint
            Those from now on, and those of the model itself.
        by, reason : str
            Who says so, and why.

        Raises
        ------
        InputError
            The person may not.
        """
        with self._database.writing() as connection:
            require(connection, by, Right.SET_LIMITS)
            before = newest_limits(connection, model_id, came_with) or came_with
            own = {f"own_{name}": value for name, value in _told(came_with).items()}
            row = {"model_id": model_id, **_told(limits), **own}
            added = connection.execute(
                operating_points.insert().values(row).returning(operating_points.c.id)
            )
            audit.record(
                connection,
                person=by,
                action="operating_point",
                subject=model_id,
                reason=reason,
                before=_told(before),
                after={"id": int(added.scalar_one()), **_told(limits), **own},
            )


def newest_limits(
    connection: sa.Connection, model_id: str, came_with: OperatingPoint
) -> OperatingPoint | None:
    """Return the limits that were kept last for a model, if any were; see `OperatingPoints.of`."""
    query = sa.select(*_LIMITS).where(
        operating_points.c.model_id == model_id,
        operating_points.c.own_accept_below == float(came_with.accept_below),
        operating_points.c.own_reject_from == float(came_with.reject_from),
    )
    row = connection.execute(query.order_by(operating_points.c.id.desc()).limit(1)).first()
    return None if row is None else OperatingPoint(*row)


def _told(limits: OperatingPoint) -> dict[str, float]:
    return {"accept_below": float(limits.accept_below), "reject_from": float(limits.reject_from)}
