"""QR codes as small pictures inside the document: no request, sharp on paper."""

import base64
from html import escape

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

#: Light modules around the code that scanners need.
QUIET = 2


def qr_data_uri(text):
    """Return ``text`` as the data URI of an SVG picture of its QR code."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row in range(size)
        for column in range(size)
        if code.isDark(row, column)
    )
    side = size + 2 * QUIET
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{side * 8}" height="{side * 8}"><title>{escape(text)}</title>'
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{path}" shape-rendering="crispEdges"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
