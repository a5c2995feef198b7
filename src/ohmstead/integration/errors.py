"""What can go wrong with webhooks, each with a sentence for a person."""


class IntegrationError(Exception):
    """The message is a sentence for the person who asked."""


class BadWebhook(IntegrationError):
    pass


class WebhookDisabledNow(IntegrationError):
    pass
