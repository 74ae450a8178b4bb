"""Bad bundles around a good content: damaged, for others, beyond consent, or replayed."""

import base64
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recorder.consent import chain, giving
from recorder.consent.giving import Answer, give, narrow, refuse, withdraw
from recorder.consent.keys import SigningKey, UserKey
from recorder.consent.studies import Joined, find_joined, study_key
from recorder.core.levels import Levels
from recorder.research.collection import Collection
from recorder.sharing.bundle import MANIFEST, MANIFEST_BYTES, Sender
from recorder.sharing.statements import BUNDLE_TYPE, BundleManifest
from recorder.sharing.ustar import BLOCK, header, taken
from tests.unit.research.bundles import AT, WIDE, Content, Lab, bundle_of, new_id
from tests.unit.sharing.joining import (
    DAY,
    NOW,
    Clock,
    Person,
    Study,
    changed,
    make_person,
    make_study,
)

LATER = AT.replace(hour=(AT.hour + 1) % 24, year=AT.year + 1).isoformat()


@dataclass
class World:
    """Where bad bundles are made. `persons`: a folder for new ones."""

    lab: Lab
    persons: Path
    count: int = 0

    def person(self) -> Person:
        self.count += 1
        at = self.persons / str(self.count)
        at.mkdir(parents=True)
        return make_person(at)

    def joined(
        self, person: Person | None = None, study: Study | None = None
    ) -> tuple[Person, Joined]:
        who = person or self.person()
        return who, who.join(study or self.lab.study, WIDE)

    def put(self, sender: Sender, content: Content | None = None) -> Path:
        data, manifest = bundle_of(sender, content or Content())
        return self.lab.put(data, manifest)

    def sender(self) -> Sender:
        return Person.sender(*self.joined())

    @property
    def collection(self) -> Collection:
        return self.lab.collection


@dataclass(frozen=True)
class Case:
    """What is put into the drop. `then`: what follows once a first run took something."""

    code: int
    make: Callable[[World], Path]


def resigned(data: bytes, manifest: BundleManifest, key: SigningKey) -> bytes:
    """Give a bundle with another manifest, signed by a key."""
    envelope = key.sign(manifest.payload(), BUNDLE_TYPE).ljust(MANIFEST_BYTES)
    return header(MANIFEST, MANIFEST_BYTES) + envelope + data[taken(MANIFEST_BYTES) :]


def _changed_file(change: Callable[[bytes], bytes]) -> Callable[[World], Path]:
    def make(world: World) -> Path:
        path = world.put(world.sender())
        path.write_bytes(change(path.read_bytes()))
        return path

    return make


def _changed_sender(**fields: object) -> Callable[[World], Path]:
    return lambda world: world.put(changed(world.sender(), **fields))


def _flip(at: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _another_notice(world: World) -> Path:
    study = replace(world.lab.study, text=world.lab.study.text.replace(b'"1.0"', b'"9.9"'))
    return world.put(Person.sender(*world.joined(study=study)))


def _another_study(world: World) -> Path:
    sender = Person.sender(*world.joined(study=make_study("other-2")))
    data, manifest = bundle_of(sender, Content())
    return world.lab.put(data, manifest)


def _expired(world: World) -> Path:
    return _answered(
        world, lambda place, answer, key: give(place, answer, key, Clock(NOW - 31 * DAY))
    )


def _refused(world: World) -> Path:
    return _answered(world, lambda place, answer, _: refuse(place, answer, Clock()))


def _answered(world: World, say: Callable[..., str]) -> Path:
    person, study = world.person(), world.lab.study
    place = person.place(study)
    recipient = str(pyrage.x25519.Identity.from_str(person.identity).to_public())
    key = study_key(place, person.identity, [recipient])
    say(place, Answer(study.notice, study.text, WIDE, ("*",)), key)
    return world.put(person.sender(find_joined(person.folder, person.state, place.chain)))


def _withdrawn(world: World) -> Path:
    person, joined = world.joined()
    withdraw(joined.place, Clock(NOW + 1))
    return world.put(person.sender(joined))


def _wrong_signer(world: World) -> Path:
    data, manifest = bundle_of(world.sender(), Content())
    return world.lab.put(resigned(data, manifest, UserKey(Ed25519PrivateKey.generate())), manifest)


def _made_before_ids(world: World) -> Path:
    """Its receipt's id would be none."""
    sender = world.sender()
    data, manifest = bundle_of(sender, Content())
    early = manifest.model_copy(update={"created": "0001-01-01T00:00:00+00:00"})
    return world.lab.put(resigned(data, early, sender.user), early)


def _exchanged(world: World) -> Path:
    sender = world.sender()
    data, manifest = bundle_of(sender, Content())
    other = manifest.model_copy(update={"bundle_id": new_id()})
    return world.lab.put(resigned(data, other, sender.user), other)


def _other_nonce(data: bytes) -> bytes:
    """Give a bundle whose manifest says something else under the same signature."""
    envelope = json.loads(data[BLOCK : BLOCK + MANIFEST_BYTES])
    told = json.loads(base64.b64decode(envelope["payload"]))
    said = json.dumps({**told, "nonce": "0" * 32}, separators=(",", ":")).encode()
    envelope["payload"] = base64.b64encode(said).decode()
    again = json.dumps(envelope, separators=(",", ":"), sort_keys=True).encode()
    return data[:BLOCK] + again.ljust(MANIFEST_BYTES) + data[taken(MANIFEST_BYTES) :]


def _replayed(world: World) -> Path:
    """Put one, that is taken, and one more with its nonce."""
    sender = world.sender()
    first, told = bundle_of(sender, Content())
    world.lab.put(first, told)
    world.lab.collect()
    data, manifest = bundle_of(sender, Content())
    again = manifest.model_copy(update={"nonce": told.nonce})
    return world.lab.put(resigned(data, again, sender.user), again)


def impostor(world: World, victim: Joined) -> Sender:
    """Give who joined with keys of his own and calls himself as the victim, ledger and all."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (chain, giving):
            patch.setattr(module, "pseudonym_of", lambda *_: victim.pseudonym)
        return Person.sender(*world.joined())


def _impostor(world: World) -> Path:
    _, victim = world.joined()
    return world.put(impostor(world, victim))


def _name_not_of_keys(world: World) -> Path:
    """Give what an early version sent: a pseudonym that was only thought of."""
    return world.put(changed(world.sender(), pseudonym="p" + "0" * 32))


def _withdrawn_since(world: World) -> Path:
    person, joined = world.joined()
    sender = person.sender(joined)
    withdraw(joined.place, Clock(NOW + 1))
    world.collection.participant(joined.pseudonym).keep_ledger(joined.place.ledger.read_bytes())
    return world.put(sender)


def _rolled_back(world: World) -> Path:
    person, joined = world.joined()
    sender = person.sender(joined)
    narrow(joined.place, Levels(), Clock(NOW + 1))
    world.collection.participant(joined.pseudonym).keep_ledger(joined.place.ledger.read_bytes())
    data, manifest = bundle_of(sender, Content())
    later = manifest.model_copy(update={"created": LATER})
    return world.lab.put(resigned(data, later, sender.user), later)


def _forked(world: World) -> Path:
    person, joined = world.joined()
    shutil.copytree(person.folder.parent, world.persons / "fork")
    fork = replace(
        person, folder=world.persons / "fork" / "Recorder", state=world.persons / "fork" / "state"
    )
    narrow(joined.place, WIDE, Clock(NOW + 1))
    world.collection.participant(joined.pseudonym).keep_ledger(joined.place.ledger.read_bytes())
    narrow(fork.place(world.lab.study), WIDE, Clock(NOW + 2))
    return world.put(fork.sender(find_joined(fork.folder, fork.state, joined.study)))


def _erased(world: World) -> Path:
    person, joined = world.joined()
    content = Content()
    participant = world.collection.participant(joined.pseudonym)
    participant.keep_erased(participant.erased.with_episodes([content.episode_id], LATER))
    return world.put(person.sender(joined), content)


def _left_and_erased(world: World) -> Path:
    """Put what was sent before its sender withdrew and had everything erased."""
    person, joined = world.joined()
    sender = person.sender(joined)
    withdraw(joined.place, Clock(NOW + 1))
    participant = world.collection.participant(joined.pseudonym)
    participant.keep_ledger(joined.place.ledger.read_bytes())
    participant.keep_erased(participant.erased.with_everything(LATER))
    return world.put(sender)


def _named(name: str) -> Callable[[World], Path]:
    def make(world: World) -> Path:
        path = world.put(world.sender())
        return path.rename(path.with_name(name))

    return make


def _linked(world: World) -> Path:
    path = world.put(world.sender())
    real = path.rename(world.persons / "linked.tar")
    path.symlink_to(real)
    return path


CASES: dict[str, Case] = {
    "an empty file": Case(30, _changed_file(lambda _: b"")),
    "something else": Case(30, _changed_file(lambda data: b"PK\x03\x04" + data[4:])),
    "half a bundle": Case(30, _changed_file(lambda data: data[: len(data) // 2])),
    "bytes behind it": Case(30, _changed_file(lambda data: data + bytes(512))),
    "twice in one": Case(30, _changed_file(lambda data: data + data)),
    "a path that leads out of it": Case(
        30, _changed_file(lambda data: header("../../x", MANIFEST_BYTES) + data[512:])
    ),
    "a link in its place": Case(30, _linked),
    "a name that no bundle has": Case(30, _named("readme.txt")),
    "another bundle's name": Case(30, _named(f"{new_id()}.tar")),
    "made before there were ids": Case(30, _made_before_ids),
    "its manifest changed": Case(31, _changed_file(_other_nonce)),
    "the content of another bundle": Case(34, _exchanged),
    "its manifest signed by somebody": Case(31, _wrong_signer),
    "its payload changed": Case(32, _changed_file(lambda data: _flip(len(data) - 3000)(data))),
    "its ledger changed": Case(33, _changed_file(_flip(taken(MANIFEST_BYTES) + 900))),
    "consent withdrawn": Case(33, _withdrawn),
    "consent expired": Case(33, _expired),
    "consent never given": Case(33, _refused),
    "another consent than the ledger's": Case(33, _changed_sender(consent_id=new_id())),
    "a notice that the study never signed": Case(33, _another_notice),
    "consent to another study": Case(33, _another_study),
    "for another controller": Case(34, _changed_sender(audience="a" * 64)),
    "sealed to somebody else": Case(
        34, _changed_sender(recipients=("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",))
    ),
    "replayed under another name": Case(34, _replayed),
    "another's pseudonym": Case(31, _impostor),
    "a pseudonym that no key gives": Case(31, _name_not_of_keys),
    "withdrawn since": Case(33, _withdrawn_since),
    "a rolled-back ledger": Case(33, _rolled_back),
    "another history than before": Case(31, _forked),
    "erased before": Case(35, _erased),
    "erased, and withdrawn since": Case(35, _left_and_erased),
}  # fmt: skip
