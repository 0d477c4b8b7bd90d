"""The console script as a measurement calls it: batches, states, exit statuses, and what serving may import."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from web.cli import cli

if TYPE_CHECKING:
    from assistant import Assistant

KEYS = {"id", "state", "confidence", "understood", "answer", "citations", "nearest", "elapsed_ms"}


@pytest.fixture
def options(assistant: Assistant, four_units: Path, four_units_index: Path, tmp_path: Path) -> list[str]:
    """The options that name the four units and the index that is there already."""
    assert assistant.course.units
    return ["--course", str(four_units), "--index", str(four_units_index), "--data", str(tmp_path)]


def run(options: list[str], *words: str, given: str | bytes | None = None) -> Any:
    return CliRunner().invoke(cli, [*options, *words], input=given)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_batch_is_answered_in_the_order_given(options: list[str]) -> None:
    asked = [{"id": str(n), "question": q} for n, q in enumerate(["What is penetrance?", "Who is the king?", "NIPT"] * 5)]
    result = run(options, "ask", "--batch", "-", given="\n".join(json.dumps(line) for line in asked))
    assert result.exit_code == 0
    answers = lines(result.stdout)
    assert [answer["id"] for answer in answers] == [line["id"] for line in asked]
    assert all(set(answer) == KEYS for answer in answers)
    assert answers[0]["state"] == "covered"
    assert answers[1]["state"] == "not_covered"
    assert all(0 <= answer["confidence"] <= 1 for answer in answers)


def test_a_citation_says_where_it_stands(options: list[str]) -> None:
    answer = json.loads(run(options, "ask", "--json", "What is penetrance?").stdout)
    cited = answer["citations"][0]
    assert set(cited) == {"number", "passage", "module", "unit", "headings", "url", "quote"}
    assert f"{cited['quote']} [1]" in answer["answer"]
    assert cited["passage"].startswith(f"{cited['unit']}#")


def test_a_malformed_line_gets_its_error_in_its_place(options: list[str]) -> None:
    given = b'{"id": "a", "question": "What is penetrance?"}\nno json\n[1]\n{"id": "b"}\n{"id": "c", "question": "NIPT", "history": "x"}\n\xff\xfe\n'
    answers = lines(run(options, "ask", "--batch", "-", given=given).stdout)
    assert [("error" in answer, answer["id"]) for answer in answers] == [
        (False, "a"), (True, ""), (True, ""), (True, "b"), (True, "c"), (True, ""),
    ]  # fmt: skip


def test_history_is_read(options: list[str]) -> None:
    line = json.dumps({"id": "1", "question": "and how is it screened for?", "history": ["What is beta thalassaemia?"]})
    answer = lines(run(options, "ask", "--batch", "-", given=line).stdout)[0]
    assert "thalassaemia" in answer["understood"].lower()


def test_a_search_batch_gives_hits_best_first(options: list[str]) -> None:
    answer = lines(run(options, "search", "--batch", "-", "-k", "7", given='{"id": "s", "query": "penetrance"}').stdout)[0]
    assert set(answer) == {"id", "hits"}
    assert len(answer["hits"]) == 7
    assert set(answer["hits"][0]) == {"passage", "file", "headings", "anchor", "score"}
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert answer["hits"][0]["file"].endswith("06-mendelian-inheritance-and-pedigree-analysis.md")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["ask"], 2),
        (["ask", "q", "--batch", "-"], 2),
        (["search", "q", "-k", "0"], 2),
        (["nothing"], 2),
        (["ask", "What is penetrance?"], 0),
    ],
)
def test_exit_statuses(options: list[str], words: list[str], status: int) -> None:
    assert run(options, *words).exit_code == status


def test_a_course_that_is_not_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    result = run(["--course", str(tmp_path / "none"), "--index", str(tmp_path), "--data", str(tmp_path)], "ask", "q")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "--course" in result.stderr


def test_a_folder_without_front_matter_or_syllabus_is_a_course_too(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "gout.md").write_text("# Gout\n\n## Treatment\n\nAcute gout is treated with colchicine.\n", encoding="utf-8")
    result = run(
        ["--course", str(tmp_path / "plain"), "--index", str(tmp_path / "i"), "--data", str(tmp_path)], "search", "gout treatment", "--json"
    )
    assert json.loads(result.stdout)["hits"][0]["headings"] == ["Gout", "Treatment"]


def test_outcomes_are_held_against_the_text(options: list[str]) -> None:
    report = json.loads(run(options, "coverage", "--json").stdout)
    verdicts = {row["outcome"]: row["verdict"] for row in report["outcomes"]}
    assert len(verdicts) == 131
    assert verdicts["1.6.b"] == "covered"
    assert verdicts["4.12.a"] == "missing"
    assert run(options, "coverage", "--fail-under", "99").exit_code == 1


def test_the_journal_goes_out_and_in(options: list[str], tmp_path: Path) -> None:
    out = tmp_path / "journal.jsonl"
    assert run(options, "journal", "export", str(out)).exit_code == 0
    assert run(options, "journal", "import", str(out)).exit_code == 0
    assert run(options, "journal", "purge", "--days", "0", "--yes").exit_code == 0


def program(options: list[str], question: str, *before: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; sys.argv = ['genomics-tutor', *sys.argv[1:]]\n"
        "import web.application, web.server\n"  # all the pages, which `ask` alone does not need
        "from web.cli import cli\n"
        "slow = ('torch', 'sentence_transformers', 'transformers', 'sklearn', 'scipy', 'bm25s')\n"
        "try:\n    cli.main(sys.argv[1:], standalone_mode=False)\n"
        "finally:\n    print([m for m in slow if m in sys.modules], file=sys.stderr)\n"
    )
    return subprocess.run(
        [*before, sys.executable, "-c", code, *options, "ask", question],
        capture_output=True, text=True, encoding="utf-8", check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip


def test_serving_imports_no_torch(options: list[str]) -> None:
    result = program(options, "What is penetrance?")
    assert result.stderr.strip() == "[]"
    assert "[1]" in result.stdout


@pytest.mark.skipif(
    not shutil.which("unshare") or os.name == "nt" or os.geteuid() != 0, reason="needs root and unshare to take the network away"
)
def test_it_answers_with_every_network_taken_away(options: list[str]) -> None:
    result = program(options, "What is penetrance?", "unshare", "-n")
    assert "Penetrance is" in result.stdout


def test_the_readme_names_every_command() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    context = click.Context(cli)
    assert cli.list_commands(context)
    for name in cli.list_commands(context):
        assert f"genomics-tutor {name}" in readme
        for part in getattr(cli.get_command(context, name), "commands", {}):
            assert part in readme
