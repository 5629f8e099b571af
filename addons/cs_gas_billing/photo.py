"""Photos that come from phones: checked, made smaller, freed of what they reveal."""

import base64
import binascii

from PIL import Image

from odoo.exceptions import UserError
from odoo.tools.image import ImageProcess

#: Longest side that is kept: registers and seals stay readable.
MAX_SIDE = 1600
QUALITY = 80
#: First bytes of the kinds that are taken.
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def read_photo(env, data, max_mb):
    """Return an uploaded photo as the base64 text of a small JPEG.

    The picture is encoded anew: place, time and device that the phone wrote into it
    are gone, and so is whatever else was hidden in the file.

    :param bytes data: the file, JPEG or PNG
    :param max_mb: largest file in MB
    :raise UserError: too large, or no such picture; says what to do
    """
    if len(data) > max_mb * 1024 * 1024:
        raise UserError(
            env._("The photo is larger than %s MB. Take a smaller one.", max_mb)
        )
    if not data.startswith(SIGNATURES):
        raise UserError(env._("Only photos of the kinds JPEG and PNG are taken."))
    try:
        picture = ImageProcess(data)
        picture.resize(MAX_SIDE, MAX_SIDE)
        small = picture.image_quality(quality=QUALITY, output_format="JPEG")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UserError(
            env._("The photo can't be read. Please take it again.")
        ) from error
    return base64.b64encode(small)


def decode_photo(env, text, max_mb):
    """Return :func:`read_photo` of a base64 text."""
    if not isinstance(text, str) or len(text) > max_mb * 1024 * 1024 * 4 / 3 + 4:
        raise UserError(
            env._("The photo is larger than %s MB. Take a smaller one.", max_mb)
        )
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UserError(
            env._("The photo can't be read. Please take it again.")
        ) from error
    return read_photo(env, data, max_mb)
