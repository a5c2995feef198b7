"""Whatever the console can do, a program can do: each page and each form has its operation of the API."""

import pytest

OF_THE_BROWSER = {
    "set-theme": "a cookie of one browser",
    "set-language": "a cookie of one browser",
    "live": "the console's own updates; programs read GET /events",
    "remove-filter": "a view of a list that one person keeps",
    "save-filter": "a view of a list that one person keeps",
    "simulate": "the demo's toy",
    "simulate-first": "the demo's toy",
    "leave-organisation": "a person leaves; others are removed by remove_member",
}
OPERATIONS = {
    "add-firmware": "add_firmware_image",
    "ask-bulk": "create_bulk",
    "bulk": "get_bulk",
    "book-for-driver": "create_reservation",
    "reservation-calendar": "list_reservations",
    "cameras": "create_camera",
    "plate-wrong": "report_wrong_plate",
    "remove-camera": "remove_camera",
    "cancel-bulk": "cancel_bulk",
    "choose-bulk": "create_bulk",
    "contract-roots": "trust_contract_root",
    "remove-contract-root": "remove_contract_root",
    "firmware-campaign": "start_firmware_campaign",
    "retry-bulk": "retry_bulk",
    "search": "search",
    "withdraw-firmware": "withdraw_firmware_image",
    "add-driver": "create_driver",
    "add-driver-group": "create_driver_group",
    "add-token": "create_card",
    "adopt-card": "adopt_card",
    "ask-for-log": "ask_for_log",
    "audit-export": "list_audit",
    "block-token": "block_card",
    "cancel-command": "cancel_command",
    "cancel-reservation": "cancel_reservation",
    "change-setting": "set_settings",
    "commission": "get_station",
    "download-file": "download_log",
    "driver": "get_driver",
    "driver-groups": "list_driver_groups",
    "drivers": "list_drivers",
    "edit-driver": "change_driver",
    "edit-driver-group": "change_driver_group",
    "firmware": "list_firmware_images",
    "forget-setting": "forget_wanted_setting",
    "give-token": "change_card",
    "join-group": "join_driver_group",
    "leave-group": "leave_driver_group",
    "read-settings": "ask_get_settings",
    "repeat-command": "repeat_command",
    "reservations": "list_reservations",
    "settle-alarm": "settle_card_alarm",
    "station-configuration": "list_settings",
    "station-firmware": "list_firmware_updates",
    "token": "get_card",
    "tokens": "list_cards",
    "unblock-token": "unblock_card",
    "update-firmware": "update_station_firmware",
    "accept": "accept_station",
    "add-connector": "add_connector",
    "add-evse": "add_evse",
    "add-photo": "add_photo",
    "add-site": "create_site",
    "add-station": "create_station",
    "api-keys": "create_api_key",
    "ask": "ask_unlock_connector",
    "audit": "list_audit",
    "change-role": "change_member_role",
    "command": "get_command",
    "commands": "list_commands",
    "delete-webhook": "delete_webhook",
    "discard-import": "discard_import",
    "edit-connector": "change_connector",
    "edit-evse": "change_evse",
    "edit-site": "change_site",
    "edit-site-rules": "change_site_rules",
    "edit-station": "change_station",
    "close-session": "close_session",
    "export-sessions": "list_sessions",
    "export-sites": "export_sites",
    "export-stations": "export_stations",
    "health": "get_health",
    "import": "upload_import",
    "import-preview": "apply_import",
    "inbox": "list_inbox",
    "invite": "invite",
    "map": "get_map",
    "map-data": "get_map",
    "members": "list_members",
    "organisation": "change_organisation",
    "overview": "get_organisation",
    "photo": "get_photo",
    "plugs": "get_station",
    "refuse": "refuse_station",
    "remove-evse": "remove_evse",
    "remove-member": "remove_member",
    "remove-photo": "remove_photo",
    "remove-site": "remove_site",
    "remove-station": "remove_station",
    "replay-delivery": "replay_delivery",
    "replay-failed": "replay_failed",
    "resend-invitation": "resend_invitation",
    "restore-site": "restore_site",
    "restore-station": "restore_station",
    "revoke-api-key": "revoke_api_key",
    "revoke-every-api-key": "revoke_every_api_key",
    "rotate-webhook": "rotate_webhook_secret",
    "session": "get_session",
    "sessions": "list_sessions",
    "signed-value": "list_readings",
    "site": "get_site",
    "sites": "list_sites",
    "start": "ask_start_session",
    "station": "get_station",
    "station-certificates": "list_certificates",
    "issue-certificate": "issue_certificate",
    "renew-certificate": "ask_trigger_message",
    "revoke-certificate": "revoke_certificate",
    "install-root": "ask_install_certificate",
    "delete-root": "ask_delete_certificate",
    "list-certificates": "ask_list_certificates",
    "station-commands": "list_commands",
    "station-messages": "list_messages",
    "station-messages-export": "list_messages",
    "station-sessions": "list_sessions",
    "station-timeline": "list_timeline",
    "stations": "list_stations",
    "switch-webhook": "change_webhook",
    "test-webhook": "test_webhook",
    "webhook": "change_webhook",
    "webhooks": "create_webhook",
    "withdraw-invitation": "withdraw_invitation",
}


@pytest.fixture(scope="module")
def routes(database_url):
    """Names of the console's addresses."""
    from ohmstead.web.urls import urlpatterns

    found = [each for each in urlpatterns if str(each.pattern).startswith("console/")]
    return {each.name for each in found if getattr(each, "name", None)}


@pytest.fixture(scope="module")
def operations(database_url):
    from ohmstead.web.api.api import api
    from ohmstead.web.api.openapi import operations

    return {operation["operationId"] for _, _, operation in operations(api.get_openapi_schema())}


def test_every_page_and_form_of_the_console_has_an_operation(routes):
    missing = routes - OPERATIONS.keys() - OF_THE_BROWSER.keys()
    assert not missing, f"no operation of the API is named for {sorted(missing)}"


def test_what_is_named_is_there(operations):
    assert set(OPERATIONS.values()) <= operations


def test_every_operation_of_stations_has_its_own_address(operations):
    from ohmstead.station.commands.operations import OPERATIONS as ASKED

    assert {f"ask_{name}" for name in ASKED} <= operations
