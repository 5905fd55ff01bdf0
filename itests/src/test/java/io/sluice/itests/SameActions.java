package io.sluice.itests;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What can be done over HTTP, by which line of the console and by what of the page, in the world of {@link ConsoleWorld}. In lines,
 * paths and pages {@code SESSION} stands for the session of the host, {@code PORTAL} for an address that is free, {@code NUMBER} for
 * the port of the target, {@code REVISION} and {@code PREVIOUS} for the newest change of the configuration and the one before,
 * {@code JOB} for the newest job, {@code PART} and {@code GOTGT} for documents.
 */
final class SameActions {

    static final String OTHER = "iqn.2026-11.io.sluice:same";

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
     * @param page does it at the page; {@link PageControl#NONE} where the page has nothing that does
     */
    record Change(
            String action, String before, String line, String path, String document, String after, PageControl page) {

        /** Returns the HTTP method. */
        String method() {
            return action.substring(0, action.indexOf(' '));
        }
    }

    static final List<Change> CHANGES = Stream.of(SameDiskActions.ROWS, SameTargetActions.ROWS, SameGatewayActions.ROWS)
            .flatMap(List::stream)
            .toList();
}
