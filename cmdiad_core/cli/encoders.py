"""`cmdiad encoders`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from cmdiad_core.encoders import Encoder


def encoders() -> None:
    """List what turns measurements into features, and what of it is on this machine."""
    from rich.console import Console
    from rich.table import Table

    from cmdiad_core.encoders import encoders, published_weights

    table = Table()
    for heading in ("Encoder", "Reads", "Features", "Native grid", "Weights", "Here"):
        table.add_column(heading, overflow="fold")
    for entry in encoders().values():
        table.add_row(entry.name, ", ".join(sorted(entry.kinds)), *_row(entry))
    Console().print(table)
    # Below the table and in one line each, so that they can be copied.
    for weights in published_weights():
        typer.echo(f"Weights {weights.name}: {weights.address}")


def _row(entry: type[Encoder]) -> tuple[str, str, str, str]:
    """Return features, native grid, weights with their licence, and whether they are here."""
    from cmdiad_core.encoders import GRID, Pretrained
    from cmdiad_core.weights import record

    if not issubclass(entry, Pretrained):
        return _features(entry), str(GRID), "none needed", "yes"
    grid = str(entry.native_grid)
    if entry.weights is None:
        return "of the model", grid, f"{entry.name}:FOLDER, its own licence", "–"
    here = "yes" if record(entry.weights) else f"no: cmdiad weights get {entry.weights.name}"
    return str(entry.features), grid, f"{entry.weights.name}, {entry.weights.licence}", here


def _features(entry: type[Encoder]) -> str:
    """Return how many features an encoder without weights gives, found out on an empty part."""
    import numpy as np

    from cmdiad_core.modalities import modalities

    counts = {}
    for modality in modalities().values():
        if modality.kind in entry.kinds:
            shape = (8, 8, modality.channels) if modality.channels > 1 else (8, 8)
            features = entry("cpu").encode(np.zeros(shape, np.float32))
            counts[modality.name] = features.shape[-1]
    if len(set(counts.values())) == 1:
        return str(next(iter(counts.values())))
    return ", ".join(f"{count} ({name})" for name, count in counts.items())
