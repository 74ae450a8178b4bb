"""Importing the room costs nothing; what it offers loads when it is asked for."""

import subprocess
import sys

import pytest

import recorder.research


def test_the_room_loads_no_tables_before_they_are_asked_for() -> None:
    code = "import sys, recorder.research as r; print('pyarrow' in sys.modules, sorted(r.__all__))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("False ['")


def test_every_name_that_it_offers_is_there_and_no_other() -> None:
    for name in recorder.research.__all__:
        assert getattr(recorder.research, name) is not None
    with pytest.raises(AttributeError):
        _ = recorder.research.nothing
