"""Each fault of a course is told with its file, its line and its remedy; a faultless course has none."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import tiny_course
from click.testing import CliRunner
from tiny_course import FIGURE, PLAIN, TABLE, TRAPS, unit_text

from corpus import CourseError, check_sentences
from corpus.checks import check_course
from corpus.commands import course_commands, course_commands_with
from corpus.faults import Fault

LONG = "word " * 35 + "end."
UNIT = unit_text()
GLOSSARY = tiny_course.GLOSSARY


def faults(folder, files=None):
    return check_course(tiny_course.faultless(folder, files))


def changed(old, new):
    assert old in UNIT
    return {TRAPS: UNIT.replace(old, new)}


def test_a_faultless_course_has_no_fault(tmp_path):
    assert faults(tmp_path) == []


FAULTS = {
    "unit not in the syllabus": (changed('unit: "1.1"', 'unit: "9.9"'), "the unit “9.9” is not in the syllabus"),
    "another title": (changed("title: Traps of Markdown", "title: Snares"), "the title is “Snares”. Write “Traps of Markdown”"),
    "other outcomes": (changed('outcomes: ["1.1.a", "1.1.b"]', 'outcomes: ["1.1.a"]'), "the outcomes are not those of the syllabus"),
    "no review": (changed("reviewed: 2026-11-22", "reviewed: soon"), "“reviewed” is no date"),
    "too few references": (changed('  - "One. Journal 2001."\n', ""), "the unit has 4 references"),
    "a reference that cannot be found": (changed("One. Journal 2001.", "One. Journal."), "has neither a year nor an identifier"),
    "outcome answered nowhere": (changed(' outcomes="1.1.b"', ""), "outcome 1.1.b is answered by no section"),
    "outcome of another unit": (changed('outcomes="1.1.b"', 'outcomes="1.1.b 1.2.a"'), "“1.2.a” is no outcome of unit 1.1"),
    "too short": ({TRAPS: UNIT.replace("Paragraph number 7", "")[:900] + "\n\n" + UNIT[UNIT.index("## A box") :]}, "words. Keep it between"),
    "too long": ({TRAPS: unit_text(end="One more plain word.\n\n" * 600)}, "words. Keep it between"),
    "heading of the first level": ({TRAPS: unit_text(end="# Big {#big}\n\nText.")}, "a heading of the first level"),
    "heading without an anchor": ({TRAPS: unit_text(end="### Bare\n\nText.")}, "the heading “Bare” has no anchor"),
    "anchor that is not plain": ({TRAPS: unit_text(end="### Odd {#Odd_one}\n\nText.")}, "the anchor “Odd_one” is not plain"),
    "evidence that is gone": (changed('evidence="box" form="compare"', 'evidence="gone" form="compare"'), "the evidence “gone” is no section"),
    "unknown form": (changed('form="compare"', 'form="riddle"'), "“riddle” is no form of question"),
    "too few forms": (changed('form="vignette"', 'form="direct"').copy() | {TRAPS: UNIT.replace("vignette", "direct").replace("compare", "direct")}, "have 2 forms"),
    "too few questions": ({TRAPS: UNIT[: UNIT.index("### What is question 4")]}, "the unit has 4 practice questions"),
    "question without an answer": ({TRAPS: UNIT.rstrip().removesuffix("Every carrier has one variant.")}, "no model answer"),
    "link to no section": (changed("(#box)", "(#gone)"), "the link to “1.1#gone” leads to no section"),
    "link to no unit": (changed("(#box)", "(7.7)"), "the link to “7.7” leads to no unit"),
    "figure that does not exist": (changed("1.1-pedigree.svg", "1.1-gone.svg"), "the figure “figures/1.1-gone.svg” does not exist"),
    "figure without a description": (changed("![A square joined to a circle by a line]", "![]"), "is not described"),
    "figure from outside": (changed("(figures/1.1-pedigree.svg", "(https://example.org/x.svg"), "a picture from outside the course is not shown"),
    "figure that no unit shows": ({FIGURE.replace("1.1-", "1.1-other-"): tiny_course.SVG}, "no unit shows this figure"),
    "calculation that is wrong": (changed("= 1/625", "= 1/600"), "“couple = carrier * carrier = 1/600” gives 0.0016"),
    "abbreviation that is not expanded": (changed("Cystic fibrosis (CF) is", "The disease CF is"), "“CF” is not expanded at its first use in the unit. Write “Cystic fibrosis (CF)”"),
    "long sentence": ({TRAPS: unit_text(end=LONG)}, "has 36 words. Cut it in two"),
    "paragraph that opens with a pronoun": ({TRAPS: unit_text(end="- This is bare.")}, "“This is bare.…” opens with a pronoun"),
    "US spelling": ({TRAPS: unit_text(end="The tumor has no color.")}, "“tumor” is US spelling. Write “tumour”"),
    "unknown word": ({TRAPS: unit_text(end="The penetrence is high.")}, "“penetrence” is not a known word"),
    "unknown word in a figure": ({FIGURE: tiny_course.SVG.replace("carrier", "carier")}, "“carier” is not a known word"),
    "glossary entry whose section is gone": ({"glossary.yaml": GLOSSARY.replace("1.1#table", "1.1#gone", 1)}, "the section of “Cystic fibrosis” “1.1#gone” does not exist"),
    "glossary entry without a Chinese name": ({"glossary.yaml": GLOSSARY.replace("[囊性纤维化]", "[CF]")}, "“Cystic fibrosis” has no Chinese name"),
    "glossary entry of no known kind": ({"glossary.yaml": GLOSSARY.replace("kind: gene", "kind: thing")}, "“thing” is no kind of term"),
    "glossary entry without a definition": ({"glossary.yaml": GLOSSARY.replace("definition: CFTR is the gene of cystic fibrosis.", "definition: ''")}, "“CFTR” is not defined"),
    "glossary entry twice": ({"glossary.yaml": GLOSSARY + GLOSSARY.partition("entry.\n\n")[2]}, "“Cystic fibrosis” is already defined on line 3"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_told_once_with_its_remedy(tmp_path, files, message):
    found = [fault for fault in faults(tmp_path, files) if message in str(fault)]
    assert len(found) == 1
    assert found[0].remedy.endswith(".")
    assert (tmp_path / found[0].file).is_file()


LINES = {
    "(#gone)": (changed("(#box)", "(#gone)"), "link"),
    "= 1/600": (changed("= 1/625", "= 1/600"), "calculation"),
    "Journal.": (changed("One. Journal 2001.", "One. Journal."), "identifier"),
    "penetrence": ({TRAPS: unit_text(end="First line.\nThe penetrence is high.")}, "penetrence"),
    "- This": ({TRAPS: unit_text(end="- An item.\n- This is bare.")}, "pronoun"),
    "### Bare": ({TRAPS: unit_text(end="```\n### code\n```\n\n### Bare\n\nText.")}, "no anchor"),
    "title: Snares": (changed("title: Traps of Markdown", "title: Snares"), "title"),
}


@pytest.mark.parametrize(("on_line", "case"), LINES.items(), ids=LINES.keys())
def test_a_fault_stands_on_the_line_that_has_it(tmp_path, on_line, case):
    files, message = case
    (fault,) = [fault for fault in faults(tmp_path, files) if message in str(fault)]
    assert on_line in (tmp_path / fault.file).read_text(encoding="utf-8").splitlines()[fault.line - 1]


SVG_FAULTS = {
    "<title>": ('<title id="t">A pedigree</title>', ""),
    "<desc>": ('<desc id="d">One square and one circle.</desc>', ""),
    'role="img"': ('role="img" ', ""),
    "viewBox": ('viewBox="0 0 10 10" ', ""),
    "<script>": ("<rect", "<script/><rect"),
    "<style>": ("<rect", "<style/><rect"),
    "<image>": ("<rect", "<image/><rect"),
    "“style”": ("<rect", '<rect style="fill:red"'),
    "“href”": ("<rect", '<rect href="#x"'),
    "“onclick”": ("<rect", '<rect onclick="x()"'),
    "outside itself": ("<rect", '<rect filter="url(https://example.org/x)"'),
    "well-formed": ("</svg>", ""),
}  # fmt: skip


@pytest.mark.parametrize(("message", "change"), SVG_FAULTS.items(), ids=SVG_FAULTS.keys())
def test_each_fault_of_a_figure_is_told(tmp_path, message, change):
    (fault,) = faults(tmp_path, {FIGURE: tiny_course.SVG.replace(*change)})
    assert fault.file == FIGURE
    assert message in fault.message


def test_gene_symbols_and_what_every_doctor_knows_need_no_expansion(tmp_path):
    table = TABLE.replace("Cystic fibrosis (CF) is", "This disease is").replace("Carriers of CF", "Carriers")
    end = "DNA and *CF* are short. CFTR and PVS1 too."
    assert [fault for fault in faults(tmp_path, {TRAPS: unit_text(end=end, table=table)}) if "expanded" in fault.message] == []


def test_references_names_and_quotations_keep_their_spelling(tmp_path):
    text = UNIT.replace("One. Journal 2001.", "Tumor Center hemoglobin qwxyz 2001.") + '\nThe old "tumor" is quoted; a Center too.\n'
    assert faults(tmp_path, {TRAPS: text}) == []


@pytest.mark.parametrize(
    ("text", "allowed"), [(LONG, "LONG_SENTENCES_ALLOWED"), ("These are bare.", "PRONOUN_OPENINGS_ALLOWED")], ids=["long", "pronoun"]
)
def test_warnings_are_errors_beyond_their_budget(tmp_path, monkeypatch, text, allowed):
    files = {TRAPS: unit_text(end=f"{text}\n\n{text}")}
    assert {fault.severity for fault in faults(tmp_path, files)} == {"warning"}
    monkeypatch.setattr(check_sentences, allowed, 1)
    (over,) = [fault.message for fault in check_course(tmp_path) if fault.severity == "error"]
    assert over.endswith("1 are allowed.")


def other_unit(sentence):
    """The unit 1.2, which is like 1.1 but for its last sentence, with what it needs."""
    text = unit_text(end=sentence, table=TABLE.replace("Carriers of CF number 1 in 25 people in Europe.", ""))
    text = (
        text.replace("1.1", "1.2")
        .replace("Traps of Markdown", "Plain text")
        .replace('"1.2.a", "1.2.b"', '"1.2.a"')
        .replace(' outcomes="1.2.b"', "")
    )
    return {"syllabus.yaml": tiny_course.SYLLABUS, PLAIN: text, FIGURE.replace("1.1", "1.2"): tiny_course.SVG}


NUMBERS = {
    "another value": ("Cystic fibrosis has a carrier frequency of 1 in 50 in Europe.", True),
    "the same value": ("Cystic fibrosis has a carrier frequency of 1 in 25 in Europe.", False),
    "nearly the same value": ("Cystic fibrosis has a carrier frequency of 1 in 26 in Europe.", False),
    "a range that holds it": ("Cystic fibrosis has a carrier frequency of 1 in 20 to 1 in 30 in Europe.", False),
    "another population": ("Cystic fibrosis has a carrier frequency of 1 in 500 in China.", False),
    "another measure": ("The incidence of cystic fibrosis is 1 in 2,500 in Europe.", False),
    "no subject": ("The carrier frequency is 1 in 500 in Europe.", False),
}


@pytest.mark.parametrize(("sentence", "differs"), NUMBERS.values(), ids=NUMBERS.keys())
def test_numbers_of_one_quantity_that_differ_between_units_are_listed(tmp_path, sentence, differs):
    table = TABLE.replace(
        "Carriers of CF number 1 in 25 people in Europe.", "Cystic fibrosis has a carrier frequency of 1 in 25 in Europe."
    )
    found = faults(tmp_path, {**other_unit(sentence), TRAPS: unit_text(table=table)})
    assert [fault.severity for fault in found] == ["warning"] * differs
    if differs:
        assert (
            "carrier frequency of “Cystic fibrosis” is 1 in 50 (Europe) here, 1 in 25 (Europe) in modules/1-first/01-traps.md:"
            in found[0].message
        )


def test_a_folder_without_a_syllabus_is_checked_for_links_figures_and_sums_alone(tmp_path):
    text = "# Bare\n\nThe tumor. [x](other.md) ![x](gone.svg)\n\n" + LONG + "\n\n```calc\na = 1 + 1 = 3\n```\n"
    (tmp_path / "bare.md").write_text(text, encoding="utf-8")
    messages = [fault.message for fault in check_course(tmp_path)]
    assert len(messages) == 4
    for part in ("the link", "is not described", "does not exist", "gives 2."):
        assert any(part in message for message in messages)


def test_a_course_that_cannot_be_read_is_one_course_error(tmp_path):
    with pytest.raises(CourseError, match="is used by two headings"):
        faults(tmp_path, {TRAPS: unit_text(end="## Again {#box}\n\nText.")})


def test_a_list_of_words_that_is_no_text_is_told(tmp_path):
    with pytest.raises(CourseError, match=r"words\.txt: the list of words cannot be read"):
        faults(tmp_path, {"words.txt": b"\xff\xfe"})


def run(commands, folder):
    return CliRunner().invoke(commands, ["check"], obj=SimpleNamespace(course=folder))


def test_the_command_exits_with_0_where_all_is_well(tmp_path):
    result = run(course_commands, tiny_course.faultless(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 errors, 0 warnings." in result.stderr


def test_the_command_exits_with_1_and_prints_a_line_a_fault(tmp_path):
    result = run(course_commands, tiny_course.faultless(tmp_path, changed("(#box)", "(#gone)")))
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{TRAPS}:")
    assert ": error: the link to “1.1#gone” leads to no section. Name a unit" in line


def test_warnings_alone_do_not_fail_the_command(tmp_path):
    assert run(course_commands, tiny_course.faultless(tmp_path, {TRAPS: unit_text(end=LONG)})).exit_code == 0


def test_the_command_tells_a_course_error_without_a_traceback(tmp_path):
    result = run(course_commands, tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "Error:" in result.stderr
    assert "there is no such folder" in result.stderr


def test_further_checks_run_beside_the_courses_own(tmp_path):
    def further(text):
        yield Fault("x.md", 3, f"{len(text.units)} unit is too few.", "Write more.")

    result = run(course_commands_with([further]), tiny_course.faultless(tmp_path))
    assert result.exit_code == 1
    assert result.stdout == "x.md:3: error: 1 unit is too few. Write more.\n"


def test_show_lists_modules_units_and_their_words(tmp_path):
    result = CliRunner().invoke(course_commands, ["show"], obj=SimpleNamespace(course=tiny_course.faultless(tmp_path)))
    assert result.exit_code == 0
    assert "1 First module" in result.stdout
    assert "5 questions   5 references  Traps of Markdown" in result.stdout
    assert "1 units" in result.stdout
