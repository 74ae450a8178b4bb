"""Deciding as the page does, and what is stored afterwards."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.unit.episodes.studio import WALL, Studio
from tests.web.site import Site

Facts = dict[str, Any]


def events(studio: Studio, home: Path) -> list[Facts]:
    found: list[Facts] = studio.open(home).events.to_pylist()
    return found


def pixels(site: Site, home: Path, frame_id: int) -> NDArray[np.uint8]:
    image = site.api(f"episode/{home.name}/frame/{frame_id}").body
    return np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))


def clock(second: float) -> str:
    """Give the wall time of a second of the episode, as the page shows it."""
    return f"{datetime.fromtimestamp(WALL / 1e9 + second).astimezone():%H:%M:%S}"


def decided(site: Site, home: Path, **more: object) -> list[Facts]:
    """Send a decision that names frame 0 as painted; gives what waits."""
    sent = {"episode": home.name, "painted": [site.painted(home.name, 0)], **more}
    answer = site.tell("changes", sent)
    assert answer.status == 200, answer.text
    found: list[Facts] = answer.json["changes"]
    return found


def applied(site: Site) -> Facts:
    answer = site.tell("apply", {})
    assert answer.status == 200
    found: Facts = answer.json
    return found
