"""Places on the desktop."""

from recorder.core.geometry import Monitor, Rect, monitor_near


def test_a_pixel_on_no_monitor_has_a_nearest_one() -> None:
    left, right = Monitor(0, Rect(0, 0, 100, 100)), Monitor(1, Rect(300, 50, 100, 100))
    assert monitor_near((left, right), 99, 0) == left
    assert monitor_near((left, right), 190, 0) == left
    assert monitor_near((left, right), 230, 60) == right
    assert monitor_near((left, right), 390, 170) == right
    assert monitor_near((), 0, 0) is None
