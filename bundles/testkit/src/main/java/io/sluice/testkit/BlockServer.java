package io.sluice.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blocks behind a socket of 127.0.0.1, for {@link SocketBackstore}. What has come together is answered in the opposite order, so
 * that a client that relies on the order of answers is found out. A request is a number, what to do, an offset, a length and,
 * for a write, so many bytes; an answer is the number, whether it worked, a length and, for a read, so many bytes.
 */
public final class BlockServer implements AutoCloseable {

    static final byte READ = 0;
    static final byte WRITE = 1;
    static final byte FLUSH = 2;

    /** Gives the store a size, with the offset; its length is the answer's. */
    static final byte SIZE = 3;

    static final int REQUEST_BYTES = Integer.BYTES + 1 + Long.BYTES + Integer.BYTES;
    static final int ANSWER_BYTES = Integer.BYTES + 1 + Integer.BYTES;

    private static final int TOGETHER = 32;
    private static final int BUFFER_BYTES = 1 << 16;

    private final ServerSocket listener;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private byte[] blocks = new byte[0];

    private record Request(int number, byte what, long offset, int length, byte[] data) {}

    /** Begins to serve, at a port that is free. */
    public BlockServer() throws IOException {
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "block-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns where it is. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The end.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
            DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES));
            while (true) {
                List<Request> together = new ArrayList<>();
                do {
                    together.add(request(in));
                } while (in.available() >= REQUEST_BYTES && together.size() < TOGETHER);
                for (int i = together.size() - 1; i >= 0; i--) {
                    answer(together.get(i), out);
                }
                out.flush();
            }
        } catch (IOException gone) {
            // So is the client, or this server was told to drop it.
        } finally {
            connections.remove(socket);
        }
    }

    private static Request request(DataInputStream in) throws IOException {
        int number = in.readInt();
        byte what = in.readByte();
        long offset = in.readLong();
        int length = in.readInt();
        return new Request(number, what, offset, length, what == WRITE ? in.readNBytes(length) : null);
    }

    private void answer(Request request, DataOutputStream out) throws IOException {
        byte[] data = new byte[0];
        boolean good = true;
        synchronized (this) {
            int at = (int) request.offset();
            switch (request.what()) {
                case READ -> data = Arrays.copyOfRange(blocks, at, at + request.length());
                case WRITE -> System.arraycopy(request.data(), 0, blocks, at, request.length());
                case SIZE -> blocks = Arrays.copyOf(blocks, at);
                case FLUSH -> {}
                default -> good = false;
            }
        }
        out.writeInt(request.number());
        out.writeBoolean(good);
        out.writeInt(data.length);
        out.write(data);
    }

    /** Drops all clients, as a network that breaks does; they may come again. */
    public void dropConnections() {
        for (Socket socket : connections) {
            close(socket);
        }
    }

    private static void close(Closeable open) {
        try {
            open.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        close(listener);
        dropConnections();
    }
}
