from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    name = "ohmstead.integration"
    label = "integration"
