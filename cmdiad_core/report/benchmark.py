"""The table of a benchmark as Markdown, CSV, JSON and a page, published numbers beside it."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from cmdiad_core.metrics import Summary
from cmdiad_core.report.page import render
from cmdiad_core.resources import resource
from cmdiad_core.text import known_text, localised, text
from cmdiad_core.writing import write_file

METRICS = (
    "image_auroc",
    "pixel_auroc",
    "aupro_30",
    "aupro_01",
    "aupro_30_at_100",
    "aupro_01_at_100",
)

#: Those that others publish too.
EXACT = METRICS[:4]


class Result(BaseModel):
    """One method on one class."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    class_name: str
    method: str
    n_train: int
    n_validation: int
    seconds_per_part: float
    summary: Summary


@dataclass(frozen=True)
class BenchmarkTable:
    """Everything a benchmark has found so far.

    Parameters
    ----------
    about : mapping of str to str or int or float
        How it was measured; the catalogue has a name for each key, ``benchmark.about.KEY``.
    results : sequence of Result
        In any order.
    methods : sequence of str
        In the order of the rows.
    """

    about: Mapping[str, str | int | float]
    results: Sequence[Result]
    methods: Sequence[str]

    @property
    def classes(self) -> list[str]:
        """Names of the classes with a result."""
        return sorted({result.class_name for result in self.results})

    def rows(self, metric: str) -> list[tuple[str, list[float | None], float | None]]:
        """Return method, value by class and mean over the classes that have one.

        The mean is None unless every class has a value: means over different classes cannot be
        compared.
        """
        found = {(r.method, r.class_name): getattr(r.summary, metric) for r in self.results}
        rows = []
        for method in self.methods:
            values = [found.get((method, name)) for name in self.classes]
            known = [value for value in values if value is not None]
            if known:
                mean = float(np.mean(known)) if len(known) == len(values) else None
                rows.append((method, values, mean))
        return rows

    def told(self) -> dict[str, str]:
        """Return how it was measured in words, by the name of each."""
        return {
            text(f"benchmark.about.{key}"): known_text(
                f"benchmark.about.{key}.{value}",
                localised(str(value)) if isinstance(value, float) else str(value),
            )
            for key, value in self.about.items()
        }

    def markdown(self) -> str:
        """Return a table for each metric."""
        lines = [f"{name}: {value}  " for name, value in self.told().items()]
        heads = [text("benchmark.method"), *self.classes, text("benchmark.mean")]
        for metric in METRICS:
            lines += ["", f"## {metric_title(metric)}", "", _line(heads)]
            lines += [_line(["---", *["---:"] * (len(self.classes) + 1)])]
            for method, values, mean in self.rows(metric):
                lines.append(_line([method, *map(number, [*values, mean])]))
        lines += ["", f"## {text('benchmark.published')}", ""]
        heads = [text(f"benchmark.{column}") for column in ("method", "year", "modalities")]
        heads += [*map(metric_title, EXACT), text("benchmark.source")]
        lines += [_line(heads), _line(["---"] * len(heads))]
        for row in published()["means"]:
            used = text(f"benchmark.modalities.{row['modalities'].lower()}")
            cells = [row["method"], str(row["year"] or ""), used]
            lines.append(_line([*cells, *(number(row[m]) for m in EXACT), row["source"]]))
        return "\n".join(lines) + "\n"

    def csv(self) -> str:
        """Return a line for each method and class."""
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        counts = ["n_good", "n_defective"]
        writer.writerow(
            ["method", "class", "n_train", "n_validation", *counts, *METRICS, "seconds_per_part"]
        )
        for one in sorted(self.results, key=lambda r: (self.methods.index(r.method), r.class_name)):
            numbers = [getattr(one.summary, name) for name in (*counts, *METRICS)]
            first = [one.method, one.class_name, one.n_train, one.n_validation]
            writer.writerow([*first, *numbers, one.seconds_per_part])
        return lines.getvalue()

    def json(self) -> str:
        """Return everything, published numbers included."""
        content = {
            "schema": 2,
            "about": dict(self.about),
            "results": [result.model_dump(mode="json") for result in self.results],
            "published": published(),
        }
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def html(self) -> str:
        """Return one self-contained page."""
        return render(
            "benchmark.html",
            number,
            table=self,
            metrics=METRICS,
            shown=EXACT,
            published=published(),
        )

    def write(self, folder: Path) -> None:
        """Write ``benchmark.md``, ``.csv``, ``.json`` and ``.html`` to a folder."""
        forms = {"md": self.markdown, "csv": self.csv, "json": self.json, "html": self.html}
        for suffix, form in forms.items():
            write_file(folder / f"benchmark.{suffix}", form().encode("utf-8", "replace"))


def published() -> dict[str, Any]:
    """Return the published numbers: ``means`` over 10 classes and ``by_class``."""
    content: dict[str, Any] = json.loads(resource("benchmark/mvtec3d.json").read_text("utf-8"))
    return content


def metric_title(metric: str) -> str:
    """Return how a metric is called."""
    return text(f"benchmark.metric.{metric}")


def number(value: float | None) -> str:
    """Return a metric as it is printed."""
    return "" if value is None else localised(f"{value:.3f}")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
