"""What the parts of the API and the scopes of its keys are, in the words of the reference."""

from typing import Final

from ohmstead.access.rights import Right

SCOPES: Final[dict[Right, str]] = {
    Right.VIEW: "reads the network, its sessions and messages",
    Right.OPERATE: "starts, stops, unlocks, resets, changes availability, closes sessions",
    Right.CONFIGURE: "changes settings, firmware and certificates, fetches logs, sends raw messages",
    Right.ADMIT: "lets stations in or turns them away",
    Right.NETWORK: "adds and changes sites, stations and connectors",
    Right.DRIVERS: "adds, changes and blocks cards",
    Right.PEOPLE: "invites people, sets their roles, changes the organisation",
    Right.INTEGRATE: "makes API keys and webhooks",
    Right.AUDIT: "reads who did what",
}

TAGS: Final[dict[str, str]] = {
    "Organisation": "Your tenant and its counts.",
    "People": "Members with their roles, and invitations.",
    "API keys": "Keys of programs. A key is told once, when it is made.",
    "Audit trail": "Who did what, when, to which thing.",
    "Sites": "Places where stations stand, with their photos.",
    "Stations": "Stations with their EVSEs and connectors, what they said and what is wrong with them.",
    "Inbox": "Stations that nobody has added; they wait to be let in.",
    "Commands": "What is asked of stations. Each is a row whose life can be followed.",
    "Configuration": "Settings of stations, how they differ from what is wanted, and templates.",
    "Firmware": "Firmware images and campaigns.",
    "Files": "Logs and diagnostics that stations uploaded.",
    "Certificates": "Certificates of stations and of the authorities they trust.",
    "Messages": "The journal: every frame in both directions.",
    "Sessions": "Charging sessions with their readings and events.",
    "Drivers": "People who charge, and the groups they belong to.",
    "Cards": "Tokens that may start sessions.",
    "Cameras": "Cameras that read plates, and what began because of it.",
    "Search": "One search over everything, and the map.",
    "System": "Health of gateways, workers and the rest.",
    "Events": "What happened, as a stream that can be taken up again.",
    "Webhooks": "Addresses of yours that are told what happened.",
}
