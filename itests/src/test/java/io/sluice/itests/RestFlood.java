package io.sluice.itests;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** Hosts that send the same request again and again: as fast as they are answered, or without waiting for that. */
final class RestFlood implements AutoCloseable {

    private static final int TOGETHER = 16;

    /** Counts what nobody has waited for. */
    static final int UNANSWERED = 0;

    /** Counts connections that were broken before the request was sent. */
    static final int BROKEN = 1;

    private static final int LIMIT_MILLIS = 30_000;

    private final InetSocketAddress server;
    private final byte[] request;
    private final boolean patient;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Integer, Long> answers = new TreeMap<>();
    private final TreeMap<String, Integer> lines = new TreeMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean ended;

    /**
     * Begins.
     *
     * @param line its first line, without the version
     * @param token null for none
     * @param patient whether they wait for answers; otherwise each request comes by a connection of its own, which is broken at once
     */
    RestFlood(InetSocketAddress server, int connections, String line, String token, boolean patient) {
        this.server = server;
        this.patient = patient;
        String text = line + " HTTP/1.1\r\nHost: localhost\r\n"
                + (token == null ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n";
        request = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(this::run, "flood-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void run() {
        Map<Integer, Long> own = new TreeMap<>();
        TreeMap<String, Integer> seen = new TreeMap<>();
        try {
            if (patient) {
                wait(own, seen);
            } else {
                pester(own);
            }
        } catch (IOException | RuntimeException wrong) {
            failure.compareAndSet(null, wrong);
        }
        synchronized (this) {
            own.forEach((status, count) -> answers.merge(status, count, Long::sum));
            lines.putAll(seen);
        }
    }

    private void wait(Map<Integer, Long> own, Map<String, Integer> seen) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(LIMIT_MILLIS);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            OutputStream out = socket.getOutputStream();
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            for (int i = 0; i < TOGETHER; i++) {
                batch.writeBytes(request);
            }
            while (!ended) {
                batch.writeTo(out);
                for (int i = 0; i < TOGETHER; i++) {
                    own.merge(answer(in, seen), 1L, Long::sum);
                }
            }
        }
    }

    /** A server that has enough of connections may break them first. */
    private void pester(Map<Integer, Long> own) throws IOException {
        while (!ended) {
            try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(request);
                own.merge(UNANSWERED, 1L, Long::sum);
            } catch (SocketException broken) {
                own.merge(BROKEN, 1L, Long::sum);
            }
        }
    }

    private static int answer(InputStream in, Map<String, Integer> seen) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        byte[] content = in.readNBytes(length);
        if (status >= 400 && seen.size() < 8) {
            seen.putIfAbsent(new String(content, StandardCharsets.UTF_8), status);
        }
        return status;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the connection has ended");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    /** Ends it, and returns how many answers of each status there were. */
    Map<Integer, Long> end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("a request was not answered", failure.get());
        }
        return answers;
    }

    /** Returns what was said to those who were refused. */
    List<String> refusals() {
        return List.copyOf(lines.keySet());
    }

    @Override
    public void close() {
        ended = true;
    }
}
