"""The one exception that bad input ends in."""

from pathlib import Path


class InputError(Exception):
    """Something from outside cannot be used; the message is one sentence for the user.

    Parameters
    ----------
    where : Path or str
        The file, folder or option at fault. It is named first in the message.
    problem : str
        What is wrong with it and, where it helps, what to do.
    """

    def __init__(self, where: Path | str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem
