"""What the checks look around in: the environment, the user, the places."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recorder.agent.privileges import Allowed
from recorder.places import Places, places


@dataclass(frozen=True, slots=True)
class Around:
    """Where a check looks.

    Attributes:
        folder: `--folder`; None stands for the chosen one.
        wait_s: So long a display, a bus or a disk may take to answer.
        allowed: What `start` would be allowed by its flags.
        environment: Variables.
        uid: The user.
    """

    folder: Path | None = None
    wait_s: float = 2.0
    allowed: Allowed = field(default_factory=Allowed)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    uid: int = field(default_factory=os.geteuid)

    @property
    def places(self) -> Places:
        """This user's places."""
        return places(self.environment)
