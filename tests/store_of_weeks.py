"""A store with thousands of made-up reviews over 20 weeks, and a change at week 14."""

from datetime import UTC, datetime, timedelta

import numpy as np
import sqlalchemy as sa

from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.store import Store
from cmdiad_core.store.schema import edits, inspections, parts, reviews

MODEL_ID = "0123456789abcdef"
MEASURED = ("cloud", "rgb")
LIMITS = OperatingPoint(0.8, 1.0)
START = datetime(2026, 1, 5, 8, tzinfo=UTC)  # a Monday: 2026-W02
WEEKS, CHANGE = 20, 14
#: The name of the first week after the change.
CHANGED = "2026-W15"
CALIBRATION = np.random.default_rng(1).normal(0, 0.5, 200)


def fill(store: Store, per_week: int = 150, seed: int = 0) -> None:
    """Write the reviews.

    Good parts score 0 ± 0.5 until the change and 0.5 ± 0.5 from then on, so that the model
    rejects more of them; defective ones, 10 %, score 2 ± 0.7. Anna judges everything, Bert every
    fifth part after her; both err now and then and are unsure at times. Every part was inspected
    at that moment.
    """
    rng = np.random.default_rng(seed)
    rows: dict[str, list] = {"parts": [], "edits": [], "reviews": [], "inspections": []}
    for week in range(WEEKS):
        for number in range(per_week):
            at = START + timedelta(weeks=week, minutes=min(40, 10_000 / per_week) * number)
            defective = rng.random() < 0.1
            mean = 2.0 if defective else 0.5 if week + 1 >= CHANGE else 0.0
            score = float(rng.normal(mean, 0.7 if defective else 0.5))
            part = f"{week:04d}{number:04d}".ljust(64, "0")
            name = f"{'bad' if defective else 'good'} {week:02d} {number:04d}"
            rows["parts"].append({"hash": part, "name": name, "serial": "", "first_read_at": at})
            provenance = dict.fromkeys(MEASURED, "measured")
            rows["inspections"].append(
                {
                    "part": part,
                    "model": MODEL_ID.ljust(64, "0"),
                    "model_id": MODEL_ID,
                    "provenance": provenance,
                    "score": score,
                    "p_value": 0.5,
                    "verdict": LIMITS.judge(score),
                    "made_at": at,
                    "software": "0",
                }
            )
            for person in ("anna", "bert") if number % 5 == 0 else ("anna",):
                verdict = "reject" if defective != (rng.random() < 0.03) else "accept"
                if rng.random() < 0.02:
                    verdict = "unsure"
                _review(rows, part, person, at, verdict, score)
    with store.database.writing() as connection:
        for table in (parts, edits, reviews, inspections):
            connection.execute(sa.insert(table), rows[table.name])


def _review(rows, part, person, at, verdict, score) -> None:
    edit = len(rows["edits"]) + 1
    rows["edits"].append(
        {
            "id": edit,
            "kind": "review",
            "part": part,
            "person": person,
            "made_at": at,
            "software": "0",
        }
    )
    rows["reviews"].append(
        {
            "edit": edit,
            "verdict": verdict,
            "model_id": MODEL_ID,
            "score": score,
            "model_verdict": LIMITS.judge(score),
            "provenance": dict.fromkeys(MEASURED, "measured"),
        }
    )
