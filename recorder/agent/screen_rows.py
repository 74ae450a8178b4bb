"""Kept frames on their way: from the grab, through redaction, to a finished row."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from recorder.core.frames import FrameRow, PaintedBox, RawFrame, Trigger
from recorder.core.scenes import Gate, Paint, Scene

if TYPE_CHECKING:
    from recorder.core.geometry import Rect

RETROACTIVE_NS: Final = 250_000_000
"""News of a closed gate, a hidden window or a password field counts so far back."""


class Painted(Protocol):
    """What a redactor gives: a finished picture and what was painted."""

    @property
    def image(self) -> bytes: ...  # noqa: D102 - as FrameRow
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def phash64(self) -> int: ...  # noqa: D102
    @property
    def level(self) -> str: ...  # noqa: D102
    @property
    def boxes(self) -> tuple[PaintedBox, ...]: ...  # noqa: D102


@dataclass(slots=True)
class Picture:
    """One grab with the scene that decides how it is painted; may be narrowed later.

    Attributes:
        is_void: News came that it must not be kept.
        around: Scenes shortly before and after, whose windows may show in it too.
    """

    raw: RawFrame
    scene: Scene
    is_void: bool = False
    around: tuple[Scene, ...] = ()


@dataclass(slots=True)
class Job:
    """A kept frame until its row is sent.

    Attributes:
        frame_id: Promised to the agent.
        picture: The grab.
        triggers: Why it is kept; may grow until the row is sent.
        valid_to_ns: First screen change after the grab, None while there was none.
        painted: The finished picture, None before.
        dup_of_frame_id: Of a frame that shows the same picture and was sent before.
        done_ns: When it was finished.
        content: Equal for frames that show the same and are painted alike; None where a
            later one must be painted anew.
    """

    frame_id: int
    picture: Picture
    triggers: list[Trigger]
    valid_to_ns: int | None = None
    painted: Painted | None = field(default=None, repr=False)
    dup_of_frame_id: int | None = None
    done_ns: int = 0
    content: Hashable = None

    def row(self) -> FrameRow:
        """Give the finished row; `painted` is there."""
        if self.painted is None:
            raise ValueError("the frame is not redacted yet")
        raw, painted = self.picture.raw, self.painted
        return FrameRow(
            frame_id=self.frame_id,
            t_grab_start_ns=raw.t_start_ns,
            t_grab_end_ns=raw.t_end_ns,
            t_valid_from_ns=raw.t_valid_from_ns,
            t_valid_to_ns=self.valid_to_ns,
            monitor_id=raw.monitor_id,
            width=raw.area.w,
            height=raw.area.h,
            origin_x=raw.area.x,
            origin_y=raw.area.y,
            scale=raw.scale,
            triggers=tuple(t for t in Trigger if t in self.triggers),
            image=None if self.dup_of_frame_id is not None else painted.image,
            sha256=painted.sha256,
            phash64=painted.phash64,
            dup_of_frame_id=self.dup_of_frame_id,
            level=painted.level,
            redacted_boxes=painted.boxes,
        )

    def shown(self) -> tuple[int, ...]:
        """Give the labels of the windows that it may show."""
        area, picture = self.picture.raw.area, self.picture
        scenes = {scene.windows: scene for scene in (picture.scene, *picture.around)}
        return tuple(sorted(set().union(*(s.shown_labels(area) for s in scenes.values()))))


def content_of(raw: RawFrame, scene: Scene) -> Hashable:
    """Give what is equal for frames that show the same and are painted alike; in memory only."""
    from recorder.pictures.fingerprints import fingerprint  # noqa: PLC0415 - loads numpy

    return fingerprint(raw.pixels), raw.monitor_id, scene.look


def narrow(pictures: Iterable[Picture], news: Scene) -> None:
    """Apply what a scene newly forbids to pictures grabbed shortly before it."""
    for picture in pictures:
        if picture.raw.t_end_ns <= news.t_ns - RETROACTIVE_NS:
            continue
        if news.gate is not Gate.OPEN:
            picture.is_void = True
        else:
            picture.scene = narrowed(picture.scene, news)
            latest = picture.around[0] if picture.around else picture.scene
            if latest.windows != news.windows:
                picture.around = (news, *picture.around)


def narrowed(scene: Scene, news: Scene) -> Scene:
    """Give the scene with what the later one hides, and its password fields, hidden too.

    Of a window with areas of several paints, the best one counts: it says what the window
    is worth.
    """
    paints: dict[int, Paint] = {}
    for window in news.windows:
        paints[window.window_id] = max(window.paint, paints.get(window.window_id, window.paint))
    windows = tuple(
        replace(w, paint=min(w.paint, paints.get(w.window_id, w.paint))) for w in scene.windows
    )
    secure: tuple[Rect, ...] = tuple(dict.fromkeys((*scene.secure, *news.secure)))
    if windows == scene.windows and secure == scene.secure:
        return scene
    return replace(scene, windows=windows, secure=secure)
