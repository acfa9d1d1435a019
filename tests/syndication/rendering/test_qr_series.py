"""Codes made by addition are the codes that the encoder makes."""

import random

import pytest

from syndication.rendering.qr import qr_runs
from syndication.rendering.qr_series import LEAST, code_operators

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def drawn(operators: bytes) -> set[tuple[int, int]]:
    found = set()
    for line in operators.splitlines():
        x, y, length, height, name = line.split()
        assert (height, name) == (b"1", b"re")
        found |= {(int(x) + n, int(y)) for n in range(int(length))}
    return found


def encoded(url: str) -> tuple[int, set[tuple[int, int]]]:
    across, runs = qr_runs(url)
    return across, {(x + n, y) for x, y, length in runs for n in range(length)}


def addresses(count: int, *, base: str = "https://halla.example/q/", length: int = 20) -> list[str]:
    chance = random.Random(f"{base}{length}")
    return [base + "".join(chance.choices(LETTERS, k=length)) for _ in range(count)]


def operators(urls, remember=lambda key, make: make()):
    return list(code_operators(urls, remember=remember))


@pytest.mark.parametrize("path", ["/", f"/{'a' * 120}/"])  # one block of words, and several
def test_codes_of_a_series_are_those_of_the_encoder(path):
    urls = addresses(LEAST, base=f"https://halla.example{path}", length=5)
    found = operators(urls)
    assert len(found) == LEAST
    assert len(set(urls)) == LEAST
    for n in (0, 1, LEAST // 2, LEAST - 1):
        across, path = found[n]
        assert (across, drawn(path)) == encoded(urls[n])


def test_lengths_may_mix_and_keep_their_order():
    urls = addresses(LEAST) + addresses(3, length=7) + addresses(LEAST, length=9)
    found = operators(urls)
    for n in (0, LEAST - 1, LEAST, LEAST + 2, LEAST + 3, len(urls) - 1):
        assert (found[n][0], drawn(found[n][1])) == encoded(urls[n])


def test_texts_of_another_mode_are_encoded_one_by_one():
    urls = [f"{n:030}" for n in range(LEAST)]  # digits make a smaller code
    urls += [f"https://halla.example/ä/{n:04}" for n in range(LEAST)]
    found = operators(urls)
    for n in (0, LEAST - 1, LEAST, len(urls) - 1):
        assert (found[n][0], drawn(found[n][1])) == encoded(urls[n])


def test_what_bits_add_is_remembered_by_length_alone():
    kept: dict[str, bytes] = {}

    def remember(key, make):
        if key not in kept:
            kept[key] = make()
        return kept[key]

    operators(addresses(LEAST), remember)
    known = dict(kept)
    urls = addresses(LEAST, base="https://hello.example/q/")  # same length, other letters
    found = operators(urls, remember)
    assert len(known) == 1
    assert kept == known
    assert (found[5][0], drawn(found[5][1])) == encoded(urls[5])
