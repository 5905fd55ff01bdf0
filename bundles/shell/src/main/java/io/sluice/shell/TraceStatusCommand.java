package io.sluice.shell;

import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import io.sluice.shell.output.Units;
import picocli.CommandLine.Command;

/** {@code trace:status}. */
@Command(name = "trace:status", description = "Shows what is traced, and how much there is", footer = "trace:status")
final class TraceStatusCommand extends ListingCommand {

    @Override
    Listing list() {
        TraceStatus status = gateway().trace().status();
        TraceRequest of = status.request();
        Item item = new Item().put("running", "Running", status.running());
        item.put("initiator", "Initiator", of == null || of.initiator().isEmpty() ? null : of.initiator())
                .put("target", "Target", of == null || of.target().isEmpty() ? null : of.target())
                .put("lun", "LUN", of == null || of.lun() < 0 ? null : of.lun())
                .put(
                        "slowerThanMillis",
                        "Slower than",
                        of == null ? null : of.slowerThan().toMillis(),
                        of == null ? "" : Time.text(of.slowerThan().toNanos()))
                .put("keptDataBytes", "Data of a PDU", of == null ? null : of.dataBytes())
                .put("since", "Since", text(status.since()))
                .put("until", "Until", text(status.until()))
                .put("lines", "Lines", status.lines())
                .put("linesKept", "Lines kept", status.linesKept())
                .put("pdus", "PDUs", status.pdus())
                .put("pdusKept", "PDUs kept", status.pdusKept())
                .put("memoryBytes", "Memory", status.bytes(), Units.bytes(status.bytes()));
        return Listing.of(item);
    }

    private static String text(Object time) {
        return time == null ? null : time.toString();
    }
}
