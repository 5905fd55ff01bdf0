package io.sluice.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a gateway keeps its configuration and state.
 *
 * @param path the folder
 * @param temporary whether it goes with the gateway
 */
record GatewayFolder(Path path, boolean temporary) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayFolder.class);

    /** Makes the folder, or a temporary one for null. */
    static GatewayFolder of(Path wanted) throws IOException {
        return wanted == null
                ? new GatewayFolder(Files.createTempDirectory("sluice"), true)
                : new GatewayFolder(Files.createDirectories(wanted), false);
    }

    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path one : deepestFirst) {
                Files.delete(one);
            }
        } catch (IOException failed) {
            LOG.warn("{} cannot be removed: {}", path, failed.toString());
        }
    }
}
