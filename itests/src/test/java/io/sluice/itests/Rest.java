package io.sluice.itests;

import java.io.IOException;
import java.nio.file.Files;

/** The REST interface, which an instance has when somebody has asked for it. */
final class Rest {

    static final String FEATURE = "sluice-rest";

    private Rest() {}

    /** Gives an instance a port of its own for when it is installed, and returns it. */
    static int reserve(Sluice sluice) throws IOException {
        int port = Sluice.freePort();
        Files.writeString(sluice.etc().resolve("io.sluice.rest.cfg"), "address = 127.0.0.1:" + port + "\n");
        return port;
    }

    /** Installs it on an instance that runs, and returns the port on which it listens soon. */
    static int install(Sluice sluice) throws IOException {
        int port = reserve(sluice);
        sluice.console("feature:install " + FEATURE);
        return port;
    }
}
