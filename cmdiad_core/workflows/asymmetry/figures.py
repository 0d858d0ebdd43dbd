"""The figures of the page, as SVG in data URIs."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

from cmdiad_core.workflows.asymmetry import words
from cmdiad_core.workflows.asymmetry.results import PERCENTILES, Comparison, Direction, Study, View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Told apart by any colour vision, and by lightness in print (Okabe and Ito, 2008).
_BLUE, _ORANGE, _GREEN, _GREY = "#0072b2", "#d55e00", "#009e73", "#777777"

_GROUPS = {
    "good": ("good parts", _BLUE),
    "defective": ("defective parts", _ORANGE),
    "defect": ("patches on defects", "#222222"),
}
_WIDTH = 10.0
_COLUMNS = 3


def distances(study: Study) -> str:
    """Draw the distribution of the distances in every bank, over that of good parts' median."""
    figure, ((axes,),) = _grid(1, 1, 0.75 * len(study.banks) + 1.2)
    for row, bank in enumerate(study.banks):
        good = bank.percentiles.get("good")
        unit = max(good[PERCENTILES.index(50)], 1e-9) if good else 1.0
        for place, (group, (_, colour)) in enumerate(_GROUPS.items()):
            if group in bank.percentiles:
                low, first, middle, third, high = (v / unit for v in bank.percentiles[group])
                box = {"whislo": low, "q1": first, "med": middle, "q3": third, "whishi": high}
                _box(axes, box, row + 0.25 * (place - 1), colour)
    axes.set_yticks(range(len(study.banks)), [words.bank(bank) for bank in study.banks])
    axes.invert_yaxis()
    axes.set_xlabel("distance to the bank, median of good parts = 1")
    for label, colour in _GROUPS.values():
        axes.plot([], [], color=colour, linewidth=6, alpha=0.6, label=label)
    axes.legend(frameon=False)
    return _data_uri(figure)


def errors(study: Study) -> str:
    """Draw the share of variation that predictions explain, by region."""
    regions = list(dict.fromkeys(error.region for one in study.directions for error in one.errors))
    figure, ((axes,),) = _grid(1, 1, 3.6)
    width = 0.8 / len(regions)
    colours = (_GREY, _BLUE, "#56b4e9", _ORANGE, "#e69f00")
    for place, (region, colour) in enumerate(zip(regions, colours, strict=False)):
        shares = [_explained(one, region) for one in study.directions]
        left = [row + (place - (len(regions) - 1) / 2) * width for row in range(len(shares))]
        axes.bar(left, shares, width, color=colour, label=region)
    axes.axhline(0, color=_GREY, linewidth=0.8)
    axes.set_xticks(range(len(study.directions)), [words.direction(d) for d in study.directions])
    axes.set_ylabel("variation explained, good parts")
    axes.set_ylim(max(-1.0, min(0.0, axes.get_ylim()[0])), 1)
    axes.legend(frameon=False, ncols=len(regions), loc="upper center", fontsize=8)
    return _data_uri(figure)


def weights(study: Study, measure: str) -> str:
    """Draw ``image_auroc`` or ``patch_auroc`` over the weight of the prediction."""
    figure, rows = _grid(len(study.directions), _COLUMNS, 2.9)
    for axes, one in zip(_flat(rows), study.directions, strict=False):
        tried = [effect.weight for effect in one.weights]
        for kind, colour in (("calibrated", _BLUE), ("raw", _ORANGE)):
            values = [getattr(getattr(effect, kind), measure) for effect in one.weights]
            mark = "o" if kind == "calibrated" else "s"
            axes.plot(tried, values, f"-{mark}", color=colour, markersize=3.5, label=kind)
        single, complete = (
            getattr(found, measure) for found in (one.comparison.single, one.comparison.complete)
        )
        axes.axhline(single, color=_GREY, linestyle=":", label="without prediction")
        axes.axhline(complete, color=_GREEN, linestyle="--", label="both measured")
        axes.axvline(one.weight, color=_GREY, linewidth=0.8)
        axes.set_xscale("log")
        axes.set_title(words.direction(one))
        axes.set_xlabel("weight of the prediction")
    _legend(figure, rows)
    return _data_uri(figure)


def masks(study: Study) -> str:
    """Draw the image AUROC without and with prediction by what is looked at."""
    names = {view: words.VIEWS[view] for view in View}
    return _steps(study, names, lambda one: one.comparisons)


def defect_types(study: Study) -> str:
    """Draw the image AUROC without and with prediction by type of defect."""
    counts: dict[str, list[int]] = {}
    for one in study.directions:
        for kind, found in one.defect_types.items():
            counts.setdefault(kind, []).append(found.n_defective)
    names = {kind: f"{kind} ({words.span(counts[kind])})" for kind in sorted(counts)}
    return _steps(
        study, names, lambda one: {k: found.comparison for k, found in one.defect_types.items()}
    )


def _steps(
    study: Study,
    names: Mapping[Any, str],
    comparisons: Callable[[Direction], Mapping[Any, Comparison]],
) -> str:
    """Draw a row a name: from without to with prediction, and where measuring both leads."""
    marks = {
        "single": ("o", _GREY, "without prediction"),
        "together": ("D", _BLUE, "with prediction"),
        "complete": ("|", _GREEN, "both measured"),
    }
    figure, rows = _grid(len(study.directions), _COLUMNS, 0.28 * len(names) + 1.3)
    for axes, one in zip(_flat(rows), study.directions, strict=False):
        known = comparisons(one)
        found = {row: known[name] for row, name in enumerate(names) if name in known}
        for row, of in found.items():
            ends = [of.single.image_auroc, of.together.image_auroc]
            axes.plot(ends, [row, row], color=_BLUE, linewidth=1.5)
        for name, (mark, colour, label) in marks.items():
            values = [getattr(of, name).image_auroc for of in found.values()]
            size = 110 if mark == "|" else 26
            axes.scatter(values, list(found), size, color=colour, marker=mark, label=label)
        axes.set_yticks(range(len(names)), list(names.values()), fontsize=8)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xlabel("image AUROC")
        axes.set_title(words.direction(one))
    _legend(figure, rows)
    return _data_uri(figure)


def _box(axes: Axes, box: dict[str, float], place: float, colour: str) -> None:
    axes.bxp(
        [box],
        positions=[place],
        widths=0.18,
        orientation="horizontal",
        showfliers=False,
        patch_artist=True,
        manage_ticks=False,
        boxprops={"facecolor": colour, "alpha": 0.6, "linewidth": 0},
        medianprops={"color": "white", "linewidth": 1.6},
        whiskerprops={"color": colour},
        capprops={"color": colour},
    )


def _explained(one: Direction, region: str) -> float:
    found = next((error.explained for error in one.errors if error.region == region), None)
    return 0.0 if found is None else found


def _grid(count: int, columns: int, height: float) -> tuple[Figure, Any]:
    """Return a figure with `count` axes, at most `columns` beside each other, and its rows."""
    from matplotlib.figure import Figure

    wide = min(count, columns)
    tall = -(-count // wide)
    figure = Figure((_WIDTH, height * tall), layout="constrained")
    rows = figure.subplots(tall, wide, sharex=True, sharey=True, squeeze=False)
    for axes in _flat(rows):
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelbottom=True)
    for axes in _flat(rows)[count:]:
        axes.set_visible(False)
    return figure, rows


def _flat(rows: Any) -> list[Axes]:
    return list(rows.flat)


def _legend(figure: Figure, rows: Any) -> None:
    entries = _flat(rows)[0].get_legend_handles_labels()
    figure.legend(*entries, loc="outside upper center", ncols=len(entries[1]), frameon=False)


def _data_uri(figure: Figure) -> str:
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", facecolor="white", metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode("ascii")
