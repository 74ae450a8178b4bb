"""Where things are: settings, state, socket, default folder. Standard library only."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_SOCKET_PATH_LIMIT = 100
"""sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS."""


@dataclass(frozen=True, slots=True)
class Places:
    """Directories of one user.

    Attributes:
        config: Settings (`recorder.toml`), the chosen folder's path (`folder`).
        state: Log, lock, ledger heads; 0700.
        runtime: Control socket; 0700.
        default_folder: Where `init` puts recordings unless told otherwise.
    """

    config: Path
    state: Path
    runtime: Path
    default_folder: Path

    @property
    def settings_file(self) -> Path:
        """The person's settings."""
        return self.config / "recorder.toml"

    @property
    def folder_pointer(self) -> Path:
        """A file that holds the path of the chosen folder."""
        return self.config / "folder"

    @property
    def socket(self) -> Path:
        """The agent's control socket."""
        return self.runtime / "agent.sock"

    @property
    def lock(self) -> Path:
        """Held while an agent of this user runs."""
        return self.state / "agent.lock"

    @property
    def log(self) -> Path:
        """Counts, ids and durations; never content."""
        return self.state / "agent.log"


def places(environment: Mapping[str, str] = os.environ) -> Places:
    """Give this user's places; creates nothing."""
    home = Path(environment.get("HOME") or Path.home())
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "recorder"
    state = Path(environment.get("XDG_STATE_HOME") or home / ".local/state") / "recorder"
    base = environment.get("XDG_RUNTIME_DIR")
    runtime = Path(base) / "recorder" if base else state
    if len(os.fsencode(runtime / "agent.sock")) > _SOCKET_PATH_LIMIT:
        mark = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
        runtime = Path(tempfile.gettempdir()) / f"recorder-{os.getuid()}-{mark}"
    return Places(config, state, runtime, home / "Recorder")
