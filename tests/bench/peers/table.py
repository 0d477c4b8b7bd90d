"""The figures of a comparison as Markdown.

Knows nothing of how they were found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Figures = Mapping[str, Any]

KINDS = ("orig", "synonym", "para", "typo", "gene")

ROWS: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("installed, MB", lambda one: f"{one['install']:,.0f}"),
    ("index of the whole course on disk, MB", lambda one: f"{one['index']:.0f}"),
    ("an eighth of the course indexed, s (processor)", lambda one: f"{one['build']:.0f} ({one['build_processor']:.0f})"),
    (
        "start to first answer, s: median / best (processor)",
        lambda one: f"{one['start']:.2f} / {one['start_best']:.2f} ({one['start_processor']:.2f})",
    ),
    ("a question, ms: p50 / p95 (processor)", lambda one: f"{one['p50']:.1f} / {one['p95']:.1f} ({one['question_processor']:.1f})"),
    ("questions a second, 100 at once", lambda one: f"{one['rate']:.0f}"),
    ("memory after the questions, MB", lambda one: f"{one['memory']:.0f}"),
    ("nDCG@10 by section: template", lambda one: f"{one['ndcg']['orig']:.3f}"),
    ("- synonym", lambda one: f"{one['ndcg']['synonym']:.3f}"),
    ("- paraphrase", lambda one: f"{one['ndcg']['para']:.3f}"),
    ("- misspelt", lambda one: f"{one['ndcg']['typo']:.3f}"),
    ("- gene", lambda one: f"{one['ndcg']['gene']:.3f}"),
    (
        "file hit@1: template / synonym / paraphrase / misspelt / gene",
        lambda one: " / ".join(_short(one["file_hit"][kind]) for kind in KINDS),
    ),
)


def table(figures: Mapping[str, Figures]) -> str:
    """A column a library, and under the table the versions and how ours compares with the best peer."""
    lines = ["| | " + " | ".join(figures) + " |", "|---|" + "---|" * len(figures)]
    lines += [f"| {label} | " + " | ".join(said(one) for one in figures.values()) + " |" for label, said in ROWS]
    lines.append("")
    lines += [
        f"{name}: {', '.join(f'{package} {version}' for package, version in one['versions'].items())}" for name, one in figures.items()
    ]
    peers = {name: one for name, one in figures.items() if not name.startswith("ours")}
    for ours in (name for name in figures if name.startswith("ours") and peers):
        for key in ("start", "p50", "p95", "build", "install", "memory"):
            best = min(peers, key=lambda name: float(peers[name][key]))
            lines.append(f"{ours}, {key}: {peers[best][key] / figures[ours][key]:.1f} times better than {best}")
    return "\n".join(lines)


def _short(share: float) -> str:
    return f"{share:.3f}".lstrip("0") if share < 1 else "1"
