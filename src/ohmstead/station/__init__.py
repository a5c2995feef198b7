"""The neutral language between stations and the business: no OCPP version appears here."""
