"""What the agent is asked to do when it starts: one JSON line on its lead."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)

_Seconds = Annotated[float, Field(gt=0, le=86_400)]


class DemoOrder(BaseModel):
    """Of a demonstration: it brings its own levels and apps, since nobody consents to it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keyboard: KeyboardLevel = KeyboardLevel.CLASS
    screen: ScreenLevel = ScreenLevel.REDACTED
    titles: TitlesLevel = TitlesLevel.APP
    pointer: PointerLevel = PointerLevel.FULL
    targets: TargetsLevel = TargetsLevel.OFF
    apps: tuple[str, ...] = ()

    @property
    def levels(self) -> Levels:
        """The level of each stream."""
        return Levels(self.keyboard, self.screen, self.titles, self.pointer, self.targets)


class Watch(BaseModel):
    """For what a recording pauses by itself; for nothing unless it is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    idle_s: float = Field(default=0, ge=0, le=86_400)
    """So long nobody was at the desk; 0 for never."""
    sees_locks: bool = False
    """Whether it asks the desktop and the login service, whose screen it must be."""
    days: str = ""
    hours: str = ""
    """As `core.hours.read_hours` has them."""


NOTHING: Final = Watch()
"""It pauses for nothing by itself but for what hinders it."""


class Order(BaseModel):
    """One recording; the agent asks the gate itself, an order allows nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str
    display: str
    task: str | None = Field(default=None, repr=False, max_length=2000)
    paused: bool = False
    """It opens nothing and asks for no grant before the person resumes it."""
    source: Literal["record", "pynput"] = "record"
    cap_s: _Seconds = 7200
    pause_closes_s: _Seconds = 900
    stop_s: _Seconds = 5
    log_kilobytes: int = 256
    floor_mb: int = Field(default=0, ge=0)
    """So much stays free on the disk; with less it pauses."""
    room_mb: int | None = Field(default=None, ge=0)
    """So much may be recorded until the budget is used up; None for no bound."""
    watch: Watch = NOTHING
    grant: Literal["person", "demo"] = "person"
    demo: DemoOrder | None = None

    @model_validator(mode="after")
    def _demo_is_whole(self) -> "Order":
        if (self.grant == "demo") != (self.demo is not None):
            raise ValueError("levels and apps come with a demonstration and with nothing else")
        return self
