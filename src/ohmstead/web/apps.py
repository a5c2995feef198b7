from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ohmstead.web"
    label = "web"
