"""A supervisor on its thread, which looks around a hundred times a second."""

from collections.abc import Iterator

import pytest

from recorder.agent.session import Limits
from tests.unit.agent.stage import Stage


@pytest.fixture
def quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recorder.agent.supervisor._TICK_S", 0.01)


@pytest.fixture
def stage(quick_ticks: None) -> Iterator[Stage]:
    found = Stage(Limits())
    yield found
    found.close()
