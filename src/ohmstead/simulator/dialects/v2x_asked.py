HANDLERS: dict = {}
HANDLERS_21: dict = {}
