"""Where cameras send what they read. The secret in the address says which camera it is."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ohmstead.charging import plates
from ohmstead.charging.rules.plates import MESSAGE_MAX_BYTES, NotUnderstood


@csrf_exempt  # a camera has no session that could be misused
@require_POST
def plates_hook(request: HttpRequest, secret: str) -> JsonResponse:
    """Says whether the message was understood, never whose plate it was."""
    camera = plates.camera_with(secret)
    if camera is None:
        return JsonResponse({"error": "No camera has this address."}, status=404)
    body = request.read(MESSAGE_MAX_BYTES + 1)  # `request.body` stops at 2.5 MB, and pictures come along
    try:
        plates.heard(camera, request.headers.get("Content-Type", ""), body, timezone.now())
    except NotUnderstood as trouble:
        return JsonResponse({"error": str(trouble)}, status=413 if len(body) > MESSAGE_MAX_BYTES else 400)
    return JsonResponse({"status": "heard"})
