"""Tasks of a stored episode: their text is replaced or goes, and nowhere stays."""

import pytest

from recorder.core.context import ContextKind, ContextRow
from recorder.core.losses import Losses
from recorder.core.proofs import vouch
from recorder.episodes.reader import Episode
from recorder.episodes.relabelling import TaskUnknown, relabel, tasks
from recorder.episodes.verify import verify
from tests.unit.episodes.studio import SECOND, T0, Studio, add, check, focus, opening

LABEL = ContextRow(0, ContextKind.TASK, instruction="file <NAME_1>'s expenses", outcome="done")


@pytest.fixture
def episode(studio: Studio) -> Episode:
    writer = studio.begin()
    begins = ContextRow(T0 + 5 * SECOND, ContextKind.TASK, instruction="ZANZIBAR trip")
    ends = ContextRow(T0 + 9 * SECOND, ContextKind.TASK, outcome="end")
    add(writer, context=[*opening(), begins, focus(6), ends])
    return studio.open(writer.close(Losses()))


def test_a_task_is_called_otherwise(studio: Studio, episode: Episode) -> None:
    first, second = tasks(episode)
    relabel(episode, first.seq, vouch(LABEL), studio.owner)
    again = studio.open(episode.path)
    assert [(t.t_ns, t.instruction, t.outcome) for t in tasks(again)] == [
        (5 * SECOND, LABEL.instruction, LABEL.outcome),
        (second.t_ns, None, "end"),
    ]
    assert "ZANZIBAR" not in repr(again.context.to_pylist()) + repr(again.summary)
    assert verify(episode.path, check).ok


def test_a_task_is_dropped(studio: Studio, episode: Episode) -> None:
    relabel(episode, tasks(episode)[0].seq, None, studio.owner)
    again = studio.open(episode.path)
    assert [task.outcome for task in tasks(again)] == ["end"]
    assert again.summary is not None
    assert [task.outcome for task in again.summary.tasks] == ["end"]
    assert "ZANZIBAR" not in repr(again.context.to_pylist()) + repr(again.summary)


def test_only_tasks_and_only_redacted_words(studio: Studio, episode: Episode) -> None:
    with pytest.raises(TaskUnknown):
        relabel(episode, 0, vouch(LABEL), studio.owner)
    with pytest.raises(TypeError):
        relabel(episode, tasks(episode)[0].seq, LABEL, studio.owner)  # type: ignore[arg-type]  # on purpose
