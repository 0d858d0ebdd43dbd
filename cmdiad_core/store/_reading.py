from cmdiad_core.content import FileState, content_hash, file_digest, file_state
from cmdiad_core.sample import PartFiles
from cmdiad_core.store import _rows
from cmdiad_core.store.database import Database


def read_content(database: Database, part: PartFiles) -> tuple[str, dict[FileState, str]]:
    """Return the content hash of the files of a part, and digests of those that had to be read.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    states = {path: file_state(path) for path in part.files.values()}
    with database.reading() as connection:
        known = _rows.known_digests(connection, [state.path for state in states.values()])
    digests, unknown = {}, {}
    for path, state in states.items():
        if (digest := known.get(state)) is None:
            digest = file_digest(path)
            unknown[state] = digest
        digests[path] = digest
    return content_hash({name: digests[path] for name, path in part.files.items()}), unknown
