"""The scale that the resource database names: any client may write anything there."""

import pytest

from recorder.capture.platforms.x11_monitors import scale_of


@pytest.mark.parametrize(
    ("resources", "scale"),
    [
        (b"Xft.antialias:\t1\nXft.dpi:\t192\n", 2.0),
        (b" Xft.dpi : 96", 1.0),
        (b"Xft.dpi:\t768", 8.0),
        (b"", 1.0),
        (b"Xft.dpi:\t48", 1.0),
        (b"Xft.dpi:\t999999999", 1.0),
        (b"Xft.dpi:\t" + b"9" * 5000, 1.0),
        ("Xft.dpi:\t19²".encode("latin-1"), 1.0),
        (b"Xft.dpi:\t1e3\nXft.dpi: 144", 1.5),
    ],
)
def test_only_a_sensible_number_is_a_scale(resources: bytes, scale: float) -> None:
    assert scale_of(resources) == scale
