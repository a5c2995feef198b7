"""The program a push service wakes; from an address below the pages it belongs to, as browsers ask for."""

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest


def push_worker(request: HttpRequest) -> FileResponse:
    path = finders.find("driver/push-worker.js")
    if not path:
        raise Http404("No such file.")
    return FileResponse(open(path, "rb"), content_type="text/javascript; charset=utf-8")
