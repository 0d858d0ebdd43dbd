"""Data set layouts: how files in folders make parts. One file each, found by name."""

from cmdiad_core.data.layouts._given import parts_from_paths
from cmdiad_core.data.layouts._layout import Dataset, Layout
from cmdiad_core.data.layouts._opening import enclosing_root, open_dataset

__all__ = ["Dataset", "Layout", "enclosing_root", "open_dataset", "parts_from_paths"]
