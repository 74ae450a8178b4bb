"""A dataset's figures as tables: for the terminal, the card and the datasheet."""

from recorder.core.amounts import count_text
from recorder.research.looking.stats import Stats
from recorder.research.report_pages import Grid, Part

_NOWHERE = "(no window known)"
_APART = "Pictures of train that the others nearly show were left out of it."


def parts_of(stats: Stats) -> list[Part]:
    """Give all figures in a fixed order; a part without rows is a sentence."""
    return [_whole(stats), _splits(stats), _actions(stats), _apps(stats), _bias(stats)]


def _whole(stats: Stats) -> Part:
    rows = [
        ("steps", f"{stats.steps:,}"),
        ("trainable steps", f"{stats.trainable:,} ({_share(stats.trainable, stats.steps)})"),
        ("episodes", f"{stats.episodes:,}"),
        ("participants", f"{stats.participants:,}"),
        ("share of the participant with most steps", f"{stats.largest_share:.1%}"),
        ("hours from first to last action", f"{stats.span_hours:,.2f}"),
        ("hours recorded", _hours(stats.recorded_hours)),
        ("redacted steps", f"{stats.redacted:,} ({_share(stats.redacted, stats.steps)})"),
        ("age of the picture, ms", _lags(stats)),
        ("reducer", ", ".join(stats.reducers)),
    ]  # fmt: skip
    rows += [(f"not trainable: {why}", f"{count:,}") for why, count in stats.untrainable.items()]
    rows += [(f"left out by the build: {why}", f"{n:,}") for why, n in stats.left_out.items()]
    rows += [(f"events: {name}", f"{n:,}") for name, n in sorted(stats.reduced.items())]
    return Part("In figures", (), Grid(("what", "how much"), tuple(rows)))


def _splits(stats: Stats) -> Part:
    heads = ("split", "steps", "episodes", "participants")
    rows = tuple(
        (one.split, f"{one.steps:,}", f"{one.episodes:,}", f"{one.participants:,}")
        for one in stats.splits
    )
    return Part("Splits", _drawn(stats), Grid(heads, rows))


def _drawn(stats: Stats) -> tuple[str, ...]:
    if stats.drawn is None:
        return ()
    train, validation, test = stats.drawn.shares
    told = (
        f"Drawn by {stats.drawn.split_by}: {train} % train, {validation} % validation, "
        f"{test} % test; actions by the rules of {stats.drawn.profile}."
    )
    return (told, *((_APART,) if stats.drawn.dedup else ()))


def _actions(stats: Stats) -> Part:
    heads = ("action", "steps", "trainable", "redacted")
    rows = tuple(
        (one.action_type, f"{one.steps:,}", f"{one.trainable:,}", f"{one.redacted:,}")
        for one in stats.actions
    )
    return Part("Actions", (), Grid(heads, rows))


def _apps(stats: Stats) -> Part:
    heads = ("app", "steps", "trainable", "redacted", "episodes", "participants")
    rows = tuple(
        (
            one.app_id or _NOWHERE, f"{one.steps:,}", f"{one.trainable:,}",
            _share(one.redacted, one.steps), f"{one.episodes:,}", f"{one.participants:,}",
        )
        for one in stats.apps
    )  # fmt: skip
    return Part("Apps", (), Grid(heads, rows))


def _bias(stats: Stats) -> Part:
    title = "What is missing, by app"
    if not stats.bias:
        return Part(title, ("The build did not note what is missing.",))
    heads = ("app", "minutes in front", "minutes missing", "why", "keys without text")
    rows = tuple(
        (
            one.app_id or _NOWHERE,
            f"{one.focus_s / 60:,.1f}",
            f"{sum(one.missing_s.values()) / 60:,.1f}",
            ", ".join(f"{why} {count_text(n, 'time')}" for why, n in one.missing_times.items()),
            _share(one.keys_class + one.keys_masked, one.keys),
        )
        for one in stats.bias
    )
    told = (
        (
            "People pause, delete and are redacted more in some apps than in others: what is left "
            "is no even sample of what they do."
        ),
    )
    return Part(title, told, Grid(heads, rows))


def _share(some: int, whole: int) -> str:
    return f"{some / whole:.1%}" if whole else "none"


def _hours(hours: float | None) -> str:
    return "not noted by the build" if hours is None else f"{hours:,.2f}"


def _lags(stats: Stats) -> str:
    if not stats.lag_ms:
        return "no pictures"
    return ", ".join(f"{name} {value:,.0f}" for name, value in stats.lag_ms.items())
