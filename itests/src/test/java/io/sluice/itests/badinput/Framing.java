package io.sluice.itests.badinput;

import java.io.IOException;
import java.net.Socket;
import java.util.List;

/** Bytes that are no PDUs, or come too slowly (RFC 7143 11.2). */
final class Framing {

    private Framing() {}

    static List<BadInput> inputs() {
        return List.of(new BadInput(1, "connects and sends nothing: closed with the login timeout", Framing::silence));
    }

    private static void silence(World world) throws IOException {
        try (Socket socket = world.socket()) {
            Expect.closed(socket);
        }
    }
}
