import hashlib
from collections.abc import Sequence
from pathlib import Path

import platformdirs
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from cmdiad_core.errors import InputError
from cmdiad_core.progress import Progress
from cmdiad_core.weights._checkpoint import digest, read_checkpoint
from cmdiad_core.weights._download import fetch
from cmdiad_core.weights._published import PublishedWeights, Record
from cmdiad_core.writing import write_file


def cache_folder() -> Path:
    """Return the folder that weights are kept in; it need not exist."""
    return platformdirs.user_cache_path("cmdiad") / "weights"


def record(weights: PublishedWeights) -> Record | None:
    """Return what is known about weights in the cache, or None where they are not there.

    Raises
    ------
    InputError
        The file in the cache is damaged.
    """
    path = _place(weights)
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            return Record(**file.metadata())
    except (SafetensorError, OSError, TypeError) as error:
        raise _damaged(path, weights) from error


def load(weights: PublishedWeights) -> dict[str, Tensor]:
    """Return the entries of weights in the cache.

    Raises
    ------
    InputError
        They are not there, which says how to get them, or damaged.
    """
    if record(weights) is None:
        raise InputError(
            f"weights {weights.name}",
            f'are not on this machine; run "cmdiad weights get {weights.name}" or, without '
            'internet, "cmdiad weights import FILE"',
        )
    return read_checkpoint(_place(weights), [weights])[1]


def verify(weights: PublishedWeights) -> None:
    """Compare weights in the cache with the digest taken when they were put there.

    Raises
    ------
    InputError
        They are not there, or damaged.
    """
    state = load(weights)
    known = record(weights)
    if known is None or digest(state) != known.sha256:
        raise _damaged(_place(weights), weights)


def import_file(path: Path, candidates: Sequence[PublishedWeights]) -> PublishedWeights:
    """Put the weights in a file into the cache; the file is left as it is.

    Returns
    -------
    PublishedWeights
        What was recognised.

    Raises
    ------
    InputError
        See `read_checkpoint`; or the cache cannot be written.
    """
    weights, state = read_checkpoint(path, candidates)
    _store(weights, state, path.name, _file_digest(path))
    return weights


def download(weights: PublishedWeights, progress: Progress) -> None:
    """Get weights from their authors into the cache; an interrupted download goes on.

    Parameters
    ----------
    weights : PublishedWeights
        What to get.
    progress : Progress
        Told of the stage ``"download"`` in megabytes.

    Raises
    ------
    InputError
        The address cannot be reached, the file there is not the published one, or the cache
        cannot be written.
    """
    fetched = fetch(weights.address, _place(weights).with_suffix(""), progress)
    found = _file_digest(fetched)
    try:
        if weights.sha256 not in (None, found):
            raise InputError(
                weights.address,
                f"offers another file than the published one (SHA-256 {found} instead of "
                f"{weights.sha256}); it was deleted",
            )
        state = read_checkpoint(fetched, [weights])[1]
    except InputError as error:
        fetched.unlink()
        raise InputError(weights.address, error.problem) from error
    _store(weights, state, weights.address, found)
    fetched.unlink()


def _store(
    weights: PublishedWeights, state: dict[str, Tensor], source: str, source_sha256: str
) -> None:
    known = Record(digest(state), source, source_sha256)
    whole = {name: value.contiguous() for name, value in state.items()}
    write_file(_place(weights), save(whole, metadata=vars(known)))


def _place(weights: PublishedWeights) -> Path:
    return cache_folder() / f"{weights.name}.safetensors"


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(path: Path, weights: PublishedWeights) -> InputError:
    return InputError(path, f'is damaged; delete it and run "cmdiad weights get {weights.name}"')
