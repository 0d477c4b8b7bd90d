#!/bin/sh
# Finds a Python that this copy carries its parts for, and hands over to program/start.py.
cd -- "$(dirname -- "$0")" || exit 3
# shellcheck disable=SC2043  # a bundle may carry the parts of one version alone
for version in @NEWEST_FIRST@; do
    for python in "python$version" "/Library/Frameworks/Python.framework/Versions/$version/bin/python3" "/opt/homebrew/bin/python$version" python3; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -I -c "import sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" >/dev/null 2>&1; then
            exec "$python" -I program/start.py "$@"
        fi
    done
done
cat program/no-python.txt >&2
if [ -t 0 ] && [ -t 1 ]; then
    printf 'Enter / 回车键: '
    read -r _
fi
exit 3
