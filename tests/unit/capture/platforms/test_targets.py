"""The element under an action, from applications that answer, hang, lie and go away."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from recorder.capture.platforms import atspi_reading
from recorder.capture.platforms.atspi_apps import App, Focus, Frame, Secret
from recorder.capture.platforms.atspi_calls import (
    ROLE_PASSWORD,
    STATE_EDITABLE,
    STATE_SHOWING,
    Calls,
)
from recorder.capture.platforms.atspi_known import AIM_S, Known
from recorder.capture.platforms.atspi_targets import Aim, find
from recorder.capture.platforms.bus_calls import Ref, Unanswered
from recorder.core.geometry import Rect
from recorder.core.scenes import Field
from recorder.core.targets import Target

WINDOW, PAGE, BUTTON, LABEL, ENTRY = ((":1.7", f"/{number}") for number in range(5))
PLACE = Rect(100, 100, 800, 600)
AIM = Aim(7, "Shop - Chromium", PLACE, "a.example", (220, 215))
FRAME = Frame(WINDOW, "Shop - Chromium", PLACE, PAGE, "a.example", ())
APP = App((":1.7", "/root"), (FRAME,))
_LOWEST = -(2**31)
_LABEL, _PARAGRAPH, _PUSH_BUTTON, _ENTRY, _WEB = 29, 73, 43, 79, 95


@dataclass
class Node:
    role: int
    name: str
    rect: Rect
    inside: Ref | None = None
    above: Ref | None = None
    states: int = 1 << STATE_SHOWING
    text: str = ""


def nodes() -> dict[Ref, Node]:
    return {
        WINDOW: Node(23, "Shop - Chromium", PLACE, PAGE),
        PAGE: Node(_WEB, "Shop", Rect(100, 180, 800, 500), BUTTON, WINDOW),
        BUTTON: Node(_PUSH_BUTTON, "Send", Rect(200, 200, 80, 30), None, PAGE),
    }


@dataclass
class FakeCalls:
    tree: dict[Ref, Node] = field(default_factory=nodes)
    hosts: list[str] = field(default_factory=lambda: ["a.example"])
    pause_s: float = 0.0

    async def _node(self, ref: Ref) -> Node:
        await asyncio.sleep(self.pause_s)
        if ref not in self.tree:
            raise Unanswered
        return self.tree[ref]

    async def at_point(self, ref: Ref, _x: int, _y: int) -> Ref | None:
        return (await self._node(ref)).inside

    async def parent(self, ref: Ref) -> Ref | None:
        return (await self._node(ref)).above

    async def role(self, ref: Ref) -> int:
        return (await self._node(ref)).role

    async def name(self, ref: Ref) -> str:
        return (await self._node(ref)).name

    async def extents(self, ref: Ref) -> Rect:
        return (await self._node(ref)).rect

    async def states(self, ref: Ref) -> int:
        return (await self._node(ref)).states

    async def text(self, ref: Ref) -> str:
        return (await self._node(ref)).text

    async def embedded(self, _ref: Ref) -> Ref:
        return PAGE

    async def url(self, _ref: Ref) -> str:
        return f"https://{self.hosts[0]}/"


def ask(calls: FakeCalls, aim: Aim = AIM, app: App = APP) -> Target | None:
    return asyncio.run(find(cast("Calls", calls), app, aim))


def changed(ref: Ref, **values: object) -> FakeCalls:
    calls = FakeCalls()
    calls.tree[ref] = replace(calls.tree[ref], **values)  # type: ignore[arg-type]  # a test's own
    return calls


def test_a_button_under_the_pointer_is_told() -> None:
    assert ask(FakeCalls()) == Target("push button", "Send", Rect(200, 200, 80, 30))


def test_a_label_inside_a_button_is_the_button() -> None:
    calls = changed(BUTTON, inside=LABEL)
    calls.tree[LABEL] = Node(_LABEL, "Send", Rect(210, 205, 40, 20), None, BUTTON)
    assert ask(calls) == Target("push button", "Send", Rect(200, 200, 80, 30))


def test_the_element_with_the_keyboard_is_told() -> None:
    calls = FakeCalls()
    calls.tree[ENTRY] = Node(_ENTRY, "City", Rect(300, 300, 90, 20))
    app = replace(APP, focus=Focus(ENTRY, Field.PLAIN, 1))
    aim = replace(AIM, place=None)
    assert ask(calls, aim, app) == Target("entry", "City", Rect(300, 300, 90, 20))
    assert ask(calls, aim) is None


def test_of_content_no_name_is_told() -> None:
    told = ask(changed(BUTTON, role=_PARAGRAPH, name="What they wrote to me"))
    assert told == Target("paragraph", "", Rect(200, 200, 80, 30))


@pytest.mark.parametrize("text", ["Sen", "Send me", "SEND"])
def test_a_field_that_is_called_by_its_text_has_no_name(text: str) -> None:
    states = 1 << STATE_SHOWING | 1 << STATE_EDITABLE
    told = ask(changed(BUTTON, role=_ENTRY, states=states, text=text))
    assert told is not None
    assert told.name == ""


def test_a_password_field_has_no_name() -> None:
    told = ask(changed(BUTTON, role=ROLE_PASSWORD, name="hunter2"))
    assert told == Target("password text", "", Rect(200, 200, 80, 30))


def test_a_name_as_long_as_a_page_is_left_out() -> None:
    told = ask(changed(BUTTON, name="x" * 10_000))
    assert told is not None
    assert told.name == ""


@pytest.mark.parametrize(
    "rect",
    [
        Rect(_LOWEST, _LOWEST, 80, 30), Rect(0, 0, 80, 30), Rect(200, 200, 0, 0),
        Rect(200, 200, -5, 30), Rect(2**31 - 1, 200, 80, 30),
    ],
)  # fmt: skip
def test_a_box_that_is_not_under_the_pointer_is_no_answer(rect: Rect) -> None:
    assert ask(changed(BUTTON, rect=rect)) is None


def test_a_box_larger_than_its_window_is_cut() -> None:
    told = ask(changed(BUTTON, rect=Rect(_LOWEST, 0, 2**32 - 1, 5000)))
    assert told is not None
    assert told.rect == PLACE


def test_an_element_that_vanishes_is_no_answer() -> None:
    calls = FakeCalls()
    del calls.tree[BUTTON]
    with pytest.raises(Unanswered):
        ask(calls)


def test_a_site_that_changed_meanwhile_is_no_answer() -> None:
    assert ask(FakeCalls(hosts=["b.example"])) is None


def test_a_window_that_is_not_where_it_says_is_no_answer() -> None:
    assert ask(FakeCalls(), replace(AIM, rect=Rect(0, 0, 800, 600))) is None


def test_an_element_that_answers_with_itself_or_in_circles_ends() -> None:
    assert ask(changed(BUTTON, inside=BUTTON)) is not None
    calls = changed(BUTTON, inside=PAGE)
    told = ask(calls)
    assert told is None or told.role in {"push button", "document web"}


def test_an_application_that_hangs_is_not_waited_for() -> None:
    assert _aimed(FakeCalls(pause_s=5.0)) == [None]


def test_one_that_is_gone_is_told_at_once() -> None:
    assert _aimed(FakeCalls(tree={})) == [None]


def _aimed(calls: FakeCalls) -> list[Target | None]:
    async def run() -> None:
        known = Known(lambda: None, lambda: None)
        known.connected(cast("Calls", calls))
        known._apps[7] = APP
        await known.aim(AIM, told.append)

    told: list[Target | None] = []
    began_s = time.monotonic()
    asyncio.run(run())
    assert time.monotonic() - began_s < AIM_S * 10
    return told


@dataclass
class Scans:
    """Stands for reading an application: it answers, or it does not."""

    answer: App | None

    async def __call__(self, _calls: Calls, _app: App) -> App:
        if self.answer is None:
            raise Unanswered
        return self.answer


def test_of_an_application_that_falls_silent_its_password_windows_stay_secure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = Rect(210, 210, 90, 20)
    shown = replace(FRAME, secrets=(Secret(ENTRY, secret),))
    known = Known(lambda: None, lambda: None)
    known.want(frozenset({7}))
    _scan(monkeypatch, known, replace(APP, frames=(shown,)))
    assert _secrets(known) == (secret,)
    assert known.apps[7].page("Shop - Chromium", PLACE) is not None
    _scan(monkeypatch, known, None)
    assert _secrets(known) == (PLACE,)
    assert known.apps[7].page("Shop - Chromium", PLACE) is None
    assert known.pids == frozenset()
    _scan(monkeypatch, known, APP)
    assert _secrets(known) == ()
    assert known.pids == {7}


def _secrets(known: Known) -> tuple[Rect, ...]:
    return known.apps[7].secrets


def _scan(monkeypatch: pytest.MonkeyPatch, known: Known, answer: App | None) -> None:
    monkeypatch.setattr(atspi_reading, "scan", Scans(answer))
    known.connected(cast("Calls", object()))
    asyncio.run(known.scan(7, known.apps.get(7, APP)))


def test_an_application_that_goes_while_it_is_asked_again_is_let_go() -> None:
    class Leaves(FakeCalls):
        async def embedded(self, ref: Ref) -> Ref:
            known.want(frozenset())
            return await super().embedded(ref)

    known = Known(lambda: None, lambda: None)
    known.connected(cast("Calls", Leaves()))
    known._apps[7] = APP
    asyncio.run(known.verify_all())
    assert known.pids == frozenset()


def test_what_did_not_answer_again_in_time_is_looked_for_anew() -> None:
    lost: list[bool] = []

    async def run() -> None:
        known.connected(cast("Calls", FakeCalls(pause_s=5.0)))
        known.want(frozenset({7}))
        known._apps[7] = APP
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(known.verify_all(), 0.01)
        known.give_up()

    known = Known(lambda: None, lambda: lost.append(True))
    asyncio.run(run())
    assert (known.pids, known.is_missing, lost) == (frozenset(), True, [True])
