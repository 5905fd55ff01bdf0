package com.example.embedded;

import io.sluice.backstore.BlockGeometry;
import io.sluice.config.ConfigException;
import io.sluice.embedded.EmbeddedGateway;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Serves a disk of 64 MiB until somebody presses Enter. Its blocks are in a map. */
public final class MapDisk {

    static final String TARGET = "iqn.2026-11.com.example:map";
    private static final int BLOCK_BYTES = 512;
    private static final long BLOCKS = (64L << 20) / BLOCK_BYTES;

    private MapDisk() {}

    /** Starts the gateway with the disk; whoever closes it ends all of it. */
    static EmbeddedGateway start(String portal, Map<Long, byte[]> blocks) throws ConfigException {
        EmbeddedGateway gateway = EmbeddedGateway.builder().portal(portal).start();
        gateway.serve(
                TARGET,
                new BlockGeometry(BLOCKS, BLOCK_BYTES),
                (geometry, context) -> new MapBackstore(geometry, blocks));
        return gateway;
    }

    public static void main(String[] arguments) throws ConfigException, IOException {
        String portal = arguments.length == 0 ? "127.0.0.1:3260" : arguments[0];
        try (EmbeddedGateway gateway = start(portal, new ConcurrentHashMap<>())) {
            System.out.println("iscsi://" + portal + "/" + TARGET + "/0 until you press Enter");
            System.in.read();
        }
    }
}
