"""What is asked of a condition by its name: of one that the course never mentions it must be refused, of one that it treats the answer must speak of it.

    python tests/bench/names.py [--index DIR] [--misses]

Names of absent conditions were written down before it was looked whether the course has them; those that it has a word of are left out and
counted. Conditions that it treats are those of the glossary, every `--every`-th; their other names (abbreviations, synonyms) are asked for one by one.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.opening import open_assistant
from assistant.reply import Answer, Boundary, NotCovered, Partly, Unreadable
from index.tokens import tokens
from web.settings import Settings

if TYPE_CHECKING:
    from assistant.reply import Reply

ASKED = (
    "What is the inheritance pattern of {x}?",
    "recurrence risk {x}",
    "prenatal diagnosis of {x}",
    "Is there a cure for {x}?",
    "what is the prevalence of {x}?",
    "diagnostic criteria of {x}",
    "Should relatives be tested for {x}?",
    "How is {x} treated?",
    "which gene causes {x}?",
    "what is {x}",
    "penetrance of {x} in carriers?",
    "{x}的遗传方式是什么？",
    "{x}如何诊断？",
)
OF_OTHER_NAMES = ("What is {x}?", "How is {x} inherited?", "{x} overview", "diagnosis of {x}")
ABSENT = """Barth syndrome;moyamoya disease;Crigler-Najjar syndrome;Canavan disease;Kallmann syndrome;psoriasis;Alport syndrome;Rothmund-Thomson syndrome;
Pelizaeus-Merzbacher disease;Gitelman syndrome;Bartter syndrome;Hermansky-Pudlak syndrome;Netherton syndrome;Kabuki syndrome;Cockayne syndrome;Bloom syndrome;
Farber disease;Krabbe disease;Aicardi-Goutieres syndrome;Joubert syndrome;Walker-Warburg syndrome;Nijmegen breakage syndrome;cystinosis;cystinuria;
primary hyperoxaluria;porphyria cutanea tarda;familial Mediterranean fever;Camurati-Engelmann disease;osteopetrosis;hypophosphatasia;pycnodysostosis;
Larsen syndrome;Diamond-Blackfan anaemia;Shwachman-Diamond syndrome;Chediak-Higashi syndrome;Griscelli syndrome;Glanzmann thrombasthenia;
Bernard-Soulier syndrome;Wiskott-Aldrich syndrome;Job syndrome;rheumatoid arthritis;gout;multiple sclerosis;ankylosing spondylitis;coeliac disease;
Crohn disease;endometriosis;appendicitis;migraine;narcolepsy"""
KINDS = {Answer: "covered", Partly: "partly", NotCovered: "refused", Boundary: "boundary", Unreadable: "unreadable"}


def said(reply: Reply) -> str:
    """The sentences of a reply with the headings that they stand under."""
    sentences = reply.sentences if isinstance(reply, Answer | Partly | Boundary) else ()
    return " ".join(f"{sentence.text} {' '.join(cited.headings)}" for sentence in sentences for cited in sentence.citations)


def main() -> None:
    """Ask, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="folder of the index")
    parser.add_argument("--every", type=int, default=4)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    assistant = open_assistant(Settings.read({"index": options.index} if options.index else {}))
    known = {token for passage in assistant.searcher.index.passages for token in tokens(" ".join([passage.text, *passage.headings]))}
    known |= {token for entry in assistant.course.glossary for name in entry.names for token in tokens(name)}
    written = [" ".join(name.split()) for name in ABSENT.split(";")]
    absent = [name for name in written if not set(tokens(name)) <= known]
    found: Counter[str] = Counter()
    for name in absent:
        for wording in ASKED:
            reply = assistant.ask(wording.format(x=name))
            found[KINDS[type(reply)]] += 1
            if options.misses and isinstance(reply, Answer | Partly):
                print(f"{KINDS[type(reply)]:9} {reply.confidence:.2f} {wording.format(x=name)}")
    total = sum(found.values())
    print(
        f"absent: {len(absent)} of {len(written)} names, {total} questions: {dict(found)}; {(found['refused'] + found['unreadable']) / total:.3f} refused"
    )
    treated = [entry for entry in assistant.course.glossary if entry.kind == "condition"][:: options.every]
    counts: Counter[str] = Counter()
    for entry in treated:
        own = [set(tokens(name)) for name in entry.names]
        for wording in ASKED:
            reply = assistant.ask(wording.format(x=entry.term))
            text = set(tokens(said(reply)))
            state = KINDS[type(reply)]
            about = any(words <= text for words in own) or any(
                cited.passage.rpartition("/")[0] == entry.section
                for sentence in (reply.sentences if isinstance(reply, Answer | Partly | Boundary) else ())
                for cited in sentence.citations
            )
            counts[state if state in {"refused", "unreadable"} else f"{state}, {'about it' if about else 'about something else'}"] += 1
            if options.misses and not about and state != "refused":
                print(f"{state:9} {wording.format(x=entry.term)}")
    total = sum(counts.values())
    print(f"treated: {len(treated)} names, {total} questions: {dict(counts)}")
    others = [name for entry in assistant.course.glossary if entry.kind == "condition" and entry.section for name in entry.names[1:]]
    outcomes: Counter[str] = Counter()
    for at, name in enumerate(others):
        wording = OF_OTHER_NAMES[at % len(OF_OTHER_NAMES)].format(x=name)
        state = KINDS[type(assistant.ask(wording))]
        outcomes[state] += 1
        if options.misses and state in {"refused", "unreadable"}:
            print(f"{state:9} {wording}")
    print(f"other names of what it treats: {len(others)} questions: {dict(outcomes)}")


if __name__ == "__main__":
    main()
