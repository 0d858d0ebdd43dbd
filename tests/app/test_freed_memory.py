import sys

import numpy as np
import psutil
import pytest

from app.jobs.freed_memory import give_back


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give memory back themselves")
def test_memory_that_was_freed_between_blocks_in_use_goes_back_to_the_system():
    # Blocks too small to be mapped alone, every other of them freed again: 64 MB of holes.
    blocks = [np.ones(16_000, np.float32) for _ in range(2_000)]
    kept = blocks[::2]
    del blocks
    before = psutil.Process().memory_info().rss
    give_back()
    assert before - psutil.Process().memory_info().rss > 30e6
    assert all(one.all() for one in kept)
