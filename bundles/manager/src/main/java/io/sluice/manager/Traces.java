package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.management.Advice;
import io.sluice.management.TraceLines;
import io.sluice.management.TraceManagement;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import io.sluice.management.Transport;
import io.sluice.management.TransportTrace;
import io.sluice.manager.advice.Doctor;
import io.sluice.manager.document.CaptureFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** The trace of the transport that there is, and the files that captures go to. */
final class Traces implements TraceManagement {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,90}\\.pcap");

    /** More than anybody reads at once, and little enough to be held. */
    private static final int MOST_LINES = 100_000;

    /** What a trace may take of the heap: the gateway has to serve meanwhile. */
    private static final int PART_OF_HEAP = 4;

    private final Composition composition;
    private final CaptureFiles files;

    /** @param folder where captures go */
    Traces(Composition composition, Path folder) {
        this.composition = composition;
        this.files = new CaptureFiles(folder);
    }

    private Transport transport() {
        return composition.portals().transport();
    }

    /** Returns what hurts sessions of the transport. */
    List<Advice> advice() {
        Transport present = transport();
        return present == null
                ? List.of()
                : Doctor.look(
                        composition.config(), present.sessions(), present.habits(), present.listening(), Instant.now());
    }

    private TransportTrace require() throws ConfigException {
        Transport present = transport();
        if (present == null) {
            throw new ConfigException(Portals.NO_TRANSPORT);
        }
        return present.trace();
    }

    @Override
    public void start(TraceRequest request) throws ConfigException {
        TransportTrace trace = require();
        String target = request.target();
        if (!target.isEmpty()
                && composition.config().targets().stream()
                        .noneMatch(known -> known.name().value().equalsIgnoreCase(target))) {
            throw new ConfigException("there is no target " + target + ": target:list shows those that there are");
        }
        long most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
        if (request.memoryBytes() > most) {
            throw new ConfigException("a trace may take a quarter of the gateway's heap: " + (most >> 20) + " MiB");
        }
        if (!trace.start(request)) {
            throw new ConfigException("a trace is running: trace:stop ends it, trace:status says what it is of");
        }
    }

    @Override
    public void stop() throws ConfigException {
        if (!require().stop()) {
            throw new ConfigException("no trace is running");
        }
    }

    @Override
    public TraceStatus status() {
        Transport present = transport();
        return present == null ? TraceStatus.NONE : present.trace().status();
    }

    @Override
    public TraceLines lines(long from, int most) {
        Transport present = transport();
        return present == null
                ? new TraceLines(List.of(), from, 0, false)
                : present.trace().lines(from, Math.max(0, Math.min(most, MOST_LINES)));
    }

    @Override
    public String export(String name) throws ConfigException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + printable(name)
                    + "' cannot be the name of a capture: it has letters, digits, '.', '_' and '-', no folder, and ends in"
                    + " .pcap");
        }
        TransportTrace trace = require();
        if (trace.status().pdusKept() == 0) {
            throw new ConfigException("there is nothing to export: trace:start begins a trace");
        }
        try {
            return files.write(name, trace::write).toString();
        } catch (FileAlreadyExistsException taken) {
            throw new ConfigException(
                    "there is a file " + taken.getFile() + " already: choose another name, or remove it", taken);
        } catch (IOException failed) {
            throw new ConfigException("the capture " + name + " cannot be written: " + reason(failed), failed);
        }
    }

    private static String reason(IOException failed) {
        return failed instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(failed.getMessage());
    }

    private static String printable(String name) {
        return name.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
