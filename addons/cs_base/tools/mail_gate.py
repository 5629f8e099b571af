"""What the headers and files of an inbound mail say; no Odoo here."""

import re
from email.header import Header

#: Values of ``Precedence`` that no person's own mail has.
AUTOMATIC_PRECEDENCE = frozenset({"auto_reply", "bulk", "junk"})
#: Files that a computer runs when somebody opens them.
RUNNABLE = frozenset(
    {"bat", "cmd", "com", "cpl", "exe", "hta", "jar", "js", "jse", "lnk", "msi"}
    | {"msp", "pif", "ps1", "reg", "scr", "vbe", "vbs", "wsf"}
)
#: What may be the number of a matter: letters, digits and dashes, enough digits.
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_-]{4,31}")
DIGITS = 5
SUBJECT = re.compile(rb"(?im)^subject:[ \t]*((?:.*(?:\r?\n[ \t].*)*))$")
#: Encodings of raw subjects, tried in turn; GB18030 contains GBK and GB 2312.
RAW_ENCODINGS = ("utf-8", "gb18030")


def is_automatic(message):
    """Whether a machine sent this mail (RFC 3834), so that none may answer it.

    :param message: anything with ``get(header)``
    """
    submitted = str(message.get("Auto-Submitted") or "no")
    if submitted.split(";")[0].strip().lower() != "no":
        return True
    precedence = str(message.get("Precedence") or "").strip().lower()
    if precedence in AUTOMATIC_PRECEDENCE:
        return True
    if any(message.get(name) for name in ("X-Autoreply", "X-Autorespond")):
        return True
    return str(message.get("Return-Path") or "").strip() == "<>"


def numbers_in(subject):
    """What may be numbers of matters in a subject, each once, in their order."""
    found = TOKEN.findall(subject or "")
    return list(
        dict.fromkeys(
            token for token in found if sum(map(str.isdigit, token)) >= DIGITS
        )
    )


def runnable(names):
    """Those of the file names that a computer would run."""
    return [name for name in names if _extension(name) in RUNNABLE]


def _extension(name):
    return (name or "").strip().rstrip(".").rpartition(".")[2].lower()


def is_verified(message, server):
    """Whether our own mail server vouches for the sender's domain (DMARC, RFC 8601).

    Anybody can write a ``From``, and an ``Authentication-Results`` as well: only the
    topmost counts, and only if it bears the name of our server.

    :param server: authserv-id of our mail server; empty: nobody is vouched for
    """
    results = message.get_all("Authentication-Results") or []
    if not server or not results:
        return False
    name, _semicolon, rest = str(results[0]).partition(";")
    words = name.split()
    if not words or words[0].lower() != server.strip().lower():
        return False
    return bool(re.search(r"(^|[;\s])dmarc\s*=\s*pass\b", rest, re.IGNORECASE))


def with_readable_subject(raw):
    """The mail with a raw Chinese subject encoded as the standard asks for.

    :param raw: bytes of the mail
    :return: bytes; the same if the subject is fine
    """
    head, separator, body = _split(raw)
    match = SUBJECT.search(head)
    if not match or match[1].isascii():
        return raw
    for encoding in RAW_ENCODINGS:
        try:
            text = match[1].decode(encoding)
        except UnicodeDecodeError:
            continue
        clean = " ".join(text.split())
        encoded = Header(clean, "utf-8").encode(linesep="\r\n").encode()
        head = head[: match.start(1)] + encoded + head[match.end(1) :]
        return head + separator + body
    return raw


def _split(raw):
    for separator in (b"\r\n\r\n", b"\n\n"):
        head, found, body = raw.partition(separator)
        if found:
            return head, found, body
    return raw, b"", b""
