"""Strings that have broken pages, and what on a page shows that one of them came through as markup.

The set here is the project's own and always used; larger public collections join it where they lie beside it.
"""

from __future__ import annotations

import gzip
import json
import re

from bs4 import BeautifulSoup, Tag

from tests.conftest import shared_file

RUNS = "hostile()"
OWN = [
    f"<script>{RUNS}</script>",
    f"</script><script>{RUNS}</script>",
    f"</textarea><script>{RUNS}</script>",
    f"</title><script>{RUNS}</script>",
    f"--><script>{RUNS}</script><!--",
    f"]]><script>{RUNS}</script><![CDATA[",
    f'"><img src=x onerror={RUNS}>',
    f"'><img src=x onerror={RUNS}>",
    f"`><img src=x onerror={RUNS}>",
    f'" autofocus onfocus={RUNS} x="',
    f"' autofocus onfocus={RUNS} x='",
    f"<svg/onload={RUNS}>",
    f"<svg><animate onbegin={RUNS} attributeName=x dur=1s>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUNS}>",
    f"<iframe srcdoc='<script>parent.{RUNS}</script>'></iframe>",
    f"<a href=javascript:{RUNS}>cliquez</a>",
    f"<a href='jav&#x09;ascript:{RUNS}'>cliquez</a>",
    f"javascript:{RUNS}//",
    f"data:text/html,<script>{RUNS}</script>",
    f"<form action=javascript:{RUNS}><button>ok</button></form>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//ailleurs.example/x.css>",
    "<base href=//ailleurs.example/>",
    "<meta http-equiv=refresh content='0;url=//ailleurs.example/'>",
    "<object data=//ailleurs.example/></object><embed src=//ailleurs.example/>",
    "<div hx-get=/admin/ hx-trigger=load>htmx</div>",
    '<p id="comments" class="is-closed" data-reply="1">clobber</p>',
    "&lt;script&gt;déjà échappé&lt;/script&gt; &amp;amp; &#60;b&#62;",
    "{{ settings.SECRET_KEY }} {% debug %} {# rien #}",
    "%s %(name)s %n %x {0} {name} ${7*7} #{7*7} <%= 7*7 %>",
    "'; DROP TABLE comments_comment; --",
    "\\ \\\\ \\n \\u003cscript\\u003e \\x3cscript\\x3e",
    "\u2028ligne\u2029paragraphe",
    "un\r\nSet-Cookie: x=1\r\n\r\n<b>corps</b>",
    "a\u202egnp.exe \u2066isolé\u2069 \u200bcaché\ufeff",
    "Z̸̢̛͇̲̹a̶̧̛̪͓l̷͙̈́g̸̱̀ȍ̵̙",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇫🇷 ✍🏽",
    "שלום עולם مرحبا بالعالم <b>bidi</b>",
    "ﷺ" * 40 + " ﷽",
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)",
    "x" * 2000,
    "<" * 500,
    "&" * 500,
    "- " * 1000,
    "(" * 1000,
    "http://exemple.org/" + "a" * 500,
]


def naughty() -> list[str]:
    """The big list of naughty strings, where it lies beside the project."""
    with gzip.open(shared_file("data/adversarial__blns.json.gz"), "rt", encoding="utf-8") as listed:
        return [text for text in json.load(listed) if text]


def purify() -> list[str]:
    """Payloads that sanitisers are tried with, where they lie beside the project."""
    with shared_file("data/xss-dompurify-first80.json").open(encoding="utf-8") as listed:
        return [case["payload"] for case in json.load(listed)]


SETS = {"own": lambda: OWN, "naughty": naughty, "purify": purify}

# What no page of ours ever holds; our scripts are files of our own, JSON-LD is data.
_NEVER = "iframe, object, embed, base, style, applet, math, frame, [style], [srcdoc], meta[http-equiv]"
_LEADS = ("href", "src", "action", "formaction", "xlink:href", "data", "poster")

# Browsers overlook white space and controls before a scheme and within it, and no other characters.
_RUNS_AS_SCRIPT = re.compile(r"[\x00-\x20]*(j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t\s*:|[\x00-\x20]*data:", re.I)


def markup_that_came_through(page: BeautifulSoup) -> list[str]:
    """Elements and attributes that no template of ours writes."""
    found = [str(tag)[:200] for tag in page.select(_NEVER)]
    for tag in page.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if re.fullmatch(r"on\w+", name)]
        leads = [str(tag[name]) for name in _LEADS if tag.has_attr(name)]
        found += [f"{tag.name} {lead}" for lead in leads if _RUNS_AS_SCRIPT.match(lead)]
        found += [f"{tag.name} {lead}" for lead in leads if re.match(r"\s*(https?:)?//ailleurs\.example", lead)]
    found += [str(script)[:200] for script in page.select("script") if not _is_ours(script)]
    return found


def _is_ours(script: Tag) -> bool:
    if script.get("src"):
        return str(script["src"]).startswith("/") and not script.get_text(strip=True)
    return script.get("type") == "application/ld+json" or script.get("id") == "django-admin-popup-response-constants"


def folded(text: str) -> str:
    """White space as a browser shows it, so that what is shown can be compared with what is stored."""
    return " ".join(text.split())


def parsed(content: bytes) -> BeautifulSoup:
    # The lenient parser keeps every character; a strict one drops some of those that are meant here.
    return BeautifulSoup(content.decode(), "html.parser")
