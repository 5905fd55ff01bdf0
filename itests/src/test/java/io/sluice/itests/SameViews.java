package io.sluice.itests;

import static io.sluice.itests.ConsoleWorld.TARGET;

import java.util.List;

/** What can be read over HTTP, and which line of the console shows the same; in the world of {@link SameActions}. */
final class SameViews {

    private static final String AT = "/targets/" + TARGET;

    private SameViews() {}

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
}
