from dataclasses import dataclass


@dataclass(frozen=True)
class Distances:
    """What counts as near, in metres.

    Parameters
    ----------
    plane : float
        Points nearer than this to the plane that the part lies on belong to the plane.
    cluster : float
        Reach of a point: 30 points within it make a surface, and surfaces within it of each
        other are one.
    """

    plane: float
    cluster: float


#: Those of 3D-ADS (Horwitz and Hoshen, 2023), which the paper preprocesses with.
PAPER = Distances(plane=0.005, cluster=0.006)
