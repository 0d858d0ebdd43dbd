"""The slide on what measuring less would change, in words, good or bad."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.panels.presentation.savings import Comparison, Count, Effort, Row, saved
from app.panels.presentation.story import listed
from app.text import number, text

_NOTHING = "–"


@dataclass(frozen=True)
class Table:
    """Headings and a row of words for every choice of modalities; the modalities come first."""

    headings: list[str]
    rows: list[list[str]]


def lead(found: Comparison) -> str:
    """Return what happens when as little as possible is measured."""
    row, total = found.best_of_fewest, found.parts
    measured, changed = listed(row.measured), total - row.measured_only.same
    one = len(row.measured) == 1
    if changed:
        key = "presentation.lead.changed" if one else "presentation.lead.changed_of_several"
    else:
        key = "presentation.lead.same" if one else "presentation.lead.same_of_several"
    words = [text(key, measured=measured, changed=changed, total=total)]
    if row.predicting is not None:
        again = total - row.predicting.same
        words.append(text("presentation.lead.predicting", changed=again, total=total))
    if found.defective:
        words.append(
            text(
                "presentation.lead.passed",
                passed=row.measured_only.passed,
                defective=found.defective,
                full=found.full.measured_only.passed,
            )
        )
    return " ".join(words)


def table(found: Comparison, titles: list[str], efforts: Mapping[str, Effort]) -> Table:
    """Return a row for every choice of modalities, most modalities first."""
    keys = ["same", "same_predicting", "passed", "passed_predicting", "computing"]
    savings = {
        row.measured: saved(set(found.modalities) - set(row.measured), efforts)
        for row in found.rows.values()
    }
    with_hours = any(one.hours is not None for one in savings.values())
    with_cost = any(one.cost is not None for one in savings.values())
    keys += ["hours"] * with_hours + ["cost_saved"] * with_cost
    headings = [*titles, *(text(f"presentation.column.{key}") for key in keys)]
    rows = []
    for row in found.rows.values():
        words = [_sensor(row, name) for name in found.modalities] + _counts(found, row)
        words.append(text("presentation.per_part", seconds=number(row.median_seconds, ".2f")))
        one = savings[row.measured]
        if with_hours:
            words.append(_amount(one.hours, ",.1f", one.least_hours, " h"))
        if with_cost:
            words.append(_amount(one.cost, ",.0f", one.least_cost))
        rows.append(words)
    return Table(headings, rows)


def _amount(value: float | None, form: str, is_least: bool, unit: str = "") -> str:
    if value is None:
        return _NOTHING
    return f"{'≥ ' if is_least else ''}{number(value, form)}{unit}"


def _sensor(row: Row, name: str) -> str:
    return text("presentation.used" if name in row.measured else "presentation.spared")


def _counts(found: Comparison, row: Row) -> list[str]:
    def words(count: Count | None, attribute: str, total: int) -> str:
        if count is None or not total:
            return _NOTHING
        return text("presentation.share", count=getattr(count, attribute), total=total)

    both = (row.measured_only, row.predicting)
    return [words(count, "same", found.parts) for count in both] + [
        words(count, "passed", found.defective) for count in both
    ]
