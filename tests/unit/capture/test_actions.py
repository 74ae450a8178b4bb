from recorder.capture.actions import ActionStarts
from recorder.core.events import Button, KeyClass, Mods, RawEvent, RawKind

MS = 1_000_000
HERE, THERE = (1, 1), (1, 2)


def key(
    t_ms: int,
    key_class: KeyClass = KeyClass.CHAR,
    mods: Mods = Mods.NONE,
    *,
    repeat: bool = False,
) -> RawEvent:
    return RawEvent(t_ms * MS, RawKind.KEY_DOWN, key_class=key_class, mods=mods, is_repeat=repeat)


def scroll(t_ms: int, dy: float) -> RawEvent:
    return RawEvent(t_ms * MS, RawKind.SCROLL, dy=dy)


def begins(*events: RawEvent) -> list[bool]:
    starts = ActionStarts()
    return [starts.begins(event, HERE) for event in events]


def test_each_press_begins_an_action_and_moves_and_releases_do_not() -> None:
    kinds = (RawKind.BUTTON_DOWN, RawKind.BUTTON_UP, RawKind.MOVE, RawKind.KEY_UP)
    assert begins(*(RawEvent(1, kind, button=Button.LEFT) for kind in kinds)) == [
        True, False, False, False,
    ]  # fmt: skip


def test_a_scroll_run_ends_at_a_pause_or_a_turn() -> None:
    events = [scroll(0, 1), scroll(400, 2), scroll(901, 1), scroll(902, -1), scroll(903, -1)]
    assert begins(*events) == [True, False, True, True, False]


def test_a_typing_run_ends_at_a_pause_or_another_field() -> None:
    starts = ActionStarts()
    keys = [(0, HERE), (1900, HERE), (3950, HERE), (3951, THERE), (3952, THERE)]
    found = [starts.begins(key(t_ms), focus) for t_ms, focus in keys]
    assert found == [True, False, True, True, False]


def test_shortcuts_enter_and_function_keys_stand_alone_but_not_their_repeats() -> None:
    copy = key(1, mods=Mods.CTRL)
    enter = key(2, KeyClass.ENTER)
    held = key(3, KeyClass.ENTER, repeat=True)
    assert begins(key(0), copy, copy, enter, held, key(4, KeyClass.FUNCTION), key(5)) == [
        True, True, True, True, False, True, True,
    ]  # fmt: skip


def test_a_modifier_alone_is_no_action_and_altgr_is_typing() -> None:
    assert begins(key(0, KeyClass.MODIFIER), key(1), key(2, mods=Mods.ALTGR)) == [
        False, True, False,
    ]  # fmt: skip


def test_a_click_ends_runs() -> None:
    click = RawEvent(2, RawKind.BUTTON_DOWN, button=Button.LEFT)
    assert begins(key(0), click, key(1), scroll(2, 1), key(3)) == [True] * 5
