package io.sluice.manager.document;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Who a gateway is for other gateways that have the same storage: {@code gateway-id} in the folder of states. A copy of the folder on
 * another machine would take itself for the first one.
 *
 * @param id twelve hexadecimal digits
 * @param host name of the machine, for people
 */
public record GatewayIdentity(String id, String host) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{12}");
    private static final int DIGITS = 12;

    /**
     * Reads it; the first time it is made.
     *
     * @throws IOException if it can be neither read nor made
     */
    public static synchronized GatewayIdentity of(Path stateFolder) throws IOException {
        FileCalls calls = FileCalls.MACHINE;
        Path file = stateFolder.toAbsolutePath().resolve("gateway-id");
        if (!calls.exists(file)) {
            String made = UUID.randomUUID().toString().replace("-", "").substring(0, DIGITS);
            new AtomicFiles(calls).replace(file, ByteBuffer.wrap(made.getBytes(StandardCharsets.US_ASCII)));
        }
        String id = new String(calls.read(file), StandardCharsets.US_ASCII).trim();
        if (!ID.matcher(id).matches()) {
            throw new IOException(file + " has not twelve hexadecimal digits: remove it, and start the gateway again");
        }
        return new GatewayIdentity(id, machine());
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "unknown";
        }
    }
}
