package io.sluice.iscsi.trace;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** The headers of a TCP segment in an IP packet (RFC 791, RFC 8200, RFC 9293), with checksums that are right where all data is there. */
final class Packet {

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int IPV4_ADDRESS = 4;
    private static final int TCP_HEADER = 20;
    private static final int TCP = 6;
    private static final int TTL = 64;
    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final int ACK_AND_PUSH = 0x18;
    private static final int WINDOW = 0xFFFF;

    private final InetSocketAddress from;
    private final InetSocketAddress to;
    private int sequence;
    private int acknowledged;
    private int identification;

    /** @param received whether it goes from the initiator to the portal */
    Packet(TracedPdu.Ends ends, boolean received) {
        from = received ? ends.initiator() : ends.portal();
        to = received ? ends.portal() : ends.initiator();
    }

    Packet numbers(int itsSequence, int itsAcknowledged, int itsIdentification) {
        sequence = itsSequence;
        acknowledged = itsAcknowledged;
        identification = itsIdentification;
        return this;
    }

    /** @param whole length of the payload, of which perhaps less is there */
    byte[] headers(byte[] bytes, int offset, int there, int whole) {
        byte[] source = from.getAddress().getAddress();
        byte[] destination = to.getAddress().getAddress();
        boolean ipv4 = source.length == IPV4_ADDRESS && destination.length == IPV4_ADDRESS;
        ByteBuffer headers = ByteBuffer.allocate((ipv4 ? IPV4_HEADER : IPV6_HEADER) + TCP_HEADER);
        if (ipv4) {
            ipv4(headers, source, destination, whole);
        } else {
            ipv6(headers, wide(from.getAddress()), wide(to.getAddress()), whole);
        }
        int tcp = headers.position();
        headers.putShort((short) from.getPort()).putShort((short) to.getPort());
        headers.putInt(sequence).putInt(acknowledged);
        headers.put((byte) (TCP_HEADER / 4 << 4)).put((byte) ACK_AND_PUSH).putShort((short) WINDOW);
        if (there == whole) {
            int addresses = ipv4 ? 2 * IPV4_ADDRESS : IPV6_HEADER - 8;
            long sum = TCP + TCP_HEADER + whole;
            sum += sum(headers.array(), tcp - addresses, addresses);
            sum += sum(headers.array(), tcp, TCP_HEADER);
            sum += sum(bytes, offset, there);
            headers.putShort(fold(sum));
        }
        return headers.array();
    }

    private void ipv4(ByteBuffer headers, byte[] source, byte[] destination, int whole) {
        headers.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_HEADER + TCP_HEADER + whole));
        headers.putShort((short) identification).putShort((short) DO_NOT_FRAGMENT);
        headers.put((byte) TTL).put((byte) TCP).putShort((short) 0);
        headers.put(source).put(destination);
        headers.putShort(10, fold(sum(headers.array(), 0, IPV4_HEADER)));
    }

    private static void ipv6(ByteBuffer headers, byte[] source, byte[] destination, int whole) {
        headers.putInt(0x6000_0000).putShort((short) (TCP_HEADER + whole));
        headers.put((byte) TCP).put((byte) TTL).put(source).put(destination);
    }

    /** An IPv4 address at one end of a connection whose other end has one of IPv6 is written as such (RFC 4291 2.5.5.2). */
    private static byte[] wide(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != IPV4_ADDRESS) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        System.arraycopy(bytes, 0, mapped, 12, IPV4_ADDRESS);
        return mapped;
    }

    /** Adds 16-bit words; an odd byte at the end counts as the upper half of one (RFC 1071). */
    private static long sum(byte[] bytes, int offset, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[offset + i] & 0xFF) << ((i & 1) == 0 ? 8 : 0);
        }
        return sum;
    }

    private static short fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (short) ~folded;
    }
}
