"""Icons as they are drawn, in every way they are asked for."""

from xml.etree import ElementTree

import pytest

from app.icons import pixmap, source
from cmdiad_core.resources import resource

NAMES = sorted(path.name.removesuffix(".svg") for path in resource("icons").iterdir())


@pytest.mark.parametrize("rimmed", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_every_icon_can_be_seen(qapp, name, rimmed):
    ElementTree.fromstring(source(name, rimmed=rimmed))
    drawn = pixmap(name, "#2266aa", 24, rimmed=rimmed).toImage()
    opaque = [drawn.pixelColor(x, y).alpha() > 127 for x in range(24) for y in range(24)]
    assert sum(opaque) > 12
