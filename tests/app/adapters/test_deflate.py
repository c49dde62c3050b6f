"""Compressing: what any program unpacks, in the same bytes on every machine."""

import zlib
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.deflate import MAX_DISTANCE, deflate

ROW = b'<c r="A%d" s="2" t="inlineStr"><is><t>in_progress</t></is></c>\n'


def inflate(packed: bytes) -> bytes:
    return zlib.decompress(packed, wbits=-zlib.MAX_WBITS)


@given(st.lists(st.sampled_from([b"a", b"ab", b"row ", b"\x00", b"\xff\xfe", "시행 중".encode()])).map(b"".join))
def test_what_repeats_comes_back(content: bytes) -> None:
    assert inflate(deflate(content)) == content


@given(st.binary(max_size=600))
def test_any_bytes_come_back(content: bytes) -> None:
    assert inflate(deflate(content)) == content


@pytest.mark.parametrize("gap", [MAX_DISTANCE - 9, MAX_DISTANCE - 8, MAX_DISTANCE - 7, 2 * MAX_DISTANCE])
def test_a_repetition_as_far_back_as_the_format_allows(gap: int) -> None:
    between = b"".join(n.to_bytes(2, "big") for n in range(gap // 2 + 1))[:gap]
    content = b"the same" + between + b"the same"
    assert inflate(deflate(content)) == content


def test_every_length_of_a_repetition() -> None:
    for length in range(4, 300):
        content = bytes(range(250)) + b"".join([b"x" * length, b"|", b"x" * length, b"!"])
        assert inflate(deflate(content)) == content


def test_rows_of_a_sheet_become_a_fraction() -> None:
    sheet = b"".join(ROW % n for n in range(2_000))
    assert len(deflate(sheet)) < len(sheet) / 5


def test_the_bytes_stay_as_they_are() -> None:
    """Packages are made again and compared: other bytes are another builder."""
    packed = deflate(b"".join(ROW % n for n in range(2_000)) + bytes(range(256)))
    assert sha256(packed).hexdigest() == "353235a766257e192e0311dd0e31075fe49910238de0d08d358ea98152745815"
