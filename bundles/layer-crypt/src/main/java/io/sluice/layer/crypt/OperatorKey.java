package io.sluice.layer.crypt;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.Secret;
import io.sluice.config.LayerConfig;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Fetches the key of the operator: from a file, or from what a command prints. May wait; what it throws has no part of a key. */
final class OperatorKey {

    static final String FILE = "keyFile";
    static final String COMMAND = "keyCommand";

    private static final int LEAST_BYTES = 8;
    private static final int MOST_BYTES = 64 << 10;
    private static final int COMMAND_SECONDS = 10;

    private OperatorKey() {}

    static byte[] fetch(LayerConfig config, BackstoreContext context) throws BackstoreException {
        String command = config.options().get(COMMAND);
        if ((command == null) == (config.options().get(FILE) == null)) {
            throw refused("layer crypt needs one of " + FILE + " and " + COMMAND);
        }
        byte[] key;
        if (command == null) {
            Secret secret = context.secret(FILE);
            key = secret == null ? new byte[0] : secret.reveal();
        } else {
            key = ask(command);
        }
        if (key.length < LEAST_BYTES) {
            throw refused("the key of layer crypt has fewer than " + LEAST_BYTES + " bytes: make a longer one");
        }
        return key;
    }

    private static byte[] ask(String command) throws BackstoreException {
        Process process;
        try {
            process = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
        } catch (IOException failed) {
            throw refused("option " + COMMAND + ": the command cannot be started");
        }
        byte[][] printed = {new byte[0]};
        Thread reader = new Thread(() -> printed[0] = read(process), "sluice-key-command");
        reader.setDaemon(true);
        reader.start();
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                throw refused("option " + COMMAND + ": the command has not ended after " + COMMAND_SECONDS + " s");
            }
            reader.join(TimeUnit.SECONDS.toMillis(1));
            if (process.exitValue() != 0) {
                throw refused("option " + COMMAND + ": the command has ended with status " + process.exitValue());
            }
            if (reader.isAlive() || printed[0].length > MOST_BYTES) {
                throw refused("option " + COMMAND + ": the command prints more than a key");
            }
            return trimmed(printed[0]);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw refused("option " + COMMAND + ": nobody waits for the command any more");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Arrays.fill(printed[0], (byte) 0);
        }
    }

    private static byte[] read(Process process) {
        try (InputStream output = process.getInputStream()) {
            return output.readNBytes(MOST_BYTES + 1);
        } catch (IOException ended) {
            return new byte[0];
        }
    }

    private static byte[] trimmed(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    private static BackstoreException refused(String line) {
        return new BackstoreException(Fault.NOT_READY, line);
    }
}
