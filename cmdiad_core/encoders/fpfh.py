"""Fast point feature histograms, the classical descriptor of clouds."""

from typing import ClassVar

import numpy as np

from cmdiad_core.encoders._encoder import GRID, FeatureMap, patch_grid
from cmdiad_core.encoders._valid_points import cell_grid, cells_on_patch_grid, valid_points
from cmdiad_core.modalities import Kind
from cmdiad_core.sample import Measurement

#: Points per patch side.
_POINTS = 2
#: Neighbours that normals and histograms are taken over, of clouds this dense.
_NORMAL_NEIGHBOURS, _NEIGHBOURS = 30, 100
_BINS = 33


class FPFH:
    """How the normals around every point are turned to each other.

    Rusu et al., *Fast Point Feature Histograms (FPFH) for 3D Registration*, ICRA 2009; found
    strong on industrial parts by Horwitz and Hoshen, *Back to the Feature*, 2023. Neighbours are
    counted instead of measured, so that the unit of length does not matter.
    """

    name: ClassVar[str] = "fpfh"
    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.CLOUD})
    #: Percent of the neighbours in a bin.
    floor: ClassVar[float] = 1.0

    def __init__(self, device: str) -> None:
        """`device` is ignored: open3d computes histograms on the CPU."""

    def encode(self, values: Measurement) -> FeatureMap:
        """Return features (h, w, 33) of an organised cloud; NaN where a cell has no point."""
        import open3d

        shape = (values.shape[0], values.shape[1])
        points, cell = valid_points(values, GRID * _POINTS)
        if len(points) <= _NORMAL_NEIGHBOURS:
            return np.full((*patch_grid(shape), _BINS), np.nan, np.float32)
        cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(points))
        cloud.estimate_normals(open3d.geometry.KDTreeSearchParamKNN(_NORMAL_NEIGHBOURS))
        cloud.orient_normals_to_align_with_direction((0.0, 0.0, -1.0))
        # Its stub asks for an argument that is optional.
        found = open3d.pipelines.registration.compute_fpfh_feature(  # type: ignore[call-arg]
            cloud, open3d.geometry.KDTreeSearchParamKNN(_NEIGHBOURS)
        )
        # Each of the three histograms of a point adds up to 100 and is joined by its neighbours'.
        grid = cell_grid(shape)
        cells = grid[0] * grid[1]
        sums = [np.bincount(cell, one, cells) for one in np.asarray(found.data) / 2]
        with np.errstate(invalid="ignore"):
            means = np.stack(sums, 1) / np.bincount(cell, minlength=cells)[:, None]
        return cells_on_patch_grid(means.reshape(*grid, _BINS).astype(np.float32), shape)


ENCODER = FPFH
