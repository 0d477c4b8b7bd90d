"""The figures of `growth.py` as Markdown.

Knows nothing of how they were found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Figures = dict[str, Any]

KINDS = ("flat", "cells", "HNSW")


def likeness_table(figures: Mapping[str, Figures]) -> str:
    """How near copies lie to each other, beside real texts."""

    def shares(values: Sequence[float]) -> str:
        return " / ".join(f"{value:.2f}" for value in values)

    head = ("vectors", "number", "nearest", "tenth", "of a question: nearest", "tenth", "dimension, of questions", "recall@10 (graph)")
    rows = (
        (
            name,
            f"{one['rows']:,}",
            *(shares(one[key]) for key in ("nearest", "tenth", "question", "question tenth")),
            f"{one['dimension']:.1f}, {one['question dimension']:.1f}",
            f"{one['recall']:.3f}",
        )
        for name, one in figures.get("likeness", {}).items()
        if isinstance(one, dict)
    )
    return _table(head, rows)


def dense_table(figures: Mapping[str, Figures]) -> str:
    """Vectors of passages: a row for each number and kind."""
    head = (
        "passages",
        "kind",
        "built, s (clock)",
        "most memory, MB",
        "file, MB",
        "loaded, s",
        "MB",
        "10 nearest, ms: p50 / p95 (clock)",
        "recall@10",
        "300 nearest, ms",
        "recall@300",
    )

    def row(name: str, one: Figures) -> Sequence[str]:
        _, kind, count = name.split()
        built = figures[f"dense-build {kind} {count}"]
        return (
            f"{int(count):,}",
            kind,
            *_built(built),
            f"{one['load']:.2f}",
            f"{one['memory']:,.0f}",
            _asked(one["few"]),
            f"{one['few']['recall']:.3f}",
            _asked(one["many"]),
            f"{one['many']['recall']:.3f}",
        )

    return _table(head, _rows(figures, "dense-ask", row))


def efforts_table(figures: Mapping[str, Figures]) -> str:
    """More and less effort in a search for ten: milliseconds of the processor (p50) and recall@10."""
    head = ("passages", "kind", "effort", "10 nearest, ms: p50 / p95 (clock)", "recall@10")

    def rows() -> Iterable[Sequence[str]]:
        for name, one in _sorted(figures, "dense-ask"):
            _, kind, count = name.split()
            for key, found in one.items():
                if key.startswith("effort"):
                    yield (f"{int(count):,}", kind, key.split()[1], _asked(found), f"{found['recall']:.3f}")

    return _table(head, rows())


def bounds_table(figures: Mapping[str, Figures]) -> str:
    """What weighing all passages and comparing all sentences costs a search (without the encoder) and brings."""
    head = ("passages", "search", "ms: p50 / p95 (clock)", "of the ten best of the dearest", "the same first")

    def rows() -> Iterable[Sequence[str]]:
        for name, one in _sorted(figures, "whole-ask"):
            for way, found in one["bounds"].items():
                yield (f"{int(name.split()[1]):,}", way, _asked(found), f"{found['same ten']:.3f}", f"{found['same first']:.3f}")

    return _table(head, rows())


def words_table(figures: Mapping[str, Figures]) -> str:
    """Words of passages: a row for each number."""
    head = (
        "passages",
        "tokens",
        "vocabulary",
        "read as tokens, s",
        "built, s (clock)",
        "most memory, MB",
        "file, MB",
        "loaded, s",
        "MB",
        "a question, ms: p50 / p95 (clock)",
    )

    def row(name: str, one: Figures) -> Sequence[str]:
        count = name.split()[1]
        built = figures[f"words-build {count}"]
        return (
            f"{int(count):,}",
            f"{built['words']:,}",
            f"{built['vocabulary']:,}",
            f"{built['tokens']:.1f}",
            *_built(built),
            f"{one['load']:.2f}",
            f"{one['memory']:,.0f}",
            _asked(one["few"]),
        )

    return _table(head, _rows(figures, "words-ask", row))


def whole_table(figures: Mapping[str, Figures]) -> str:
    """Whole indexes: a row for each number. Encoding is a sample's time a passage, multiplied."""
    head = (
        "passages",
        "sentences / questions",
        "encoded, s (from a sample)",
        "built, s (clock)",
        "most memory, MB",
        "files, MB",
        "loaded + opened, s",
        "MB",
        "a question, ms: p50 / p95 (clock)",
        "of which one encoding",
    )

    def row(name: str, one: Figures) -> Sequence[str]:
        built = figures[f"whole-build {name.split()[1]}"]
        numbers = built["numbers"]
        prepared = next(figures[piece] for piece in figures if piece.startswith("prepare"))
        return (
            f"{numbers['passages']:,}",
            f"{numbers['sentence']:,} / {numbers['question']:,}",
            f"{prepared['encoding'] * numbers['passages']:,.0f}",
            *_built(built),
            f"{one['load']:.1f} + {one['open']:.1f}",
            f"{one['memory']:,.0f}",
            _asked(one["few"]),
            f"{one['parts']['encoding']['p50']:.1f}",
        )

    return _table(head, _rows(figures, "whole-ask", row))


def _rows(figures: Mapping[str, Figures], piece: str, row: Callable[[str, Figures], Sequence[str]]) -> Iterable[Sequence[str]]:
    return (row(name, one) for name, one in _sorted(figures, piece))


def _sorted(figures: Mapping[str, Figures], piece: str) -> list[tuple[str, Figures]]:
    """The figures of a piece by number of passages, however they came to be taken; a kind of vectors before the next."""

    def key(pair: tuple[str, Figures]) -> tuple[int, int]:
        _, *words = pair[0].split()
        return int(words[-1]), KINDS.index(words[0]) if words[0] in KINDS else 0

    return sorted(((name, one) for name, one in figures.items() if name.startswith(piece)), key=key)


def _built(one: Figures) -> tuple[str, str, str]:
    return f"{one['build']:.1f} ({one['build_wall']:.1f})", f"{one['peak']:,.0f}", f"{one['file']:,.1f}"


def _asked(one: Figures) -> str:
    return f"{one['p50']:.2f} / {one['p95']:.2f} ({one['wall50']:.2f} / {one['wall95']:.2f})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))
