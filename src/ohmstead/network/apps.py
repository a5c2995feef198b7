from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "ohmstead.network"
    label = "network"
