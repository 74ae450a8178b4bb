"""A house for each test; one content child looks at what is collected for all of them."""

import pytest

from tests.unit.research.building.house import House
from tests.unit.research.bundles import Lab


@pytest.fixture
def house(lab: Lab) -> House:
    return House(lab)
