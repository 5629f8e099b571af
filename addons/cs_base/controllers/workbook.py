import tempfile

from werkzeug.wsgi import FileWrapper

from odoo.http import content_disposition, request

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_workbook(name, write, *args):
    """Write a workbook to a temporary file, not into memory, and send it.

    :param str name: what the file is called at the user
    :param write: writes the workbook; gets a file and ``args``
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the response)
    write(file, *args)
    size = file.tell()
    file.seek(0)
    response = request.make_response(
        FileWrapper(file),
        headers=[
            ("Content-Type", MIMETYPE),
            ("Content-Length", str(size)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ],
    )
    response.direct_passthrough = True
    response.call_on_close(file.close)
    return response
