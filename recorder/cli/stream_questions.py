"""Shows the notice and asks stream by stream; Enter always means no."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from recorder.cli.terminal import Terminal
from recorder.consent.lint import trainable
from recorder.consent.notice import Notice
from recorder.consent.records import NOTHING, StreamLevels
from recorder.consent.samples import MOMENT, Level, sample
from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)

FOUR = ("keyboard", "screen", "pointer", "titles")
"""Asked of everybody; the element under an action stays off unless asked for."""
ALL = (*FOUR, "targets")
_LEVELS: dict[str, tuple[Level, ...]] = {
    "keyboard": tuple(KeyboardLevel), "screen": tuple(ScreenLevel),
    "pointer": tuple(PointerLevel), "titles": tuple(TitlesLevel), "targets": tuple(TargetsLevel),
}  # fmt: skip
_DEFAULTS: dict[str, Level] = {
    "keyboard": KeyboardLevel.CLASS, "screen": ScreenLevel.REDACTED,
    "pointer": PointerLevel.FULL, "titles": TitlesLevel.APP, "targets": TargetsLevel.ON,
}  # fmt: skip
_ABOUT: dict[Level, str] = {
    KeyboardLevel.CLASS: "the kind of each key, never which letter",
    KeyboardLevel.TEXT: "the text you type, private data taken out",
    ScreenLevel.LAYOUT: "pictures with all text painted out",
    ScreenLevel.REDACTED: "pictures with private data painted out",
    PointerLevel.CLICKS: "clicks and scrolling, no moves",
    PointerLevel.FULL: "moves, clicks and scrolling",
    TitlesLevel.APP: "the name of the app",
    TitlesLevel.TITLE: "the window's title too, private data taken out",
    TitlesLevel.HOST: "the title, and the site in a browser",
    TargetsLevel.ON: "the button or field you act on",
}
_NAMES = {
    "keyboard": "Keys", "screen": "Screen", "pointer": "Pointer", "titles": "Window names",
    "targets": "Targets",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """What a yes allows, in the words of the questions."""

    verb: str
    told: str
    done: str


STORING = Act("Store", "this is stored", "stored")
SHARING = Act("Share", "the study may get", "shared")


def show_notice(ask: Terminal, notice: Notice, act: Act = STORING) -> None:
    """Show layer one, and how to get at the rest."""
    ask.say()
    ask.say(notice.short)
    ask.say()
    ask.say(f"Each question shows what is {act.done} of this moment: {MOMENT}")
    ask.say("Type ? to see every choice, notice to read the full text. Enter means no.")


def ask_streams(
    ask: Terminal, notice: Notice, streams: Sequence[str] = FOUR, act: Act = STORING
) -> Levels:
    """Give the chosen level of each stream; off where the answer is no or Enter."""
    chosen: dict[str, str] = dict(asdict(NOTHING))
    for stream in streams:
        offered = _offered(notice, stream)
        if offered:
            chosen[stream] = _ask(ask, notice, (stream, act), offered)
    return StreamLevels.model_validate(chosen).levels()


def summary(levels: Levels, act: Act = STORING) -> str:
    """Give what is stored, what is not, and what can be learned from it."""
    lines = [_line(stream, getattr(levels, stream), act) for stream in _NAMES]
    shares = ", ".join(f"{name} {share:.0%}" for name, share in trainable(levels).items())
    return "\n".join([*lines, f"Actions that can be learned from: {shares}"])


def _offered(notice: Notice, stream: str) -> tuple[Level, ...]:
    terms = notice.terms.streams
    found = (*getattr(terms.required, stream), *getattr(terms.optional, stream))
    return tuple(level for level in _LEVELS[stream] if level in found and level != "off")


def _ask(
    ask: Terminal, notice: Notice, about: tuple[str, Act], offered: tuple[Level, ...]
) -> Level:
    """Ask about one stream; `about`: which, and what a yes allows."""
    stream, act = about
    usual = _DEFAULTS[stream] if _DEFAULTS[stream] in offered else offered[0]
    ask.say()
    ask.say(f"{_NAMES[stream]}. If you say yes, {act.told}: {_ABOUT[usual]}.")
    ask.say(sample(usual))
    for level in offered:
        if level is not usual:
            ask.say(f"Or type {level.value}: {_ABOUT[level]}.")
    words = "/".join(["yes", *(level.value for level in offered if level is not usual), "?"])
    while True:
        answer = ask.line(f"{act.verb} {_NAMES[stream].lower()}? [N/{words}]").lower()
        if answer in {"", "n", "no", "off"}:
            return _LEVELS[stream][0]
        if answer in {"y", "yes"}:
            return usual
        chosen = next((level for level in offered if level.value == answer), None)
        if chosen is not None:
            return chosen
        _explain(ask, notice, answer, offered)


def _explain(ask: Terminal, notice: Notice, answer: str, offered: tuple[Level, ...]) -> None:
    if answer == "?":
        for level in offered:
            ask.say(sample(level))
    elif answer == "notice":
        ask.say(notice.text)
    else:
        ask.say("Type yes or no, or one of the words shown.")


def _line(stream: str, level: Level, act: Act) -> str:
    about = _ABOUT.get(level)
    return f"  {_NAMES[stream]}: " + (f"{about} ({level.value})" if about else f"not {act.done}")
