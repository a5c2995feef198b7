"""What can go wrong in access, each with a sentence for a person."""


class AccessError(Exception):
    """The message is a sentence for the person who asked."""


class BadOrganisation(AccessError):
    pass


class UserExists(AccessError):
    pass


class BadSignInPassword(AccessError):
    pass


class BadApiKey(AccessError):
    pass


class BadName(AccessError):
    pass


class LastOwner(AccessError):
    pass


class BadInvitation(AccessError):
    pass


class NotYours(AccessError):
    pass


class RoleMissing(AccessError):
    pass
