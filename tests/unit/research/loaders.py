"""Hugging Face's library: offline, without usage statistics, its files in a folder that goes."""

import atexit
import os
import shutil
import tempfile

from recorder.research.quiet import be_quiet

_HOME = tempfile.mkdtemp(prefix="rec-hf-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ["HF_HOME"] = _HOME
be_quiet()

import datasets  # noqa: E402 - it reads the environment when it is imported

__all__ = ["datasets"]
