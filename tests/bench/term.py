"""A simulated term: what 20 machines of trainees ask of a course with topics taken out, the gaps that come of it, and the topics put back.

    python tests/bench/term_course.py REDUCED --seed 2
    genomics-tutor --course REDUCED --index REDUCED-INDEX --data WORK index build
    python tests/bench/term.py --reduced REDUCED --reduced-index REDUCED-INDEX --index INDEX --work WORK --seed 2

Each distinct question is asked once of the assistant; a journal for each machine is written, exported and imported into one; the gaps are
made; then the whole course is asked again. Answers are kept in WORK, so that a second run with the same seed asks nothing twice.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import time
import uuid
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

sys.path.insert(0, str(Path(__file__).parent.parent))
from sklearn.metrics import adjusted_rand_score
from term_course import COURSE, topics
from term_questions import OFF_TOPIC, Topic
from tutor_fakes import signed_in

from assistant.gap_askings import askings
from assistant.gap_making import GapCourse, make_gaps
from assistant.gap_store import GapStore
from assistant.gap_trial import ask_again
from assistant.journal import Event, Journal
from assistant.journal_file import JournalFile, write_journal
from assistant.opening import open_assistant
from web import create_app
from web.conversations import Conversations
from web.services import Services
from web.settings import Settings

if TYPE_CHECKING:
    from corpus import Course

MACHINES, TRAINEES, WEEKS = 20, 60, 8
EACH_WEEK = 5.5
"""Questions that a trainee asks in a week, on average."""

REMOVED_SHARE, OFF_TOPIC_SHARE, PRACTICE_SHARE = 0.15, 0.01, 0.10
COVERED_TOPICS = 30
NOT_HELPFUL_REMOVED, NOT_HELPFUL_COVERED, TOLD = 0.3, 0.01, 0.03
KEPT_AT_ONCE = 250
START = datetime(2026, 9, 7, 8, tzinfo=UTC)


def asked_by_all(reduced_course: Path, removed: list[dict[str, Any]], seed: int) -> list[tuple[int, int, str, str]]:
    """Every question of the term: (machine, minute of the term, topic or "", question)."""
    chance = random.Random(seed)
    glossary = yaml.safe_load((reduced_course / "glossary.yaml").read_text(encoding="utf-8"))
    practice = [
        line.split("{")[0].lstrip("# ").strip()
        for path in sorted((reduced_course / "modules").glob("*/*.md"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("### ") and "evidence=" in line
    ]
    gone = [Topic(entry, chance) for entry in removed]
    held = [Topic(entry, chance) for entry in topics(reduced_course, glossary, COVERED_TOPICS, seed)]
    weights = [1 / (place + 3) for place in range(len(held))]
    questions = []
    for machine in range(MACHINES):
        for _ in range(round(TRAINEES * WEEKS * EACH_WEEK)):
            drawn = chance.random()
            minute = chance.randrange(WEEKS * 7 * 24 * 60)
            if drawn < REMOVED_SHARE:
                topic = chance.choice(gone)
                questions.append((machine, minute, topic.label, topic.question(chance)))
            elif drawn < REMOVED_SHARE + OFF_TOPIC_SHARE:
                questions.append((machine, minute, "", chance.choice(OFF_TOPIC)))
            elif drawn < REMOVED_SHARE + OFF_TOPIC_SHARE + PRACTICE_SHARE:
                questions.append((machine, minute, "", chance.choice(practice)))
            else:
                questions.append((machine, minute, "", chance.choices(held, weights)[0].question(chance)))
    return questions


def bodies(questions: list[str], assistant: Any, work: Path) -> dict[str, dict[str, Any]]:
    """What the journal keeps of each distinct question; asked once and kept in `work`."""
    kept = work / "bodies.json"
    known: dict[str, dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    wanted = [question for question in dict.fromkeys(questions) if question not in known]
    begun = time.perf_counter()
    for first in range(0, len(wanted), KEPT_AT_ONCE):
        scratch = work / "scratch.sqlite"
        scratch.unlink(missing_ok=True)
        journal = Journal(scratch)
        ids = {journal.record(assistant.ask(question), question): question for question in wanted[first : first + KEPT_AT_ONCE]}
        known |= {ids[event.id]: event.body for event in journal.events()}
        kept.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    if wanted:
        print(f"asked {len(wanted)} distinct questions in {time.perf_counter() - begun:.0f} s")
    return known


def term_journal(questions: list[tuple[int, int, str, str]], body: dict[str, Any], work: Path, seed: int) -> tuple[Journal, dict[str, str]]:
    """One journal out of those of all machines, and the removed topic of each question's event ("" for none)."""
    chance = random.Random(seed + 1000)
    topics: dict[str, str] = {}
    files: list[str] = []
    for machine in range(MACHINES):
        name = str(uuid.UUID(int=chance.getrandbits(128)))
        trainees = [f"{chance.getrandbits(40):x}" for _ in range(TRAINEES)]
        events: list[Event] = []
        for own, minute, topic, question in questions:
            if own != machine:
                continue
            when = (START + timedelta(minutes=minute)).isoformat(timespec="milliseconds")
            told = body[question] | {"conversation": f"{chance.choice(trainees)}-{minute // (7 * 24 * 60)}"}
            asked = Event(str(uuid.UUID(int=chance.getrandbits(128))), name, when, "question", told)
            topics[asked.id] = topic
            events.append(asked)
            if told["state"] in {"covered", "partly"} and chance.random() < (NOT_HELPFUL_REMOVED if topic else NOT_HELPFUL_COVERED):
                verdict = {"about": asked.id, "verdict": "not_helpful", "reason": "", "comment": ""}
                events.append(Event(str(uuid.UUID(int=chance.getrandbits(128))), name, when, "feedback", verdict))
            if told["state"] == "not_covered" and chance.random() < TOLD:
                note = {"about": asked.id, "question": told["question"], "note": "Please add this."}
                events.append(Event(str(uuid.UUID(int=chance.getrandbits(128))), name, when, "note", note))
        one = work / f"machine-{machine}.sqlite"
        for file in work.glob(f"{one.name}*"):
            file.unlink()
        Journal(one).take(events)
        out = io.StringIO()
        write_journal(out, Journal(one).events(), name)
        files.append(out.getvalue())
    whole = work / "journal.sqlite"
    for file in work.glob(f"{whole.name}*"):
        file.unlink()
    begun = time.perf_counter()
    taken = sum(Journal(whole).take(JournalFile(io.StringIO(file)).events())[0] for file in files)
    print(f"imported {taken} events of {len(files)} machines in {time.perf_counter() - begun:.1f} s")
    return Journal(whole), topics


def report(store: GapStore, topics: dict[str, str], removed: list[str]) -> dict[str, str]:
    """Print how well the gaps show the topics that were taken out; gives the topic of each gap that is about one."""
    gaps = store.gaps()
    about: dict[str, str] = {}
    labels: list[str] = []
    found: list[str] = []
    spread: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: dict[str, int] = {}
    with store.open() as database:
        for gap in gaps:
            own = Counter(topics[one.event] for one in askings(database, gap.id) if one.event in topics)
            sizes[gap.id] = sum(own.values())
            topic, count = own.most_common(1)[0]
            if topic and 2 * count > sum(own.values()):
                about[gap.id] = topic
            for label, size in own.items():
                if label:
                    labels += [label] * size
                    found += [gap.id] * size
                    spread[label][gap.id] += size
    top = [about.get(gap.id, "") for gap in gaps[:20]]
    missed = sum(1 for topic in topics.values() if topic)
    print(f"{len(gaps)} gaps of {sum(sizes.values())} askings; {len(labels)} of {missed} askings of removed topics are in a gap")
    print(
        f"among the first 20: {sum(1 for topic in top if topic)} about a removed topic, {len({topic for topic in top if topic})} different ones"
    )
    print(f"adjusted Rand index over the askings of removed topics: {adjusted_rand_score(labels, found):.3f}")
    for topic in removed:
        parts = spread[topic].most_common(4)
        whole = sum(spread[topic].values())
        shares = ", ".join(f"{100 * size / whole:.0f} %" for _, size in parts)
        best = next((place for place, gap in enumerate(gaps, 1) if parts and gap.id == parts[0][0]), 0)
        title = next((gap.figures.title for gap in gaps if parts and gap.id == parts[0][0]), "")
        print(f"  {topic:42} {whole:5} askings in {len(spread[topic]):3} gaps ({shares}); place {best}: {title}")
    print(
        "first 25:",
        *(f"{gap.figures.score:7.1f} {gap.figures.questions:5} {gap.figures.title} [{about.get(gap.id, '-')}]" for gap in gaps[:25]),
        sep="\n  ",
    )
    return about


def page_times(settings: Settings, course: Course, journal: Journal) -> None:
    """Print how long the dashboard and the list of gaps take, through Flask's test client."""
    app = create_app(settings, Services.of(course, None, Conversations(settings.data / "conversations.sqlite"), journal))
    tutor = signed_in(app)
    for name, address in (("dashboard", "/tutor/"), ("list of gaps", "/tutor/gaps/?status=all")):
        times = []
        for _ in range(100):
            begun = time.perf_counter()
            tutor.get(address)
            times.append((time.perf_counter() - begun) * 1000)
        print(f"{name}, 100 times: first {times[0]:.0f} ms, median {sorted(times)[50]:.0f} ms, 95th percentile {sorted(times)[95]:.0f} ms")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reduced", type=Path, required=True)
    parser.add_argument("--reduced-index", type=Path, required=True)
    parser.add_argument("--course", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", action="store_true", help="measure the dashboard and the list of gaps")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    removed = json.loads((given.reduced / "removed.json").read_text(encoding="utf-8"))
    questions = asked_by_all(given.reduced, removed, given.seed)
    settings = Settings.read({"course": given.reduced, "index": given.reduced_index, "data": given.work}, {})
    assistant = open_assistant(settings)
    body = bodies([question for *_, question in questions], assistant, given.work)
    print(f"{len(questions)} questions, {len({question for *_, question in questions})} distinct, {len(removed)} topics taken out")
    states: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for *_, topic, question in questions:
        states[bool(topic)][body[question]["state"]] += 1
    print(f"states: removed {dict(states[True])}; other {dict(states[False])}")
    journal, topics = term_journal(questions, body, given.work, given.seed)
    kept = given.work / "gaps.sqlite"
    for file in given.work.glob("gaps.sqlite*"):
        file.unlink()
    store = GapStore(kept)
    now = START + timedelta(weeks=WEEKS)
    for which in ("first", "second"):
        begun = time.perf_counter()
        run = make_gaps(journal, GapCourse.of(assistant), store, now=now)
        print(f"gaps made ({which} time): {run.questions} askings, {run.texts} texts, {time.perf_counter() - begun:.1f} s")
    about = report(store, topics, [str(entry["term"]) for entry in removed])
    if given.pages:
        page_times(settings, assistant.course, journal)
    if given.index:
        whole = open_assistant(Settings.read({"course": given.course or COURSE, "index": given.index, "data": given.work}, {}))
        closed: Counter[str] = Counter()
        answered = asked = 0
        first = {gap.id for gap in store.gaps()[:20]}
        for id_ in about:
            trial = ask_again(store, id_, whole)
            gap = store.gap(id_)
            answered += trial.answered if trial else 0
            asked += len(trial.results) if trial else 0
            closed["closed" if gap and gap.status == "answered" else "open"] += 1
            closed["closed of the first 20"] += bool(gap and gap.status == "answered" and id_ in first)
            if trial and trial.answered < len(trial.results):
                left = {key for key, fine in trial.results.items() if not fine}
                with store.open() as database:
                    lacking = [one for one in askings(database, id_) if one.text in left and topics.get(one.event)]
                closed["open for complaints about what was never taken out"] += not lacking
                print(*sorted({f"  unanswered: {one.phrase}" for one in lacking}), sep="\n", end="\n" if lacking else "")
        print(f"topics put back: {dict(closed)} of {len(about)} gaps about them; {answered} of {asked} distinct questions answered now")


if __name__ == "__main__":
    main()
