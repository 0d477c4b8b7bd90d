"""A tiny course with every Markdown trap in it, written into a folder; with `faultless`, one that every check passes.

course(folder)            modules/1-first/*.md, syllabus.yaml, glossary.yaml
course(folder, {"modules/1-first/01-traps.md": "..."})    the same with files replaced, added, or (None) left out
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TRAPS = "modules/1-first/01-traps.md"
PLAIN = "modules/1-first/02-plain.md"
FIGURE = "modules/1-first/figures/1.1-pedigree.svg"

SYLLABUS = """\
course: A tiny course
modules:
- id: 1
  title: First module
  units:
  - id: "1.1"
    title: Traps of Markdown
    outcomes:
    - Read a table and a list
    - Read a box
  - id: "1.2"
    title: Plain text
    outcomes:
    - Read a paragraph
"""

GLOSSARY = """\
# A remark before the first entry.

- term: Cystic fibrosis
  kind: condition
  abbreviations: [CF]
  chinese: [囊性纤维化]
  genes: [CFTR]
  definition: Cystic fibrosis is a recessive disease.
  section: "1.1#table"
- term: CFTR
  kind: gene
  chinese: [CFTR基因]
  conditions: [Cystic fibrosis]
  definition: CFTR is the gene of cystic fibrosis.
  section: "1.1#table"
"""

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" role="img" aria-labelledby="t d">
<title id="t">A pedigree</title><desc id="d">One square and one circle.</desc>
<rect width="10" height="10" fill="#ffffff"/><text x="1" y="2">carrier</text>
</svg>
"""

TRAPS_TEXT = """\
---
unit: "1.1"
title: Traps of Markdown
outcomes: ["1.1.a", "1.1.b"]
reviewed: 2026-11-22
references: ["Mendel G. Experiments on plant hybrids. 1866."]
aliases: [pitfalls]
---
An opening paragraph, before any heading. It has two sentences.

## A table {#table outcomes="1.1.a"}

The table shows two diseases.

| Disease | Gene | Carriers |
|---|---|---|
| Cystic fibrosis | *CFTR* | 1 in 25 (Europe) |
| A pipe \\| inside | `a|b` | |

Abbreviations such as e.g. this one, c.235delC, p.(Phe508del) and 1 in 2,500 do not end a sentence. Smith et al. showed so.
Is it 5.5%? Yes. MCV under 80 fL is low.

## Lists {#lists outcomes="1.1.a"}

- First item. It has two sentences.
    - A nested item with *emphasis* and [a link](1.2#second).
    - Another **nested
      item** over two lines.
- Second item:

    A paragraph in the item.

    ```
    code in an item
    ```

1. One
2. Two

Term
:   Its definition.

## Fenced code {#code}

```calc
q = sqrt(1/10,000) = 0.01   # allele frequency
carriers = 2 * q * (1 - q) ≈ 1/50
```

~~~python
## not a heading {#not-a-heading}

print("<b>not bold</b>")
~~~

## Boxes {#boxes outcomes="1.1.b"}

!!! key-point "Remember"
    A box holds a sentence. It holds another.

    - and a list

!!! china "中国"
    在中国，携带率约为2%。广东更高！

## Footnotes {#footnotes}

A fact with a footnote.[^1] Another sentence follows it.

[^1]: The note itself, with a [link](#table).

### Summary

Under footnotes.

## 遗传方式

常染色体隐性遗传。Each heading in Chinese has an anchor.

### Summary

Repeated headings get anchors of their own.

## Raw HTML {#raw}

A <b onclick="steal()">bold</b> claim.<script>alert(1)</script> <iframe src="https://evil.example"></iframe>After it.

<div style="color:red" onclick="x()"><p>A <em>paragraph</em> in a division. Two sentences.</p>loose text</div>

<p id="table/1.1">A borrowed id.</p>

<a href="javascript:alert(1)">bad link</a> and <img src="https://evil.example/x.png" alt="outside"> and 5 < 6 &amp; 7 > 6.

> A quotation. It has two sentences.

## Figure {#figure}

![A square joined to a circle by a line](figures/1.1-pedigree.svg "A couple")

A line break<br>inside a sentence, a hard\\
break, an `inline.code. Sample` and H<sub>2</sub>O. **A bold sentence. Its second half.** The end.

## Check yourself {#check-yourself}

### What do carriers number? {evidence="table" form="direct"}

About 1 in 25 in Europe. See the table.
"""

PLAIN_TEXT = """\
---
unit: "1.2"
title: Plain text
outcomes: ["1.2.a"]
---
## First {#first outcomes="1.2.a"}

One plain sentence. A second, with [the table](1.1#table) and [a file](01-traps.md).

## Second {#second}

The third sentence stands alone.
"""

FILES = {"syllabus.yaml": SYLLABUS, "glossary.yaml": GLOSSARY, TRAPS: TRAPS_TEXT, PLAIN: PLAIN_TEXT, FIGURE: SVG}


def course(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the course, with `files` in place of or beside its own, and return `folder`."""
    for name, text in {**FILES, **(files or {})}.items():
        if text is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def faultless(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write a course of one unit that passes every check, with `files` in place of or beside its own."""
    own: dict[str, str | bytes | None] = {
        "syllabus.yaml": SYLLABUS.partition('  - id: "1.2"')[0],
        PLAIN: None,
        TRAPS: unit_text(),
        "words.txt": "# names\nMendel\nhomozygote\n",
    }
    return course(folder, {**own, **(files or {})})


def unit_text(**changes: str) -> str:
    """A unit that passes every check; `changes` replace the marked parts: front, table, box, end, questions."""
    parts = {"front": _FRONT, "table": TABLE, "box": _BOX, "end": "", "questions": _QUESTIONS, **changes}
    return "\n\n".join([parts["front"], parts["table"], _FILLER, parts["box"], parts["end"], parts["questions"]]) + "\n"


_FRONT = """\
---
unit: "1.1"
title: Traps of Markdown
outcomes: ["1.1.a", "1.1.b"]
reviewed: 2026-11-22
references:
  - "Mendel G. Experiments on plant hybrids. 1866."
  - "One. Journal 2001."
  - "Two. doi:10.1000/2"
  - "Three. PMID 12345678"
  - "Four. GeneReviews NBK1250"
---
A short opening."""
TABLE = """\
## Cystic fibrosis {#table outcomes="1.1.a"}

Cystic fibrosis (CF) is caused by variants in *CFTR*. Carriers of CF number 1 in 25 people in Europe. See [the box](#box).

![A square joined to a circle by a line](figures/1.1-pedigree.svg "A couple")

```calc
carrier = 1/25
couple = carrier * carrier = 1/625
```"""
_FILLER = "\n\n".join(
    f"Paragraph number {number} of this unit holds some twenty words, so that the unit is as long as a unit has to be."
    for number in range(80)
)
_BOX = """\
## A box {#box outcomes="1.1.b"}

!!! key-point "Remember"
    Every carrier has one variant."""
_QUESTIONS = "## Check yourself {#check-yourself}\n\n" + "\n\n".join(
    f'### What is question {number}? {{evidence="box" form="{form}"}}\n\nEvery carrier has one variant.'
    for number, form in enumerate(("direct", "vignette", "compare", "direct", "calculation"))
)
