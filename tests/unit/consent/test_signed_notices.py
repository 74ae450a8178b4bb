"""A study's notice: signed by its controller, over these very bytes."""

import re

import pytest

from recorder.consent.keys import SignatureWrong
from recorder.consent.notice import NoticeInvalid, parse_notice
from recorder.consent.notice_signature import (
    NOTICE_SIGNATURE_TYPE,
    NoticeSignature,
    controller_key,
    signed_notice,
)
from recorder.consent.recipients import roles, sealed_to
from tests.unit.consent.made_studies import (
    controller,
    notice_of,
    sealing,
    signature_of,
)


def test_a_notice_is_the_studys_when_its_controller_signed_these_bytes() -> None:
    data = notice_of()
    notice = signed_notice(data, signature_of(data))
    assert notice.terms.id == "typing-1"
    assert controller_key(notice.terms) == controller().public.public
    assert sealed_to(notice.terms) == (str(sealing("one").to_public()),)
    assert roles(notice.terms)[0] == "The study team of the Computing Lab"
    assert "age1" not in "".join(roles(notice.terms))


def test_another_notice_under_the_same_signature_is_refused() -> None:
    data = notice_of()
    with pytest.raises(SignatureWrong, match="changed after"):
        signed_notice(data.replace(b"180", b"181"), signature_of(data))


def test_a_signature_for_another_study_is_refused() -> None:
    data = notice_of()
    told = NoticeSignature(study="other", notice_sha256=parse_notice(data).sha256)
    with pytest.raises(SignatureWrong, match="changed after"):
        signed_notice(data, controller().sign(told.payload(), NOTICE_SIGNATURE_TYPE))


@pytest.mark.parametrize(
    "signature",
    [b"", b"{}", b"\xff", signature_of(notice_of(), signer="two"),
     controller().sign(b"{}", "text/plain")],
)  # fmt: skip
def test_a_notice_that_its_controller_did_not_sign_is_refused(signature: bytes) -> None:
    with pytest.raises(SignatureWrong, match="none of the controller's keys"):
        signed_notice(notice_of(), signature)


def test_what_a_controller_signed_must_be_a_notice() -> None:
    with pytest.raises(SignatureWrong, match="is no notice"):
        signed_notice(notice_of(), controller().sign(b"{}", NOTICE_SIGNATURE_TYPE))


@pytest.mark.parametrize("study", ["own", "-typing"])
def test_a_study_cannot_take_a_name_that_is_no_file_name_or_ones_own(study: str) -> None:
    data = notice_of(study)
    with pytest.raises(NoticeInvalid, match="its id"):
        signed_notice(data, signature_of(data, study))


def test_a_recipients_key_must_be_one() -> None:
    data = re.sub(rb"age1[0-9a-z]{58}", b"age1nobody", notice_of())
    with pytest.raises(NoticeInvalid, match="no age key"):
        signed_notice(data, signature_of(data))


def test_a_study_that_nobody_could_open_for_is_refused() -> None:
    data = re.sub(rb" <age1[0-9a-z]{58}>", b"", notice_of())
    with pytest.raises(NoticeInvalid, match="names no recipient with a key"):
        signed_notice(data, signature_of(data))


def test_a_controller_needs_keys_that_are_keys() -> None:
    data = re.sub(rb"- [0-9a-f]{64}", b"- abcd", notice_of())
    with pytest.raises(NoticeInvalid, match="controller"):
        signed_notice(data, signature_of(data))
