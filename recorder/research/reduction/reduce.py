"""Turns events into steps. Pure: Arrow tables in, Arrow table out."""

import numpy as np
import pyarrow as pa

from recorder.research.reduction.columns import whole
from recorder.research.reduction.doing import deeds_of
from recorder.research.reduction.grouping import grouped
from recorder.research.reduction.profiles import Profile, Settings, rules_of
from recorder.research.reduction.reduced import Reduced
from recorder.research.reduction.rows import rows_of
from recorder.research.reduction.stepping import Whole, steps_of
from recorder.research.reduction.telling import told
from recorder.research.reduction.windows import focus_at, scenery_of


def reduce(
    events: pa.Table,
    context: pa.Table,
    *,
    profile: Profile | str = Profile.RECORDER,
    settings: Settings | None = None,
) -> Reduced:
    """Give the steps of one episode's events.

    Args:
        events: As `docs/tables.md`, in any order; more columns are ignored.
        context: As `docs/tables.md`; may be empty.
        profile: Whose rules: recorder or agentnet.
        settings: What the desktop was set to; None for what desktops are usually set to.

    Raises:
        WrongTable: A table is not as `docs/tables.md` says; the message names the column.
        ValueError: There is no such profile.
    """
    rules = rules_of(Profile(profile), settings or Settings())
    found = rows_of(events)
    scenery = scenery_of(context, found.episode_id)
    deeds = deeds_of(found.rows, rules)
    at = np.flatnonzero(deeds.doing)
    window_seq = whole(found.rows.table, "window_seq")[at]
    focus = focus_at(scenery, window_seq, found.rows.t_ns[at])
    groups = grouped(found.rows, deeds, focus, rules)
    return told(Whole(found, scenery, deeds, groups, steps_of(found, deeds, groups), rules))
