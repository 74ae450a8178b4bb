"""Keeps the libraries of a build from telling others about it.

Ray and Hugging Face report how they are used, and look for models and news; each reads these
variables when it is imported. Standard library only; call it before importing either.
"""

import os
from typing import Final

QUIET: Final = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_TRAIN_ENABLE_V2_MIGRATION_WARNINGS": "0",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""DuckDB sends nothing of itself; the extensions that might are never loaded."""


def be_quiet() -> None:
    """Set the variables, whatever they were before."""
    os.environ.update(QUIET)
