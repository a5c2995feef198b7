from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ohmstead.access"
    label = "access"
