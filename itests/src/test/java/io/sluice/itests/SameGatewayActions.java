package io.sluice.itests;

import static io.sluice.itests.PageControl.NONE;
import static io.sluice.itests.PageControl.dialog;
import static io.sluice.itests.SameActions.OTHER;

import io.sluice.itests.SameActions.Change;
import java.util.List;

/** What changes initiators, portals, whole documents and the rest: rows of {@link SameActions}. */
final class SameGatewayActions {

    private SameGatewayActions() {}

    static final List<Change> ROWS = List.of(
            new Change(
                    "POST /initiators",
                    "",
                    "initiator:create same --iqn iqn.2026-11.io.sluice:w* --address 192.0.2.0/24",
                    "/initiators",
                    "{'name': 'same', 'iqns': ['iqn.2026-11.io.sluice:w*'], 'addresses': ['192.0.2.0/24']}",
                    "initiator:delete same",
                    dialog(
                            "#/initiators",
                            "Add an initiator",
                            "name",
                            "same",
                            "iqns",
                            "iqn.2026-11.io.sluice:w*",
                            "addresses",
                            "192.0.2.0/24")),
            new Change(
                    "PUT /initiators/{name}",
                    "",
                    "initiator:set spare --address 192.0.2.98",
                    "/initiators/spare",
                    "{'addresses': ['192.0.2.98']}",
                    "initiator:set spare --address 192.0.2.99",
                    NONE),
            new Change(
                    "DELETE /initiators/{name}",
                    "initiator:create same",
                    "initiator:delete same",
                    "/initiators/same",
                    "",
                    "",
                    dialog("#/initiators", "Delete same")),
            new Change(
                    "PUT /initiator-groups/{name}",
                    "",
                    "initiator:group same esx1 web1",
                    "/initiator-groups/same",
                    "{'members': ['esx1', 'web1']}",
                    "initiator:delete same",
                    NONE),
            new Change(
                    "DELETE /initiator-groups/{name}",
                    "initiator:group same esx1",
                    "initiator:delete same",
                    "/initiator-groups/same",
                    "",
                    "",
                    NONE),
            new Change(
                    "PUT /security",
                    "",
                    "gateway:security --discovery-chap on --chap-algorithms sha256,md5",
                    "/security",
                    "{'discoveryChap': true, 'chapAlgorithms': ['sha256', 'md5']}",
                    "gateway:security --discovery-chap off --chap-algorithms sha3-256,sha256,sha1,md5",
                    NONE),
            new Change(
                    "POST /portals",
                    "",
                    "portal:create PORTAL --group 7",
                    "/portals",
                    "{'portal': 'PORTAL', 'group': 7}",
                    "portal:delete PORTAL",
                    NONE),
            new Change(
                    "POST /portals",
                    "",
                    "portal:create PORTAL --announce 192.0.2.1:3260 --open-to-all",
                    "/portals",
                    "{'portal': 'PORTAL', 'announced': '192.0.2.1:3260', 'openToAll': true}",
                    "portal:delete PORTAL",
                    dialog(
                            "#/portals",
                            "Add a portal",
                            "portal",
                            "PORTAL",
                            "announced",
                            "192.0.2.1:3260",
                            "openToAll",
                            "on")),
            new Change(
                    "PUT /portals/{portal}",
                    "portal:create PORTAL",
                    "portal:set PORTAL --group 7 --open-to-all on",
                    "/portals/PORTAL",
                    "{'group': 7, 'openToAll': true}",
                    "portal:delete PORTAL",
                    NONE),
            new Change(
                    "DELETE /portals/{portal}",
                    "portal:create PORTAL",
                    "portal:delete PORTAL",
                    "/portals/PORTAL",
                    "",
                    "",
                    dialog("#/portals", "Remove PORTAL", "confirm", "PORTAL")),
            new Change(
                    "POST /configuration/plan",
                    "",
                    "gateway:plan same.json --merge",
                    "/configuration/plan",
                    "{'document': 'PART', 'merge': true}",
                    "",
                    NONE),
            new Change(
                    "PUT /configuration/document",
                    "",
                    "gateway:apply same.json --merge --why tried",
                    "/configuration/document",
                    "{'document': 'PART', 'merge': true, 'why': 'tried'}",
                    "backstore:delete same",
                    NONE),
            new Change(
                    "POST /configuration/import/plan",
                    "",
                    "gateway:import gotgt.json --format gotgt --plan",
                    "/configuration/import/plan",
                    "{'format': 'gotgt', 'document': 'GOTGT'}",
                    "",
                    NONE),
            new Change(
                    "POST /configuration/import",
                    "",
                    "gateway:import gotgt.json --format gotgt --why moved",
                    "/configuration/import",
                    "{'format': 'gotgt', 'document': 'GOTGT', 'why': 'moved'}",
                    "target:delete " + OTHER + " --force; backstore:delete gotgt-1",
                    NONE),
            new Change(
                    "POST /history/{revision}/rollback",
                    "backstore:create memory same --size 1M",
                    "gateway:rollback PREVIOUS --why wrong",
                    "/history/PREVIOUS/rollback",
                    "{'why': 'wrong'}",
                    "",
                    NONE),
            new Change(
                    "POST /trace",
                    "",
                    "trace:start --lun 0 --slower-than 5ms --for 60s",
                    "/trace",
                    "{'lun': 0, 'slowerThanMillis': 5, 'forSeconds': 60}",
                    "trace:stop",
                    NONE),
            new Change("DELETE /trace", "trace:start", "trace:stop", "/trace", "", "", NONE),
            new Change(
                    "POST /trace/captures",
                    "trace:start; session:close SESSION",
                    "trace:export same.pcap",
                    "/trace/captures",
                    "{'name': 'same.pcap'}",
                    "trace:stop",
                    NONE),
            new Change("POST /config/apply", "", "gateway:apply", "/config/apply", "", "", NONE),
            new Change(
                    "DELETE /sessions/{id}",
                    "",
                    "session:close SESSION",
                    "/sessions/SESSION",
                    "",
                    "",
                    dialog("#/sessions/SESSION", "Close")));
}
