#!/usr/bin/env python3
"""Builds the documentation's site and looks at it in a headless browser: links, the
console, the search, and each page at a phone's width.

usage: run.py SOURCE_ROOT RIEMANN_CLI WORK_DIRECTORY
"""

import os
import pathlib
import shutil
import subprocess
import sys
import urllib.parse

PHONE, DESKTOP = (390, 844), (1280, 900)
TOOLS = {"doxygen": "doxygen", "mkdocs": "mkdocs"}

# Everything a page refers to, and everything that can be referred to on it.
REFERENCES = """[...document.querySelectorAll('[href], [src]')]
  .filter(e => e.tagName !== 'LINK' || e.rel !== 'canonical').map(e => e.href?.baseVal ?? e.href ?? e.src)"""
ANCHORS = "[...document.querySelectorAll('[id]')].map(e => e.id)"
# What sticks out at the right, unless something around it scrolls or hides it.
OVERFLOW = """(() => {
  const width = document.documentElement.clientWidth;
  const scrolls = e => e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement.closest('article *')));
  const wide = [...document.querySelectorAll('article *')].filter(e => !scrolls(e) &&
    Math.max(e.getBoundingClientRect().right, e.getBoundingClientRect().left + e.scrollWidth) > width + 1);
  if (!wide.length && document.documentElement.scrollWidth <= width) return '';
  return wide.slice(0, 3).map(e => e.tagName + '.' + e.className + ': ' + e.textContent.trim().slice(0, 60)).join(' | ')
    || 'something';
})()"""
# What Material's worker says once it has the index, and what it found.
READY = "!/Initializing/.test(document.querySelector('.md-search-result__meta').textContent)"
FOUND = "[...document.querySelectorAll('.md-search-result__link')].map(e => e.href)"


def not_tried(why):
    print(f"site: not tried: {why}")
    print(f"note: documentation was not tried: {why}")
    raise SystemExit(77)


def build(root, cli, site):
    done = subprocess.run(
        [root / "tools/docs", "--cli", cli, "--into", site],
        capture_output=True,
        text=True,
        env={**os.environ, "RIEMANN_NO_INSTALL": "1"},
    )
    return None if done.returncode == 0 else done.stdout + done.stderr


def refuses_undocumented(root, cli, work):
    """Whether a public name without a sentence fails the build."""
    copy = work / "undocumented"
    shutil.rmtree(copy, ignore_errors=True)
    for part in ("doc", "include", "tools", "examples"):
        shutil.copytree(root / part, copy / part)
    for page in root.glob("*.md"):
        shutil.copy(page, copy)
    header = copy / "include/riemann/outcome.hpp"
    header.write_text(header.read_text().replace("/**", "int nobody_said_what();\n\n/**", 1))
    said = build(copy, cli, work / "never")
    if said is None:
        return "a public name that nobody documented did not fail tools/docs"
    return (
        None if "nobody_said_what" in said else f"tools/docs failed, but not for the undocumented name: {said[-500:]}"
    )


def look_at(browser, url):
    """What a page refers to and offers; as a phone shows it, what sticks out."""
    browser.size(*PHONE)
    browser.go(url)
    return browser.run(REFERENCES), set(browser.run(ANCHORS)), browser.run(OVERFLOW)


class Visit:
    """All pages that can be reached from the front one, and all that were built."""

    def __init__(self, browser, directory, base):
        self.browser, self.base, self.troubles, self.external = browser, base, [], set()
        self.anchors, self.wanted = {}, {}
        queue = [base + "index.html"] + [
            base + str(p.relative_to(directory)) for p in sorted(directory.rglob("*.html")) if p.name != "404.html"
        ]
        self.seen = set()
        while queue:
            url = queue.pop(0)
            if url not in self.seen:
                self.seen.add(url)
                queue += self.page(url, directory)

    def page(self, url, directory):
        references, self.anchors[url], overflow = look_at(self.browser, url)
        if overflow:
            self.troubles.append(f"{self.name(url)} is wider than a phone: {overflow}")
        more = []
        for reference in filter(None, references):
            target, _, anchor = reference.partition("#")
            if not target.startswith(self.base):
                if target.startswith("http"):
                    self.external.add(target)
                continue
            path = directory / urllib.parse.unquote(target.removeprefix(self.base))
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                self.troubles.append(f"{self.name(url)} leads to {reference}, which is not there")
            elif path.suffix == ".html":
                page = self.base + str(path.relative_to(directory))
                more.append(page)
                self.wanted.setdefault((page, urllib.parse.unquote(anchor)), url)
        return more

    def name(self, url):
        return url.removeprefix(self.base)

    def broken_anchors(self):
        return [
            f"{self.name(source)} leads to {self.name(page)}#{anchor}, where there is no such place"
            for (page, anchor), source in self.wanted.items()
            if anchor and page in self.anchors and anchor not in self.anchors[page]
        ]


def search(browser, base):
    browser.size(*DESKTOP)
    browser.go(base + "index.html")
    browser.run("document.querySelector('.md-search__input').focus()")
    browser.until(READY, "the search to be ready")
    browser.type("async_send")
    browser.until(f"({FOUND}).length", "the search to find async_send")
    found = browser.run(FOUND)
    return (
        None
        if any("reference/" in url for url in found)
        else f"the search for async_send found no reference: {found}"
    )


def main():
    root, cli, work = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    sys.path.insert(0, str(root / "doc/site"))
    import browser as chromium

    for tool, package in TOOLS.items():
        if not shutil.which(tool):
            not_tried(f"there is no {tool} (package {package})")
    work.mkdir(parents=True, exist_ok=True)
    site = work / "site"
    verdicts = {"built": build(root, cli, site)}
    verdicts["undocumented"] = refuses_undocumented(root, cli, work)
    if not any(verdicts.values()):
        if not chromium.executable():
            not_tried("the site was built, but there is no chromium to look at it with (package chromium)")
        with chromium.Site(site) as served, chromium.Browser() as browser:
            visit = Visit(browser, site, served.url)
            verdicts["links"] = "\n".join([t for t in visit.troubles if "wider" not in t] + visit.broken_anchors())
            verdicts["phone"] = "\n".join(t for t in visit.troubles if "wider" in t)
            verdicts["search"] = search(browser, served.url)
            verdicts["console"] = "\n".join(dict.fromkeys(browser.console))
            strange = {
                url for url in browser.requests if not url.startswith((served.url, "data:", "blob:", "about:"))
            }
            verdicts["asks_nobody_else"] = "\n".join(sorted(strange))
        print(f"site: {len(visit.seen)} pages, {len(visit.wanted)} links followed, {len(visit.external)} out of it:")
        print("\n".join(f"  {url}" for url in sorted(visit.external)))
    failed = {name: why for name, why in verdicts.items() if why}
    for name, why in failed.items():
        print(f"FAILED {name}: {why}")
    print(f"{len(verdicts) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
