"""The store: parts by content and the journal of what people said of them."""

from cmdiad_core.store.store import Store

__all__ = ["Store"]
