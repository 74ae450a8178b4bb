from hypothesis import given
from hypothesis import strategies as st

from recorder.capture.frame_policy import (
    BUSY_NS,
    CALM_NS,
    INTERVAL_NS,
    REUSE_NS,
    SETTLE_BY_NS,
    SETTLED_NS,
    FramePolicy,
    Grab,
)
from recorder.core.frames import Trigger

MS = 1_000_000
GRAB_NS = 3 * MS


class Desk:
    """Plays a policy against a clock."""

    def __init__(self) -> None:
        self.policy = FramePolicy(100)
        self.key = 0
        self.grabs: dict[int, Grab] = {}

    def grab(self, t_ns: int, *, is_same: bool = False, monitor_id: int = 0) -> Grab:
        self.key += 1
        grab = Grab(self.key, monitor_id, t_ns, t_ns + GRAB_NS)
        self.policy.began_grab(t_ns)
        self.policy.add(grab, is_same=is_same)
        self.grabs[self.key] = grab
        return grab


def test_the_first_grab_is_due_at_once_and_a_still_screen_needs_no_other() -> None:
    desk = Desk()
    assert desk.policy.due_ns(5 * MS) == 5 * MS
    desk.grab(5 * MS)
    assert desk.policy.due_ns(10**12) is None


def test_grabs_come_eight_times_a_second_after_input_else_twice() -> None:
    desk = Desk()
    desk.grab(0)
    desk.policy.note_change(10 * MS)
    assert desk.policy.due_ns(10 * MS) == CALM_NS
    desk.policy.note_activity(20 * MS)
    assert desk.policy.due_ns(30 * MS) == BUSY_NS
    assert desk.policy.due_ns(2_100 * MS) == CALM_NS


def test_an_action_gets_the_newest_frame_that_ended_before_it() -> None:
    desk = Desk()
    first, second = desk.grab(0), desk.grab(200 * MS)
    during = desk.policy.bind(second.t_end_ns, 0)
    assert during is not None
    assert during.grab == first
    after = desk.policy.bind(second.t_end_ns + 1, 0)
    assert after is not None
    assert after.grab == second


def test_a_kept_frame_serves_the_next_actions_for_as_long_as_nobody_could_react() -> None:
    desk = Desk()
    first = desk.grab(0)
    one = desk.policy.bind(50 * MS, 0)
    desk.grab(60 * MS)
    soon = desk.policy.bind(first.t_end_ns + REUSE_NS, 0)
    later = desk.policy.bind(first.t_end_ns + REUSE_NS + 1, 0)
    assert one is not None
    assert soon is not None
    assert later is not None
    assert (soon.frame_id, soon.is_new) == (one.frame_id, False)
    assert later.is_new
    assert later.grab.t_start_ns == 60 * MS


def test_an_action_that_another_one_follows_needs_no_settled_frame_of_its_own() -> None:
    desk = Desk()
    for t_ns in range(0, 2_000 * MS, 400 * MS):
        desk.grab(t_ns)
        desk.policy.note_change(t_ns + 50 * MS)
        desk.policy.bind(t_ns + 100 * MS, 0)
        assert desk.policy.ripe(t_ns + 399 * MS) == []
    last = desk.grab(2_000 * MS)
    kept = desk.policy.ripe(2_000 * MS + GRAB_NS + SETTLED_NS)
    assert [(k.grab, k.trigger) for k in kept] == [(last, Trigger.SETTLED)]


def test_an_action_before_any_frame_or_on_another_monitor_gets_none() -> None:
    desk = Desk()
    desk.grab(100 * MS)
    assert desk.policy.bind(50 * MS, 0) is None
    assert desk.policy.bind(500 * MS, 1) is None


def test_one_frame_serves_as_settled_and_as_before_of_the_next_action() -> None:
    desk = Desk()
    desk.grab(0)
    desk.policy.bind(10 * MS, 0)
    desk.policy.note_change(20 * MS)
    grab = desk.grab(130 * MS)
    assert desk.policy.ripe(grab.t_end_ns + SETTLED_NS - 1) == []
    (settled,) = desk.policy.ripe(grab.t_end_ns + SETTLED_NS)
    assert (settled.grab, settled.trigger, settled.is_new) == (grab, Trigger.SETTLED, True)
    before = desk.policy.bind(2_000 * MS, 0)
    assert before is not None
    assert (before.frame_id, before.is_new) == (settled.frame_id, False)


def test_a_screen_that_never_rests_settles_after_three_seconds() -> None:
    desk = Desk()
    desk.grab(0)
    desk.policy.bind(10 * MS, 0)
    kept = []
    for t_ns in range(125 * MS, SETTLE_BY_NS + 500 * MS, 125 * MS):
        desk.policy.note_change(t_ns - 1)
        kept += desk.policy.ripe(t_ns)
        desk.grab(t_ns)
    (settled,) = [k for k in kept if k.trigger is Trigger.SETTLED]
    assert 10 * MS + SETTLE_BY_NS - 250 * MS < settled.grab.t_end_ns < 10 * MS + SETTLE_BY_NS


def test_repainting_the_same_pixels_does_not_delay_settling() -> None:
    desk = Desk()
    desk.grab(0)
    desk.policy.bind(10 * MS, 0)
    desk.policy.note_change(20 * MS)
    desk.grab(150 * MS)
    desk.policy.note_change(300 * MS)
    desk.grab(400 * MS, is_same=True)
    assert len(desk.policy.ripe(153 * MS + SETTLED_NS)) == 1


def test_one_frame_in_thirty_seconds_is_kept_while_the_person_acts() -> None:
    desk = Desk()
    grab = desk.grab(0)
    desk.policy.note_activity(1_000 * MS)
    assert desk.policy.next_ns(2_000 * MS) == grab.t_end_ns + INTERVAL_NS
    assert desk.policy.ripe(grab.t_end_ns + INTERVAL_NS - 1) == []
    (kept,) = desk.policy.ripe(grab.t_end_ns + INTERVAL_NS)
    assert (kept.grab, kept.trigger) == (grab, Trigger.INTERVAL)
    assert desk.policy.ripe(grab.t_end_ns + 3 * INTERVAL_NS) == []


def test_nothing_is_kept_for_its_own_sake_while_nobody_acts() -> None:
    desk = Desk()
    desk.grab(0)
    assert desk.policy.ripe(10 * INTERVAL_NS) == []


def test_after_a_shut_gate_older_grabs_are_gone() -> None:
    desk = Desk()
    desk.grab(0)
    desk.policy.clear()
    assert desk.policy.bind(500 * MS, 0) is None
    assert desk.policy.keys() == frozenset()


@given(
    st.lists(
        st.tuples(st.sampled_from(["grab", "act", "late", "change", "ripe"]), st.integers(1, 400)),
        max_size=60,
    )
)
def test_no_action_is_ever_bound_to_a_frame_that_ended_after_it(
    steps: list[tuple[str, int]],
) -> None:
    desk, now_ns = Desk(), 0
    ids: dict[int, Grab] = {}
    for what, wait_ms in steps:
        now_ns += wait_ms * MS
        if what == "grab":
            desk.grab(now_ns)
            now_ns += GRAB_NS
        elif what == "change":
            desk.policy.note_change(now_ns)
        elif what == "ripe":
            for kept in desk.policy.ripe(now_ns):
                assert ids.setdefault(kept.frame_id, kept.grab) == kept.grab
        else:
            t_ns = now_ns - (200 * MS if what == "late" else 0)
            kept_now = desk.policy.bind(t_ns, 0)
            if kept_now is not None:
                assert kept_now.grab.t_end_ns < t_ns
                assert ids.setdefault(kept_now.frame_id, kept_now.grab) == kept_now.grab
                newer = [
                    g for g in desk.grabs.values() if kept_now.grab.t_end_ns < g.t_end_ns < t_ns
                ]
                assert newer == []
        assert len(desk.policy.keys()) <= 3


@given(st.integers(0, 10**10), st.booleans())
def test_the_next_look_never_lies_in_the_past_for_long(wait_ns: int, is_dirty: bool) -> None:  # noqa: FBT001
    desk = Desk()
    desk.grab(0)
    desk.policy.bind(10 * MS, 0)
    if is_dirty:
        desk.policy.note_change(20 * MS)
    now_ns = 20 * MS + wait_ns
    desk.policy.ripe(now_ns)
    due_ns = desk.policy.due_ns(now_ns)
    if due_ns is not None and due_ns <= now_ns:
        desk.grab(now_ns)
    next_ns = desk.policy.next_ns(now_ns + GRAB_NS)
    assert next_ns is None or next_ns >= now_ns
