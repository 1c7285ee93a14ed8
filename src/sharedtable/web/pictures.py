"""An address as a picture to scan, drawn as one path, so that a page needs no second request for it."""

from __future__ import annotations


def picture(address: str) -> tuple[int, str]:
    """How many fields wide the picture is, and the path that fills the dark ones."""
    import qrcode

    code = qrcode.QRCode(border=2)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return len(rows), path
