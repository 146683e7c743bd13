#!/usr/bin/env python3
"""Writes the reference, a page of Markdown for each public header, from what Doxygen
read in it.

usage: reference.py XML_DIRECTORY OUTPUT_DIRECTORY
"""

import html
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# The fixed headings of an asynchronous function's comment.
HEADINGS = (
    "Completes when",
    "Handler signature",
    "Outcomes and errors",
    "Cancellation",
    "Threads",
    "Lifetime",
    "Memory",
    "Reconnecting",
)
COMPOUNDS = ("class", "struct", "concept")
SHOWN = ("public", "protected")


class Reference:
    def __init__(self, xml):
        self.pages = {}  # header: the compounds and members it declares
        self.anchors = {}  # Doxygen's id: page and anchor
        self.compounds = [
            ElementTree.parse(path).find("compounddef") for path in sorted(xml.glob("*.xml")) if is_compound(path)
        ]
        for compound in self.compounds:
            self.enter(compound)

    def enter(self, compound):
        name = compound.findtext("compoundname")
        if not name.startswith("riemann"):
            return
        if compound.get("kind") in COMPOUNDS:
            if says_something(compound):
                self.declare(compound, short(name))
                for member in shown_members(compound):
                    self.place(member, header_of(compound), f"{short(name)}::{member.findtext('name')}")
        else:
            for member in compound.iter("memberdef"):
                if says_something(member):
                    self.declare(member, title_of(member))

    def declare(self, element, name):
        header = header_of(element)
        self.pages.setdefault(header, []).append(element)
        self.place(element, header, name)
        for value in element.iter("enumvalue"):
            self.anchors[value.get("id")] = self.anchors[element.get("id")]

    def place(self, element, header, name):
        self.anchors.setdefault(element.get("id"), (page_of(header), anchor_of(name)))

    # --- text

    def inline(self, element, page):
        """An element's content as Markdown."""
        parts = [escape(element.text)]
        for child in element:
            parts += [self.piece(child, page), escape(child.tail)]
        return "".join(parts)

    def piece(self, element, page):
        if element.tag == "computeroutput":
            return self.code("".join(element.itertext()), element.find("ref"), page)
        if element.tag == "ref":
            return self.link(escape("".join(element.itertext())), element, page)
        if element.tag in ("verbatim", "programlisting"):
            return f"\n\n```cpp\n{''.join(element.itertext()).strip()}\n```\n\n"
        if element.tag == "ulink":
            return f"[{self.inline(element, page)}]({element.get('url')})"
        if element.tag == "emphasis":
            return f"*{self.inline(element, page)}*"
        if element.tag in ("nonbreakablespace", "sp"):
            return " "
        if element.tag in ("ndash", "mdash"):
            return "–"
        if element.tag == "itemizedlist":
            return "\n\n" + "\n".join(f"- {self.inline(item, page).strip()}" for item in element) + "\n\n"
        return self.inline(element, page)

    def code(self, text, ref, page):
        return self.link(f"`{text}`", ref, page) if ref is not None else f"`{text}`"

    def link(self, text, ref, page):
        target, anchor = self.anchors.get(ref.get("refid"), (None, None))
        if target is None:
            return text
        return f"[{text}]({'' if target == page else target}#{anchor})"

    def description(self, element, page):
        paragraphs = []
        for kind in ("briefdescription", "detaileddescription"):
            for paragraph in element.findall(f"{kind}/para"):
                paragraphs.append(listed(self.inline(paragraph, page).strip()))
        return "\n\n".join(paragraphs)

    # --- pages

    def page(self, header):
        page = page_of(header)
        out = [f"# &lt;{header}&gt;", ""]
        title = None
        for element in sorted(self.pages[header], key=line_of):
            if title_of(element) != title:
                title = title_of(element)
                out += [f"## {html.escape(title)} {{#{self.anchors[element.get('id')][1]}}}", ""]
            out += ["```cpp", declaration(element), "```", "", self.description(element, page), ""]
            out += self.values(element, page)
            if element.tag == "compounddef":
                out += self.members(element, page)
        return "\n".join(out) + "\n"

    def values(self, element, page):
        values = element.findall("enumvalue")
        if not values:
            return []
        rows = [f"| `{v.findtext('name')}` | {self.description(v, page).replace(chr(10), ' ')} |" for v in values]
        return ["| value | meaning |", "|---|---|", *rows, ""]

    def members(self, compound, page):
        out, seen = [], None
        for member in shown_members(compound):
            anchor = self.anchors[member.get("id")][1]
            if member.findtext("name") != seen:
                seen = member.findtext("name")
                out += [f"### {html.escape(seen)} {{#{anchor}}}", ""]
            out += ["```cpp", declaration(member), "```", "", self.description(member, page), ""]
        return out


def is_compound(path):
    return path.name.startswith(("class", "struct", "concept", "namespaceriemann"))


def says_something(element):
    described = any(
        "".join(d.itertext()).strip()
        for d in element.findall("*")
        if d.tag in ("briefdescription", "detaileddescription")
    )
    return described and header_of(element) is not None


def header_of(element):
    file = element.find("location").get("file")
    return file if file and file.endswith(".hpp") else None


def line_of(element):
    return int(element.find("location").get("line"))


def title_of(element):
    name = short(element.findtext("compoundname") or element.findtext("name"))
    return f"{name}, deduced" if " -> " in (element.findtext("argsstring") or "") else name


def shown_members(compound):
    members = [m for m in compound.iter("memberdef") if m.get("prot") in SHOWN and says_something(m)]
    first = {}  # those of one name stand together, where the first of them does
    for member in sorted(members, key=line_of):
        first.setdefault(member.findtext("name"), line_of(member))
    return sorted(members, key=lambda m: (first[m.findtext("name")], line_of(m)))


def page_of(header):
    return re.sub(r"[^a-z0-9]+", "-", header.removeprefix("riemann/").removesuffix(".hpp")) + ".md"


def anchor_of(name):
    words = {"==": "equal", "!=": "unequal", "<=": "at-most", ">=": "at-least", "<": "below", ">": "above"}
    words |= {
        "&&": "and",
        "||": "or",
        "!": "not",
        "[]": "at",
        "()": "call",
        "+=": "add",
        "~": "destroy-",
        "=": "assign",
    }
    head, _, operator = name.partition("operator")
    return re.sub(
        r"[^A-Za-z0-9_]+",
        "-",
        head.replace("~", "destroy-") + (f"operator-{words.get(operator.strip(), operator)}" if operator else ""),
    ).strip("-")


def short(name):
    return name.removeprefix("riemann::")


def escape(text):
    text = re.sub(r"([\\`*_\[\]|])", r"\\\1", text or "")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def listed(paragraph):
    """A paragraph of fixed headings as a list of them."""
    heading = re.compile(rf"(?:^|(?<=[^,])\s)({'|'.join(HEADINGS)}): ")
    parts = heading.split(paragraph)
    if len(parts) == 1:
        return paragraph
    items = [f"- **{name}:** {text.strip()}" for name, text in zip(parts[1::2], parts[2::2])]
    return "\n\n".join(filter(None, [parts[0].strip(), "\n".join(items)]))


def text_of(element, path):
    found = element.find(path)
    return re.sub(r"\s+", " ", "".join(found.itertext())).strip() if found is not None else ""


def template_of(element):
    parameters = element.find("templateparamlist")
    if parameters is None:
        return ""
    each = []
    for parameter in parameters:
        value = text_of(parameter, "defval")
        each.append(
            " ".join(filter(None, [text_of(parameter, "type"), text_of(parameter, "declname")]))
            + (f" = {value}" if value else "")
        )
    requires = text_of(element, "requiresclause")
    return f"template <{', '.join(each)}>\n" + (f"  requires {requires}\n" if requires else "")


def declaration(element):
    kind, name = element.get("kind"), element.findtext("name") or short(element.findtext("compoundname"))
    if kind == "concept":
        return tidy(f"template <class T>\nconcept {name}")
    if kind in ("class", "struct"):
        bases = [base.text for base in element.findall("basecompoundref")]
        return tidy(
            template_of(element) + f"{kind} {name}" + (f" : public {', '.join(map(short, bases))}" if bases else "")
        )
    if kind == "enum":
        return f"enum class {name}"
    if kind == "typedef":
        return tidy(f"using {name} = {text_of(element, 'type')}")
    words = [w for w in ("static", "explicit") if element.get(w) == "yes"]
    words += (
        ["constexpr"] if element.get("constexpr") == "yes" and "constexpr" not in text_of(element, "type") else []
    )
    words += [text_of(element, "type").replace("friend ", "")]
    front = " ".join(filter(None, words))
    arguments = re.sub(r"\s+", " ", element.findtext("argsstring") or "")
    return tidy(template_of(element) + f"{front} {name}{arguments} {text_of(element, 'initializer')}".strip())


def tidy(text):
    """A declaration as it would be written by hand."""
    text = re.sub(r"\[\[\w+\]\] ?|BOOST_\w+ ", "", text)
    text = text.replace("< ", "<").replace(" >", ">")
    text = re.sub(r" (&&|&|\*)(?=[\w.])", r"\1 ", text)  # a parameter's
    text = re.sub(r"&& \.\.\. ?", "&&... ", text)
    text = re.sub(r"(\w)=(?=[\w{])", r"\1 = ", text)  # its default
    text = re.sub(r" (&&|&)(?=[,)>])", r"\1", text)
    return "\n".join(wrapped(line) for line in text.rstrip().split("\n"))


def wrapped(line, width=88):
    """A list of parameters that is long, one a line."""
    if len(line) <= width or line.startswith("template"):
        return line
    out, depth = [], 0
    for character in line:
        depth += (character in "(<{") - (character in ")>}")
        out.append(character)
        if character == "(" and depth == 1:
            out.append("\n    ")
        elif character == "," and depth == 1:
            out.append("\n   ")
    return "".join(out)


def main():
    xml, output = (pathlib.Path(argument) for argument in sys.argv[1:])
    reference = Reference(xml)
    output.mkdir(parents=True, exist_ok=True)
    index = [
        "# Reference",
        "",
        "A page for each header of `<riemann/…>`; include what you use.",
        "",
        "| header | what is in it |",
        "|---|---|",
    ]
    for header in sorted(reference.pages, key=lambda h: (h.count("/"), h)):
        (output / page_of(header)).write_text(reference.page(header))
        names = dict.fromkeys(title_of(e) for e in sorted(reference.pages[header], key=line_of))
        links = ", ".join(f"[`{name}`]({page_of(header)}#{anchor_of(name)})" for name in names)
        index.append(f"| [`{header.removeprefix('riemann/')}`]({page_of(header)}) | {links} |")
    (output / "index.md").write_text("\n".join(index) + "\n")


if __name__ == "__main__":
    main()
