"""A small course and a fake assistant that gives each kind of reply, for the tests of the pages.

What to ask for which reply: a question that holds "partly", "not covered", "my own" (with "unheard of": nothing on it in the course), "???", "huntingtin", "boom" or Chinese gets that
kind, as does "another part" asked within a module or section; anything else gets an answer made of the first sentences of the course.
"""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import waitress
from fakes import FakeEncoder

from assistant.coach import Coach
from assistant.findings import Findings, literal_findings
from assistant.journal import Journal
from assistant.reply import (
    Answer,
    AnswerSentence,
    Boundary,
    Citation,
    NearestSection,
    NotCovered,
    Partly,
    Question,
    Reply,
    Unreadable,
)
from corpus.course import Block, BlockKind, CheckQuestion, Course, GlossaryEntry, Module, Outcome, Section, Sentence, Unit
from corpus.passages import Passage
from index.search import Found, Hit
from web import create_app
from web.conversations import Conversations
from web.places import Places
from web.practice_store import PracticeStore
from web.services import Practice, Services
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from flask import Flask

FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 200"><rect width="720" height="200" fill="#ffffff"/>'
    '<circle cx="360" cy="100" r="60" fill="#0f766e"/></svg>'
)

DOMINANT = (
    "Autosomal dominant inheritance needs one altered copy of a gene.",
    "Each child of an affected parent has a 50% risk of inheriting the variant.",
    "Huntington disease and Marfan syndrome are autosomal dominant.",
)
RECESSIVE = (
    "Autosomal recessive inheritance needs an altered copy of a gene from each parent.",
    "Each child of two carriers has a 25% risk of being affected.",
)
ROWS = (
    (("Pattern", "Autosomal dominant"), ("Risk to each child", "50%"), ("Example", "Huntington disease")),
    (("Pattern", "Autosomal recessive"), ("Risk to each child", "25%"), ("Example", "Cystic fibrosis")),
)
CALCULATION = ("disease_frequency = 1/10,000", "q = sqrt(disease_frequency) = 0.01", "carrier_frequency = 2 * q * (1 - q) ≈ 1/50")
FILLER = tuple(
    f"Section text number {n} says what a trainee needs to know about the transmission of one gene in a family." for n in range(1, 25)
)


class UnitWriter:
    """Writes a unit block by block, its page and its sections in step, as the corpus does."""

    def __init__(self, unit: str, title: str, module: str, file: str) -> None:
        """A unit without text."""
        self.unit, self.title, self.module, self.file = unit, title, module, file
        self.html: list[str] = []
        self.sections: list[Section] = []
        self._blocks: list[Block] = []
        self._passage = 0

    def heading(self, anchor: str, text: str, level: int = 2, outcomes: tuple[str, ...] = ()) -> None:
        """Start a section."""
        self._blocks = []
        self._passage = 0
        self.sections.append(Section(self.unit, anchor, level, (self.title, text), outcomes, (), len(self.sections) + 1))
        self.html.append(f'<h{level} id="{anchor}">{escape(text)}</h{level}>\n')

    def _block(self, kind: BlockKind, texts: Sequence[str], rows: Sequence[tuple[tuple[str, str], ...]] = (), box: str = "") -> list[str]:
        self._passage += 1
        anchor = self.sections[-1].anchor
        fragments = [f"{anchor}/{self._passage}.{n}" for n, _ in enumerate(texts, 1)]
        sentences = [
            Sentence(f"{self.unit}#{fragment}", text, rows[n] if rows else ())
            for n, (fragment, text) in enumerate(zip(fragments, texts, strict=True))
        ]
        self._blocks.append(Block(kind, tuple(sentences), box))
        last = self.sections[-1]
        self.sections[-1] = Section(last.unit, last.anchor, last.level, last.headings, last.outcomes, tuple(self._blocks), last.line)
        return fragments

    def paragraph(self, texts: Sequence[str], box: str = "", box_title: str = "") -> None:
        """A paragraph, perhaps in a box."""
        spans = " ".join(
            f'<span class="sentence" id="{fragment}">{escape(text)}</span>'
            for fragment, text in zip(self._block("paragraph", texts, box=box), texts, strict=True)
        )
        text = f"<p>{spans}</p>\n"
        if box:
            text = f'<div class="admonition {box}"><p class="admonition-title">{box_title}</p>{text}</div>\n'
        self.html.append(text)

    def table(self, rows: Sequence[tuple[tuple[str, str], ...]]) -> None:
        """A table; the headers are the first parts of the cells."""
        fragments = self._block("table", [" ".join(cell for _, cell in row) for row in rows], rows)
        head = "".join(f"<th>{header}</th>\n" for header, _ in rows[0])
        body = "".join(
            f'<tr class="sentence" id="{fragment}">' + "".join(f"<td>{cell}</td>\n" for _, cell in row) + "</tr>\n"
            for fragment, row in zip(fragments, rows, strict=True)
        )
        self.html.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n")

    def calculation(self, lines: Sequence[str]) -> None:
        """A worked calculation."""
        spans = "\n".join(
            f'<span class="sentence" id="{fragment}">{escape(line)}</span>'
            for fragment, line in zip(self._block("code", lines), lines, strict=True)
        )
        self.html.append(f'<pre class="calc"><code class="language-calc">{spans}</code></pre>\n')

    def raw(self, html: str) -> None:
        """Anything else."""
        self.html.append(html)

    def done(self, **more: object) -> Unit:
        """The unit."""
        return Unit(self.unit, self.title, self.file, self.module, "".join(self.html), tuple(self.sections), **more)  # type: ignore[arg-type]


def small_course(folder: Path) -> Course:
    """Two modules with two units, a figure and a glossary; the figure is written to the folder."""
    first = UnitWriter("1.6", "Mendelian inheritance and pedigree analysis", "Human genetics and genomics", "1-genetics/06-mendelian.md")
    first.heading("autosomal-dominant", "Autosomal dominant inheritance", outcomes=("1.6.a",))
    first.paragraph(DOMINANT)
    first.paragraph(["In China, pedigrees of Huntington disease are reported from every province."], "china", "In China")
    first.raw(
        '<figure><img alt="A pedigree of three generations" src="/course/1.6/figures/1.6-pedigree.svg" loading="lazy">'
        "<figcaption>A dominant pedigree.</figcaption></figure>\n"
    )
    first.paragraph(FILLER[:12])
    first.heading("autosomal-recessive", "Autosomal recessive inheritance")
    first.paragraph(RECESSIVE)
    first.table(ROWS)
    first.calculation(CALCULATION)
    first.heading("recurrence", "Recurrence risk when parents are cousins", 3)
    first.paragraph(FILLER[12:])
    first.heading("check-yourself", "Check yourself")
    first.raw(
        '<details class="check-question" id="q1"><summary>What is the risk to each child?</summary><p>The risk is 50%.</p></details>\n'
    )
    second = UnitWriter("2.4", "Inherited cancer", "Genomics of common and rare disorders", "2-disorders/04-cancer.md")
    second.heading("lynch", "Lynch syndrome")
    second.paragraph(["Lynch syndrome is caused by variants in mismatch repair genes."])
    questions = tuple(
        CheckQuestion(text, answer, "autosomal-dominant", "direct", 1)
        for text, answer in (
            (
                "What is the risk to each child of a parent with Huntington disease?",
                "Each child has a 50% risk of inheriting the variant. One altered copy of the gene is enough.",
            ),
            ("Why do cousins share variants?", "Cousins share grandparents, so they inherit some of the same variants."),
        )
    )
    units = [
        first.done(
            check_questions=questions,
            references=("Bennett RL. Standardized pedigree nomenclature. J Genet Couns 2008.",),
            reviewed="2026-11-22",
            outcomes=("1.6.a",),
        ),
        second.done(
            check_questions=(
                CheckQuestion("Which genes cause Lynch syndrome?", "Mismatch repair genes such as MLH1.", "lynch", "direct", 1),
            )
        ),
    ]
    figures = folder / "1-genetics" / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    (figures / "1.6-pedigree.svg").write_text(FIGURE, encoding="utf-8")
    (folder / "1-genetics" / "secret.svg").write_text("<svg/>", encoding="utf-8")
    return Course(
        title="Genomic medicine for practising clinicians",
        modules=(
            Module("1", "Human genetics and genomics", ("1.6", "1.7")),
            Module("2", "Genomics of common and rare disorders", ("2.4",)),
        ),
        units={unit.id: unit for unit in units},
        outcomes={"1.6.a": Outcome("1.6.a", "1.6", "Recognise a mode of inheritance in a pedigree")},
        glossary=(
            GlossaryEntry(
                "Huntington disease",
                "condition",
                "Huntington disease is a disorder of movement.",
                "1.6#autosomal-dominant",
                ("HD",),
                (),
                ("亨廷顿病",),
            ),
            GlossaryEntry(
                "Lynch syndrome",
                "condition",
                "Lynch syndrome is an inherited cancer syndrome.",
                "2.4#lynch",
                (),
                ("HNPCC",),
                ("林奇综合征",),
                ("MLH1",),
            ),
        ),
        digest="small",
        folder=str(folder),
    )


def bare_course(folder: Path) -> Course:
    """A folder of Markdown with no modules, no glossary and no front matter."""
    writer = UnitWriter("sub/dir/file one", "File one", "", "sub/dir/file one.md")
    writer.heading("文字", "Any text")
    writer.paragraph(["A plain folder is a course too."])
    unit = writer.done()
    return Course(title="", modules=(), units={unit.id: unit}, folder=str(folder))


class FakeAssistant:
    """Answers by what stands in the question; keeps what it was asked with."""

    def __init__(self, course: Course) -> None:
        """An assistant over a course."""
        self.course = course
        self.places = Places.of(course)
        self.units = tuple(course.units.values())
        self.asked: list[tuple[str, tuple[str, ...], str | None, str | None, bool]] = []

    def ask(  # noqa: PLR0911
        self,
        question: str,
        history: Sequence[str] = (),
        *,
        module: str | None = None,
        section: str | None = None,
        literal: bool = False,
    ) -> Reply:
        """The reply that the question asks for."""
        self.asked.append((question, tuple(history), module, section, literal))
        plain = Question(question, question)
        nearest = tuple(self._nearest())
        if "boom" in question:
            message = "the fake was told to fail"
            raise RuntimeError(message)
        if "???" in question:
            return Unreadable(plain, "Type a question in words.")
        if "another part" in question and (module or section):
            return self._elsewhere(plain, nearest)
        if "not covered" in question:
            return NotCovered(plain, 0.08, nearest)
        if "my own" in question:
            return Boundary(plain, 0.71, () if "unheard of" in question else self._sentences(range(2)), nearest)
        if "partly" in question:
            return Partly(plain, 0.55, self._sentences(range(3)), ("the price of the test in Chengdu",), nearest)
        if "compare" in question:
            return Answer(plain, 0.9, self._comparison())
        if "huntingtin" in question and not literal:
            understood = question.replace("huntingtin", "Huntington")
            return Answer(
                Question(question, understood, "en", (("huntingtin", "Huntington"),)), 0.93, self._sentences(range(3)), nearest[:1]
            )
        if re.search(r"[\u4e00-\u9fff]", question):
            terms = (("Huntington disease", "亨廷顿病"), ("recurrence risk", "再发风险"))
            return Answer(
                Question(question, "recurrence risk of Huntington disease", "zh", (), terms), 0.88, self._sentences(range(3)), nearest[:1]
            )
        return Answer(plain, 0.94, self._sentences(range(3)), nearest[:2])

    def _elsewhere(self, question: Question, nearest: tuple[NearestSection, ...]) -> Reply:
        if "one side" in question.asked:
            return Partly(question, 0.9, self._sentences(range(2)), ("the other side",), nearest, "covered")
        if "my own" in question.asked:
            return Boundary(question, 0.71, (), nearest, "covered")
        return NotCovered(question, 0.94, nearest, "partly" if "partly" in question.asked else "covered")

    def find(self, query: str) -> Findings:
        """The sentences that hold the words of the query."""
        if "boom" in query:
            message = "the fake was told to fail"
            raise RuntimeError(message)
        return Findings(query, () if "???" in query else literal_findings(self.course, query), "Type words." if "???" in query else "")

    def search(self, query: str, k: int = 10) -> Found:
        """The passages that hold the words of the query, as the fake has them: a sentence each."""
        found = [one for unit in literal_findings(self.course, query) for one in unit.findings][:k]
        passages = [self._passage(one.sentence) for one in found]
        hits = tuple(Hit(passage, row, 1.0, {}, np.zeros(1, np.float32)) for row, passage in enumerate(passages))
        return Found(hits, (), np.zeros(1, np.float32), np.zeros(1, np.float32), (), {}, 0.0)

    def _passage(self, sentence: Sentence) -> Passage:
        place = self.places.sentences[sentence.id]
        section = place.section
        passage = sentence.id.rpartition(".")[0]
        return Passage(passage, place.unit.id, place.unit.file, section.anchor, place.unit.module, section.headings, (sentence,))

    def suggestions(self, reply: Reply, history: Sequence[str] = ()) -> tuple[str, ...]:
        """The practice questions that were not asked."""
        known = {reply.question.asked, *history}
        questions = [one.question for unit in self.units for one in unit.check_questions]
        return tuple(question for question in questions if question not in known)[:3]

    def _ids(self) -> list[str]:
        return list(self.places.sentences)

    def _sentences(self, which: range) -> tuple[AnswerSentence, ...]:
        ids = self._ids()
        return tuple(self._sentence(ids[n], n - which.start + 1) for n in which)

    def _comparison(self) -> tuple[AnswerSentence, ...]:
        wanted = [DOMINANT[0], RECESSIVE[0], *(" ".join(cell for _, cell in row) for row in ROWS), *CALCULATION]
        labels = ["Autosomal dominant", "Autosomal recessive", "Side by side", "Side by side", "", "", ""]
        by_text = {place.sentence.text: key for key, place in self.places.sentences.items()}
        return tuple(
            self._sentence(by_text[text], number, label) for number, (text, label) in enumerate(zip(wanted, labels, strict=True), 1)
        )

    def _sentence(self, key: str, number: int, label: str = "") -> AnswerSentence:
        place = self.places.sentences[key]
        unit, _, fragment = key.rpartition("#")
        url = f"/course/{unit.replace(' ', '%20')}#{fragment}"
        passage = key.rpartition(".")[0]
        citation = Citation(number, key, passage, place.unit.module, unit, place.section.headings, url, place.sentence.text)
        return AnswerSentence(place.sentence.text, (citation,), label)

    def _nearest(self) -> list[NearestSection]:
        return [
            NearestSection(f"{key}/1", section.headings, f"/course/{section.unit.replace(' ', '%20')}#{section.anchor}")
            for key, section in self.places.sections.items()
        ][:3]


def fake_app(folder: Path, *, bare: bool = False, assistant: bool = True, journal: bool = True, **more: object) -> Flask:
    """The app over a fake assistant, with its data in the folder; `more` are settings."""
    course = (bare_course if bare else small_course)(folder / "course")
    data = folder / "data"
    settings = Settings(course=folder / "course", index=folder / "index", data=data, **more)  # type: ignore[arg-type]
    answering = FakeAssistant(course) if assistant else None
    kept = Journal(data / "journal.sqlite") if journal else None
    services = Services.of(course, answering, Conversations(data / "conversations.sqlite"), kept)
    practice = Practice(Coach(course, FakeEncoder()), PracticeStore(data / "practice.sqlite")) if assistant else None
    return create_app(settings, replace(services, practice=practice))


@contextmanager
def served(app: Flask, **more: object) -> Iterator[str]:
    """The app behind the real server on a free port of this machine, with `more` settings of it; the address of its first page."""
    listener = socket.create_server(("127.0.0.1", 0))
    watched: dict[int, Any] = {}
    server = waitress.create_server(app, watched, sockets=[listener], threads=16, clear_untrusted_proxy_headers=True, **more)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        # With nothing to watch the loop ends. It closes nothing itself: a thread that is finishing a request, or this one, may
        # yet write into the pipe that wakes the loop, and the number of a closed pipe may already be another file's.
        server.trigger.pull_trigger(watched.clear)
        thread.join(10)
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.task_dispatcher.shutdown()
        server.close()
        listener.close()
