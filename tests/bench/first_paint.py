"""Measure a first visit as the browser itself counts it: first contentful paint, bytes transferred, requests, hosts; each with an empty cache.

    python tests/bench/first_paint.py [--index DIR] [--times 5] [--language zh-CN]

A new browser context for each visit, so nothing is cached; the figures are the browser's own (PerformancePaintTiming, transferSize of the page and of all it fetched).
Machines are shared: the median and the slowest of the visits are given, with the load. Exit status 1 if a median is over a second, a visit over 150 KB, or
anything came from another host.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from browser import CHROMIUM, FLAGS
from playwright.sync_api import sync_playwright
from serving import serving

PAGES = ("/", "/course/", "/course/1.6", "/course/search?q=carrier", "/glossary", "/practise", "/practise/next", "/chats")
MOST_BYTES = 150 * 1024
MOST_MS = 1000
READ = """async () => {
  const painted = () => performance.getEntriesByName("first-contentful-paint").length;
  while (!painted()) await new Promise(requestAnimationFrame);
  const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return {
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    bytes: all.reduce((sum, one) => sum + one.transferSize, 0),
    requests: all.length,
    elsewhere: all.filter((one) => new URL(one.name).origin !== location.origin).map((one) => one.name),
  };
}"""


def main() -> int:
    """Visit every page so often; the exit status."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--index")
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--language", default="en")
    options.add_argument("--browser", default=str(CHROMIUM))
    asked = options.parse_args()
    sound = True
    with (
        tempfile.TemporaryDirectory() as data,
        serving([*(["--index", asked.index] if asked.index else []), "--data", data]) as server,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=asked.browser, args=FLAGS)
        print(f"load {os.getloadavg()[0]:.1f}, {asked.times} visits each, {asked.language}")
        for path in PAGES:
            seen = []
            for _ in range(asked.times):
                context = browser.new_context(locale=asked.language)
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{server.port}{path}", wait_until="load")
                seen.append(page.evaluate(READ))
                context.close()
            paint = statistics.median(one["paint"] for one in seen)
            most = max(one["bytes"] for one in seen)
            elsewhere = {name for one in seen for name in one["elsewhere"]}
            sound &= paint <= MOST_MS and most <= MOST_BYTES and not elsewhere
            slowest = max(one["paint"] for one in seen)
            print(
                f"{path:26} paint {paint:5.0f} ms (slowest {slowest:.0f}), {most / 1024:5.1f} KB in {seen[0]['requests']} requests, from elsewhere: {len(elsewhere)}"
            )
        browser.close()
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
