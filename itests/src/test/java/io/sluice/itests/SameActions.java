package io.sluice.itests;

import static io.sluice.itests.ConsoleWorld.TARGET;

import java.nio.file.Path;
import java.util.List;

/**
 * What can be done over HTTP, and by which line of the console, in the world of {@link ConsoleWorld}. In lines and paths
 * {@code SESSION} stands for the session of the host, {@code PORTAL} for an address that is free, {@code REVISION} and
 * {@code PREVIOUS} for the newest change of the configuration and the one before, {@code JOB} for the newest job, {@code PART} and
 * {@code GOTGT} for documents.
 */
final class SameActions {

    private static final String AT = "/targets/" + TARGET;
    private static final String OTHER = "iqn.2026-11.io.sluice:same";

    /** A part of a configuration. */
    static final String PART =
            "{\"version\": 1, \"backstores\": [{\"name\": \"same\", \"type\": \"memory\", \"sizeBytes\": 1048576}]}";

    private SameActions() {}

    /** Returns what gotgt has saved of a target with a disk in a file that is there. */
    static String gotgt(Path file) {
        return "{\"storages\": [{\"deviceID\": 1, \"path\": \"file:" + file + "\"}], \"iscsitargets\": {\"" + OTHER
                + "\": {\"luns\": {\"0\": 1}}}}";
    }

    /**
     * Something that changes the gateway.
     *
     * @param action the row of the interface, as in OpenAPI
     * @param before lines that it needs, or empty
     * @param line does it at the console
     * @param path where it is done over HTTP
     * @param document what is sent there; empty for nothing
     * @param after lines that put everything back, or empty
     */
    record Change(String action, String before, String line, String path, String document, String after) {

        /** Returns the HTTP method. */
        String method() {
            return action.substring(0, action.indexOf(' '));
        }
    }

    /**
     * Something that is shown. {@code FIRST} stands for the address of the first portal.
     *
     * @param action the row of the interface
     * @param line shows it at the console; empty where the console shows it as part of something else
     * @param at where in what the console prints it is, as a JSON pointer; empty for all of it
     * @param path where it is read over HTTP
     */
    record Show(String action, String line, String at, String path) {}

    static final List<Show> SHOWN = List.of(
            new Show("GET /gateway", "gateway:status --json", "", "/gateway"),
            new Show("GET /backstores", "backstore:list --json", "", "/backstores"),
            new Show("GET /backstores/{name}", "backstore:info disk0 --json", "", "/backstores/disk0"),
            new Show("GET /moves", "backstore:moves --json", "", "/moves"),
            new Show("GET /jobs", "gateway:jobs --json", "", "/jobs"),
            new Show("GET /jobs/{id}", "gateway:jobs JOB --json", "", "/jobs/JOB"),
            new Show("GET /backstores/{name}/move", "", "", "/backstores/moved/move"),
            new Show("GET /backstores/{name}/layers/{type}", "", "", "/backstores/moved/layers/throttle"),
            new Show("GET /config", "", "", "/config"),
            new Show("GET /security", "", "", "/security"),
            new Show("GET /portals/{portal}", "portal:list --json", "/0", "/portals/FIRST"),
            new Show("GET /statistics", "", "", "/statistics"),
            new Show("GET /configuration/document", "gateway:export", "", "/configuration/document"),
            new Show("GET /targets/{iqn}/document", "gateway:export --target " + TARGET, "", AT + "/document"),
            new Show("GET /history", "gateway:history --json", "", "/history"),
            new Show("GET /history/{revision}", "gateway:history REVISION --json", "", "/history/REVISION"),
            new Show("GET /history/{revision}/document", "", "", "/history/REVISION/document"),
            new Show("GET /trace", "trace:status --json", "", "/trace"),
            new Show("GET /trace/lines", "trace:show --json", "", "/trace/lines"),
            new Show("GET /advice", "gateway:doctor --json", "", "/advice"),
            new Show("GET /backstore-types", "backstore:types --json", "", "/backstore-types"),
            new Show("GET /layer-types", "", "", "/layer-types"),
            new Show("GET /layers", "backstore:layers --json", "", "/layers"),
            new Show("GET /backstores/{name}/layers", "backstore:layers disk0 --json", "", "/backstores/disk0/layers"),
            new Show("GET /targets", "target:list --json", "", "/targets"),
            new Show("GET /targets/{iqn}", "target:info " + TARGET + " --json", "", AT),
            new Show("GET /luns", "lun:list --json", "", "/luns"),
            new Show("GET /targets/{iqn}/luns", "lun:list " + TARGET + " --json", "", AT + "/luns"),
            new Show("GET /targets/{iqn}/luns/{lun}", "lun:list " + TARGET + " --json", "/1", AT + "/luns/1"),
            new Show("GET /targets/{iqn}/grants", "target:info " + TARGET + " --json", "/grants", AT + "/grants"),
            new Show(
                    "GET /targets/{iqn}/grants/{initiator}",
                    "target:info " + TARGET + " --json",
                    "/grants/0",
                    AT + "/grants/here"),
            new Show("GET /initiators", "", "", "/initiators"),
            new Show("GET /initiator-groups", "", "", "/initiator-groups"),
            new Show("GET /initiators/{name}", "initiator:info web1 --json", "", "/initiators/web1"),
            new Show("GET /initiator-groups/{name}", "initiator:info cluster --json", "", "/initiator-groups/cluster"),
            new Show("GET /portals", "portal:list --json", "", "/portals"),
            new Show("GET /sessions", "session:list --json", "", "/sessions"),
            new Show("GET /sessions/{id}", "session:info SESSION --json", "", "/sessions/SESSION"));

    static final List<Change> CHANGES = List.of(
            new Change(
                    "POST /backstores",
                    "",
                    "backstore:create memory same --size 1M --thick",
                    "/backstores",
                    "{'name': 'same', 'type': 'memory', 'sizeBytes': 1048576, 'thin': false}",
                    "backstore:delete same"),
            new Change(
                    "PATCH /backstores/{name}",
                    "backstore:create memory same --size 1M",
                    "backstore:resize same 2M",
                    "/backstores/same",
                    "{'sizeBytes': 2097152}",
                    "backstore:delete same"),
            new Change(
                    "DELETE /backstores/{name}",
                    "backstore:create memory same --size 1M",
                    "backstore:delete same",
                    "/backstores/same",
                    "",
                    ""),
            new Change(
                    "POST /backstores/{name}/layers",
                    "backstore:create memory same --size 1M",
                    "backstore:layer add same throttle iops=100",
                    "/backstores/same/layers",
                    "{'type': 'throttle', 'options': {'iops': '100'}}",
                    "backstore:delete same"),
            new Change(
                    "PUT /backstores/{name}/layers/{type}",
                    "backstore:create memory same --size 1M; backstore:layer add same throttle iops=100",
                    "backstore:layer set same throttle iops=200",
                    "/backstores/same/layers/throttle",
                    "{'options': {'iops': '200'}}",
                    "backstore:delete same"),
            new Change(
                    "DELETE /backstores/{name}/layers/{type}",
                    "backstore:create memory same --size 1M; backstore:layer add same throttle iops=100",
                    "backstore:layer remove same throttle",
                    "/backstores/same/layers/throttle",
                    "",
                    "backstore:delete same"),
            new Change(
                    "POST /targets",
                    "",
                    "target:create " + OTHER + " --backstore spare",
                    "/targets",
                    "{'target': '" + OTHER + "', 'backstores': ['spare']}",
                    "target:delete " + OTHER + " --force"),
            new Change(
                    "DELETE /targets/{iqn}",
                    "target:create " + OTHER,
                    "target:delete " + OTHER + " --force",
                    "/targets/" + OTHER + "?force=true",
                    "",
                    ""),
            new Change(
                    "PUT /targets/{iqn}/enabled",
                    "target:create " + OTHER,
                    "target:disable " + OTHER,
                    "/targets/" + OTHER + "/enabled",
                    "{'enabled': false}",
                    "target:delete " + OTHER + " --force"),
            new Change(
                    "PUT /targets/{iqn}/access-state",
                    "",
                    "target:access " + TARGET + " standby",
                    AT + "/access-state",
                    "{'accessState': 'standby'}",
                    "target:access " + TARGET + " active-optimized"),
            new Change(
                    "PUT /targets/{iqn}/ports/{group}/access-state",
                    "",
                    "target:access " + TARGET + " standby --group 1",
                    AT + "/ports/1/access-state",
                    "{'accessState': 'standby'}",
                    "target:access " + TARGET + " active-optimized"),
            new Change(
                    "PUT /targets/{iqn}/redirect",
                    "",
                    "target:redirect " + TARGET + " 192.0.2.2 --permanent",
                    AT + "/redirect",
                    "{'redirectedTo': '192.0.2.2:3260', 'redirectedForGood': true}",
                    "target:redirect " + TARGET + " --off"),
            new Change(
                    "DELETE /targets/{iqn}/redirect",
                    "target:redirect " + TARGET + " 192.0.2.2",
                    "target:redirect " + TARGET + " --off",
                    AT + "/redirect",
                    "",
                    ""),
            new Change(
                    "POST /targets/{iqn}/luns",
                    "",
                    "lun:map " + TARGET + " spare --lun 9 --read-only",
                    AT + "/luns",
                    "{'backstore': 'spare', 'lun': 9, 'readOnly': true}",
                    "lun:unmap " + TARGET + " 9 --force"),
            new Change(
                    "DELETE /targets/{iqn}/luns/{lun}",
                    "lun:map " + TARGET + " spare --lun 9",
                    "lun:unmap " + TARGET + " 9 --force",
                    AT + "/luns/9?force=true",
                    "",
                    ""),
            new Change(
                    "PATCH /targets/{iqn}/luns/{lun}",
                    "backstore:create memory same --size 1M",
                    "lun:replace " + TARGET + " 1 same",
                    AT + "/luns/1",
                    "{'backstore': 'same'}",
                    "lun:replace " + TARGET + " 1 disk1; backstore:delete same"),
            new Change(
                    "PUT /targets/{iqn}/grants/{initiator}",
                    "",
                    "target:allow " + TARGET + " cluster --lun 0=1 --lun 5=0:ro --manage",
                    AT + "/grants/cluster",
                    "{'luns': [{'lun': 0, 'targetLun': 1}, {'lun': 5, 'targetLun': 0, 'readOnly': true}], 'manage': true}",
                    "target:deny " + TARGET + " cluster"),
            new Change(
                    "DELETE /targets/{iqn}/grants/{initiator}",
                    "target:allow " + TARGET + " cluster",
                    "target:deny " + TARGET + " cluster",
                    AT + "/grants/cluster",
                    "",
                    ""),
            new Change(
                    "POST /initiators",
                    "",
                    "initiator:create same --iqn iqn.2026-11.io.sluice:w* --address 192.0.2.0/24",
                    "/initiators",
                    "{'name': 'same', 'iqns': ['iqn.2026-11.io.sluice:w*'], 'addresses': ['192.0.2.0/24']}",
                    "initiator:delete same"),
            new Change(
                    "PUT /initiators/{name}",
                    "",
                    "initiator:set spare --address 192.0.2.98",
                    "/initiators/spare",
                    "{'addresses': ['192.0.2.98']}",
                    "initiator:set spare --address 192.0.2.99"),
            new Change(
                    "DELETE /initiators/{name}",
                    "initiator:create same",
                    "initiator:delete same",
                    "/initiators/same",
                    "",
                    ""),
            new Change(
                    "PUT /initiator-groups/{name}",
                    "",
                    "initiator:group same esx1 web1",
                    "/initiator-groups/same",
                    "{'members': ['esx1', 'web1']}",
                    "initiator:delete same"),
            new Change(
                    "DELETE /initiator-groups/{name}",
                    "initiator:group same esx1",
                    "initiator:delete same",
                    "/initiator-groups/same",
                    "",
                    ""),
            new Change(
                    "PUT /security",
                    "",
                    "gateway:security --discovery-chap on --chap-algorithms sha256,md5",
                    "/security",
                    "{'discoveryChap': true, 'chapAlgorithms': ['sha256', 'md5']}",
                    "gateway:security --discovery-chap off --chap-algorithms sha3-256,sha256,sha1,md5"),
            new Change(
                    "POST /portals",
                    "",
                    "portal:create PORTAL --group 7",
                    "/portals",
                    "{'portal': 'PORTAL', 'group': 7}",
                    "portal:delete PORTAL"),
            new Change(
                    "PUT /portals/{portal}",
                    "portal:create PORTAL",
                    "portal:set PORTAL --group 7 --open-to-all on",
                    "/portals/PORTAL",
                    "{'group': 7, 'openToAll': true}",
                    "portal:delete PORTAL"),
            new Change(
                    "DELETE /portals/{portal}",
                    "portal:create PORTAL",
                    "portal:delete PORTAL",
                    "/portals/PORTAL",
                    "",
                    ""),
            new Change(
                    "POST /backstores/{name}/move",
                    "backstore:create memory same --size 1M",
                    "backstore:move same memory --rate 1K",
                    "/backstores/same/move",
                    "{'type': 'memory', 'rateBytesPerSecond': 1024}",
                    "backstore:move-cancel same; backstore:delete same"),
            new Change(
                    "PATCH /backstores/{name}/move",
                    "backstore:create memory same --size 1M; backstore:move same memory --rate 1K",
                    "backstore:move-rate same 2K",
                    "/backstores/same/move",
                    "{'rateBytesPerSecond': 2048}",
                    "backstore:move-cancel same; backstore:delete same"),
            new Change(
                    "DELETE /backstores/{name}/move",
                    "backstore:create memory same --size 1M; backstore:move same memory --rate 1K",
                    "backstore:move-cancel same",
                    "/backstores/same/move",
                    "",
                    "backstore:delete same"),
            new Change(
                    "DELETE /jobs/{id}",
                    "backstore:create memory same --size 1M; backstore:move same memory --rate 1K",
                    "gateway:job-cancel JOB",
                    "/jobs/JOB",
                    "",
                    "backstore:delete same"),
            new Change(
                    "POST /backstores/{name}/reopen", "", "backstore:reopen disk0", "/backstores/disk0/reopen", "", ""),
            new Change(
                    "POST /backstores/{name}/reopen-empty",
                    "",
                    "backstore:reopen spare --empty",
                    "/backstores/spare/reopen-empty",
                    "",
                    ""),
            new Change(
                    "POST /backstores/{name}/takeover",
                    "",
                    "backstore:takeover disk0",
                    "/backstores/disk0/takeover",
                    "",
                    ""),
            new Change(
                    "POST /backstores/{name}/takeover-forced",
                    "",
                    "backstore:takeover disk0 --force",
                    "/backstores/disk0/takeover-forced",
                    "",
                    ""),
            new Change(
                    "POST /configuration/plan",
                    "",
                    "gateway:plan same.json --merge",
                    "/configuration/plan",
                    "{'document': 'PART', 'merge': true}",
                    ""),
            new Change(
                    "PUT /configuration/document",
                    "",
                    "gateway:apply same.json --merge --why tried",
                    "/configuration/document",
                    "{'document': 'PART', 'merge': true, 'why': 'tried'}",
                    "backstore:delete same"),
            new Change(
                    "POST /configuration/import/plan",
                    "",
                    "gateway:import gotgt.json --format gotgt --plan",
                    "/configuration/import/plan",
                    "{'format': 'gotgt', 'document': 'GOTGT'}",
                    ""),
            new Change(
                    "POST /configuration/import",
                    "",
                    "gateway:import gotgt.json --format gotgt --why moved",
                    "/configuration/import",
                    "{'format': 'gotgt', 'document': 'GOTGT', 'why': 'moved'}",
                    "target:delete " + OTHER + " --force; backstore:delete gotgt-1"),
            new Change(
                    "POST /history/{revision}/rollback",
                    "backstore:create memory same --size 1M",
                    "gateway:rollback PREVIOUS --why wrong",
                    "/history/PREVIOUS/rollback",
                    "{'why': 'wrong'}",
                    ""),
            new Change(
                    "POST /trace",
                    "",
                    "trace:start --lun 0 --slower-than 5ms --for 60s",
                    "/trace",
                    "{'lun': 0, 'slowerThanMillis': 5, 'forSeconds': 60}",
                    "trace:stop"),
            new Change("DELETE /trace", "trace:start", "trace:stop", "/trace", "", ""),
            new Change(
                    "POST /trace/captures",
                    "trace:start; session:close SESSION",
                    "trace:export same.pcap",
                    "/trace/captures",
                    "{'name': 'same.pcap'}",
                    "trace:stop"),
            new Change("POST /config/apply", "", "gateway:apply", "/config/apply", "", ""),
            new Change("DELETE /sessions/{id}", "", "session:close SESSION", "/sessions/SESSION", "", ""),
            new Change(
                    "PUT /targets/{iqn}/portal-groups",
                    "portal:create PORTAL --group 7",
                    "target:portals " + TARGET + " 1 7",
                    AT + "/portal-groups",
                    "{'portalGroups': [1, 7]}",
                    "target:portals " + TARGET + " --all; portal:delete PORTAL"));
}
