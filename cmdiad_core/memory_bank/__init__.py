"""Memory of normal patches: thinned by a greedy coreset, searched exactly (PatchCore)."""

from cmdiad_core.memory_bank.bank import MemoryBank
from cmdiad_core.memory_bank.coreset import extend_k_centre, greedy_k_centre
from cmdiad_core.memory_bank.feature_space import FeatureSpace

__all__ = ["FeatureSpace", "MemoryBank", "extend_k_centre", "greedy_k_centre"]
