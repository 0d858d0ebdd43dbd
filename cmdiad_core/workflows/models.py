"""From model folders and comparisons to what the registry of a store keeps."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import platformdirs
from pydantic import ValidationError

from cmdiad_core.content import content_hash
from cmdiad_core.detector.archive import COMPARISON, PAGE, manifest_of, pack, unpack
from cmdiad_core.detector.lineage import Use
from cmdiad_core.detector.saving import read_card
from cmdiad_core.errors import InputError
from cmdiad_core.file_names import file_stem
from cmdiad_core.models import (
    MODEL_FILES,
    Figures,
    GateResult,
    KeptComparison,
    ModelFacts,
    RegisteredModel,
)
from cmdiad_core.store.model_files import folder_digest, require_intact
from cmdiad_core.store.models import Models
from cmdiad_core.workflows.comparison import Comparison, Metrics, Model
from cmdiad_core.workflows.comparison_page import comparison_page


def facts_of(folder: Path) -> ModelFacts:
    """Return what is known of a model from its folder.

    Raises
    ------
    InputError
        When there is no model, or it is damaged.
    """
    card, digest = read_card(folder), folder_digest(folder)
    if card.lineage is not None and card.lineage.snapshot:
        parts = Counter(one.use.value for one in card.lineage.snapshot)
    else:
        counts = {Use.TRAIN: len(card.training_parts), Use.CALIBRATE: len(card.calibration_parts)}
        parts = Counter({use.value: count for use, count in counts.items() if count})
    return ModelFacts(
        digest=digest,
        id=card.id,
        name=folder.absolute().name,
        folder=folder.absolute(),
        parent="" if card.lineage is None else card.lineage.parent,
        accept_below=card.operating_point.accept_below,
        reject_from=card.operating_point.reject_from,
        megabytes=sum(path.stat().st_size for path in folder.iterdir()) / 1e6,
        parts=dict(parts),
    )


def read_comparison(path: Path) -> Comparison:
    """Read what `cmdiad compare --json` wrote.

    Raises
    ------
    InputError
        The file cannot be read or holds something else.
    """
    try:
        return Comparison.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror or error})") from error
    except ValidationError as error:
        raise InputError(path, "is not what cmdiad compare --json writes") from error


def to_keep(comparison: Comparison, known: Sequence[RegisteredModel]) -> KeptComparison:
    """Return a comparison as the registry keeps it; one of the two need not be registered.

    Raises
    ------
    InputError
        Neither is.
    """
    everything = comparison.patterns[0]
    data, n_good, n_defective = comparison.data, everything.n_good, everything.n_defective

    def figures(model: Model, metrics: Metrics) -> Figures:
        return Figures(
            data=data,
            n_good=n_good,
            n_defective=n_defective,
            **metrics.model_dump(),
            ms_per_part=model.seconds_per_part * 1e3,
        )

    champion = _digest(comparison.champion, known)
    candidate = _digest(comparison.candidate, known)
    if not champion and not candidate:
        names = f"{comparison.candidate.name} and {comparison.champion.name}"
        raise InputError(names, "were compared, but neither is registered with these limits")
    return KeptComparison(
        champion=champion,
        candidate=candidate,
        content=comparison.model_dump_json(),
        gates=tuple(GateResult(**one.model_dump()) for one in comparison.gates),
        champion_figures=figures(comparison.champion, everything.champion),
        candidate_figures=figures(comparison.candidate, everything.candidate),
    )


def keep_comparison(models: Models, path: Path, person: str) -> KeptComparison:
    """Keep what `cmdiad compare --json` wrote.

    Raises
    ------
    InputError
        The file cannot be read or holds something else, or neither model is registered.
    """
    found = to_keep(read_comparison(path), models.all())
    models.keep(found, person)
    return found


def export_model(models: Models, model: RegisteredModel, path: Path) -> None:
    """Write a registered model as one file, with its last comparison where there was one.

    Raises
    ------
    InputError
        Its files are gone or were changed, or `path` cannot be written.
    """
    require_intact(model)
    beside = {}
    if model.comparison:
        content = models.comparison(model.comparison)
        page = comparison_page(Comparison.model_validate_json(content))
        beside = {COMPARISON: content.encode(), PAGE: page.encode("utf-8", "replace")}
    pack(model.folder, path, beside)


def import_model(
    models: Models, path: Path, folder: Path | None, person: str, device: str = "auto"
) -> RegisteredModel:
    """Turn one file into a model folder and register it, with its comparison where it fits.

    Parameters
    ----------
    models : Models
        Where it is registered.
    path : Path
        The file.
    folder : Path or None
        A new folder; one in the user's data folder where not given.
    person : str
        Who imports it.
    device : str
        Torch device or ``"auto"``, to try the model on.

    Raises
    ------
    InputError
        As `cmdiad_core.detector.archive.unpack`, and where the model is here already.
    """
    models.require_may_add(person)
    manifest = manifest_of(path)
    digest = content_hash({n: d for n, d in manifest.members.items() if n in MODEL_FILES})
    for one in models.all():
        if one.digest == digest and one.folder.is_dir():
            raise InputError(path, f"holds a model that is registered: {one.name} in {one.folder}")
    if folder is None:
        place = platformdirs.user_data_path("cmdiad") / "models" / digest[:12]
        folder = place / (file_stem(manifest.name) or "model")
    comparison = unpack(path, folder, device)
    facts = facts_of(folder)
    models.add(facts, person)
    if comparison:
        # The model works as well without what others said of it.
        with suppress(InputError, ValidationError):
            found = Comparison.model_validate_json(comparison)
            models.keep(to_keep(found, models.all()), person)
    return next(one for one in models.all() if one.digest == facts.digest)


def find_model(known: Sequence[RegisteredModel], words: str) -> RegisteredModel:
    """Return the registered model with an id, a name, a folder or the start of a digest.

    Raises
    ------
    InputError
        There is none, or more than one.
    """
    folder = Path(words).absolute()
    found = [
        one
        for one in known
        if words in (one.id, one.name) or one.folder == folder or _starts(one.digest, words)
    ]
    if not found:
        raise InputError(words, 'is no registered model; "cmdiad models list" names them')
    if len(found) > 1:
        names = ", ".join(f"{one.name} in {one.folder} ({one.digest[:12]})" for one in found)
        raise InputError(words, f"may be any of {names}; give the folder, or the characters in ()")
    return found[0]


def _starts(digest: str, words: str) -> bool:
    return len(words) >= 8 and digest.startswith(words)


def _digest(model: Model, known: Sequence[RegisteredModel]) -> str:
    # One id may stand for several limits.
    wanted = model.id, model.accept_below, model.reject_from
    found = [one for one in known if (one.id, one.accept_below, one.reject_from) == wanted]
    # Models that were taught defects which changed no limit differ in their names alone.
    named = [one for one in found if one.name == model.name]
    return (named or found)[-1].digest if found else ""
