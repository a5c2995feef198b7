from django.apps import AppConfig


class DriversConfig(AppConfig):
    name = "ohmstead.drivers"
    label = "drivers"
