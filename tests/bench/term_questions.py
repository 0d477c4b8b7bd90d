"""Questions of a simulated term: topics by all their names, in many wordings, misspelt and in Chinese, and some that no course answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

ENGLISH = (
    "What is {x}?", "Please explain {x}.", "tell me about {x}", "Can you summarise {x} for me?", "{x} overview",
    "How is {x} inherited?", "What is the inheritance pattern of {x}?", "Is {x} dominant or recessive?", "inheritance of {x}",
    "What is the recurrence risk of {x} for a couple with one affected child?", "recurrence risk {x}", "What is the risk to siblings in {x}?",
    "How is {x} treated?", "What is the treatment of {x}?", "Which drugs help in {x}?", "management of {x}", "Is there a cure for {x}?",
    "Is there gene therapy for {x}?", "How is {x} diagnosed?", "Which test confirms {x}?", "diagnostic criteria of {x}", "genetic testing for {x}",
    "Which gene causes {x}?", "What causes {x}?", "molecular basis of {x}", "How common is {x}?", "What is the prevalence of {x}?",
    "How common is {x} in China?", "What are the clinical features of {x}?", "signs and symptoms of {x}", "At what age does {x} begin?",
    "What is the prognosis of {x}?", "What is the life expectancy in {x}?", "Can {x} be detected before birth?", "prenatal diagnosis of {x}",
    "What surveillance is needed in {x}?", "How should parents be counselled about {x}?", "Should relatives be tested for {x}?",
    "What should I tell a family with {x}?", "Why does severity vary in {x}?", "Is penetrance complete in {x}?", "Are carriers of {x} ever affected?",
)  # fmt: skip
CHINESE = (
    "什么是{x}？", "{x}怎么遗传？", "{x}的遗传方式是什么？", "{x}的再发风险是多少？", "{x}怎么治疗？", "{x}如何诊断？", "{x}的致病基因是什么？",
    "{x}的发病率是多少？", "{x}有哪些临床表现？", "{x}能做产前诊断吗？", "{x}的预后如何？", "{x}需要哪些随访？", "{x}家庭如何咨询？",
)  # fmt: skip
OFF_TOPIC = (
    "What is the weather in Chengdu tomorrow?", "Will it rain today?", "What time does the library close?", "Who won the football match?",
    "How do I reset my password?", "When is the exam?", "Where is the canteen?", "Tell me a joke", "What is the capital of France?",
    "How do I cook dumplings?", "Which laptop should I buy?", "Can you write my essay?", "What is the price of bitcoin?",
)  # fmt: skip
_SLIPS_FOR_EACH = 4
DRAWN = 60
"""Questions drawn for each topic, with repeats; the term's askings are drawn from them."""

Entry = dict[str, Any]


def misspelt(name: str, chance: random.Random) -> str:
    """A name with one slip in its longest word: two letters exchanged, one left out or one doubled."""
    word = max(name.replace("-", " ").split(), key=len)
    if len(word) < 5 or not word.isalpha():
        return name
    at = chance.randrange(1, len(word) - 2)
    slip = chance.choice(
        (word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[: at + 1] + word[at] + word[at + 1 :])
    )
    return name.replace(word, slip)


class Topic:
    """A condition that trainees ask about: `label` is its term, `words` the ways in which they call it."""

    def __init__(self, entry: Entry, chance: random.Random) -> None:
        """A topic by its glossary entry."""
        self.label = str(entry["term"])
        term = self.label if self.label[:1].isupper() and self.label.split()[0] not in _PLAIN else self.label[:1].lower() + self.label[1:]
        others = [str(name) for name in (*entry.get("abbreviations", ()), *entry.get("synonyms", ()))]
        self._names = [term, term, term, term.lower(), *others[:4]]
        self._slips = [misspelt(term, chance) for _ in range(_SLIPS_FOR_EACH)]
        self._chinese = [str(name) for name in entry.get("chinese", ())]
        self._pool = [self._drawn(chance) for _ in range(DRAWN)]

    def question(self, chance: random.Random) -> str:
        """A question about it: one of those that the term's trainees come up with."""
        return chance.choice(self._pool)

    def _drawn(self, chance: random.Random) -> str:
        drawn = chance.random()
        if drawn < 0.10 and self._chinese:
            return chance.choice(CHINESE).format(x=chance.choice(self._chinese))
        name = chance.choice(self._slips) if drawn < 0.18 else chance.choice(self._names)
        question = chance.choice(ENGLISH).format(x=name)
        return question.lower() if chance.random() < 0.1 else question


_PLAIN = {
    "Familial", "Alpha-1", "Beta", "Alpha", "Syndromic", "Congenital", "Tuberous", "Spinal", "Haemophilia", "Neurofibromatosis", "Multiple",
    "Polycystic", "Craniosynostosis", "Choroideremia", "Amyotrophic", "Epidermolysis", "Hereditary", "Hypertrophic", "Dilated",
}  # fmt: skip
