"""The commands `ask`, `search` and `coverage`: one question from the command line, or a batch of JSON lines.

A batch is read, answered and written a few lines at a time, in the order given, so its length costs no memory. Knows
nothing of how the settings are found.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import click

from assistant.coverage import outcome_coverage
from assistant.coverage_text import coverage_text
from assistant.opening import open_assistant
from assistant.wire import SearchLine, answer_line, hit_line
from index import failures_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from assistant.assistant import Assistant
    from index import IndexSettings

_WORKERS = 2
_AHEAD = 32
"""Lines being answered or waiting to be written at one time."""

_LONGEST_LINE = 64 * 1024
_MOST_HITS = 1000

Line = dict[str, Any]


class LineError(ValueError):
    """A line of a batch cannot be answered; the message says what it must hold."""


@click.command("ask")
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write the whole reply as JSON.")
@click.option("--batch", type=click.File("rb"), help="Answer a file of JSON lines {id, question, history}; - is standard input.")
@click.pass_obj
def ask(settings: IndexSettings, question: str | None, batch: IO[bytes] | None, *, as_json: bool) -> None:
    """Answer a question with the course's own sentences, each with where it stands."""
    if (question is None) == (batch is None):
        message = "Give one question in quotation marks, or --batch with a file."
        raise click.UsageError(message)
    with failures_told():
        assistant = open_assistant(settings)
    if batch is not None:
        _run_batch(batch, lambda line: _answer(assistant, line))
        return
    reply = _answer(assistant, {"id": "", "question": question})
    if as_json:
        _write(reply)
        return
    click.echo(reply["answer"])
    for cited in reply["citations"]:
        click.echo(f"  [{cited['number']}] {' > '.join(cited['headings'])}  {cited['url']}")


@click.command("search")
@click.argument("query", required=False)
@click.option("-k", "--most", type=click.IntRange(1, _MOST_HITS), default=10, show_default=True, help="How many passages at most.")
@click.option("--json", "as_json", is_flag=True, help="Write the hits as JSON.")
@click.option("--batch", type=click.File("rb"), help="Search for a file of JSON lines {id, query}; - is standard input.")
@click.pass_obj
def search(settings: IndexSettings, query: str | None, most: int, batch: IO[bytes] | None, *, as_json: bool) -> None:
    """Find the passages that a question leads to, best first."""
    if (query is None) == (batch is None):
        message = "Give one query in quotation marks, or --batch with a file."
        raise click.UsageError(message)
    with failures_told():
        assistant = open_assistant(settings)
    if batch is not None:
        _run_batch(batch, lambda line: _search(assistant, line, most))
        return
    found = _search(assistant, {"id": "", "query": query}, most)
    if as_json:
        _write(found)
        return
    for hit in found["hits"]:
        click.echo(f"{hit['score']:.3f}  {hit['passage']}  {' > '.join(hit['headings'])}")


@click.command("coverage")
@click.option("--json", "form", flag_value="json", help="Write JSON.")
@click.option("--csv", "form", flag_value="csv", help="Write comma-separated values.")
@click.option("--fail-under", type=click.FloatRange(0, 100), help="Exit with 1 if a smaller percentage of outcomes is covered.")
@click.pass_obj
def coverage(settings: IndexSettings, form: str | None, fail_under: float | None) -> None:
    """Hold the learning outcomes against the text: covered, thin or missing, with the evidence."""
    with failures_told():
        assistant = open_assistant(settings)
    rows = outcome_coverage(assistant)
    click.echo(coverage_text(rows, form))
    share = 100 * sum(row.verdict == "covered" for row in rows) / len(rows) if rows else 100.0
    if fail_under is not None and share < fail_under:
        click.echo(f"{share:.1f} % of the outcomes are covered, fewer than {fail_under:g} %.", err=True)
        raise SystemExit(1)


def _answer(assistant: Assistant, line: Mapping[str, Any]) -> Line:
    history = line.get("history") or []
    if not isinstance(history, list) or not all(isinstance(one, str) for one in history):
        message = "“history” must be a list of texts: the earlier questions, oldest first."
        raise LineError(message)
    started = time.perf_counter()
    reply = assistant.ask(_text(line, "question"), history)
    return dict(answer_line(_id(line), reply, (time.perf_counter() - started) * 1000))


def _search(assistant: Assistant, line: Mapping[str, Any], most: int) -> Line:
    found = assistant.search(_text(line, "query"), most)
    answer: SearchLine = {"id": _id(line), "hits": [hit_line(hit) for hit in found.hits]}
    return dict(answer)


def _text(line: Mapping[str, Any], name: str) -> str:
    text = line.get(name)
    if not isinstance(text, str):
        message = f'“{name}” is missing or no text; give each line as {{"id": …, "{name}": …}}.'
        raise LineError(message)
    return text


def _id(line: Mapping[str, Any]) -> str:
    return str(line.get("id", ""))


def _run_batch(lines: IO[bytes], answer: Callable[[Mapping[str, Any]], Line]) -> None:
    """Answer every line and write the answers in order; a line that cannot be answered gets its error in its place."""
    waiting: deque[Any] = deque()
    with ThreadPoolExecutor(_WORKERS) as pool, _counting() as count:
        for raw in _lines(lines):
            waiting.append(pool.submit(_answered, raw, answer))
            while len(waiting) >= _AHEAD:
                _write(waiting.popleft().result())
                count()
        while waiting:
            _write(waiting.popleft().result())
            count()


def _lines(lines: IO[bytes]) -> Iterator[bytes]:
    """The lines that are not blank, each read up to a bound; the rest of a longer one is skipped."""
    while line := lines.readline(_LONGEST_LINE + 1):
        whole = line.endswith(b"\n")
        while not whole and len(line) > _LONGEST_LINE and (rest := lines.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
            continue
        if line.strip():
            yield line


def _answered(raw: bytes, answer: Callable[[Mapping[str, Any]], Line]) -> Line:
    try:
        line = json.loads(raw)
    except ValueError:
        return {"id": "", "error": "The line is no JSON; write one object a line, at most 64 KB long."}
    if not isinstance(line, dict):
        return {"id": "", "error": 'The line is no JSON object; write {"id": …, …}.'}
    try:
        return answer(line)
    except LineError as error:
        return {"id": _id(line), "error": str(error)}


@contextmanager
def _counting() -> Iterator[Callable[[], None]]:
    """A count of lines done on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=0, label="Lines answered", file=sys.stderr, show_eta=False, show_percent=False, show_pos=True) as bar:

        def count() -> None:
            bar.length = (bar.length or 0) + 1
            bar.update(1)

        yield count


def _write(line: Mapping[str, Any]) -> None:
    text = json.dumps(line, ensure_ascii=False)
    click.echo(text.encode("utf-8", "replace").decode("utf-8"))
