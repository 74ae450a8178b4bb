"""Which windows a frame shows, on its way: numbers to the screen process, names at its end."""

from dataclasses import replace

from recorder.agent.flow import Flow
from recorder.agent.recent_scenes import LINGER_NS, RecentScenes
from recorder.agent.screen_rows import RETROACTIVE_NS, Job, Picture, narrow
from recorder.agent.window_names import WindowNames
from recorder.core.frames import RawFrame, Trigger
from recorder.core.geometry import Rect
from recorder.core.levels import Levels, TitlesLevel
from recorder.core.scenes import Gate, Paint, Scene, Window
from recorder.redaction.text import TextRedactor
from tests.unit.episodes.studio import frame

AREA = Rect(0, 0, 10, 10)
TERMINAL = Window(1, AREA, Paint.REDACT, "xterm")
SITE = Window(2, AREA, Paint.REDACT, "chromium", url_host="jira.example.com")
SECRET = Window(3, AREA, Paint.HIDE, "keepassxc")
NOW_NS = 10**12


def scene(*windows: Window, t_ns: int = NOW_NS) -> Scene:
    return Scene(t_ns, windows=windows, gate=Gate.OPEN)


def labels(found: Scene) -> list[int]:
    return [window.label for window in found.windows]


def _name(app: str, host: str) -> str | None:
    return f"{app}:{host}" if app else None


def test_a_name_has_one_number_and_what_is_hidden_has_none() -> None:
    names = WindowNames(_name)
    first = labels(names.labelled(scene(TERMINAL, SITE, SECRET)))
    again = labels(names.labelled(scene(SECRET, replace(SITE, window_id=9), TERMINAL)))
    assert (first[2], again) == (0, [0, first[1], first[0]])
    assert 0 not in first[:2]
    assert names.named(tuple(first[:2])) == ("chromium:jira.example.com", "xterm:")
    assert names.named(()) == ()


def test_a_frame_with_a_window_that_nobody_knows_has_no_names() -> None:
    names = WindowNames(_name)
    known, unknown = labels(names.labelled(scene(TERMINAL, replace(TERMINAL, app_id=""))))
    assert names.named((known,)) == ("xterm:",)
    for told in (unknown, 99):
        assert names.named((known, told)) is None


def _flow(titles: TitlesLevel) -> Flow:
    return Flow(Levels(titles=titles), TextRedactor(), bytes(32), first_context_seq=0)


def _stored(titles: TitlesLevel, *windows: Window) -> tuple[str, ...] | None:
    flow = _flow(titles)
    flow.frame(frame(1, 1), tuple(labels(flow.labelled(scene(*windows)))))
    (row,) = flow.release(NOW_NS).frames
    return row.value.apps


def test_names_are_stored_as_far_as_the_titles_level_goes() -> None:
    told = {level: _stored(level, TERMINAL, SITE) for level in TitlesLevel}
    assert told == {
        TitlesLevel.OFF: None,
        TitlesLevel.APP: ("chromium", "xterm"),
        TitlesLevel.TITLE: ("chromium", "xterm"),
        TitlesLevel.HOST: ("chromium:jira.example.com", "xterm"),
    }


def test_a_host_that_says_something_personal_is_not_stored() -> None:
    host = replace(SITE, url_host="192.168.17.4")
    assert _stored(TitlesLevel.HOST, host) == ("chromium",)


def test_a_name_that_could_be_read_as_app_and_site_is_not_known() -> None:
    assert _stored(TitlesLevel.HOST, replace(TERMINAL, app_id="xterm:evil.example.com")) is None


def _picture(found: Scene, t_end_ns: int = NOW_NS) -> Picture:
    return Picture(RawFrame(b"", AREA, 0, 1.0, t_end_ns - 1, t_end_ns), found)


def _shown(one: Picture) -> tuple[int, ...]:
    return Job(1, one, [Trigger.INTERVAL]).shown()


def test_a_frame_shows_also_what_news_shortly_after_it_tell() -> None:
    first, later = replace(TERMINAL, label=1), replace(TERMINAL, label=2)
    late, early = _picture(scene(first)), _picture(scene(first), NOW_NS - RETROACTIVE_NS)
    narrow([late, early], scene(later))
    assert (_shown(late), _shown(early)) == ((1, 2), (1,))


def test_a_scene_that_went_counts_for_a_moment_longer() -> None:
    recent = RecentScenes()
    one, other = replace(TERMINAL, label=1), replace(SITE, label=2)
    recent.came(scene(one, t_ns=NOW_NS))
    recent.came(scene(other, t_ns=NOW_NS + LINGER_NS))
    for wait_ns, expected in ((1, [1, 2]), (LINGER_NS - 1, [1, 2]), (LINGER_NS, [2])):
        found = recent.before(NOW_NS + LINGER_NS + wait_ns)
        assert [labels(scene)[0] for scene in found] == expected


def test_only_scenes_that_still_count_are_held() -> None:
    recent = RecentScenes()
    for number in range(100):
        recent.came(scene(replace(TERMINAL, label=number), t_ns=NOW_NS + number * LINGER_NS // 4))
    assert len(recent.before(0)) <= 6
