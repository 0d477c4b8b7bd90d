"""Check a built wheel: one owner for each import name, and everything that serving reads is inside.

python tests/check_wheel.py dist/genomics_tutor-0.1.0-py3-none-any.whl
"""

from __future__ import annotations

import sys
import zipfile

PACKAGES = {"assistant", "corpus", "index", "web"}
NEEDED = (
    "assistant/chinese.yaml",
    "corpus/glossary.yaml",
    "corpus/syllabus.yaml",
    "index/aspects.yaml",
    "index/built/current",
    "index/encoder/NOTICE",
    "index/encoder/model.onnx",
    "index/encoder/tokenizer.json",
    "web/api/openapi.yaml",
    "web/lab/parts/GUIDE.html",
    "web/lab/parts/no-python.txt",
    "web/lab/parts/start.bat",
    "web/lab/parts/start.py",
    "web/lab/parts/start.sh",
    "web/static/page.css",
    "web/templates/chat.html",
    "web/templates/tutor_overview.html",
    "web/translations/zh_Hans/LC_MESSAGES/messages.mo",
    "web/tutors/door.py",
)


def main(path: str) -> int:
    """Print what is wrong with the wheel; 0 if nothing is."""
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    faults = [f"{top} is packed, but is none of the four packages." for top in sorted(tops - PACKAGES)]
    faults += [f"{top} is missing." for top in sorted(PACKAGES - tops)]
    faults += [f"{need} is missing." for need in NEEDED if not any(name.startswith(need) for name in names)]
    units = sum(name.startswith("corpus/modules/") and name.endswith(".md") for name in names)
    faults += [] if units else ["The course text is missing."]
    for fault in faults:
        print(fault)
    print(f"{path}: {len(names)} files, {units} units.")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
