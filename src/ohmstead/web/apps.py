from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ohmstead.web"
    label = "web"

    def ready(self) -> None:
        from ohmstead.web.accounts import audit  # noqa: F401 - its receivers listen from now on
