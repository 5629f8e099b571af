"""What headers, subjects and file names of inbound mail say."""

import importlib.util
from email import header, message_from_string
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "addons" / "cs_base" / "tools" / "mail_gate.py"
SPEC = importlib.util.spec_from_file_location("cs_base_mail_gate", PATH)
mail_gate = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(mail_gate)


@pytest.mark.parametrize(
    ("head", "automatic"),
    [
        ("Subject: x", False),
        ("Auto-Submitted: no", False),
        ("Auto-Submitted: No; owner=me", False),
        ("Auto-Submitted: auto-replied", True),
        ("Auto-Submitted: Auto-Generated; type=x", True),
        ("Precedence: first-class", False),
        ("Precedence: BULK", True),
        ("X-Autoreply: yes", True),
        ("Return-Path: <>", True),
        ("Return-Path: <a@b.example>", False),
    ],
)
def test_automatic(head, automatic):
    assert mail_gate.is_automatic(message_from_string(f"{head}\n\n")) is automatic


@pytest.mark.parametrize(
    ("heads", "verified"),
    [
        (["mx.gas; dmarc=pass"], True),
        (["MX.gas 1; spf=pass; dmarc = pass (p=reject)"], True),
        (["mx.gas; spf=pass; dkim=pass"], False),
        (["mx.gas; dmarc=fail"], False),
        (["mx.gas; x-dmarc=pass"], False),
        (["mx.evil; dmarc=pass"], False),
        (["mx.evil; dmarc=pass", "mx.gas; dmarc=pass"], False),
        ([], False),
    ],
)
def test_verified(heads, verified):
    lines = "".join(f"Authentication-Results: {head}\n" for head in heads)
    message = message_from_string(f"{lines}\n")
    assert mail_gate.is_verified(message, "mx.gas") is verified
    assert mail_gate.is_verified(message, "") is False
    assert mail_gate.is_verified(message, None) is False


def test_numbers():
    found = mail_gate.numbers_in("Re: [26110003] TS2611-0004, 26110003 of 3 May 2026")
    assert found == ["26110003", "TS2611-0004"]
    assert mail_gate.numbers_in("关于26110003的灶具") == ["26110003"]
    assert mail_gate.numbers_in(None) == []


def test_runnable():
    names = ["a.PDF.exe", "b.exe.", "c.jpg", "exe", "d.JS", None, "e.docx"]
    assert mail_gate.runnable(names) == ["a.PDF.exe", "b.exe.", "exe", "d.JS"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_raw_subject(encoding, newline):
    text = "灶具打不着火"
    lines = [b"From: a@b.example", b"Subject: " + text.encode(encoding), b"To: c"]
    raw = newline.join([*lines, b"", b"Subject: body"])
    fixed = mail_gate.with_readable_subject(raw)
    assert fixed.isascii()
    assert fixed.endswith(b"Subject: body")
    [(value, charset)] = header.decode_header(
        message_from_string(fixed.decode())["Subject"]
    )
    assert value.decode(charset) == text


def test_plain_subject_stays():
    raw = b"Subject: Hello\r\n\r\nBody \xff"
    assert mail_gate.with_readable_subject(raw) == raw
    assert mail_gate.with_readable_subject(b"") == b""
