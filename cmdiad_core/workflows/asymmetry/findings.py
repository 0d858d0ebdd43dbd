"""What the numbers say, in plain sentences."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from cmdiad_core.modalities import modality
from cmdiad_core.workflows.asymmetry.results import Asymmetry, Comparison, Direction, View

#: What may explain the asymmetry: the number that ought to be larger where prediction helps more.
_EXPLANATIONS: dict[str, Callable[[Direction], float | None]] = {
    "the larger share of variation explained": lambda one: one.explained,
    "the better separation by the prediction alone": (
        lambda one: one.comparison.prediction.image_auroc
    ),
    "the larger room to gain": lambda one: one.comparison.room("image_auroc"),
}

_VIEWS = {
    View.EVERYTHING: "without a mask",
    View.OWN: "with each modality's own foreground mask",
    View.CLOUD: "with the cloud's mask for every modality",
}

_Compared = tuple[Asymmetry, Direction, Direction]


def sentences(directions: Sequence[Direction], asymmetries: Sequence[Asymmetry]) -> tuple[str, ...]:
    """Return which direction helps more, what goes with it, and what weights and masks change."""
    by_pair = {(one.source, one.target): one for one in directions}
    compared = [(one, by_pair[one.better], by_pair[one.other]) for one in asymmetries]
    said = [" ".join(_on_pair(*one)) for one in compared]
    different = [one for one in compared if not _alike(one[0])]
    if len(different) > 1:
        said.append(_overall(different))
    return (*said, _on_weights(directions), _on_masks(directions))


def _on_pair(found: Asymmetry, better: Direction, other: Direction) -> Iterator[str]:
    source, target = (_in_sentence(name) for name in found.better)
    gains = f"({_moved(better.comparison)}; the other way round {_moved(other.comparison)})"
    verdict = "helps more"
    if _alike(found):
        verdict = "helps as much as the other way round"
    elif (better.comparison.gain("image_auroc") or 0) <= 0:
        verdict = "does less harm"
    yield f"Prediction of the {target} from the {source} {verdict} {gains}."
    if found.interval is not None:
        low, high = found.interval
        parts = f"{better.n_good} good and {better.n_defective} defective parts"
        yield (
            f"The difference of {found.image_auroc:.3f} lies between {low:.3f} and {high:.3f} with "
            f"95 % confidence: {parts} {'cannot ' if low <= 0 <= high else ''}tell it from chance."
        )
    if found.patch_auroc is not None:
        yield f"In patch AUROC the difference is {found.patch_auroc:+.3f}."
    if better.explained is not None and other.explained is not None:
        yield (
            f"On good parts this direction explains {better.explained:.0%} of the variation, the "
            f"other {other.explained:.0%}."
        )
    alone = [one.comparison.prediction.image_auroc for one in (better, other)]
    room = [one.comparison.room("image_auroc") or 0.0 for one in (better, other)]
    yield (
        f"Alone, what is predicted has an image AUROC of {alone[0]:.3f} and {alone[1]:.3f} the "
        f"other way round; measured, it would add {room[0]:+.3f} and {room[1]:+.3f}."
    )
    if _alike(found):
        return
    agreeing = [name for name in _EXPLANATIONS if _agrees(name, better, other)]
    yield f"So this direction has {_listed(agreeing) or 'nothing that would explain it'}."


def _overall(compared: Sequence[_Compared]) -> str:
    counts = [
        f"{name} in {sum(_agrees(name, better, other) for _, better, other in compared)}"
        for name in _EXPLANATIONS
    ]
    return (
        f"Of {len(compared)} pairs of modalities, the direction that prediction helps more has "
        f"{_listed(counts)}."
    )


def _on_weights(directions: Sequence[Direction]) -> str:
    swept = {
        kind: [[getattr(one, kind).image_auroc for one in d.weights] for d in directions]
        for kind in ("calibrated", "raw")
    }
    best = {kind: np.max(values, axis=1).mean() for kind, values in swept.items()}
    span = {kind: np.ptp(values, axis=1).mean() for kind, values in swept.items()}
    own = np.mean([d.comparison.together.image_auroc for d in directions])
    weights = [one.weight for one in directions[0].weights]
    return (
        f"Weights of the prediction from {weights[0]:g} to {weights[-1]:g} change the image AUROC "
        f"by {span['calibrated']:.3f} on average over the directions with calibrated deviations "
        f"and by {span['raw']:.3f} with raw distances; the best weights, chosen on these very "
        f"parts, give {best['calibrated']:.3f} and {best['raw']:.3f}, the model's own "
        f"{own:.3f}."
    )


def _on_masks(directions: Sequence[Direction]) -> str:
    said = []
    for view, words in _VIEWS.items():
        found = [d.comparisons[view] for d in directions if view in d.comparisons]
        if found:
            level = np.mean([one.together.image_auroc for one in found])
            gain = np.mean([one.gain("image_auroc") or 0.0 for one in found])
            said.append(f"{level:.3f} ({gain:+.3f} by prediction) {words}")
    return f"The mean image AUROC over the directions is {_listed(said)}."


def _alike(found: Asymmetry) -> bool:
    """Tell whether the directions are the same as far as numbers are printed."""
    return found.image_auroc < 0.0005


def _agrees(explanation: str, better: Direction, other: Direction) -> bool:
    values = [_EXPLANATIONS[explanation](one) for one in (better, other)]
    return values[0] is not None and values[1] is not None and values[0] > values[1]


def _moved(comparison: Comparison) -> str:
    single, together = comparison.single.image_auroc, comparison.together.image_auroc
    return f"image AUROC {single:.3f} to {together:.3f}, {together - single:+.3f}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _in_sentence(name: str) -> str:
    title = modality(name).title
    return title if title[:2].isupper() else title[0].lower() + title[1:]
