"""The one exception that bad input ends in."""

from pathlib import Path

from cmdiad_core.problems import in_words


class InputError(Exception):
    """Something from outside cannot be used; the message is one sentence for the user.

    Parameters
    ----------
    where : Path or str
        The file, folder or option at fault. It is named first in the message.
    problem : str
        What is wrong with it and, where it helps, what to do, in English. The error says it in
        the language that is spoken.
    """

    def __init__(self, where: Path | str, problem: str) -> None:
        self.where = where
        self.problem = in_words(problem)
        super().__init__(f"{where}: {self.problem}")
