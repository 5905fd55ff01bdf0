package io.sluice.backstore.nbd;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of the loopback that does what a test says, one script for each connection, the last one for all further. */
final class ScriptedServer implements AutoCloseable {

    static final int READ = 0;
    static final int WRITE = 1;
    static final int FLUSH = 3;
    static final int HAS_FLAGS = 1;
    static final int SEND_FLUSH = 4;
    static final int SEND_FUA = 8;
    static final int SEND_ZEROES = 64;
    static final int CAN_MULTI_CONN = 256;
    static final int ALL = HAS_FLAGS | SEND_FLUSH | SEND_FUA | SEND_ZEROES;
    static final int CONTEXT = 7;

    /** What the server does with a connection. */
    @FunctionalInterface
    interface Script {
        void run(Peer client) throws IOException;
    }

    private static final int RECEIVED_BYTES = 64 << 10;

    private final ServerSocket listening;
    private final List<Script> scripts;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    ScriptedServer(Script... scripts) throws IOException {
        this.scripts = List.of(scripts);
        listening = new ServerSocket();
        // What nobody reads stays with the client: left to itself, the system takes 32 MiB.
        listening.setReceiveBufferSize(RECEIVED_BYTES);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        Thread thread = new Thread(this::accept, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                Script script = scripts.get(Math.min(connections.getAndIncrement(), scripts.size() - 1));
                Thread thread = new Thread(() -> serve(socket, script), "scripted-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            script.run(new Peer(socket));
        } catch (IOException gone) {
            return;
        } catch (RuntimeException | Error failed) {
            failures.add(failed);
        }
    }

    String uri() {
        return "nbd://127.0.0.1:" + listening.getLocalPort() + "/x";
    }

    int connections() {
        return connections.get();
    }

    /** Returns what scripts have found wrong. */
    List<Throwable> failures() {
        return failures;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** A request as it came. */
    record Request(int flags, int command, long cookie, long offset, int length, byte[] data) {}

    /** The client of a connection. */
    static final class Peer {

        final DataInputStream in;
        final DataOutputStream out;

        Peer(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        void greet(int flags) throws IOException {
            out.writeLong(0x4e42444d41474943L);
            out.writeLong(0x49484156454F5054L);
            out.writeShort(flags);
        }

        void optionReply(int option, int type, byte[] data) throws IOException {
            out.writeLong(0x0003e889045565a9L);
            out.writeInt(option);
            out.writeInt(type);
            out.writeInt(data.length);
            out.write(data);
        }

        /** Reads an option; returns its number. */
        int option() throws IOException {
            in.readLong();
            int option = in.readInt();
            in.readNBytes(in.readInt());
            return option;
        }

        static byte[] export(long size, int flags) {
            return ByteBuffer.allocate(12)
                    .putShort((short) 0)
                    .putLong(size)
                    .putShort((short) flags)
                    .array();
        }

        static byte[] blocks(int minimum, int preferred, int maximum) {
            return ByteBuffer.allocate(14)
                    .putShort((short) 3)
                    .putInt(minimum)
                    .putInt(preferred)
                    .putInt(maximum)
                    .array();
        }

        /** As a good server does it, until requests come. */
        void shakeHands(long size, int flags, boolean structured) throws IOException {
            shakeHands(size, flags, structured, 1 << 20);
        }

        /** As above, with requests of up to so many bytes. */
        void shakeHands(long size, int flags, boolean structured, int maximum) throws IOException {
            greet(3);
            in.readInt();
            option();
            optionReply(8, structured ? 1 : 0x80000001, new byte[0]);
            if (structured) {
                option();
                byte[] name = "base:allocation".getBytes(StandardCharsets.US_ASCII);
                optionReply(
                        10,
                        4,
                        ByteBuffer.allocate(4 + name.length)
                                .putInt(CONTEXT)
                                .put(name)
                                .array());
                optionReply(10, 1, new byte[0]);
            }
            option();
            optionReply(7, 3, export(size, flags));
            optionReply(7, 3, blocks(1, 4096, maximum));
            optionReply(7, 1, new byte[0]);
        }

        Request request() throws IOException {
            Request head = head();
            byte[] data = in.readNBytes(head.command == WRITE ? head.length : 0);
            return new Request(head.flags, head.command, head.cookie, head.offset, head.length, data);
        }

        /** Reads a request and leaves its data. */
        Request head() throws IOException {
            in.readInt();
            int flags = in.readUnsignedShort();
            int command = in.readUnsignedShort();
            return new Request(flags, command, in.readLong(), in.readLong(), in.readInt(), new byte[0]);
        }

        void simple(long cookie, int error, byte... data) throws IOException {
            out.writeInt(0x67446698);
            out.writeInt(error);
            out.writeLong(cookie);
            out.write(data);
        }

        void chunk(long cookie, int flags, int type, byte... data) throws IOException {
            chunkHead(cookie, flags, type, data.length);
            out.write(data);
        }

        void chunkHead(long cookie, int flags, int type, int length) throws IOException {
            out.writeInt(0x668e33ef);
            out.writeShort(flags);
            out.writeShort(type);
            out.writeLong(cookie);
            out.writeInt(length);
        }

        /** Data of one value that begins with its offset. */
        static byte[] data(long offset, int length, int value) {
            byte[] data = new byte[8 + length];
            Arrays.fill(data, (byte) value);
            ByteBuffer.wrap(data).putLong(offset);
            return data;
        }

        /** Waits until the client goes. */
        void stay() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
