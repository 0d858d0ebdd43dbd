from typing import Annotated

import typer

from cmdiad_core.errors import InputError
from cmdiad_core.text import LANGUAGES, speak


def _choose(language: str) -> str:
    if language not in LANGUAGES:
        raise InputError("--language", f"is not known; there are {', '.join(LANGUAGES)}")
    return speak(language)


LanguageOption = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="de",
        callback=_choose,
        help=f"Language of what is written for people, {' or '.join(LANGUAGES)}.",
    ),
]
