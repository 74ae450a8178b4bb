"""From sharing to erasing over a folder, by the commands of both sides."""

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pyrage
import pytest

from recorder.cli import fast
from recorder.consent.giving import Answer, give
from recorder.consent.keys import create_signing_keys, load_device_key, load_user_key
from recorder.consent.ledger import LedgerPlace, keep_notice
from recorder.consent.passphrase import Passphrase, unseal
from recorder.core.levels import KeyboardLevel, Levels
from recorder.core.losses import Losses
from recorder.episodes import identity
from recorder.episodes.identity import owners
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.places import places
from recorder.research import studies
from recorder.research.collection import Collection
from recorder.research.datasets import Dataset, Shard, Source
from recorder.research.studies import Study
from tests.contract.commands import Run
from tests.contract.own_folder import WORD, shown
from tests.unit.episodes import studio as studios
from tests.unit.episodes.studio import Studio, add, focus, moves, opening
from tests.unit.sharing.shared_study import WallClock

WORDS = "correct horse\n"
STUDY = "typing-1"
