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
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!listens(port)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after " + LIMIT_SECONDS + " s nobody listens on port " + port);
            }
            Thread.onSpinWait();
        }
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
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!isServed(address)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after " + LIMIT_SECONDS + " s nothing is served at " + address);
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
