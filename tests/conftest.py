from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Real recordings that lie beside the repository and must not be copied into it."""
    folder = Path(__file__).parents[1] / ".." / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real recordings (../shared/data) are not on this machine")
    return folder.resolve()


@pytest.fixture(scope="session")
def parity() -> Path:
    """Numbers of the published implementation, which lie beside the repository."""
    folder = Path(__file__).parents[1] / ".." / "shared" / "parity"
    if not folder.is_dir():
        pytest.skip("the numbers to agree with (../shared/parity) are not on this machine")
    return folder.resolve()
