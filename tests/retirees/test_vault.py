"""Sealing: only the right owner, field and key open a value; keys are made once and kept to ourselves."""

import multiprocessing
import stat
from uuid import uuid4

import pytest

from apps.retirees import vault
from apps.retirees.vault import CannotOpen, _load, digest, seal, seal_bytes, tail_digest, unseal, unseal_bytes

NUMBER = "445299194003150010"


@pytest.fixture
def folder(tmp_path, settings):
    settings.TUIGUAN_DATA = tmp_path / "data"
    return settings.TUIGUAN_DATA


def test_what_was_sealed_opens_for_its_owner_and_field_only():
    owner = uuid4()
    sealed = seal(NUMBER, owner=owner, field="number")
    assert unseal(memoryview(sealed), owner=owner, field="number") == NUMBER
    for stranger in ({"owner": uuid4(), "field": "number"}, {"owner": owner, "field": "phone"}):
        with pytest.raises(CannotOpen):
            unseal(sealed, **stranger)


@pytest.mark.parametrize("place", [0, 1, 2, 13, 14, -1])
def test_one_changed_byte_anywhere_is_noticed(place):
    sealed = bytearray(seal(NUMBER, owner=1, field="number"))
    sealed[place] ^= 1
    with pytest.raises(CannotOpen):
        unseal(bytes(sealed), owner=1, field="number")


@pytest.mark.parametrize("sealed", [b"", b"\0", b"\0\1" + b"x" * 12])
def test_a_wreck_does_not_open(sealed):
    with pytest.raises(CannotOpen):
        unseal(sealed, owner=1, field="number")


def test_the_same_text_is_never_sealed_the_same_and_never_in_clear():
    first, second = (seal(NUMBER, owner=1, field="number") for _ in range(2))
    assert first != second
    assert NUMBER.encode() not in first


def test_files_are_sealed_too():
    data = bytes(range(256)) * 4096
    assert unseal_bytes(seal_bytes(data, owner="abc", field="roster"), owner="abc", field="roster") == data


def test_digests_are_equal_for_equal_numbers_and_tell_nothing_of_the_tail():
    assert digest(NUMBER) == digest(NUMBER) != digest(NUMBER[:-1] + "1")
    assert tail_digest(NUMBER) == tail_digest("0010") != digest("0010")
    assert len(digest(NUMBER)) == len(tail_digest(NUMBER)) == 64


def test_keys_are_made_once_and_readable_by_nobody_else(folder):
    sealed = seal(NUMBER, owner=1, field="number")
    _load.cache_clear()
    assert unseal(sealed, owner=1, field="number") == NUMBER
    keys = folder / "keys" / "vault.json"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.parent.stat().st_mode) == 0o700
    assert [path.name for path in keys.parent.iterdir()] == ["vault.json"]


def test_another_installation_opens_nothing_and_finds_nothing(folder, tmp_path, settings):
    sealed, known = seal(NUMBER, owner=1, field="number"), digest(NUMBER)
    settings.TUIGUAN_DATA = tmp_path / "other"
    assert digest(NUMBER) != known
    with pytest.raises(CannotOpen):
        unseal(sealed, owner=1, field="number")


def _digest_of(_):
    return vault.digest(NUMBER)


def test_processes_that_start_together_share_one_key(folder):
    _load.cache_clear()
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.map(_digest_of, range(8)))) == 1
