"""Decisions while the page is locked: sealed to their owner, in memory."""

from collections.abc import Iterable
from typing import Any, Final, get_args

import pyrage
from pydantic import BaseModel, ConfigDict, TypeAdapter

from recorder.review.changes import Change
from recorder.review.decisions import Act

_ACTS: Final[dict[str, TypeAdapter[Any]]] = {
    act.__name__: TypeAdapter(act) for act in get_args(Act)
}


class _Kept(BaseModel):
    """One decision as bytes can hold it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    episode_id: str
    says: str
    kind: str
    act: Any
    trouble: str


_KEPT: Final = TypeAdapter(tuple[_Kept, ...])


def sealed(changes: Iterable[Change], identity: str) -> bytes:
    """Give decisions as bytes that only the identity opens; for "" they are not sealed."""
    data = _KEPT.dump_json(tuple(map(_kept, changes)))
    if not identity:
        return data
    return bytes(pyrage.encrypt(data, [pyrage.x25519.Identity.from_str(identity).to_public()]))


def unsealed(data: bytes, identity: str) -> tuple[Change, ...]:
    """Give back what `sealed` made; nothing when the identity is another one by now."""
    if identity:
        try:
            data = bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(identity)]))
        except pyrage.DecryptError:
            return ()
    return tuple(map(_change, _KEPT.validate_json(data)))


def _kept(change: Change) -> _Kept:
    kind = type(change.act).__name__
    return _Kept(
        number=change.number,
        episode_id=change.episode_id,
        says=change.says,
        kind=kind,
        act=_ACTS[kind].dump_python(change.act, mode="json"),
        trouble=change.trouble,
    )


def _change(kept: _Kept) -> Change:
    act = _ACTS[kept.kind].validate_python(kept.act)
    return Change(kept.number, kept.episode_id, kept.says, act, kept.trouble)
