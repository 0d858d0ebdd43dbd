"""Pretrained weights: where they come from, the cache they are kept in, what may be read."""

from cmdiad_core.weights._cache import cache_folder, download, import_file, load, record, verify
from cmdiad_core.weights._checkpoint import digest, read_checkpoint
from cmdiad_core.weights._published import PublishedWeights, Record

__all__ = [
    "PublishedWeights",
    "Record",
    "cache_folder",
    "digest",
    "download",
    "import_file",
    "load",
    "read_checkpoint",
    "record",
    "verify",
]
