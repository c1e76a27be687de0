"""The report in a message: subject, key points, address."""

from __future__ import annotations

from transforms.report.data import ReleaseData
from transforms.report.language import language
from transforms.report.page import headline_text, key_points, printable


def digest(data: ReleaseData, code: str, address: str) -> str:
    """Plain text: the first line is the subject; the key points follow, then where the report stands."""
    words = language(code)
    title = printable(data.campaign.title or data.campaign.name)
    subject = words.say("digest.subject", title=" ".join(title.split()), headline=headline_text(data, code))
    points = [f"– {point}" for point in key_points(data, code)]
    return "\n".join([subject, "", *points, "", words.say("digest.read", address=address), ""])
