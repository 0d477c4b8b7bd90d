"""How a question is read."""

from __future__ import annotations

import pytest

from assistant import Answer, Assistant, Partly
from assistant.chinese import ChineseReader, has_chinese
from assistant.personal import is_personal
from assistant.question import question_parts
from assistant.spelling import Speller
from corpus import GlossaryEntry

SPELLER = Speller(
    {
        "achondroplasia": 9,
        "recurrence": 40,
        "unaffected": 30,
        "parents": 90,
        "prion": 2,
        "disease": 500,
        "mirror": 1,
        "movement": 5,
        "minor": 30,
        "cftr": 3,
    },
    [["prion", "disease"], ["congenital", "mirror", "movement", "disorder"]],
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["achondroplazia", "reccurence"], ["achondroplasia", "recurrence"]),
        (["miror", "movement"], ["mirror", "movement"]),
        (["unaffectedparents"], ["unaffected parents"]),
    ],
)
def test_a_slip_is_repaired_by_the_words_of_the_course(typed: list[str], meant: list[str]) -> None:
    assert SPELLER.repaired(typed) == meant


@pytest.mark.parametrize("word", ["BRCA1", "CFTR", "COL1A1", "steam", "pizza", "the", "Maffucci"])
def test_symbols_english_words_and_strange_names_are_left_alone(word: str) -> None:
    assert SPELLER.repaired(["is", word]) == ["is", word]


def test_a_repair_is_told_and_can_be_undone(assistant: Assistant) -> None:
    reply = assistant.ask("what is pennetrannce?")
    assert reply.question.understood == "what is penetrance?"
    assert reply.question.changes == (("pennetrannce", "penetrance"),)
    assert assistant.ask("what is pennetrannce?", literal=True).question.understood == "what is pennetrannce?"


def test_an_abbreviation_is_followed_by_what_it_stands_for(assistant: Assistant) -> None:
    assert "Chorionic villus sampling" in assistant.ask("When is CVS done?").question.understood


def test_a_name_that_the_course_never_writes_is_followed_by_its_own(assistant: Assistant) -> None:
    """Meaning and words of "mucoviscidosis" lead nowhere in a text that says cystic fibrosis; a name that it writes is left alone."""
    others = {name.text: name.preferred for name in assistant.searcher.names.all() if name.kind == "condition"}
    unwritten = next(name for name, term in others.items() if name != term and name.isalpha() and assistant.searcher.together(name) == 0)
    assert f"{unwritten} ({others[unwritten]})" in assistant.ask(f"What is {unwritten}?").question.understood
    assert assistant.ask("What is Huntington disease?").question.changes == ()


@pytest.mark.parametrize("question", ["Is c.235delC common?", "What does p.(Phe508del) mean?", "HLA-B*15:02 and 22q11.2"])
def test_notation_is_never_repaired(assistant: Assistant, question: str) -> None:
    assert not [change for change in assistant.ask(question).question.changes if change[0] in question and change[0][0].islower()]


def test_a_chinese_question_is_read_with_the_glossary(assistant: Assistant) -> None:
    reply = assistant.ask("β地中海贫血携带者的HbA2是多少？")
    assert isinstance(reply, Answer | Partly)
    assert reply.question.language == "zh"
    assert any("thalassaemia" in english.lower() for english, _ in reply.question.terms)


def test_a_disease_whose_chinese_name_nobody_knows_keeps_it() -> None:
    reader = ChineseReader([GlossaryEntry("syndrome", "concept", "", "", chinese=("综合征",))])
    assert "法伯病" in reader.read("法伯病的治疗是什么？").text
    assert "类风湿关节炎" in reader.read("类风湿关节炎如何治疗？").text
    strange = reader.read("巴特综合征怎么诊断？")
    assert "巴特综合征" in strange.text
    assert not strange.terms
    assert "disease" in reader.read("这种疾病如何治疗？").text


def test_chinese_that_nobody_knows_is_counted() -> None:
    entry = GlossaryEntry("Penetrance", "concept", "", "1.6#penetrance", chinese=("外显率",))
    reader = ChineseReader([entry])
    assert reader.read("什么是外显率").unread == 0
    assert reader.read("什么是外显率").terms == (("Penetrance", "外显率"),)
    assert reader.read("炒股秘籍").unread == 1
    assert has_chinese("外显率")


def test_a_medical_word_that_the_course_lacks_is_not_a_slip() -> None:
    speller = Speller({"osteoporosis": 9, "leukodystrophy": 3, "cardiomyopathy": 5, "disease": 2})
    typed = ["osteopetrosis", "leucodystrophy", "cardiomiopathy", "osteoporisis"]
    assert speller.repaired(typed) == ["osteopetrosis", "leukodystrophy", "cardiomyopathy", "osteoporosis"]


def test_a_disease_is_read_with_or_without_the_last_character_of_its_name() -> None:
    reader = ChineseReader([GlossaryEntry("osteogenesis imperfecta", "condition", "", "", chinese=("成骨不全症",))])
    assert reader.read("成骨不全如何遗传？").text == "osteogenesis imperfecta how is it inherited?"


def test_a_follow_up_takes_the_topic_along(assistant: Assistant) -> None:
    reply = assistant.ask("and how is it diagnosed?", ["What is beta thalassaemia?"])
    assert "beta thalassaemia" in reply.question.understood.lower()


def test_a_new_topic_inherits_nothing(assistant: Assistant) -> None:
    reply = assistant.ask("What is the miscarriage risk of amniocentesis?", ["What is beta thalassaemia?"])
    assert "thalassaemia" not in reply.question.understood.lower()


@pytest.mark.parametrize(
    ("history", "question", "understood"),
    [
        ("What is beta thalassaemia?", "Which genes are involved?", "which genes are involved? beta thalassaemia"),
        ("How is beta thalassaemia treated?", "and alpha thalassaemia?", "how is alpha thalassaemia treated?"),
        ("β地中海贫血怎么遗传？", "携带者频率是多少？", "carrier frequency how much is? beta thalassaemia"),
        ("What is beta thalassaemia?", "What is penetrance?", "what is penetrance?"),
        ("What is beta thalassaemia?", "and in carriers?", "and in carriers? beta thalassaemia"),
        ("What is beta thalassaemia?", "And Klinefelter?", "what is klinefelter?"),
        (
            "How is alpha thalassaemia treated?",
            "How is beta thalassaemia different?",
            "how is beta thalassaemia different? alpha thalassaemia",
        ),
        ("What is penetrance?", "Why does it matter in beta thalassaemia?", "why does it matter in beta thalassaemia? penetrance"),
        ("β地中海贫血如何治疗？", "α地中海贫血呢？", "alpha thalassaemia how is it treated?"),
    ],
)
def test_what_is_asked_of_a_topic_takes_it_along_and_another_topic_does_not(
    assistant: Assistant, history: str, question: str, understood: str
) -> None:
    assert assistant.ask(question, [history]).question.understood.lower() == understood


def test_what_about_another_topic_asks_the_same_of_it(assistant: Assistant) -> None:
    reply = assistant.ask("what about amniocentesis?", ["When is chorionic villus sampling done?"])
    assert reply.question.understood.lower().startswith("when is amniocentesis done")


@pytest.mark.parametrize(
    ("question", "personal"),
    [
        ("My sister has Lynch syndrome. Should I have a colonoscopy?", True),
        ("I am pregnant and my scan shows a cleft lip", True),
        ("Should we terminate?", True),
        ("我妈妈有亨廷顿病，我会得吗？", True),
        ("A 30-year-old woman has a brother with haemophilia A. What is her carrier risk?", False),
        ("How should I counsel a couple who are both carriers?", False),
        ("What should be discussed before testing?", False),
        ("Which test should I order for a child with developmental delay?", False),
        ("携带者夫妇的再发风险是多少？", False),
        ("I am 35, do I need NIPT?", True),
        ("Do I need to tell my sister?", True),
        ("Do I need written consent for genetic testing in China?", False),
        ("What samples do I need for DNA testing?", False),
        ("Do I have to report a nonconformity?", False),
    ],
)
def test_whose_question_it_is(question: str, personal: bool) -> None:  # noqa: FBT001
    assert is_personal(question) is personal


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is a VUS and how is it reported?", 2),
        ("Which drugs should she avoid? And when is surgery done?", 2),
        ("A boy has febrile seizures and is given carbamazepine. Which gene?", 1),
        ("What is Marfan syndrome?", 1),
    ],
)
def test_a_question_is_taken_apart_where_it_asks_again(text: str, parts: int) -> None:
    assert len(question_parts(text)) == parts
