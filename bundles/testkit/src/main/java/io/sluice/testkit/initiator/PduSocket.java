package io.sluice.testkit.initiator;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.zip.CRC32C;

/** A socket that speaks in PDUs; every receive ends in time. */
final class PduSocket implements AutoCloseable {

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private boolean headerDigest;
    private boolean dataDigest;

    /** @param from local address, or null for any */
    PduSocket(InetSocketAddress from, InetSocketAddress address, Duration timeout, int receiveBufferBytes)
            throws IOException {
        if (from != null) {
            socket.bind(from);
        }
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.connect(address, (int) timeout.toMillis());
        socket.setSoTimeout((int) timeout.toMillis());
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    void digests(boolean header, boolean data) {
        headerDigest = header;
        dataDigest = data;
    }

    void send(RawPdu pdu) throws IOException {
        send(pdu, 0, 0);
    }

    /** Sends with digests that are off by these bits; 0 leaves them right. */
    void send(RawPdu pdu, int headerError, int dataError) throws IOException {
        byte[] header = pdu.headerBytes();
        byte[] data = pdu.paddedData();
        ByteBuffer bytes = ByteBuffer.allocate(header.length + data.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(header);
        if (headerDigest) {
            bytes.putInt(crc(header) ^ headerError);
        }
        bytes.put(data);
        if (dataDigest && data.length > 0) {
            bytes.putInt(crc(data) ^ dataError);
        }
        out.write(bytes.array(), 0, bytes.position());
    }

    void sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    RawPdu receive() throws IOException {
        byte[] header = new byte[RawPdu.HEADER_BYTES];
        in.readFully(header);
        if (headerDigest) {
            check(header);
        }
        int length = ByteBuffer.wrap(header).getInt(4) & 0x00FF_FFFF;
        byte[] padded = new byte[length + 3 & ~3];
        in.readFully(padded);
        if (dataDigest && length > 0) {
            check(padded);
        }
        for (int i = length; i < padded.length; i++) {
            if (padded[i] != 0) {
                throw new AssertionError("padding is not zero");
            }
        }
        return RawPdu.received(header, java.util.Arrays.copyOf(padded, length));
    }

    /** Returns whether the peer has closed the connection, after it has sent whatever it had to send. */
    boolean closedByPeer() throws IOException {
        try {
            byte[] ignored = new byte[8192];
            while (in.read(ignored) >= 0) {
                continue;
            }
            return true;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException | EOFException reset) {
            return true;
        }
    }

    /** Ends the connection with a reset instead of a FIN. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void check(byte[] bytes) throws IOException {
        if (Integer.reverseBytes(in.readInt()) != crc(bytes)) {
            throw new AssertionError("wrong digest received");
        }
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
