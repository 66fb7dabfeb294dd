"""Feeds and exports written for these tests."""

# ruff: noqa: E501 (lines as such files have them)

from __future__ import annotations

LONG = "Le vieux bac traverse de nouveau la rivière depuis lundi. " * 12


def rss(items: str, *, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f"""{prolog}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>L’Écho du Val</title><link>https://echo.example/</link><language>fr-FR</language>{items}</channel></rss>""".encode()


def item(
    number: int,
    *,
    title: str = "Le bac &amp; la rivière",
    body: str = "<p>Premier.</p><p>Second.</p>",
    link: str | None = None,
    more: str = "",
) -> str:
    link = f"https://echo.example/a/{number}" if link is None else link
    return f"""<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">g-{number}</guid>
<pubDate>Tue, 10 Nov 2026 09:44:00 +0100</pubDate><dc:creator>Jeanne Aubin</dc:creator><category>Ville</category>
<description>En bref.</description><content:encoded><![CDATA[{body}]]></content:encoded>{more}</item>"""


ATOM = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Gazette</title>
<entry><title type="html">A &lt;b&gt;ferry&lt;/b&gt;</title><link rel="alternate" href="https://gazette.example/ferry"/><id>tag:1</id>
<published>2026-10-02T06:30:00Z</published><updated>2026-10-02T11:05:00Z</updated><author><name>Oliver Grange</name></author>
<content type="html">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry>
<entry><title>No date</title><id>tag:2</id></entry></feed>""".encode()


def wxr(items: str, *, prolog: str = '<?xml version="1.0" encoding="UTF-8" ?>') -> bytes:
    return f"""{prolog}<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Blog</title><language>fr-FR</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:author><wp:author_login><![CDATA[jaubin]]></wp:author_login>
<wp:author_display_name><![CDATA[Jeanne Aubin]]></wp:author_display_name></wp:author>{items}</channel></rss>""".encode()


def post(
    number: int,
    *,
    kind: str = "post",
    status: str = "publish",
    title: str = "Le bac repart",
    body: str = "",
    password: str = "",
) -> str:
    return f"""<item><title>{title}</title><link>https://blog.example/2026/11/le-bac-{number}/</link>
<dc:creator><![CDATA[jaubin]]></dc:creator><guid isPermaLink="false">https://blog.example/?p={number}</guid>
<content:encoded><![CDATA[{body or "<!-- wp:paragraph --><p>Premier.</p>[caption id=x]<img src='a.jpg'/> Le bac[/caption]"}]]></content:encoded>
<excerpt:encoded><![CDATA[En <b>bref</b>.]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date><![CDATA[2026-11-10 09:44:00]]></wp:post_date><wp:post_date_gmt><![CDATA[2026-11-10 08:44:00]]></wp:post_date_gmt>
<wp:post_modified_gmt><![CDATA[2026-11-10 14:41:00]]></wp:post_modified_gmt><wp:post_name><![CDATA[bac-{number}]]></wp:post_name>
<wp:status><![CDATA[{status}]]></wp:status><wp:post_password><![CDATA[{password}]]></wp:post_password><wp:post_type><![CDATA[{kind}]]></wp:post_type>
<category domain="post_tag" nicename="x">Mot</category><category domain="category" nicename="ville">Ville</category>
<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>ancien-bac-{number}</wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content>Un avis</wp:comment_content></wp:comment></item>"""


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
