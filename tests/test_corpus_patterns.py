"""Regular expressions compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from corpus.patterns import pattern


def test_an_expression_is_compiled_once_and_at_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = re.compile
    monkeypatch.setattr("corpus.patterns.re.compile", lambda text, flags: (compiled.append(text), real(text, flags))[1])
    made = pattern("(A)b", re.IGNORECASE)
    assert compiled == []
    found = made.search("xaB")
    assert (found and found[1], made.sub("-", "ab ab"), made.findall("ab AB"), compiled) == ("a", "- -", ["a", "A"], ["(A)b"])


@pytest.mark.parametrize("method", ["search", "match", "fullmatch", "finditer", "findall", "split"])
def test_every_method_gives_what_the_compiled_expression_gives(method: str) -> None:
    def shown(found: object) -> object:
        return [str(one) for one in found] if hasattr(found, "__iter__") else str(found)  # an iterator over matches, a list, a match

    ours, real = getattr(pattern(r"\d+"), method), getattr(re.compile(r"\d+"), method)
    assert [shown(ours(text)) for text in ("12", "a 12 b 3", "")] == [shown(real(text)) for text in ("12", "a 12 b 3", "")]


def test_what_it_does_not_offer_is_told() -> None:
    assert not hasattr(pattern("a"), "scanner")


def test_what_is_no_expression_is_told_at_its_first_use() -> None:
    with pytest.raises(re.error, match="unterminated"):
        pattern("(").search("text")
