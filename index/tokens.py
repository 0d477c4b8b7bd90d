"""A text as the words that lexical search compares: folded, stemmed, and with the field's notation kept whole.

>>> tokens("β-thalassaemia carriers")
['beta', 'thalassemia', 'betathalassemia', 'carrier']
>>> tokens("the variant c.235delC")
['variant', 'c.235delc', 'c235delc', '235delc']

The same function reads the course and the question, so a rule only has to be the same on both sides, not to be right
about English: "analyse" and "analyze" both become something, and it is the same thing.

Knows nothing of how words are weighed or where they stand.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import Stemmer

VERSION = 2
"""Raised whenever a text would give other tokens: an index made with others is then built again."""

_STOP_WORDS = (
    "a an and are as at be been but by can could do does did for from had has have how i if in into is it its may me my no not of on "
    "or our should so such than that the their them then there these they this those to was we were what when where which who "
    "whom why will with would you your"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that say nothing of what a text is about. They are left out as words, but not where capitals make them a name."""

_GREEK = {
    chr(code): unicodedata.name(chr(code)).removeprefix("GREEK SMALL LETTER ").lower()
    for code in range(ord("α"), ord("ω") + 1)
    if "FINAL" not in unicodedata.name(chr(code))
}
_GREEK_LETTER = re.compile(r"(?<=([A-Za-z0-9]))?([Α-Ωα-ω])(?=([A-Za-z]))?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("’‘ʼ´", "'"))  # they are what is folded
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:[-.,:;*>_+/()'=]+[^\W_{_CJK}]+)*[+*=]?")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:[-.,:;*>_+/()'=]+[A-Za-z0-9]+)*[+*=]?")
"""The same for a text without other letters, in two thirds of the time."""
_PART = re.compile(r"[^\W_]+")
_REFERENCE = re.compile(r":(?=[a-z]\.)")
_FOLLOWS_A_WORD = re.compile(r"[a-z] $")
_SYMBOL = re.compile(r"([a-z]{3,})\d+[a-z]?\d*")
_SPELLINGS = (
    (re.compile(r"ae(?=[a-z])"), "e"),
    (re.compile(r"oe(?=[a-z]{2})"), "e"),
    (re.compile(r"(?<=[a-z]{2})our(?=$|s$|ed$|ing$|al|ful|able|ite|less|ly|hood)"), "or"),
    (re.compile(r"(?<=[a-z]{3})([iy])s(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)"), r"\1z"),
    (re.compile(r"(cent|fib|lit|met)re(?=s?$)"), r"\1er"),
    (re.compile(r"([a-z]{3}[aeo])ll(?=(?:ed|ing|or|ors|er|ers)$)"), r"\1l"),
    (re.compile(r"^programme(?=s?$)"), "program"),
    (re.compile(r"^practi[sz](?=e|ing)"), "practic"),
    (re.compile(r"^(licen|defen|offen)c(?=e)"), r"\1s"),
)
"""British and American spellings brought to one form. Applied in this order, before stemming."""

_stemmer = Stemmer.Stemmer("english", 0)
_stemming = Lock()  # a stemmer is for one thread at a time, and the server has many


def tokens(text: str) -> list[str]:
    """The tokens of `text` in reading order; a compound is followed by its other forms.

    Notation (c.235delC, HLA-B*15:02, 22q11.2, 47,XXY) gives itself without brackets, itself without punctuation, and its
    parts; a hyphenated word its parts and the word without hyphens; a gene symbol with a number also its letters; Chinese
    its pairs of characters. Any text is readable; one without words gives an empty list.
    """
    words = _ASCII_WORD
    if not text.isascii():  # most English sentences are, and need none of this
        text, words = _greek(unicodedata.normalize("NFKC", text).translate(_DASHES)), _WORD
    found: list[str] = []
    for match in words.finditer(text):
        written = match.group()
        word = written.casefold()
        forms = _forms(word)
        if not forms and word != written and word in STOP_WORDS and _is_name(match):
            forms = (word,)
        found += forms
    return found


@lru_cache(maxsize=32_768)
def token_set(text: str) -> tuple[str, ...]:
    """The tokens of a text of the course, each once, remembered: every answer looks at some hundred sentences again.

    A tuple, which takes a quarter of a set's room: a course of 9,000 sentences and passages is remembered whole.
    """
    return tuple(dict.fromkeys(tokens(text)))


@lru_cache(maxsize=50_000)
def word_token(word: str) -> str:
    """The token of one plain word: spelling folded, stemmed. `word` is already in lower case."""
    if not word.isascii() or not word.isalpha():
        return word
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    with _stemming:
        return str(_stemmer.stemWord(word))


def _is_name(match: re.Match[str]) -> bool:
    """Whether a stop word is a name by its capitals: the A of haemophilia A, the gene WAS; not in a text that is all capitals."""
    if match.group() == "A":
        return bool(_FOLLOWS_A_WORD.search(match.string, 0, match.start()))
    return len(match.group()) > 1 and match.group().isupper() and not match.string.isupper()


def _greek(text: str) -> str:
    """Greek letters by name, apart from the letters around them: TNFα is TNF alpha, α2 is alpha2. Micro before a unit is left."""

    def name(match: re.Match[str]) -> str:
        before, letter, after = match.groups()
        if letter == "μ" and after:
            return letter
        return f"{' ' * bool(before)}{_GREEK.get(letter.lower(), letter)}{' ' * bool(after)}"

    return _GREEK_LETTER.sub(name, text)


@lru_cache(maxsize=50_000)
def _forms(word: str) -> tuple[str, ...]:  # noqa: PLR0911  # one kind of word, one return
    if "\u3400" <= word[0] <= "\u9fff" or "\uf900" <= word[0] <= "\ufaff":
        return tuple(word[at : at + 2] for at in range(len(word) - 1)) or (word,)
    word = re.sub(r"'s?$|'s(?=-)", "", word)
    reference, *change = _REFERENCE.split(word, maxsplit=1)
    if change:  # HBB:c.52A>T is a change of HBB
        return (*_forms(reference), *_forms(change[0]))
    parts = _PART.findall(word)
    if len(parts) == 1:
        return _single(parts[0])
    plain = [token for part in parts for token in _single(part)]
    if not any(character.isdigit() or character in "*>" for character in word):
        # Words held together: the whole only where hyphens or an apostrophe hold them, for "and/or" is no word.
        return (*plain, word_token("".join(parts))) if re.fullmatch(r"[a-z'-]+", word) else tuple(plain)
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", word):
        return (word.replace(",", ""),)
    if re.fullmatch(r"\d+(\.\d+)+", word):
        return (word,)
    whole = re.sub(r"[()\[\]']", "", word).rstrip("=")
    parts = [token for token in plain if len(token) > 1]
    return tuple(dict.fromkeys((whole, re.sub(r"[\W_]", "", word), *parts)))


def _single(word: str) -> tuple[str, ...]:
    if word in STOP_WORDS:
        return ()
    symbol = _SYMBOL.fullmatch(word)
    return (word, symbol[1]) if symbol else (word_token(word),)
