"""How good anomaly scores and anomaly maps are, computed exactly."""

from cmdiad_core.metrics.aupro import aupro
from cmdiad_core.metrics.ranking import auroc, average_precision, f1_max
from cmdiad_core.metrics.summary import Summary, summarise

__all__ = ["Summary", "aupro", "auroc", "average_precision", "f1_max", "summarise"]
