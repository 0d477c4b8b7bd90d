"""Marks of identity: found in English and Chinese, never in the notation of the field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.masking import marks, masked, without_marks
from corpus import load_course

PERSONS = [
    ("张伟 住院号 20231187", {"name": "张伟", "record number": "住院号 20231187"}),
    ("张伟，男，35岁，住院号：20231187，孩子的风险？", {"name": "张伟", "record number": "住院号：20231187"}),
    ("患者欧阳娜娜 病案号 ZY0098123", {"name": "欧阳娜娜", "record number": "病案号 ZY0098123"}),
    ("住院号 20231187 王芳，可以做PGT吗", {"name": "王芳", "record number": "住院号 20231187"}),
    ("患者张伟，32岁，患有亨廷顿病", {"name": "张伟"}),
    ("姓名：李明 什么是SMA", {"name": "李明"}),
    ("李小明女士的BRCA1结果", {"name": "李小明"}),
    ("张伟 20231187 的再发风险", {"name": "张伟", "record number": "20231187"}),
    ("身份证 110101199003071234 的患者", {"identity number": "身份证 110101199003071234"}),
    ("11010119900307123X", {"identity number": "11010119900307123X"}),
    ("110101900307123 是谁", {"identity number": "110101900307123"}),
    ("身份证号码为１１０１０１１９９００３０７１２３４", {"identity number": "身份证号码为１１０１０１１９９００３０７１２３４"}),
    ("电话13800138000", {"telephone": "电话13800138000"}),
    ("请打 +86 138 0013 8000", {"telephone": "+86 138 0013 8000"}),
    ("call 010-12345678", {"telephone": "010-12345678"}),
    ("微信号：12345678", {"telephone": "微信号：12345678"}),
    ("ring 07700 900123 today", {"telephone": "07700 900123"}),
    ("ring 07700900123", {"telephone": "07700900123"}),
    ("ring 020 7946 0958 today", {"telephone": "020 7946 0958"}),
    ("+1 202 555 0143", {"telephone": "+1 202 555 0143"}),
    ("Mr John Smith, MRN 123456", {"name": "Mr John Smith", "record number": "MRN 123456"}),
    ("Mr Smith (MRN: 123456) has HD", {"name": "Mr Smith", "record number": "MRN: 123456"}),
    ("John Smith's NHS number is 943 476 5919", {"name": "John Smith", "record number": "NHS number is 943 476 5919"}),
    ("Zhang Wei, male, aged 34, hospital no. 20231187", {"name": "Zhang Wei", "record number": "hospital no. 20231187"}),
    ("Hospital number 20231187 (Li Ming): recurrence risk?", {"name": "Li Ming", "record number": "Hospital number 20231187"}),
    ("Mrs Anne-Marie O'Neill carries BRCA1", {"name": "Mrs Anne-Marie O'Neill"}),
    ("My patient Li Ming has cystic fibrosis", {"name": "Li Ming"}),
    ("Patient name: Zhang Wei", {"name": "Zhang Wei"}),
    ("What is the risk? DOB 7/3/1990", {"date of birth": "DOB 7/3/1990"}),
    ("born on 7 March 1990", {"date of birth": "born on 7 March 1990"}),
    ("date of birth: March 7, 1990", {"date of birth": "date of birth: March 7, 1990"}),
    ("1990年3月7日出生的女性", {"date of birth": "1990年3月7日出生"}),
    ("出生日期：19900307", {"date of birth": "出生日期：19900307"}),
    ("mail li.wei@example.cn", {"e-mail": "li.wei@example.cn"}),
    ("邮箱li.wei@example.cn", {"e-mail": "li.wei@example.cn"}),
]

NOT_PERSONS = [
    "c.1521_1523del",
    "What does NM_000492.4:c.1521_1523del p.(Phe508del) mean?",
    "NP_000483.3, ENST00000003084 and NC_000007.14",
    "rs1801133 and rs1553285739",
    "OMIM 143100 and #219700",
    "PMID 20231187, PMID: 31447099",
    "doi:10.1038/gim.2015.30 and 10.1038/s41436-020-0822-5",
    "A 32-year-old woman with a family history of Huntington disease",
    "the guideline of 2015 (published 17 April 2015, updated 2023-11-01)",
    "《出生缺陷防治能力提升计划》2023年8月1日发布",
    "2019年5月28日生效的条例",
    "at 11+2 to 13+6 weeks, or 孕18周+3天",
    "46,XX,t(11;22)(q23;q11.2) and 47,XY,+21",
    "45,XY,der(14;21)(q10;q10)",
    "chr7:117559590-117559592, GRCh38",
    "arr[GRCh38] 22q11.21(18916842_21800471)x1",
    "HLA-B*15:02 and CYP2C19*2/*17",
    "1 in 10,000; 1/100000; 3.2 x 10-8; 0.000123456",
    "NCT02292537, ISO 15189:2022, GB/T 22576",
    "VCV000007105.80 and SCV001234567",
    "Mrs Li, 38, has triple-negative breast cancer",
    "Dr Down described Down syndrome in 1866",
    "Marfan Syndrome and Ehlers Danlos Syndrome compared",
    "Who were Gregor Mendel and Thomas Hunt Morgan?",
    "白血病与高血压的遗传咨询",
    "唐氏综合征、马凡综合征和林奇综合征的区别",
    "患者高血压，男，如何用药",
    "张力性气胸如何处理",
    "患者需要做基因检测吗",
    "病人32岁，孕12周，NIPT高风险怎么办",
    "patient number needed for a study of 100000 people",
    "a child born at 32 weeks, birth weight 1990 g",
    "babies born in 2019 and screened by 2020",
    "LOD score 3.3, Phred 30, 30x coverage of 3200000000 bases",
    "QF-PCR markers D21S1435 and D18S535",
    "phone the laboratory on the day; record numbers of affected relatives",
    "住院号为什么不能写在提问里",
]


@pytest.mark.parametrize(("text", "expected"), PERSONS, ids=[text for text, _ in PERSONS])
def test_what_identifies_a_person_is_found_and_taken_out(text: str, expected: dict[str, str]) -> None:
    found = marks(text)
    assert {mark.kind: text[mark.start : mark.end] for mark in found} == expected
    for words in expected.values():
        assert words not in masked(text)
        assert words not in without_marks(text)


@pytest.mark.parametrize("text", NOT_PERSONS)
def test_the_notation_of_the_field_identifies_nobody(text: str) -> None:
    assert marks(text) == ()
    assert masked(text) == text == without_marks(text)


def test_no_sentence_or_practice_question_of_the_course_identifies_anybody(four_units: Path) -> None:
    course = load_course(four_units)
    texts = [
        sentence.text for unit in course.units.values() for one in unit.sections for block in one.blocks for sentence in block.sentences
    ]
    texts += [text for unit in course.units.values() for one in unit.check_questions for text in (one.question, one.answer)]
    texts += [entry.definition for entry in course.glossary]
    assert len(texts) > 1000
    assert [text for text in texts if marks(text)] == []


def test_no_question_of_the_measurements_identifies_anybody() -> None:
    file = Path(__file__).parent / "bench" / "questions" / "tune.jsonl"
    questions = [json.loads(line)["question"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(questions) > 500
    assert [question for question in questions if marks(question)] == []


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("Mr John Smith, MRN 123456, has HD; what is the risk?", "the patient has HD; what is the risk?"),
        ("John Smith (hospital number 123456) has HD", "the patient has HD"),
        ("My patient Li Ming has cystic fibrosis", "My patient has cystic fibrosis"),
        ("张伟，住院号20231187，想知道孩子的风险", "患者想知道孩子的风险"),
        ("患者张伟，32岁，患有亨廷顿病", "患者，32岁，患有亨廷顿病"),
        ("What is penetrance? MRN 00123456", "What is penetrance?"),
        ("MRN 00123456", ""),
        ("13800138000，010-12345678", ""),
    ],
)
def test_the_question_can_still_be_asked_without_the_person(asked: str, left: str) -> None:
    assert without_marks(asked) == left


IDENTIFIERS = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"[1-6][1-5][0-9]{4}19[5-9][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9X]", fullmatch=True),
    st.from_regex(r"(住院号|病历号：|MRN |hospital number: )[1-9][0-9]{5,9}", fullmatch=True),
    st.from_regex(r"(出生日期：|DOB )(19[5-9][0-9])-(0[1-9]|1[0-2])-(0[1-9]|1[0-9])", fullmatch=True),
    st.from_regex(r"[a-z]{3,8}@[a-z]{3,8}\.cn", fullmatch=True),
)
NOTATION = st.one_of(
    st.from_regex(r"c\.[1-9][0-9]{0,4}(_[1-9][0-9]{0,4})?(del|dup|A>G|C>T)", fullmatch=True),
    st.from_regex(r"NM_[0-9]{6,9}\.[1-9]", fullmatch=True),
    st.from_regex(r"rs[1-9][0-9]{3,9}", fullmatch=True),
    st.from_regex(r"(OMIM|MIM) [1-6][0-9]{5}", fullmatch=True),
    st.from_regex(r"PMID:? ?[1-9][0-9]{5,7}", fullmatch=True),
    st.from_regex(r"chr([1-9]|1[0-9]|2[0-2]|X|Y):[1-9][0-9]{4,8}(-[1-9][0-9]{4,8})?", fullmatch=True),
    st.from_regex(r"4[5-7],X[XY],t\(([1-9]|1[0-9]);([1-9]|2[0-2])\)\([pq][1-3][1-5];[pq]1[1-3]\)", fullmatch=True),
    st.from_regex(r"[1-9][0-9]-year-old", fullmatch=True),
    st.from_regex(r"(19|20)[0-9]{2}(年|-0[1-9]-[12][0-9]| guideline)", fullmatch=True),
    st.from_regex(r"[1-3][0-9]\+[0-6] weeks", fullmatch=True),
    st.from_regex(r"孕[1-3][0-9]周", fullmatch=True),
)
WORDS = st.sampled_from(["what is the risk of", "的再发风险", "carrier", "患有亨廷顿病", "and", "，", "? ", "recurrence in", "的结果"])


@given(WORDS, IDENTIFIERS, WORDS)
def test_an_identifier_is_found_whatever_stands_around_it(before: str, identifier: str, behind: str) -> None:
    text = f"{before} {identifier} {behind}"
    digits = identifier[-6:]
    assert digits in text
    assert digits not in masked(text)
    assert digits not in without_marks(text)


@given(st.lists(st.one_of(NOTATION, WORDS), max_size=6))
def test_notation_is_never_taken_for_a_person(parts: list[str]) -> None:
    assert marks(" ".join(parts)) == ()


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(IDENTIFIERS, NOTATION, WORDS, st.sampled_from(["张伟", "John Smith", "Mr", "姓名：", "患者"]), st.text(max_size=12)),
        max_size=8,
    ).map(" ".join)
)
def test_marks_are_in_order_within_the_text_and_gone_after_masking(text: str) -> None:
    found = marks(text)
    edges = [edge for mark in found for edge in (mark.start, mark.end)]
    assert edges == sorted(edges)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in found)
    assert marks(masked(text)) == marks(without_marks(text)) == ()
    assert masked(masked(text)) == masked(text)
