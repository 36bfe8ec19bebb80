"""Look at a page as a browser reads it: is there anything on it that somebody else put there?"""

from html.parser import HTMLParser

_ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "srcdoc", "poster"}
_FOREIGN = {"iframe", "object", "embed", "base", "applet", "frame"}


class _Reader(HTMLParser):
    def __init__(self, mark):
        super().__init__(convert_charrefs=True)
        self.mark, self.wrong, self.script = mark, [], False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.script = tag in {"script", "style"}
        if tag in _FOREIGN or self.mark in tag:
            self.wrong.append(f"<{tag}>")
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.wrong.append("script")
        for name, value in attrs:
            text = "".join((value or "").split()).lower()
            if name.startswith("on") or self.mark in name or name == "style":
                self.wrong.append(name)
            if name in _ADDRESSES and text.startswith(("javascript:", "data:text", "vbscript:")):
                self.wrong.append(f"{name}={text[:40]}")

    def handle_data(self, data):
        if self.script and data.strip():
            self.wrong.append("script text")
        self.script = False

    handle_startendtag = handle_starttag


def wrong_on(answer, mark):
    """Return what on this page cannot be ours; an answer without a policy is wrong at once."""
    policy = answer.headers.get("Content-Security-Policy", "")
    wrong = [] if "default-src 'none'" in policy and "unsafe" not in policy else ["policy"]
    if "Traceback (most recent call last)" in answer.text:
        wrong.append("traceback")
    if answer.mimetype == "text/html":
        reader = _Reader(mark)
        reader.feed(answer.text)
        wrong += reader.wrong
    return wrong
