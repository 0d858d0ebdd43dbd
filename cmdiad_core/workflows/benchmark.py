"""The paper's table: every pipeline and the product's detector on every class."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from cmdiad_core import __version__
from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.content import file_digest, storable
from cmdiad_core.data.layouts import mvtec3d
from cmdiad_core.detector.device import resolve_device
from cmdiad_core.distillation.map_training import Schedule
from cmdiad_core.errors import InputError
from cmdiad_core.models import require_outside_models
from cmdiad_core.progress import Progress
from cmdiad_core.reference import Backbones, Pipeline, Settings, pipelines
from cmdiad_core.report.benchmark import BenchmarkTable, Result
from cmdiad_core.workflows.class_benchmark import (
    OURS,
    PaperRun,
    given_file,
    load_masks,
    our_recipe,
    our_results,
)
from cmdiad_core.workflows.class_parts import ClassParts, stamp
from cmdiad_core.workflows.reading import Skipped
from cmdiad_core.writing import require_folder, write_file


@dataclass(frozen=True)
class Options:
    """What a benchmark measures, and how.

    Parameters
    ----------
    methods : sequence of str
        Of `known_methods`: pipelines of the paper and patterns of the product.
    cache : Path
        Folder for features.
    classes : sequence of str
        Names of folders; empty for all.
    limit : int or None
        Most parts of a split.
    reference : bool
        Reproduce the oddities of the published code (docs/reference.md).
    share : float
        Share of patches that the banks of the paper's pipelines keep.
    seed : int
        Of every random choice.
    schedule : Schedule
        Of distillers that are trained here.
    image_weights, cloud_weights : Path or None
        Weights of the encoders; None takes those in the cache of weights.
    distillers : Path or None
        Folder of trained distillers; None trains them class by class.
    cache_size : float
        Largest size of `cache` in GB.
    device : str
        Torch device, or ``"auto"``.
    """

    methods: Sequence[str]
    cache: Path
    classes: Sequence[str] = ()
    limit: int | None = None
    reference: bool = False
    share: float = 0.1
    seed: int = 0
    schedule: Schedule = field(default_factory=Schedule)
    image_weights: Path | None = None
    cloud_weights: Path | None = None
    distillers: Path | None = None
    cache_size: float = 20.0
    device: str = "auto"


class _Kept(BaseModel):
    """A result, and where and why parts could not be used for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    result: Result
    skipped: tuple[tuple[str, str], ...]


def known_methods() -> tuple[str, ...]:
    """Return everything that can be measured, in the order it is shown."""
    return (*pipelines(), *OURS)


def benchmark(
    root: Path, out: Path, options: Options, *, progress: Progress, skipped: Skipped
) -> BenchmarkTable:
    """Measure what has not been measured before; tables are written after every class.

    Parameters
    ----------
    root : Path
        Folder of the classes, or of one class.
    out : Path
        Folder for results, trained distillers and tables. A result is a file of its own; with
        the same options, files of parts, distillers and software it is not computed again.
    options : Options
        What and how.
    progress : Progress
        Told of the stage ``"benchmark"``, a step for each method on each class, and of the
        stages within.
    skipped : callable
        Told of parts, classes and distillers that cannot be used, also of parts that a kept
        result is without, and of published weights that are not here; the others, and the
        pipelines that need none, go on.

    Raises
    ------
    InputError
        When options, the place of the results or weights that are named or needed by all cannot
        be used, or no class can.
    """
    if unknown := [name for name in options.methods if name not in known_methods()]:
        known = ", ".join(known_methods())
        raise InputError(f"pipeline {unknown[0]}", f"is not known; there are {known}")
    options = replace(options, methods=tuple(dict.fromkeys(options.methods)))
    require_outside_models(out / "results")
    require_folder(out)
    folders = _class_folders(root, options.classes)
    device = resolve_device(options.device)
    try:
        paper = _paper_run(root, options, out, device, skipped)
    except InputError as error:
        ours = [name for name in options.methods if name in OURS]
        if not ours or options.image_weights or options.cloud_weights:
            raise
        # The product's own detector needs no weights.
        skipped(error)
        paper, options = None, replace(options, methods=ours)
    total, done = len(folders) * len(options.methods), 0
    progress("benchmark", done, total)

    def method_done(count: int) -> None:
        nonlocal done
        done += count
        progress("benchmark", done, total)

    table = BenchmarkTable(_about(root, options, device), (), options.methods)
    for folder in folders:
        before = done
        found: list[Result] = []
        try:
            _measure(folder, out, options, paper, device, found, method_done, progress, skipped)
        except InputError as error:
            skipped(error)
        method_done(before + len(options.methods) - done)
        table = BenchmarkTable(table.about, (*table.results, *found), options.methods)
        if table.results:
            table.write(out)
    if not table.results:
        raise InputError(root, "has no class that could be measured")
    return table


def _measure(
    folder: Path,
    out: Path,
    options: Options,
    paper: PaperRun | None,
    device: str,
    found: list[Result],
    method_done: Callable[[int], None],
    progress: Progress,
    skipped: Skipped,
) -> None:
    """Add the results of one class to `found`, from their files where they are there."""
    parts = ClassParts.open(folder, options.limit, skipped)
    results = out / "results"
    places = {
        name: results / _key(folder, parts, name, options, paper) / folder.name / f"{name}.json"
        for name in options.methods
    }
    told: set[str] = set()

    def say(error: InputError) -> None:
        # A part that cannot be read is met by every method, and kept with every result.
        if str(error) not in told:
            told.add(str(error))
            skipped(error)

    wanted = []
    for name, place in places.items():
        if (known := _read(place)) is None:
            wanted.append(name)
        else:
            for where, problem in known.skipped:
                say(InputError(where, problem))
            found.append(known.result)
            method_done(1)
    if not wanted:
        return

    def keep(result: Result, lacking: Sequence[InputError]) -> None:
        said = tuple((storable(str(error.where)), storable(error.problem)) for error in lacking)
        kept = _Kept(result=result, skipped=said)
        write_file(places[result.method], kept.model_dump_json(indent=2).encode())
        found.append(result)
        method_done(1)

    def noting(noted: list[InputError]) -> Skipped:
        def note(error: InputError) -> None:
            noted.append(error)
            say(error)

        return note

    unmasked: list[InputError] = []
    masks = load_masks(parts, noting(unmasked))
    if ours := [name for name in wanted if name in OURS]:
        unread = [*unmasked]
        note = noting(unread)
        try:
            for one in our_results(ours, parts, masks, options.seed, device, progress, note):
                keep(one, unread)
        except InputError as error:
            skipped(InputError(folder, f"cannot be learned by the product: {error}"))
    chosen = [pipeline for name, pipeline in pipelines().items() if name in wanted]
    if paper is None or not chosen:
        return
    unread = [*unmasked]
    parts = parts.readable(paper.backbones, paper.cache, progress, noting(unread))
    paper.require_enough(parts)
    for pipeline in chosen:
        try:
            result = paper.result(pipeline, parts, masks, progress, skipped)
        except InputError as error:
            skipped(InputError(folder, f"cannot be measured by {pipeline.name}: {error}"))
        else:
            keep(result, unread)


def _class_folders(root: Path, wanted: Sequence[str]) -> list[Path]:
    if not root.is_dir():
        raise InputError(root, "is not a folder")
    if mvtec3d.recognise(root):
        return [root]
    found = {p.name: p for p in sorted(root.iterdir()) if p.is_dir() and mvtec3d.recognise(p)}
    if not found:
        raise InputError(
            root, "holds no class: folders with train/good/rgb and train/good/xyz are expected"
        )
    if unknown := [name for name in wanted if name not in found]:
        raise InputError(root, f"has no class {unknown[0]}; it has {', '.join(found)}")
    return [found[name] for name in dict.fromkeys(wanted or found)]


def _paper_run(
    root: Path, options: Options, out: Path, device: str, skipped: Skipped
) -> PaperRun | None:
    if not set(options.methods) & set(pipelines()):
        return None
    backbones = Backbones.load(
        options.image_weights,
        options.cloud_weights,
        device=device,
        reference=options.reference,
    )
    schedule = options.schedule.model_dump()
    return PaperRun(
        backbones,
        ArrayCache(options.cache, int(options.cache_size * 1e9), skipped),
        Settings(options.reference, options.share, options.seed, device),
        options.schedule,
        options.distillers,
        out / "distillers" / _digest([*_common(root, options), backbones.name, schedule]),
    )


def _common(data: Path, options: Options) -> list[object]:
    return [__version__, str(data.resolve()), options.limit, options.seed]


def _digest(said: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]


def _key(
    folder: Path, parts: ClassParts, method: str, options: Options, paper: PaperRun | None
) -> str:
    """Return the name of the folder for results that were found in the same way."""
    said = [*_common(folder, options), stamp(parts.train, parts.validation, parts.test)]
    if method in OURS:
        said.append(our_recipe(options.seed).model_dump())
    elif paper is not None:
        given = _given_digest(options.distillers, pipelines()[method])
        said += [paper.backbones.name, options.reference, options.share, given]
        said.append(options.schedule.model_dump())
    return _digest(said)


def _given_digest(folder: Path | None, pipeline: Pipeline) -> str:
    if folder is None or not pipeline.network:
        return ""
    try:
        return file_digest(given_file(folder, pipeline))
    except InputError as error:
        # There is no result either, and measuring says why.
        return str(error)


def _read(path: Path) -> _Kept | None:
    try:
        return _Kept.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _about(root: Path, options: Options, device: str) -> dict[str, str | int | float]:
    about: dict[str, str | int | float] = {
        "data": str(root),
        "pipelines": "published" if options.reference else "mended",
        "share": options.share,
        "seed": options.seed,
        "device": device,
    }
    if options.distillers is None:
        about["epochs"] = options.schedule.epochs
    else:
        about["distillers"] = str(options.distillers)
    return about if options.limit is None else about | {"limit": options.limit}
