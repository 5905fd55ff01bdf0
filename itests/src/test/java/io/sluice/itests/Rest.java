package io.sluice.itests;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

/** The REST interface, which an instance has when somebody has asked for it. */
final class Rest {

    static final String FEATURE = "sluice-rest";

    private static final int LIMIT_SECONDS = 60;

    private Rest() {}

    /** Gives an instance a port of its own for when it is installed, and returns it. */
    static int reserve(Sluice sluice) throws IOException {
        int port = Sluice.freePort();
        Files.writeString(sluice.etc().resolve("io.sluice.rest.cfg"), "address = 127.0.0.1:" + port + "\n");
        return port;
    }

    /** Installs it on an instance that runs, and returns the port on which it listens: it opens that by itself, a little later. */
    static int install(Sluice sluice) throws IOException {
        int port = reserve(sluice);
        sluice.console("feature:install " + FEATURE);
        await("port " + port, () -> listens(port));
        return port;
    }

    private static boolean listens(int port) throws IOException {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (ConnectException notYet) {
            return false;
        }
    }

    /** Waits until something is served at an address. */
    static void await(String address) throws IOException {
        await(address, () -> isServed(address));
    }

    /** A look at whether something answers. */
    @FunctionalInterface
    private interface Probe {
        boolean answers() throws IOException;
    }

    private static void await(String what, Probe probe) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!probe.answers()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after " + LIMIT_SECONDS + " s nothing is served at " + what);
            }
            Thread.onSpinWait();
        }
    }

    private static boolean isServed(String address) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setReadTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (ConnectException notYet) {
            return false;
        } finally {
            connection.disconnect();
        }
    }
}
