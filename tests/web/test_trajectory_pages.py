"""Pages of trajectories in a real browser: from a folder, with keys, with hostile titles."""

from pathlib import Path

from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.trajectories import write_pages
from tests.unit.research.made_dataset import put, step, typed
from tests.web.chromium import Chromium

_RING = "document.querySelector('svg circle').getBoundingClientRect()"
_IMAGE = "document.querySelector('.screen img').getBoundingClientRect()"


def test_a_page_opens_from_a_folder_marks_the_button_and_runs_nothing_captured(
    tmp_path: Path,
) -> None:
    put(tmp_path / "made", [
        step(window_title="<img src=x onerror=document.title='run'>"),
        typed("<script>document.title='run'</script>", index=1),
        step(index=2),
    ])  # fmt: skip
    (page,) = write_pages(
        DatasetFolder.open(tmp_path / "made"), tmp_path / "pages", lambda: None, most=9
    )
    with Chromium() as browser:
        browser.go((tmp_path / "pages" / page.file).as_uri())
        browser.wait("document.querySelector('img').naturalWidth > 0", "a picture")
        place = browser.run(
            f"[({_RING}.x + {_RING}.width / 2 - {_IMAGE}.x) / {_IMAGE}.width,"
            f" ({_RING}.y + {_RING}.height / 2 - {_IMAGE}.y) / {_IMAGE}.height]"
        )
        assert [round(one, 2) for one in place] == [0.25, 0.38]
        for key, at in (("ArrowRight", "s0"), ("j", "s1"), ("k", "s0"), ("ArrowLeft", "s0")):
            browser.press(key)
            assert browser.run("document.activeElement.id") == at
        assert browser.run("document.title").startswith("Episode")
        assert browser.complaints() == []
