from django.apps import AppConfig


class ChargingConfig(AppConfig):
    name = "ohmstead.charging"
    label = "charging"
