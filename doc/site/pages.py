#!/usr/bin/env python3
"""Gathers the site's pages: doc/*.md and those at the root, the examples, and what
riemann-cli says of itself.

usage: pages.py SOURCE_ROOT OUTPUT_DIRECTORY RIEMANN_CLI
"""

import pathlib
import re
import shutil
import subprocess
import sys

ROOT_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md"}
HELP_MARK = "<!-- the help of riemann-cli, put here when the site is built -->"


def relinked(text, prefix):
    """Links within the repository as links within the site; `prefix` leads to the root."""
    prefix = re.escape(prefix)
    text = re.sub(rf"\]\({prefix}doc/", "](", text)
    text = re.sub(rf"\]\({prefix}examples/(\w+)\.cpp\)", r"](examples/\1.md)", text)
    for source, page in ROOT_PAGES.items():
        text = re.sub(rf"\]\({prefix}{re.escape(source)}", f"]({page}", text)
    return re.sub(
        rf"\]\({prefix}include/riemann/([\w/]+)\.hpp\)",
        lambda m: f"](reference/{m[1].replace('/', '-').replace('_', '-')}.md)",
        text,
    )


def said_by(cli, *arguments):
    done = subprocess.run(
        [cli, *arguments, "--help"],
        capture_output=True,
        text=True,
        timeout=30,
        env={"COLUMNS": "80", "LC_ALL": "C.UTF-8"},
    )
    if done.returncode or not done.stdout.strip():
        raise SystemExit(f"pages.py: {' '.join([cli, *arguments])} --help failed: {done.stderr}")
    return done.stdout.rstrip()


def commands_of(text):
    """The words in the section of commands."""
    section = re.search(r"^[^\n]*commands:?[ \t]*\n((?:[ \t]+\S.*\n|\n)+)", text + "\n", re.IGNORECASE | re.MULTILINE)
    if not section:
        raise SystemExit("pages.py: riemann-cli --help lists no commands")
    lines = [line for line in section[1].split("\n") if line.strip()]
    least = min(len(line) - len(line.lstrip()) for line in lines)
    return [line.split()[0] for line in lines if re.match(rf"[ \t]{{{least}}}[a-z]", line)]


def help_of(cli):
    text = said_by(cli)
    out = ["## riemann-cli", "", "```text", text, "```", ""]
    for command in commands_of(text):
        out += [f"## riemann-cli {command}", "", "```text", said_by(cli, command), "```", ""]
    return "\n".join(out)


def main():
    root, output, cli = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    (output / "examples").mkdir(parents=True)
    for page in (root / "doc").glob("*.md"):
        text = relinked(page.read_text(), "../")
        if HELP_MARK in text:
            text = text.replace(HELP_MARK, help_of(cli))
        (output / page.name).write_text(text)
    for source, page in ROOT_PAGES.items():
        (output / page).write_text(relinked((root / source).read_text(), ""))
    for example in (root / "examples").glob("*.cpp"):
        program = re.sub(r"^ *// \[/?shown\]\n", "", example.read_text(), flags=re.MULTILINE)
        (output / "examples" / f"{example.stem}.md").write_text(f"# {example.name}\n\n```cpp\n{program}```\n")
    shutil.copytree(root / "doc/img", output / "img")
    shutil.copy(root / "doc/site/site.css", output)


if __name__ == "__main__":
    main()
