package io.sluice.itests;

import static io.sluice.itests.ConsoleWorld.TARGET;
import static io.sluice.itests.PageControl.NONE;
import static io.sluice.itests.PageControl.dialog;
import static io.sluice.itests.PageControl.form;
import static io.sluice.itests.SameActions.OTHER;

import io.sluice.itests.SameActions.Change;
import java.util.List;

/** What changes targets, their LUNs and grants: rows of {@link SameActions}. */
final class SameTargetActions {

    private static final String AT = "/targets/" + TARGET;
    private static final String HERE = "#/targets/" + TARGET;
    private static final String THERE = "#/targets/" + OTHER;

    private SameTargetActions() {}

    static final List<Change> ROWS = List.of(
            new Change(
                    "POST /targets",
                    "",
                    "target:create " + OTHER + " --backstore spare",
                    "/targets",
                    "{'target': '" + OTHER + "', 'backstores': ['spare']}",
                    "target:delete " + OTHER + " --force",
                    NONE),
            new Change(
                    "POST /targets",
                    "",
                    "target:create " + OTHER,
                    "/targets",
                    "{'target': '" + OTHER + "'}",
                    "target:delete " + OTHER + " --force",
                    dialog("#/targets", "Create a target", "target", OTHER)),
            new Change(
                    "POST /targets",
                    "",
                    "target:create " + OTHER + " --file same.img --size 1M",
                    "/targets",
                    "{'target': '" + OTHER + "', 'backstore': {'name': 'same', 'type': 'file', 'sizeBytes': 1048576,"
                            + " 'options': {'path': 'same.img'}}}",
                    "target:delete " + OTHER + " --force; backstore:delete same",
                    form(
                            "#/create",
                            "is served at",
                            "",
                            "name",
                            "same",
                            "sizeBytes",
                            "1M",
                            "option.path",
                            "same.img",
                            "target",
                            OTHER)),
            new Change(
                    "DELETE /targets/{iqn}",
                    "target:create " + OTHER,
                    "target:delete " + OTHER + " --force",
                    "/targets/" + OTHER + "?force=true",
                    "",
                    "",
                    NONE),
            new Change(
                    "DELETE /targets/{iqn}",
                    "target:create " + OTHER,
                    "target:delete " + OTHER,
                    "/targets/" + OTHER,
                    "",
                    "",
                    dialog(THERE, "Delete", "confirm", OTHER)),
            new Change(
                    "PUT /targets/{iqn}/enabled",
                    "target:create " + OTHER,
                    "target:disable " + OTHER,
                    "/targets/" + OTHER + "/enabled",
                    "{'enabled': false}",
                    "target:delete " + OTHER + " --force",
                    dialog(THERE, "Disable")),
            new Change(
                    "PUT /targets/{iqn}/enabled",
                    "target:create " + OTHER + "; target:disable " + OTHER,
                    "target:enable " + OTHER,
                    "/targets/" + OTHER + "/enabled",
                    "{'enabled': true}",
                    "target:delete " + OTHER + " --force",
                    dialog(THERE, "Enable")),
            new Change(
                    "PUT /targets/{iqn}/access-state",
                    "",
                    "target:access " + TARGET + " standby",
                    AT + "/access-state",
                    "{'accessState': 'standby'}",
                    "target:access " + TARGET + " active-optimized",
                    dialog(HERE, "Access of all ports", "accessState", "standby")),
            new Change(
                    "PUT /targets/{iqn}/ports/{group}/access-state",
                    "",
                    "target:access " + TARGET + " standby --group 1",
                    AT + "/ports/1/access-state",
                    "{'accessState': 'standby'}",
                    "target:access " + TARGET + " active-optimized",
                    dialog(HERE, "Access of port NUMBER", "accessState", "standby")),
            new Change(
                    "PUT /targets/{iqn}/redirect",
                    "",
                    "target:redirect " + TARGET + " 192.0.2.2 --permanent",
                    AT + "/redirect",
                    "{'redirectedTo': '192.0.2.2:3260', 'redirectedForGood': true}",
                    "target:redirect " + TARGET + " --off",
                    dialog(HERE, "Redirect", "redirectedTo", "192.0.2.2:3260", "redirectedForGood", "on")),
            new Change(
                    "DELETE /targets/{iqn}/redirect",
                    "target:redirect " + TARGET + " 192.0.2.2",
                    "target:redirect " + TARGET + " --off",
                    AT + "/redirect",
                    "",
                    "",
                    dialog(HERE, "Keep initiators")),
            new Change(
                    "POST /targets/{iqn}/luns",
                    "",
                    "lun:map " + TARGET + " spare --lun 9 --read-only",
                    AT + "/luns",
                    "{'backstore': 'spare', 'lun': 9, 'readOnly': true}",
                    "lun:unmap " + TARGET + " 9 --force",
                    dialog(HERE, "Map a disk", "backstore", "spare", "lun", "9", "readOnly", "on")),
            new Change(
                    "DELETE /targets/{iqn}/luns/{lun}",
                    "lun:map " + TARGET + " spare --lun 9",
                    "lun:unmap " + TARGET + " 9 --force",
                    AT + "/luns/9?force=true",
                    "",
                    "",
                    dialog(HERE, "Unmap LUN 9", "force", "on")),
            new Change(
                    "PATCH /targets/{iqn}/luns/{lun}",
                    "backstore:create memory same --size 1M",
                    "lun:replace " + TARGET + " 1 same",
                    AT + "/luns/1",
                    "{'backstore': 'same'}",
                    "lun:replace " + TARGET + " 1 disk1; backstore:delete same",
                    NONE),
            new Change(
                    "PUT /targets/{iqn}/grants/{initiator}",
                    "",
                    "target:allow " + TARGET + " cluster --lun 0=1 --lun 5=0:ro --manage",
                    AT + "/grants/cluster",
                    "{'luns': [{'lun': 0, 'targetLun': 1}, {'lun': 5, 'targetLun': 0, 'readOnly': true}], 'manage': true}",
                    "target:deny " + TARGET + " cluster",
                    NONE),
            new Change(
                    "PUT /targets/{iqn}/grants/{initiator}",
                    "",
                    "target:allow " + TARGET + " cluster --read-only",
                    AT + "/grants/cluster",
                    "{'readOnly': true}",
                    "target:deny " + TARGET + " cluster",
                    dialog(HERE, "Allow an initiator", "initiator", "cluster", "readOnly", "on")),
            new Change(
                    "DELETE /targets/{iqn}/grants/{initiator}",
                    "target:allow " + TARGET + " cluster",
                    "target:deny " + TARGET + " cluster",
                    AT + "/grants/cluster",
                    "",
                    "",
                    dialog(HERE, "Deny cluster")),
            new Change(
                    "PUT /targets/{iqn}/portal-groups",
                    "portal:create PORTAL --group 7",
                    "target:portals " + TARGET + " 1 7",
                    AT + "/portal-groups",
                    "{'portalGroups': [1, 7]}",
                    "target:portals " + TARGET + " --all; portal:delete PORTAL",
                    NONE));
}
