"""Names of parts as names of files."""

import hashlib
import re
import unicodedata

_LONGEST_NAME = 120


def file_stem(sample_id: str) -> str:
    """Return the name of a part as the beginning of a file name that every system takes.

    Slashes become underscores. Where more than that has to be changed, a few characters that
    are the part's own are added, so that two parts do not share a file.
    """
    flat = re.sub(r"[/\\]", "_", sample_id)
    plain = unicodedata.normalize("NFKD", flat).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).strip("._-")[:_LONGEST_NAME]
    if safe == flat:
        return safe
    own = hashlib.sha256(sample_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}_{own}" if safe else own
